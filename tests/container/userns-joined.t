#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm
# shellcheck disable=SC2016,SC2046,SC2086,SC2116,SC2154
# parallel-safe
# timeout: 600
#
# User namespaces that are joined by their path, along with others or before
# others are made; and what goes without a pid namespace or pivot_root(2).

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"
. "${0%/*}/users.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
[ -e /proc/self/ns/user ] || skip_all "this kernel has no user namespaces"

ALL='"CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_KILL","CAP_MKNOD",
 "CAP_SETUID","CAP_SETGID","CAP_NET_ADMIN","CAP_SYS_ADMIN","CAP_SYS_CHROOT",
 "CAP_SYS_PTRACE","CAP_SYS_TIME","CAP_SYS_BOOT"'

## Joined by path

bundle b
own_root
chown -R $BASE:$BASE "$B/rootfs"
users
CAPS=$ALL
ARGS='"/bin/sleep","1000"'
config
rt run -d --bundle "$B" pod$$ </dev/null >/dev/null 2>&1
pod=/proc/$(pid_of pod$$)/ns
joined() {
	NAMESPACES='{"type":"mount"},{"type":"uts"}'
	for pair; do
		NAMESPACES="$NAMESPACES,{\"type\":\"${pair%:*}\"$(
			[ "${pair#*:}" = new ] ||
				echo ",\"path\":\"$pod/${pair#*:}\"")}"
	done
	LINUX=
}
joined user:user pid:new network:new ipc:new cgroup:new
got=$(run_in 'readlink /proc/self/ns/user; echo $(id -u) $$
	stat -c %u /dev/shm; ip link set lo down && mount -t tmpfs none /mnt &&
		hostname x && echo rules')
is "a user namespace: what is new belongs to it" "$got" \
	"$(readlink "$pod/user")
0 1
0
rules"
joined user:user pid:pid network:net ipc:ipc
got=$(run_in 'for n in user pid net ipc; do readlink /proc/self/ns/$n; done
	ls /proc/1/comm && echo $(id -u)')
is "with others, and its pid namespace" "$got" \
	"$(for n in user pid net ipc; do readlink "$pod/$n"; done)
/proc/1/comm
0"
ARGS='"/bin/sleep","1000"'
config
rt run -d --bundle "$B" member$$ </dev/null >/dev/null 2>&1
is "exec into such a container" \
	"$(rt exec member$$ sh -c 'readlink /proc/self/ns/pid; id -u')" \
	"$(readlink "$pod/pid")
0"
is "the pod sees its processes" "$(rt exec pod$$ ps | grep -c 'sleep 1000')" 2
ok "delete" rt delete --force member$$
PROCESS=',"oomScoreAdj":77,"scheduler":{"policy":"SCHED_OTHER","nice":-5},
 "ioPriority":{"class":"IOPRIO_CLASS_RT","priority":3}'
is "what takes privileges" "$(run_in 'cat /proc/self/oom_score_adj
	cut -d " " -f 19 /proc/self/stat; ionice')" "77
-5
realtime: prio 3"
PROCESS=
maps "$(ranges 0 $BASE 30000 30000 $((BASE + 30000)) 35536)"
is "the same maps, in other pieces" "$(run_in 'id -u')" 0
maps "$(ranges 0 $BASE 65535)"
like "other maps" "$(run_in 'echo ran')" \
	'gidMappings are not those of the user namespace that is joined'
maps "$(ranges 0 $BASE 65536)" "$(ranges 0 $BASE 65535)"
like "other maps of groups alone" "$(run_in 'echo ran')" \
	'gidMappings are not those of the user namespace that is joined'
users
NAMESPACES="{\"type\":\"mount\"},{\"type\":\"uts\"},{\"type\":\"pid\"},
	{\"type\":\"user\"},{\"type\":\"network\",\"path\":\"/proc/self/ns/net\"}"
DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"},
 {"destination":"/dev","type":"tmpfs","source":"tmpfs"}'
is "a new one, in a network that is not its own" \
	"$(run_in 'readlink /proc/self/ns/net; ip link set lo down 2>/dev/null ||
		echo harmless')" "$(readlink /proc/self/ns/net)
harmless"
# Who execs enters those of the host with the host's rights.
ARGS='"/bin/sleep","1000"'
config
for step in create start; do
	ok "$step" rt $step $([ $step = start ] || echo --bundle "$B") mixed$$
	is "exec into it" "$(rt exec mixed$$ sh -c \
		'readlink /proc/self/ns/net; id -u')" \
		"$(readlink /proc/self/ns/net)
0"
done
ok "delete" rt delete --force mixed$$
NAMESPACES='{"type":"mount"},{"type":"uts"},{"type":"pid"},{"type":"user"},
	{"type":"cgroup","path":"/proc/self/ns/cgroup"}'
is "a new one, in a cgroup namespace that is not its own" \
	"$(run_in 'readlink /proc/self/ns/cgroup')" \
	"$(readlink /proc/self/ns/cgroup)"
NAMESPACES='{"type":"mount"},{"type":"uts"},{"type":"pid"},
	{"type":"user","path":"/proc/self/ns/user"}'
LINUX=
is "the host's own" "$(run_in 'readlink /proc/self/ns/user')" \
	"$(readlink /proc/self/ns/user)"
NAMESPACES="{\"type\":\"mount\"},{\"type\":\"uts\"},
	{\"type\":\"user\",\"path\":\"$pod/net\"}"
like "one that is none" "$(run_in 'echo ran')" "not a user namespace"
ok "delete" rt delete --force pod$$
CAPS='"CAP_KILL"'
config_defaults
ROOT_PATH='"rootfs"'
users
ARGS='"/bin/true"'
config
ok "--no-pivot" rt run --no-pivot --bundle "$B" c$$
NAMESPACES='{"type":"mount"},{"type":"uts"},{"type":"user"}'
DEFAULT_MOUNTS='{"destination":"/proc","type":"none","source":"/proc",
 "options":["rbind"]},{"destination":"/dev","type":"tmpfs","source":"tmpfs"}'
LINUX="$LINUX,\"sysctl\":{\"user.max_user_namespaces\":\"3\"}"
is "without a pid namespace, by the host's /proc" \
	"$(run_in 'cat /proc/sys/user/max_user_namespaces')" 3
finish
