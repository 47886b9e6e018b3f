#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64
# shellcheck disable=SC2016,SC2086,SC2154
# parallel-safe
#
# Id-mapped mounts: who owns the files of a volume, seen from inside and on the
# disk.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"
. "${0%/*}/mount.sh"
. "${0%/*}/users.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
[ -e /proc/self/ns/user ] || skip_all "this kernel has no user namespaces"

bundle b
mkdir "$TMP/vol" "$TMP/vol/sub"
echo text >"$TMP/vol/file"
echo text >"$TMP/vol/five"
chown 5:5 "$TMP/vol/five"
chmod 600 "$TMP/vol/file"

# volume OPTIONS [MEMBERS]: the volume as /vol, one more entry of mounts.
volume() {
	MOUNTS=",{\"destination\":\"/vol\",\"source\":\"$TMP/vol\",
		\"options\":[$1]${2-}}"
}
own="\"uidMappings\":$(ranges 0 1000 10),\"gidMappings\":$(ranges 0 2000 10)"

## What can't be meant

volume '"bind","idmap"'
like "no maps anywhere" "$(run_in 'echo ran')" \
	'config.json:[0-9]*:[0-9]*: mounts\[5\]: an id-mapped mount takes uidMappings'
volume '"bind"' ',"uidMappings":[{"containerID":0,"hostID":1,"size":1}]'
like "one of the two" "$(run_in 'echo ran')" \
	'mounts\[5\]: uidMappings and gidMappings belong together'
MOUNTS=",{\"destination\":\"/vol\",\"type\":\"tmpfs\",\"source\":\"tmpfs\",
	\"options\":[\"idmap\"],$own}"
like "what is no bind" "$(run_in 'echo ran')" \
	'mounts\[5\]: only a bind mount can be id-mapped'

## Maps of the mount's own, for a container without a user namespace

volume '"bind","idmap"' ",$own"
got=$(run_in 'stat -c "%u %g" /vol/file /vol/five')
case $got in
*'tmpfs since 6.3'*)
	like "a kernel that can't: the file system and the versions are named" \
		"$got" "map the ids of $TMP/vol \([a-z0-9]*\), .*Linux 5.12"
	skip_all "this kernel has none on $(stat -f -c %T "$TMP")"
	;;
esac
is "ids are mapped" "$got" "1000 2000
1005 2005"
is "on the disk they are what they were" "$(stat -c '%u %g' "$TMP/vol/five")" \
	"5 5"
IDS='"uid":1000,"gid":2000'
chown 0 "$TMP/vol"
is "who is the owner inside may read" "$(run_in 'cat /vol/file')" text
run_in 'touch /vol/new'
is "and makes files that belong to whom it is mapped to" \
	"$(stat -c '%u %g' "$TMP/vol/new")" "0 0"
IDS='"uid":0,"gid":0'
like "an id that is not mapped owns nothing there" \
	"$(run_in 'touch /vol/root')" "touch: "
volume '"bind"' ",$own"
is "maps alone are enough" "$(run_in 'stat -c %u /vol/file')" 1000
volume '"bind","idmap","ro","nosuid"' ",$own"
look
like "with other options" "$(flags /vol)" "^ro,nosuid"
ok "it is no peer of the host's mount" [ -z "$(tags /vol | grep shared)" ]
mount --bind "$TMP/vol" "$TMP/vol"
mount --make-shared "$TMP/vol"
look
umount "$TMP/vol"
like "nor where that is shared" "$(tags /vol)" '^master:[0-9]*$'

## Below

mount -t tmpfs none "$TMP/vol/sub"
echo text >"$TMP/vol/sub/file"
volume '"rbind","idmap"' ",$own"
is "idmap: the mount itself" \
	"$(run_in 'stat -c %u /vol/file /vol/sub/file')" "1000
0"
volume '"rbind","ridmap"' ",$own"
got=$(run_in 'stat -c %u /vol/file /vol/sub/file')
case $got in
*'tmpfs since 6.3'*) skip "ridmap" "not on tmpfs in this kernel" ;;
*) is "ridmap: all below, too" "$got" "1000
1000" ;;
esac
umount "$TMP/vol/sub"

## The user namespace's

users
volume '"bind","idmap"'
is "root of the disk is root inside" \
	"$(run_in 'stat -c "%u %g" /vol/file && cat /vol/file')" "0 0
text"
rm "$TMP/vol/new"
CAPS='"CAP_CHOWN"'
run_in 'touch /vol/new; chown 7:8 /vol/new'
is "what it makes belongs to root on the disk, or to whom it is given" \
	"$(stat -c '%u %g' "$TMP/vol/new")" "7 8"
volume '"bind"'
is "without the option it is nobody's" "$(run_in 'stat -c %u /vol/file')" 65534
volume '"bind","idmap"' ",\"uidMappings\":$(ranges 0 $((BASE + 5)) 10),
	\"gidMappings\":$(ranges 0 $((BASE + 6)) 10)"
is "maps of the mount come first" "$(run_in 'stat -c "%u %g" /vol/file')" "5 6"
ARGS='"/bin/sleep","1000"'
config
rt run -d --bundle "$B" pod$$ </dev/null >/dev/null 2>&1
NAMESPACES=$(echo "$NAMESPACES" |
	sed "s,{\"type\":\"user\"},{\"type\":\"user\"\\,\"path\":\"/proc/$(pid_of pod$$)/ns/user\"},")
LINUX=
volume '"bind","idmap"'
is "those of one that is joined" "$(run_in 'stat -c "%u %g" /vol/file')" "0 0"
rt delete --force pod$$

## Where it is not to be had

config_defaults
MOUNTS=",{\"destination\":\"/vol\",\"source\":\"/sys/kernel\",
	\"options\":[\"bind\",\"idmap\"],$own}"
like "a file system that has none is named" "$(run_in 'echo ran')" \
	'map the ids of /sys/kernel \(sysfs\), to be mounted at /vol: .*tmpfs since 6.3'
user_setup
own_root
chown -R 1:1 "$B"
users
maps "$(ranges 0 1 1)"
volume '"bind","idmap"'
ARGS='"/bin/true"'
config
like "a user without privileges" "$(user_rt run --bundle "$B" c 2>&1)" \
	'mounts\[5\]: an id-mapped mount takes the privileges of root'
is "nothing is left" "$(rt list -q)" ""
finish
