#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
# timeout: 900
#
# Boards whose boot or kernel lacks something: check says so, and what it says
# is so. One has its memory cgroups disabled on the kernel's command line, the
# other (with $BOARDS_ALL) the oldest kernel that there is; each compares its
# kernel with that one's configuration.

# shellcheck disable=SC1091
. "${0%/*}/../lib.sh"
# shellcheck disable=SC1091
. "${0%/*}/relay.sh"
top=${TESTS%/*}

# Boots board $1 with more arguments; its tests become ours.
one() {
	board=$1
	shift
	if [ ! -x "$top/build/$(arch_of "$board")/runt" ]; then
		skip "$board" "make ARCH=$(arch_of "$board") first"
		return
	fi
	mkdir "$TMP/$board"
	cp "$("$top/toolchain/kernel" "$board")/config" \
		"$TMP/$board/kernel-config" || {
		skip "$board" "its kernel can't be had"
		return
	}
	"$top/tests/board/boot" "$board" --timeout 400 --add "$TMP/$board" "$@" \
		--test container/check >"$TMP/$board.tap" 2>&1
	relay "$board" "$TMP/$board.tap"
}

arch_of() {
	(
		# shellcheck source=rootfs-test/boards.sh
		. "$top/rootfs-test/boards.sh"
		board "$1"
		# shellcheck disable=SC2154
		echo "$arch"
	)
}

one x86_64 --append cgroup_disable=memory
like "memory cgroups were disabled, and the test of it ran" \
	"$(cat "$TMP/x86_64.tap" 2>/dev/null)" \
	'(^ok .*: memory that was disabled at boot$|^1\.\.0)'
[ ! "${BOARDS_ALL-}" ] || one arm
finish
