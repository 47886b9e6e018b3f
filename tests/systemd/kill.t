#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 900
#
# runt is killed at every step of its talk with systemd while it makes a
# container, and while it deletes one. Nothing runs on, and `delete --force`
# removes the rest: state, unit and cgroup.

set -u
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

strace -o /dev/null true 2>/dev/null || skip_all "strace may not trace here"
calls=clone3,connect,sendto,recvfrom,poll,sendmsg,recvmsg,renameat2
marker=73$$
ARGS='"/bin/sleep","'$marker'"'
bundle b :killed:x
UNIT=killed-x.scope
CGROUP=/system.slice/$UNIT

# Prints the calls, numbered each by its name, that a command of runt makes.
points() {
	strace -qq -e "trace=$calls" -o "$TMP/trace" "$RUNT" --root "$STATE" \
		"$@" </dev/null >/dev/null 2>&1
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$TMP/trace" |
		awk '{ print $1, ++n[$1] }'
}

# Prints what is left.
left() {
	[ ! -e "$STATE/killed" ] || echo "state"
	grep -lasq "^sleep.$marker" /proc/[0-9]*/cmdline && echo "a process"
	[ "$(show $UNIT LoadState)" = not-found ] || echo "a unit"
	[ ! -e "/sys/fs/cgroup$CGROUP" ] || echo "a cgroup"
}

# Kills runt at one call; prints what is wrong then.
try_create() {
	name=$1 number=$2
	shift 2
	strace -o /dev/null -e "trace=$calls" \
		-e "inject=$name:signal=KILL:when=$number" "$RUNT" \
		--root "$STATE" "$@" </dev/null >/dev/null 2>&1
	rt delete --force killed 2>&1 || echo "delete --force fails"
	left
}

try_delete() {
	rt --systemd-cgroup run --detach --bundle "$B" killed </dev/null \
		>/dev/null 2>&1 || echo "run fails"
	try_create "$@"
}

# sweep NAME TRY ARGS...
sweep() {
	name=$1 try=$2
	shift 2
	points "$@" >"$TMP/points"
	rt delete --force killed
	bad=0 all=0
	while read -r call number; do
		all=$((all + 1))
		wrong=$($try "$call" "$number" "$@")
		[ "$wrong" ] || continue
		bad=$((bad + 1))
		diag "killed at $call #$number: $wrong"
	done <"$TMP/points"
	is "$name: nothing is left of $all kills" "$bad" 0
	ok "  which are some" [ $all -gt 5 ]
}

sweep run try_create --systemd-cgroup run --detach --bundle "$B" killed
rt --systemd-cgroup run --detach --bundle "$B" killed </dev/null >/dev/null 2>&1
sweep delete try_delete delete --force killed
finish
