#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: x86_64
#
# update: limits and device rules of a container that exists.
# shellcheck disable=SC2016,SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
C=/rt-update-$$
CAPS='"CAP_MKNOD","CAP_SYSLOG"'
mkdir "$TMP/share"
MOUNTS=",{\"destination\":\"/tmp\",\"source\":\"$TMP/share\",\"options\":[\"bind\"]}"

value() {
	cat "$CGROUPS$C/$1"
}

start() {
	LINUX=",\"cgroupsPath\":\"$C\",\"resources\":{$1}"
	ARGS=$(sh_args "$2")
	config
	rt run --detach --bundle "$B" c </dev/null >/dev/null 2>&1
}

from_stdin() {
	printf '%s' "$1" | rt update --resources - c
}

from_file() {
	printf '%s' "$1" >"$TMP/resources"
	rt update -r "$TMP/resources" c
}

## Device rules: a loop looks whether kmsg can be read

DENY='{"allow":false,"access":"rwm"}'
KMSG='{"allow":true,"type":"c","major":1,"minor":11,"access":"r"}'
start "\"devices\":[$DENY]" '
	mknod /dev/k c 1 11
	while :; do
		(: </dev/k) 2>/dev/null && echo yes >/tmp/new || echo no >/tmp/new
		mv /tmp/new /tmp/answer
		sleep 0.1
	done'
answer_is() {
	[ "$(cat "$TMP/share/answer")" = "$1" ]
}
answers() {
	await answer_is "$1"
}
ok "a device is refused" answers no
ok "a rule by update" from_stdin "{\"devices\":[$DENY,$KMSG]}"
ok "  it can be opened" answers yes
fails "a wrong rule" from_stdin '{"devices":[{"allow":true,"access":"x"}]}'
like "  it says where" "$(cat "$OUTPUT")" \
	'standard input:1:[0-9]*: devices\[0\]\.access'
fails "a rule, and a limit that can't be" from_file \
	"{\"devices\":[$DENY],\"unified\":{\"nothing.max\":\"1\"}}"
like "  it says what" "$(cat "$OUTPUT")" \
	'unified resource "nothing\.max" can.t be set'
sleep 0.5
ok "  it can still be opened" answers yes
ok "another update does not change the rules" rt update c
ok "  it can still be opened" answers yes
ok "the rules of before" from_file "{\"devices\":[$DENY]}"
ok "  it is refused again" answers no
rt delete --force c

## Limits

start '' 'exec sleep 1000'
if has_controller memory; then
	swap() {
		# Not every kernel has swap.
		value memory.swap.max 2>/dev/null || echo "$1"
	}
	ok "memory" rt update --memory 64m c
	is "  memory.max" "$(value memory.max)" 67108864
	ok "memory and swap" rt update --memory 32M --memory-swap 48MiB \
		--memory-reservation 1.5m c
	is "  memory.max" "$(value memory.max)" 33554432
	is "  memory.swap.max" "$(swap 16777216)" 16777216
	is "  memory.low" "$(value memory.low)" 1572864
	ok "memory alone" rt update --memory 50m c
	is "  memory.max is more than both were together" \
		"$(value memory.max)" 52428800
	is "  memory.swap.max is as before" "$(swap 16777216)" 16777216
	ok "swap alone" rt update --memory-swap 60m c
	is "  memory.swap.max is what memory leaves of it" \
		"$(swap 10485760)" 10485760
	ok "less memory" rt update --memory 40m c
	is "  memory.swap.max is as before" "$(swap 10485760)" 10485760
	fails "less of both than memory" rt update --memory-swap 39m c
	like "  it says so" "$(cat "$OUTPUT")" \
		'linux\.resources\.memory\.swap: memory\+swap limit should be >= memory limit'
	is "  memory.max is as before" "$(value memory.max)" 41943040
	fails "less than there is" from_stdin \
		'{"memory":{"limit":4096,"swap":4096,"checkBeforeUpdate":true}}'
	like "  it says so" "$(cat "$OUTPUT")" \
		'rejecting memory(\+swap)? limit 4096 <= usage [0-9]*'
	ok "all memory" rt update --memory -1 c
	is "  memory.max" "$(value memory.max)" max
	is "  memory.swap.max, too" "$(swap max)" max
fi
if has_controller cpu; then
	ok "a period" rt update --cpu-period 50000 c
	is "  cpu.max" "$(value cpu.max)" "max 50000"
	ok "then a quota" rt update --cpu-quota 20000 c
	is "  keeps the period" "$(value cpu.max)" "20000 50000"
	ok "then a period" rt update --cpu-period 40000 c
	is "  keeps the quota" "$(value cpu.max)" "20000 40000"
	ok "no quota" rt update --cpu-quota=-1 c
	is "  keeps the period, too" "$(value cpu.max)" "max 40000"
	ok "zeros mean nothing" from_stdin '{"cpu":{"quota":0,"period":0,
		"shares":0},"memory":{"limit":0,"swap":0}}'
	is "  cpu.max is as before" "$(value cpu.max)" "max 40000"
	rt update --cpu-period 50000 c
	rt update --cpu-quota 10000 --cpu-period 0 c
	is "  indeed" "$(value cpu.max)" "10000 50000"
	rt update --cpu-quota -1 --cpu-period 40000 c
	ok "shares" rt update --cpu-share 512 c
	is "  cpu.weight" "$(value cpu.weight)" 59
	if [ -e "$CGROUPS$C/cpu.max.burst" ]; then
		ok "a burst" rt update --cpu-quota 20000 --cpu-burst 10000 c
		is "  cpu.max.burst" "$(value cpu.max.burst)" 10000
		ok "both less" rt update --cpu-quota 5000 --cpu-burst 1000 c
		is "  cpu.max" "$(value cpu.max)" "5000 40000"
		ok "both more" rt update --cpu-quota 30000 --cpu-burst 30000 c
		is "  cpu.max.burst" "$(value cpu.max.burst)" 30000
	fi
	if [ -e "$CGROUPS$C/cpu.idle" ]; then
		ok "idle" rt update --cpu-idle 1 c
		is "  cpu.idle" "$(value cpu.idle)" 1
		fails "shares, while it is idle" rt update --cpu-share 100 c
		like "  it says why" "$(cat "$OUTPUT")" 'idle has no weight'
		ok "no longer idle" rt update --cpu-idle 0 c
		is "  it has the weight of before" "$(value cpu.weight)" 59
	else
		fails "idle" rt update --cpu-idle 1 c
		like "  it says what it needs" "$(cat "$OUTPUT")" \
			'cpu\.idle; it takes Linux 5\.15'
	fi
fi
if has_controller cpuset; then
	ok "CPUs" rt update --cpuset-cpus 0 --cpuset-mems 0 c
	is "  cpuset.cpus" "$(value cpuset.cpus)" 0
fi
if has_controller pids; then
	ok "pids" rt update --pids-limit 50 c
	is "  pids.max" "$(value pids.max)" 50
	ok "any number" rt update --pids-limit -1 c
	is "  pids.max" "$(value pids.max)" max
fi
if has_controller io; then
	ok "the weight of I/O" rt update --blkio-weight 20 c
	if [ -e "$CGROUPS$C/io.bfq.weight" ]; then
		like "  io.bfq.weight" "$(value io.bfq.weight)" '^(default )?20$'
	else
		like "  io.weight" "$(value io.weight)" '^default 102$'
	fi
fi
case $CONTROLLERS in
*" memory "*" pids "*)
	rt update --pids-limit 7 c
	ok "several, from a file" from_file \
		'{"memory":{"limit":50000000},"pids":{"limit":9}}'
	is "  they are all set" "$(value pids.max)" 9
	fails "one of several is wrong" from_file \
		'{"pids":{"limit":11},"memory":{"limit":60000000},
		"cpu":{"cpus":"4000"}}'
	is "  the others are as before: pids" "$(value pids.max)" 9
	is "  and memory" "$(value memory.max)" 49999872
	ok "and the next update does not know them" rt update --cpu-share 100 c
	is "  either" "$(value pids.max)" 9
	;;
esac

## All or nothing: files that depend on each other, or forget

case " $(cat "$CGROUPS/cgroup.controllers") " in
*" cpu "*)
	rt delete --force c
	start '"cpu":{"shares":512,"quota":20000,"burst":20000}' 'exec sleep 1000'
	before=$(value cpu.max) weight=$(value cpu.weight)
	fails "a refused update" rt update --cpu-quota -1 --cpu-burst 30000 \
		--cpuset-cpus 9999 c
	is "  leaves the quota" "$(value cpu.max)" "$before"
	is "  and the burst" "$(value cpu.max.burst)" 20000
	fails "a refused update to idle" rt update --cpu-idle 1 \
		--cpuset-cpus 9999 c
	is "  leaves the weight" "$(value cpu.weight)" "$weight"
	if grep -q pids "$CGROUPS/cgroup.controllers"; then
		rt update --pids-limit 20 c
		echo 33 >"$CGROUPS$C/pids.max"
		fails "a burst beyond the quota" rt update --cpu-burst 60000 c
		is "  writes nothing else" "$(value pids.max)" 33
	fi
	;;
*) skip "all or nothing" "no controller cpu" ;;
esac

## Errors

fails "a document of another kind" from_stdin '{"linux":{"resources":{}}}'
like "  it says so" "$(cat "$OUTPUT")" \
	"standard input:1:2: linux: no key of linux.resources"
ok "an empty one is as good as none" from_stdin '{}'
ok "and one with more than is known" from_stdin '{"cpu":null,"x":{"y":1}}'
while IFS='|' read -r option text; do
	# shellcheck disable=SC2086
	fails "update $option" rt update $option c
	like "  it says why" "$(cat "$OUTPUT")" "$text"
done <<'END'
--memory 1x|invalid value for memory: "1x": not a number
--memory -2|invalid value for memory: "-2": not a number
--memory 99999999999t|invalid value for memory: .*: out of range
--memory kb|invalid value for memory: "kb": not a number
--cpu-quota 1.5|invalid value for cpu-quota: "1.5": not a number
--cpu-period -1|invalid value for cpu-period: "-1": not a number
--cpu-idle 2|linux.resources.cpu.idle: must be 0 or 1
--blkio-weight 1001|linux.resources.blockIO.weight: must be between 10 and 1000
--resources /nowhere|/nowhere
--l3-cache-schema L3:0=f|schemata are of containers with linux.intelRdt, and this one has none
--mem-bw-schema MB:0=20|schemata are of containers with linux.intelRdt, and this one has none
END
fails "what is not JSON" from_stdin '{"memory":'
like "  it says where" "$(cat "$OUTPUT")" 'standard input:1:11: '
fails "a wrong type" from_stdin '{"memory":{"limit":"1g"}}'
like "  it says where" "$(cat "$OUTPUT")" \
	'standard input:1:20: memory\.limit: expected an integer'
is "what cgroup v1 had is left out, with a warning" \
	"$(rt --log-level warning update --cpu-rt-period 5 c 2>&1 |
		sed 's/.*msg=//')" \
	'"ignored, cgroup v2 has no such: cpu.realtimePeriod "'
ok "kernel memory is no error" rt update --kernel-memory 1000000 c
ok "nor are options with nothing in them" rt update --memory "" \
	--memory-swap= --cpu-quota "" --cpu-share "" --cpuset-cpus "" c

rt delete --force c
fails "update what is not there" rt update --memory 1g c
like "  it says so" "$(cat "$OUTPUT")" "container does not exist: c"
ok "no cgroup is left" [ ! -e "$CGROUPS$C" ]
ARGS='"/bin/true"'
config
rt run --keep --bundle "$B" c </dev/null
fails "update what has stopped" rt update --memory 1g c
like "  it says so" "$(cat "$OUTPUT")" "container not running: c"
rt delete c
rt create --bundle "$B" c </dev/null
if has_controller pids; then
	ok "update what is created" rt update --pids-limit 77 c
	is "  pids.max" "$(value pids.max)" 77
fi
rt delete c
finish
