#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: riscv64
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# Links in an image, where runt mounts or makes something: CVE-2018-19837,
# CVE-2019-19921, CVE-2023-27561, CVE-2026-87766 and their kind.

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
climb=../../../../../../../../../..

## File systems that must be where programs look for them

for dir in proc sys; do
	rmdir "$R/$dir"
	mkdir -p "$R/bad"
	for target in /bad bad "$CANARY/empty" "$climb$CANARY/empty" /; do
		ln -s "$target" "$R/$dir"
		attack true
		refused "/$dir is a link to $target" 'symbolic link'
		rm "$R/$dir"
	done
	echo file >"$R/$dir"
	attack true
	refused "/$dir is a file" 'Not a directory'
	rm "$R/$dir"
	mkdir "$R/$dir"
done

rmdir "$R/dev"
for target in "$CANARY" "$climb$CANARY" /bad; do
	ln -s "$target" "$R/dev"
	attack true
	refused "/dev is a link to $target" 'symbolic link'
	rm "$R/dev"
done
mkdir "$R/dev"

ln -s "$CANARY" "$R/l"
for type in devpts mqueue sysfs cgroup proc; do
	no_mounts
	add_mount "/l/$type" $type $type
	attack true
	refused "$type below a link" 'symbolic link'
done

## Mount points behind links: inside the root, wherever these point

no_mounts
add_mount /l/empty tmpfs t
add_mount /l/file '' "$TMP/state-of-mind" bind
echo mine >"$TMP/state-of-mind"
attack "cat '$CANARY/file'; grep -c '$CANARY' /proc/self/mountinfo"
is "an absolute link" "$(words)" "mine 2"
untouched "an absolute link: the host"
no_mounts
ln -s "$climb$CANARY" "$R/up"
add_mount /up/dir/deep tmpfs t
attack "grep -c ' $CANARY/dir/deep ' /proc/self/mountinfo"
is "a link that climbs" "$SAID" 1
untouched "a link that climbs: the host"

no_mounts
ln -s "$CANARY/new/file" "$R/dangling"
ln -s "$climb$CANARY/new/dir" "$R/dangling-up"
add_mount /dangling '' "$TMP/state-of-mind" bind
add_mount /dangling-up/sub tmpfs t
attack "cat '$CANARY/new/file'; ls -d '$CANARY/new/dir/sub'"
is "links to what is missing" "$(words)" "mine $CANARY/new/dir/sub"
untouched "links to what is missing: the host"

# Where the host has the directory that the image need not have.
no_mounts
ln -s "$CANARY/made" "$R/last"
ln -s "$climb$CANARY/dir/made" "$R/last-up"
add_mount /last '' "$TMP/state-of-mind" bind
add_mount /last-up '' "$TMP/state-of-mind" bind
attack "cat '$CANARY/made' '$CANARY/dir/made'"
is "links to what is missing in a directory of the host's" "$(words)" \
	"mine mine"
untouched "links to what is missing in a directory of the host's: the host"

no_mounts
i=0
ln -s "$CANARY/dir" "$R/c0"
while [ $i -lt 39 ]; do
	ln -s "c$i" "$R/c$((i + 1))"
	i=$((i + 1))
done
add_mount /c39/x tmpfs t
attack "grep -c ' $CANARY/dir/x ' /proc/self/mountinfo"
is "a chain of 40" "$SAID" 1
untouched "a chain of 40: the host"
no_mounts
ln -s c39 "$R/c40"
add_mount /c40/y tmpfs t
attack true
refused "a longer one" 'Too many|Symbolic link loop'

no_mounts
add_mount "/$climb$CANARY/dir" tmpfs t
attack "grep -c ' $CANARY/dir ' /proc/self/mountinfo"
is ".. in the destination" "$SAID" 1
untouched ".. in the destination: the host"

## Magic links, and what a root once lay under

for way in /proc/self/root /proc/1/root /proc/self/cwd /proc/thread-self/root \
	/proc/self/fd/3; do
	no_mounts
	add_mount "$way$CANARY/dir" tmpfs t
	attack true
	refused "$way in the destination" 'inside /proc|symbolic link'
	ln -sfn "$way" "$R/magic"
	no_mounts
	add_mount "/magic$CANARY/dir" tmpfs t
	attack true
	refused "a link to $way" \
		'inside /proc|Too many|Symbolic link loop|No such file'
done
no_mounts
mkdir -p "$R/mnt/vol"
ln -s /.old "$R/mnt/vol/a"
ln -s "$climb/oldroot" "$R/mnt/vol/b"
add_mount "/mnt/vol/a$CANARY/dir" tmpfs t
add_mount "/mnt/vol/b$CANARY/dir" tmpfs t
attack "grep -c '$CANARY/dir' /proc/self/mountinfo"
is "names that other runtimes give to the old root" "$SAID" 2
untouched "names that other runtimes give to the old root: the host"

## Masks and read-only paths

no_mounts
LINUX=',"maskedPaths":["/l/file","/l/dir"],"readonlyPaths":["/up/dir"]'
mkdir -p "$R/$CANARY/dir/x"
attack "ls -A '$CANARY/dir'; touch '$CANARY/dir/x'"
like "masks behind links: in the container" "$SAID" 'Read-only file system'
untouched "masks behind links: the host"
finish
