#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# --log, --log-format, --log-level: what callers read when a command fails.

set -eu
. "${0%/*}/../lib.sh"

mkdir "$TMP/here"
cd "$TMP/here"
runt() {
	"$RUNT" --root "$TMP/root" "$@"
}
stamp='20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'

# logs NAME LINE ARGS...: fails and logs exactly one line, an ERE.
logs() {
	name=$1 line=$2
	shift 2
	rm -f log
	status=0
	runt "$@" >out 2>err || status=$?
	if [ "$status" = 1 ] && [ "$(wc -l <log)" = 1 ] &&
		grep -Eqx -e "$line" log; then
		pass "$name"
	else
		fail "$name"
		diag "status $status, expected /$line/"
		diag "$(cat log err)"
	fi
}

text="time=\"$stamp\" level=error msg="
logs "text is the default" "$text\"container does not exist: x\"" \
	--log log state x
is "the error is on standard error, too" "$(cat err)" \
	"runt: container does not exist: x"
logs "--log-format text" "$text\"container does not exist: x\"" \
	--log log --log-format text state x
json='\{"level":"error","msg":"container does not exist: x",'
logs "--log-format json" "$json\"time\":\"$stamp\"\}" \
	--log log --log-format json state x
is "the error is on standard error, too" "$(cat err)" \
	"runt: container does not exist: x"
now=$(date -u +%Y-%m-%dT%H)
like "the time is now, and UTC" "$(cat log) $(date -u +%Y-%m-%dT%H)" \
	"(\"$now:.*|\"(.*):[0-5][0-9]:[0-9][0-9]Z.* \2$)"

logs "a wrong usage is logged" "$text\"run: unknown option --foo\"" \
	--log=log run --foo
logs "also one of a global option" "$text\"unknown option --foo\"" \
	--log log --foo list
logs "with --debug the error comes once, and last" "$text\".*\"" \
	--log log --debug state x

word=$(printf 'a"b\\c\nd\te\001ü\177')
logs "what has to be escaped is" \
	'\{"level":"error","msg":"unknown command \\"a\\"b.*"time".*' \
	--log log --log-format json "$word"
if command -v jq >/dev/null; then
	is "and is one JSON object" "$(jq -r .level log)" error
	is "that says what standard error says" "runt: $(jq -r .msg log)" \
		"$(head -n 1 err)"
	long=$(head -c 100000 /dev/zero | tr '\0' '"')
	logs "a very long error is cut" '.*\.\.\.",?.*' \
		--log log --log-format json "$long"
	is "and is one JSON object still" "$(jq -r .level log)" error
	bytes=$(printf 'x\377\300\257y')
	logs "bytes that are no UTF-8" '.*' --log log --log-format json "$bytes"
	is "do not spoil the JSON" \
		"$(iconv -f UTF-8 -t UTF-8 log | jq -r .level)" error
else
	skip "the log is JSON" "no jq"
fi

rm -f log
ok "a success" runt --log log list
is "leaves the log empty" "$(cat log)" ""
is "mode 0644 less the umask" "$(stat -c %a log)" \
	"$(printf '%o' $((0644 & ~0$(umask))))"
echo first >log
fails "the log is appended to" runt --log log state x
is "two lines now" "$(sed -n 1p log) $(wc -l <log)" "first 2"

fails "a log that can't be opened" runt --log none/log list
is "is an error" "$(cat "$OUTPUT")" \
	"runt: open none/log: No such file or directory"
fails "an unknown format" runt --log log --log-format xml list
like "is an error" "$(cat "$OUTPUT")" 'invalid value "xml" for --log-format'
fails "an unknown level" runt --log-level fatal list
like "is an error" "$(cat "$OUTPUT")" 'invalid value "fatal" for --log-level'
for level in error warning info debug; do
	ok "--log-level $level" runt --log-level "$level" list
done

if [ -e /dev/full ]; then
	fails "a log on a full disk changes nothing" \
		runt --log /dev/full state x
	is "for standard error" "$(cat "$OUTPUT")" \
		"runt: container does not exist: x"
else
	skip "a log on a full disk" "no /dev/full"
fi

finish
