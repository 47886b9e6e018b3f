#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# --systemd-cgroup as root: the unit and its properties, the files of its
# cgroup, what later commands do with it, and that it goes.

set -u
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

UNIT=pre-one.scope
CGROUP=/runt.slice/runt-test.slice/$UNIT
# Runs a command where systemd's own socket is not to be found.
hide='mount --bind /dev/null /run/systemd/private && exec "$@"'

ANNOTATIONS='"org.systemd.property.TimeoutStopSec":"7",
 "org.systemd.property.CollectMode":"'"'inactive'"'",
 "org.systemd.property.After":"['"'a.target'"', '"'b.target'"']",
 "org.systemd.property.SendSIGHUP":"true"'
RESOURCES='"memory":{"limit":67108864,"reservation":33554432,"swap":67108864},
 "pids":{"limit":20},"blockIO":{"weight":20},
 "cpu":{"shares":2048,"quota":33333,"period":50000,"cpus":"0","mems":"0"},
 "unified":{"memory.high":"60000000"}'
bundle one runt-test.slice:pre:one

ok "a container" rt --systemd-cgroup create --pid-file "$TMP/pid" --bundle "$B" one
pid=$(cat "$TMP/pid")
has $UNIT ActiveState active
has $UNIT Slice runt-test.slice
has $UNIT Description "runt container one"
has $UNIT Delegate yes
has $UNIT DefaultDependencies no
has $UNIT ControlGroup "$CGROUP"
has $UNIT MemoryMax 67108864
has $UNIT MemoryLow 33554432
has $UNIT MemorySwapMax 0
has $UNIT MemoryHigh 60000000
has $UNIT TasksMax 20
has $UNIT CPUWeight 174
has $UNIT CPUQuotaPerSecUSec 670ms
has $UNIT CPUQuotaPeriodUSec 50ms
has $UNIT AllowedCPUs 0
has $UNIT AllowedMemoryNodes 0
has $UNIT IOWeight 102
has $UNIT TimeoutStopUSec 7s
has $UNIT CollectMode inactive
has $UNIT SendSIGHUP yes
is "  After has both" "$(show $UNIT After | tr ' ' '\n' | grep '^[ab]\.target$' |
	sort | tr '\n' ' ')" "a.target b.target "
is "  its process is there" "$(file cgroup.procs)" "${pid:-none}"
is "  memory.max" "$(file memory.max)" 67108864
is "  memory.low" "$(file memory.low)" 33554432
is "  memory.swap.max" "$(file memory.swap.max)" 0
is "  pids.max" "$(file pids.max)" 20
is "  cpu.weight" "$(file cpu.weight)" 174
is "  cpu.max, not rounded" "$(file cpu.max)" "33333 50000"
is "  cpuset.cpus" "$(file cpuset.cpus)" 0
like "  the record has it" "$(cat "$STATE/one/state.json")" \
	"\"systemd_unit\":\"$UNIT\",\"systemd_address\":\"unix:path=/run/systemd/private\""

systemctl daemon-reload
is "a reload of systemd leaves memory.max" "$(file memory.max)" 67108864
is "  and pids.max" "$(file pids.max)" 20

# All without the option: callers do not pass it to exec.
ok "start" rt start one
is "exec is in the same cgroup" \
	"$(rt exec one sh -c 'cat /proc/self/cgroup')" "0::/"
rt exec --detach --pid-file "$TMP/pid2" one sleep 999
pid=$(cat "$TMP/pid2")
like "  which is the unit's" "$(file cgroup.procs)" "^${pid:-none}\$"
ok "pause" rt pause one
is "  stops it" "$(grep frozen "/sys/fs/cgroup$CGROUP/cgroup.events")" "frozen 1"
ok "resume" rt resume one

ok "update" rt update --memory 100000000 --memory-swap 200000000 \
	--pids-limit 30 --cpu-quota 12345 --cpu-share 1024 one
has $UNIT MemoryMax 100000000
has $UNIT MemorySwapMax 100000000
has $UNIT TasksMax 30
has $UNIT CPUQuotaPerSecUSec 250ms
has $UNIT CPUWeight 100
is "  memory.max" "$(file memory.max)" 99999744
is "  pids.max" "$(file pids.max)" 30
is "  cpu.max, not rounded" "$(file cpu.max)" "12345 50000"
has $UNIT MemoryLow 33554432

cat >"$TMP/bad.json" <<'END'
{"memory":{"limit":80000000},"pids":{"limit":40},
 "unified":{"memory.oom.group":"nonsense"}}
END
fails "an update that a file refuses" rt update --resources "$TMP/bad.json" one
is "  leaves the file" "$(file memory.max)" 99999744
has $UNIT MemoryMax 99999744
has $UNIT TasksMax 30
fails "an update that the kernel refuses" rt update --cpu-period 1 \
	--cpu-quota 1 --pids-limit 50 one
like "  says so" "$(cat "$OUTPUT")" 'cpu.quota: write "1 1" to cpu.max'
is "  leaves the file" "$(file pids.max)" 30
has $UNIT TasksMax 30
fails "an update that systemd can't be told" unshare -m sh -c "$hide" sh \
	"$RUNT" --root "$STATE" update --pids-limit 50 one
is "  leaves the file" "$(file pids.max)" 30
ok "an update for nothing but files" rt update --cpu-burst 1000 one
is "  cpu.max.burst" "$(file cpu.max.burst)" 1000

ok "kill" rt kill one KILL
for _ in 1 2 3 4 5 6 7 8 9 10; do
	rt state one | grep -q stopped && break
	sleep 0.2
done
ok "delete" rt delete one
gone one $UNIT $CGROUP

ANNOTATIONS='' RESOURCES=''
bundle def
ok "one without a path" rt --cgroup-manager=systemd run --detach --bundle "$B" def </dev/null
has runt-def.scope ControlGroup /system.slice/runt-def.scope
has runt-def.scope CollectMode inactive-or-failed
ok "delete --force" rt delete --force def
gone def runt-def.scope /system.slice/runt-def.scope

ARGS='"/bin/true"'
bundle again :again:x
for _ in 1 2 3 4 5 6; do
	rt --systemd-cgroup run --bundle "$B" again || break
done >"$TMP/said" 2>&1
is "the same unit again and again" "$(cat "$TMP/said")" ""
gone again again-x.scope /system.slice/again-x.scope
ARGS='"/bin/sh","-c","exit 3"'
config :again:x
exits "an exit status" 3 rt --systemd-cgroup run --bundle "$B" again
ARGS='"/bin/sleep","1000"'

bundle slice :x:runt-inner.slice
CGROUP=/runt.slice/runt-inner.slice
ok "a slice as unit" rt --systemd-cgroup run --detach --pid-file "$TMP/pid" \
	--bundle "$B" slice </dev/null
has runt-inner.slice ActiveState active
pid=$(cat "$TMP/pid")
is "  its process is there" "$(file cgroup.procs)" "${pid:-none}"
ok "delete --force" rt delete --force slice
fails "  its state is gone" ls -d "$STATE/slice"
has runt-inner.slice ActiveState inactive
fails "  its cgroup is gone" ls -d /sys/fs/cgroup/$CGROUP

bundle root -.slice:root:x
ok "in the root slice" rt --systemd-cgroup run --detach --bundle "$B" root </dev/null
has root-x.scope ControlGroup /root-x.scope
ok "delete --force" rt delete --force root
gone root root-x.scope /root-x.scope

# What goes wrong.
ANNOTATIONS='"org.systemd.property.NoSuchThing":"true"'
bundle bad :bad:x
fails "a property that there is not" rt --systemd-cgroup run --bundle "$B" bad
is "  in one line" "$(wc -l <"$OUTPUT")" 1
like "  with systemd's words and name" "$(cat "$OUTPUT")" \
	"^runt: systemd: start unit bad-x.scope: .*NoSuchThing.* \(org.freedesktop.DBus.Error.PropertyReadOnly\)"
gone bad bad-x.scope /system.slice/bad-x.scope
ANNOTATIONS='"org.systemd.property.TimeoutStopUSec":"true"'
config :bad:x
fails "a property of another type" rt --systemd-cgroup run --bundle "$B" bad
like "  with systemd's name" "$(cat "$OUTPUT")" \
	"\((org.freedesktop.DBus|System).Error[.A-Za-z]+\)\$"
gone bad bad-x.scope /system.slice/bad-x.scope
ANNOTATIONS=''
RESOURCES='"unified":{"memory.oom.group":"nonsense"}'
config :bad:x
fails "a file that can't be written" rt --systemd-cgroup run --bundle "$B" bad
gone bad bad-x.scope /system.slice/bad-x.scope
RESOURCES='"hugepageLimits":[{"pageSize":"3MB","limit":1}]'
config :bad:x
fails "a limit that the kernel has not" rt --systemd-cgroup run --bundle "$B" bad
gone bad bad-x.scope /system.slice/bad-x.scope
# systemd removes the cgroup of one that has failed already.
RESOURCES='"devices":[{"allow":false,"access":"rwm"}]' ARGS='"/etc"'
config :bad:x
for _ in 1 2 3 4 5 6 7 8; do
	rt --systemd-cgroup run --bundle "$B" bad
done >"$TMP/said" 2>&1
is "what is no program" "$(sort -u "$TMP/said")" \
	'runt: exec: "/etc": is a directory'
gone bad bad-x.scope /system.slice/bad-x.scope
RESOURCES='' ARGS='"/bin/sleep","1000"'

systemd-run -q --scope --unit=taken-x.scope sleep 1000 &
other=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(show taken-x.scope ActiveState)" != active ] || break
	sleep 0.2
done
bundle taken :taken:x
fails "a unit that others have" rt --systemd-cgroup run --bundle "$B" taken
fails "  leaves no state" ls -d "$STATE/taken"
has taken-x.scope ActiveState active
kill $other

# A failed unit of that name does not hold the name.
systemd-run -q --unit=failed-x.scope --scope -p RuntimeMaxSec=1 sleep 1000 \
	>/dev/null 2>&1
is "a failed unit" "$(show failed-x.scope ActiveState)" failed
bundle failed :failed:x
ok "  does not hold its name" rt --systemd-cgroup run --detach --bundle "$B" \
	failed </dev/null
has failed-x.scope ActiveState active
ok "delete --force" rt delete --force failed
gone failed failed-x.scope /system.slice/failed-x.scope

# A bus in place of systemd's own socket.
bundle bus :bus:x
ok "by way of the bus" unshare -m sh -c "$hide" sh "$RUNT" --root "$STATE" \
	--systemd-cgroup run --detach --bundle "$B" bus </dev/null
has bus-x.scope ActiveState active
like "  which is in the record" "$(cat "$STATE/bus/state.json")" \
	"unix:path=/run/dbus/system_bus_socket"
ok "  update" rt update --pids-limit 9 bus
has bus-x.scope TasksMax 9
ok "  delete --force" rt delete --force bus
gone bus bus-x.scope /system.slice/bus-x.scope

# systemd is gone, or does not answer where it did: what is left is removed.
bundle alone :alone:x
rt --systemd-cgroup run --detach --bundle "$B" alone </dev/null >"$TMP/said" 2>&1
ok "delete --force without systemd" unshare -m sh -c "$hide" sh "$RUNT" \
	--root "$STATE" delete --force alone
gone alone alone-x.scope /system.slice/alone-x.scope

finish
