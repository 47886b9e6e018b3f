#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm
# shellcheck disable=SC2016,SC2046,SC3045,SC2086,SC2116,SC2154
# parallel-safe
# timeout: 600
#
# User namespaces: what the ids are on both sides, what root in one may do and
# what not, and who owns what runt makes.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"
. "${0%/*}/users.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
[ -e /proc/self/ns/user ] || skip_all "this kernel has no user namespaces"

ALL='"CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_KILL","CAP_MKNOD",
 "CAP_SETUID","CAP_SETGID","CAP_NET_ADMIN","CAP_SYS_ADMIN","CAP_SYS_CHROOT",
 "CAP_SYS_PTRACE","CAP_SYS_TIME","CAP_SYS_BOOT"'

bundle b
users

## Ids, from both sides

mkdir -m 755 "$TMP/shared"
chown $BASE:$BASE "$TMP/shared"
MOUNTS=",{\"destination\":\"/shared\",\"source\":\"$TMP/shared\",
	\"options\":[\"bind\"]}"
own_root
chown -R $BASE:$BASE "$B/rootfs"
got=$(run_in 'echo $(id -u) $(id -g) $(cat /proc/self/uid_map /proc/self/gid_map)
	echo $(cat /proc/self/setgroups); touch /shared/mine
	stat -c "%u %g" /shared/mine')
is "it is root inside, with the config's ids, and may set groups" "$got" \
	"0 0 0 $BASE 65536 0 $BASE 65536
allow
0 0"
is "what it makes is owned outside by the id it is mapped to" \
	"$(stat -c '%u %g' "$TMP/shared/mine")" "$BASE $BASE"

is "its streams can be opened by name" "$(run_in 'echo x >/dev/stdout')" x
(
	PROCESS=',"terminal":true'
	run_in 'echo x' >"$TMP/log"
)
is "with a terminal, those of runt's stay whose they are" \
	"$(stat -c %u "$TMP/log") $(tr -d '\r' <"$TMP/log")" "0 x"
IDS='"uid":5,"gid":6,"additionalGids":[7,8]'
got=$(run_in 'echo $(id -u) $(id -g) $(id -G); touch /tmp/theirs
	sed -n "s/^Groups:[ 	]*//p" /proc/self/status')
like "user and groups" "$got" "^5 6 .*7 8"
is "the groups are exactly those" "$(echo "$got" | tail -n 1)" "7 8 "
is "its file outside" "$(stat -c '%u %g' "$B/rootfs/tmp/theirs")" \
	"$((BASE + 5)) $((BASE + 6))"
IDS='"uid":0,"gid":0'

ARGS='"/bin/sleep","1000"'
config
rt run -d --bundle "$B" c$$ </dev/null >/dev/null 2>&1
pid=$(pid_of c$$)
is "its uid on the host" "$(field "$pid" Uid)" $BASE
is "its gid" "$(field "$pid" Gid)" $BASE
isnt "its user namespace is another" "$(readlink "/proc/$pid/ns/user")" \
	"$(readlink /proc/self/ns/user)"

## exec

is "exec: the ids and the namespace" \
	"$(rt exec c$$ sh -c 'echo $(id -u) $(id -g); readlink /proc/self/ns/user')" \
	"0 0
$(readlink "/proc/$pid/ns/user")"
for ns in mnt pid net ipc uts cgroup; do
	is "exec: namespace $ns is the container's" \
		"$(rt exec c$$ readlink /proc/self/ns/$ns)" \
		"$(readlink "/proc/$pid/ns/$ns")"
done
is "exec: the cgroup is the container's" \
	"$(rt exec c$$ grep ^0: /proc/self/cgroup)" "0::/"
like "exec: another user with groups" \
	"$(rt exec -u 9:10 -g 11 c$$ sh -c 'echo $(id -u) $(id -g) $(id -G)')" \
	"^9 10 .*11"
exits "exec: an id that the container has not" 255 rt exec -u 65536 c$$ true
like "which is said" "$(cat "$OUTPUT")" \
	"uid 65536 is not mapped in this user namespace"
rt exec -d --pid-file "$TMP/pid" c$$ sleep 500 </dev/null >/dev/null 2>&1
is "exec: its uid on the host" "$(field "$(cat "$TMP/pid")" Uid)" $BASE
is "exec: its streams can be opened by name" \
	"$(rt exec -u 9 c$$ sh -c 'echo x >/dev/stdout' 2>&1)" x
exits "exec: the status" 7 rt exec c$$ sh -c 'exit 7'
exits "exec: 128+N for a signal" 143 rt exec c$$ sh -c 'kill -TERM $$'
exits "exec: a program that is not there" 255 rt exec c$$ no-such-program
ok "delete" rt delete --force c$$
ok "nothing is left" [ ! -d "$CGROUPS/c$$" ]

## Root inside is nobody outside

echo hidden >"$TMP/shared/secret"
chmod 600 "$TMP/shared/secret"
mknod "$B/rootfs/there" c 1 3
CAPS=$ALL
got=$(run_in 'cat /shared/secret; echo $?
	chown 0 /shared/secret 2>&1; echo $?
	mknod /tmp/null c 1 3; echo $?
	echo 1 >/proc/sys/vm/drop_caches; echo $?
	date -s 200001010000' 2>/dev/null)
unlike "it can't read what the host's root alone may read" "$got" hidden
is "nor take it, make devices, set a sysctl of the host, set the clock" \
	"$(echo "$got" | grep -c '^[1-9]')" 4
ok "the clock is as it was" test "$(date +%Y)" -gt 2000
ok "the file is still root's" test "$(stat -c %u "$TMP/shared/secret")" = 0
like "it can't read the host's memory by a device of its own" \
	"$(run_in 'mknod /tmp/mem c 1 1; cat /tmp/mem | head -c 1')" \
	"Operation not permitted"

## What it owns, it rules

got=$(run_in 'hostname other && hostname
	ip link set lo down && ip link set lo up && echo link
	mount -t tmpfs none /mnt && echo mount; ls -ld /dev/shm
	chown 5 /shared/mine && stat -c %u /shared/mine')
like "its names" "$got" "^other"
like "its network" "$got" "^link"
like "its mounts" "$got" "^mount"
like "files of its ids" "$got" "^5"
is "seen outside" "$(stat -c %u "$TMP/shared/mine")" $((BASE + 5))
is "tmpfs is its own" "$(run_in 'stat -c "%u %a" /dev/shm /dev')" "0 1777
0 755"

## Devices, masks, mounts

got=$(run_in 'echo x >/dev/null && head -c 1 /dev/zero | wc -c
	head -c 3 /dev/urandom | wc -c; stat -c "%t %T" /dev/null /dev/tty
	readlink /dev/fd; readlink /dev/ptmx')
is "the default devices work" "$(echo $got)" \
	"1 3 1 3 5 0 /proc/self/fd pts/ptmx"
LINUX="$LINUX,\"maskedPaths\":[\"/proc/keys\",\"/sys/firmware\",\"/proc/none\"],
	\"readonlyPaths\":[\"/proc/sys\"]"
got=$(run_in 'cat /proc/keys; ls /sys/firmware
	echo x >/proc/sys/kernel/domainname')
is "masked files and directories are empty, readonlyPaths read-only" \
	"$(echo "$got" | sed 's/.*: *//')" "Read-only file system"
READONLY=true
like "a read-only root" "$(run_in 'touch /x')" "Read-only file system"
READONLY=false
users

MOUNTS="$MOUNTS,{\"destination\":\"/dev/mqueue\",\"type\":\"mqueue\",
	\"source\":\"mqueue\"}"
if grep -q mqueue /proc/filesystems; then
	like "mqueue" "$(run_in 'grep " /dev/mqueue " /proc/mounts')" mqueue
else
	skip "mqueue" "not in this kernel"
fi
MOUNTS=",{\"destination\":\"/p\",\"type\":\"devpts\",\"source\":\"devpts\",
	\"options\":[\"newinstance\",\"gid=5\"]}"
like "gid=5 that is mapped" "$(run_in 'grep " /p " /proc/mounts')" "gid=100005"
maps "$(ranges 0 $BASE 3)"
like "gid=5 that is not: its place, and why" "$(run_in 'echo ran')" \
	'mounts\[5\].*gid=5.*linux\.gidMappings'
MOUNTS=
users

## What is set for it from outside

PROCESS=',"oomScoreAdj":123'
is "oomScoreAdj" "$(run_in 'cat /proc/self/oom_score_adj')" 123
mounts=$DEFAULT_MOUNTS
DEFAULT_MOUNTS='{"destination":"/dev","type":"tmpfs","source":"tmpfs"}'
ARGS='"/bin/sleep","1000"'
config
rt run --detach --bundle "$B" bare$$ </dev/null
is "and of exec, without a /proc" "$(rt exec bare$$ id -u)" 0
ok "delete" rt delete --force bare$$
if has_controller pids || has_controller hugetlb; then
	MOUNTS=',{"destination":"/sys/fs/cgroup","type":"cgroup2",
	 "source":"cgroup"}'
	ARGS='"/bin/sleep","1000"'
	DEFAULT_MOUNTS=$mounts
	config
	rt run --detach --bundle "$B" bare$$ </dev/null >/dev/null 2>&1
	like "and in a cgroup that belongs to the container" \
		"$(rt exec bare$$ cat /proc/self/cgroup)" '^0::/$'
	rt delete --force bare$$
	ARGS=$(sh_args 'cd /sys/fs/cgroup; mkdir init; echo 1 >init/cgroup.procs
		for c in pids hugetlb; do echo +$c >cgroup.subtree_control; done
		exec sleep 1000')
	config
	rt run --detach --bundle "$B" bare$$ </dev/null >/dev/null 2>&1
	await grep -q . "$CGROUPS/bare$$/cgroup.subtree_control"
	like "and where init is, in a cgroup of its own making" \
		"$(rt exec bare$$ cat /proc/self/cgroup)" '^0::/init$'
	ok "delete" rt delete --force bare$$
	MOUNTS=
else
	skip "where init is, in a cgroup of its own making" "no controller"
fi
DEFAULT_MOUNTS=$mounts
PROCESS=',"scheduler":{"policy":"SCHED_OTHER","nice":-5}'
is "a scheduler that takes privileges" \
	"$(run_in 'cut -d " " -f 19 /proc/self/stat')" -5
PROCESS=',"ioPriority":{"class":"IOPRIO_CLASS_RT","priority":3}'
like "an I/O priority, too" "$(run_in ionice)" "^realtime: prio 3"
PROCESS=',"rlimits":[{"type":"RLIMIT_NOFILE","soft":500,"hard":2000}]'
if (ulimit -n 1000 && ulimit -n 2000) 2>/dev/null; then
	is "a limit that is higher than the caller's" \
		"$(ulimit -n 1000; run_in 'ulimit -Sn; ulimit -Hn')" "500
2000"
else
	skip "a limit that is higher than the caller's" "no CAP_SYS_RESOURCE"
fi
PROCESS=
if [ -e /proc/self/ns/time ]; then
	NAMESPACES="$NAMESPACES,{\"type\":\"time\"}"
	LINUX="$LINUX,\"timeOffsets\":{\"boottime\":{\"secs\":1000000}}"
	got=$(run_in 'cut -d . -f 1 /proc/uptime')
	ok "clocks" test "$got" -ge 1000000
else
	skip "clocks" "not in this kernel"
fi
config_defaults
ROOT_PATH='"rootfs"'
users
LINUX="$LINUX,\"sysctl\":{\"net.ipv4.ip_unprivileged_port_start\":\"17\"}"
if [ -e /proc/sys/net/ipv4/ip_unprivileged_port_start ]; then
	is "a sysctl of its network" \
		"$(run_in 'cat /proc/sys/net/ipv4/ip_unprivileged_port_start')" 17
else
	skip "a sysctl of its network" "not in this kernel"
fi
users
HOOK='{"path":"/bin/sh","args":["sh","-c","id -u >'$TMP'/hook"]}'
TOP=",\"hooks\":{\"createRuntime\":[$HOOK]}"
run_in true
is "hooks of the runtime run outside" "$(cat "$TMP/hook")" 0
TOP=

## Its cgroup

add_cgroup() {
	MOUNTS=",{\"destination\":\"/sys/fs/cgroup\",\"type\":\"cgroup\",
		\"source\":\"cgroup\",\"options\":[\"nosuid\",\"$1\"]}"
}
add_cgroup ro
is "of a read-only mount it owns nothing" \
	"$(run_in 'stat -c %u /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup')" \
	"65534
65534"
add_cgroup rw
CAPS='"CAP_KILL"'
got=$(run_in 'cd /sys/fs/cgroup; stat -c %u . cgroup.procs cgroup.threads \
		cgroup.subtree_control cgroup.max.depth
	mkdir sub && echo $$ >sub/cgroup.procs && cat /proc/self/cgroup' |
	sed 's/^[1-9]:.*//')
is "a writable one is delegated: what the kernel names for that" \
	"$(echo $got | sed 's/ .*0::/ 0::/')" "0 0::/sub"
is "and no more" "$(echo "$got" | sed -n '1,5p' | tr '\n' ' ')" "0 0 0 0 65534 "
ok "all of it is gone afterwards" [ ! -e "$CGROUPS/t$$-$container_count" ]
IDS='"uid":5,"gid":5'
is "it goes to the user of the process" \
	"$(run_in 'mkdir /sys/fs/cgroup/sub && stat -c %u /sys/fs/cgroup')" 5
NAMESPACES=$(echo "$NAMESPACES" | sed 's/,{"type":"user"}//')
LINUX=
is "without a user namespace, too" \
	"$(run_in 'mkdir /sys/fs/cgroup/sub && stat -c %u /sys/fs/cgroup')" 5
NAMESPACES=$(echo "$NAMESPACES" | sed 's/,{"type":"cgroup"}//')
is "but not without a cgroup namespace" \
	"$(run_in 'stat -c %u /sys/fs/cgroup')" 0
config_defaults
ROOT_PATH='"rootfs"'
users

## Where only the host's root may go

chmod 700 "$B"
mkdir -m 700 "$TMP/closed"
echo volume >"$TMP/closed/file"
chown -R 4321:4321 "$TMP/closed"
chown 4321:4321 "$B"
MOUNTS=",{\"destination\":\"/volume\",\"source\":\"$TMP/closed/file\",
	\"options\":[\"bind\",\"ro\"]}"
is "root and volumes below a directory closed to its ids" \
	"$(run_in 'cat /volume')" volume
chown 0:0 "$B"
chmod 755 "$B"
MOUNTS=
ROOT_PATH="\"$TMP/closed\""
rm "$TMP/closed/file"
cp -a "$B/rootfs/." "$TMP/closed"
chmod 700 "$TMP/closed"
chown $BASE "$TMP/closed"
is "a root that is its own" "$(run_in 'echo $(id -u) $(stat -c %u /)')" "0 0"
ROOT_PATH='"rootfs"'

## Maps

maps "$(ranges 0 $BASE 10 10 $((BASE + 1000)) 5 1000 7 1)"
is "several ranges" "$(run_in 'echo $(cat /proc/self/uid_map)')" \
	"0 $BASE 10 10 $((BASE + 1000)) 5 1000 7 1"
maps "$(ranges 1000 $BASE 1)"
IDS='"uid":1000,"gid":1000'
chown -R $BASE:$BASE "$B/rootfs/tmp"
rm -f "$B/rootfs/tmp/"*
is "one id that is not 0" \
	"$(run_in 'echo $(id -u) $(id -g) $(stat -c %u /dev/shm); touch /tmp/x')" \
	"1000 1000 1000"
is "its files" "$(stat -c %u "$B/rootfs/tmp/x")" $BASE
IDS='"uid":0,"gid":0'
like "a user that is not mapped" "$(run_in 'echo ran')" \
	'config.json:.*process\.user.*: 0 is not among .*linux\.uidMappings'
IDS='"uid":1000,"gid":0'
like "a group that is not" "$(run_in 'echo ran')" \
	'config.json:.*process\.user.*: 0 is not among .*linux\.gidMappings'
IDS='"uid":1000,"gid":1000,"additionalGids":[1000,3]'
like "an additional one" "$(run_in 'echo ran')" \
	'additionalGids: 3 is not among .*linux\.gidMappings'
IDS='"uid":0,"gid":0'
LINUX=
like "no maps" "$(run_in 'echo ran')" \
	'linux\.namespaces: a new user namespace needs uidMappings and gidMappings'
maps "$(ranges 0 100000 10 5 200000 10)"
like "ranges that overlap inside" "$(run_in 'echo ran')" \
	'linux\.uidMappings\[1\]: overlaps with number 0'
maps "$(ranges 0 100000 10 10 100009 10)"
like "or outside" "$(run_in 'echo ran')" \
	'linux\.uidMappings\[1\]: overlaps with number 0'
maps "$(ranges 0 4294967290 10)"
like "a range that ends beyond the last id" "$(run_in 'echo ran')" \
	'linux\.uidMappings\[0\]: goes beyond the last id'
maps "$(ranges 0 1 0)"
like "an empty range" "$(run_in 'echo ran')" 'linux\.uidMappings\[0\]\.size'
many=
n=0
while [ $n -lt 340 ]; do
	many="$many $n $((1000000 + 2 * n)) 1"
	n=$((n + 1))
done
maps "$(ranges $many)"
like "more text than the kernel takes" "$(run_in 'echo ran')" \
	'340 ranges are more than the kernel takes'
ok "nothing is left of the failures" [ ! -e "$CGROUPS/t$$-$container_count" ]
is "and no state" "$(rt list -q)" ""

## Where there may be none

users
limited() {
	unshare -U -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces
		exec "$@"' sh "$RUNT" --root "$STATE" --cgroup-manager=disabled \
		run --bundle "$B" "$1" 2>&1
}
ARGS='"/bin/true"'
maps "$(ranges 0 0 1)"
config
if unshare -U -r true 2>/dev/null; then
	like "the sysctl that forbids them is named" "$(limited c$$)" \
		"user\.max_user_namespaces"
else
	skip "the sysctl that forbids them is named" "unshare -U does not work"
fi
finish
