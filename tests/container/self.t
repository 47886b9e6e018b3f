#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016
# parallel-safe
#
# CVE-2019-5736: a container, however privileged, can't write to the file of
# the runt that it sees running. The one here sees all processes of the host
# and may mount; it keeps a descriptor of another container's runt until that
# one has ended and its file is not busy any more.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
cp "$RUNT" "$TMP/runt"
before=$(md5sum <"$TMP/runt")

# For whoever calls it, it would do what its owner may.
cp "$RUNT" "$TMP/setuid"
chmod 4755 "$TMP/setuid"
got=$(su -s /bin/sh daemon -c "'$TMP/setuid' --root '$TMP/none' list" 2>&1)
case $?:$(findmnt -n -o OPTIONS -T "$TMP" 2>/dev/null || cat /proc/mounts) in
*nosuid*) skip "a set-user-ID runt" "$TMP may be mounted nosuid" ;;
*) is "a set-user-ID runt refuses to run" "$got" \
	"runt: runt must not be installed set-user-ID or with file capabilities" ;;
esac
mkdir "$TMP/shared"

# The victim: waits in the foreground for a container that ends on request.
ARGS=$(sh_args 'until [ -e /shared/end ]; do sleep 0.1; done')
MOUNTS=",{\"destination\":\"/shared\",\"type\":\"bind\",
	\"source\":\"$TMP/shared\",\"options\":[\"rbind\",\"rw\"]}"
config
"$TMP/runt" --root "$STATE" run --bundle "$B" "victim$$" &
victim=$!
is_running() {
	rt state "victim$$" | grep -q running
}
await is_running

bundle attacker
NAMESPACES='{"type":"mount"},{"type":"uts"},{"type":"network"}'
MOUNTS=",{\"destination\":\"/shared\",\"type\":\"bind\",
	\"source\":\"$TMP/shared\",\"options\":[\"rbind\",\"rw\"]}"
CAPS='"CAP_SYS_ADMIN","CAP_SYS_PTRACE","CAP_DAC_OVERRIDE","CAP_DAC_READ_SEARCH",
	"CAP_FOWNER","CAP_CHOWN","CAP_SYS_CHROOT","CAP_MKNOD"'
run_in "
exe=/proc/$victim/exe
exec 9<\$exe && touch /shared/opened
mount -o remount,bind,rw \$exe && echo remounted
touch /shared/target && mount --bind \$exe /shared/target && echo bound
touch /shared/end
while [ -e /proc/$victim/stat ] && ! grep -q ' Z ' /proc/$victim/stat; do
	sleep 0.1
done
echo evil | dd of=/proc/self/fd/9 conv=notrunc 2>&1 && echo written
true >/proc/self/fd/9 && echo truncated
chmod 777 /proc/self/fd/9
touch /shared/done" >"$TMP/attack" &
attacker=$!
wait $victim
is "the victim ends well" $? 0
wait $attacker
ok "the attacker had the file open" test -e "$TMP/shared/opened"
ok "the attack went to its end" test -e "$TMP/shared/done"
unlike "nothing of it worked" "$(cat "$TMP/attack")" \
	'^(remounted|bound|written|truncated)'
like "the reason is the protection" "$(cat "$TMP/attack")" \
	'Read-only file system|Operation not permitted'
is "the file is what it was" "$(md5sum <"$TMP/runt")" "$before"
is "and so is its mode" "$(stat -c %a "$TMP/runt")" "$(stat -c %a "$RUNT")"

# What init can't do for itself ends the run, and it is init that says why: the
# parent is late, and would fail as well.
if command -v strace >/dev/null; then
	bundle e
	config
	failing() {
		strace -f -o /dev/null -e inject=mremap:error=ENOMEM \
			-e inject=unshare:delay_exit=300000 \
			"$TMP/runt" --root "$STATE" run --bundle "$B" "e$$"
	}
	fails "an executable that can't be exchanged" failing
	like "  it says so" "$(cat "$OUTPUT")" \
		'exchange /proc/self/exe: Out of memory'
	fails "  nothing is left" rt state "e$$"
else
	skip "an executable that can't be exchanged" "no strace"
fi

# An entry point that leads back to runt: it runs, in the container, as any
# other program, and can't be written to either.
bundle c
own_root
ARGS='"/proc/self/exe","--version"'
config
"$TMP/runt" --root "$STATE" run --bundle "$B" "c$$" >"$TMP/out" 2>&1
printf '#!/proc/self/exe\n' >"$B/rootfs/script"
chmod 755 "$B/rootfs/script"
ARGS='"/script"'
config
"$TMP/runt" --root "$STATE" run --bundle "$B" "d$$" >>"$TMP/out" 2>&1
is "an entry point that is runt itself changes nothing" \
	"$(md5sum <"$TMP/runt")" "$before"

finish
