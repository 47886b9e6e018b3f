#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# io.max, on a disk: the board's, or a file in a loop device.
# shellcheck disable=SC2016,SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
case " $(cat "$CGROUPS/cgroup.controllers") " in
*" io "*) ;;
*) skip_all "no controller io on cgroup2" ;;
esac

# There, jiffies wrap around after five minutes, and until then blk-throttle of
# Linux 5.10 takes a slice of time for one that ends before it begins, and
# panics.
case $(uname -m) in
arm*)
	read -r up _ </proc/uptime
	[ "${up%.*}" -gt 310 ] ||
		skip_all "io.max can panic a 32-bit kernel in its first minutes"
	;;
esac

loop=
if [ -b /dev/vda ]; then
	disk=/dev/vda
else
	dd if=/dev/zero of="$TMP/disk" bs=1M count=4 2>/dev/null
	loop=$(losetup -f)
	losetup "$loop" "$TMP/disk" || skip_all "no disk, and no loop device"
	disk=$loop
fi
numbers=$(cat "/sys/block/${disk#/dev/}/dev")
major=${numbers%:*} minor=${numbers#*:}

bundle b
C=/rt-io-$$
mkdir -p "$TMP/files"

# Reads 3 MiB of the disk, with resources $1, past all caches; prints the
# hundredths of a second that took.
read_disk() {
	LINUX=",\"cgroupsPath\":\"$C\",\"devices\":[{\"path\":\"/dev/disk\",
		\"type\":\"b\",\"major\":$major,\"minor\":$minor}],
		\"resources\":{\"devices\":[{\"allow\":true,\"access\":\"rwm\"}]$1}"
	run_in '
		read up rest </proc/uptime
		dd if=/dev/disk of=/dev/null iflag=direct bs=64k count=48 \
			2>/tmp/err || cat /tmp/err
		read now rest </proc/uptime
		echo $((${now%.*}${now#*.} - ${up%.*}${up#*.}))'
}

READONLY=false
MOUNTS=',{"destination":"/tmp","type":"tmpfs","source":"tmpfs"}'
free=$(read_disk '')
slow=$(read_disk ",\"blockIO\":{\"throttleReadBpsDevice\":[{
	\"major\":$major,\"minor\":$minor,\"rate\":1048576}]}")
diag "3 MiB: $free, at 1 MiB/s: $slow hundredths of a second"
ok "a rate of 1 MiB/s is kept" [ "$slow" -ge 200 ]
if [ "$free" -lt "$slow" ]; then
	pass "for what else were faster"
else
	skip "for what else were faster" "this disk took $free hundredths"
fi
few=$(read_disk ",\"blockIO\":{\"throttleReadIOPSDevice\":[{
	\"major\":$major,\"minor\":$minor,\"rate\":10}]}")
diag "10 requests per second: $few hundredths of a second"
ok "a rate of 10 requests per second is kept" [ "$few" -ge 100 ]

none=$(read_disk ',"blockIO":{"throttleReadBpsDevice":[{
	"major":4000,"minor":0,"rate":1}]}')
like "no such disk" "$none" \
	'linux\.resources\.blockIO\.throttleReadBpsDevice: write "4000:0 rbps=1" to io\.max of cgroup .*: No such device'

# Also in words of one's own a refused update leaves nothing.
LINUX=",\"cgroupsPath\":\"/rt-io-$$\""
ARGS='"/bin/sleep","1000"'
config
rt run --detach --bundle "$B" c </dev/null >/dev/null 2>&1
unified() {
	printf '{"unified":{"io.max":"%s wiops=9"%s}}' "$numbers" "$1" |
		rt update --resources - c
}
fails "an update that is refused" unified ',"zzz.max":"x"'
is "  leaves no entry" "$(cat "$CGROUPS/rt-io-$$/io.max")" ""
ok "one that is not" unified ""
like "  does" "$(cat "$CGROUPS/rt-io-$$/io.max")" "^$numbers .*wiops=9"
rt delete --force c

[ -z "$loop" ] || losetup -d "$loop"
finish
