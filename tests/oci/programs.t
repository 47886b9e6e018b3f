#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 900
#
# The programs of the OCI's conformance suite (tests/oci/build), a test each.
# They are in $OCI, and run in a mount namespace of their own. One that is in the
# table `known` has to fail, so that nothing stays there for no reason.

. "${0%/*}/../lib.sh"

OCI=${OCI:-/oci}
[ "$(id -u)" = 0 ] || skip_all "needs root"
[ -x "$OCI/validation" ] || skip_all "tests/oci/build was not run"

# With a state root of its own.
export RUNTIME="$TMP/runtime" TMPDIR="$TMP"
printf '#!/bin/sh\nexec "%s" --root "%s" "$@"\n' "$RUNT" "$TMP/state" >"$RUNTIME"
chmod 755 "$RUNTIME"

# Runs program $1, from where it finds what it needs.
run_program() {
	cd "$OCI" && timeout -k 5 120 unshare -m ./validation "$1" \
		>"$TMP/out" 2>"$TMP/err"
}

# How it went, by its status, what it left and its TAP. A program that makes no
# test says only what is wrong.
went_well() {
	[ "$1" = 0 ] && [ -z "$("$RUNTIME" list -q)" ] && awk '
		/^not ok/ && !/# TODO/ { failed = 1 }
		/^(not )?ok/ { tests++ }
		/"error": "[^"]/ { error = 1 }
		END { exit failed || (error && !tests) }' "$TMP/out"
}

# What a reader wants to know of a failure.
explain() {
	diag "exit status $1"
	awk '/^(not )?ok/ { show = /^not ok/ && !/# TODO/; tests++ }
		show || !tests' "$TMP/out" | head -n 40 | sed 's/^/#   /'
	head -n 10 "$TMP/err" | sed 's/^/#   /'
	"$RUNTIME" list -q | sed 's/^/#   left: /'
}

# What a program does not remove that ends in the middle.
clean_up() {
	for id in $("$RUNTIME" list -q); do
		"$RUNTIME" delete --force "$id"
	done
}

# Sets known and why to what the table has of program $1.
look_up() {
	while read -r name known why; do
		# shellcheck disable=SC2254
		case $1 in
		$name)
			[ "$known" = v2 ] || return 0
			[ ! -d /sys/fs/cgroup/pids ] || known=no
			return 0
			;;
		esac
	done <"$TMP/known"
	known=no
}

all_capabilities() {
	last=$(cat /proc/sys/kernel/cap_last_cap)
	[ "$(sed -n 's/^CapBnd:.//p' /proc/self/status)" = \
		"$(printf '%016x' $(((1 << (last + 1)) - 1)))" ]
}

grep -v '^#' "${0%/*}/known" >"$TMP/known"
all=$("$OCI/validation")
for program in $all; do
	if [ "$program" = process_capabilities ] && ! all_capabilities; then
		skip "$program" "wants capabilities that root has not got here"
		continue
	fi
	status=0
	run_program "$program" || status=$?
	look_up "$program"
	if went_well "$status"; then
		case $known in
		no | maybe) pass "$program" ;;
		*) fail "$program passes, but is known to fail: $why" ;;
		esac
	elif [ "$known" = no ]; then
		fail "$program"
		explain "$status"
	else
		pass "$program fails: $why"
	fi
	clean_up
done
while read -r name _; do
	# shellcheck disable=SC2254
	for program in $all; do
		case $program in
		$name) continue 2 ;;
		esac
	done
	fail "the table has $name, which is no program of the suite"
done <"$TMP/known"
finish
