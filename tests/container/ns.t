#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm
# shellcheck disable=SC2016
# parallel-safe
#
# linux.namespaces: new ones, joined ones, the host's; and what is set in them:
# hostname, domainname, clocks, the loopback interface.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b

has() {
	[ -e "/proc/self/ns/$1" ]
}

## New, or the host's

# One that the kernel lacks is empty.
LINKS='cd /proc/self/ns; for f in pid net ipc uts cgroup time mnt; do
	echo $f $(readlink $f); done'
(eval "$LINKS") >"$TMP/host"
TIME=
! has time || TIME=',{"type":"time"}'
NAMESPACES=$NAMESPACES$TIME
run_in "$LINKS" >"$TMP/all"
# Without a new uts namespace there could be no hostname.
NAMESPACES='{"type":"mount"},{"type":"uts"}'
run_in "$LINKS" >"$TMP/few"
config_defaults

of() {
	sed -n "s/^$2 //p" "$TMP/$1"
}
for file in pid net ipc uts cgroup time mnt; do
	if ! has $file; then
		skip "$file" "not in this kernel"
		continue
	fi
	like "$file: a namespace" "$(of all $file)" "^$file:.[0-9]+.\$"
	isnt "$file: a new one" "$(of all $file)" "$(of host $file)"
	case $file in
	uts | mnt) continue ;;
	esac
	is "$file: the host's when it is not listed" "$(of few $file)" \
		"$(of host $file)"
done
is "the process is the first in its pid namespace" "$(run_in 'echo $$')" 1
is "and sees no other" \
	"$(run_in 'for p in /proc/[0-9]*; do echo ${p#/proc/}; done')" 1

## Joined by path

# A process in namespaces of its own, to be joined.
flags="-n -i -u"
! has time || ! unshare -T true 2>/dev/null || flags="$flags -T"
# shellcheck disable=SC2086
unshare $flags sh -c 'hostname joined; ip link set lo up; exec sleep 1000' >/dev/null 2>&1 &
holder=$!
await grep -q sleep "/proc/$holder/comm"
for pair in network:net ipc:ipc uts:uts time:time; do
	kind=${pair%:*} file=${pair#*:}
	other=/proc/$holder/ns/$file
	if ! has "$file"; then
		skip "join $kind" "not in this kernel"
		continue
	fi
	NAMESPACES="{\"type\":\"mount\"},{\"type\":\"pid\"},
		{\"type\":\"$kind\",\"path\":\"$other\"}"
	[ "$kind" = uts ] || NAMESPACES="$NAMESPACES,{\"type\":\"uts\"}"
	is "join $kind" "$(run_in "readlink /proc/self/ns/$file")" \
		"$(readlink "$other")"
done

# Its own init is outside, the container's is not number 1.
unshare -p -f sleep 1000 >/dev/null 2>&1 &
pidns=$!
has_child() {
	inner=$(awk -v p="$pidns" '$4 == p { print $1 }' /proc/[0-9]*/stat \
		2>/dev/null)
	[ "$inner" ]
}
await has_child
inner=${inner%% *}
NAMESPACES="{\"type\":\"mount\"},{\"type\":\"uts\"},
	{\"type\":\"pid\",\"path\":\"/proc/$inner/ns/pid\"}"
is "join pid" "$(run_in 'readlink /proc/self/ns/pid')" \
	"$(readlink "/proc/$inner/ns/pid")"
isnt "its first process is another" "$(run_in 'echo $$')" 1
kill -9 "$inner"

# The container's mounts stand on its root, and nowhere else in there.
for propagation in private shared; do
	rm -f "$TMP/begun"
	unshare -m --propagation $propagation sh -c 'echo; exec sleep 1000' \
		>"$TMP/begun" 2>&1 &
	mounts=$!
	await test -s "$TMP/begun"
	at=/proc/$mounts/ns/mnt
	grep -v " $ROOT" "/proc/$mounts/mountinfo" >"$TMP/before"
	NAMESPACES="{\"type\":\"uts\"},{\"type\":\"mount\",\"path\":\"$at\"}"
	if [ $propagation = shared ]; then
		like "join mount, where its mounts would spread" \
			"$(run_in 'echo ran')" \
			'in a shared mount of the joined mount namespace'
	else
		is "join mount" "$(run_in 'readlink /proc/self/ns/mnt; ls -d /bin
			echo /dev/n*' | tr '\n' ' ')" \
			"$(readlink "$at") /bin /dev/null "
		ARGS='"/bin/sleep","1000"'
		config
		ok "  a container that stays" rt run -d -b "$B" j$$ \
			</dev/null
		is "  exec is in its root, too" "$(rt exec j$$ ls -d /bin/busybox \
			"$TMP" 2>/dev/null)" /bin/busybox
		ok "  delete" rt delete --force j$$
		MOUNTS=',{"destination":"/mnt","type":"tmpfs","options":["iversion"]}'
		like "  but not for mount(2)" "$(run_in 'echo ran')" \
			'/mnt: iversion.* do not go with a joined mount namespace'
		MOUNTS=
	fi
	is "  elsewhere nothing is mounted" \
		"$(grep -v " $ROOT" "/proc/$mounts/mountinfo")" "$(cat "$TMP/before")"
	kill -9 $mounts
done

## What can't be joined

NEW='{"type":"mount"},{"type":"uts"}'
NAMESPACES="$NEW,{\"type\":\"network\",\"path\":\"/proc/$holder/ns/uts\"}"
like "a namespace of another kind" "$(run_in 'echo ran')" \
	"/proc/$holder/ns/uts: not a network namespace"
NAMESPACES="$NEW,{\"type\":\"network\",\"path\":\"/dev/null\"}"
like "a file that is no namespace" "$(run_in 'echo ran')" \
	"/dev/null: not a network namespace"
NAMESPACES="$NEW,{\"type\":\"network\",\"path\":\"/nonexistent\"}"
like "a file that is not there" "$(run_in 'echo ran')" \
	'/nonexistent: No such file'
mkfifo "$TMP/fifo"
NAMESPACES="$NEW,{\"type\":\"network\",\"path\":\"$TMP/fifo\"}"
like "a FIFO does not block" "$(run_in 'echo ran')" \
	"fifo: not a network namespace"
NAMESPACES="$NEW,{\"type\":\"network\"},{\"type\":\"network\"}"
unlike "a namespace listed twice" "$(run_in 'echo ran')" '^ran'
NAMESPACES="$NEW,{\"type\":\"net\"}"
like "an unknown kind is named" "$(run_in 'echo ran')" '"net"'
kill $holder

## Names

config_defaults
is "hostname" "$(run_in hostname)" testhost
host=$(hostname)
TOP=',"domainname":"example.org"'
is "domainname" "$(run_in 'cat /proc/sys/kernel/domainname')" example.org
is "the host's name is what it was" "$(hostname)" "$host"
NAMESPACES='{"type":"pid"},{"type":"mount"}'
TOP=
unlike "a hostname without a uts namespace is refused" \
	"$(run_in 'echo ran')" '^ran'
is "and the host's name is what it was" "$(hostname)" "$host"

## Loopback

config_defaults
like "lo is up" "$(run_in 'ip link show lo')" '<LOOPBACK,UP'
if [ -e /proc/sys/net/ipv4 ]; then
	like "and has its address" "$(run_in 'ip addr show lo')" \
		'inet 127.0.0.1/8'
fi

is "sysfs shows its interfaces" "$(run_in 'ls /sys/class/net')" \
	"$(run_in 'sed -n "s/^ *\(.*\):.*/\1/p" /proc/net/dev | sort')"
if command -v strace >/dev/null; then
	config
	failing() {
		strace -o /dev/null -e "inject=$1" \
			"$RUNT" --root "$STATE" run --bundle "$B" lost 2>&1
	}
	like "one that can't be made" "$(failing unshare:error=ENOSPC)" \
		'make namespaces \(network\): No space left on device; raise'
	like "no way back from it" "$(failing setns:error=EIO:when=2)" \
		'return to the network namespace: I/O error'
	fails "nothing is left of either" rt state lost
	is "no cgroup" "$(find "$CGROUPS" -name lost 2>/dev/null)" ""
	ok "where it is known that there is none, the child makes it" \
		failing setns:error=EPERM:when=1
else
	skip "a network that can't be made" "no strace"
fi

## Clocks

uptime_in() {
	run_in 'read -r up _ </proc/uptime; echo ${up%.*}'
}
if has time; then
	NEW='{"type":"pid"},{"type":"mount"},{"type":"uts"},{"type":"time"}'
	NAMESPACES=$NEW
	LINUX=',"timeOffsets":{"boottime":{"secs":1000000,"nanosecs":5},
		"monotonic":{"secs":2000000,"nanosecs":0}}'
	read -r up _ </proc/uptime
	up=${up%.*}
	inside=$(uptime_in)
	ok "boottime runs ahead" \
		test $((inside - up)) -ge 1000000 -a $((inside - up)) -lt 1000100
	like "the offsets are the config's" \
		"$(run_in 'tr -s " " <"/proc/self/timens_offsets"')" \
		'^monotonic 2000000 0$'
	LINUX=
	inside=$(uptime_in)
	ok "without offsets the clock is the host's" \
		test $((inside - up)) -ge 0 -a $((inside - up)) -lt 100
	LINUX=',"timeOffsets":{"boottime":{"secs":-1000000000}}'
	like "a clock before 0 is refused" "$(run_in 'echo ran')" \
		'timeOffsets'
	NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"uts"}'
	LINUX=',"timeOffsets":{"boottime":{"secs":1}}'
	like "offsets without a time namespace are refused" \
		"$(run_in 'echo ran')" 'timeOffsets'
else
	NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"uts"},{"type":"time"}'
	got=$(run_in 'echo ran')
	unlike "a time namespace is refused where there is none" "$got" '^ran'
	like "and the kernel's option is named" "$got" 'CONFIG_TIME_NS'
fi

finish
