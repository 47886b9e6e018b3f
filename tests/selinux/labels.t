#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016,SC2034
#
# SELinux with a policy: process.selinuxLabel, exec --process-label and
# linux.mountLabel, by what a program may then not do.

. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"

[ -e /sys/fs/selinux/enforce ] || skip_all "no policy is loaded"

type=system_u:system_r:container_t
file=system_u:object_r:container_file_t
ok "the policy binds all but us" setenforce 1

bundle b
own_root
R=$B/rootfs
mkdir "$R/out"
echo secret >"$R/secret"
echo other >"$R/other"
ok "the root file system is labelled" chcon -R "$file:s0" "$B"
ok "  a file of others" chcon system_u:object_r:shadow_t:s0 "$R/secret"
ok "  one of another container" chcon "$file:s0:c3" "$R/other"

# What a program writes that looks around: its label, and the files.
cat >"$R/look" <<'END'
exec 2>&-
for f in /proc/self/attr/current /secret /other; do
	{ cat $f || echo refused; } | tr '\n\000' ';;'
done >/out/got
END
got() {
	cat "$R/out/got"
	rm -f "$R/out/got"
}
ARGS='"/bin/sh","/look"'
look() {
	PROCESS=${1:+",\"selinuxLabel\":\"$1\""}
	config
	rt run -b "$B" one
}

ok "a program without a label" look ''
is "  sees both" "$(got)" "system_u:system_r:kernel_t:s0;secret;other;"
ok "one that has one" look "$type:s0:c1,c2"
is "  sees neither" "$(got)" "$type:s0:c1,c2;refused;refused;"
ok "one with another" look "$type:s0:c3"
is "  sees its own" "$(got)" "$type:s0:c3;refused;other;"
ok "a label that the kernel writes in another way" look "$type:s0:c3,c2,c1"
is "  is put on" "$(got)" "$type:s0:c1.c3;refused;other;"
fails "one that is not in the policy" look "$type:s0:c1,c2:c3"
like "  is refused by name" "$(cat "$OUTPUT")" \
	"selinux label \"$type:s0:c1,c2:c3\" is not in the policy"
fails "  a type, too" look "system_u:system_r:none_t:s0"
is "  nothing was left" "$(rt list -q)$(cat "$R/out/got" 2>&1)" \
	"cat: $R/out/got: No such file or directory"

## exec

ARGS='"/bin/sleep","1000"'
PROCESS=",\"selinuxLabel\":\"$type:s0:c1,c2\""
MOUNTS=$MOUNTS',{"destination":"/dev/mqueue","type":"mqueue","source":"mqueue"},
 {"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup"}'
LINUX=",\"mountLabel\":\"$file:s0:c1,c2\""
config
ok "a container that stays" rt run -d -b "$B" two
pid=$(rt state two | sed -n 's/.*"pid": \([0-9]*\).*/\1/p')
is "  has its label" "$(tr -d '\000' <"/proc/$pid/attr/current")" \
	"$type:s0:c1,c2"
ok "exec" rt exec two /bin/sh /look
is "  has the container's label" "$(got)" "$type:s0:c1,c2;refused;refused;"
ok "exec --process-label" rt exec --process-label "$type:s0:c3" two \
	/bin/sh /look
is "  has that" "$(got)" "$type:s0:c3;refused;other;"
echo "{\"args\":[\"/bin/sh\",\"/look\"],\"cwd\":\"/\",\"env\":[\"PATH=/bin\"],
 \"user\":{},\"selinuxLabel\":\"$type:s0:c3\"}" >"$TMP/process.json"
ok "exec --process" rt exec -p "$TMP/process.json" two
is "  has what the file says" "$(got)" "$type:s0:c3;refused;other;"
exits "exec with a label that is not in the policy" 255 \
	rt exec --process-label none two true
like "  is refused by name" "$(cat "$OUTPUT")" \
	'selinux label "none" is not in the policy'

## linux.mountLabel

for dir in dev dev/shm dev/pts; do
	is "/$dir has the label of mounts" \
		"$(stat -c %C "/proc/$pid/root/$dir")" "$file:s0:c1,c2"
done
for dir in proc sys sys/fs/cgroup dev/mqueue; do
	unlike "/$dir, of which there is but one, has not" \
		"$(stat -c %C "/proc/$pid/root/$dir")" container_file_t
done
ok "the program may write there" rt exec two touch /dev/shm/file
exits "  another container's may not" 1 \
	rt exec --process-label "$type:s0:c3" two touch /dev/shm/file
ok "delete it" rt delete -f two
ARGS='"/bin/sh","-c","echo >/dev/null"'
config
ok "another program may write to /dev/null" rt run -b "$B" three
LINUX=
config
fails "  without a label of mounts it may not" rt run -b "$B" three
LINUX=',"mountLabel":"none"'
config
fails "a label of mounts that is not in the policy" rt run -b "$B" three
like "  is refused" "$(cat "$OUTPUT")" 'context'
LINUX=',"mountLabel":""'
ARGS='"/bin/true"'
PROCESS=
config
ok "an empty one is none" rt run -b "$B" three

setenforce 0
finish
