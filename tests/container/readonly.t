#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: riscv64
# shellcheck disable=SC2034
#
# A root file system on a disk that nobody can write to, and the ways to give a
# container something to write to all the same: those of the manual.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"

bundle b
IMAGE=$TMP/image
D=$TMP/disk
W=$TMP/written
dd if=/dev/zero of="$IMAGE" bs=1024k count=16 2>/dev/null
PATH=$PATH:/usr/sbin:/sbin mke2fs -F "$IMAGE" >"$TMP/said" 2>&1 ||
	skip_all "no mke2fs"
mkdir "$D" "$W"
mount -t ext4 -o loop "$IMAGE" "$D" 2>"$TMP/said" ||
	skip_all "no loop device: $(cat "$TMP/said")"
cp -a "$ROOT/." "$D"
mkdir -p "$D/etc/conf"
echo "as delivered" >"$D/etc/conf/file"
mount -o remount,ro "$D"
mount -t tmpfs written "$W"
mkdir "$W/upper" "$W/work"
ROOT_PATH="\"$D\""
before=$(md5sum <"$IMAGE")

## As it is

like "nobody writes to it" "$(run_in 'echo x >/file')" 'Read-only file system'
READONLY=true
like "  nor if the configuration says it is read-only" \
	"$(run_in 'echo x >/file')" 'Read-only file system'
MOUNTS=',{"destination":"/not/there","type":"tmpfs","source":"tmpfs"}'
like "a mount point that is missing is called by its name" "$(run_in true)" \
	'make /not/there in the container: Read-only file system; make it in'
MOUNTS=",{\"destination\":\"/etc/key\",\"source\":\"$B/config.json\",
	\"options\":[\"bind\"]}"
like "  a file, too" "$(run_in true)" 'make /etc/key in the container: Read-only'
is "  and nothing is left of it" "$(ls "$STATE" 2>/dev/null)" ""
MOUNTS=',{"destination":"/mnt","type":"tmpfs","source":"tmpfs"},
	{"destination":"/mnt/deep/in","type":"tmpfs","source":"tmpfs"}'
is "  below a mount it is made" "$(run_in 'stat -f -c %T /mnt/deep/in')" tmpfs

## A part of it in memory

MOUNTS=',{"destination":"/etc","type":"tmpfs","source":"tmpfs",
	"options":["tmpcopyup","size=1m"]}'
is "tmpcopyup: what was there is there" "$(run_in 'cat /etc/conf/file')" \
	"as delivered"
is "  and can be changed" "$(run_in 'echo new >/etc/conf/file &&
	cat /etc/conf/file')" new
is "  for as long as the container is there" "$(run_in 'cat /etc/conf/file')" \
	"as delivered"

## A part of it that stays

MOUNTS=",{\"destination\":\"/etc\",\"type\":\"overlay\",\"source\":\"overlay\",
	\"options\":[\"lowerdir=$D/etc\",\"upperdir=$W/upper\",
	\"workdir=$W/work\"]}"
if ! grep -qw overlay /proc/filesystems && ! modprobe overlay 2>/dev/null; then
	skip "overlay" "this kernel has none"
else
	is "overlay: it can be changed" "$(run_in 'echo new >/etc/conf/file &&
		rm /etc/passwd && cat /etc/conf/file')" new
	is "  and the next container finds it so" \
		"$(run_in 'cat /etc/conf/file; ls /etc/passwd 2>&1')" \
		"new
ls: /etc/passwd: No such file or directory"
	like "  the rest is read-only" "$(run_in 'echo x >/file')" \
		'Read-only file system'
	is "  the change is where it was wanted" \
		"$(cat "$W/upper/conf/file")" new

	## All of it, by the host

	rm -rf "$W/upper" "$W/work"
	mkdir "$W/upper" "$W/work" "$TMP/root"
	mount -t overlay -o "lowerdir=$D,upperdir=$W/upper,workdir=$W/work" \
		overlay "$TMP/root"
	ROOT_PATH="\"$TMP/root\""
	READONLY=false MOUNTS=',{"destination":"/not/there","type":"tmpfs",
		"source":"tmpfs"}'
	is "a root that is an overlay" "$(run_in 'echo kept >/file; rm -r /etc;
		cat /file; stat -f -c %T /not/there')" "kept
tmpfs"
	is "  stays" "$(run_in 'cat /file; ls -d /etc 2>&1')" "kept
ls: /etc: No such file or directory"
	umount "$TMP/root"
fi

umount "$W"
umount "$D"
is "not a byte of the disk has changed" "$(md5sum <"$IMAGE")" "$before"
finish
