#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016
# parallel-safe
#
# What a command executes in user space, its children included (which is why
# none is among them whose children stay), counted one by one: no more than 2 %
# above what is recorded in tests/data/steps.tbl. No noise touches that number. What does is the same everywhere: the environment
# is empty, all paths are below a tmpfs at /mnt in a mount namespace of its own,
# and there are no cgroups, which have other controllers on each machine. What
# is left are the digits of pids and of times, far below 2 %.
#
# RECORD=1 writes the table anew.

. "${0%/*}/../lib.sh"

steps=${RUNT%/*}/bench/steps
table=$TESTS/data/steps.tbl

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$RUNT_ARCH" = x86_64 ] || skip_all "counted on x86_64 only"
[ -x "$steps" ] || skip_all "no $steps"
command -v unshare >/dev/null || skip_all "no unshare(1)"

# In the namespace: prints "NAME COUNT" for each command.
cat >"$TMP/count" <<'END'
set -e
mount -t tmpfs -o mode=755 tmpfs /mnt
cp "$RUNT" /mnt/runt
cp "$STEPS" /mnt/steps
mkdir -p /mnt/b/rootfs/bin /mnt/b/rootfs/dev /mnt/b/rootfs/proc \
	/mnt/b/rootfs/sys
cp "${STEPS%/*}/true" /mnt/b/rootfs/bin/true
cd /mnt/b
../runt spec
sed -e 's|"terminal": true|"terminal": false|' -e 's|"sh"|"/bin/true"|' \
	config.json >run.json
sed 's|"/bin/true"|"/bin/true", "stay"|' run.json >stay.json

count() {
	name=$1
	shift
	n=$(env -i /mnt/steps /mnt/runt --root /mnt/s --cgroup-manager disabled \
		"$@" 2>&1 >/dev/null </dev/null) ||
		{ echo "$name: $n" >&2; exit 1; }
	echo "$name $n"
}
rt() {
	env -i /mnt/runt --root /mnt/s --cgroup-manager disabled "$@"
}

count run run --config run.json c
rt run --detach --config stay.json c </dev/null >/dev/null
count state state c
count list list
count kill kill c 0
count exec exec c /bin/true
count delete delete --force c
END
RUNT=$RUNT STEPS=$steps unshare -m sh "$TMP/count" >"$TMP/counts" \
	2>"$TMP/errors"
is "all are counted" "$? $(cat "$TMP/errors")" "0 "

if [ "${RECORD-}" ]; then
	sed -i '/^[^#]/d' "$table"
	cat "$TMP/counts" >>"$table"
fi

while read -r name n; do
	recorded=$(sed -n "s/^$name //p" "$table")
	if [ "$n" -le $((${recorded:-0} * 102 / 100)) ]; then
		pass "$name: $n instructions"
	else
		diag "recorded in tests/data/steps.tbl: ${recorded:-nothing}"
		fail "$name: $n instructions, more than 2 % above the record"
	fi
done <"$TMP/counts"
finish
