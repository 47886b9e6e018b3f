#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: armv6
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# The default devices and links, and linux.devices.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"
. "${0%/*}/mount.sh"
. "${0%/*}/users.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b

# Prints name, mode, owner and numbers of each device.
nodes() {
	run_in "cd /dev; stat -c '%n %a %u:%g %F %t:%T' $*"
}

## Always there

is "the default devices" "$(nodes null zero full random urandom tty)" \
	"null 666 0:0 character special file 1:3
zero 666 0:0 character special file 1:5
full 666 0:0 character special file 1:7
random 666 0:0 character special file 1:8
urandom 666 0:0 character special file 1:9
tty 666 0:0 character special file 5:0"
is "they work" "$(run_in 'echo x >/dev/null; head -c 2 /dev/zero | wc -c
	head -c 3 /dev/urandom | wc -c' | tr '\n' ' ')" "2 3 "
is "the links" "$(run_in 'cd /dev; for l in fd stdin stdout stderr ptmx; do
	readlink $l; done' | tr '\n' ' ')" \
	"/proc/self/fd /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 pts/ptmx "
if [ -e /proc/kcore ]; then
	is "core" "$(run_in 'readlink /dev/core')" /proc/kcore
else
	fails "no core without /proc/kcore" run_in 'readlink /dev/core'
fi
is "nothing else" "$(run_in 'ls /dev' | grep -v -x core | tr '\n' ' ')" \
	"fd full null ptmx pts random shm stderr stdin stdout tty urandom zero "
is "whatever the umask" "$(umask 077; nodes null)" \
	"null 666 0:0 character special file 1:3"

## linux.devices

device() {
	DEVICES="$DEVICES${DEVICES:+,}{$1}"
	LINUX=",\"devices\":[$DEVICES]"
}

DEVICES=
device '"type":"c","path":"/dev/fuse","major":10,"minor":229'
device '"type":"c","path":"/dev/secret","major":10,"minor":229,
	"fileMode":384,"uid":1000,"gid":5'
device '"type":"b","path":"/dev/disk/by/name","major":259,"minor":1048575'
device '"type":"p","path":"/dev/fifo","fileMode":432'
device '"type":"u","path":"/dev/raw","major":1,"minor":5'
device '"type":"c","path":"/dev/big","major":4095,"minor":0'
device '"type":"c","path":"/dev/setid","major":1,"minor":3,"fileMode":2470'
is "they are made as they are described" \
	"$(nodes fuse secret disk/by/name fifo raw big setid)" \
	"fuse 666 0:0 character special file a:e5
secret 600 1000:5 character special file a:e5
disk/by/name 666 0:0 block special file 103:fffff
fifo 660 0:0 fifo 0:0
raw 666 0:0 character special file 1:5
big 666 0:0 character special file fff:0
setid 4646 0:0 character special file 1:3"
DEVICES=
device '"type":"c","path":"/dev/./null","major":1,"minor":3,"fileMode":384'
is "one at the place of a default device replaces it" "$(nodes null)" \
	"null 600 0:0 character special file 1:3"

refused() {
	DEVICES=
	device "$2"
	like "$1" "$(run_in true)" "$3"
}

refused "an unknown type" '"type":"x","path":"/dev/x","major":1,"minor":1' \
	'"x"'
refused "a minor that is too large" \
	'"type":"c","path":"/dev/x","major":1,"minor":1048576' 'minor: .*1048576'
refused "a major that is too large" \
	'"type":"c","path":"/dev/x","major":4096,"minor":1' 'major: .*4096'
LINUX=
MOUNTS=',{"destination":"/dev/random","source":"/dev/urandom",
 "options":["bind"]},{"destination":"/dev/full","source":"'$TMP'",
 "options":["bind"]}'
is "what is mounted instead of a default device stays" \
	"$(run_in 'stat -c %t:%T /dev/random; ls -d /dev/full/b' | tr '\n' ' ')" \
	"1:9 /dev/full/b "
refused "but not instead of one that is asked for" \
	'"type":"c","path":"/dev/random","major":1,"minor":8' \
	'/dev/random exists in the container, but is not character device 1:8'
MOUNTS=
refused "the same place twice" \
	'"type":"c","path":"/dev/x","major":1,"minor":3},
	 {"type":"c","path":"/dev/x","major":1,"minor":5' \
	'/dev/x exists in the container, but is not character device 1:5'
LINUX=

## What an image has

own_root
R=$B/rootfs
DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"}'
run_in true >/dev/null
is "in the image itself" "$(stat -c '%a %t:%T' "$R/dev/null" "$R/dev/tty" |
	tr '\n' ' ')" "666 1:3 666 5:0 "
chmod 644 "$R/dev/null"
rm "$R/dev/ptmx" "$R/dev/fd"
mknod "$R/dev/ptmx" c 5 2
ln -s elsewhere "$R/dev/fd"
is "the right nodes may be there, and links" \
	"$(echo | run_in 'ls /dev/null; readlink /dev/ptmx
		readlink /dev/fd' | tr '\n' ' ')" \
	"/dev/null pts/ptmx elsewhere "

exists() {
	like "$1" "$(run_in true)" \
		"/dev/$2 exists in the container, but is not character device"
}

rm "$R/dev/zero"
echo mine >"$R/dev/zero"
exists "a file is not taken for a device" zero
is "nor removed" "$(cat "$R/dev/zero")" mine
rm "$R/dev/zero"
mknod "$R/dev/zero" c 1 3
exists "nor is another device" zero
rm "$R/dev/zero"
mknod "$R/dev/zero" b 1 5
exists "nor a block device of the same number" zero
rm "$R/dev/zero"
rm -r "${R:?}/dev"

## /dev is a bind

mkdir "$TMP/dev" "$R/dev"
config_defaults
ROOT_PATH='"rootfs"'
DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"},
	{"destination":"//dev/.","source":"'$TMP/dev'","options":["bind"]}'
LINUX=',"devices":[{"type":"c","path":"/dev/x","major":1,"minor":3}]'
run_in true >/dev/null
is "then nothing is made in it" "$(ls "$TMP/dev")" ""
LINUX=

## A read-only /dev

config_defaults
DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"},
	{"destination":"/dev","type":"tmpfs","source":"t","options":["ro"]}'
like "it has its devices" "$(run_in 'echo x >/dev/null && echo fine')" fine
like "and is read-only" "$(run_in 'touch /dev/x')" 'Read-only file system'

## Without CAP_MKNOD

if setpriv --help 2>&1 | grep -q bounding-set && [ -c /dev/fuse ]; then
	config_defaults
	DEVICES=
	device '"type":"c","path":"/dev/fuse","major":10,"minor":229'
	DEVICES="$DEVICES,{\"type\":\"c\",\"path\":\"/dev/none\",
	 \"major\":1,\"minor\":3}"
	powerless() {
		ARGS=$(sh_args "$1")
		config
		container_count=$((container_count + 1))
		setpriv --bounding-set -mknod "$RUNT" --root "$STATE" run \
			--bundle "$B" "t$$-$container_count" 2>&1
	}
	is "the host's are bound" "$(powerless 'cd /dev
		stat -c "%F %t:%T" null zero fuse; grep -c " /dev/" /proc/mounts
		echo x >null')" \
		"character special file 1:3
character special file 1:5
character special file a:e5
9"
	LINUX=",\"devices\":[$DEVICES]"
	like "but only what the host has" "$(powerless true)" \
		'open device /dev/none of the host: No such file'
	DEVICES=
	device '"type":"c","path":"/dev/fuse","major":1,"minor":3'
	like "and only if it is that" "$(powerless true)" \
		"the host's /dev/fuse is another device"
else
	skip "the host's are bound" "no setpriv that drops capabilities, or no /dev/fuse"
fi

## In a user namespace

if [ -e /proc/self/ns/user ]; then
	LINUX=
	own_root
	users
	chown -R "$BASE:$BASE" "$B/rootfs"
	DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"}'
	for time in first second; do
		is "without a mount at /dev they are bound, a $time time" \
			"$(run_in "stat -c '%F %t:%T' /dev/null")" \
			"character special file 1:3"
	done
	echo text >"$B/rootfs/dev/zero"
	like "but not over what is in a file" "$(run_in true)" \
		'/dev/zero exists .* is not character device 1:5'
	rm "$B/rootfs/dev/zero"
	LINUX="$LINUX,\"devices\":[{\"type\":\"c\",\"path\":\"/dev/ptmx\",
		\"major\":5,\"minor\":2}]"
	is "the ptmx is the container's" "$(run_in 'readlink /dev/ptmx')" pts/ptmx
else
	skip "in a user namespace" "this kernel has none"
fi
finish
