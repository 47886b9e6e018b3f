#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: x86_64 armv6
#
# linux.resources: what the files of the cgroup hold when a container is
# created, what is refused, and what happens without a controller. What the
# limits do is for the other limits-*.t.
# shellcheck disable=SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
ARGS='"/bin/sleep","1000"'
C=/rt-values-$$

resources() {
	LINUX=",\"cgroupsPath\":\"$C/c\",\"resources\":{$1}"
	config
}

# Creates a container with the resources $1.
create() {
	resources "$1"
	rt create --bundle "$B" c </dev/null
}

remove() {
	rt delete --force c
}

value() {
	cat "$CGROUPS$C/c/$1" 2>&1
}

# With resources $3, file $2 holds $4; $1 is its controller.
holds() {
	case " $controllers " in
	*" $1 "*) ;;
	*)
		skip "$2 = $4" "no controller $1 on cgroup2"
		return
		;;
	esac
	if [ ! -e "$probe/$2" ]; then
		# Newer than this kernel: it has to be said.
		fails "$2 is missing, and asked for" create "$3"
		like "  the file and a remedy are named" "$(cat "$OUTPUT")" \
			"the kernel has no $2; .*needs? "
		return
	fi
	if ! create "$3" >"$OUTPUT" 2>&1; then
		fail "$2 = $4"
		diag "$(cat "$OUTPUT")"
		return
	fi
	is "$2 = $4" "$(value "$2")" "$4"
	remove
}

# Resources $2 are refused with a line like $3.
refused() {
	fails "$1" create "$2"
	like "  it says so" "$(cat "$OUTPUT")" "$3"
	remove
}

controllers=$(cat "$CGROUPS/cgroup.controllers")
mkdir "$CGROUPS$C"
probe=$CGROUPS$C/probe
for word in $controllers; do
	echo "+$word" >"$CGROUPS/cgroup.subtree_control"
	echo "+$word" >"$CGROUPS$C/cgroup.subtree_control"
done 2>/dev/null
mkdir "$probe"
diag "controllers: $controllers"

## Values

holds pids pids.max '"pids":{"limit":12}' 12
holds pids pids.max '"pids":{"limit":-1}' max
holds pids pids.max '"pids":{"limit":0}' 1
holds memory memory.max '"memory":{"limit":67108864}' 67108864
holds memory memory.max '"memory":{"limit":-1}' max
holds memory memory.swap.max \
	'"memory":{"limit":67108864,"swap":100663296}' 33554432
holds memory memory.swap.max '"memory":{"limit":67108864,"swap":67108864}' 0
holds memory memory.swap.max '"memory":{"limit":67108864,"swap":-1}' max
holds memory memory.swap.max '"memory":{"limit":-1,"swap":8192}' 8192
holds memory memory.low '"memory":{"reservation":33554432}' 33554432
holds memory memory.low '"memory":{"reservation":-1}' max
holds cpu cpu.weight '"cpu":{"shares":512}' 59
holds cpu cpu.weight '"cpu":{"shares":1024}' 100
holds cpu cpu.weight '"cpu":{"shares":262144}' 10000
holds cpu cpu.max '"cpu":{"quota":20000}' "20000 100000"
holds cpu cpu.max '"cpu":{"quota":20000,"period":50000}' "20000 50000"
holds cpu cpu.max '"cpu":{"period":50000}' "max 50000"
holds cpu cpu.max '"cpu":{"quota":-1}' "max 100000"
holds cpu cpu.max.burst '"cpu":{"burst":1000}' 1000
holds cpu cpu.max.burst '"cpu":{"quota":30000,"burst":20000}' 20000
holds cpu cpu.idle '"cpu":{"idle":1}' 1
holds cpu cpu.idle '"cpu":{"idle":1,"shares":2048}' 1
holds cpu cpu.idle '"cpu":{"idle":0}' 0
holds cpuset cpuset.cpus '"cpu":{"cpus":"0"}' 0
holds cpuset cpuset.mems '"cpu":{"mems":"0"}' 0
if [ -e "$probe/io.bfq.weight" ]; then
	holds io io.bfq.weight '"blockIO":{"weight":250}' \
		"$(sed 's/100$/250/' "$probe/io.bfq.weight")"
else
	holds io io.weight '"blockIO":{"weight":250}' "default 2425"
fi
for file in "$probe"/hugetlb.*.rsvd.max; do
	file=${file##*/}
	size=${file#hugetlb.}
	size=${size%.rsvd.max}
	[ "$size" != '*' ] || break
	bytes=$((64 * 1024 * 1024 * 1024))
	limit="\"hugepageLimits\":[{\"pageSize\":\"$size\",\"limit\":$bytes}]"
	holds hugetlb "hugetlb.$size.max" "$limit" $bytes
	holds hugetlb "hugetlb.$size.rsvd.max" "$limit" $bytes
done

# The kernel takes the weight of a disk only if its scheduler has weights.
weigh() {
	file=io.bfq.weight weight=250
	if [ ! -e "$probe/$file" ]; then
		file=io.weight weight=2425
	fi
	limit="\"blockIO\":{\"weightDevice\":[{\"major\":${1%:*},\"minor\":${1#*:},
		\"weight\":250,\"leafWeight\":100}]}"
	if echo "$1 $weight" 2>/dev/null >"$probe/$file"; then
		ok "the weight of a disk" create "$limit"
		like "  $file" "$(value $file)" "^$1 $weight\$"
		remove
	else
		refused "the weight of a disk without a scheduler for it" \
			"$limit" \
			"linux\.resources\.blockIO\.weightDevice: (write \"$1 $weight\" to $file of cgroup |the kernel has no $file; .*CONFIG_BFQ_GROUP_IOSCHED=y)"
	fi
}

holds memory memory.high '"unified":{"memory.high":"50331648"}' 50331648
holds memory memory.max '"memory":{"limit":67108864},
	"unified":{"memory.max":"33554432"}' 33554432
holds pids cgroup.max.descendants \
	'"unified":{"cgroup.max.descendants":"7"}' 7

## The rates of a disk

disk=
for dev in vda loop0; do
	[ -r "/sys/block/$dev/dev" ] && disk=$(cat "/sys/block/$dev/dev") && break
done
if [ "$disk" ]; then
	limit="\"blockIO\":{
		\"throttleReadBpsDevice\":[{${disk_json:=\"major\":${disk%:*},\"minor\":${disk#*:}},\"rate\":1048576}],
		\"throttleWriteBpsDevice\":[{$disk_json,\"rate\":0}],
		\"throttleReadIOPSDevice\":[{$disk_json,\"rate\":100}],
		\"throttleWriteIOPSDevice\":[{$disk_json,\"rate\":200}]}"
	holds io io.max "$limit" \
		"$disk rbps=1048576 wbps=max riops=100 wiops=200"
	case " $controllers " in
	*" io "*) weigh "$disk" ;;
	*) skip "the weight of a disk" "no controller io on cgroup2" ;;
	esac
else
	skip "io.max, the weight of a disk" "no disk here"
fi

## Refusals

refused "swap below memory" '"memory":{"limit":2000000,"swap":1000000}' \
	'config\.json:.*: linux\.resources\.memory\.swap: memory\+swap limit should be >= memory limit'
refused "swap without memory" '"memory":{"swap":1000000}' \
	'unable to set swap limit without memory limit'
refused "a weight out of range" '"blockIO":{"weight":1001}' \
	'linux\.resources\.blockIO\.weight: must be between 10 and 1000'
refused "a path in unified" '"unified":{"../x":"1"}' \
	'linux\.resources\.unified: '
refused "the freezer in unified" '"unified":{"cgroup.freeze":"1"}' \
	'unified resource "cgroup\.freeze" is the runtime'
refused "a controller that there is not" '"unified":{"nothing.max":"1"}' \
	'unified resource "nothing\.max" can.t be set: controller "nothing" not available'
refused "an RDMA device without a limit" '"rdma":{"x":{}}' \
	'linux\.resources\.rdma: neither hcaHandles nor hcaObjects of "x"'
case " $controllers " in
*" rdma "*)
	refused "an RDMA device that there is not" \
		'"rdma":{"nothing0":{"hcaHandles":3,"hcaObjects":4}}' \
		'linux\.resources\.rdma: write "nothing0 hca_handle=3 hca_object=4" to rdma\.max of cgroup .*: No such device'
	;;
*)
	refused "RDMA without its controller" '"rdma":{"x":{"hcaHandles":3}}' \
		'linux\.resources\.rdma: the (kernel has no rdma controller, .*; .*CONFIG_CGROUP_RDMA=y|rdma controller belongs to a cgroup v1)'
	;;
esac
case " $controllers " in
*" hugetlb "*)
	refused "pages of a size that there is not" \
		'"hugepageLimits":[{"pageSize":"3MB","limit":3145728}]' \
		'linux\.resources\.hugepageLimits: the kernel has no hugetlb\.3MB\.max; .*huge pages of this size'
	;;
*)
	refused "huge pages without their controller" \
		'"hugepageLimits":[{"pageSize":"2MB","limit":2097152}]' \
		'linux\.resources\.hugepageLimits: the (kernel has no hugetlb controller, .*; .*CONFIG_CGROUP_HUGETLB=y|hugetlb controller belongs to a cgroup v1)'
	;;
esac
case " $controllers " in
*" cpuset "*)
	refused "a CPU that there is not" '"cpu":{"cpus":"4000"}' \
		'linux\.resources\.cpu\.cpus: "4000" is beyond what there is for cpuset\.cpus of cgroup '
	;;
*)
	skip "a CPU that there is not" "no controller cpuset on cgroup2"
	;;
esac
case " $controllers " in
*" memory "*)
	refused "no such file" '"unified":{"memory.nothing":"1"}' \
		'unable to set unified resource "memory\.nothing" of cgroup .*: No such file'
	;;
*)
	# Some machines have the controller on a v1 hierarchy, others boot
	# without it; new kernels do not even list it then.
	why='belongs to a cgroup v1 hierarchy; unmount'
	if grep -q cgroup_disable=memory /proc/cmdline; then
		why='was disabled when the kernel booted; .*cgroup_enable=memory'
		grep -q ^memory /proc/cgroups ||
			why='.*CONFIG_MEMCG=y.*cgroup_enable=memory'
	fi
	refused "a limit without its controller" '"memory":{"limit":8192}' \
		"linux\.resources\.memory\.limit: the (kernel has no )?memory controller.*$why"
	ok "but no limit needs none" create '"memory":{"limit":-1}'
	remove
	;;
esac

# The rest of v1: runc takes it, and so do we, but not in silence.
V1='"memory":{"kernel":1,"kernelTCP":1,"swappiness":1,"disableOOMKiller":true,
	"useHierarchy":true},"cpu":{"realtimeRuntime":1,"realtimePeriod":1000},
	"blockIO":{"leafWeight":100},
	"network":{"classID":1,"priorities":[{"name":"eth0","priority":1}]}'
resources "$V1"
ok "what cgroup v1 had" rt --log-level warning create --bundle "$B" c </dev/null
is "  is left out, with a warning" "$(sed 's/.*msg=//' "$OUTPUT")" \
	'"ignored, cgroup v2 has no such: memory.kernel memory.kernelTCP memory.swappiness memory.disableOOMKiller cpu.realtimeRuntime cpu.realtimePeriod blockIO.leafWeight network.classID network.priorities "'
remove
create "$V1" >"$TMP/said" 2>&1
is "  that is not seen unasked" "$(cat "$TMP/said")" ""
remove

## Where the limits are: controllers on the way down

deep() {
	LINUX=",\"cgroupsPath\":\"$C/x/y/z\",\"resources\":{\"pids\":{\"limit\":9}}"
	config
	rt create --bundle "$B" c </dev/null
}
case " $controllers " in
*" pids "*)
	ok "a cgroup four levels down" deep
	is "has its limit" "$(cat "$CGROUPS$C/x/y/z/pids.max")" 9
	remove
	ok "and goes with its parents" [ ! -e "$CGROUPS$C/x" ]

	# A cgroup with processes can give those below it the controllers of
	# threads only.
	mkdir "$CGROUPS$C/x"
	sleep 1000 &
	sleeper=$!
	echo $sleeper >"$CGROUPS$C/x/cgroup.procs"
	LINUX=",\"cgroupsPath\":\"$C/x/y\",\"resources\":{}"
	config
	ok "below a cgroup with processes" rt create --bundle "$B" c </dev/null
	is "  which is left alone" \
		"$(cat "$CGROUPS$C/x/cgroup.subtree_control" \
			"$CGROUPS$C/x/cgroup.type")" domain
	remove
	case " $controllers " in
	*" memory "*)
		LINUX=",\"cgroupsPath\":\"$C/x/y\",\"resources\":{
			\"memory\":{\"limit\":100000000}}"
		config
		fails "memory can't be limited there" \
			rt create --bundle "$B" c </dev/null
		like "  it says where, and what to do" "$(cat "$OUTPUT")" \
			"enable the memory controller in cgroup $C/x: .*; move the processes"
		ok "and leaves nothing" [ ! -e "$CGROUPS$C/x/y" ]
		;;
	esac
	ok "pids can" deep
	is "its limit" "$(cat "$CGROUPS$C/x/y/z/pids.max")" 9
	is "for which it is threaded" \
		"$(cat "$CGROUPS$C/x/y/z/cgroup.type")" threaded
	ok "it starts" rt start c
	ok "and is killed" rt kill --all c KILL
	ok "and deleted" rt delete --force c
	ok "  all of it" [ ! -e "$CGROUPS$C/x/y" ]

	# One that is threaded has no controllers but those of threads.
	kill $sleeper
	wait $sleeper 2>/dev/null
	rmdir "$CGROUPS$C/x"
	mkdir -p "$CGROUPS$C/x/t"
	echo threaded >"$CGROUPS$C/x/t/cgroup.type"
	LINUX=",\"cgroupsPath\":\"$C/x/y\",\"resources\":{\"pids\":{\"limit\":9}}"
	config
	ok "below a threaded domain" rt create --bundle "$B" c </dev/null
	is "it is threaded" "$(cat "$CGROUPS$C/x/y/cgroup.type")" threaded
	is "and limits threads" "$(cat "$CGROUPS$C/x/y/pids.max")" 9
	remove
	case " $controllers " in
	*" memory "*)
		LINUX=",\"cgroupsPath\":\"$C/x/y\",\"resources\":{
			\"memory\":{\"limit\":100000000}}"
		config
		fails "but not memory" rt create --bundle "$B" c </dev/null
		like "  it says why" "$(cat "$OUTPUT")" "cgroup $C/x is threaded"
		;;
	esac
	rmdir "$CGROUPS$C/x/t" "$CGROUPS$C/x"
	;;
*)
	skip "controllers on the way down" "no controller pids on cgroup2"
	;;
esac

## A cgroup that was there before

mkdir "$CGROUPS$C/c"
echo 1 >"$CGROUPS$C/c/cgroup.freeze"
ok "a cgroup that was left frozen is thawed" create ''
is "  indeed" "$(value cgroup.freeze)" 0
remove

## Without cgroups

ARGS='"/bin/true"'
disabled() {
	resources "$1"
	rt --cgroup-manager disabled run --bundle "$B" d </dev/null
}
ok "disabled cgroups take device rules" \
	disabled '"devices":[{"allow":false,"access":"rwm"}]'
fails "but no limits" disabled '"pids":{"limit":5}'
like "  it says why" "$(cat "$OUTPUT")" \
	'linux\.resources: limits need a cgroup, and cgroups are disabled'

rmdir "$probe" "$CGROUPS$C"
finish
