#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: x86_64
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# Links in an image where runt makes devices: CVE-2026-41579, CVE-2026-47766
# (both wrote into a directory of the host that /dev pointed to).

. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"
. "${0%/*}/../container/mount.sh"
. "${0%/*}/canary.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root
R=$B/rootfs
canary
# Where devices can't be opened, below nodev, the host's null device is refused.
echo >"$TMP/input"
exec <"$TMP/input"
climb=../../../../../../../../../..
DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"}'
c_device() {
	LINUX=",\"devices\":[{\"type\":\"c\",\"path\":\"$1\",\"major\":1,\"minor\":3}]"
}

## /dev itself

rmdir "$R/dev"
for target in "$CANARY" "$climb$CANARY" "$CANARY/empty" /proc/self/root/dev; do
	ln -s "$target" "$R/dev"
	attack true
	refused "/dev is a link to $target" 'symbolic link'
	ROOT_PATH="\"$B/rootfs\"" READONLY=true
	attack true
	refused "and with a read-only root" 'symbolic link'
	READONLY=false
	c_device /dev/made
	attack true
	refused "and with a device to be made" 'symbolic link'
	LINUX=
	rm "$R/dev"
done
# With the same tree in the root the link leads somewhere.
mkdir -p "$R$CANARY"
cp -a "$CANARY/." "$R$CANARY"
ln -s "$CANARY" "$R/dev"
attack true
refused "/dev is a link to what the image has, too" 'symbolic link'
is "nothing is made there, either" "$(ls "$R$CANARY")" "$(ls "$CANARY")"
rm "$R/dev"
mkdir "$R/dev"

# What is bound there is not to lie elsewhere.
rmdir "$R/dev"
mkdir "$R/other" "$TMP/devices"
DEFAULT_MOUNTS="$DEFAULT_MOUNTS,{\"destination\":\"/dev\",
 \"source\":\"$TMP/devices\",\"options\":[\"rbind\"]}"
for target in other /bin; do
	ln -s "$target" "$R/dev"
	attack true
	refused "/dev is a link to $target, a bind" 'symbolic link'
	rm "$R/dev"
done
DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"}'
mkdir "$R/dev"

## Below it

ln -s "$CANARY/dir" "$R/dev/link"
ln -s "$CANARY/dir" "$R/l"
c_device /dev/link/x
attack true
refused "a device below a link" 'symbolic link'
c_device /l/x
attack true
refused "a device below a link elsewhere" 'symbolic link'
c_device /bin/../l/new/x
attack true
refused "a directory that is missing below a link" 'symbolic link'
c_device "/dev/$climb/l/x"
attack true
refused "a device above all" 'symbolic link'
LINUX=

## Instead of a device

for name in null zero full random urandom tty; do
	rm -f "$R/dev/$name"
	for target in "$CANARY/new" "$CANARY/file" "$climb$CANARY/file" \
		/proc/sys/kernel/core_pattern /nothing; do
		ln -s "$target" "$R/dev/$name"
		attack true
		refused "/dev/$name is a link to $target" \
			"/dev/$name exists in the container, but is not"
		rm "$R/dev/$name"
	done
done
c_device /dev/new
ln -s "$CANARY/new" "$R/dev/new"
attack true
refused "a device at a link" '/dev/new exists in the container, but is not'
LINUX=

for target in "$CANARY/ptmx" "$CANARY/new" "$climb$CANARY/ptmx"; do
	ln -sfn "$target" "$R/dev/ptmx"
	attack 'readlink /dev/ptmx'
	is "ptmx is a link to $target: it is replaced" "$SAID" pts/ptmx
	untouched "and the host's is not"
done
for name in fd stdin stdout stderr core; do
	ln -sfn "$CANARY/new" "$R/dev/$name"
done
attack 'echo in >/dev/null'
untouched "links instead of links"
finish
