#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
# parallel-safe
#
# A process that `exec` brings into a container is seen there from its first
# instant on. Who may trace there finds nothing of the host's by it, neither root
# nor directories (CVE-2016-9962), and it has no key of the caller's.

. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root
ARGS='"/bin/sleep","300"'
CAPS='"CAP_SYS_PTRACE","CAP_DAC_OVERRIDE"'
config

## What it can be traced for

if command -v strace >/dev/null; then
	ok "a container that may trace" rt run --detach --bundle "$B" "c$$"
	# The canaries lie where the caller's root and directory lead.
	touch "$TMP/canary"
	timeout 30 "$RUNT" --root "$STATE" exec "c$$" sh -c '
		end=$(($(date +%s) + 9))
		while [ "$(date +%s)" -lt $end ]; do
			for p in /proc/[0-9]*; do
				[ $p != /proc/$$ ] || continue
				case $(cat $p/comm 2>/dev/null) in
				sleep) continue ;;
				esac
				echo seen
				! [ -e $p/root'"$TMP"'/canary ] || echo root
				! [ -e $p/cwd/canary ] || echo cwd
				for f in $p/fd/*; do
					! [ -d $f/. ] || [ $f/. -ef $f/.. ] ||
						echo fd
					[ -e $f/cgroup.procs ] || continue
					echo cgroup
					! mkdir $f/made || echo made
				done
			done
		done' </dev/null 2>/dev/null | sort | uniq -c >"$TMP/saw" &
	watcher=$!
	sleep 1
	(cd "$TMP" && exec strace -f -qq -o /dev/null \
		-e inject=close:delay_enter=1000000:when=1 \
		"$RUNT" --root "$STATE" exec "c$$" true) </dev/null
	wait $watcher
	like "a process at its birth is seen" "$(cat "$TMP/saw")" seen
	for what in root cwd fd; do
		unlike "  by its $what nothing of the host's" \
			"$(cat "$TMP/saw")" "$what"
	done
	like "  but its cgroup" "$(cat "$TMP/saw")" cgroup
	unlike "  which is read-only there" "$(cat "$TMP/saw")" made
	rt delete --force "c$$"
else
	skip "a process at its birth" "no strace"
fi

## The session keyring

cc=$(command -v "${CC:-cc}" || command -v gcc) || cc=
if [ -e /proc/keys ] && [ "$cc" ] &&
	"$cc" -static -O2 -o "$TMP/key" "${0%/*}/key.c" 2>/dev/null
then
	cp "$TMP/key" "$B/rootfs/bin/key"
	# As the caller, with a key in his session, runs the rest.
	is "a caller has a key" "$("$TMP/key" new "$TMP/key")" found
	rt run --detach --bundle "$B" "k$$"
	ARGS='"/bin/key"'
	config
	is "a container does not" \
		"$("$TMP/key" new "$RUNT" --root "$STATE" run \
			--bundle "$B" "r$$")" none
	is "with --no-new-keyring it does" \
		"$("$TMP/key" new "$RUNT" --root "$STATE" run \
			--no-new-keyring --bundle "$B" "r$$")" found
	is "nor does exec" \
		"$("$TMP/key" new "$RUNT" --root "$STATE" exec "k$$" key)" none
	rt delete --force "k$$"
	ARGS='"/bin/sleep","300"'
	config
	rt run --no-new-keyring --detach --bundle "$B" "k$$"
	is "with --no-new-keyring it does" \
		"$("$TMP/key" new "$RUNT" --root "$STATE" exec "k$$" key)" found
	rt delete --force "k$$"
	# What is in a container's is for nobody who knows its name.
	ARGS='"/bin/key","add","/bin/sleep","300"'
	config
	rt run --detach --bundle "$B" "v$$"
	is "its own, under no name" "$(rt exec "v$$" key join "_ses.v$$")" none
	rt delete --force "v$$"
else
	skip "the session keyring" "no keys in this kernel, or no C compiler"
fi

finish
