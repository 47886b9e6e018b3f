#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# podman's volumes and mounts.
# shellcheck disable=SC2016,SC2086
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

podman_image
d=$TMP/dir
mkdir -p "$d/sub" "$TMP/own" "$TMP/big"
echo text >"$d/file"
mount -t tmpfs below "$d/sub"

# For the container: the options of mount $1; what there is of propagation.
look='options() { awk -v d="$1" "\$5 == d { print \$6 }" /proc/self/mountinfo; }
shared() { awk -v d="$1" "\$5 == d { print \$7 }" /proc/self/mountinfo |
	cut -d : -f 1; }
size() { df -k "$1" | awk "END { print \$2 }"; };'

note run -v "$d:/rw" -v "$d:/ro:ro" -v "$d/file:/etc/one" \
	-v "$d:/no:noexec,nosuid,nodev" -v "$d:/yes:exec,suid,dev" \
	-v "$d:/shared:rshared" -v "$d:/slave:rslave" -v "$d:/z:z" \
	-v "$d:/over:O" -v new:/etc/init.d \
	--mount "type=bind,src=$d,dst=/robind,ro" \
	--tmpfs /t:size=3m,mode=1750,noexec --tmpfs /usr \
	--mount type=tmpfs,dst=/bare,tmpfs-size=1m \
	--mount type=ramfs,dst=/ram --mount type=devpts,dst=/mypts \
	--add-host a.b:1.2.3.4 $IMAGE sh -c "$look"'
	echo rw="$(cat /rw/file; echo new >/rw/new)"
	echo ro="$(echo 2>&1 >/ro/x)"
	echo one="$(cat /etc/one)"
	echo no="$(options /no)"
	echo yes="$(options /yes)"
	echo shared="$(shared /shared)"
	echo slave="$(shared /slave)"
	echo over="$(cat /over/file; echo other >/over/file; cat /over/file)"
	echo below="$(options /rw/sub | grep -c .)"
	echo robelow="$(echo 2>&1 >/robind/sub/x)"
	echo tmpfs="$(size /t) $(stat -c %a /t)"
	echo tmpfsopts="$(options /t)"
	echo copied="$(ls /usr | head -n 1)"
	echo bare="$(size /bare)"
	echo ram="$(stat -f -c %T /ram)"
	echo pts="$(stat -c %F /mypts/ptmx)"
	echo hosts="$(grep -c "^1.2.3.4[ 	]*a.b" /etc/hosts)"'
is "-v" "$(noted rw)" text
is "-v writes" "$(cat "$d/new")" new
like "-v :ro" "$(noted ro)" 'Read-only'
is "-v of a file" "$(noted one)" text
like "-v :noexec,nosuid,nodev" "$(noted no)" 'nosuid,nodev,noexec'
unlike "-v :exec,suid,dev" "$(noted yes)" 'nosuid|nodev|noexec'
is "-v :rshared" "$(noted shared)" shared
is "-v :rslave" "$(noted slave)" master
is "-v :O, an overlay" "$(noted over | head -n 1)" text
is "leaves what is below" "$(cat "$d/file")" text
is "-v takes what is mounted below" "$(noted below)" 1
is "and as runc does, leaves it writable where the volume is not" \
	"$(noted robelow)" ""
is "--tmpfs" "$(noted tmpfs)" "3072 1750"
like "--tmpfs noexec" "$(noted tmpfsopts)" noexec
is "--tmpfs copies what it hides" "$(noted copied)" bin
is "--mount tmpfs" "$(noted bare)" 1024
like "--mount ramfs" "$(noted ram)" 'ramfs'
is "--mount devpts" "$(noted pts)" "character special file"
is "--add-host" "$(noted hosts)" 1
ok "volume rm" pm volume rm new
umount "$d/sub"

ok "volume create" pm volume create --opt type=tmpfs --opt device=tmpfs \
	--opt o=size=2m,nodev small
note run -u 55 --read-only -v "$TMP/own:/own:U" -v small:/small -v vol:/etc \
	$IMAGE sh -c "$look"'
	echo own="$(stat -c %u /own)"
	echo small="$(size /small)"
	echo vol="$(grep -c ^root: /etc/passwd)"
	echo root="$(echo 2>&1 >/x)"
	echo tmp="$(echo 2>&1 >/tmp/x)"
	echo shm="$(echo 2>&1 >/dev/shm/x; cat /dev/shm/x)"
	echo kept="$(echo 2>&1 >/own/kept; stat -c %u /own/kept)"'
is "-v :U changes owners" "$(noted own)" 55
is "also outside" "$(stat -c %u "$TMP/own")" 55
is "a volume of a file system" "$(noted small)" 2048
is "a new volume has what the image has there" "$(noted vol)" 1
like "--read-only" "$(noted root)" 'Read-only'
is "has a /tmp" "$(noted tmp)" ""
is "and a /dev/shm" "$(noted shm)" ""
is "volumes can be written" "$(noted kept)" 55
ok "volume rm" pm volume rm small vol
like "--read-only-tmpfs=false" "$(run --read-only --read-only-tmpfs=false $IMAGE \
	touch /tmp/x 2>&1)" 'Read-only'

chown 0 "$d/file"
note run --uidmap 0:100000:1000 -v "$d:/mapped:idmap" -v "$d:/plain" $IMAGE \
	sh -c 'echo mapped="$(stat -c %u /mapped/file)"
	echo plain="$(stat -c %u /plain/file)"
	echo made="$(echo 2>&1 >/mapped/made)"'
is "-v :idmap" "$(noted mapped)" 0
is "what is not mapped is nobody's" "$(noted plain)" 65534
is "a file that is made there" "$(stat -c %u "$d/made")" 0

printf s3cret | pm secret create word - >/dev/null
pm run -d --name copy --network none --secret word $IMAGE sleep 1000 >/dev/null
is "--secret" "$(pm exec copy cat /run/secrets/word)" s3cret
ok "cp into a running one" pm cp "$d/file" copy:/tmp/file
is "is there" "$(pm exec copy cat /tmp/file)" text
ok "cp out of it" pm cp copy:/etc/passwd "$TMP/passwd"
like "is there, too" "$(cat "$TMP/passwd")" ^root:
ok "mount of a running one's root" pm mount copy
pm umount copy >/dev/null
pm rm -f -t 0 copy >/dev/null
pm secret rm word >/dev/null

cp -r /bundle/rootfs "$TMP/fs"
is "--rootfs" "$(run --rootfs "$TMP/fs" sh -c 'echo x >/made; cat /made')" x
ok "is that directory" test -e "$TMP/fs/made"
is "--rootfs :O" "$(run --rootfs "$TMP/fs:O" sh -c 'echo y >/over; cat /over')" y
fails "is not" test -e "$TMP/fs/over"
is "nothing is left" "$(ls /run/runt)" ""
finish
