#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm riscv64
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# The root of the container's mount namespace: pivot_root, what takes its place
# on an initramfs and with --no-pivot, and what spreads between it and the host.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"
. "${0%/*}/mount.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root
R=$B/rootfs

rt_run() {
	container_count=$((container_count + 1))
	rt run "$@" --bundle "$B" "t$$-$container_count" 2>&1
}

## What is left of the host

for option in "" --no-pivot; do
	name=${option:-pivot or what takes its place}
	ARGS=$(sh_args 'cat /proc/self/mountinfo')
	config
	SEEN=$(rt_run ${option:+"$option"})
	is "$name: the container's mounts and no other" \
		"$(printf '%s\n' "$SEEN" | awk '{ print $5 }' | sort |
			tr '\n' ' ')" "/ /dev /dev/pts /dev/shm /proc /sys "
	is "$name: they hang together" "$(printf '%s\n' "$SEEN" |
		awk '{ id[$1]; up[NR] = $2 }
		END { for (i in up) n += !(up[i] in id); print n }')" 1
	ARGS=$(sh_args 'pwd; ls -di / /..; cd /; cd ../..; pwd')
	config
	is "$name: .. of the root is the root" "$(rt_run ${option:+"$option"} |
		awk '{ print $1 }' | uniq -c | awk '{ print $1 }' |
		tr '\n' ' ')" "1 2 1 "
done

# A file system that a container's namespace still has in some corner can be
# unmounted on the host, but stays in use.
disk() {
	dd if=/dev/zero of="$TMP/disk" bs=1024 count=256 2>/dev/null &&
		mke2fs -F "$TMP/disk" >/dev/null 2>&1 &&
		mkdir -p "$TMP/mnt" && mount -o loop "$TMP/disk" "$TMP/mnt"
}
still_used() {
	ARGS='"/bin/sleep","100"'
	config
	disk
	rt_run ${1:+"$1"} --detach
	id=t$$-$container_count
	umount "$TMP/mnt"
	losetup -a | grep -c "$TMP/disk"
	rt delete --force "$id"
}
if disk; then
	umount "$TMP/mnt"
	is "the host's disks are not kept busy" "$(still_used)" 0
	is "--no-pivot: nor there" "$(still_used --no-pivot)" 0
else
	skip "the host's disks are not kept busy" "no loop device, or no ext2"
fi

## Propagation

is "a root of its own is not shared" "$(look; tags /)" ""
mkdir "$TMP/shared" "$TMP/peer"
mount -t tmpfs shared "$TMP/shared"
mount --make-shared "$TMP/shared"
trap 'umount -l "$TMP/shared"' EXIT
mkdir "$TMP/shared/volume" "$TMP/shared/root"
cp -a "$R/." "$TMP/shared/root"
ROOT_PATH="\"$TMP/shared/root\""

for value in shared rshared; do
	LINUX=",\"rootfsPropagation\":\"$value\""
	look
	like "$value" "$(tags /)" '^shared:[0-9]+$'
done
like "rshared: what is mounted, too" "$(tags /proc)" '^shared:[0-9]+$'
for value in slave rslave; do
	LINUX=",\"rootfsPropagation\":\"$value\""
	look
	like "$value: of the host" "$(tags /)" '^master:[0-9]+$'
done
LINUX=
look
is "by default private" "$(tags /)" ""
for value in private rprivate; do
	LINUX=",\"rootfsPropagation\":\"$value\""
	look
	is "$value" "$(tags /)" ""
done
for value in unbindable runbindable; do
	LINUX=",\"rootfsPropagation\":\"$value\""
	look
	is "$value" "$(tags /)" unbindable
done
LINUX=',"rootfsPropagation":"sideways"'
like "an unknown word" "$(run_in true)" 'rootfsPropagation.*sideways'
LINUX=',"rootfsPropagation":"rprivate"'
config
like "private without pivot_root" "$(rt_run --no-pivot)" \
	'rootfsPropagation of \[r\]private is not safe without pivot_root'
LINUX=

# A container that mounts, and what the host sees of it.
CAPS='"CAP_SYS_ADMIN"'
mounted() {
	ls "$TMP/shared/volume/sub" 2>/dev/null
	umount "$TMP/shared/volume/sub" 2>/dev/null
}
mkdir "$TMP/shared/volume/sub"
in_volume='mount -t tmpfs x /volume/sub && touch /volume/sub/seen'
no_mounts
add_mount /volume '' "$TMP/shared/volume" bind
run_in "$in_volume" >/dev/null
is "a mount in a volume stays in the container" "$(mounted)" ""
no_mounts
add_mount /volume '' "$TMP/shared/volume" bind rshared
LINUX=',"rootfsPropagation":"rshared"'
run_in "$in_volume" >/dev/null
is "but spreads if all is asked to be shared" "$(mounted)" seen
run_in 'mkdir /spread; mount -t tmpfs x /spread && touch /spread/seen' \
	>/dev/null
is "the root's own never do" "$(ls "$TMP/shared/root/spread")" ""
LINUX=
if [ -e /proc/self/ns/user ]; then
	(
		NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
		ids='[{"containerID":0,"hostID":100000,"size":65536}]'
		LINUX=",\"uidMappings\":$ids,\"gidMappings\":$ids"
		for option in bind rbind; do
			no_mounts
			add_mount /volume '' "$TMP/shared/volume" $option
			run_in "$in_volume; ls /volume/sub" >"$TMP/said"
		done
	)
	is "in a user namespace root may mount there" "$(cat "$TMP/said")" seen
	is "and nothing of it spreads" "$(mounted)" ""
else
	skip "in a user namespace" "this kernel has none"
fi

has_stopped() {
	rt state "$1" | grep -q '"stopped"'
}

# What the host mounts later.
late() {
	ARGS=$(sh_args 'while [ ! -e /volume/go ]; do sleep 0.05; done
		ls /volume/sub')
	config
	rm -f "$TMP/shared/volume/go"
	id=t$$-late$1
	rt run --bundle "$B" --detach "$id" >"$TMP/late" 2>&1
	mount -t tmpfs late "$TMP/shared/volume/sub"
	touch "$TMP/shared/volume/sub/late" "$TMP/shared/volume/go"
	await has_stopped "$id"
	rt delete --force "$id"
	umount "$TMP/shared/volume/sub"
	cat "$TMP/late"
}
no_mounts
add_mount /volume '' "$TMP/shared/volume" rbind rslave
is "what the host mounts in a slave appears" "$(late 1)" late
no_mounts
add_mount /volume '' "$TMP/shared/volume" rbind rprivate
is "in a private one it does not" "$(late 2)" ""
no_mounts
config_defaults
ROOT_PATH='"rootfs"'

## Roots

mkdir "$TMP/elsewhere"
ln -s "$R" "$TMP/elsewhere/link"
ROOT_PATH="\"$TMP/elsewhere/link\""
is "root.path may be a link" "$(run_in 'echo in')" in
ROOT_PATH='"nothing"'
like "root.path that is not there" "$(run_in true)" \
	"root.path $B/nothing: No such file or directory"
ROOT_PATH='"config.json"'
like "root.path that is a file" "$(run_in true)" \
	"root.path $B/config.json: Not a directory"
ROOT_PATH='"rootfs"'
mkdir "$R/sub"
mount -t tmpfs sub "$R/sub"
touch "$R/sub/seen"
is "what is mounted in the root comes along" "$(run_in 'ls /sub')" seen
umount "$R/sub"
NAMESPACES='{"type":"pid"},{"type":"uts"}'
DEFAULT_MOUNTS=
is "without a mount namespace: just the root" "$(run_in 'ls -d /bin /sub
	ls /proc')" "/bin
/sub"
ARGS='"/bin/sleep","1000"'
config
rt run -d --bundle "$B" "e$$" </dev/null >/dev/null 2>&1
is "  for exec, too" "$(rt exec "e$$" sh -c 'ls -d /bin /sub; ls /proc')" "/bin
/sub"
rt delete --force "e$$"
config_defaults
ROOT_PATH='"rootfs"'

## runt in a chroot

mkdir "$TMP/cell"
cp -a "$R/." "$TMP/cell"
mkdir -p "$TMP/cell/b" "$TMP/cell/sys/fs/cgroup"
cp -a "$R" "$TMP/cell/b/rootfs"
cp "$RUNT" "$TMP/cell/bin/runt"
ARGS='"/bin/true"'
config
cp "$B/config.json" "$TMP/cell/b"
in_cell() {
	unshare -m sh -c "mount --make-rprivate /
		$1
		mount -t proc proc '$TMP/cell/proc'
		mount --rbind /dev '$TMP/cell/dev'
		mount --rbind '$CGROUPS' '$TMP/cell/sys/fs/cgroup'
		exec chroot '$TMP/cell' /bin/runt --root /run/runt run -b /b t$$-c" 2>&1
}
like "in a directory" "$(in_cell :)" 'from inside a chroot'
like "in a mount" "$(in_cell "mount --bind '$TMP/cell' '$TMP/cell'")" \
	'from inside a chroot'
finish
