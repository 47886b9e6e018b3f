#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016
# parallel-safe
#
# linux.sysctl: what is set in the container and not on the host, and what is
# refused.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b

# sysctl KEY VALUE: in the config.
sysctl() {
	LINUX=",\"sysctl\":{\"$1\":\"$2\"}"
}

# Each line: key, file below /proc/sys, value.
cat >"$TMP/all" <<'END'
net.ipv4.ip_forward net/ipv4/ip_forward 1
net/ipv4/ip_nonlocal_bind net/ipv4/ip_nonlocal_bind 1
net.ipv4.ping_group_range net/ipv4/ping_group_range 10 20
net.ipv4.ip_local_port_range net/ipv4/ip_local_port_range 20000 30000
net.core.somaxconn net/core/somaxconn 77
kernel.shmmax kernel/shmmax 1234567
kernel.sem kernel/sem 100 1000 10 20
kernel.msgmax kernel/msgmax 4321
kernel/shm_rmid_forced kernel/shm_rmid_forced 1
fs.mqueue.msg_max fs/mqueue/msg_max 12
kernel.domainname kernel/domainname example.org
END
while read -r key file value; do
	if [ -e "/proc/sys/$file" ]; then
		echo "$key $file $value" >>"$TMP/some"
		cat "/proc/sys/$file" >>"$TMP/before"
	else
		skip "$key" "not in this kernel"
	fi
done <"$TMP/all"
LINUX=",\"sysctl\":{$(while read -r key _ value; do
	echo "\"$key\":\"$value\""
done <"$TMP/some" | paste -s -d ,)}"
files=$(while read -r _ file _; do
	echo "/proc/sys/$file"
done <"$TMP/some")
# shellcheck disable=SC2086
run_in 'cat' $files | tr '\t' ' ' >"$TMP/inside"
exec 3<"$TMP/inside"
while read -r key file value; do
	got=
	read -r got <&3 || :
	is "$key = $value" "$got" "$value"
done <"$TMP/some"
exec 3<&-
# shellcheck disable=SC2086
is "the host has what it had" "$(cat $files)" "$(cat "$TMP/before")"

# What the container has as /proc may not do for that.
if [ -e /proc/sys/kernel/shmmax ]; then
	sysctl kernel.shmmax 1234567
	for option in ro subset=pid; do
		got=$(
			DEFAULT_MOUNTS="{\"destination\":\"/proc\",
				\"type\":\"proc\",\"options\":[\"$option\"]},
				{\"destination\":\"/dev\",\"type\":\"tmpfs\"},
				{\"destination\":\"/mnt\",\"type\":\"proc\"}"
			run_in 'cat /mnt/sys/kernel/shmmax'
		)
		case $got in
		*"option subset"*) skip "a /proc that is $option" "before 5.8" ;;
		*) is "a /proc that is $option" "$got" 1234567 ;;
		esac
	done
fi

if [ -e /proc/sys/net/ipv4/route/flush ]; then
	sysctl net.ipv4.route.flush 1
	is "one that can't be read" "$(run_in 'echo ran')" ran
fi

# A network namespace with a VLAN's name in it.
ns_run() {
	nsenter -t "$holder" -n "$@"
}
unshare -n sleep 1000 >/dev/null 2>&1 &
holder=$!
is_apart() {
	[ "$(readlink "/proc/$holder/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}
await is_apart
vlan='net.ipv4.conf.eth0/100.forwarding'
if ns_run ip link set lo name eth0.100 2>"$TMP/why" &&
	ns_run test -e /proc/sys/net/ipv4/conf/eth0.100; then
	NAMESPACES="{\"type\":\"pid\"},{\"type\":\"ipc\"},{\"type\":\"uts\"},
		{\"type\":\"mount\"},
		{\"type\":\"network\",\"path\":\"/proc/$holder/ns/net\"}"
	for key in net.ipv4.conf.eth0/100.forwarding \
		net/ipv4/conf/eth0.100/forwarding; do
		for value in 1 0; do
			sysctl "$key" $value
			is "a name with a dot: $key = $value" \
				"$(run_in 'cat /proc/sys/net/ipv4/conf/eth0.100/forwarding')" \
				$value
		done
	done
else
	skip "$vlan" "$(cat "$TMP/why")"
fi
kill $holder
config_defaults

## What is refused

refused() {
	sysctl "$2" "$3"
	got=$(run_in 'echo ran')
	unlike "$1" "$got" '^ran'
	like "the sysctl is named" "$got" "$4"
}

core=$(cat /proc/sys/kernel/core_pattern)
refused "kernel.core_pattern" kernel.core_pattern '|/evil' \
	'"kernel.core_pattern" is not in a separate kernel namespace'
refused "the same with slashes" kernel/core_pattern '|/evil' \
	'"kernel/core_pattern" is not'
refused "the way up" net/../kernel/core_pattern '|/evil' \
	'"net/../kernel/core_pattern" is not'
refused "the way up, swapped" net.//.kernel.core_pattern '|/evil' \
	'net.//.kernel.core_pattern'
refused "kernel.hostname" kernel.hostname x '"kernel.hostname" is not'
refused "vm.swappiness" vm.swappiness 1 '"vm.swappiness" is not'
refused "an unknown one" net.ipv4.no_such_thing 1 'no_such_thing'
refused "a value that the kernel does not take" kernel.msgmax abc \
	'"abc" to /proc/sys/kernel/msgmax'
is "the host's core_pattern is what it was" \
	"$(cat /proc/sys/kernel/core_pattern)" "$core"

NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"uts"},{"type":"ipc"}'
refused "net without a network namespace" net.core.somaxconn 99 \
	'not allowed in the host.s network namespace'
NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"uts"},
	{"type":"network","path":"/proc/self/ns/net"}'
refused "net when the host's namespace is joined" net.core.somaxconn 99 \
	'not allowed in the host.s network namespace'
NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"uts"},{"type":"network"}'
refused "kernel.shmmax without an ipc namespace" kernel.shmmax 1 \
	'not allowed in the host.s ipc namespace'
refused "fs.mqueue without an ipc namespace" fs.mqueue.msg_max 1 \
	'not allowed in the host.s ipc namespace'

finish
