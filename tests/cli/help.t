#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# --help, --version, and that the manual knows the same options.

set -eu
. "${0%/*}/../lib.sh"

cd "$TMP"
manual=$TESTS/../src/runt.8

# Both go to standard output and nothing to standard error.
prints() {
	name=$1
	shift
	status=0
	"$RUNT" "$@" >out 2>err || status=$?
	is "$name: exit status, and standard error" "$status $(cat err)" "0 "
	is "$name: no line beyond 80 columns" "$(awk 'length > 80' out)" ""
	unlike "$name: no space at the end of a line" "$(cat out)" ' $'
}

# The long options of a help text on standard input.
options_of_help() {
	grep -o -e '^  \(-., \|    \)--[a-z-]*' | grep -o -e '--[a-z-]*' |
		sort -u
}

# The long options that the section of the manual lists that begins with $1;
# run has those of create, too.
options_of_manual() {
	awk -v name="$1" '
		/^\.S[hs]/ { here = $2 == name || name == "run" && $2 == "create" }
		here && /^\.It Fl/ { print }
	' "$manual" | grep -o -e 'Fl -[a-z-]*' | sed 's/Fl /-/' | sort -u
}

prints "runt --help" --help
cp out all
options_of_help <out >options
like "--help lists the options" "$(cat options)" '^--root$'
for word in -h help h "help help" "help --help"; do
	# shellcheck disable=SC2086
	"$RUNT" $word >out
	ok "runt $word is the same" cmp all out
done
for group in Lifecycle Inspect Options; do
	like "--help has a group $group" "$(cat all)" "^$group:$"
done

verbs=$(sed -n '/^Lifecycle:/,/^Options:/s/^  \([a-z]*\).*/\1/p' all |
	grep -vx help)
is "the commands" "$(echo "$verbs" | tr '\n' ' ')" \
	"create run start kill wait pause resume update delete exec list ps events state check spec features "
for v in $verbs; do
	prints "$v --help" "$v" --help
	cp out help-"$v"
	like "$v --help shows how it is called" "$(head -n 1 out)" \
		"^Usage: runt $v \[OPTION\]\.\.\."
	"$RUNT" help "$v" >out
	ok "help $v is the same" cmp help-"$v" out
	"$RUNT" "$v" -h >out
	ok "$v -h is the same" cmp help-"$v" out
	# What follows the id belongs to the command, or to ps(1).
	case $v in exec | ps) continue ;; esac
	"$RUNT" "$v" x y --help >out
	ok "$v x y --help is the same" cmp help-"$v" out
done
exits "help of what is no command" 1 "$RUNT" help nothing

prints "--version" --version
is "its first line is what callers parse" \
	"$(sed -n '1s/^runt version [0-9][0-9.a-z+-]*$/ok/p' out)" ok
is "then comes the spec's version" \
	"$(grep -c '^spec: 1\.3\.0$' out)" 1
is "and the machine's" "$(sed -n 's/^arch: //p' out)" "$RUNT_ARCH"
unlike "no empty value" "$(cat out)" ': *$'
cp out version
"$RUNT" -v >out
ok "-v is the same" cmp version out

on_full_disk() {
	"$RUNT" --help >/dev/full
}
on_closed() {
	"$RUNT" --help >&-
}
exits "help fails on a full disk" 1 on_full_disk
like "and says so" "$(cat "$OUTPUT")" "^runt: write standard output: No space"
exits "help fails on a closed standard output" 1 on_closed
like "and says so" "$(cat "$OUTPUT")" "^runt: write standard output: Bad file"

if [ ! -f "$manual" ]; then
	skip "the manual knows the same options" "no manual here"
	finish
fi
is "the manual knows the global options" "$(options_of_manual OPTIONS)" \
	"$(cat options)"
for v in $verbs; do
	is "the manual knows the options of $v" "$(options_of_manual "$v")" \
		"$(options_of_help <help-"$v" | grep -vx -e --help)"
done
if command -v mandoc >/dev/null; then
	ok "mandoc has nothing to say about the manual" \
		mandoc -T lint -W warning "$manual"
else
	skip "mandoc has nothing to say about the manual" "no mandoc"
fi

finish
