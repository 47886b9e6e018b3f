#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The units of rootfs-test/init/systemd: start and what is up by then, crash,
# stop. What is enabled in the end is there after a reset (units-2.t).

. "${0%/*}/../lib.sh"
. "${0%/*}/../vm/containers.sh"

show() {
	systemctl show --value -p "$2" "$1"
}

mkdir -p /var/marks
cp "$TESTS"/init/systemd/*.service /etc/systemd/system
systemctl daemon-reload
rm -f /var/marks/*

## Type=forking, with the pid file

bundle /etc/runt/web "$ON_TERM; $FOREVER"
ok "runt@web: start" systemctl start runt@web
ok "  up is when the program has started" runs web
is "  it is active" "$(show runt@web ActiveState)" active
is "  the main process is the container's" "$(show runt@web MainPID)" \
	"$(pid web)"
is "  in a unit that systemd made" "$(show runt-web.scope ActiveState)" active
old=$(pid web)
kill -KILL "$old"
ok "  a program that dies is started again" await again web
await systemctl is-active --quiet runt@web
is "  and is the main process" "$(show runt@web MainPID)" "$(pid web)"
ok "  stop" systemctl stop runt@web
is "  with TERM" "$(cat /var/marks/stopped)" web
is "  the status is the program's" "$(show runt@web ExecMainStatus)" 7
fails "  the container is gone" "$RUNT" state web
is "  and its unit" "$(show runt-web.scope LoadState)" not-found
ok "  once more" systemctl stop runt@web
bundle /etc/runt/deaf "trap '' TERM; $FOREVER"
ok "runt@deaf: start" systemctl start runt@deaf
ok "  stop of what does not listen" systemctl stop runt@deaf
fails "  the container is gone" "$RUNT" state deaf
mkdir -p /etc/runt/bad
echo '{' >/etc/runt/bad/config.json
fails "runt@bad: start" systemctl start runt@bad
like "  the journal has the reason" "$(journalctl -u runt@bad)" \
	'runt: config.json:2:1: '
systemctl stop runt@bad

## Type=notify

# The shell of the VM and its systemd-notify: the container has its /usr. It
# waits before it says that it is ready.
mkdir -p /etc/runt/told/rootfs
(cd /etc/runt/told/rootfs && mkdir -p usr proc dev run tmp mnt &&
	for dir in bin lib lib64; do
		ln -sfn usr/$dir $dir
	done)
bundle /etc/runt/told "until [ -e /mnt/go ]; do sleep 0.1; done; systemd-notify --ready; $ON_TERM; $FOREVER"
sed -i 's|"path": "/bundle/rootfs"|"path": "rootfs"|
	s|"mounts": \[|&{ "destination": "/usr", "source": "/usr",\
	"options": ["rbind", "rro"] }, { "destination": "/run",\
	"type": "tmpfs" },|' /etc/runt/told/config.json
systemctl start --no-block runt-notify@told
ok "runt-notify@told: it starts" await runs told
is "  but is not up" "$(show runt-notify@told ActiveState)" activating
touch /var/marks/go
ok "  until the program says so" systemctl start runt-notify@told
is "  then it is" "$(show runt-notify@told ActiveState)" active
like "  the main process is runt" \
	"$(readlink "/proc/$(show runt-notify@told MainPID)/exe")" '/runt$'
old=$(pid told)
kill -KILL "$old"
ok "  a program that dies is started again" await again told
old=$(pid told)
kill -KILL "$(show runt-notify@told MainPID)"
ok "  and so is a runt that dies" await again told
rm -f /var/marks/stopped
await systemctl is-active --quiet runt-notify@told
ok "  stop" systemctl stop runt-notify@told
is "  with TERM" "$(cat /var/marks/stopped)" told
fails "  the container is gone" "$RUNT" state told

## For the next boot

ok "enable" systemctl enable runt@web runt-notify@told
# The virtual machine has a target of its own in its place.
mkdir -p /etc/systemd/system/default.target.wants
cp -P /etc/systemd/system/multi-user.target.wants/runt* \
	/etc/systemd/system/default.target.wants
systemctl start runt@web runt-notify@told
ls /run/runt >/var/marks/left
echo reset >/run/next
finish
