# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# See tests/vm/supervise.sh. `down` keeps a service from being started at once.

install() {
	rm -rf "/etc/service/$1"
	mkdir -p "/etc/sv"
	cp -a "$TESTS/init/runit" "/etc/sv/$1"
	touch "/etc/sv/$1/down"
	ln -sf "/etc/sv/$1" /etc/service
	await sv status "/etc/service/$1"
}

start() {
	sv start "/etc/service/$1"
}

stop() {
	sv force-stop "/etc/service/$1" ||
		sv status "/etc/service/$1" | grep -q '^down:'
}

is_up() {
	sv check "/etc/service/$1" | grep -q '^ok: run:'
}

keep() {
	rm "/etc/sv/$1/down"
}
