#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# --systemd-cgroup as an ordinary user, who has a systemd of his own: from
# outside it, as after a login by ssh, and as root of a user namespace, as
# podman calls.

set -u
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

user=runner
uid=4321
useradd --uid $uid --no-create-home --shell /bin/sh $user 2>/dev/null
useradd --uid 4322 --no-create-home --shell /bin/sh idler 2>/dev/null
loginctl enable-linger $user
for _ in $(seq 100); do
	[ ! -S /run/user/$uid/systemd/private ] || break
	sleep 0.2
done
SYSTEMCTL="as_user systemctl --user"
STATE=/run/user/$uid/runt
above=/user.slice/user-$uid.slice/user@$uid.service/user.slice
chmod 711 "$TMP"

# In the cgroup of the tests, which is none of the user's.
as_user() {
	setpriv --reuid $uid --regid $uid --clear-groups env -i \
		PATH=/usr/bin:/bin XDG_RUNTIME_DIR=/run/user/$uid "$@"
}

rt() {
	as_user "$RUNT" "$@"
}

NAMESPACES="$NAMESPACES"',{"type":"user"}'
ids=',"uidMappings":[{"containerID":0,"hostID":'$uid',"size":1}],
 "gidMappings":[{"containerID":0,"hostID":'$uid',"size":1}]'
ANNOTATIONS='"org.systemd.property.TimeoutStopSec":"7"'
RESOURCES='"memory":{"limit":67108864},"pids":{"limit":20}'
bundle one "" "$ids"
CGROUP=$above/runt-one.scope
ok "a container of a user's" rt --systemd-cgroup run --detach \
	--pid-file "/run/user/$uid/pid" --bundle "$B" one </dev/null
has runt-one.scope ActiveState active
has runt-one.scope ControlGroup "$CGROUP"
has runt-one.scope MemoryMax 67108864
has runt-one.scope TasksMax 20
has runt-one.scope TimeoutStopUSec 7s
pid=$(cat "/run/user/$uid/pid")
is "  its process is there" "$(file cgroup.procs)" "${pid:-none}"
is "  memory.max" "$(file memory.max)" 67108864
is "  pids.max" "$(file pids.max)" 20
is "  systemd of the system has no such unit" \
	"$(systemctl show --value -p LoadState runt-one.scope)" not-found
ok "exec" rt exec --detach --pid-file "/run/user/$uid/pid2" one sleep 999
pid=$(cat "/run/user/$uid/pid2")
like "  is in the cgroup" "$(file cgroup.procs)" "^${pid:-none}\$"
ok "update" rt update --memory 100000000 one
has runt-one.scope MemoryMax 100000000
is "  memory.max" "$(file memory.max)" 99999744
ok "delete --force" rt delete --force one
gone one runt-one.scope $CGROUP

ANNOTATIONS='"org.systemd.property.NoSuchThing":"true"'
bundle bad :bad:x "$ids"
fails "a property that there is not" rt --systemd-cgroup run --bundle "$B" bad
like "  with systemd's name" "$(cat "$OUTPUT")" "DBus.Error.PropertyReadOnly"
gone bad bad-x.scope $above/bad-x.scope
ANNOTATIONS='' RESOURCES=''

bundle slice mine-own.slice:a:b "$ids"
CGROUP=${above%/*}/mine.slice/mine-own.slice/a-b.scope
ok "in a slice of his own" rt --systemd-cgroup run --detach --bundle "$B" \
	slice </dev/null
has a-b.scope ControlGroup "$CGROUP"
# Root can do it, too, and finds the user's systemd by the record.
ok "deleted by root" "$RUNT" --root "$STATE" delete --force slice
gone slice a-b.scope "$CGROUP"

# By way of the user's bus, of which only the variable tells.
bundle bus "" "$ids"
hide="mount --bind /dev/null /run/user/$uid/systemd/private && "
ok "by way of the bus" unshare -m sh -c "$hide"'exec "$@"' sh setpriv \
	--reuid $uid --regid $uid --clear-groups env -i PATH=/usr/bin:/bin \
	XDG_RUNTIME_DIR=/run/user/$uid \
	DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/$uid/bus,x=1" \
	"$RUNT" --systemd-cgroup run --detach --bundle "$B" bus </dev/null
has runt-bus.scope ActiveState active
like "  which is in the record" "$(cat "$STATE/bus/state.json")" \
	"unix:path=/run/user/$uid/bus"
ok "  delete --force" rt delete --force bus
gone bus runt-bus.scope $above/runt-bus.scope

# Root only in a namespace of the user's, which systemd need not know of.
NAMESPACES=${NAMESPACES%,*}
setpriv --reuid $uid --regid $uid --clear-groups \
	unshare --user --map-root-user --mount sleep 1000 >/dev/null &
namespace=$!
inside() {
	as_user nsenter --preserve-credentials --user --mount --target $namespace "$RUNT" \
		--root "$STATE" "$@"
}
for _ in $(seq 20); do
	[ "$(inside list 2>/dev/null)" = "" ] || break
	sleep 0.2
done
bundle inside
ok "as root of a namespace" inside --systemd-cgroup run --detach --bundle "$B" \
	inside </dev/null
has runt-inside.scope ControlGroup $above/runt-inside.scope
ok "  exec" inside exec inside true
ok "  delete --force" inside delete --force inside
kill $namespace
gone inside runt-inside.scope $above/runt-inside.scope

# Without a systemd of his own.
fails "a user without a systemd" setpriv --reuid 4322 --regid 4322 \
	--clear-groups env -i PATH=/usr/bin:/bin "$RUNT" --root "$TMP/none" \
	--systemd-cgroup run --bundle "$B" x
like "  is told" "$(cat "$OUTPUT")" \
	"^runt: .*/run/user/4322/.*No such file.*enable-linger"

loginctl disable-linger $user
finish
