#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The first boot (tests/board/init.t).

. "${0%/*}/../lib.sh"
. "${0%/*}/containers.sh"

s90=/etc/init.d/S90runt

monitor() {
	cat "/var/run/runt.$1.pid"
}

## Up

# A board that waits for a disk has a clock that jumps.
if ! awk '$5 == "/"' /proc/self/mountinfo | grep -q ' ext4 '; then
	echo "# five containers were ready $(cut -d ' ' -f 1 /ready) s after" \
		"the kernel's start, init's scripts began at" \
		"$(cut -d ' ' -f 1 /began) s"
fi
echo "# the runt that waits for one:" \
	"$(awk '/^VmHWM/ { print $2 " kB at most" }' "/proc/$(monitor 1)/status")," \
	"$(awk '/^Pss:/ { print $2 " kB its own share" }' \
		"/proc/$(monitor 1)/smaps_rollup" 2>/dev/null)"
is "all of /etc/runt is up when S90runt has ended" \
	"$(for i in 1 2 3 4 5; do runs $i && echo $i; done | tr '\n' ' ')" \
	"1 2 3 4 5 "
is "in the order of their names" \
	"$(for i in 1 2 3 4 5; do
		echo "$(state $i | sed -n 's/.*"created": //p') $i"
	done | sort | sed 's/.* //' | tr '\n' ' ')" "1 2 3 4 5 "
is "the daemon that start-stop-daemon knows is runt" \
	"$(tr '\0' '\n' <"/proc/$(monitor 3)/cmdline" | head -n 1)" "$RUNT"
ok "the line in inittab: it is up" await runs web
# shellcheck disable=SC2009 # no pgrep
like "BusyBox init is its parent" "$(ps -o ppid,args | grep '[r]unt run.*web')" \
	'^ *1 '

## Crashes

old=$(pid web)
kill -KILL "$old"
ok "inittab: a program that dies is started again" await again web
old=$(pid web)
kill -KILL "$(ps -o pid,args | awk '/[r]unt run.*web/ { print $1 }')"
ok "inittab: and so is a runt that dies" await again web
old3=$(pid 3) old4=$(pid 4) old5=$(pid 5)
kill -KILL "$old3"
ok "S90runt: a program dies" await gone "$(monitor 3)"
fails "  and its container is gone" "$RUNT" state 3
kill -KILL "$(monitor 4)"
ok "  a runt dies, and its program" await gone "$old4"
like "  and leaves its container" "$(state 4)" stopped
ok "  start" $s90 start
is "  begins those anew" "$(cat "$OUTPUT")" "Starting container 3: OK
Starting container 4: OK"
ok "  which are up" runs 3
ok "  both of them" runs 4
is "  and no other" "$(pid 5)" "$old5"

## Stops

rm -f /var/marks/stopped
ok "stop of two" $s90 stop 2 5
is "  the last one first" "$(cat "$OUTPUT")" "Stopping container 5: OK
Stopping container 2: OK"
is "  TERM reaches what listens to it" "$(cat /var/marks/stopped)" 2
fails "  KILL the other" "$RUNT" state 5
ok "  once more" $s90 stop 2 5
ok "  restart" $s90 restart 2 5
ok "  is up" runs 2
ok "  again" runs 5
mkdir -p /etc/runt/bad
echo '{' >/etc/runt/bad/config.json
fails "one that can't be started" $s90 start
like "  is called by its name" "$(cat "$OUTPUT")" 'container bad: FAIL'
like "  with what is wrong" "$(cat "$OUTPUT")" 'config.json:2:1: '
rm -r /etc/runt/bad

## The example of Buildroot's package

example() {
	"$RUNT" exec example "$@" 2>&1
}
ok "the example" "$RUNT" run --detach --bundle /usr/share/example example
is "  has a name of its own" "$(example hostname)" example
is "  and the programs of the system" "$(example ls /usr/bin/runt)" /usr/bin/runt
like "  which it can't change" "$(example touch /usr/bin/runt)" \
	'Read-only file system'
like "  as nothing" "$(example touch /new)" 'Read-only file system'
ok "  but in /tmp" "$RUNT" exec example touch /tmp/new
"$RUNT" kill example TERM
ok "  ends when it is told to" "$RUNT" wait --timeout 60 example
"$RUNT" delete --force example

# The others go on: what follows finds them.
case " $(cat /proc/cmdline) " in
*" runt.once "*) echo poweroff >/run/next ;;
*) echo reset >/run/next ;;
esac
rm -f /var/marks/stopped
ls /run/runt >/var/marks/left
finish
