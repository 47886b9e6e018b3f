#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: armv6
# shellcheck disable=SC2016
#
# Large configs that are meant: they work, and what is too large says so.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root

# The numbers 1 to $1, each through the awk format $2, comma-separated.
series() {
	awk -v n="$1" -v f="$2" \
		'BEGIN { for (i = 1; i <= n; i++) { if (i > 1) printf ","
			printf f, i } }'
}

echo content >"$TMP/source"
MOUNTS=",$(series 1000 "{\"destination\":\"/many/%d\",\"source\":\"$TMP/source\",\
\"options\":[\"bind\",\"ro\"]}")"
is "1000 mounts" "$(run_in 'grep -c " /many/" /proc/self/mountinfo;
	cat /many/1 /many/1000; echo x >/many/500' 2>&1 | tr '\n' ' ')" \
	"1000 content content /bin/sh: can't create /many/500: Read-only file system "
MOUNTS=

# The kernel gives arguments and environment a quarter of the stack's limit.
# Without a shell, which is slow with so many.
ENVIRON="\"PATH=/bin\",$(series 20000 '\"VARIABLE_%d=value\"')"
ARGS='"/bin/env"'
config
rt run --bundle "$B" env >"$TMP/env" 2>&1
is "20000 variables" "$(grep -c '^VARIABLE_[0-9]*=value$' "$TMP/env")" 20000
ok "and the last of them" grep -qx VARIABLE_20000=value "$TMP/env"
ENVIRON="\"PATH=/bin\",\"A=first\",$(series 500 '\"A=%d\"')"
is "of a variable that is there 501 times the last counts" \
	"$(run_in 'env | grep ^A=')" "A=500"
ENVIRON='"PATH=/bin"'

TOP=",\"annotations\":{$(series 3500 \
	"\"com.example.%d\":\"$(series 100 %06d)\"")}"
ARGS='"/bin/true"'
config
ok "the config has more than 2 MiB" \
	[ "$(wc -c <"$B/config.json")" -gt 2000000 ]
fails "a state that large is refused" rt run --bundle "$B" big
like "it says what is too large" "$(cat "$OUTPUT")" "annotations"
ok "nothing is left" [ ! -e "$STATE/big" ]
TOP=",\"ignored\":[$(series 6000 "\"$(series 100 %06d)\"")]"
config
ok "the config has 4 MiB" [ "$(wc -c <"$B/config.json")" -gt 4194304 ]
ok "4 MiB that nobody looks at are no trouble" rt run --bundle "$B" big
TOP=
config
head -c 17000000 /dev/zero | tr '\0' ' ' >>"$B/config.json"
fails "a config of more than 16 MiB is refused" rt run --bundle "$B" big
like "it names the limit" "$(cat "$OUTPUT")" "larger than 16777216 bytes"
is "in one line" "$(wc -l <"$OUTPUT" | tr -d ' ')" 1

MASKS=$(series 500 '"/many/%d"')
LINUX=",\"maskedPaths\":[$MASKS],\"readonlyPaths\":[$MASKS]"
is "500 masked and read-only paths" \
	"$(run_in 'cat /many/1 /many/500; grep -c " /many/" /proc/self/mountinfo')" \
	1000
finish
