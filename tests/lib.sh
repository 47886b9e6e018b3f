# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# TAP for shell tests; runs under any POSIX sh, BusyBox's on the boards too.
#
#	#!/bin/sh
#	# parallel-safe
#	. "${0%/*}/../lib.sh"
#	ok "lists nothing at first" "$RUNT" list
#	is "prints the header only" "$("$RUNT" list | wc -l)" 1
#	finish
#
#	ok NAME CMD...		passes when the command exits with 0
#	fails NAME CMD...	passes when it says no: it exits with 1 to 125 or
#				255, but is not missing and not killed by a signal
#	exits NAME N CMD...	passes when it exits with N
#	is NAME GOT EXPECTED	passes when the strings are equal
#	isnt NAME GOT OTHER	passes when they differ
#	like NAME GOT ERE	passes when a line of GOT matches
#	unlike NAME GOT ERE	passes when none does
#	await CMD...		runs it again and again until it works, for a minute
#				at most; for what others do in their own time
#	pass NAME, fail NAME	for what none of these can say
#	skip NAME REASON	counts as skipped
#	skip_all REASON		ends the file: nothing of it can run here
#	diag TEXT...		a comment in the log
#	finish			at the end: prints the plan, exits
#
# What a command of ok, fails and exits printed is in the file $OUTPUT until
# the next one, and in the log when the test fails. tests/run sets RUNT (the
# binary under test), RUNT_ARCH, TESTS (this directory) and TMP (a new
# directory, removed afterwards); a test started by hand gets defaults. HELPER
# is what tests/helper.c became.

TESTS=${TESTS:-$(cd "${0%/*}/.." && pwd)}

tap_machine() {
	case $(uname -m) in
	arm*) echo arm ;;
	*) uname -m ;;
	esac
}

RUNT_ARCH=${RUNT_ARCH:-$(tap_machine)}
RUNT=${RUNT:-${TESTS%/*}/build/$RUNT_ARCH/runt}
HELPER=$TESTS/helper
[ -x "$HELPER" ] || HELPER=${TESTS%/*}/build/$RUNT_ARCH/tests/helper

if [ -z "${TMP-}" ]; then
	TMP=$(mktemp -d) || exit 1
	chmod 755 "$TMP"
	# Only what is below TMP itself, never what is mounted there.
	trap 'grep -q " $TMP/" /proc/self/mountinfo || rm -rf "$TMP"' EXIT
fi
export TESTS RUNT RUNT_ARCH TMP

OUTPUT=$TMP/.output
tap_count=0
tap_failed=0

pass() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

fail() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# Fails test $1 because command "$3 ..." exited with $2.
tap_fail_status() {
	fail "$1"
	tap_status=$2
	shift 2
	diag "exit status $tap_status: $*"
	sed 's/^/# /' "$OUTPUT"
}

tap_run() {
	tap_status=0
	"$@" >"$OUTPUT" 2>&1 || tap_status=$?
}

ok() {
	tap_name=$1
	shift
	tap_run "$@"
	if [ "$tap_status" = 0 ]; then
		pass "$tap_name"
	else
		tap_fail_status "$tap_name" "$tap_status" "$@"
	fi
}

fails() {
	tap_name=$1
	shift
	tap_run "$@"
	case $tap_status in
	0 | 12[6-9] | 1[3-9]? | 2[0-4]? | 25[0-4])
		tap_fail_status "$tap_name" "$tap_status" "$@"
		;;
	*)
		pass "$tap_name"
		;;
	esac
}

exits() {
	tap_name=$1
	tap_expected=$2
	shift 2
	tap_run "$@"
	if [ "$tap_status" = "$tap_expected" ]; then
		pass "$tap_name"
	else
		tap_fail_status "$tap_name" \
			"$tap_status instead of $tap_expected" "$@"
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1"
		diag "got:      $2"
		diag "expected: $3"
	fi
}

isnt() {
	if [ "$2" != "$3" ]; then
		pass "$1"
	else
		fail "$1"
		diag "got what it must not be: $2"
	fi
}

like() {
	if printf '%s\n' "$2" | grep -Eq -e "$3"; then
		pass "$1"
	else
		fail "$1"
		diag "got:      $2"
		diag "expected: /$3/"
	fi
}

unlike() {
	if printf '%s\n' "$2" | grep -Eq -e "$3"; then
		fail "$1"
		diag "got:      $2"
		diag "matches:  /$3/"
	else
		pass "$1"
	fi
}

await() {
	tap_tries=600
	until "$@" >/dev/null 2>&1; do
		tap_tries=$((tap_tries - 1))
		[ $tap_tries -gt 0 ] || return 1
		sleep 0.1
	done
}

skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

skip_all() {
	if [ "$tap_count" = 0 ]; then
		echo "1..0 # SKIP $1"
		exit 0
	fi
	skip "the rest of the file" "$1"
	finish
}

finish() {
	echo "1..$tap_count"
	[ "$tap_failed" = 0 ]
	exit
}
