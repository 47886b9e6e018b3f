#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The board is what it should be: what the other tests on it rely on.

# shellcheck source=/dev/null
. "${0%/*}/../lib.sh"
# shellcheck source=/dev/null # board, arch, root, release
. /etc/board

is "runs the kernel that was meant" "$(uname -r)" "${release:?}"
is "is called what it is" "$(hostname)" "${board:?}"
like "has a clock" "$(date +%Y)" '^20[2-9][0-9]$'

type=$(awk '$5 == "/" { sub(/.* - /, ""); print $1 }' /proc/self/mountinfo |
	tail -n 1)
case ${root:?} in
initramfs) like "has its root in memory" "$type" '^(rootfs|tmpfs|ramfs)$' ;;
*) is "has its root on a disk" "$type" "$root" ;;
esac

cg=/sys/fs/cgroup
is "has cgroup v2" "$(stat -f -c %t $cg)" 63677270
is "has given away every controller" "$(cat $cg/cgroup.subtree_control)" \
	"$(cat $cg/cgroup.controllers)"
want="cpu cpuset io memory pids"
# A kernel for one processor has no cpusets.
[ "$board" != armv6 ] || want="cpu io memory pids"
for c in $want; do
	like "has controller $c" " $(cat $cg/cgroup.controllers) " " $c "
done

ok "has a loopback interface" ping -c 1 -W 5 127.0.0.1
ok "has pseudo terminals" test -c /dev/pts/ptmx
is "init is BusyBox's" "$(readlink /proc/1/exe)" /bin/busybox

# The kernel asks modprobe for what a test needs.
ok "makes a dummy interface" ip link add dummy9 type dummy
ok "removes it" ip link del dummy9
mkdir "$TMP/lower" "$TMP/upper" "$TMP/work" "$TMP/merged" "$TMP/disk"
echo below >"$TMP/lower/file"
ok "mounts an overlay" mount -t overlay -o "lowerdir=$TMP/lower" \
	-o "upperdir=$TMP/upper,workdir=$TMP/work" overlay "$TMP/merged"
is "reads through it" "$(cat "$TMP/merged/file")" below
ok "unmounts it" umount "$TMP/merged"
dd if=/dev/zero of="$TMP/image" bs=1024 count=1024 2>/dev/null
mke2fs -F "$TMP/image" >/dev/null 2>&1
ok "mounts an image through a loop device" \
	mount -t ext4 -o loop "$TMP/image" "$TMP/disk"
ok "unmounts it" umount "$TMP/disk"

(sleep 0.1 &)
sleep 0.5
is "init reaps orphans" "$(grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null)" ""

ok "has a runt that runs" "$RUNT" --version
ok "has a bundle's root file system" test -x "$BUNDLE/rootfs/bin/sh"
ok "has its configuration" test -s "$BUNDLE/config.json"
finish
