#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm
# shellcheck disable=SC2034 # common.sh reads the variables
#
# Every option of mounts[].options, by what the kernel says of the mount. Each
# gets a mount point of its own, all of them in one container.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"
. "${0%/*}/mount.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root

# A source with a mount in it, and one that is restricted itself.
mkdir -p "$TMP/plain" "$TMP/tight"
mount -t tmpfs plain "$TMP/plain"
mkdir "$TMP/plain/sub"
mount -t tmpfs sub "$TMP/plain/sub"
mount -t tmpfs -o ro,nosuid,noexec,noatime tight "$TMP/tight"
clean_up() {
	umount -l "$TMP/plain" "$TMP/tight"
}
trap clean_up EXIT

## Binds: EXPECTED flags, then the options

binds="rw,relatime|bind
rw,relatime|bind defaults
ro,relatime|bind ro
rw,relatime|bind ro rw
rw,nosuid,nodev,noexec,relatime|bind nosuid nodev noexec
rw,relatime|bind nosuid nodev noexec suid dev exec
rw,noatime|bind noatime
rw,relatime|bind noatime atime
rw|bind strictatime
rw|bind strictatime atime
rw,relatime|bind strictatime nostrictatime
rw,noatime|bind noatime nostrictatime
rw,relatime|bind noatime relatime
rw,noatime|bind noatime norelatime
rw,nodiratime,relatime|bind nodiratime
rw,relatime|bind nodiratime diratime
rw,relatime,nosymfollow|bind nosymfollow
rw,relatime|bind nosymfollow symfollow
rw,relatime|bind sync dirsync mand lazytime iversion loud silent
rw,relatime|bind async nomand nolazytime noiversion
rw,relatime|bind rsync rasync rdirsync rmand rnomand
ro,nosuid,nodev,noexec,noatime|rbind rro rnosuid rnodev rnoexec rnoatime
rw,relatime|rbind rro rnosuid rrw rsuid"

no_mounts
n=0
saved_ifs=$IFS
IFS='
'
for line in $binds; do
	IFS=' '
	n=$((n + 1))
	# shellcheck disable=SC2086
	add_mount /m/$n '' "$TMP/plain" ${line#*|}
done
IFS=$saved_ifs
look
n=0
IFS='
'
for line in $binds; do
	n=$((n + 1))
	is "${line#*|}" "$(flags /m/$n)" "${line%%|*}"
done
IFS=$saved_ifs

## What is below a bind

no_mounts
add_mount /b '' "$TMP/plain" bind
add_mount /r '' "$TMP/plain" rbind
add_mount /r-ro '' "$TMP/plain" rbind ro nosuid
add_mount /r-rro '' "$TMP/plain" rbind rro rnosuid rnosymfollow rnodiratime
add_mount /r-strict '' "$TMP/plain" rbind rstrictatime
add_mount /r-mixed '' "$TMP/plain" rbind ro rrw nosuid rsuid
add_mount /r-atime '' "$TMP/plain" rbind rnoatime ratime rnorelatime
look
is "bind: the mounts below are left out" "$(flags /b/sub)" ""
is "rbind: they come along" "$(flags /r/sub)" rw,relatime
is "rbind ro: not for them" "$(flags /r-ro) $(flags /r-ro/sub)" \
	"ro,nosuid,relatime rw,relatime"
is "rro...: for them too" "$(flags /r-rro/sub)" \
	ro,nosuid,nodiratime,relatime,nosymfollow
is "rstrictatime: for them too" "$(flags /r-strict/sub)" rw
is "the recursive ones come last" \
	"$(flags /r-mixed) $(flags /r-mixed/sub)" "rw,relatime rw,relatime"
is "rnoatime ratime" "$(flags /r-atime/sub)" rw,relatime

## A source that is restricted

no_mounts
add_mount /as-is '' "$TMP/tight" bind
add_mount /nodev '' "$TMP/tight" bind nodev
add_mount /rw '' "$TMP/tight" bind rw suid exec
add_mount /all '' "$TMP/tight" rbind rrw rsuid rexec rrelatime
look
is "a restricted source stays so" "$(flags /as-is)" ro,nosuid,noexec,noatime
is "and gets what is asked for" "$(flags /nodev)" \
	ro,nosuid,nodev,noexec,noatime
is "it is opened up only by the words for it" "$(flags /rw)" rw,noatime
is "or by the recursive ones" "$(flags /all)" rw,relatime

## Propagation

no_mounts
for word in private rprivate shared rshared slave rslave unbindable \
	runbindable; do
	add_mount "/p/$word" '' "$TMP/plain" rbind $word
done
add_mount /p/two '' "$TMP/plain" bind shared slave
add_mount /p/again '' "$TMP/plain" bind unbindable shared
look
for word in private rprivate; do
	is "$word" "$(tags /p/$word) $(tags /p/$word/sub)" " "
done
like "shared" "$(tags /p/shared)" '^shared:[0-9]+$'
unlike "shared: not what is below" "$(tags /p/shared/sub)" shared
like "rshared: what is below" "$(tags /p/rshared/sub)" 'shared:[0-9]+'
unlike "slave" "$(tags /p/slave)" shared
unlike "rslave" "$(tags /p/rslave/sub)" shared
is "unbindable" "$(tags /p/unbindable)" unbindable
isnt "unbindable: not what is below" "$(tags /p/unbindable/sub)" unbindable
is "runbindable: what is below" "$(tags /p/runbindable/sub)" unbindable
unlike "two, in their order" "$(tags /p/two)" shared
like "the other way round" "$(tags /p/again)" '^shared:[0-9]+$'

## New file systems

no_mounts
add_mount /t/1 tmpfs one size=1m nr_inodes=10 mode=700
add_mount /t/2 tmpfs two size=1m,nr_inodes=10,mode=711 ro nosuid
add_mount /t/3 tmpfs three sync dirsync lazytime noatime
add_mount /t/4 tmpfs four sync async lazytime nolazytime silent loud
add_mount /t/5 tmpfs five rro rnosuid rnoexec nosymfollow
add_mount /t/6 tmpfs six rsync rdirsync
add_mount /t/7 tmpfs seven shared
add_mount /t/8 tmpfs eight iversion size=2m nodev
add_mount /t/9 tmpfs nine defaults relatime rw
look
is "data options, one by one" "$(super /t/1 | cut -d , -f 1-4)" \
	rw,size=1024k,nr_inodes=10,mode=700
is "the source" "$(kind /t/1)" "tmpfs one"
is "data options in one word" "$(super /t/2 | sed 's/^r.,//' |
	cut -d , -f 1-3)" size=1024k,nr_inodes=10,mode=711
is "ro nosuid" "$(flags /t/2)" ro,nosuid,relatime
is "noatime" "$(flags /t/3)" rw,noatime
like "sync dirsync lazytime" "$(super /t/3)" '^rw,sync,dirsync,.*lazytime|^rw,sync,dirsync,lazytime'
unlike "async nolazytime" "$(super /t/4)" 'sync|lazytime'
is "recursive words and nosymfollow" "$(flags /t/5)" \
	ro,nosuid,noexec,relatime,nosymfollow
like "rsync rdirsync" "$(super /t/6)" '^rw,sync,dirsync'
like "shared" "$(tags /t/7)" '^shared:[0-9]+$'
is "iversion" "$(flags /t/8) $(super /t/8 | cut -d , -f 2)" \
	"rw,nodev,relatime size=2048k"
is "defaults relatime rw" "$(flags /t/9)" rw,relatime

## remount

no_mounts
add_mount /again tmpfs again size=1m
add_mount /again '' '' remount ro size=2m nosuid
add_mount /bound '' "$TMP/plain" bind ro
add_mount /bound '' '' bind remount rw noexec
add_mount /thawed tmpfs thawed size=1m nosuid
add_mount /thawed '' '' remount rw suid
look
is "remount: the file system" "$(super /again | cut -d , -f 1-2)" \
	ro,size=2048k
is "remount: the mount" "$(flags /again)" ro,nosuid,relatime
is "remount of a bind" "$(flags /bound)" rw,noexec,relatime
is "remount rw" "$(flags /thawed)" rw,relatime
no_mounts
add_mount /tmp '' '' bind remount ro
like "remount of what is no mount" "$(run_in true)" \
	'remount what is mounted at /tmp: Invalid argument'

## Links

echo target >"$TMP/target"
ln -s target "$TMP/link"
ln -s /nowhere "$TMP/dangling"
ln -s /elsewhere "$B/rootfs/mnt/old"
no_mounts
add_mount /mnt/copy '' "$TMP/link" bind copy-symlink
add_mount /mnt/kept '' "$TMP/target" bind copy-symlink
add_mount /mnt/raw '' "$TMP/dangling" bind src-nofollow
add_mount /mnt/old '' "$TMP/target" bind dest-nofollow
got=$(run_in 'readlink /mnt/copy; cat /mnt/kept; readlink /mnt/raw
	cat /mnt/old; ls /elsewhere' | tr '\n' ' ')
is "copy-symlink, src-nofollow, dest-nofollow" "$got" \
	"target target /nowhere target ls: /elsewhere: No such file or directory "
no_mounts
add_mount /mnt/copy '' "$TMP/link" bind copy-symlink
is "copy-symlink: once more" "$(run_in 'readlink /mnt/copy')" target
add_mount /mnt/old '' "$TMP/link" bind copy-symlink
like "copy-symlink, where another link is" "$(run_in 'echo ran')" \
	'copy link .* at /mnt/old: File exists'

## Refused

refused() {
	no_mounts
	# shellcheck disable=SC2086 # words
	add_mount /x "$2" "$3" $4
	like "$1" "$(run_in true)" "$5"
}

refused "data options of a bind" '' "$TMP" "bind size=4" \
	'mounts\[5\].*"size=4" is not an option of bind mounts'
refused "a bind without a source" '' '' bind 'a bind mount needs a source'
refused "neither type nor bind" '' "$TMP" ro 'needs a type'
refused "bind as a type" bind "$TMP" ro \
	'mount bind at /x: No such device.* option "bind"'
refused "tmpcopyup of a bind" '' "$TMP" "bind tmpcopyup" 'tmpfs only'
refused "a file system that there is not" nosuchfs x ro \
	'mount nosuchfs at /x: No such device'
refused "an option that it does not know" tmpfs x zzz=1 \
	"mount tmpfs at /x: option zzz: .*Unknown parameter 'zzz'"
refused "a bad value" tmpfs x size=zzz \
	"mount tmpfs at /x: option size: .*Bad value for 'size'"
finish
