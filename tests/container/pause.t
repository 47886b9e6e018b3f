#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: x86_64
#
# pause and resume, and what else can be done to a container that is paused;
# the end of containers that do not want to end.
# shellcheck disable=SC2016,SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
C=/rt-pause-$$
LINUX=",\"cgroupsPath\":\"$C\""

status() {
	rt state c | sed -n 's/^  "status": "\(.*\)",$/\1/p'
}

# The CPU time of the container's init.
ticks() {
	sed 's/.*) //' "/proc/$(cat "$TMP/pid")/stat" | awk '{ print $12 + $13 }'
}

detached() {
	ARGS=$(sh_args "$1")
	config
	rt run --detach --pid-file "$TMP/pid" --bundle "$B" c </dev/null \
		>/dev/null 2>&1
}

# A command that takes less than a second.
fast() {
	read -r before _ </proc/uptime
	"$@" || return
	read -r now _ </proc/uptime
	took=$((${now%.*}${now#*.} - ${before%.*}${before#*.}))
	# QEMU has its own idea of a second.
	[ $took -lt 100 ] || { [ -e /etc/board ] && [ $took -lt 500 ]; }
}

quick() {
	quick_name=$1
	shift
	ok "$quick_name" fast "$@"
	diag "${quick_name#  }: $took hundredths of a second"
}

ok "a container" detached 'while :; do :; done'
fails "resume, when it is not paused" rt resume c
like "  it says so" "$(cat "$OUTPUT")" "container not paused: c"
ok "pause" rt pause c
is "it is paused" "$(status)" paused
is "  and frozen" "$(cat "$CGROUPS$C/cgroup.freeze")" 1
before=$(ticks)
sleep 0.3
is "  and does nothing" "$(ticks)" "$before"
like "list says paused" "$(rt list)" "^c .* paused "
fails "pause again" rt pause c
like "  it says so" "$(cat "$OUTPUT")" "paused already"
fails "exec into it" rt exec c true
like "  it says how" "$(cat "$OUTPUT")" \
	'cannot exec in a paused container \(use --ignore-paused to override\)'
fails "delete it" rt delete c
like "  it says why" "$(cat "$OUTPUT")" \
	'cannot delete container c that is not stopped: paused'
ok "resume" rt resume c
is "it runs" "$(status)" running
sleep 0.3
ok "  indeed" [ "$(ticks)" -gt "$before" ]

ok "a paused one is killed" rt pause c
quick "  by KILL" rt kill c KILL
ok "  and can be deleted" rt delete --force c
ok "no cgroup is left" [ ! -e "$CGROUPS$C" ]

ok "another" detached 'while :; do :; done'
rt pause c
quick "a paused one is deleted by force" rt delete --force c
ok "no cgroup is left" [ ! -e "$CGROUPS$C" ]

fails "pause what is not there" rt pause c
like "  it says so" "$(cat "$OUTPUT")" "container does not exist: c"
fails "resume what is not there" rt resume c

ARGS='"/bin/true"'
config
rt create --bundle "$B" c </dev/null
ok "a created one can be paused" rt pause c
is "  it is" "$(status)" paused
fails "  and is not started then" rt start c
like "    it says why" "$(cat "$OUTPUT")" "cannot start a paused container: c"
ok "  and resumed" rt resume c
is "  is created again" "$(status)" created
ok "  and starts" rt start c
sleep 0.3
fails "pause what has stopped" rt pause c
like "  it says so" "$(cat "$OUTPUT")" "container not running: c"
rt delete c

## Signals for all, a container that forks and forks

ok "three processes" detached '
	trap "echo x >/tmp/init; exit" TERM
	for i in 1 2; do
		(trap "exit 7" TERM; while :; do sleep 0.1; done) &
	done
	wait; wait; wait'
# Before its trap, init does not hear it.
has_children() {
	[ "$(wc -l <"$CGROUPS$C/cgroup.procs")" -ge 3 ]
}
await has_children
ok "TERM for all" rt kill --all c TERM
has_stopped() {
	[ "$(status)" = stopped ]
}
ok "ends it" await has_stopped
ok "kill --all, when it has stopped, is no error" rt kill --all c TERM
ok "delete" rt delete c

# A container that may make cgroups: deep ones, and one with a name as long as
# a path may be. What is deepest has a process.
mkdir "$TMP/share"
MOUNTS=",{\"destination\":\"/sys/fs/cgroup\",\"type\":\"cgroup\"},
	{\"destination\":\"/tmp\",\"source\":\"$TMP/share\",\"options\":[\"bind\"]}"
detached 'cd /sys/fs/cgroup && mkdir "$(printf %03900d 1)" && i=0
	mkdir y
	while [ $i -lt 70 ]; do
		mkdir x && cd x || exit
		i=$((i + 1))
	done
	sleep 1000 &
	echo $! >cgroup.procs
	echo >/tmp/made
	exec sleep 1000'
ok "cgroups below cgroups" await test -e "$TMP/share/made"
like "ps finds a process at the very end" "$(rt ps --format json c)" \
	'^\[[0-9]+,[0-9]+\]$'
ok "  a signal reaches it" rt kill --all c STOP
quick "  and it is deleted" rt delete --force c
ok "no cgroup is left" [ ! -e "$CGROUPS$C" ]
MOUNTS=

## One command beside another

ARGS='"/bin/sleep","1000"'
config
rt run -d --bundle "$B" c </dev/null >/dev/null 2>&1
bad=0
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	rt kill --all c URG &
	rt exec c true || bad=$((bad + 1))
	wait
done 2>"$TMP/said"
is "exec beside a signal for all is not refused" "$bad $(cat "$TMP/said")" "0 "
bad=0
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	rt kill --all c URG &
	rt pause c || bad=$((bad + 1))
	wait
	[ "$(cat "$CGROUPS$C/cgroup.freeze")" = 1 ] || bad=$((bad + 1))
	rt resume c || bad=$((bad + 1))
done 2>"$TMP/said"
is "nor pause, or undone by it" "$bad $(cat "$TMP/said")" "0 "
rt delete --force c

bomb='f() { f & f & wait; }; f'
pids=
case " $(cat "$CGROUPS/cgroup.controllers") " in
*" pids "*) pids='"pids":{"limit":300},' ;;
esac
if [ "$pids" ]; then
	LINUX="$LINUX,\"resources\":{$pids\"devices\":[]}"
	detached "$bomb"
	sleep 1
	quick "a fork bomb is killed" rt kill --all c KILL
	ok "  and deleted" rt delete --force c
	detached "$bomb"
	sleep 1
	quick "a fork bomb is deleted" rt delete --force c
	detached "$bomb"
	sleep 1
	ok "a fork bomb is paused" rt pause c
	quick "  and deleted" rt delete --force c
	ok "no cgroup is left" [ ! -e "$CGROUPS$C" ]
else
	skip "a fork bomb" "no controller pids on cgroup2"
fi
finish
