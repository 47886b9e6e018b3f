#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64
#
# shellcheck disable=SC2016
# wait: exit statuses of containers that nobody monitors; scripts that stop
# them, twice and after a crash; records of an earlier boot.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
LINUX=',"cgroupsPath":"/rt-wait-'$$'"'

is_status() {
	rt state "$1" 2>/dev/null | grep -q "\"status\": \"$2\""
}

reaped() {
	[ ! -e "/proc/$1" ]
}

# Starts container $1 with the shell command $2, detached; sets pid.
start() {
	ARGS=$(sh_args "$2")
	config
	rt run --detach --pid-file "$TMP/pid" --bundle "$B" "$1" \
		</dev/null >"$TMP/out" 2>&1 || diag "$(cat "$TMP/out")"
	pid=$(cat "$TMP/pid")
}

# Ends with the number in $TMP/shared/end once that is there.
mkdir "$TMP/shared"
MOUNTS=',{"destination":"/mnt","type":"bind","source":"'$TMP/shared'",
	"options":["rbind"]}'
UNTIL_TOLD='while ! [ -e /mnt/end ]; do sleep 0.05; done
	read n </mnt/end; rm /mnt/end; exit $n'
end_with() {
	echo "$1" >"$TMP/shared/.end"
	mv "$TMP/shared/.end" "$TMP/shared/end"
}

# Waits in the background for $1; `ended` sets status to what it ended with.
begin_wait() {
	rt wait "$@" >"$TMP/waited" 2>&1 &
	waiter=$!
}
ended() {
	status=0
	wait "$waiter" || status=$?
}

## While it runs

for n in 0 7 255; do
	start a "$UNTIL_TOLD"
	begin_wait a
	sleep 0.3
	end_with $n
	ended
	is "a detached container's status $n" "$status" "$n"
	is "  and nothing is printed" "$(cat "$TMP/waited")" ""
	exits "  again, after its end" $n rt wait a
	ok "  it can be deleted" rt delete a
done

start a "$UNTIL_TOLD"
begin_wait a
sleep 0.3
rt kill a KILL
ended
is "one that is killed" "$status" 137
rt delete a

start a "$UNTIL_TOLD"
begin_wait a
first=$waiter
sleep 0.3
begin_wait a
sleep 0.3
end_with 9
ended
is "two that wait" "$status" 9
waiter=$first
ended
is "  both are told" "$status" 9
rt delete a

start a "exec sh -c 'sleep 0.5; exit 6'"
exits "the program may be another one than was started" 6 rt wait a
rt delete a

ARGS=$(sh_args "exit 8")
config
rt create --bundle "$B" a </dev/null >/dev/null 2>&1
begin_wait a
sleep 0.3
rt start a
ended
is "from before its start" "$status" 8
rt delete a
rt create --bundle "$B" a </dev/null >/dev/null 2>&1
begin_wait a
sleep 0.3
rt delete a
ended
is "one that is deleted and was never started" "$status" 137

## It does not notice

start a 'trap "echo got >>/mnt/log" USR1
	echo ready >/mnt/log
	while ! [ -e /mnt/end ]; do sleep 0.05; done
	rm /mnt/end; exit 5'
await grep -q ready "$TMP/shared/log"
begin_wait a
sleep 0.3
got() {
	[ "$(grep -c got "$TMP/shared/log")" = "$1" ]
}
for n in 1 2 3; do
	rt kill a USR1
	await got $n
done
is "signals arrive, each once" "$(grep -c got "$TMP/shared/log")" 3
rt kill a STOP
stopped() {
	grep -q "^State:	[Tt]" "/proc/$pid/status"
}
ok "it can be stopped" await stopped
rt kill a CONT
awake() {
	! stopped
}
ok "  and goes on" await awake
ok "it can be paused" rt pause a
ok "  and resumed" rt resume a
rt kill a USR1
ok "  signals still arrive" await got 4
kill -KILL $waiter
wait $waiter 2>/dev/null
rt kill a USR1
ok "the end of who waits is nothing to it" await got 5
ok "  it runs on" is_status a running
begin_wait a
sleep 0.3
end_with 0
ended
is "  and the next learns how it ends" "$status" 5
rt delete a

## Time

start a "$UNTIL_TOLD"
exits "--timeout 0: it runs" 124 rt wait --timeout 0 a
is "  it says so" "$(cat "$OUTPUT")" "runt: container a has not ended"
read -r before _ </proc/uptime
exits "-t 1" 124 rt wait -t 1 a
read -r after _ </proc/uptime
ok "  that is a second" [ $((${after%.*} - ${before%.*})) -ge 1 ]
exits "what is no number" 125 rt wait -t soon a
end_with 4
exits "one that ends in time" 4 rt wait -t 60 a
exits "  and has ended" 4 rt wait -t 0 a
rt delete a

## Ended unseen

start a "exit 3"
if await reaped "$pid"; then
	exits "of what ended unseen nobody knows the status" 125 rt wait a
	like "  it says so" "$(cat "$OUTPUT")" \
		"^runt: container a has ended unseen: nobody knows"
else
	skip "of what ended unseen nobody knows the status" \
		"nobody reaps orphans here"
fi
rt delete a
exits "what is not there" 125 rt wait a
like "  it says so" "$(cat "$OUTPUT")" "container does not exist: a"
exits "no id" 125 rt wait

ARGS=$(sh_args "exit 11")
config
exits "run --keep has the status" 11 rt run --keep --bundle "$B" a
exits "  and so has wait, ever after" 11 rt wait a
exits "  and once more" 11 rt wait a
exits "the next of its name replaces it" 11 rt run --bundle "$B" a
ok "  and nothing is left" [ ! -e "$STATE/a" ]

ARGS=$(sh_args "$UNTIL_TOLD")
config
rt run --bundle "$B" a </dev/null >"$TMP/out" 2>&1 &
monitor=$!
await is_status a running
begin_wait a
sleep 0.3
end_with 12
ended
is "one that has a monitor" "$status" 12
status=0
wait $monitor || status=$?
is "  which has the status, too" "$status" 12
ok "  and deletes it" [ ! -e "$STATE/a" ]

## Scripts that stop

# stop ID: as the manual has it.
stop() {
	rt kill --quiet "$1" TERM && {
		rt wait --timeout 1 "$1"
		rt delete --force "$1"
	}
}
start a 'trap "exit 0" TERM; while :; do sleep 0.05; done'
ok "stop" stop a
ok "  it is gone" [ ! -e "$STATE/a" ]
ok "stop, again" stop a
start a 'trap "" TERM; while :; do sleep 0.05; done'
ok "stop of what does not listen" stop a
ok "  it is gone, too" [ ! -e "$STATE/a" ]
start a 'exit 1'
await is_status a stopped
ok "stop of what has crashed" stop a
ok "  nothing is left" [ ! -e "$STATE/a" ]
fails "without --quiet, kill says that there is nothing" rt kill a TERM
fails "--quiet hides no wrong signal" rt kill -q a NONSENSE

## Whose failure it was

ARGS='"/no-such-program"'
config
exits "runt's own failures end with 1" 1 rt run --bundle "$B" a
exits "  or with what is asked for" 111 \
	rt --failure-status 111 run --bundle "$B" a
ARGS=$(sh_args "exit 1")
config
exits "  which is not the program's" 1 \
	rt --failure-status 111 run --bundle "$B" a
exits "  exec, too" 112 rt --failure-status 112 exec a true
for n in 0 256 -1 x; do
	exits "--failure-status $n is refused" 1 rt --failure-status $n list
done
exits "a failure before a command is one: no log" 113 \
	rt --failure-status 113 --log /no-such/log list
exits "  no such command" 113 rt --failure-status 113 nonsense
exits "  no such option" 113 rt --failure-status 113 --nonsense list
exits "  none" 113 rt --failure-status 113

## After a power cut

# A record that outlived a boot: its pid is another's now, who must not be hurt.
LINUX=',"cgroupsPath":"/rt-wait-'$$'-old"'
start a "$UNTIL_TOLD"
sed -i 's/,"boot":"[^"]*"//
	s/"private_pidns"/"boot":"00000000-0000-0000-0000-000000000000",&/' \
	"$STATE/a/state.json"
ok "what an earlier boot left is stopped" is_status a stopped
exits "  nobody knows how" 125 rt wait a
fails "  it can't be killed" rt kill a KILL
ARGS=$(sh_args "exit 13")
LINUX=',"cgroupsPath":"/rt-wait-'$$'"'
config
exits "  and its id is free" 13 rt run --bundle "$B" a
ok "who has its pid lives on" [ -e "/proc/$pid" ]
end_with 0
await reaped "$pid"
ok "  and so does its cgroup" rmdir "$CGROUPS/rt-wait-$$-old"
case $(stat -f -c %T "$TMP") in
tmpfs | ramfs) skip "records know their boot" "$TMP is in memory" ;;
*)
	start a "$UNTIL_TOLD"
	boot=$(cat /proc/sys/kernel/random/boot_id)
	like "records know their boot" "$(cat "$STATE/a/state.json")" \
		"\"boot\":\"$boot\""
	rt delete --force a
	;;
esac
finish
