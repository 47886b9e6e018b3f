#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# What goes wrong on a board is seen to be wrong: failing and dying tests, what
# they leave behind, kernels that panic or complain, machines that hang. The
# quickest board runs tests made for this, with BusyBox in place of runt.

# shellcheck source=/dev/null
. "${0%/*}/../lib.sh"
here=$TESTS/board
image=$TESTS/../rootfs-test

# Adds a test to the set in $TMP/$1.
add() {
	mkdir -p "$TMP/$1/container"
	{
		cat - <<-'END'
		#!/bin/sh
		. "${0%/*}/../lib.sh"
		END
		cat <&3
	} 3<&0 >"$TMP/$1/container/$2.t"
	chmod +x "$TMP/$1/container/$2.t"
}

# Boots with set $1; sets tap and status.
boot() {
	set=$1
	shift
	status=0
	"$here/boot" x86_64 --root initramfs --runt "$busybox" \
		--tests "$TMP/$set" "$@" >"$TMP/tap" 2>&1 || status=$?
	tap=$(cat "$TMP/tap")
}

# Judges a console that said $2..., line by line, of an emulator that ended as
# $1 says; sets tap and status.
judge() {
	ended=$1
	shift
	printf '%s\n' "$@" >"$TMP/console"
	status=0
	tap=$(awk -v board=b -v start=1.0 -v ended="$ended" \
		-f "$here/judge.awk" "$TMP/console" 2>&1) || status=$?
}

plan_fits() {
	is "$1: the plan fits" "$(echo "$tap" | grep -cE '^(not )?ok ')" \
		"$(echo "$tap" | sed -n 's/^1\.\.//p')"
}

busybox=$("$image/busybox" x86_64) ||
	skip_all "Debian's busybox-static can't be had"

## All is well

add good good <<'END'
ok "is fine" true
skip "is not for here" "because"
finish
END
add good none <<'END'
skip_all "nothing to see"
END
add good dealt <<'END'
# boards: aarch64 arm

ok "is for others" true
finish
END
boot good --test
case $tap in
"1..0 # SKIP "*) skip_all "${tap#* SKIP }" ;;
esac
is "good tests: exit status" $status 0
plan_fits "good tests"
like "good tests: a pass" "$tap" '^ok .* x86_64: container/good.t: is fine$'
like "good tests: a skip" "$tap" 'good.t: is not for here # SKIP because$'
like "good tests: a skipped file" "$tap" 'none.t # SKIP nothing to see$'
like "good tests: the time it took" "$tap" \
	'^# x86_64: Linux [0-9.]*.* on x86_64, .*shell after [0-9.]* s'
like "good tests: the kernel has no complaint" "$tap" '^ok .*kernel.s log'

like "good tests: all that there are" "$tap" '^ok .*dealt.t: is for others$'
boot good --test --dealt
is "dealt tests: exit status" $status 0
like "dealt tests: what is for others" "$tap" \
	'^# container/dealt.t is for aarch64 arm$'
unlike "dealt tests: does not run" "$tap" 'dealt.t: is for others$'
like "dealt tests: what is for all does" "$tap" 'good.t: is fine$'
# shellcheck source=rootfs-test/boards.sh
. "$image/boards.sh"
is "dealt tests: their boards exist" "$(sed -n 's/^# boards: //p' \
	"$TESTS"/*/*.t | tr ' ' '\n' | sort -u | while read -r name; do
	board "$name" 2>&1
done)" ""

## All kinds of failures, and what is left of them

add bad fail <<'END'
is "fails" 1 2
ok "goes on" true
finish
END
add bad dies <<'END'
ok "starts" true
echo "1..1"
kill -SEGV $$
END
add bad short <<'END'
ok "starts" true
echo "1..3"
END
add bad empty <<'END'
finish
END
add bad slow <<'END'
# timeout: 2
ok "starts" true
sleep 60
finish
END
add bad litter <<'END'
sleep 9999 &
mkdir /sys/fs/cgroup/litter
mount -t tmpfs litter /mnt
mkdir -p /run/runt/litter
ok "leaves things behind" true
finish
END
add bad warns <<'END'
echo "<4>WARNING: CPU: 0 PID: 1 at nowhere" >/dev/kmsg
ok "makes the kernel complain" true
finish
END
boot bad --test
is "bad tests: exit status" $status 1
plan_fits "bad tests"
like "a failed test" "$tap" '^not ok .*container/fail.t: fails$'
like "why it failed" "$tap" '^# expected: 2$'
like "the test after it" "$tap" '^ok .*fail.t: goes on$'
like "a test that dies" "$tap" '^not ok .*dies.t: ended with status 139$'
like "a test that ends early" "$tap" \
	'^not ok .*short.t: planned 3 tests, ran 1$'
like "a test without tests" "$tap" '^not ok .*empty.t: tests nothing$'
like "a test that hangs" "$tap" '^not ok .*slow.t: ran out of time'
like "a process left behind" "$tap" \
	'^not ok .*litter.t: left behind:.* process .*sleep 9999'
like "a cgroup left behind" "$tap" 'left behind:.* cgroup .*/litter;'
like "a mount left behind" "$tap" 'left behind:.* mount /mnt'
like "a container left behind" "$tap" 'left behind:.* state .*/litter;'
is "nobody else is blamed" "$(echo "$tap" | grep -c 'left behind')" 1
like "a complaint of the kernel" "$tap" '^not ok .*kernel.s log'
like "what it was" "$tap" '^# .*WARNING: CPU: 0 PID: 1 at nowhere'

## The machine fails

add panic panic <<'END'
ok "starts" true
echo c >/proc/sysrq-trigger
finish
END
boot panic --test
is "panic: exit status" $status 1
plan_fits "panic"
like "a panic" "$tap" \
	'^not ok .*container/panic.t: the kernel gave up: Kernel panic'
like "what the console said" "$tap" '^# .*sysrq'

add hang hang <<'END'
# timeout: 1000
while :; do :; done
END
boot hang --timeout 10 --append "harness=$$" --test
is "a hang: exit status" $status 1
plan_fits "a hang"
# Who has a slow machine gets no further than to its boot, or its first test.
like "a hang" "$tap" '^not ok .* it ran out of time after 10 s$'
is "a hang: its emulator is gone" \
	"$(grep -l "h[a]rness=$$" /proc/[0-9]*/cmdline 2>/dev/null)" ""

## Logs that no boot makes

up='@@ up 1.00 5.10.0 armv7l tmpfs'
judge "" "$up" '@@ test a.t' '| ok 1'
is "the machine stops: exit status" $status 1
like "the machine stops" "$tap" '^not ok 2 - b: a.t: the machine stopped$'
judge "it ran out of time after 9 s" "$up" '@@ test a.t' '| ok 1'
is "no time is left: exit status" $status 1
like "no time is left" "$tap" '^not ok 2 - b: a.t: it ran out of time after 9 s$'
judge "it ran out of time after 9 s" "$up"
is "no time for a test: exit status" $status 1
like "no time for a test" "$tap" '^not ok 1 - b: it ran out of time after 9 s$'
judge "qemu ended with status 1"
is "it never starts: exit status" $status 1
like "it never starts" "$tap" \
	'^not ok 1 - b: did not come up; qemu ended with status 1$'
judge "" "$up" '@@ test a.t' '| ok 1' '| 1..1' '@@ exit 0 1'
is "it stops between two tests: exit status" $status 1
like "it stops between two tests" "$tap" '^not ok 2 - b: the machine stopped$'
judge "" "$up" '@@ done 0'
is "no test matches: exit status" $status 1
like "no test matches" "$tap" '^not ok 1 - b: no test matches$'
cr=$(printf '\r')
judge "" "$up$cr" "@@ test a.t$cr" "[ 1.0] noise$cr" "| ok 1 - @@ done 1$cr" \
	"| 1..1$cr" "@@ exit 0 1$cr" "@@ done 1$cr"
is "noise: exit status" $status 0
like "noise" "$tap" '^ok 1 - b: a.t: @@ done 1$'

## The image

for i in 1 2; do
	"$image/make-initramfs" -r initramfs -t "$TMP/good" -x "$busybox" \
		x86_64 "$TMP/image$i"
done
ok "the same input makes the same initramfs" \
	cmp "$TMP/image1/initramfs.cpio" "$TMP/image2/initramfs.cpio"
is "all of it is root's" "$("$busybox" cpio -tv \
	<"$TMP/image1/initramfs.cpio" 2>/dev/null |
	awk '{ print $2 }' | sort -u | tr -d '\n')" 0/0
fails "a board that is not" "$here/boot" pdp11
like "a board that is not: what there is" "$(cat "$OUTPUT")" riscv64
fails "an option that is not" "$here/boot" x86_64 --colour blue
fails "an option without its argument" "$here/boot" x86_64 --timeout
fails "a disk where none can be" "$here/boot" armv6 --root ext4 --test \
	--runt "$busybox"
like "a disk where none can be: the reason" "$(cat "$OUTPUT")" \
	"armv6 has no disk"
finish
