#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: x86_64
#
# events: samples of what a container uses, and of the OOM killer's work. How
# files become JSON is for tests/unit/stats.c; here the files are the kernel's.
# shellcheck disable=SC2016,SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
C=/rt-events-$$
mkdir "$TMP/share"
MOUNTS=",{\"destination\":\"/tmp\",\"source\":\"$TMP/share\",\"options\":[\"bind\"]}"

# Starts a container with resources $1 and the shell command $2.
start() {
	LINUX=",\"cgroupsPath\":\"$C\",\"resources\":{$1}"
	ARGS=$(sh_args "$2")
	config
	rt run --detach --bundle "$B" c </dev/null >/dev/null 2>&1
}

# Waits until file $1 has a line that matches $2.
until_line() {
	await grep -q -e "$2" "$1" && return
	cat "$1"
	return 1
}

# Has file $1 $2 lines or more?
has_lines() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# The number that comes after $2 in the line $1.
number() {
	echo "$1" | sed -n "s/.*$2\([0-9][0-9]*\).*/\1/p"
}

## One sample

start '' 'i=0; while [ $i -lt 10000 ]; do i=$((i + 1)); done
	echo >/tmp/done
	sleep 1000 & sleep 1000 & wait'
ok "a container" until_line "$TMP/share/done" '^$'
await has_lines "$CGROUPS$C/cgroup.procs" 3
ok "one sample" rt events --stats c
line=$(cat "$OUTPUT")
is "is one line" "$(wc -l <"$OUTPUT" | tr -d ' ')" 1
like "of type stats" "$line" \
	'^\{"type":"stats","id":"c","data":\{"cpu":\{"usage":\{.*\}\}$'
used=$(number "$line" '"usage":{"total":')
ok "CPU time was used" [ "${used:-0}" -gt 1000 ]
like "three processes" "$line" '"pids":\{"current":3[,}]'
like "no RDT" "$line" '"intel_rdt":\{\}'
like "no interface but lo" "$line" '"network_interfaces":\[\]\}\}$'
if [ -e "$CGROUPS$C/cpu.pressure" ] && cat "$CGROUPS$C/cpu.pressure" >/dev/null 2>&1
then
	like "pressure" "$line" \
		'"throttling":\{[^}]*\},"psi":\{"some":\{"avg10":[0-9.]+,"avg60":[0-9.]+,"avg300":[0-9.]+,"total":[0-9]+\},"full":\{'
else
	unlike "no pressure" "$line" psi
fi
ok "a paused one" rt pause c
ok "  has a sample, too" rt events --stats c
line=$(cat "$OUTPUT")
stat() {
	sed -n "s/^$1_usec //p" "$CGROUPS$C/cpu.stat"
}
usage=$(echo "$line" | sed 's/.*"cpu":{"usage":{\([^}]*\)}.*/\1/')
is "  with the CPU time of before" "$usage" "\"total\":$(($(stat usage) * 1000\
)),\"kernel\":$(($(stat system) * 1000)),\"user\":$(($(stat user) * 1000))"
rt delete --force c

start '"memory":{"limit":-1}' 'exec sleep 1000'
if has_controller memory; then
	rt update --memory 50331648 --memory-swap 67108864 c
	line=$(rt events --stats c)
	like "memory's limit" "$line" '"memory":\{"usage":\{"limit":50331648,"usage":[1-9]'
	if [ -e "$CGROUPS$C/memory.swap.max" ]; then
		like "  with swap" "$line" '"swap":\{"limit":67108864,"usage":[1-9]'
	else
		like "  there is no swap" "$line" '"swap":\{"limit":50331648,"usage":[1-9]'
	fi
	like "  all of memory.stat" "$line" '"raw":\{"anon":[0-9]+,"file":[0-9]+,.*"pgfault":[1-9]'
	rt update --memory -1 c
	like "  no limit" "$(rt events --stats c)" \
		'"memory":\{"usage":\{"limit":18446744073709551615,'
fi
if has_controller pids; then
	unlike "no limit of processes" "$(rt events --stats c)" \
		'"pids":\{[^}]*"limit"'
	rt update --pids-limit 33 c
	like "a limit of processes" "$(rt events --stats c)" \
		'"pids":\{"current":1,"limit":33\}'
fi
if has_controller cpuset; then
	like "CPUs" "$(rt events --stats c)" \
		'"cpuset":\{"cpus":\[0[0-9,]*\],"mems":\[0\],"cpu_exclusive":0,'
fi
if has_controller hugetlb; then
	like "huge pages" "$(rt events --stats c)" \
		'"hugetlb":\{("[0-9]+[KMG]B":\{"failcnt":0\},?)+\}'
fi
rt delete --force c

if has_controller io && [ -b /dev/vda ]; then
	numbers=$(cat /sys/block/vda/dev)
	LINUX=",\"cgroupsPath\":\"$C\",\"devices\":[{\"path\":\"/dev/disk\",
		\"type\":\"b\",\"major\":${numbers%:*},\"minor\":${numbers#*:}}],
		\"resources\":{\"devices\":[{\"allow\":true,\"access\":\"rwm\"}]}"
	echo 3 >/proc/sys/vm/drop_caches
	ARGS=$(sh_args 'dd if=/dev/disk of=/dev/null bs=4k count=16 2>/dev/null
		echo >/tmp/read; exec sleep 1000')
	config
	rt run --detach --bundle "$B" c </dev/null >/dev/null 2>&1
	until_line "$TMP/share/read" '^$'
	like "I/O" "$(rt events --stats c)" \
		"\"ioServiceBytesRecursive\":\[.*\"major\":${numbers%:*},\"minor\":${numbers#*:},\"op\":\"Read\",\"value\":[1-9]"
	rt delete --force c
fi

CAPS='"CAP_NET_ADMIN"'
start '' 'ip link add d0 type dummy && ip link set d0 up
	echo $? >/tmp/net; exec sleep 1000'
until_line "$TMP/share/net" .
if [ "$(cat "$TMP/share/net")" = 0 ]; then
	like "an interface" "$(rt events --stats c)" \
		'"network_interfaces":\[\{"Name":"d0","RxBytes":0,"RxPackets":0,"RxErrors":0,"RxDropped":0,"TxBytes":[0-9]+,"TxPackets":[0-9]+,"TxErrors":0,"TxDropped":[0-9]+\}\]'
else
	skip "an interface" "no dummy interfaces here"
fi
rt delete --force c

NAMESPACES='{"type":"pid"},{"type":"uts"},{"type":"mount"}'
start '' 'exec sleep 1000'
like "the host's network is not the container's" "$(rt events --stats c)" \
	'"network_interfaces":null'
rt delete --force c

## Many samples

start '' 'until [ -e /tmp/end ]; do sleep 0.1; done'
: >"$TMP/lines"
rt events --interval 150ms c >"$TMP/lines" 2>&1 &
events=$!
ok "a sample at each interval" await has_lines "$TMP/lines" 3
: >"$TMP/share/end"
ok "the end of the container is the end" wait $events
is "all of them are samples" "$(grep -vc '^{"type":"stats","id":"c",.*}}$' "$TMP/lines")" 0
fails "a container that has stopped" rt events c
like "  it says so" "$(cat "$OUTPUT")" 'container is not running: c'
fails "  nor is there one sample" rt events --stats c
rt delete c

## The OOM killer: events at once, long before the first sample

if has_controller memory; then
	rm "$TMP/share/"*
	start '"memory":{"limit":16777216,"swap":16777216}' '
		until [ -e /tmp/1 ]; do sleep 0.1; done
		tail /dev/zero
		until [ -e /tmp/2 ]; do sleep 0.1; done
		mkdir /sys/fs/cgroup/x 2>/dev/null
		tail /dev/zero
		until [ -e /tmp/3 ]; do sleep 0.1; done
		exec tail /dev/zero'
	rt events --interval 1h c >"$TMP/lines" 2>&1 &
	events=$!
	sleep 0.5
	is "nothing happens at first" "$(cat "$TMP/lines")" ""
	: >"$TMP/share/1"
	ok "an OOM kill is told at once" until_line "$TMP/lines" .
	is "  as an event" "$(cat "$TMP/lines")" '{"type":"oom","id":"c"}'
	: >"$TMP/share/2"
	await has_lines "$TMP/lines" 2
	is "the second, too" "$(cat "$TMP/lines")" '{"type":"oom","id":"c"}
{"type":"oom","id":"c"}'
	: >"$TMP/share/3"
	ok "that of init is the end" wait $events
	is "  and is told" "$(wc -l <"$TMP/lines" | tr -d ' ')" 3
	rt delete c
fi

## Errors

fails "a container that is not there" rt events c
like "  it says so" "$(cat "$OUTPUT")" 'container does not exist: c'
while IFS='|' read -r interval text; do
	fails "--interval $interval" rt events --interval "$interval" c
	like "  it says why" "$(cat "$OUTPUT")" "$text"
done <<'END'
0|duration interval must be greater than 0
0s|duration interval must be greater than 0
-1s|duration interval must be greater than 0
5|invalid value for interval: "5": not a time such as 5s
1d|invalid value for interval: "1d": not a time such as 5s
3000000h|invalid value for interval: "3000000h": out of range
END
LINUX=
ARGS='"/bin/sleep","1000"'
NAMESPACES='{"type":"pid"},{"type":"uts"},{"type":"mount"}'
config
rt --cgroup-manager disabled run --detach --bundle "$B" c </dev/null \
	>/dev/null 2>&1
fails "without a cgroup" rt events c
like "  it says why" "$(cat "$OUTPUT")" 'events: c has no cgroup'
rt delete --force c
ok "no cgroup is left" [ ! -e "$CGROUPS$C" ]
finish
