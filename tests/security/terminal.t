#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: armv6
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# Attacks on what makes a terminal: /dev/console (CVE-2026-88264 wrote through a
# link there), /dev/pts and ptmx (CVE-2025-52565 mounted what a link in place of
# the slave led to), and on /dev/null in place of a stream (CVE-2026-88265 took
# any file for it).

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
all=$DEFAULT_MOUNTS
proc='{"destination":"/proc","type":"proc","source":"proc"}'
pts='{"destination":"/dev/pts","type":"devpts","source":"devpts",
 "options":["newinstance","ptmxmode=0666","mode=0620"]}'
PROCESS=',"terminal":true'

## /dev/console, where the image has its own /dev

mkdir -p "$R/dev/pts" "$R/vol"
DEFAULT_MOUNTS="$proc,$pts"
attack 'stat -c %t /dev/console; echo seen >/dev/console'
is "without a mount at /dev" "$(words)" "88 seen"
rm -f "$R/dev/console"
add_mount /vol '' "$CANARY/dir" bind rw
for readonly in false true; do
	for target in "$CANARY/new" "$CANARY/file" "$climb$CANARY/file" \
		/vol/new /proc/sysrq-trigger /nothing; do
		ln -s "$target" "$R/dev/console"
		READONLY=$readonly
		attack 'echo through >/dev/console'
		refused "console is a link to $target, root read-only: $readonly" \
			'/dev/console in the container is a symbolic link'
		rm "$R/dev/console"
	done
done
READONLY=false
no_mounts
mkdir "$R/dev/console"
attack true
refused "console is a directory" "mount the terminal at /dev/console"
rmdir "$R/dev/console"
for make in 'mkfifo' 'touch'; do
	$make "$R/dev/console"
	attack 'stat -c %t /dev/console'
	is "console is what $make makes: it is covered" "$SAID" 88
	rm "$R/dev/console"
done

# A /dev of somebody's choice.
mkdir -p "$TMP/evil/pts"
ln -s "$CANARY/file" "$TMP/evil/console"
DEFAULT_MOUNTS="$proc,{\"destination\":\"/dev\",\"source\":\"$TMP/evil\",
 \"options\":[\"bind\",\"rw\"]},$pts"
attack 'echo through >/dev/console'
refused "a link in a /dev that is bound" 'is a symbolic link'
rm "$TMP/evil/console"

## /dev/pts

knob=/proc/sys/kernel/printk_ratelimit_burst
before=$(cat $knob)
LINUX=',"readonlyPaths":["/proc/sys"]'
# Would let the container write to a file of /proc/sys, that it must not.
through() {
	attack 'stat -c %t /dev/console; echo 11 >/dev/console'
}
not_through() {
	is "$1: /proc/sys is as it was" "$(cat $knob)" "$before"
	[ "$(cat $knob)" = "$before" ] || echo "$before" >$knob
}

# A ptmx that works, by the devpts beside it, and a "slave" beside that.
rm -rf "$R/dev/pts"
mkdir -p "$R/dev/pts/pts"
mknod "$R/dev/pts/ptmx" c 5 2
for n in 0 1 2 3; do
	ln -s $knob "$R/dev/pts/$n"
done
DEFAULT_MOUNTS="$proc,{\"destination\":\"/dev/pts/pts\",\"type\":\"devpts\",
 \"source\":\"devpts\",\"options\":[\"newinstance\",\"ptmxmode=0666\"]}"
through
refused "a ptmx in a directory with links" \
	'/dev/pts in the container is no devpts'
not_through "a ptmx in a directory with links"
DEFAULT_MOUNTS=$proc
rm "$R/dev/pts/ptmx"
echo >"$R/dev/pts/ptmx"
through
refused "a ptmx that is a file" '/dev/pts in the container is no devpts'
mv "$R/dev/pts" "$R/elsewhere"
ln -s ../elsewhere "$R/dev/pts"
through
refused "a /dev/pts that is a link" 'open /dev/pts in the container: Symbolic link'
rm "$R/dev/pts"
mkdir "$R/dev/pts"


# Over the kernel's own ptmx.
DEFAULT_MOUNTS="$proc,$pts"
for over in "$CANARY/file" /dev/ptmx /dev/null; do
	no_mounts
	add_mount /dev/pts/ptmx '' "$over" bind
	through
	refused "$over over ptmx" \
		'open /dev/pts/ptmx in the container: (Cross-device|Invalid)'
done
no_mounts
not_through "over ptmx"

## exec, into a container that has prepared for it

DEFAULT_MOUNTS=$all
LINUX=
PROCESS=
CAPS='"CAP_SYS_ADMIN","CAP_MKNOD"'
C=attack$$
inside() {
	rt exec "$C" sh -c "$1" </dev/null >/dev/null 2>&1
}
prepare() {
	ARGS='"/bin/sleep","1000"'
	config
	rt run -d -b "$B" "$C" </dev/null >/dev/null 2>&1
	inside "$1"
	SAID=$(rt exec -t "$C" sh -c 'tty; echo 11 >/dev/tty' </dev/null 2>&1)
	STATUS=$?
	rt delete -f "$C"
}
prepare :
is "exec -t" "$(echo "$SAID" | head -n 1)" "/dev/pts/0"
prepare "mkdir /dev/evil; mknod /dev/evil/ptmx c 5 2; mkdir /dev/evil/pts
	for n in 0 1 2; do ln -s $knob /dev/evil/\$n; done
	mount --move /dev/pts /dev/evil/pts
	mount -t tmpfs none /dev/pts; cp -a /dev/evil/* /dev/pts"
refused "exec: a directory over /dev/pts" \
	'/dev/pts in the container is no devpts'
prepare "mount --bind $knob /dev/pts/ptmx"
refused "exec: a file over ptmx" 'open /dev/pts/ptmx in the container'
prepare "mount --move /dev/pts /mnt; rmdir /dev/pts; ln -s /mnt /dev/pts"
refused "exec: a link to the devpts" 'open /dev/pts in the container: Symbolic link'
not_through "exec"

## A null device that is none

echo victim >"$R/victim"
mkdir -p "$TMP/dev"
DEFAULT_MOUNTS="$proc,{\"destination\":\"/dev\",\"source\":\"$TMP/dev\",
 \"options\":[\"bind\",\"rw\"]}"
ARGS=$(sh_args 'echo said; echo error >&2')
config
for kind in 'ln -s /victim' 'ln -s /proc/self/fd/1' 'cp /victim' 'mkfifo' \
	'mknod:c 1 5'; do
	rm -f "$TMP/dev/null"
	case $kind in
	cp*) cp "$R/victim" "$TMP/dev/null" ;;
	mknod*) mknod "$TMP/dev/null" c 1 5 ;;
	*) $kind "$TMP/dev/null" ;;
	esac
	like "/dev/null by $kind: is not put in the host's place" \
		"$(rt run -b "$B" "$C" </dev/null 2>&1)" \
		"^runt: standard stream 0 is the host's /dev/null, and the"
	is "streams that are none stay what they are" \
		"$(echo | rt run -b "$B" "$C" 2>&1 | sort | tr '\n' ' ')" \
		"error said "
	case $kind in
	cp*) cat "$TMP/dev/null" >>"$R/victim" ;;
	esac
	is "and nothing goes elsewhere" "$(sort -u "$R/victim")" victim
done
# A directory is a way into the host's files.
rm -f "$TMP/dev/null"
for n in 0 1 2; do
	seen=$(eval "rt run -b '$B' '$C' $n<'$TMP' 2>&1" || echo failed)
	[ $n != 2 ] || seen=$(echo | rt --log "$TMP/why" run -b "$B" "$C" \
		2<"$TMP" || cat "$TMP/why")
	[ $n != 1 ] || seen=$(echo | rt --log "$TMP/why" run -b "$B" "$C" \
		2>&1 1<"$TMP" || cat "$TMP/why")
	like "standard stream $n is a directory, and no /dev/null is there" \
		"$seen" "standard stream $n is a directory"
done
# The container throws its own away, to get the host's from exec.
DEFAULT_MOUNTS=$all
ARGS='"/bin/sleep","1000"'
config
ok "a container" rt run -d -b "$B" "$C" </dev/null
is "that has removed /dev/null" \
	"$(echo | rt exec "$C" sh -c 'rm /dev/null && echo gone' 2>&1)" gone
like "exec does not bring it the host's" "$(rt exec "$C" stat -L -c %i \
	/proc/self/fd/0 </dev/null 2>&1)" "^runt: standard stream 0 is the host's"
ok "delete" rt delete --force "$C"
finish
