#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What state and list print of containers, and the signals that kill knows.
# shellcheck disable=SC2016,SC2034

set -eu
. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
trap 'rt delete --force one; rt delete --force two' EXIT

## state

big=$(head -c 100000 /dev/zero | tr '\0' x)
TOP=",\"annotations\":{\"a.b/c\":\"\\\"1\\\"\\u0001\",\"big\":\"$big\"}"
# Each signal that comes is written down; SIGCHLD is of the loop's own making.
ARGS=$(sh_args 'for n in 1 2 3 6 10 12 15 18 28 34 37 62 64; do
		trap "echo $n" $n
	done
	(trap "echo child" 10; echo ready; while :; do sleep 0.02; done) &
	while :; do sleep 0.02; done')
config
before=$(date -u +%Y-%m-%dT%H:%M:%S)
rt run --detach --bundle "$B" --pid-file "$TMP/pid" one \
	</dev/null >"$TMP/got" 2>&1
after=$(date -u +%Y-%m-%dT%H:%M:%S)
pid=$(cat "$TMP/pid")

rt state one >"$TMP/doc" 2>"$TMP/err"
is "state says nothing on standard error" "$(cat "$TMP/err")" ""
is "its keys, as runc orders them" \
	"$(sed -n 's/^  "\([a-zA-Z]*\)": .*/\1/p' "$TMP/doc" | tr '\n' ' ')" \
	"ociVersion id pid status bundle rootfs created annotations owner "
is "no newline at the end" "$(tail -c 1 "$TMP/doc")" "}"
like "the version of the specification" "$(cat "$TMP/doc")" \
	'^  "ociVersion": "1\.3\.0",$'
like "the pid" "$(cat "$TMP/doc")" "^  \"pid\": $pid,$"
like "the bundle" "$(cat "$TMP/doc")" "^  \"bundle\": \"$B\",$"
like "the root" "$(cat "$TMP/doc")" "^  \"rootfs\": \"$ROOT\",$"
created=$(sed -n 's/^  "created": "\(.*\)",$/\1/p' "$TMP/doc")
like "the time, with nanoseconds and UTC" "$created" \
	'^20[0-9-]{8}T[0-9:]{8}\.[0-9]{9}Z$'
is "which is when it was created" \
	"$(printf '%s\n' "$before" "${created%.*}" "$after" | sort | sed -n 2p)" \
	"${created%.*}"
like "a short annotation" "$(cat "$TMP/doc")" \
	'^    "a\.b/c": "\\"1\\"\\u0001",$'
is "a long annotation" \
	"$(sed -n 's/^    "big": "\(.*\)"$/\1/p' "$TMP/doc" | wc -c)" 100001
chown 4242 "$STATE/one/state.json"
fails "a record that somebody else wrote" rt delete --force one
is "is not believed" "$(cat "$OUTPUT")" "runt: container one: state.json belongs \
to uid 4242, and is not for other users"
fails "  and its hooks not run" rt state one
chown 0 "$STATE/one/state.json"
if command -v python3 >/dev/null &&
	python3 -c 'import jsonschema' 2>/dev/null; then
	ok "it is what the specification's schema wants" \
		sh -c '"$1" state <"$2"' - "$TESTS/cli/schema.py" "$TMP/doc"
else
	skip "the specification's schema" "no python3 with jsonschema"
fi

## list

ARGS='"/bin/true"' TOP=
config
rt --log "$TMP/log" run --bundle "$B" two
is "a run leaves the log empty" "$(cat "$TMP/log")" ""
rt --log "$TMP/log" --log-level info run --bundle "$B" two
is "also with --log-level info" "$(cat "$TMP/log")" ""
rt --log "$TMP/log" --log-format json --debug run --bundle "$B" two
like "with --debug it has a line per stage" "$(cat "$TMP/log")" \
	'^\{"level":"debug","msg":"create: plan: [0-9]+ us","time":"[^"]*"\}$'
unlike "and nothing else" "$(cat "$TMP/log")" '"level":"([^d]|d[^e])'
rt create --bundle "$B" two </dev/null >/dev/null 2>&1
rt list >"$TMP/list" 2>"$TMP/err"
is "list says nothing on standard error" "$(cat "$TMP/err")" ""
is "a line each, and a heading" "$(wc -l <"$TMP/list")" 3
is "the heading" "$(sed -n 1p "$TMP/list" | tr -s ' ')" \
	"ID PID STATUS BUNDLE CREATED OWNER"
is "the first, in the order of names" \
	"$(sed -n 2p "$TMP/list" | tr -s ' ')" \
	"one $pid running $B $created root"
like "the second" "$(sed -n 3p "$TMP/list" | tr -s ' ')" \
	"^two [0-9]+ created $B 20.*Z root$"
# Go's tabwriter: columns of 12 at least, three spaces after the widest.
is "its columns" "$(awk '{ print index($0, $2) - 1, index($0, $3) - 1,
	index($0, $4) - 1, index($0, $5) - index($0, $4),
	index($0, $6) - index($0, $5) }' "$TMP/list" | sort -u)" \
	"12 24 36 $((${#B} + 3 > 12 ? ${#B} + 3 : 12)) 33"
is "list -q" "$(rt list -q | tr '\n' ' ')" "one two "
rt list --format json >"$TMP/json"
is "as JSON it is one line" "$(wc -l <"$TMP/json")" 1
if command -v jq >/dev/null; then
	is "an array of both" "$(jq -r '.[].id' "$TMP/json" | tr '\n' ' ')" \
		"one two "
	is "with what state prints" \
		"$(jq -cS '.[0]|del(.owner)' "$TMP/json" | cksum)" \
		"$(jq -cS 'del(.owner)' "$TMP/doc" | cksum)"
	is "and the owner's name" "$(jq -r '.[].owner' "$TMP/json" | sort -u)" \
		root
else
	skip "the array" "no jq"
fi

# owner PASSWD...: the last column when the lines are /etc/passwd.
owner() {
	printf '%s\n' "$@" >"$TMP/passwd"
	unshare -m sh -c 'mount --bind "$1/passwd" /etc/passwd
		"$2" --root "$3" list' - "$TMP" "$RUNT" "$STATE" |
		sed -n '2s/.* //p'
}
if unshare -m true 2>/dev/null && [ -f /etc/passwd ]; then
	long=$(head -c 5000 /dev/zero | tr '\0' y)
	is "the owner's name is that of the uid" \
		"$(owner 'a:x:1:0' 'b:x:00:' 'c:x:0:0:' 'd:x:0:0:')" b
	is "lines without a uid are no users" "$(owner '' root root:x a:x:0x:)" \
		"#0"
	is "behind many others" "$(owner "$(seq -f 'user%g:x:%g:' 1 2000)" \
		last:x:0:)" last
	is "behind a line that is very long" "$(owner "a:x:1:$long" b:x:0:)" b
	long=a-name-as-long-as-the-32-of-utmp
	is "a long name" "$(owner "$long:x:0:")" "$long"
	is "one that is too long for the table" \
		"$(owner "$long-$long-$long:x:0:")" "#0"
	is "one that is longer than any" \
		"$(owner "$(head -c 5000 /dev/zero | tr '\0' y):x:0:")" "#0"
else
	skip "the owner's name" "needs mount namespaces"
fi

## kill

await grep -q ready "$TMP/got"
got() {
	grep -qx "$1" "$TMP/got"
}
# sends NUMBER WORD...: each word sends the signal of that number.
sends() {
	number=$1
	shift
	for word; do
		: >"$TMP/got"
		ok "kill $word" rt kill one "$word"
		ok "is signal $number" await got "$number"
	done
}
sends 1 HUP SIGHUP hup sighup 1 01
sends 2 INT
sends 3 SIGQUIT
sends 6 ABRT IOT
sends 10 USR1
sends 12 SIGUSR2
sends 15 TERM 15
sends 18 CONT
sends 28 WINCH
sends 34 RTMIN SIGRTMIN RTMIN+0 34
sends 37 SIGRTMIN+3 rtmin+3
sends 62 RTMAX-2
sends 64 RTMAX sigrtmax RTMIN+30 64
: >"$TMP/got"
ok "kill without a signal" rt kill one
ok "is signal 15" await got 15
: >"$TMP/got"
ok "and with one that is empty" rt kill one ""
ok "is the same" await got 15
ok "kill 0" rt kill one 0
for word in FOO SIG SIGSIGHUP 65 1x RTMIN+31 RTMIN-1 RTMAX+1 RTMIN+ \
	RTMAX-31 RTMINX; do
	fails "kill '$word'" rt kill one "$word"
	is "is refused" "$(cat "$OUTPUT")" "runt: unknown signal \"$word\""
done
: >"$TMP/got"
ok "kill --all" rt kill --all one USR1
ok "reaches the init" await got 10
ok "and its child" await got child
ok "kill -a ID 9, as CRI-O calls it" rt kill -a one 9
stopped() {
	rt state one | grep -q '"status": "stopped"'
}
ok "stops it" await stopped
fails "kill 0 of one that has stopped" rt kill one 0
like "says so" "$(cat "$OUTPUT")" "^runt: container not running: one$"
like "state has no pid then" "$(rt state one)" '^  "pid": 0,$'
is "nor has list" "$(rt list | sed -n 2p | tr -s ' ' | cut -d' ' -f1-3)" \
	"one 0 stopped"

finish
