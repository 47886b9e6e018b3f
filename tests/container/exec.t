#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# exec: a process in a running container, where and as what it runs.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
ARGS='"/bin/sleep","1000"'
IDS='"uid":0,"gid":0,"umask":23'
PROCESS=',"rlimits":[{"type":"RLIMIT_CORE","soft":77,"hard":88}],
 "oomScoreAdj":111,
 "ioPriority":{"class":"IOPRIO_CLASS_BE","priority":6}'
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
echo log >"$TMP/log"
chmod 600 "$TMP/log"
rt exec -u 1000 c sh -c 'echo out >>/dev/stdout' </dev/null >>"$TMP/log" 2>&1
is "a user opens a file that is its output" "$(cat "$TMP/log")" "log
out"
echo in >"$TMP/in"
is "one that is its input" "$(rt exec -u 1000 c cat <"$TMP/in")" in
is "stays whose it is" "$(stat -c %u "$TMP/in")" 0
is "options end at the id" "$(inside c echo -d --tty)" "-d --tty"

for ns in mnt pid net ipc uts cgroup; do
	is "namespace $ns is the container's" \
		"$(inside c readlink /proc/self/ns/$ns)" \
		"$(readlink "/proc/$pid/ns/$ns")"
done
if command -v strace >/dev/null; then
	strace -f -qq -e trace=setns,clone3 -o "$TMP/trace" \
		"$RUNT" --root "$STATE" exec c true
	like "in one step, and in its cgroup's namespace once it is there" \
		"$(sed -n 's/^[0-9]* *setns([0-9]*, \(.*\)) *= 0$/\1/p' "$TMP/trace" |
			tr '\n' ' ')" \
		"^CLONE_NEW[A-Z|_]*CLONE_NEWPID[A-Z|_]* CLONE_NEWCGROUP $"
	like "into the cgroup at its birth" "$(cat "$TMP/trace")" \
		"clone3.*CLONE_INTO_CGROUP"
	# Until then init sees the host's files, and so would who joins it.
	strace -f -qq -o /dev/null -e inject=pivot_root:delay_enter=2000000 \
		"$RUNT" --root "$STATE" run --bundle "$B" slow >/dev/null 2>&1 &
	await rt state slow
	sleep 0.5
	like "not before init is in its root" "$(inside slow true)" \
		"container is being created: slow"
	await sh -c '"$0" --root "$1" exec slow true' "$RUNT" "$STATE"
	rt delete --force slow
	wait $!
else
	skip "in one step" "no strace"
fi
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
for user in 1: :1 +1 -1 " 1" "1 " 4294967296 1:2:3 0x1 root; do
	fails "--user '$user' is refused" rt exec --user "$user" c true
done
for arg in -u4294967295 -u1:4294967295 -g4294967295; do
	fails "${arg%4*}-1 is no id" rt exec "${arg%%[14]*}" "${arg#-?}" c true
	like "  and that is said" "$(cat "$OUTPUT")" "4294967295: expected"
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
like "which has the container's capabilities unless it has its own" \
	"$(echo '{"args":["cat","/proc/self/status"],"cwd":"/","user":{"uid":0,
	"gid":0},"env":["PATH=/bin"]}' | rt exec --process - c)" \
	"^CapPrm:.0*20000420$"
like "if none are meant" "$(echo '{"args":["cat","/proc/self/status"],"cwd":"/",
	"user":{"uid":0,"gid":0},"env":["PATH=/bin"],"capabilities":{}}' |
	rt exec --process - c)" "^CapPrm:.0*$"
is "--process of a descriptor" \
	"$(inside --process /dev/fd/7 c 7<"$TMP/process.json")" "y 9 /etc"
is "--process of a pipe" "$(tr -d '\n' <"$TMP/process.json" |
	inside --process /dev/fd/7 c 7<&0)" "y 9 /etc"
echo '{"args":["sh"],"cwd":5}' >"$TMP/process.json"
exits "an error in it is ours" 255 rt exec --process "$TMP/process.json" c
like "and has its place" "$(cat "$OUTPUT")" "process.json:1:22: cwd: expected"

mkdir "$CGROUPS/c/sub"
is "--cgroup" "$(inside --cgroup sub c cat /proc/self/cgroup | grep '^0:')" \
	"0::/sub"
fails "--cgroup leads nowhere else" rt exec --cgroup ../.. c true
is "and that is said" "$(cat "$OUTPUT")" \
	"runt: --cgroup ../..: not below the container's cgroup"
fails "nor where nothing is" rt exec --cgroup none c true

is "what is empty is not given" "$(inside --process= --cwd= --user= --pid-file= \
	--apparmor= --process-label= --cgroup "" --console-socket "" \
	--pidfd-socket= c sh -c 'echo $(pwd) $(id -u)')" "/ 0"
mkfifo "$TMP/fifo"
mknod "$TMP/null" c 1 3
for path in "$TMP/fifo" "$TMP/null"; do
	fails "--pid-file ${path##*/}, which is no file" \
		rt exec --pid-file "$path" c true
	like "  and that is said" "$(cat "$OUTPUT")" "is no regular file"
done
ok "  nor will be" [ -p "$TMP/fifo" -a -c "$TMP/null" ]
fails "with an empty --process a command is missing" rt exec --process= c
is "the last counts, also if it is empty" \
	"$(inside --cwd /tmp --cwd= c pwd)" /

detached() {
	rt exec -d --pid-file "$TMP/pid" c sleep 500 </dev/null >/dev/null
}
ok "-d returns" detached
is "--pid-file is of the process" \
	"$(tr '\0' ' ' <"/proc/$(cat "$TMP/pid")/cmdline")" "sleep 500 "
ok "it is in the container's cgroup" \
	grep -qx "$(cat "$TMP/pid")" "$CGROUPS/c/cgroup.procs"

# Neither without the other: the program, and who may know its pid.
if command -v strace >/dev/null; then
	fails "a pid file that can't be written" strace -qq -o /dev/null \
		-e inject=renameat2:error=EIO:delay_enter=300000 "$RUNT" \
		--root "$STATE" exec --pid-file "$TMP/eio" c touch /dev/ran
	fails "  nothing has run" rt exec c test -e /dev/ran
	is "  nothing is left of the file" "$(find "$TMP" -name '*eio*')" ""
else
	skip "a pid file that can't be written" "no strace"
fi
inside c sh -c 'echo garbage >/dev/bad; chmod 755 /dev/bad'
exits "a file that is no program" 255 rt exec --pid-file "$TMP/bad" c /dev/bad
ok "  leaves no pid file" [ ! -e "$TMP/bad" ]

"$RUNT" --root "$STATE" exec c sh -c \
	'trap "echo got 34" 34; trap "echo got it; exit 4" TERM; echo ready
	while :; do sleep 0.1; done' \
	>"$TMP/out" 2>&1 </dev/null &
runt_pid=$!
await grep -q ready "$TMP/out"
kill -34 $runt_pid
ok "a signal that a C library has for itself is forwarded" \
	await grep -q 'got 34' "$TMP/out"
kill -TERM $runt_pid
wait $runt_pid
is "a signal is forwarded" "$?-$(tail -n 1 "$TMP/out")" "4-got it"

exits "a program that is not there is 255" 255 rt exec c no-such-program
like "as runc says it" "$(cat "$OUTPUT")" \
	'exec: "no-such-program": executable file not found in \$PATH'
exits "a container that is not there is 255" 255 rt exec none true
like "as runc says it" "$(cat "$OUTPUT")" "container does not exist"

## What else of the configuration counts

like "rlimits" "$(inside c cat /proc/self/limits)" \
	"^Max core file size +77 +88 "
is "oomScoreAdj" "$(inside c cat /proc/self/oom_score_adj)" 111
is "the umask" "$(inside c sh -c umask)" 0027
is "ioPriority" "$(inside c ionice)" "best-effort: prio 6"
cat >"$TMP/process.json" <<'END'
{"args":["sh","-c","grep core /proc/self/limits; cat /proc/self/oom_score_adj;
  ionice"],"cwd":"/","user":{"uid":0,"gid":0},"env":["PATH=/bin"],
 "rlimits":[{"type":"RLIMIT_CORE","soft":5,"hard":6}],"oomScoreAdj":222}
END
sed -i ':a; N; $!ba; s/;\n */; /' "$TMP/process.json"
is "but with --process" "$(inside --process "$TMP/process.json" c |
	sed 's/  */ /g; s/^none: .*/none/')" "Max core file size 5 6 bytes 
222
none"

cpus='sed -n "s/^Cpus_allowed_list:.//p" /proc/self/status'
all=$(eval "$cpus")
affinity() {
	cat >"$TMP/process.json" <<-END
	{"args":["sh","-c","$(echo "$cpus" | sed 's/"/\\"/g')"],"cwd":"/",
	 "user":{"uid":0,"gid":0},"env":["PATH=/bin"],"execCPUAffinity":{$1}}
	END
	inside --process "$TMP/process.json" c
}
last=$(($(nproc) - 1))
is "execCPUAffinity: the final one" \
	"$(affinity "\"initial\":\"0\",\"final\":\"$last\"")" "$last"
is "execCPUAffinity: the initial one stays" "$(affinity '"initial":"0"')" 0
is "execCPUAffinity: none" "$(affinity '')" "$all"
if [ "$last" -gt 0 ] && command -v taskset >/dev/null; then
	is "the caller's affinity stays outside" \
		"$(taskset 1 "$RUNT" --root "$STATE" exec c sh -c "$cpus")" "$all"
else
	skip "the caller's affinity stays outside" "one CPU, or no taskset"
fi
exits "a CPU that there is not" 255 affinity '"final":"9000"'

if [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ]; then
	is "--apparmor" "$(inside --apparmor unconfined c \
		cat /proc/self/attr/current)" unconfined
	exits "--apparmor: a profile that is not loaded" 255 \
		rt exec --apparmor no-such-profile c true
else
	exits "--apparmor without AppArmor" 255 rt exec --apparmor x c true
	like "is refused" "$(cat "$OUTPUT")" "apparmor not supported"
fi
if [ -e /sys/fs/selinux/enforce ]; then
	skip "--process-label" "needs a policy"
else
	exits "--process-label without SELinux" 255 \
		rt exec --process-label a_u:b_r:c_t c true
	like "is refused" "$(cat "$OUTPUT")" "selinux is disabled"
fi
is "--preserve-fds of what is not open" "$(inside --preserve-fds 1 c true)" \
	"runt: unable to stat preserved-fd 0 (of 1)"
is "sockets of LISTEN_FDS are not for exec" "$(sh -c '
	LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3</dev/null' sh \
	"$RUNT" --root "$STATE" exec c sh -c 'echo "$LISTEN_FDS"; ls /proc/self/fd' |
	tr '\n' ' ')" " 0 1 2 3 "

rt pause c
rt exec --ignore-paused c echo late >"$TMP/late" 2>&1 </dev/null &
sleep 0.5
is "--ignore-paused: nothing runs yet" "$(cat "$TMP/late")" ""
rt resume c
wait $!
is "but when it is resumed" "$? $(cat "$TMP/late")" "0 late"

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
has_stopped() {
	rt state c | grep -q '"stopped"'
}
await has_stopped
exits "a stopped container is 255" 255 rt exec c true
like "as runc says it" "$(cat "$OUTPUT")" \
	"cannot exec in a stopped container"
ok "delete" rt delete c
ok "nothing is left" [ ! -d "$CGROUPS/c" ]

## A container that moves itself on, as systemd does

for c in memory pids hugetlb; do
	! has_controller "$c" || break
done
if has_controller "$c"; then
	MOUNTS=',{"destination":"/sys/fs/cgroup","type":"cgroup2",
	 "source":"cgroup"}'
	ARGS=$(sh_args "cd /sys/fs/cgroup; mkdir -p init/deep
		echo 1 >init/deep/cgroup.procs; echo +$c >cgroup.subtree_control
		exec sleep 300")
	config
	ok "a container in a cgroup below its own" start m
	await grep -q "$c" "$CGROUPS/m/cgroup.subtree_control"
	like "exec enters that one" "$(inside m cat /proc/self/cgroup)" \
		'^0::/init/deep$'
	fails "but not instead of another" rt exec --cgroup / m true
	like "  as the kernel says" "$(cat "$OUTPUT")" "Resource busy"
	ok "delete" rt delete --force m
	MOUNTS=
	ARGS='"sleep","300"'
	config
else
	skip "a container in a cgroup below its own" "no controller"
fi

## A container that stops meanwhile

ok "a container" start c
hammer() {
	until [ -e "$TMP/stop" ]; do
		rt exec c true </dev/null >>"$1" 2>&1 || echo "status $?" >>"$1"
	done
}
indeed() {
	grep -q 'container stopped meanwhile' "$TMP/hammer1" "$TMP/hammer2"
}
hammer "$TMP/hammer1" &
hammer "$TMP/hammer2" &
n=0
while [ $n -lt 15 ] || { [ $n -lt 200 ] && ! indeed; }; do
	n=$((n + 1))
	sleep 0.1
	rt kill c KILL
	rt delete -f c
	rt run -d --bundle "$B" c </dev/null >/dev/null 2>&1
done
: >"$TMP/stop"
wait
is "whenever it stops, exec says so" "$(cat "$TMP"/hammer[12] |
	grep -vE '^status (255|137)$|cannot exec in a stopped container: c$|'\
'container stopped meanwhile: c$|container does not exist: c$|'\
'container is being created: c$' | sort -u)" ""
ok "indeed" indeed
ok "delete" rt delete -f c

## Without namespaces of its own but one

NAMESPACES='{"type":"uts"}'
DEFAULT_MOUNTS=
config
ok "a container in the host's mounts" start d
is "exec is in its root" "$(inside d ls /bin/busybox)" /bin/busybox
is "and not in the host's" "$(inside d ls "$TMP/3" 2>/dev/null | grep -c '^/')" 0
ok "delete" rt delete --force d
finish
