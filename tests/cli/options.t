#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# How the command line is read, which scripts and callers depend on.

set -eu
. "${0%/*}/../lib.sh"

cd "$TMP"
mkdir a b
runt() {
	"$RUNT" --root "$TMP/root" "$@"
}

# says NAME ERE ARGS...: fails with one line on stderr that matches, nothing on
# stdout, and status 1; a second line may point to the help.
says() {
	name=$1 expected=$2
	shift 2
	status=0
	runt "$@" >out 2>err || status=$?
	line=$(head -n 1 err)
	if [ "$status" = 1 ] && [ ! -s out ] &&
		printf '%s\n' "$line" | grep -Eqx -e "runt: $expected" &&
		[ "$(sed 1d err | grep -cvx "Try 'runt .*--help'\.")" = 0 ]; then
		pass "$name"
	else
		fail "$name"
		diag "status $status, expected 1 and /$expected/"
		diag "$(cat err out)"
	fi
}

is "runc's --criu has no effect" "$(runt --criu /sbin/criu list -q; echo $?)" 0

# writes NAME FILE ARGS...: `spec ARGS` makes FILE.
writes() {
	name=$1 file=$2
	shift 2
	rm -rf ./*.json a/* b/*
	if runt spec "$@" >out 2>&1 && [ ! -s out ] && [ -s "$file" ]; then
		pass "$name"
	else
		fail "$name"
		diag "$(cat out) $(ls . a b)"
	fi
}

writes "--name VALUE" a/config.json --bundle a
writes "--name=VALUE" a/config.json --bundle=a
writes "-l VALUE" a/config.json -b a
writes "-l=VALUE" a/config.json -b=a
writes "-name VALUE, as some callers have it" a/config.json -bundle a
writes "-name=VALUE" a/config.json -bundle=a
writes "the last of several wins" b/config.json -b a --bundle=b
writes "a value may look like an option" a/--file -b a --file --file
writes "a value may hold =" a/x=y --bundle a --file=x=y
writes "crun's --file" x.json --file x.json
writes "a flag set to false, even one that is refused" config.json \
	--rootless=false

missing="container does not exist: .*"
says "options before arguments" "$missing" delete -f=false none
says "options behind arguments" "$missing" kill none KILL --all
says "-- ends options" "$missing" kill -- -x
says "behind -- even --help is an argument" "$missing" state -- --help
says "- alone is an argument" "$missing" state -
for v in 1 t T true True TRUE; do
	ok "a flag set to $v" runt delete --force="$v" none
done
for v in 0 f F false False FALSE; do
	says "a flag set to $v" "$missing" delete --force="$v" none
done
says "the last of several flags wins" "$missing" delete -f --force=false none

says "no command" "missing command"
says "an unknown command" 'unknown command "rnu"' rnu x
says "an unknown command's --help, by which callers probe" \
	'unknown command "checkpoint"' checkpoint --help
says "an unknown option" "run: unknown option --detatch" run --detatch x
says "an unknown option with a value" "run: unknown option --cpus" run --cpus=3
says "an unknown letter" "run: unknown option -x" run -x
says "no abbreviations" "run: unknown option --det" run --det x
says "no clusters of letters" "list: unknown option -qf" list -qf json
says "an empty name" "run: unknown option --" run --=3 x
says "an option of another verb" "start: unknown option --detach" \
	start --detach x
says "a global option behind the verb" "list: unknown option --root" \
	list --root x
says "an unknown global option" "unknown option --bogus" --bogus x list
says "a missing value" "create: flag needs an argument: --bundle" create -b
says "a flag's value that is none" \
	'run: invalid value "maybe" for --detach, expected true or false' \
	run --detach=maybe x
says "a number that is none" \
	'run: invalid value "-1" for --preserve-fds, expected a number' \
	run --preserve-fds -1 x
says "a number that is too large" \
	'run: invalid value "4294967296" for --preserve-fds, expected a number' \
	run --preserve-fds 4294967296 x
says "a word that is none of the choices" \
	'list: invalid value "xml" for --format, expected table\|json' \
	list -f xml
says "the beginning of a choice" \
	'list: invalid value "js" for --format, expected table\|json' \
	list -f js
for v in cgroupfs systemd disabled; do
	ok "cgroup manager $v" runt --cgroup-manager "$v" list
done
says "another cgroup manager" \
	'invalid value "x" for --cgroup-manager, .*cgroupfs\|systemd\|disabled' \
	--cgroup-manager x list
ok "--systemd-cgroup" runt --systemd-cgroup list
ok "--systemd-cgroup=false" runt --systemd-cgroup=false list
ok "the same twice" runt --systemd-cgroup --cgroup-manager=systemd list
says "two cgroup managers" ".* contradict each other" \
	--systemd-cgroup --cgroup-manager=disabled list
says "device rules without cgroups" ".* needs cgroups, which are disabled" \
	--device-rules=required --cgroup-manager=disabled list
ok "  only if they were asked for" runt --cgroup-manager=disabled list
for v in true false auto; do
	ok "--rootless $v" runt --rootless "$v" list
done
says "another --rootless" 'invalid value "maybe" for --rootless, .*' \
	--rootless maybe list

for v in create run start state kill delete; do
	says "$v without an id" "$v: missing argument, expected ID.*" "$v"
done
for v in create run start state delete; do
	says "$v with two ids" "$v: unexpected argument \"y\"" "$v" x y
done
says "kill with too much" 'kill: unexpected argument "z"' kill x TERM z
for v in list features spec; do
	says "$v with an argument" "$v: unexpected argument \"x\"" "$v" x
done
for id in "" . .. a/b ../x 'a b' "a:b"; do
	for v in state run create; do
		says "$v: id '$id'" "invalid container ID format: .*" $v "$id"
	done
done

says "control characters are made visible" \
	'unknown command "a\\nb\\x1b\[31m"' "$(printf 'a\nb\033[31m')"
says "  those of Unicode, too" \
	'unknown command "\\xc2\\x9b31m\\xe2\\x80\\xaeé"' \
	"$(printf '\302\23331m\342\200\256\303\251')"
says "words that are not ASCII stay" 'unknown command "ü→"' "ü→"

runt foo 2>err || :
is "a wrong usage of runt points to its help" "$(sed 1d err)" \
	"Try 'runt --help'."
runt run 2>err || :
is "that of a command to the command's" "$(sed 1d err)" \
	"Try 'runt run --help'."

finish
