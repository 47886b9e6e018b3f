# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# See tests/vm/supervise.sh.

install() {
	cp "$TESTS/init/openrc/runt" /etc/init.d/runt
	ln -sf runt "/etc/init.d/runt.$1"
}

start() {
	rc-service "runt.$1" start
}

stop() {
	rc-service "runt.$1" stop
}

is_up() {
	rc-service "runt.$1" status
}

keep() {
	rc-update add "runt.$1" default
}
