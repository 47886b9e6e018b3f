#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64
# shellcheck disable=SC2016
#
# CVE-2024-21626: descriptors of the host that a container could use, as its
# working directory, as a way to its program, or as they are. runt is started
# with directories of the host open, as a careless caller does it.

. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root
echo secret >"$TMP/secret"
mkdir "$TMP/dir"

leaky() {
	"$RUNT" --root "$STATE" "$@" 3<"$TMP/dir" 5<"$TMP/dir" 6</ 7<"$TMP" \
		9<"$TMP/secret" </dev/null 2>&1
}

## The working directory

bad=
n=3
while [ $n -le 40 ]; do
	CWD="\"/proc/self/fd/$n\""
	ARGS=$(sh_args "cat ../secret secret ../../../../../../../../$TMP/secret")
	config
	leaky run --bundle "$B" c >"$TMP/out"
	grep -q '^secret$' "$TMP/out" && bad="$bad $n"
	[ ! -e "$STATE/c" ] || bad="$bad left:$n"
	n=$((n + 1))
done
is "cwd=/proc/self/fd/N is refused or inside, for all N" "$bad" ""

CWD='"/"'
ARGS='"/bin/sleep","1000"'
config
rt run -d --bundle "$B" c </dev/null >/dev/null 2>&1
bad=
n=3
while [ $n -le 40 ]; do
	leaky exec --cwd "/proc/self/fd/$n" c cat ../secret secret \
		"../../../../../../../../$TMP/secret" >"$TMP/out"
	grep -q '^secret$' "$TMP/out" && bad="$bad $n"
	leaky exec c "/proc/self/fd/$n/../../../../../../../../bin/ls" \
		"$TMP" >"$TMP/out"
	grep -q '^secret$' "$TMP/out" && bad="$bad program:$n"
	n=$((n + 1))
done
is "exec --cwd and programs by way of a descriptor, too" "$bad" ""
rt delete --force c

## What the program and a waiting init have open

ARGS=$(sh_args 'ls -l /proc/self/fd 2>/dev/null | grep -c secret; ls /proc/self/fd |
	tr "\n" " "')
config
is "the program has none of the caller's" "$(leaky run --bundle "$B" c)" "0
0 1 2 3 "

# ls -l of its descriptors: sockets only, no directory, no file of the host.
ARGS='"/bin/true"'
config
leaky create --bundle "$B" --pid-file "$TMP/pid" c >/dev/null
fds() {
	for fd in "/proc/$(cat "$TMP/pid")/fd/"*; do
		case ${fd##*/} in
		0 | 1 | 2) ;;
		*) readlink "$fd" | sed 's/:.*//' ;;
		esac
	done
}
is "an init that waits for start has a socket, and nothing of the host" \
	"$(fds | tr '\n' ' ')" "socket "
ok "delete" rt delete c
# What it needs procfs for is done by then.
PROCESS=',"oomScoreAdj":10'
LINUX=',"sysctl":{"kernel.domainname":"x"}'
config
leaky create --bundle "$B" --pid-file "$TMP/pid" c >/dev/null
is "nor has one that wrote to procfs before" "$(fds | tr '\n' ' ')" "socket "
ok "delete" rt delete c
finish
