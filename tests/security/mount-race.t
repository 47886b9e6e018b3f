#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# A volume shared with somebody who exchanges directories for links while runt
# looks for mount points in it: CVE-2021-30465, CVE-2024-45310. Every start
# either goes well or is refused; none makes anything on the host, none hangs.

. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"
. "${0%/*}/../container/mount.sh"
. "${0%/*}/canary.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
cc=$(command -v "${CC:-cc}" || command -v gcc) || skip_all "no C compiler"
"$cc" -O2 -o "$TMP/race" "${0%/*}/race.c" || skip_all "it does not compile"

STARTS=${RACE_STARTS:-100}
bundle b
own_root
canary
climb=../../../../../../../../../..

# Exchanges a directory and a link to $1 for $STARTS starts.
race() {
	rm -rf "$TMP/vol"
	mkdir -p "$TMP/vol/x/empty" "$TMP/vol/x/d"
	ln -s "$1" "$TMP/vol/y"
	"$TMP/race" "$TMP/vol/x" "$TMP/vol/y" 2>/dev/null &
	racer=$!
	good=0 bad=0 n=0
	: >"$TMP/said"
	while [ $n -lt "$STARTS" ]; do
		n=$((n + 1))
		no_mounts
		add_mount /vol '' "$TMP/vol" bind
		add_mount "/vol/x/new$n/deep" tmpfs t
		add_mount "/vol/x/file$n" '' "$TMP/race" bind
		add_mount /vol/x/empty tmpfs t
		LINUX=',"maskedPaths":["/vol/x/file"],
		 "readonlyPaths":["/vol/x/dir"],
		 "devices":[{"type":"c","path":"/vol/x/d/n'$n'","major":1,
		  "minor":3}]'
		ARGS='"/bin/true"'
		config
		container_count=$((container_count + 1))
		if timeout 20 "$RUNT" --root "$STATE" run --bundle "$B" \
			"t$$-$container_count" >>"$TMP/said" 2>&1
		then
			good=$((good + 1))
		else
			bad=$((bad + 1))
		fi
	done
	ok "$2: it was a race to the end" kill $racer
	wait $racer 2>/dev/null
	diag "$good went well, $bad were refused:"
	diag "$(sed 's/[0-9][0-9]*/N/g' "$TMP/said" | sort | uniq -c |
		sort -rn | head -n 5)"
	untouched "$2: the host"
	unlike "$2: what runt says" "$(cat "$TMP/said")" 'Terminated|panic'
	is "$2: every start ended" $((good + bad)) "$STARTS"
}

race "$CANARY" "an absolute link"
race "$climb$CANARY" "a link that climbs"

# Exchanges what tmpcopyup copies, one of $1 below /vol/up, for a link to $2.
# Before there is a root of the container's, a link leads to the host's.
race_copy() {
	rm -rf "$TMP/vol"
	mkdir -p "$TMP/vol/up/dir"
	echo ours >"$TMP/vol/up/file"
	ln -s "$2" "$TMP/vol/link"
	"$TMP/race" "$TMP/vol/up/$1" "$TMP/vol/link" 2>/dev/null &
	racer=$!
	no_mounts
	add_mount /vol '' "$TMP/vol" bind
	add_mount /vol/up tmpfs t tmpcopyup
	LINUX=
	ARGS=$(sh_args '[ -L /vol/up/file ] || cat /vol/up/file
		[ -L /vol/up/dir ] || ls /vol/up/dir')
	config
	n=0
	: >"$TMP/said"
	while [ $n -lt "$STARTS" ]; do
		n=$((n + 1))
		timeout 20 "$RUNT" --root "$STATE" run --bundle "$B" "c$$-$n" \
			>>"$TMP/said" 2>&1
	done
	ok "tmpcopyup of a $1: it was a race to the end" kill $racer
	wait $racer 2>/dev/null
	diag "$(sort "$TMP/said" | uniq -c | sort -rn | head -n 5)"
	like "  the container has its own" "$(cat "$TMP/said")" ours
	unlike "  and not the host's" "$(cat "$TMP/said")" secret
}

echo secret >"$TMP/host-file"
mkdir "$TMP/host-dir"
echo text >"$TMP/host-dir/secret"
race_copy file "$TMP/host-file"
race_copy dir "$TMP/host-dir"
finish
