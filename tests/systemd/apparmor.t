#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# AppArmor with profiles that are loaded: process.apparmorProfile and exec
# --apparmor, by what the process may then not do.
# shellcheck disable=SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ] ||
	skip_all "AppArmor is off in this kernel"

# Makes and loads a profile $1 that allows all files but $2.
profile() {
	printf 'profile %s flags=(attach_disconnected) {\n file,\n signal,\n' "$1"
	printf ' deny %s rwklx,\n}\n' "$2"
}
{
	profile runt-run /etc/passwd
	profile runt-exec /etc/group
} >"$TMP/profiles"
ok "the profiles are loaded" apparmor_parser -r "$TMP/profiles"

# A config whose process has members $1.
confined() {
	config
	sed -i "s|\"cwd\":\"/\"|&,$1|" "$B/config.json"
}

look='cat /proc/self/attr/current; cat /etc/passwd /etc/group >/dev/null'
run_look() {
	rt run -b "$B" one 2>&1 | tr '\n' ';'
}
ARGS="\"/bin/sh\",\"-c\",\"$look\""
bundle b
confined '"apparmorProfile":"runt-run"'
refused='can.t open .%s.: Permission denied'
# shellcheck disable=SC2059
passwd=$(printf "$refused" /etc/passwd) group=$(printf "$refused" /etc/group)
like "the program has the profile and obeys it" "$(run_look)" \
	"^runt-run \(enforce\);cat: $passwd;\$"
confined '"apparmorProfile":"runt-run","noNewPrivileges":true'
like "  without new privileges, too" "$(run_look)" \
	"^runt-run \(enforce\);cat: $passwd;\$"
confined '"apparmorProfile":"runt-none"'
like "one that is not loaded is refused" "$(run_look)" \
	'apparmor profile "runt-none" is not loaded'

confined '"apparmorProfile":"runt-run"'
sed -i "1s|{|{\"hooks\":{\"startContainer\":[{\"path\":\"/bin/sh\",\"args\":\
[\"sh\",\"-c\",\"$look; false\"]}]},|" "$B/config.json"
like "a hook of the container's has it, too" "$(run_look)" \
	"exit status 1: runt-run \(enforce\).ncat: $passwd;\$"
ARGS='"/bin/sleep","1000"'
confined '"apparmorProfile":"runt-run"'
ok "a container that runs on" rt run -d -b "$B" two </dev/null
look_two() {
	rt exec "$@" 2>&1 | tr '\n' ';'
}
like "exec has the container's profile" "$(look_two two sh -c "$look")" \
	"^runt-run \(enforce\);cat: $passwd;\$"
like "exec --apparmor has another" \
	"$(look_two --apparmor runt-exec two sh -c "$look")" \
	"^runt-exec \(enforce\);cat: $group;\$"
cat >"$TMP/process.json" <<END
{"args":["/bin/sh","-c","$look"],"env":["PATH=/bin"],"cwd":"/",
 "user":{"uid":0,"gid":0},"apparmorProfile":"runt-exec"}
END
like "exec --process, too" "$(look_two --process "$TMP/process.json" two)" \
	"^runt-exec \(enforce\);cat: $group;\$"
sed -i 's/,"apparmorProfile.*/}/' "$TMP/process.json"
like "without one it has the container's" \
	"$(look_two --process "$TMP/process.json" two)" \
	"^runt-run \(enforce\);cat: $passwd;\$"
exits "exec --apparmor of one that is not loaded" 255 \
	rt exec --apparmor runt-none two true
like "  says so" "$(cat "$OUTPUT")" 'apparmor profile "runt-none" is not loaded'
rt delete -f two
is "nothing is left" "$(rt list -q)" ""
finish
