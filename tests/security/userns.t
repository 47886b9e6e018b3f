#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: armv6
# shellcheck disable=SC2016,SC2086,SC2154
#
# CVE-2016-9962 in user namespaces: a process of runt's that is in a container
# already, with descriptors and memory of the host, while root in there, with
# the right to trace every process, waits for it. It is looked at where it
# stands still: an init that waits for its start, a process of exec that was
# frozen at birth.

. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"
. "${0%/*}/../container/users.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
[ -e /proc/self/ns/user ] || skip_all "this kernel has no user namespaces"

bundle b
users
CAPS='"CAP_SYS_PTRACE","CAP_DAC_OVERRIDE","CAP_DAC_READ_SEARCH","CAP_SYS_ADMIN",
 "CAP_KILL","CAP_SETUID"'
ARGS='"/bin/sleep","1000"'
config
start() {
	rt "$@" --bundle "$B" </dev/null >/dev/null 2>&1
}
ok "a pod" start run -d pod$$
pod=/proc/$(pid_of pod$$)/ns
NAMESPACES="{\"type\":\"mount\"},{\"type\":\"uts\"},
 {\"type\":\"user\",\"path\":\"$pod/user\"},
 {\"type\":\"pid\",\"path\":\"$pod/pid\"}"
DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"},
 {"destination":"/dev","type":"tmpfs","source":"tmpfs"}'
LINUX=
config
ok "its attacker" start run -d attacker$$

# What root gets of each process of runt's; the state says that it saw one.
ATTACK='for p in /proc/[0-9]*; do
	[ "$(cat $p/comm)" = runt ] || continue
	echo saw
	for f in exe cwd root fd/0 fd/3 ns/mnt; do
		readlink $p/$f && echo "got $f"
	done
	ls $p/fd/* && echo "got fd"
	cat $p/maps | grep . && echo "got maps"
	cat $p/environ | head -c 1 | grep -q . && echo "got environ"
	(exec 9<$p/mem) && echo "got mem"
	(exec 9>$p/mem) && echo "got mem to write"
done'
attack() {
	rt exec attacker$$ sh -c "$ATTACK" 2>/dev/null | grep -E '^(saw|got)'
}
# The attack works where nothing is hidden.
is "the attacker sees into an ordinary process" \
	"$(rt exec attacker$$ sh -c 'readlink /proc/1/exe; cat /proc/1/maps |
		head -c 1 | wc -c')" "/bin/busybox
1"

ok "an init that waits for its start" start create victim$$
is "it is seen, and nothing of it" "$(attack)" saw
ok "it is not harmed" rt start victim$$
ok "delete" rt delete --force victim$$

ok "a pod that is paused" rt pause pod$$
rt exec --ignore-paused pod$$ true &
seen() {
	[ "$(attack)" ]
}
ok "a process of exec, frozen at birth" await seen
is "it is seen, and nothing of it" "$(attack)" saw
rt resume pod$$
wait $!
is "it goes on" "$?" 0

## What the host says of its mounts

# Root of the container's user namespace may change its mounts: but the host's
# own flags are locked, and so is what hides something.
if unshare -m sh -c 'mount --bind "$1" "$1" &&
	mount -o remount,bind,nosuid "$1"' - "$TMP"; then
	cat >"$TMP/locked" <<-'END'
	set -e
	mkdir -p "$B/host/sub" "$B/root"
	echo secret >"$B/host/sub/secret"
	chmod -R go+rwX "$B/host"
	for dir in "$B/host" "$B/root"; do
		[ -e "$B/root/bin" ] || cp -a "$ROOT/." "$B/root"
		mkdir -p "$dir/sub"
		chown -R $BASE:$BASE "$dir"
		mount --bind "$dir" "$dir"
		mount -t tmpfs none "$dir/sub"
		mount -o remount,bind,ro,nosuid,nodev "$dir"
	done
	END
	cat >"$TMP/undo" <<-'END'
	for at in /mnt ''; do
		mount -o remount,bind,rw,suid,dev $at/ && echo "remounted $at"
		touch $at/new && echo "wrote $at"
		umount $at/sub && echo "uncovered $at"
		ls $at/sub
	done 2>/dev/null
	echo tried
	END
	B=$TMP/locked-b
	mkdir "$B"
	config_defaults
	users
	CAPS='"CAP_SYS_ADMIN","CAP_DAC_OVERRIDE"'
	ROOT_PATH="\"$B/root\""
	json_quote "$(cat "$TMP/undo")"
	ARGS="\"/bin/sh\",\"-c\",\"$quoted\""
	for options in '"rbind"' '"rbind","rw","suid","dev"'; do
		MOUNTS=",{\"destination\":\"/mnt\",\"source\":\"$B/host\",
			\"options\":[$options]}"
		config
		is "the host's mounts stay as they are ($options)" "$(
			export RUNT STATE ROOT B BASE
			unshare -m sh -c '. "$1" && "$RUNT" --root "$STATE" \
				run -b "$B" locked$$' - "$TMP/locked" 2>&1
		)" tried
	done
else
	skip "the host's mounts stay as they are" "no mount can be remounted here"
fi

for id in attacker pod; do
	ok "delete $id" rt delete --force $id$$
done
finish
