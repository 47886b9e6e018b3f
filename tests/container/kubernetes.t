#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64
#
# A pod as Kubernetes has containerd make it: its sandbox in a network namespace
# that is there already, and a container that joins the sandbox's namespaces
# through /proc/PID/ns, with the volumes and the service variables of a kubelet.
# tests/data/configs has both configs; what they want of the host is made below
# TMP.
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

HOST=$TMP/host
POD=kubepods-$$
SANDBOX=$TMP/sandbox
WEB=$TMP/web
PLUGINS=$HOST/var/lib/kubelet/plugins
sandbox_pid=0
mkdir -p "$HOST" "$SANDBOX" "$WEB"

# For sed: what of the resources this machine's cgroup2 has not got.
lacks() {
	for pair in memory:memory memory:unified cpu:cpu pids:pids \
		hugetlb:hugepageLimits
	do
		case $CONTROLLERS in
		*" ${pair%:*} "*) ;;
		*) printf '/^			"%s": /d\n' "${pair#*:}" ;;
		esac
	done
}

# What may be less likely killed for others' memory.
protected=-998
sh -c 'echo -998 >/proc/self/oom_score_adj' 2>/dev/null || protected=0

# What containerd's profile has besides on other machines than x86_64.
case $RUNT_ARCH in
arm) extra='"set_tls","cacheflush","breakpoint","arm_fadvise64_64",' ;;
riscv64) extra='"riscv_flush_icache",' ;;
*) extra= ;;
esac

# (Re)writes the config of the bundle in $1.
k8s_config() {
	sed -e "s#\"source\":\"/\(var\|run\)/#\"source\":\"$HOST/\1/#" \
		-e "s|/var/run/netns/cni-[^\"]*|$HOST/netns|" \
		-e "s|/proc/4711/|/proc/$sandbox_pid/|" \
		-e "s|/kubepods/burstable/pod[^/]*/|/$POD/|" -e "$(lacks)" \
		-e "s|\"oomScoreAdj\": -998|\"oomScoreAdj\": $protected|" \
		-e "s|\"names\":\[\"accept\",|&$extra|" \
		"$TESTS/data/configs/kubernetes-$2.json" >"$1/config.json"
}

# Prints "DESTINATION SOURCE ro|rw" of each mount of a bundle.
mounts_of() {
	awk -F '"' '$2 == "destination" {
		print $4, $12, /"ro"/ ? "ro" : "rw" }' "$1/config.json"
}

variables_of() {
	sed -n '/"env": \[/,/\]/s/^			"\(.*\)"/\1/p' \
		"$1/config.json" | sed 's/,$//; s/\\t/	/g; s/\\\(.\)/\1/g'
}

# Makes what the binds of a bundle are of: files where the name of one is at the
# destination.
make_sources() {
	mounts_of "$1" | grep " $HOST/" | while read -r destination source _; do
		case ${destination##*/} in
		hosts | host*name | *.conf | *-log | current)
			mkdir -p "${source%/*}"
			echo "$destination" >"$source"
			;;
		*)
			mkdir -p "$source"
			echo "$destination" >"$source/file"
			;;
		esac
	done
}

# A root file system of its own for a bundle: mount points are made in it.
make_root() {
	mkdir -p "$1/rootfs/var"
	cp -a "$(shared_root)/." "$1/rootfs"
	printf '#!/bin/sh\ntrap "exit 0" TERM\nwhile :; do sleep 0.2; done\n' \
		>"$1/rootfs/pause"
	chmod 755 "$1/rootfs/pause"
}

# Creates and starts a container as containerd's shim does. Nothing else can be
# said where that fails.
launches() {
	failed=$tap_failed
	ok "$1" launch "$2" "$3"
	[ "$tap_failed" != "$failed" ] || return 0
	rt delete -f sandbox
	umount "$shm" "$PLUGINS" "$HOST/netns" 2>/dev/null
	finish
}

launch() {
	rt --log "$1/log.json" --log-format json create --bundle "$1" \
		--pid-file "$1/init.pid" "$2" >/dev/null </dev/null &&
		rt start "$2"
}

inside() {
	rt exec web "$@"
}

ns() {
	readlink "/proc/$1/ns/$2"
}

touch "$HOST/netns"
unshare --net="$HOST/netns" true ||
	skip_all "unshare can't keep a network namespace"
# As CNI leaves it.
nsenter --net="$HOST/netns" ip link set lo up

## The sandbox

make_root "$SANDBOX"
k8s_config "$SANDBOX" sandbox
make_sources "$SANDBOX"
shm=$(mounts_of "$SANDBOX" | awk '$1 == "/dev/shm" { print $2 }')
mount -t tmpfs -o mode=1777,size=64m shm "$shm"
# The kubelet makes the pod's.
mkdir "$CGROUPS/$POD"
launches "a sandbox" "$SANDBOX" sandbox
sandbox_pid=$(cat "$SANDBOX/init.pid")
like "  its annotations are in the state" "$(rt state sandbox)" \
	'"io.kubernetes.cri.container-type": "sandbox"'
is "  it has no more than pause's rights" "$(awk '
	/^(Uid|Gid|Groups|NoNewPrivs|Seccomp):|^CapEff/ { printf "%s ", $2 }' \
	"/proc/$sandbox_pid/status")" "65535 65535 65535 0000000000000000 1 2 "
if [ $protected = 0 ]; then
	skip "  oomScoreAdj -998" "root may not lower it here"
else
	is "  oomScoreAdj -998" "$(cat "/proc/$sandbox_pid/oom_score_adj")" -998
fi
is "  in CNI's network namespace" "$(ns "$sandbox_pid" net)" \
	"$(nsenter --net="$HOST/netns" readlink /proc/self/ns/net)"
is "  which has the sysctls" "$(nsenter --net="$HOST/netns" \
	cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" 0

## The container

k8s_config "$WEB" container
make_root "$WEB"
make_sources "$WEB"
mount --bind "$PLUGINS" "$PLUGINS"
mount --make-shared "$PLUGINS"
echo token >"$(mounts_of "$WEB" |
	awk '/serviceaccount/ { print $2 }')/token"
chmod 1777 "$HOST"/var/lib/kubelet/pods/*/volumes/*empty-dir/*
chmod 666 "$HOST"/var/lib/kubelet/pods/*/containers/web/*
is "the config is a large one" "$(variables_of "$WEB" | wc -l) variables, \
$(mounts_of "$WEB" | wc -l) mounts" "521 variables, 34 mounts"
launches "a container beside it" "$WEB" web
pid=$(cat "$WEB/init.pid")
is "  in the sandbox's network, ipc and uts namespace, and only those" \
	"$(for n in net ipc uts pid mnt cgroup user; do
		[ "$(ns "$pid" $n)" != "$(ns "$sandbox_pid" $n)" ] ||
			printf '%s ' $n
	done)" "net ipc uts user "
isnt "  which are not the host's" "$(ns "$pid" uts)" "$(ns self uts)"
is "  so it has the sandbox's name" "$(inside hostname)" web-6d4cf56db6-x2x7q
is "  its user, groups and seccomp" "$(awk '
	/^(Uid|Gid|NoNewPrivs|Seccomp):/ { printf "%s ", $2 }
	/^Groups/ { printf "%s+%s ", $2, $3 }' "/proc/$pid/status")" \
	"1000 3000 2000+3000 0 2 "
is "  oom_score_adj of a best effort" "$(cat "/proc/$pid/oom_score_adj")" 1000
is "  its open files" "$(awk '/^Max open files/ { print $4, $5 }' \
	"/proc/$pid/limits")" "1024 4096"
is "  its working directory is a volume" "$(inside pwd)" /data

inside cat /proc/self/mountinfo >"$TMP/mountinfo"
is "  each mount is there, as it was asked for" "$(mounts_of "$WEB" |
	awk 'NR == FNR { options[$5] = "," $6 ","; next }
		{ sub("^/var/run/", "/run/") }
		options[$1] !~ "," $3 "," {
			print $1 " is " options[$1] ", not " $3 }' \
		"$TMP/mountinfo" -)" ""
is "  files and directories are the host's" "$(mounts_of "$WEB" |
	awk '$2 ~ "^/" && $1 !~ "shm|resolv" { print $1 }' |
	while read -r path; do
		found=$(inside sh -c "cat $path/file 2>/dev/null || cat $path")
		[ "$found" = "$path" ] || echo "$path has $found"
	done)" ""
is "  the service account's token, read-only" "$(inside sh -c '
	cd /var/run/secrets/kubernetes.io/serviceaccount; cat token
	: 2>&1 >token' | sed 's/.*: //')" "token
Read-only file system"
mount -t tmpfs late "$PLUGINS"
like "  what the host mounts later arrives where it is to" \
	"$(inside grep ' /host/plugins ' /proc/self/mountinfo)" 'tmpfs late'
umount "$PLUGINS"

inside cat /proc/1/environ | tr '\0' '\n' | grep -v ^HOME= | sort >"$TMP/environ"
variables_of "$WEB" | sort >"$TMP/expected"
ok "  each variable is there" cmp "$TMP/environ" "$TMP/expected"
is "  exec has them, too" "$(inside env | sort | grep -c -xFf "$TMP/expected")" 521

ok "a message at the end" inside sh -c 'echo died >/dev/termination-log'
is "  is the kubelet's to read" \
	"$(cat "$HOST"/var/lib/kubelet/pods/*/containers/web/*)" died
ok "shared memory" inside sh -c 'echo shared >/dev/shm/x'
is "  is the pod's" "$(cat "$shm/x")" shared
is "masked and read-only paths" "$(rt exec -u 0 web sh -c '
	wc -c </proc/keys; ls /sys/firmware | wc -l
	echo 0 2>&1 >/proc/sys/vm/overcommit_memory' | sed 's/.*: //' | tr '\n' ' ')" \
	"0 0 Read-only file system "
is "a device of a plugin" "$(inside stat -c '%F %t:%T %a' /dev/fuse)" \
	"character special file a:e5 666"
is "a port below 1024 is anybody's" \
	"$(inside cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" 0

## Limits

D=$CGROUPS/$POD/$(basename "$(sed -n \
	's/.*"cgroupsPath": "\(.*\)".*/\1/p' "$WEB/config.json")")
is "its cgroup is the pod's" "$(grep -cx "$pid" "$D/cgroup.procs")" 1
limit() {
	! has_controller "$1" || is "  $2" "$(cat "$D/$2")" "$3"
}
limit memory memory.max 134217728
limit memory memory.high 120795136
limit memory memory.oom.group 1
if [ -e "$D/memory.swap.max" ]; then
	limit memory memory.swap.max 0
fi
limit cpu cpu.max "50000 100000"
limit cpu cpu.weight 35
limit pids pids.max 1024
if [ -e "$D/hugetlb.2MB.max" ]; then
	limit hugetlb hugetlb.2MB.max 0
fi
if has_controller memory && has_controller cpu; then
	ok "resized in place" sh -c 'echo "{\"cpu\":{\"quota\":80000,\
\"period\":100000},\"memory\":{\"limit\":201326592}}" |
		"$0" --root "$1" update --resources=- web' "$RUNT" "$STATE"
	is "  it has the new limits and the others" "$(cat "$D/cpu.max" \
		"$D/memory.max" "$D/cpu.weight" | tr '\n' ' ')" \
		"80000 100000 201326592 35 "
fi

## Probes, and a debug container in the other's pid namespace

cat >"$TMP/probe.json" <<'END'
{"user":{"uid":1000,"gid":3000},"args":["/bin/sh","-c","exit 3"],
 "env":["PATH=/bin:/usr/bin"],"cwd":"/"}
END
exits "a probe" 3 rt exec --process "$TMP/probe.json" web
DEBUG=$TMP/debug
mkdir "$DEBUG"
sed -e 's|{"type":"pid"}|{"type":"pid","path":"/proc/'"$pid"'/ns/pid"}|' \
	-e 's|"args": .*|"args": ["/bin/sh","-c","tr '"'\\\\\\\\0' ' '"' </proc/1/cmdline"],|' \
	-e 's|"path":"rootfs"|"path":"'"$WEB"'/rootfs"|' \
	-e 's|\(/'"$POD"'/\)[^"]*|\1debug|' "$WEB/config.json" >"$DEBUG/config.json"
is "a debug container sees the other's processes" \
	"$(rt run --bundle "$DEBUG" debug 2>&1)" \
	"/bin/sh -c while :; do sleep 1; done "

## The container starts again, the sandbox stays

stopped() {
	rt state "$1" | grep -q '"stopped"'
}
ok "the container is killed" rt kill web 9
await stopped web
ok "  and deleted" rt delete web
launches "it starts again" "$WEB" web
is "  in the same sandbox" "$(ns "$(cat "$WEB/init.pid")" net)" \
	"$(ns "$sandbox_pid" net)"
like "  which does not notice" "$(rt ps --format json sandbox | tr -d ' \n')" \
	"[[,]${sandbox_pid}[],]"
rt kill web 9
await stopped web
ok "the container's end" rt delete web
ok "the sandbox ends when asked" rt kill sandbox 15
await stopped sandbox
ok "  and is deleted" rt delete --force sandbox
is "no container is left" "$(rt list -q)$(ls "$STATE")" ""
is "no cgroup but the kubelet's" "$(find "$CGROUPS/$POD" -mindepth 1 -type d)" ""
rmdir "$CGROUPS/$POD"
umount "$shm" "$PLUGINS" "$HOST/netns"
is "no mount" "$(grep " $TMP/" /proc/self/mountinfo)" ""
ok "a sandbox that is gone can't be joined" sh -c \
	'! "$0" --root "$1" create --bundle "$2" web 2>"$2/err" &&
		grep -q "/proc/'"$sandbox_pid"'/ns/[a-z]*: No such file" "$2/err"' \
	"$RUNT" "$STATE" "$WEB"
finish
