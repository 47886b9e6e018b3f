#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# Boards with as little memory as still works: Debian's kernel, BusyBox, and
# containers. One step less and the kernel has no room for itself.

. "${0%/*}/../lib.sh"
. "${0%/*}/relay.sh"
top=${TESTS%/*}

mkdir -p "$TMP/tests/container"
cp "$TESTS/board/small/run.t" "$TMP/tests/container"

# Boots board $1 of architecture $2 with $3 MB; its results are ours.
one() {
	if [ ! -x "$top/build/$2/runt" ]; then
		skip "$1" "make ARCH=$2 first"
		return
	fi
	"$top/tests/board/boot" "$1" --root ext4 --memory "$3" \
		--name "small-$1" --timeout 130 --tests "$TMP/tests" \
		--test container >"$TMP/tap" 2>&1
	relay "$1" "$TMP/tap"
}

one aarch64 aarch64 56
one arm arm 80
finish
