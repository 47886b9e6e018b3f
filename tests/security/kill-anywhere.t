#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# runt is killed at every system call that create and run -d make. Whatever was
# done until then: nothing may run on, and after `delete --force` nothing may
# be left, and the id can be used again.

. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"
. "${0%/*}/../container/users.sh"

command -v strace >/dev/null || skip_all "strace is not installed"
[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
strace -o /dev/null true 2>/dev/null || skip_all "strace may not trace here"

# Other programs mount, too: here nobody else does.
if [ "${ALONE-}" != 1 ]; then
	ALONE=1 exec unshare -m --propagation private "$0" "$@"
fi

bundle b
id=killed$$
ARGS="\"/bin/sh\",\"-c\",\"sleep 1000; :\",\"$id\""
SLEEP=$ARGS
LINUX=",\"cgroupsPath\":\"/runt-test-$id/c\""
config
group=$CGROUPS/runt-test-$id

# Processes of the container: its init has our argv until it executes the
# program, which has the id among its arguments.
living() {
	grep -la "[${id%"${id#?}"}]${id#?}" /proc/[0-9]*/cmdline 2>/dev/null
	find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null
}

# One point: the Kth call of the name. Prints what is wrong.
try() {
	# shellcheck disable=SC2086
	strace -o /dev/null -e "inject=$2:signal=KILL:when=$3" \
		"$RUNT" --root "$STATE" "$1" $4 --bundle "$B" "$id" \
		</dev/null >/dev/null 2>&1
	rt delete --force "$id" >"$TMP/delete" 2>&1 ||
		echo "delete --force fails: $(cat "$TMP/delete")"
	left=$(living)
	[ -z "$left" ] || echo "runs on: $left"
	[ ! -d "$group" ] || echo "cgroup left"
	[ ! -e "$STATE/$id" ] || echo "state left"
	# With -s, cmp would believe the size of 0 that files of procfs have.
	cmp /proc/self/mountinfo "$TMP/mounts" >/dev/null ||
		echo "mounts changed"
	[ $(($3 % 8)) != 0 ] || again
}

again() {
	ARGS='"/bin/true"'
	config
	rt run --bundle "$B" "$id" >"$TMP/again" 2>&1 ||
		echo "the id can't be used again: $(cat "$TMP/again")"
	ARGS=$SLEEP
	config
}

sweep() {
	# shellcheck disable=SC2086
	strace -qq -o "$TMP/trace" "$RUNT" --root "$STATE" "$1" $2 \
		--bundle "$B" "$id" </dev/null >/dev/null 2>&1 ||
		{ fail "$1 $2 works"; return; }
	rt delete --force "$id"
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$TMP/trace" |
		awk '{ print $1, ++n[$1] }' >"$TMP/points"
	bad=0
	while read -r name k; do
		[ "$name" = exit_group ] && continue
		wrong=$(try "$1" "$name" "$k" "$2")
		[ -z "$wrong" ] && continue
		bad=$((bad + 1))
		diag "killed at $name #$k: $wrong"
	done <"$TMP/points"
	is "$1 $2${3-}: nothing is left of $(wc -l <"$TMP/points") kills" "$bad" 0
}

cat /proc/self/mountinfo >"$TMP/mounts"
sweep create ""
sweep run -d

# Another process forks the container's where a user namespace is joined.
[ -e /proc/self/ns/user ] || skip_all "this kernel has no user namespaces"
unshare -U sleep 1000 >/dev/null 2>&1 &
holder=$!
apart() {
	[ "$(readlink /proc/$holder/ns/user)" != "$(readlink /proc/self/ns/user)" ]
}
await apart
echo "0 $BASE 65536" >/proc/$holder/uid_map
echo "0 $BASE 65536" >/proc/$holder/gid_map
NAMESPACES="$NAMESPACES,{\"type\":\"user\",
 \"path\":\"/proc/$holder/ns/user\"}"
config
sweep run -d ", user namespace joined"
kill $holder
finish
