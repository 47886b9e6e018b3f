#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 1500
#
# The programs of programs.t on the x86_64 board, where cgroup2 has all
# controllers. They are in $OCI, too.

. "${0%/*}/../lib.sh"

[ -x "$OCI/validation" ] || skip_all "tests/oci/build was not run"
mkdir -p "$TMP/root/tests"
cp -r "$OCI" "$TMP/root/oci"
cp -r "$TESTS/oci" "$TMP/root/tests"
"$TESTS/board/boot" x86_64 --name oci --memory 512 --timeout 1440 \
	--add "$TMP/root" --test oci/programs
