# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# What every supervisor has to do with containers: sourced by tests, after
# lib.sh, containers.sh and functions of their own:
#
#	install NAME		the service of bundle /etc/runt/NAME
#	start NAME, stop NAME	both return when it is done, or fail
#	is_up NAME		what the supervisor says
#	keep NAME		it is to be there after a boot

monitor() {
	ps -eo pid,args | awk -v name="$1" \
		'/[r]unt run/ && $NF == name { print $1 }'
}

first_boot() {
	mkdir -p /var/marks
	bundle /etc/runt/web "$ON_TERM; $FOREVER"
	install web
	ok "start" start web
	[ "${tap_failed:?}" = 0 ] || skip_all "it does not start"
	ok "  up is when the program has started" runs web
	ok "  as the supervisor says" is_up web
	old=$(pid web)
	kill -KILL "$old"
	ok "a program that dies is started again" await again web
	old=$(pid web)
	kill -KILL "$(monitor web)"
	ok "and so is a runt that dies" await again web
	ok "  as the supervisor says" await is_up web
	rm -f /var/marks/stopped
	ok "stop" stop web
	is "  with TERM" "$(cat /var/marks/stopped)" web
	fails "  the container is gone" "$RUNT" state web
	fails "  as the supervisor says" is_up web
	fails "  and does not come again" sh -c "sleep 3; $RUNT state web"
	ok "start once more" start web
	ok "  and it is there" runs web
	bundle /etc/runt/deaf "trap '' TERM; $FOREVER"
	install deaf
	ok "one that does not listen to TERM" start deaf
	ok "  stop" stop deaf
	fails "  KILL is what it listens to" "$RUNT" state deaf
	mkdir -p /etc/runt/bad
	echo '{' >/etc/runt/bad/config.json
	install bad
	fails "one that can't be started is not up" start bad
	stop bad >/dev/null 2>&1
	keep web >"$OUTPUT"
	echo "$old" >/var/marks/left
	echo reset >/run/next
}

second_boot() {
	[ -e /var/marks/left ] || skip_all "there was no first boot"
	ok "after a reset it is up" await runs web
	ok "  as the supervisor says" await is_up web
	ok "stop" stop web
	fails "  the container is gone" "$RUNT" state web
}
