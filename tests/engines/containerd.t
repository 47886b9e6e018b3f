#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# containerd with its shim for runc, whose BinaryName is runt.
# shellcheck disable=SC2016,SC2086
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

if [ -d /run/systemd/system ]; then
	systemctl start containerd
else
	containerd >"$TMP/containerd.log" 2>&1 &
	trap 'kill %1' EXIT
fi
wait_for ctr version || skip_all "containerd does not start"

STATE=/run/containerd/runc/default
options="--runc-binary $RUNT"

# A container of the image, removed at its end; and one that runs on.
crun() {
	ctr run --rm $options "$@"
}

crun_detached() {
	ctr run -d $options "$@"
}

# The pid of the task $1.
pid_of() {
	ctr task ls | awk -v id="$1" '$1 == id { print $2 }'
}

state_of() {
	ctr task ls | awk -v id="$1" '$1 == id { print $3 }'
}

podman_image
podman save -q --format oci-archive -o "$TMP/box.tar" $IMAGE
ok "import an image" ctr images import "$TMP/box.tar"
box=$IMAGE:latest

is "run prints" "$(crun $box r1 echo hello)" hello
is "input gets there" "$(echo word | crun $box r2 head -n 1)" word
exits "its status" 7 crun $box r3 sh -c 'exit 7'
exits "its signal" 137 crun --with-ns pid:/proc/1/ns/pid $box r4 \
	sh -c 'kill -KILL $$'
fails "a program that is missing" crun $box r5 no-such-program
like "is the shim's word" "$(cat "$OUTPUT")" \
	'no-such-program.*executable file not found in \$PATH'
fails "one that can't be executed" crun $box r6 /etc/passwd
like "is, too" "$(cat "$OUTPUT")" '/etc/passwd.*[Pp]ermission denied'
is "nothing is left of all these" "$(ls $STATE 2>/dev/null)" ""

ok "run -d" crun_detached $box one sh -c 'trap "exit 3" TERM
	while :; do sleep 0.1; done'
pid=$(pid_of one)
is "runt has it" "$("$RUNT" --root $STATE state one |
	sed -n 's/.*"pid": \([0-9]*\).*/\1/p')" "$pid"
is "ctr says that it runs" "$(state_of one)" RUNNING
is "exec" "$(ctr task exec --exec-id e1 one echo inside)" inside
exits "exec's status" 9 ctr task exec --exec-id e2 one sh -c 'exit 9'
fails "exec of a missing program" ctr task exec --exec-id e3 one no-such-program
like "says so" "$(cat "$OUTPUT")" 'executable file not found in \$PATH'
is "exec --user, --cwd" "$(ctr task exec --exec-id e4 --user 12:34 --cwd /tmp one \
	sh -c 'echo $(id -u):$(id -g) $(pwd)')" "12:34 /tmp"
like "exec --tty" "$(on_tty ctr task exec -t --exec-id e5 one tty)" '/dev/pts/0$'
ok "exec --detach" ctr task exec -d --exec-id e6 one touch /tmp/detached
ok "runs" wait_for ctr task exec --exec-id e7 one test -e /tmp/detached
like "ps" "$(ctr task ps one)" "^$pid "
like "metrics" "$(ctr task metrics one)" 'memory.usage|memory.current|pids.current'
ok "pause" ctr task pause one
is "ctr says so" "$(state_of one)" PAUSED
is "it is frozen" "$(cat "$(cgroup_of "$pid")/cgroup.freeze")" 1
ok "resume" ctr task resume one
is "it runs again" "$(state_of one)" RUNNING
fails "a checkpoint is refused" ctr task checkpoint one
is "and it runs on" "$(state_of one)" RUNNING
ok "kill" ctr task kill -s SIGTERM one
ok "it ends" wait_for sh -c 'ctr task ls | grep -q "^one .*STOPPED"'
like "with the status of its trap" "$(ctr task delete one 2>&1)" 'exit code 3'
ok "container delete" ctr container delete one
is "its state is gone" "$(ls $STATE 2>/dev/null)" ""

ok "container create" sh -c "ctr container create $options $box two sleep 1000"
ok "task start" ctr task start -d two
ok "task delete --force" ctr task delete --force two
ok "container delete" ctr container delete two

like "-t" "$(on_tty ctr run --rm -t "$options" $box t1 tty)" '/dev/pts/0$'
is "--memory-limit, --cpus" "$(crun --memory-limit 67108864 --cpus 0.5 --mount \
	type=cgroup,src=cgroup,dst=/sys/fs/cgroup,options=ro $box l1 \
	sh -c 'cd /sys/fs/cgroup; cat memory.max cpu.max' | tr '\n' ' ')" \
	"67108864 50000 100000 "
is "--cgroup" "$(crun --cgroup /mine/here --with-ns cgroup:/proc/1/ns/cgroup $box \
	l3 cat /proc/self/cgroup)" 0::/mine/here
rmdir /sys/fs/cgroup/mine 2>/dev/null
is "--user" "$(crun --user 12:34 $box p1 sh -c 'echo $(id -u):$(id -g)')" 12:34
is "--env --cwd" "$(crun --env A=b --cwd /tmp $box p2 sh -c 'echo $A $(pwd)')" \
	"b /tmp"
is "--cap-drop" "$(crun --cap-drop CAP_CHOWN $box p4 \
	sh -c 'echo $((0x$(sed -n "s/^CapEff:[	 ]*//p" /proc/self/status) & 1))')" 0
is "--seccomp" "$(crun --seccomp $box p5 sed -n 's/^Seccomp:[	 ]*//p' \
	/proc/self/status)" 2
ok "--privileged" crun --privileged $box p6 mount -t tmpfs x /mnt
fails "--read-only" crun --read-only $box p7 touch /x
is "--mount" "$(mkdir "$TMP/dir" && echo text >"$TMP/dir/file"
	crun --mount "type=bind,src=$TMP/dir,dst=/v,options=rbind:ro" $box m1 \
		cat /v/file)" text
is "--net-host" "$(crun --net-host $box n1 readlink /proc/self/ns/net)" \
	"$(readlink /proc/self/ns/net)"
is "--with-ns" "$(ip netns add other
	ip netns exec other ip link add dev dummy9 type dummy
	crun --with-ns network:/run/netns/other $box n2 ls /sys/class/net |
		grep -c dummy9
	ip netns del other)" 1
is "--rootfs" "$(ctr run --rm $options --rootfs /bundle/rootfs n3 \
	grep -c ^root: /etc/passwd)" 1
is "--uidmap" "$(crun --uidmap 0:100000:1000 --gidmap 0:100000:1000 $box u1 \
	awk '{ print $2 }' /proc/self/uid_map)" 100000

if [ -d /run/systemd/system ]; then
	ok "--runc-systemd-cgroup" crun_detached --runc-systemd-cgroup \
		--cgroup system.slice:ctr:sys --memory-limit 67108864 $box sys \
		sleep 1000
	is "makes a scope" "$(cgroup_of "$(pid_of sys)")" \
		/sys/fs/cgroup/system.slice/ctr-sys.scope
	is "which knows its limit" \
		"$(systemctl show -p MemoryMax ctr-sys.scope)" MemoryMax=67108864
	ok "kill it" ctr task kill -s SIGKILL sys
	ok "it ends" wait_for sh -c 'ctr task ls | grep -q "^sys .*STOPPED"'
	ok "delete it" ctr task delete sys
	is "the scope is gone" "$(systemctl show -p ActiveState ctr-sys.scope)" \
		ActiveState=inactive
fi

like "the shim reads runt's features" "$(ctr plugins inspect-runtime $options |
	tr -d ' \n')" '"ociVersionMin":"1\.'
finish
