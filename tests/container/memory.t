#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# How little memory it takes: the peak of every process of runt's, what a
# container's cgroup is charged before its program runs, and the least
# memory.max under which a static program runs. Kernels and pages differ: the
# numbers are in the log, the limits are the targets.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root
cp "$HELPER" "$B/rootfs/true"

# Fails, and says so, if process $2 has had more than 512 KiB resident.
is_small() {
	peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$2/status")
	if [ "$peak" ] && [ "$peak" -le 512 ]; then
		pass "$1: $peak of 512 KiB"
	else
		fail "$1: ${peak:-unknown} of 512 KiB"
	fi
}

ARGS='"/bin/sleep","60"'
config
"$RUNT" --root "$STATE" run --bundle "$B" r &
runtime=$!
runs() {
	rt state r 2>/dev/null | grep -q running
}
await runs
is_small "run" $runtime
rt delete --force r
wait $runtime

# Its init is a process of runt's until it is started.
rt create --bundle "$B" c
pid=$(rt state c | sed -n 's/.*"pid": \([0-9]*\).*/\1/p')
is_small "init, before it executes the program" "$pid"
if has_controller memory; then
	if [ -e "$CGROUPS/c/memory.peak" ]; then
		diag "charged to the cgroup: $(cat "$CGROUPS/c/memory.peak") bytes"
	else
		diag "charged now: $(cat "$CGROUPS/c/memory.current") bytes"
	fi
fi
rt delete --force c

limit() {
	LINUX=",\"resources\":{\"memory\":{\"limit\":$(($1 * 1024)),
		\"swap\":$(($1 * 1024))}}"
	config
}

# Whether the program runs under $1 KiB, three times.
runs_under() {
	limit "$1"
	for _ in 1 2 3; do
		rt run --bundle "$B" m >"$OUTPUT" 2>&1
		[ $? = 98 ] || return 1 # what the helper ends with
	done
}

if has_controller memory; then
	ARGS='"/true"'
	ok "a static program runs" runs_under 4096
	limit 192
	ok "under 192 KiB: create" rt create --bundle "$B" m
	is "  its memory.max" "$(cat "$CGROUPS/m/memory.max")" $((192 * 1024))
	if [ -e "$CGROUPS/m/memory.peak" ]; then
		diag "at most charged by then: $(cat "$CGROUPS/m/memory.peak") bytes"
	fi
	is "  nothing was killed" \
		"$(sed -n 's/^oom_kill //p' "$CGROUPS/m/memory.events")" 0
	ok "  start" rt start m
	ok "  delete" rt delete --force m
	least=
	# From above, not from far above: for limits beyond 256 KiB the kernel keeps
	# some of it for each processor, and may miss it then.
	for kib in 192 160 128 96 64; do
		runs_under $kib || break
		least=$kib
	done
	if [ "$least" ]; then
		diag "it needs a memory.max of $least KiB"
		pass "run, under 192 KiB"
	else
		fail "run, under 192 KiB"
		diag "$(cat "$OUTPUT")"
	fi
fi
finish
