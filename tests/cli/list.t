#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# runt list and runt state of what is there without any process: records of
# containers that have ended.

set -eu
. "${0%/*}/../lib.sh"

cd "$TMP"
runt() {
	"$RUNT" --root "$TMP/root" "$@"
}

header="ID          PID         STATUS      BUNDLE      CREATED     OWNER"
mkdir root
ok "an empty root" runt list
is "prints the header only" "$(cat "$OUTPUT")" "$header"
is "as JSON it is null" "$(runt list --format json)" null
is "with -q nothing" "$(runt list -q)" ""
is "with both nothing" "$(runt list -q -f json)" ""
echo >root/file
mkdir root/being-made
is "what is no container is passed over" "$(runt list)" "$header"

on_full_disk() {
	runt list "$@" >/dev/full
}
fails "list fails on a full disk" on_full_disk
is "and says so" "$(cat "$OUTPUT")" \
	"runt: write standard output: No space left on device"
fails "as JSON too" on_full_disk --format=json

finish
