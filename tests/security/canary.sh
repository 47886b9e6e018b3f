# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For attacks: sourced after container/common.sh and container/mount.sh.
#
#	canary			makes $CANARY, a tree of the host that a bundle
#				attacks
#	untouched NAME		passes if neither it nor the host's mounts have
#				changed since
#	attack CMD...		runs CMD in a container of $B; what it and runt
#				print goes to $SAID, the status to $STATUS
#	words			prints $SAID in one line
#	refused NAME ERE	passes if the last attack was refused with this
#				message, and all is untouched

canary() {
	CANARY=$TMP/canary
	mkdir -p "$CANARY/dir/deep" "$CANARY/empty"
	echo precious >"$CANARY/file"
	echo precious >"$CANARY/dir/deep/file"
	echo marker >"$CANARY/ptmx"
	canary_before=$(snapshot)
}

snapshot() {
	find "$CANARY" -exec stat -c '%n %F %a %u:%g %t:%T %i %s' {} + | sort
	cat "$CANARY/file" "$CANARY/dir/deep/file" "$CANARY/ptmx"
	awk '{ print $4, $5, $6 }' /proc/self/mountinfo
}

untouched() {
	is "$1" "$(snapshot)" "$canary_before"
}

attack() {
	STATUS=0
	SAID=$(run_in "$*") || STATUS=$?
}

words() {
	printf '%s' "$SAID" | tr '\n' ' '
}

refused() {
	if [ "$STATUS" = 0 ] || ! printf '%s\n' "$SAID" | grep -Eq -e "$2"; then
		fail "$1"
		diag "status $STATUS: $SAID"
		diag "expected: /$2/"
	else
		untouched "$1"
	fi
}
