#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# maskedPaths and readonlyPaths of a hostile image: CVE-2025-31133 (what an
# image calls /dev/null was mounted over the path, and shown a file that nobody
# should see), and a path that is missed is not a path that is missing.

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

## /dev/null is the image's

mkdir "$TMP/evil"
DEFAULT_MOUNTS="{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"},
 {\"destination\":\"/dev\",\"type\":\"bind\",\"source\":\"$TMP/evil\",
  \"options\":[\"rbind\"]}"
LINUX=',"maskedPaths":["/proc/timer_list","/proc/version"]'
# Only reads: were the attack to succeed, it must not harm the machine.
look_at='stat -c "%F %t:%T" /proc/timer_list /proc/version
	head -c 100 /proc/timer_list; head -c 100 /proc/version'
# A stream that is the host's null device would be refused.
echo >"$TMP/input"
exec <"$TMP/input"
right="character special file 1:3
character special file 1:3"
for target in /proc/sys/kernel/core_pattern ../proc/cmdline \
	"$CANARY/file" nothing; do
	ln -sfn "$target" "$TMP/evil/null"
	attack "$look_at"
	is "a link to $target: a mask is the null device" "$SAID" "$right"
	untouched "and the host is as it was"
done
rm "$TMP/evil/null"
attack "$look_at"
is "none at all" "$SAID" "$right"
echo file >"$TMP/evil/null"
attack "$look_at"
is "a file" "$SAID" "$right"
is "and it stays one" "$(cat "$TMP/evil/null")" file
rm "$TMP/evil/null"
mknod "$TMP/evil/null" c 1 5
attack "$look_at"
is "the zero device" "$SAID" "$right"

## /dev/null of the host's is something else

for make in "cp $CANARY/file" "mknod -m 666"; do
	rm -f "$TMP/evil/null"
	case $make in
	mknod*) $make "$TMP/evil/null" c 1 5 ;;
	*) $make "$TMP/evil/null" ;;
	esac
	like "the host's /dev/null by $make" "$(unshare -m sh -c '
		mount --bind "$1" /dev/null
		shift
		exec "$@"' sh "$TMP/evil/null" "$RUNT" --root "$STATE" run \
		--bundle "$B" "n$$" 2>&1)" \
		'/dev/null of the host is not the null device'
done
untouched "and the host is as it was"

## A path that can't be reached is not passed over

config_defaults
ROOT_PATH='"rootfs"'
mkdir "$R/d"
echo secret >"$R/d/file"
ln -s /d/file "$R/to-file"
ln -s /proc/self/root/d/file "$R/magic"
ln -s loop "$R/loop"
for path in /loop /magic /d/file/x; do
	LINUX=",\"maskedPaths\":[\"$path\"]"
	attack 'cat /d/file'
	refused "mask of $path" "mask $path: "
	LINUX=",\"readonlyPaths\":[\"$path\"]"
	attack 'cat /d/file'
	refused "readonly of $path" "make $path read-only: "
done
LINUX=',"maskedPaths":["/to-file"]'
attack 'cat /d/file /to-file | wc -c'
is "mask of a link: what it points to" "$SAID" 0

## The mask can't be looked behind

echo behind >"$R/covered"
mkdir "$R/shut"
echo behind >"$R/shut/file"
LINUX=',"maskedPaths":["/covered","/shut"],"readonlyPaths":["/d"]'
CAPS='"CAP_DAC_OVERRIDE","CAP_SYS_CHROOT","CAP_MKNOD","CAP_CHOWN","CAP_FOWNER"'
attack 'umount /covered; umount /shut; mv /covered /elsewhere; mv /shut /s2
	rm -f /covered; ln /covered /twice; mount -o remount,rw,bind /d
	touch /d/x; cat /covered /elsewhere /twice /shut/file /s2/file' 
unlike "without CAP_SYS_ADMIN" "$SAID" behind
is "and what is read-only stays so" "$(ls "$R/d")" file
finish
