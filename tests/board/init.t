#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
# timeout: 900
#
# Boards whose init is BusyBox's and runs six containers: five below /etc/runt,
# by S90runt, and one by a line of inittab. They are started, crash and are
# stopped (tests/board/init/1-boot.t); somebody pulls the plug, with all that
# runt had in /run on a disk that comes back (2-again.t); and in the end init
# shuts down. A board without a disk only shuts down.

. "${0%/*}/../lib.sh"
. "${0%/*}/relay.sh"
top=${TESTS%/*}
# shellcheck source=rootfs-test/boards.sh
. "$top/rootfs-test/boards.sh"
# shellcheck source=tests/vm/containers.sh
. "$TESTS/vm/containers.sh"

for i in 1 2 3 4; do
	bundle "$TMP/add/etc/runt/$i" "$ON_TERM; $FOREVER"
done
bundle "$TMP/add/etc/runt/5" "trap '' TERM; $FOREVER"
bundle "$TMP/add/srv/web" "trap 'echo web got TERM; exit 0' TERM; $FOREVER"

# What Buildroot's package runt-example installs.
example=$TMP/add/usr/share/example
mkdir -p "$example/rootfs"
cp "$top/toolchain/buildroot/package/runt-example/bundle/config.json" "$example"
for dir in bin dev lib proc sbin sys tmp usr; do
	mkdir "$example/rootfs/$dir"
done

mkdir -p "$TMP/add/etc/init.d" "$TMP/add/var/marks" "$TMP/tests/container"
cp "$TESTS"/board/init/*.t "$TESTS/vm/containers.sh" "$TMP/tests/container"
cat >"$TMP/add/etc/inittab" <<END
::sysinit:/etc/init.d/rcS
$(sed '/^#/d; s|/etc/runt/web|/srv/web|' "$top/rootfs-test/init/busybox/inittab")
::once:/etc/init.d/tests
::shutdown:/etc/init.d/S90runt stop
::shutdown:/bin/cat /var/marks/stopped
::shutdown:/bin/umount -a -r
END
# A /run that no boot empties, where it is on a disk.
cat >"$TMP/add/etc/init.d/S10run" <<'END'
#!/bin/sh
rm -f /var/marks/stopped
umount /run
cp /proc/uptime /began
END
cat >"$TMP/add/etc/init.d/S99ready" <<'END'
#!/bin/sh
cp /proc/uptime /ready
END
chmod +x "$TMP/add/etc/init.d"/S??*

# Boots board $1 with more arguments; its tests become ours.
one() {
	board "$1"
	shift
	# shellcheck disable=SC2154
	if [ ! -x "$top/build/$arch/runt" ]; then
		skip "$board" "make ARCH=$arch first"
		return
	fi
	"$top/tests/board/boot" "$board" --name "init-$board" --timeout 200 \
		--tests "$TMP/tests" --add "$TMP/add" "$@" --test container \
		>"$TMP/tap" 2>&1
	relay "$board" "$TMP/tap" || return
	tr -d '\r' <"$top/build/board/init-$board.log" |
		sed '1,/^@@ done/d' >"$TMP/shutdown"
	is "$board: shutdown: S90runt stops them all, the last first" \
		"$(sed -n 's/^Stopping container \(.*\): OK$/\1/p' \
			"$TMP/shutdown" | tr '\n' ' ')" "5 4 3 2 1 "
	is "$board:   with TERM, which one of them does not listen to" \
		"$(grep -x '[1-5]' "$TMP/shutdown" | tr '\n' ' ')" "4 3 2 1 "
	like "$board:   init's own gets init's" "$(cat "$TMP/shutdown")" \
		'^web got TERM$'
}

# The others do the same with $BOARDS_ALL.
for name in x86_64 ${BOARDS_ALL:+aarch64 arm riscv64}; do
	one "$name" --root ext4 --resets
done
one armv6 --append runt.once
finish
