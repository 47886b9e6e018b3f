# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# See tests/vm/supervise.sh. `down` keeps a service from being started at once.

install() {
	mkdir -p /etc/s6
	rm -rf "/run/service/$1"
	cp -a "$TESTS/init/s6" "/run/service/$1"
	touch "/run/service/$1/down"
	s6-svscanctl -an /run/service
	await s6-svok "/run/service/$1"
}

start() {
	s6-svc -uwU -T 10000 "/run/service/$1"
}

stop() {
	s6-svc -dwD -T 30000 "/run/service/$1"
}

is_up() {
	[ "$(s6-svstat -o up,ready "/run/service/$1")" = "true true" ]
}

keep() {
	cp -a "$TESTS/init/s6" "/etc/s6/$1"
}
