#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm riscv64
# shellcheck disable=SC2016
#
# CVE-2019-5736: a container whose program is /proc/self/exe makes runt run
# inside it. A helper in the container, with the right to look into every
# process there, gets hold of that runt's executable and writes to it once it
# has ended. The runt that is attacked is a copy, on a file system that can be
# written.

. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root
CAPS='"CAP_SYS_PTRACE","CAP_DAC_OVERRIDE","CAP_KILL"'
mkdir "$TMP/bin"
cp "$RUNT" "$TMP/bin/runt"
intact() {
	cmp "$RUNT" "$TMP/bin/runt"
}

# The helper: waits for a process that is not of the image, keeps its
# executable open, lets it end, writes.
cat >"$B/rootfs/helper" <<'END'
#!/bin/sh
mine=$(readlink /proc/self/exe)
until [ "$found" ]; do
	for p in /proc/[0-9]*; do
		exe=$(readlink "$p/exe") || continue
		case $exe in /bin/*) continue ;; esac
		exec 9<"$p/exe" && found=$p && break
	done
done
echo "found ${found#/proc/}"
# --log blocks until somebody reads.
cat /fifo >/dev/null &
i=0
while [ -e "$found" ] && [ $i -lt 50 ]; do
	grep -q '^State:	Z' "$found/status" && break
	sleep 0.1
	i=$((i + 1))
done
# Busy as long as any runt runs from this file: the one outside ends soon.
i=0
until (echo evil >/proc/self/fd/9) 2>&1 && echo written; do
	i=$((i + 1))
	[ $i -lt 20 ] || break
	sleep 0.1
done
echo end
END
chmod 755 "$B/rootfs/helper"
mkfifo "$B/rootfs/fifo"
printf '#!/proc/self/exe --log=/fifo\n' >"$B/rootfs/script"
chmod 755 "$B/rootfs/script"

# A container with the helper, then runt as what exec runs in it.
ARGS=$(sh_args 'sh /helper >/said 2>&1; sleep 100')
config
for program in "/proc/self/exe --log /fifo list" /script; do
	rm -f "$B/rootfs/said"
	"$TMP/bin/runt" --root "$STATE" run -d --bundle "$B" c </dev/null \
		>/dev/null 2>&1
	# shellcheck disable=SC2086
	"$TMP/bin/runt" --root "$STATE" exec c $program </dev/null \
		>/dev/null 2>&1
	i=0
	until grep -q '^end' "$B/rootfs/said" || [ $i -ge 100 ]; do
		sleep 0.1
		i=$((i + 1))
	done
	like "exec $program: the attack reaches runt" \
		"$(cat "$B/rootfs/said")" "^found"
	unlike "and can't write to it" "$(cat "$B/rootfs/said")" "^written"
	ok "the host's runt is as it was" intact
	rt delete --force c
	cp "$RUNT" "$TMP/bin/runt"
done

# runt as the container's first program.
ARGS='"/proc/self/exe","--version"'
config
"$TMP/bin/runt" --root "$STATE" run --bundle "$B" c >"$TMP/out" 2>&1
like "run /proc/self/exe runs runt" "$(cat "$TMP/out")" "^runt version"
ok "the host's runt is as it was" intact

# Nobody in a container outlives its first program, but may hand its executable
# to somebody who does: here, to this shell.
ARGS='"/proc/self/exe","--log","/fifo","list"'
config
"$TMP/bin/runt" --root "$STATE" run -d --pid-file "$TMP/pid" --bundle "$B" c \
	</dev/null >/dev/null 2>&1
like "run -d /proc/self/exe runs runt" \
	"$(tr '\0' ' ' <"/proc/$(cat "$TMP/pid")/cmdline")" "--log /fifo list"
exec 9<"/proc/$(cat "$TMP/pid")/exe"
cat "$B/rootfs/fifo" >/dev/null
is_stopped() {
	rt state c | grep -q '"stopped"'
}
await is_stopped
(echo evil >/proc/self/fd/9) >"$TMP/out" 2>&1
exec 9<&-
like "who kept its executable can't write to it" "$(cat "$TMP/out")" \
	'Read-only file system|Operation not permitted|Permission denied'
ok "the host's runt is as it was" intact
rt delete c
finish
