#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# A kernel that was told to do without the memory controller, as a Raspberry Pi
# is by its firmware, and to measure no pressure.

. "${0%/*}/../lib.sh"

# Boots and looks for file $1; its results are ours.
boot() {
	"${0%/*}/boot" x86_64 --append "cgroup_disable=memory psi=0" \
		--timeout 280 --name nomemory --test "container/$1" >"$TMP/tap" 2>"$TMP/err"
	case $(head -n 1 "$TMP/tap") in
	"1..0 # SKIP "*) skip_all "$(sed 's/.*# SKIP //' "$TMP/tap")" ;;
	esac
	grep -A 9 '^not ok' "$TMP/tap" "$TMP/err" | sed 's/^/# /'
	unlike "$1: nothing fails" "$(cat "$TMP/tap")" '^not ok'
	like "  all of it has run" "$(tail -n 1 "$TMP/tap")" '^1\.\.[1-9][0-9]'
}

boot limits-values.t
like "a limit of memory is refused" "$(cat "$TMP/tap")" \
	'^ok .*limits-values.t: a limit without its controller$'
unlike "  that was tested" "$(cat "$TMP/tap")" 'has no memory.*# SKIP'
if [ "${BOARDS_ALL-}" ]; then
	boot events.t
	like "events are no worse without it" "$(cat "$TMP/tap")" \
		'^ok .*events.t: no pressure$'
fi
finish
