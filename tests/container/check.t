#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: riscv64
# shellcheck disable=SC2034
# timeout: 600
#
# What check says of this machine, line by line, and what then works and fails:
# as it is, with limits that belong to cgroup v1, without user namespaces, and
# as an ordinary user.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"

bundle b
OWN=',"cgroupsPath":"/rt-check-'$$'"'
compared=

# Sets the lines to judge by.
look() {
	look_status=0
	rt check "$@" >"$TMP/lines" 2>&1 || look_status=$?
}

# verdict NAME: ok, warn or FAIL; nothing if there is no such line.
verdict() {
	awk -v name="$1" '/^(ok|warn|FAIL) / {
		status = $1
		sub(/^[^ ]* */, "")
		found = substr($0, 1, 23)
		sub(/ *$/, "", found)
		if (found == name)
			print status
	}' "$TMP/lines"
}

# The paragraph of a name in one line.
paragraph() {
	awk -v name="$1" '
		/^[a-zA-Z]/ { here = index(substr($0, 7), name " ") == 1 }
		here { gsub(/^ +/, ""); printf "%s ", $0 }' "$TMP/lines" |
		tr -s ' '
}

# compare NAME: what was said of NAME is what a container of ./config.json
# finds.
compare() {
	compared="$compared$1
"
	said=$(verdict "$1")
	[ "$said" ] || {
		fail "$1: there is a line"
		return
	}
	if rt run --bundle "$B" "t$$" >"$TMP/ran" 2>&1 </dev/null; then
		works=ok
	else
		works=no
	fi
	case $said:$works in
	ok:ok | warn:no | FAIL:no)
		pass "$1: $said, and so it is"
		;;
	*)
		fail "$1: $said, but it is not so"
		diag "$(paragraph "$1")"
		diag "$(cat "$TMP/ran")"
		;;
	esac
}

with_namespace() {
	NAMESPACES='{"type":"mount"}'
	[ "$1" = mount ] || NAMESPACES="$NAMESPACES,{\"type\":\"$1\"}"
	# sysfs is for who has a network of his own.
	# Without a /dev of its own it would make devices in the shared root.
	DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"},
	 {"destination":"/dev","type":"tmpfs","source":"tmpfs"}'
	LINUX=$OWN
	if [ "$1" = user ]; then
		NAMESPACES="$NAMESPACES,{\"type\":\"pid\"}"
		LINUX=$LINUX',"uidMappings":[{"containerID":0,"hostID":0,
		 "size":1}],"gidMappings":[{"containerID":0,"hostID":0,
		 "size":1}]'
	fi
	config
	sed 's/"hostname":"testhost",//' "$B/config.json" >"$TMP/new"
	mv "$TMP/new" "$B/config.json"
	compare "namespace $1"
	config_defaults
}

# with_limit NAME JSON: the resources JSON
with_limit() {
	LINUX="$OWN,\"resources\":{$2}"
	config
	compare "cgroup $1"
	config_defaults
}

with_mount() {
	MOUNTS=",{\"destination\":\"/mnt\",\"type\":\"$1\",\"source\":\"$1\",
		\"options\":[\"nosuid\"]}"
	LINUX=$OWN
	config
	compare "mount $1"
	config_defaults
}

all_limits() {
	with_limit memory '"memory":{"limit":20000000}'
	with_limit memory.swap.max '"memory":{"limit":20000000,"swap":30000000}'
	with_limit cpu '"cpu":{"shares":512}'
	with_limit cpu.max '"cpu":{"quota":50000,"period":100000}'
	with_limit cpu.max.burst \
		'"cpu":{"quota":50000,"period":100000,"burst":1000}'
	with_limit cpu.idle '"cpu":{"idle":1}'
	with_limit cpuset '"cpu":{"cpus":"0"}'
	with_limit pids '"pids":{"limit":20}'
	with_limit io.weight '"blockIO":{"weight":100}'
}

## As it is

before=$(cat /proc/self/mountinfo; find "${CGROUPS:-/none}" -type d \
	-name 'runt-*' 2>/dev/null; cat "${CGROUPS:-/none}"/cgroup.sub* 2>/dev/null)
look
after=$(cat /proc/self/mountinfo; find "${CGROUPS:-/none}" -type d \
	-name 'runt-*' 2>/dev/null; cat "${CGROUPS:-/none}"/cgroup.sub* 2>/dev/null)
is "check leaves mounts and cgroups as they were" "$after" "$before"

# Prints how many cgroups a check of this pid has left.
left_by() {
	find "${CGROUPS:-/none}" -type d -name "runt-check-$1" 2>/dev/null |
		wc -l | tr -d ' '
}
# shellcheck disable=SC2016
sh -c 'echo $$ >"$TMP/pid"; exec "$RUNT" check' 2>/dev/null |
	head -n 1 >/dev/null
is "  when nobody reads on, too" "$(left_by "$(cat "$TMP/pid")")" 0
mkfifo "$TMP/full"
exec 9<>"$TMP/full"
for sig in ALRM USR1; do
	# It stops where it prints, until there is room.
	head -c 65536 /dev/zero >&9
	"$RUNT" check >&9 2>/dev/null &
	pid=$!
	sleep 1
	kill -$sig $pid
	head -c 65536 <&9 >/dev/null
	cat <&9 >/dev/null &
	reader=$!
	wait $pid 2>/dev/null
	kill $reader
	wait $reader 2>/dev/null
	is "  and on SIG$sig" "$(left_by $pid)" 0
done
exec 9>&-

for kind in mount pid network ipc uts cgroup time user; do
	with_namespace $kind
done
for type in proc sysfs tmpfs devpts mqueue; do
	with_mount $type
done
mkdir -p "$TMP/low" "$TMP/up" "$TMP/work"
# Without it there is nothing to be had at all; with it there are the layers.
if [ "$(stat -f -c %T "$TMP")" = overlayfs ]; then
	skip "mount overlay" "an overlay on an overlay is another matter"
	compared="${compared}mount overlay
"
else
	MOUNTS=",{\"destination\":\"/mnt\",\"type\":\"overlay\",
		\"source\":\"overlay\",\"options\":[\"lowerdir=$TMP/low\",
		\"upperdir=$TMP/up\",\"workdir=$TMP/work\"]}"
	LINUX=$OWN
	config
	compare "mount overlay"
	config_defaults
fi

all_limits
disk=$(awk 'NR > 2 && $4 !~ /[0-9]$/ && $4 !~ /^ram/ { print $1, $2; exit }' \
	/proc/partitions)
if [ "$disk" ]; then
	with_limit io '"blockIO":{"throttleWriteBpsDevice":[
		{"major":'"${disk% *}"',"minor":'"${disk#* }"',"rate":1000000}]}'
	with_limit io.max '"blockIO":{"throttleReadBpsDevice":[
		{"major":'"${disk% *}"',"minor":'"${disk#* }"',"rate":1000000}]}'
else
	skip "cgroup io.max" "there is no disk"
	compared="${compared}cgroup io
cgroup io.max
"
fi
size=2048
for dir in /sys/kernel/mm/hugepages/hugepages-*kB; do
	[ ! -d "$dir" ] || size=${dir##*-}
done
size=${size%kB}
if [ $((size % 1048576)) = 0 ]; then
	size=$((size / 1048576))GB
elif [ $((size % 1024)) = 0 ]; then
	size=$((size / 1024))MB
else
	size=${size}KB
fi
with_limit hugetlb '"hugepageLimits":[{"pageSize":"'"$size"'","limit":0}]'
if [ "$(verdict "cgroup rdma")" = ok ] &&
	[ -z "$(ls /sys/class/infiniband 2>/dev/null)" ]; then
	skip "cgroup rdma" "there is nothing to limit"
	compared="${compared}cgroup rdma
"
else
	with_limit rdma '"rdma":{"mlx5_0":{"hcaHandles":3}}'
fi

mkdir -p "$B/near"
MOUNTS=',{"destination":"/mnt","source":"near","options":["bind"]}'
config
is "a relative source of a relative bundle is found" \
	"$(cd "$B/.." && "$RUNT" check --bundle "${B##*/}" | grep near)" ""
MAP='[{"containerID":0,"hostID":100000,"size":65536}]'
MOUNTS=",{\"destination\":\"/mnt\",\"source\":\"/usr\",\"options\":[\"bind\"],
	\"uidMappings\":$MAP,\"gidMappings\":$MAP}"
LINUX=$OWN
config
if [ "$(stat -c %d /)" = "$(stat -c %d /usr)" ]; then
	compare "id-mapped mounts"
else
	skip "id-mapped mounts" "/usr is in another file system than /"
fi
look --bundle "$B"
compare "id-mapped mounts"
config_defaults
look

LINUX=$OWN',"maskedPaths":["/proc/version"]'
config
compare masks
config_defaults
LINUX=$OWN
config
for name in clone3 openat2 fsopen close_range signalfd "unix sockets" \
	"file locks" /proc privileges root "user ids" cgroup2 "device rules"
do
	compare "$name"
done
PROCESS=',"noNewPrivileges":true'
LINUX=$OWN',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
	{"names":["reboot"],"action":"SCMP_ACT_ERRNO"}]}'
config
compare seccomp
PROCESS=',"ioPriority":{"class":"IOPRIO_CLASS_IDLE","priority":0}'
LINUX=$OWN
config
compare "io priority"
for lsm in apparmor:apparmorProfile:unconfined selinux:selinuxLabel:u:r:t; do
	name=${lsm%%:*} lsm=${lsm#*:}
	PROCESS=",\"${lsm%%:*}\":\"${lsm#*:}\""
	config
	if [ "$(verdict "$name")" = ok ]; then
		skip "$name" "it is for its own tests to say what works"
		compared="$compared$name
"
	else
		compare "$name"
	fi
done
config_defaults

echo "$compared" >"$TMP/compared"
is "no line was left out" "$(awk '
NR == FNR { compared[$0]; next }
/^(ok|warn|FAIL) / {
	sub(/^[^ ]* */, "")
	name = substr($0, 1, 23)
	sub(/ *$/, "", name)
	if (!(name in compared))
		print name
}' "$TMP/compared" "$TMP/lines")" ""

mkdir "$TMP/spec"
ln -s "$ROOT" "$TMP/spec/rootfs"
rt spec --bundle "$TMP/spec"
sed 's/"sh"/"true"/' "$TMP/spec/config.json" >"$TMP/new"
mv "$TMP/new" "$TMP/spec/config.json"
status=0
rt run --bundle "$TMP/spec" "s$$" >"$TMP/ran" 2>&1 </dev/null || status=1
is "the exit status is that of a container as spec writes it" \
	"$look_status" "$status"
[ "$look_status" = "$status" ] || diag "$(grep FAIL "$TMP/lines"; cat "$TMP/ran")"

## What its configuration says, and what the kernel does

# tests/board/lacks.t brings it along.
if [ -f /kernel-config ]; then
	cp "$TMP/lines" "$TMP/live"
	sed -n 's/^\(ok\|warn\|FAIL\) *\(.*\)/\1 \2/p' "$TMP/live" |
		cut -c 1-27 | sed 's/ *$//' | sort >"$TMP/said"
	look --kernel-config /kernel-config
	like "the configuration is of this kernel" "$(paragraph clone3)" \
		"Linux/[a-z0-9_]* $(uname -r | sed 's/[^0-9.].*//; s/\.[0-9]*$//')"
	none=
	while read -r said name; do
		config=$(verdict "$name")
		case $said:$config in
		*: | ok:ok | warn:* | FAIL:*) ;;
		*) none="$none $name" ;;
		esac
	done <"$TMP/said"
	is "what works is in the configuration" "$none" ""
	cp "$TMP/live" "$TMP/lines"
else
	skip "what works is in the configuration" "it is not here"
fi

## The errors have the same words

LINUX=$OWN',"resources":{"memory":{"limit":20000000}}'
config
if [ "$(verdict "cgroup memory")" = ok ]; then
	skip "error and check have the same remedy" "nothing is wrong with memory"
else
	rt run --bundle "$B" "t$$" >"$TMP/ran" 2>&1 </dev/null
	like "error and check have the same remedy" \
		"$(paragraph "cgroup memory")" \
		"$(sed 's/^[^;]*; //; s/[.*+]/\\&/g' "$TMP/ran")"
fi
config_defaults
case " $(cat /proc/cmdline) " in
*" cgroup_disable=memory "*)
	like "memory that was disabled at boot" "$(paragraph "cgroup memory")" \
		'warn.*(disabled when the kernel booted|booted without it).*cgroup_enable=memory'
	;;
*)
	skip "memory that was disabled at boot" "it was not"
	;;
esac

## A bundle

LINUX=$OWN',"resources":{"pids":{"limit":20}},"sysctl":{"net.ipv4.ip_forward":
	"1","net.ipv4.no_such_thing":"1"}'
PROCESS=',"oomScoreAdj":100,"rlimits":[{"type":"RLIMIT_NOFILE","soft":64,
	"hard":64}]'
config
look --bundle "$B"
is "a bundle: a limit has the file it is written to" \
	"$(verdict "cgroup pids.max" | sed 's/warn\|FAIL/no/')" \
	"$(if grep -q pids "${CGROUPS:-/none}/cgroup.controllers" 2>/dev/null
	then echo ok; else echo no; fi)"
for name in "resource limits" "oom score" "net.ipv4.ip_forward"; do
	is "  $name" "$(verdict "$name")" ok
done
is "  a sysctl that is not there" "$(verdict net.ipv4.no_such_thing)" FAIL
is "  exit status" "$look_status" 1
unlike "  nothing else" "$(cat "$TMP/lines")" ' namespace time|overlay|selinux'
PROCESS=',"rlimits":[{"type":"RLIMIT_NOFILE","soft":64,"hard":4000000000}]'
config
look --bundle "$B"
is "  what can't be had" "$(verdict "resource limits")" FAIL
compare "resource limits"
config_defaults
ROOT_PATH='"nowhere"'
config
look --bundle "$B"
like "  a root that is not there" "$(paragraph config.json)" \
	'^FAIL config.json root.path .*/nowhere: No such file'
config_defaults
config
ok "  what can be had" rt check --bundle "$B"

# The files that it names, and the keys that nobody knows.
MOUNTS=',{"destination":"/mnt","source":"b","options":["bind"]},
{"destination":"/srv","source":"no-such","options":["bind"]},
{"destination":"/opt","source":"/no-such","options":["rbind"]}'
TOP=',"hooks":{"prestart":[{"path":"/bin/sh"},{"path":"/no-such-hook"}],
"startContainer":[{"path":"/only/in/the/image"}]},"anotations":{},"vm":{}'
PROCESS=',"noNewPrivilages":true'
ARGS='"/bin/no-such"'
config
mkdir -p "$B/b"
look --bundle "$B"
is "  exit status" "$look_status" 1
got=$(for name in "unknown key" source hook program; do
	paragraph "$name"
	echo
done | sed 's/config.json:[0-9]*:[0-9]*: //g; s/ $//')
is "  files that it names, and keys that nobody knows" "$got" \
	"warn unknown key process.noNewPrivilages: unknown, and so without effect \
warn unknown key anotations: unknown, and so without effect
FAIL source $B/no-such: No such file or directory (mounts[6]) \
FAIL source /no-such: No such file or directory (mounts[7])
FAIL hook /no-such-hook: No such file or directory (hooks.prestart[1])
warn program /bin/no-such is not in the root (process.args[0])"
MOUNTS=',{"destination":"/mnt","source":"b","options":["bind"]},
{"destination":"/mnt","source":"no-such","options":["bind","remount","ro"]}'
TOP='' PROCESS=''
ROOT_PATH="\"linked\""
mkdir -p "$B/linked/mnt" "$B/linked/dev" "$B/linked/proc" "$B/linked/sys"
ln -s mnt "$B/linked/bin"
config
look --bundle "$B"
is "  a link of the root's may lead into a mount" \
	"$(verdict program)$(verdict source)" ""
config_defaults
ARGS='"/bin/true"'
config

## Controllers of cgroup v1, on a board that is nobody else's

# The controllers that the root gives.
gives() {
	cat "$CGROUPS/cgroup.subtree_control"
}
mkdir "$TMP/v1"
take_pids() {
	echo -pids >"$CGROUPS/cgroup.subtree_control"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		mount -t cgroup -o pids none "$TMP/v1" 2>/dev/null && return
		sleep 0.5
	done
	echo +pids >"$CGROUPS/cgroup.subtree_control"
	return 1
}
if [ ! -f /etc/board ]; then
	skip "a controller of v1" "not on this machine"
elif ! take_pids; then
	skip "a controller of v1" "this kernel does not part from it"
else
	look
	like "a controller of v1" "$(paragraph "cgroup pids")" \
		'warn.*belongs to a cgroup v1 hierarchy.*cgroup_no_v1=all'
	with_limit pids '"pids":{"limit":20}'
	umount "$TMP/v1"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		echo +pids >"$CGROUPS/cgroup.subtree_control" && break
		sleep 0.5
	done 2>/dev/null
	like "  it comes back" " $(gives) " ' pids '
	look
	with_limit pids '"pids":{"limit":20}'
fi

## A cgroup whose controllers have to be enabled first

if [ -f /etc/board ] && [ "$CGROUPS" ] && gives | grep -q pids; then
	mkdir "$CGROUPS/rt-check" "$CGROUPS/rt-check/self"
	echo $$ >"$CGROUPS/rt-check/self/cgroup.procs"
	look
	is "controllers that nobody has enabled here can be" \
		"$(verdict "cgroup pids")" ok
	is "  and are not when it has ended" \
		"$(cat "$CGROUPS/rt-check/cgroup.subtree_control")" ""
	echo $$ >"$CGROUPS/rt-check/cgroup.procs"
	rmdir "$CGROUPS/rt-check/self"
	echo $$ >"$CGROUPS/cgroup.procs"
	rmdir "$CGROUPS/rt-check"
else
	skip "controllers that nobody has enabled here" "not on this machine"
fi

## Without user namespaces

max=/proc/sys/user/max_user_namespaces
if [ -f /etc/board ] && [ -f $max ]; then
	had=$(cat $max)
	echo 0 >$max
	look
	like "user namespaces are off" "$(paragraph "namespace user")" \
		'warn.*the sysctl user\.max_user_namespaces, which is 0'
	with_namespace user
	like "  and the error says so" "$(cat "$TMP/ran")" \
		'the sysctl user\.max_user_namespaces, which is 0$'
	echo "$had" >$max
else
	skip "user namespaces are off" "not on this machine"
fi

## Inside a container, under somebody's seccomp filter

config_defaults
MOUNTS=",{\"destination\":\"/runt\",\"source\":\"$RUNT\",
	\"options\":[\"bind\"]}"
if ! grep -q '^Seccomp:' /proc/self/status; then
	skip "a call that a filter denies" "no seccomp here"
else
	LINUX=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
		{"names":["clone3"],"action":"SCMP_ACT_ERRNO","errnoRet":38},
		{"names":["close_range"],"action":"SCMP_ACT_ERRNO"}]}'
	run_in '/runt check' >"$TMP/lines"
	for call in clone3 close_range; do
		like "$call, which a filter denies" "$(paragraph $call)" \
			'^FAIL.*; the seccomp filter that runt was started'
	done
	like "  what it allows" "$(paragraph openat2)" '^ok'
fi
config_defaults

if unshare --help 2>&1 | grep -q -e --fork; then
	unshare -p -f "$RUNT" check >"$TMP/lines"
	like "a /proc that is of another pid namespace" "$(paragraph /proc)" \
		'^FAIL.* another pid namespace.*; mount it: mount -t proc'
else
	skip "a /proc that is of another pid namespace" "no unshare --fork"
fi

## As an ordinary user

as_user() {
	if command -v setpriv >/dev/null &&
		setpriv --reuid 1 true 2>/dev/null
	then
		setpriv --reuid 1234 --regid 1234 --clear-groups "$@"
	else
		chroot --userspec 1234:1234 / "$@" 2>/dev/null ||
			su -s /bin/sh nobody -c "$*"
	fi
}
grep -q '^nobody:' /etc/passwd || echo 'nobody:x:65534:65534:nobody:/:/bin/sh' \
	>>/etc/passwd 2>/dev/null
cp "$RUNT" "$TMP/runt" # which a user may reach
chmod 755 "$TMP/runt"
mkdir -m 777 "$TMP/user"
mkdir -m 777 "$TMP/user/bundle"
ln -s "$ROOT" "$TMP/user/bundle/rootfs"
status=0
as_user "$TMP/runt" check >"$TMP/lines" 2>&1 || status=$?
if [ "$status" -gt 1 ]; then
	skip_all "who is nobody can't be had here"
fi
as_user "$TMP/runt" spec --rootless --bundle "$TMP/user/bundle"
sed 's/"sh"/"true"/' "$TMP/user/bundle/config.json" >"$TMP/new"
cat "$TMP/new" >"$TMP/user/bundle/config.json"
ran=0
as_user "$TMP/runt" --root "$TMP/user/root" run --bundle "$TMP/user/bundle" u \
	>"$TMP/ran" 2>&1 </dev/null || ran=$?
is "as an ordinary user: the exit status is that of a container" "$ran" "$status"
[ "$ran" = "$status" ] || diag "$(grep FAIL "$TMP/lines"; cat "$TMP/ran")"
like "  who has no privileges" "$(paragraph privileges)" \
	'(ok.*none, but user namespaces|^FAIL)'
like "  nor cgroups" "$(paragraph cgroup2)" '^warn'
rm "$TMP/user/bundle/config.json"
as_user "$TMP/runt" spec --bundle "$TMP/user/bundle"
as_user "$TMP/runt" check --bundle "$TMP/user/bundle" >"$TMP/lines" 2>&1 ||:
like "  and a bundle without a user namespace is for root" \
	"$(paragraph privileges)" '^FAIL.*none, and no user namespace.*run it as root'
rm -rf "$TMP/user"
finish
