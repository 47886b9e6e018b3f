#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64
#
# The limits of memory, processes and CPU time, hit by a container.
# shellcheck disable=SC2016,SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
C=/rt-effects-$$

# Makes a container with resources $1 and the shell command $2, runs it to its
# end and leaves it there with its cgroup.
limited() {
	LINUX=",\"cgroupsPath\":\"$C\",\"resources\":{$1}"
	ARGS=$(sh_args "$2")
	config
	rt run --keep --bundle "$B" c </dev/null
}

remove() {
	rt delete --force c
}

value() {
	sed -n "s/^$2 //p" "$CGROUPS$C/$1"
}

## Memory

# Reads an endless line.
if has_controller memory; then
	is "memory: who takes more is killed" "$(limited '
		"memory":{"limit":16777216,"swap":16777216}' '
		tail /dev/zero 2>/dev/null
		echo $?')" 137
	is "  by the OOM killer" "$(value memory.events oom_kill)" 1
	remove
	is "memory: enough is no problem" "$(limited '
		"memory":{"limit":67108864}' '
		head -c 1000000 /dev/zero | tail | wc -c')" 1000000
	is "  for the OOM killer" "$(value memory.events oom_kill)" 0
	remove
	exits "an init that is killed" 137 limited '
		"memory":{"limit":16777216,"swap":16777216}' \
		'exec tail /dev/zero'
	remove

	fails "too little to start" limited '"memory":{"limit":4096}' true
	is "  is told as what it is" "$(cat "$OUTPUT")" \
		"runt: container init was OOM-killed (memory limit too low?)"
	ok "  and leaves no cgroup" [ ! -e "$CGROUPS$C" ]
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		rt run --bundle "$B" c
	done >"$TMP/oom" 2>&1
	is "  whenever it is killed" \
		"$(grep -cv OOM-killed "$TMP/oom")" 0

	# Its own init can't be killed: what comes after it is.
	LINUX=",\"cgroupsPath\":\"$C\",\"resources\":{
		\"memory\":{\"limit\":16777216,\"swap\":16777216}}"
	PROCESS=',"oomScoreAdj":-1000'
	ARGS='"/bin/sleep","1000"'
	config
	rt run --detach --bundle "$B" c </dev/null >/dev/null 2>&1
	rt update --memory 4096 --memory-swap 4096 c
	# What the kernel charged in advance might do for true alone.
	more=$(head -c 120000 /dev/zero | tr '\0' x)
	exits "too little for one more process" 255 rt exec --env "A=$more" \
		--env "B=$more" --env "C=$more" --env "D=$more" c true
	# Where the kernel finds nobody to kill, there is no memory for a
	# system call, or for the word that one failed.
	like "  is told, too" "$(cat "$OUTPUT")" "^runt: (process \
(was OOM-killed \(memory limit too low\?\)|ended with status 1 before it was ready)\
|.*: Out of memory)$"
	rt delete --force c
	PROCESS=
fi

# Swap is the machine's: only where nobody else is. Half of what is used fits
# into memory.
if [ -e /etc/board ] && [ -e /proc/swaps ] && has_controller memory; then
	loop=$(losetup -f)
	dd if=/dev/zero of="$TMP/swap" bs=1M count=48 2>/dev/null
	losetup "$loop" "$TMP/swap" && mkswap "$loop" >/dev/null && swapon "$loop"
	take='head -c 32000000 /dev/zero | tail | wc -c'
	is "swap: enough of it is used" "$(limited '
		"memory":{"limit":25165824,"swap":67108864}' "$take")" 32000000
	isnt "  indeed" "$(value memory.stat pswpout)" 0
	remove
	isnt "swap: as much as memory is none" "$(limited '
		"memory":{"limit":25165824,"swap":25165824}' "$take")" 32000000
	isnt "  and the OOM killer comes" "$(value memory.events oom_kill)" 0
	remove
	swapoff "$loop"
	losetup -d "$loop"
	rm "$TMP/swap"
fi

## Huge pages

if [ -e /etc/board ] && [ -e /proc/sys/vm/nr_hugepages ] && has_controller hugetlb; then
	kb=$(sed -n 's/^Hugepagesize: *\([0-9]*\) kB/\1/p' /proc/meminfo)
	size=${kb}KB
	[ "$kb" -lt 1024 ] || size=$((kb / 1024))MB
	echo 3 >/proc/sys/vm/nr_hugepages
	MOUNTS=',{"destination":"/tmp","type":"tmpfs","source":"tmpfs"},
		{"destination":"/tmp/huge","type":"hugetlbfs","source":"huge"}'
	is "hugetlb: one page of two that are free" "$(limited "
		\"hugepageLimits\":[{\"pageSize\":\"$size\",\"limit\":$((kb * 1024))}]" "
		fallocate -l $((kb * 1024)) /tmp/huge/a && echo one
		fallocate -l $((kb * 1024)) /tmp/huge/b && echo two" 2>/dev/null)" one
	isnt "  the other is counted" \
		"$(value "hugetlb.$size.events" max)$(value \
			"hugetlb.$size.rsvd.events" max 2>/dev/null)" 00
	remove
	is "hugetlb: both" "$(limited "
		\"hugepageLimits\":[{\"pageSize\":\"$size\",\"limit\":$((kb * 2048))}]" "
		fallocate -l $((kb * 1024)) /tmp/huge/a && echo one
		fallocate -l $((kb * 1024)) /tmp/huge/b && echo two" 2>/dev/null)" "one
two"
	remove
	echo 0 >/proc/sys/vm/nr_hugepages
	MOUNTS=
fi

## Processes

if has_controller pids; then
	is "pids: what is allowed can fork" "$(limited '"pids":{"limit":4}' '
		sleep 0 & sleep 0 & sleep 0 & wait; echo done')" "done"
	remove
	fails "pids: more can not" limited '"pids":{"limit":4}' '
		for i in 1 2 3 4 5 6; do sleep 1 & done; wait'
	like "  they get EAGAIN" "$(cat "$OUTPUT")" \
		"can't fork: Resource temporarily unavailable"
	isnt "  which is counted" "$(value pids.events max)" 0
	remove
	ok "pids: 0 leaves init alone" limited '"pids":{"limit":0}' exit
	remove
fi

## CPU time

if has_controller cpu; then
	# Loops for a second of the clock.
	busy='timeout 1 sh -c "while :; do :; done" || :'
	ok "cpu: a quota of 20 %" limited \
		'"cpu":{"quota":10000,"period":50000}' "$busy"
	used=$(value cpu.stat usage_usec)
	periods=$(value cpu.stat nr_periods)
	diag "$used us in $periods periods of 50000 us"
	ok "  is kept, about" [ "$used" -lt $((periods * 20000)) ]
	isnt "  by throttling" "$(value cpu.stat nr_throttled)" 0
	remove
	ok "cpu: no quota" limited '"cpu":{"quota":-1}' "$busy"
	is "  no throttling" "$(value cpu.stat nr_throttled)" 0
	remove
fi
if has_controller cpuset; then
	is "cpuset: one CPU" "$(limited '"cpu":{"cpus":"0"}' \
		'sed -n "s/^Cpus_allowed_list:	//p" /proc/self/status')" 0
	remove
fi

[ ! -e "$CGROUPS$C" ] || fail "the cgroup is gone"
finish
