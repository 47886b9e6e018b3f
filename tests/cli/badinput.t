#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# A config.json that can't be used: one line on standard error that has the
# place, nothing on standard output, exit status 1, and nothing is left. What
# can be wrong with a value is in unit/config.c; this is the whole program.

# shellcheck disable=SC1091
. "${0%/*}/../lib.sh"

root=$TMP/root
b=$TMP/b
mkdir "$b"

# Runs create and run, the former in the bundle. Sets $out, $err, $status of
# both, joined, and $left: what is in the state root.
try() {
	out=
	err=
	status=
	left=
	for verb in create run; do
		rc=0
		(cd "$b" && exec timeout 20 "$RUNT" --root "$root" $verb \
			${file:+--config "$file"} box) \
			>"$TMP/out" 2>"$TMP/err" </dev/null || rc=$?
		out=$out$(cat "$TMP/out")
		err="${err:+$err
}$(cat "$TMP/err")"
		status="${status:+$status }$rc"
		left=$left$(ls -A "$root" 2>/dev/null)
	done
}

# bad NAME EXPECTED: the config in $b is refused by the line EXPECTED.
bad() {
	try
	is "$1" "$err" "runt: $2
runt: $2"
	is "$1: exit status, output, what is left" \
		"$status|$out|$left" "1 1||"
}

# json TEXT EXPECTED
json() {
	printf %s "$1" >"$b/config.json"
	bad "$(printf %s "$2" | sed 's/[\]//g')" "config.json:$2"
}

file=

# Not JSON
json '' '1:1: expected a value, found the end'
json 'hello' "1:1: expected a value, found 'h'"
json '{"ociVersion":"1.0.0",}' \
	"1:23: expected a key in quotes after ',', found '}'"
json '{"ociVersion":"1.0.0"' \
	"1:22: expected ',' or '}' after a member of an object, found the end"
json '{"ociVersion":"1.0.0","ociVersion":"1.0.0"}' \
	'1:23: ociVersion: duplicate key, first at line 1, column 2'
printf '{"ociVersion":"1.0.0\0"}' >"$b/config.json"
bad "a NUL" 'config.json:1:21: control character 0x00 in a string'
json '{"root":{"path":"a\u0000b"}}' \
	'1:19: \u0000: a string must not contain a NUL'
printf '{"root":"\377"}' >"$b/config.json"
bad "a byte that is not UTF-8" \
	'config.json:1:10: invalid UTF-8 (byte 0xff)'
printf '%0500d' 0 | tr 0 '[' >"$b/config.json"
bad "500 levels" 'config.json:1:65: nested more than 64 deep'

# No config
json '[]' '1:1: expected an object, found an array'
json '{}' '1:1: ociVersion: missing, but required'
json '{"ociVersion":"1.0.0"}' '1:1: root: missing, but required'
json '{"ociVersion":"2.0.0","root":{"path":"r"}}' \
	'1:15: ociVersion: expected a version 1.x.y of the runtime-spec (this is 1.3.0), found "2.0.0"'
json '{"ociVersion":"1.0.0","root":{"path":"r"},"process":{"cwd":"/",
"args":["a"],"user":{"uid":"abc"}}}' \
	'2:28: process.user.uid: expected an unsigned integer, found "abc"'
json '{"ociVersion":"1.0.0","root":{"path":"r"},"process":{"cwd":"/"}}' \
	'1:53: process.args: missing, but required'
json '{"ociVersion":"1.0.0","root":{"path":"r"},"linux":{"namespaces":[
{"type":"pid"},{"type":"network namespace"}]}}' \
	'2:24: linux.namespaces[1].type: expected user, mount, pid, network, ipc, uts, cgroup or time, found "network namespace"'
json '{"ociVersion":"1.0.0","root":{"path":"r"},"process":{"cwd":"/",
"args":["a"],"env":["\u001b[31m\n"]}}' \
	'2:21: process.env[0]: expected NAME=value, found "\u001b[31m\n"'

# No file
rm "$b/config.json"
bad "no file" "open config.json in the bundle $b: No such file or directory"
mkdir "$b/config.json"
bad "a directory" 'config.json: Is a directory'
rmdir "$b/config.json"
mkfifo "$b/config.json"
bad "a FIFO" 'config.json: not a regular file'
rm "$b/config.json"
ln -s /dev/zero "$b/config.json"
bad "a device" 'config.json: not a regular file'
rm "$b/config.json"
head -c 20971520 /dev/zero | tr '\0' ' ' >"$b/config.json"
bad "20 MiB" \
	'config.json: larger than 16777216 bytes, the most that is read'
rm "$b/config.json"
file=other.json
bad "no file of another name" \
	"open other.json in the bundle $b: No such file or directory"
echo '{' >"$b/other.json"
bad "another name" \
	"other.json:2:1: expected a key in quotes, or '}', found the end"
file=$b/other.json
bad "an absolute name" \
	"$b/other.json:2:1: expected a key in quotes, or '}', found the end"
file=
if [ "$(id -u)" != 0 ]; then
	echo '{}' >"$b/config.json"
	chmod 0 "$b/config.json"
	bad "an unreadable file" 'open config.json: Permission denied'
	rm -f "$b/config.json"
else
	skip "an unreadable file" "root reads everything"
fi

# A large and honest one: 1,000 mounts and 20,000 variables, 4 MiB. It is
# refused for the root that is not there, so it was read to its end.
awk 'BEGIN {
	printf "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"no-root\"},"
	printf "\"process\":{\"cwd\":\"/\",\"args\":[\"a\"],\"env\":[\"A=\""
	for (i = 0; i < 20000; i++)
		printf ",\n\"VAR_%d=%0200d\"", i, i
	printf "]},\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]},"
	printf "\"mounts\":[{\"destination\":\"/\",\"type\":\"tmpfs\"}"
	for (i = 0; i < 1000; i++)
		printf ",\n{\"destination\":\"/%d\",\"type\":\"tmpfs\"}", i
	printf "]}\n"
}' >"$b/config.json"
size=$(wc -c <"$b/config.json")
ok "a large config has 4 MB ($size)" [ "$size" -gt 4000000 ]
try
like "it is read and fails for its root" "$err" "no-root: No such file"
is "exit status, output, what is left" "$status|$out|$left" "1 1||"

# The same while it is truncated, written and removed: every outcome is one
# line and exit status 1.
mv "$b/config.json" "$TMP/large"
(
	while [ ! -e "$TMP/stop" ]; do
		cp "$TMP/large" "$b/config.json"
		: >"$b/config.json"
		cp "$TMP/large" "$b/config.json"
		rm -f "$b/config.json"
	done
) &
writer=$!
wrong=
kinds=$TMP/kinds
i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	try
	lines=$(printf '%s\n' "$err" | grep -c '^runt: ')
	[ "$status|$out|$left|$lines" = "1 1|||2" ] ||
		wrong="$wrong$status|$out|$left|$err "
	printf '%s\n' "$err" |
		sed 's/:[0-9]*:[0-9]*:/:LINE:COL:/; s/found .*/found X/' \
		>>"$kinds"
done
touch "$TMP/stop"
wait "$writer"
is "a config that changes while it is read" "$wrong" ""
sort "$kinds" | uniq -c | sort -rn | sed 's/^/#/'

finish
