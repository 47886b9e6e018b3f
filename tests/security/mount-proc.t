#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: x86_64
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# Mounts over and below /proc (CVE-2019-16884: a label was written to a file
# that the image had put there), and over the root.

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
mkdir -p "$TMP/fake/self/attr" "$TMP/fake/sys/kernel"
echo fake >"$TMP/fake/self/attr/exec"
echo fake >"$TMP/fake/uptime"

for dest in /proc /proc/ //proc/. /x/../proc; do
	no_mounts
	add_mount "$dest" '' "$TMP/fake" bind
	attack true
	refused "a directory over $dest" 'only procfs can be mounted at /proc'
	no_mounts
	add_mount "$dest" tmpfs t
	attack true
	refused "a tmpfs over $dest" 'only procfs can be mounted at /proc'
done
no_mounts
add_mount /proc '' /proc/sys bind
attack true
refused "a part of procfs over /proc" 'only procfs'
no_mounts
add_mount /proc '' /sys rbind
attack true
refused "sysfs over /proc" 'only procfs'
no_mounts
add_mount /proc '' /proc rbind
attack 'test -d /proc/1'
is "the host's own may be" "$STATUS" 0

for dest in self/attr sys sys/kernel 1 bus self/../sys x/y; do
	no_mounts
	add_mount "/proc/$dest" '' "$TMP/fake" bind
	attack true
	refused "a directory over /proc/$dest" \
		'cannot be mounted because it is inside /proc'
done
for file in sys/kernel/core_pattern self/attr/exec kcore version; do
	no_mounts
	add_mount "/proc/$file" '' "$TMP/fake/uptime" bind
	attack true
	refused "a file over /proc/$file" \
		'cannot be mounted because it is inside /proc'
done
ln -s proc "$R/way"
ln -s proc/sys "$R/in"
for dest in /way /in /in/kernel /way/self; do
	no_mounts
	add_mount "$dest" tmpfs t
	attack true
	refused "through a link: $dest" \
		'cannot be mounted because it is inside /proc'
done
no_mounts
add_mount /elsewhere proc proc
add_mount /elsewhere/sys tmpfs t
attack true
refused "in another procfs" 'cannot be mounted because it is inside /proc'
no_mounts
for file in cpuinfo diskstats meminfo stat swaps uptime loadavg; do
	[ -e /proc/$file ] || continue
	add_mount /proc/$file '' "$TMP/fake/uptime" bind
done
attack 'cat /proc/uptime /proc/meminfo'
is "what LXCFS does is allowed" "$(words)" "fake fake"
ln -s "$CANARY/file" "$TMP/fake/link"
no_mounts
add_mount /proc/uptime '' "$TMP/fake/link" bind
attack 'cat /proc/uptime'
is "(the source is the host's affair)" "$SAID" precious

for dest in / /. /.. /bin/.. /etc/../../; do
	no_mounts
	add_mount "$dest" tmpfs t
	attack true
	refused "over the root: $dest" 'nothing can be mounted over it'
done
ln -s / "$R/root-link"
ln -s ../.. "$R/etc/root-link"
for dest in /root-link /etc/root-link /etc/root-link/bin/..; do
	no_mounts
	add_mount "$dest" '' "$TMP/fake" bind
	attack true
	refused "over the root: $dest" 'nothing can be mounted over it'
done
finish
