#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# exec: a process in a running container, where and as what it runs.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
ARGS='"/bin/sleep","1000"'
config
start() {
	rt run -d --bundle "$B" "$1" </dev/null >/dev/null 2>&1
}
ok "a container" start c
pid=$(rt state c | sed -n 's/^  "pid": \([0-9]*\).*/\1/p')
inside() {
	rt exec "$@" </dev/null 2>&1
}

is "it prints" "$(inside c echo hello)" hello
for n in 0 1 3 255; do
	exits "status $n is passed on" $n rt exec c sh -c "exit $n"
done
exits "128+N for a signal" 143 rt exec c sh -c 'kill -TERM $$'
is "it reads standard input" "$(echo in | rt exec c cat)" in
is "options end at the id" "$(inside c echo -d --tty)" "-d --tty"

for ns in mnt pid net ipc uts cgroup; do
	is "namespace $ns is the container's" \
		"$(inside c readlink /proc/self/ns/$ns)" \
		"$(readlink "/proc/$pid/ns/$ns")"
done
is "the cgroup too" "$(inside c cat /proc/self/cgroup | grep '^0:')" "0::/"
is "it sees the container's init" "$(inside c cat /proc/1/comm)" sleep
is "it has 0, 1, 2 and no more" \
	"$(inside c sh -c 'ls /proc/self/fd | tr "\n" " "')" "0 1 2 3 "

is "--cwd" "$(inside --cwd /tmp c pwd)" /tmp
fails "--cwd must be absolute" rt exec --cwd tmp c true
is "--env" "$(inside --env A=1 -e B=2 c sh -c 'echo $A$B$TERM')" 12dumb
fails "--env needs a =" rt exec --env A c true
is "--user" "$(inside --user 7:8 c id -u)$(inside -u 7:8 c id -g)" 78
is "--user without a group keeps it" "$(inside --user 7 c id -g)" 0
for user in "" 1: :1 +1 -1 " 1" "1 " 4294967296 1:2:3 0x1 root; do
	fails "--user '$user' is refused" rt exec --user "$user" c true
done
like "--additional-gids" "$(inside -g 20 -g 21 c id -G)" "20 21"
status=$(inside c cat /proc/self/status)
like "the capabilities are the container's" "$status" \
	"^CapEff:.0000000020000420"
status=$(inside --cap CAP_NET_RAW c cat /proc/self/status)
like "--cap adds one" "$status" "^CapEff:.0000000020002420"
like "inheritable stays empty" "$status" "^CapInh:.0000000000000000"
like "ambient too" "$status" "^CapAmb:.0000000000000000"
like "--no-new-privs" "$(inside --no-new-privs c cat /proc/self/status)" \
	"^NoNewPrivs:.1"
echo three >"$TMP/3"
is "--preserve-fds" "$(rt exec --preserve-fds 1 c sh -c 'cat <&3' 3<"$TMP/3")" \
	three

cat >"$TMP/process.json" <<'END'
{"args":["sh","-c","echo $X $(id -u) $(pwd)"],"cwd":"/etc","user":{"uid":9},
 "env":["PATH=/bin","X=y"]}
END
is "--process" "$(inside --process "$TMP/process.json" c)" "y 9 /etc"
echo '{"args":["sh"],"cwd":5}' >"$TMP/process.json"
exits "an error in it is ours" 255 rt exec --process "$TMP/process.json" c
like "and has its place" "$(cat "$OUTPUT")" "process.json:1:22: cwd: expected"

mkdir "$CGROUPS/c/sub"
is "--cgroup" "$(inside --cgroup sub c cat /proc/self/cgroup | grep '^0:')" \
	"0::/sub"
fails "--cgroup leads nowhere else" rt exec --cgroup ../.. c true
fails "nor where nothing is" rt exec --cgroup none c true

detached() {
	rt exec -d --pid-file "$TMP/pid" c sleep 500 </dev/null >/dev/null
}
ok "-d returns" detached
is "--pid-file is of the process" \
	"$(tr '\0' ' ' <"/proc/$(cat "$TMP/pid")/cmdline")" "sleep 500 "
ok "it is in the container's cgroup" \
	grep -qx "$(cat "$TMP/pid")" "$CGROUPS/c/cgroup.procs"

"$RUNT" --root "$STATE" exec c sh -c \
	'trap "echo got it; exit 4" TERM; echo ready; while :; do sleep 0.1; done' \
	>"$TMP/out" 2>&1 </dev/null &
runt_pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	grep -q ready "$TMP/out" && break
	sleep 0.1
done
kill -TERM $runt_pid
wait $runt_pid
is "a signal is forwarded" "$?-$(tail -n 1 "$TMP/out")" "4-got it"

exits "a program that is not there is 255" 255 rt exec c no-such-program
like "as runc says it" "$(cat "$OUTPUT")" \
	'exec: "no-such-program": executable file not found in \$PATH'
exits "a container that is not there is 255" 255 rt exec none true
like "as runc says it" "$(cat "$OUTPUT")" "container does not exist"

rm -f "$TMP/lost"
n=0
while [ $n -lt 50 ]; do
	n=$((n + 1))
	rt exec c true </dev/null 2>>"$TMP/why" || echo lost >>"$TMP/lost" &
done
wait
ok "fifty at once" [ ! -e "$TMP/lost" ]

# A pid namespace ends when the last of its processes was reaped: the detached
# one by the host's init, in its own time.
kill -KILL "$(cat "$TMP/pid")"
rt kill c KILL
n=0
while [ $n -lt 100 ] && ! rt state c | grep -q '"stopped"'; do
	n=$((n + 1))
	sleep 0.1
done
exits "a stopped container is 255" 255 rt exec c true
like "as runc says it" "$(cat "$OUTPUT")" \
	"cannot exec in a stopped container"
ok "delete" rt delete c
ok "nothing is left" [ ! -d "$CGROUPS/c" ]

## Without namespaces of its own but one

NAMESPACES='{"type":"uts"}'
DEFAULT_MOUNTS=
config
ok "a container in the host's mounts" start d
is "exec is in its root" "$(inside d ls /bin/busybox)" /bin/busybox
is "and not in the host's" "$(inside d ls "$TMP/3" 2>/dev/null | grep -c '^/')" 0
ok "delete" rt delete --force d
finish
