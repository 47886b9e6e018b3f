#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# What the caller gives: descriptors, sockets of a service manager, somebody to
# tell that the container is ready; and odd things that a caller may do.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
[ -x "$HELPER" ] || skip_all "tests/helper was not built: make unit"

bundle b
# In file systems of its own: the root is shared with other tests.
MOUNTS=',{"destination":"/tmp","source":"tmp","type":"tmpfs"},
 {"destination":"/run","source":"run","type":"tmpfs"},
 {"destination":"/mnt","source":"mnt","type":"tmpfs"}'
MOUNTS="$MOUNTS,{\"destination\":\"/mnt/helper\",\"source\":\"$HELPER\",
 \"options\":[\"bind\",\"ro\"]}"
# Beside other tests of this machine, by its cgroup.
C=given$$
export RUNT STATE B TMP HELPER C

with_args() {
	ARGS=$(sh_args "$*")
	config
}

is_stopped() {
	rt state "$C" | grep -q '"stopped"'
}

left_nothing() {
	is "$1: nothing is left" \
		"$(rt list -q)$(ls -d "$CGROUPS/$C" 2>/dev/null)" ""
}

## Descriptors

for n in 3 4 5 6; do
	echo "file $n" >"$TMP/$n"
done
with_args 'ls /proc/self/fd | tr "\n" " "; env | grep LISTEN | sort
	for n in 3 4 5 6; do eval "cat <&$n" 2>/dev/null; done'

# As a service manager does: the variables name the process that becomes runt.
listening() {
	sh -c 'export LISTEN_PID=$$ LISTEN_FDS=$1; shift
		exec "$RUNT" --root "$STATE" run -b "$B" "$@" "$C"' sh "$@" \
		3<"$TMP/3" 4<"$TMP/4" 5<"$TMP/5" 6<"$TMP/6"
}
is "LISTEN_FDS" "$(listening 2)" "0 1 2 3 4 5 LISTEN_FDS=2
LISTEN_PID=1
file 3
file 4"
is "and --preserve-fds after them" "$(listening 2 --preserve-fds 1)" \
	"0 1 2 3 4 5 6 LISTEN_FDS=2
LISTEN_PID=1
file 3
file 4
file 5"
is "LISTEN_FDNAMES" "$(LISTEN_FDNAMES=a:b listening 1)" \
	"0 1 2 3 4 LISTEN_FDNAMES=a:b
LISTEN_FDS=1
LISTEN_PID=1
file 3"
ENVIRON='"PATH=/bin","LISTEN_FDS=7","A=b"'
with_args 'env | grep LISTEN | sort'
is "they replace what the config has" "$(listening 1)" "LISTEN_FDS=1
LISTEN_PID=1"
is "another process's are not ours" \
	"$(LISTEN_FDS=1 LISTEN_PID=1 rt run -b "$B" "$C")" "LISTEN_FDS=7"
ENVIRON='"PATH=/bin"'
own=$NAMESPACES
NAMESPACES='{"type":"mount"},{"type":"uts"}'
with_args 'echo "$LISTEN_PID $$"'
is "without a pid namespace the pid is what it is" \
	"$(listening 1 | awk '{ print $1 - $2, ($1 > 1) }')" "0 1"
NAMESPACES=$own
with_args true
fails "one that is not open" listening 5
is "is said" "$(cat "$OUTPUT")" "runt: LISTEN_FDS=5: descriptor 7 is not open"
fails "no number" listening x
is "is said" "$(cat "$OUTPUT")" "runt: LISTEN_FDS=x: expected a number"
fails "--preserve-fds beyond them" listening 2 --preserve-fds 3
is "is said as runc does" "$(cat "$OUTPUT")" \
	"runt: unable to stat preserved-fd 2 (of 3)"
left_nothing "refused" "$C"

## --ready-fd

with_args 'echo started; sleep 0.3'
rt run --ready-fd 3 -b "$B" "$C" 3>"$TMP/ready" >"$TMP/out"
is "--ready-fd of run" "$(od -An -c "$TMP/ready" | tr -d ' ')" '\n'
mkfifo "$TMP/fifo"
with_args 'ls /proc/self/fd | tr "\n" " "; sleep 1000'
rt run --ready-fd 7 -b "$B" "$C" 7>"$TMP/fifo" >"$TMP/out" &
read -r line <"$TMP/fifo"
is "it comes, and its end, while the container runs" "$? $line" "0 "
await grep -q 0 "$TMP/out"
is "the container does not have it" "$(cat "$TMP/out")" "0 1 2 3 "
like "which has started" "$(rt state "$C")" '"running"'
rt kill "$C" KILL
wait $!
with_args 'exec sleep 1000'
rt create -b "$B" "$C" 8>"$TMP/ready" >/dev/null 2>&1
is "not by create" "$(cat "$TMP/ready")" ""
rt start --ready-fd 8 "$C" 8>"$TMP/ready"
is "--ready-fd of start" "$(od -An -c "$TMP/ready" | tr -d ' ')" '\n'
rt delete -f "$C"
rt run -d --ready-fd 1 -b "$B" "$C" >"$TMP/ready" 2>/dev/null
is "it can be a standard stream" "$(od -An -c "$TMP/ready" | tr -d ' ')" '\n'
rt delete -f "$C"
with_args 'exec no-such-program'
ARGS='"no-such-program"'
config
rt run --ready-fd 3 -b "$B" "$C" 3>"$TMP/ready" 2>/dev/null
is "nothing is said of what does not start" "$(cat "$TMP/ready")" ""
bad_ready() {
	rt run --ready-fd "$1" --preserve-fds 1 -b "$B" "$C" \
		3>"$TMP/ready" 4<"$TMP/4"
}
fails "one that is closed" bad_ready 9
is "is said" "$(cat "$OUTPUT")" "runt: --ready-fd 9: not open for writing"
fails "one that is read only" bad_ready 4
is "is said" "$(cat "$OUTPUT")" "runt: --ready-fd 4: not open for writing"
fails "one that is the container's" bad_ready 3
is "is said" "$(cat "$OUTPUT")" \
	"runt: --ready-fd 3: that one is passed on to the container"

## NOTIFY_SOCKET

S=$TMP/notify.sock
# runs VERB...: what comes to the socket while a script runs.
cat >"$TMP/say" <<'END'
echo "$NOTIFY_SOCKET"
ls -ld /run/notify | cut -c 1-10
touch /run/notify/x 2>/dev/null && echo writable
grep " /run/notify " /proc/self/mountinfo | cut -d " " -f 6
/mnt/helper say "STATUS=begins"
sleep 0.3
/mnt/helper say "STATUS=goes on
READY=1
MAINPID=1"
END
with_args "$(cat "$TMP/say")"
cat >"$TMP/script" <<'END'
"$RUNT" --root "$STATE" run -b "$B" --pid-file "$TMP/pid" "$C"; echo "status $?"
END
IDS='"uid":7,"gid":7'
config
out=$("$HELPER" notify "$S" sh "$TMP/script")
pid=$(echo "$out" | sed -n 's/^MAINPID=\([0-9]*\) READY=1$/\1/p')
is "run passes READY=1 on" "$(echo "$out" | sed 's/=[0-9][0-9]* /=N /')" \
	"/run/notify/notify.sock
drwxr-xr-x
ro,nosuid,nodev,noexec,relatime
MAINPID=N READY=1
BARRIER=1
status 0
closed"
isnt "MAINPID is runt's own, which stays" "$pid" "$(cat "$TMP/pid")"
left_nothing "ended"
IDS='"uid":0,"gid":0'

with_args 'sleep 0.3; /mnt/helper say READY=1; exec sleep 1000'
detached() {
	cat >"$TMP/script"
	"$HELPER" notify "$S" sh "$TMP/script" >"$TMP/out"
	sed "s/^MAINPID=$(cat "$TMP/pid") /MAINPID=PID /" "$TMP/out"
}
out=$(detached <<'END'
"$RUNT" --root "$STATE" run -d -b "$B" --pid-file "$TMP/pid" "$C" >/dev/null
echo "status $?"
END
)
is "run -d waits for it, and until it was dealt with" "$out" "MAINPID=PID READY=1
BARRIER=1
closed
status 0"
like "the container runs" "$(rt state "$C")" '"running"'
is "exec gets no such socket" "$(rt exec "$C" env | grep NOTIFY)" ""
ok "delete" rt delete -f "$C"
left_nothing "deleted"
out=$(detached <<'END'
"$RUNT" --root "$STATE" create -b "$B" --pid-file "$TMP/pid" "$C" >/dev/null
echo created
"$RUNT" --root "$STATE" start "$C"
echo "status $?"
END
)
is "start waits for it" "$out" "created
MAINPID=PID READY=1
BARRIER=1
closed
status 0"
ok "delete" rt delete -f "$C"
(
	NOTIFY_SOCKET=$S
	export NOTIFY_SOCKET
	rt create -b "$B" "$C" >/dev/null
)
ok "start does not wait where nobody does" rt start "$C"
ok "delete" rt delete -f "$C"
with_args 'exec sleep 1000'
rt create -b "$B" "$C" >/dev/null
out=$(detached <<'END'
"$RUNT" --root "$STATE" start "$C"; echo "status $?"
END
)
is "nor where the container has no socket" "$out" "status 0"
ok "delete" rt delete -f "$C"

with_args 'sleep 0.2; exit 3'
out=$(detached <<'END'
"$RUNT" --root "$STATE" run -d -b "$B" "$C" 2>&1; echo "status $?"
END
)
is "a container that ends without it" "$out" "runt: the container ended before \
it said READY=1 to NOTIFY_SOCKET
status 1"
left_nothing "failed"
with_args 'for n in 1 2 3 4 5 6 7 8; do /mnt/helper say "READY=12"; done
	/mnt/helper say "X=READY=1"; /mnt/helper say READY; sleep 0.2; exit 3'
out=$(detached <<'END'
"$RUNT" --root "$STATE" run -b "$B" "$C" 2>&1; echo "status $?"
END
)
is "only the word itself counts" "$out" "status 3"

with_args '/mnt/helper say READY=1; exit 5'
NOTIFY_SOCKET=$TMP/none rt --log "$TMP/log" --log-level warning \
	run -b "$B" "$C" >"$TMP/out" 2>&1
is "in the foreground the caller's absence is no failure" "$?-$(cat "$TMP/out")" 5-
like "but is logged" "$(cat "$TMP/log")" "connect to NOTIFY_SOCKET $TMP/none"
detached_gone() {
	NOTIFY_SOCKET=$TMP/none rt run -d -b "$B" "$C"
}
with_args '/mnt/helper say READY=1; exec sleep 1000'
fails "for who waits it is one" detached_gone
is "and is said" "$(cat "$OUTPUT")" \
	"runt: connect to NOTIFY_SOCKET $TMP/none: No such file or directory"
left_nothing "failed"

# Relayed while all else is.
PROCESS=',"terminal":true'
with_args 'sleep 0.2; /mnt/helper say READY=1; sleep 0.2; tty'
cat >"$TMP/script" <<'END'
"$RUNT" --root "$STATE" run -b "$B" "$C" </dev/null
END
is "with a terminal" "$("$HELPER" notify "$S" sh "$TMP/script" |
	sed 's/=[0-9][0-9]* /=N /' | sort)" "/dev/pts/0
BARRIER=1
MAINPID=N READY=1
closed"
PROCESS=

## Odd callers

with_args 'readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 >/tmp/x
	for n in 0 1 2; do readlink /proc/self/fd/$n; done >/tmp/x
	grep -q -v /dev/null /tmp/x; exit $((7 + $?))'
odd() {
	"$HELPER" odd "$1" "$RUNT" --root "$STATE" run -b "$B" "$C"
}
# What went to x and to nowhere else: all but fd 1, which is x.
with_args 'for n in 0 2; do readlink /proc/self/fd/$n; done >/tmp/x
	stat -L -c "%t:%T %a" /proc/self/fd/0 /proc/self/fd/2 >>/tmp/x
	[ "$(tr "\n" " " </tmp/x)" = "/dev/null /dev/null 1:3 666 1:3 666 " ]'
ok "streams that are only places (O_PATH)" odd opath
closed() {
	rt run -b "$B" "$C" 0<&- 1>&- 2>&-
}
ok "streams that are closed" closed
with_args '[ "$(readlink /proc/self/fd/0)" = /dev/null ] && cat | grep -q .
	echo $?'
is "a directory as standard input" "$(odd dir)" 1

# The host's null device, seen through, could be changed for the host.
with_args 'chmod 600 /proc/self/fd/0; stat -L -c %a /proc/self/fd/0'
is "/dev/null is the container's" "$(rt run -b "$B" "$C" </dev/null)" 600
is "and the host's as it was" "$(stat -c %a /dev/null)" 666
chmod 666 /dev/null

IDS='"uid":7,"gid":7'
with_args 'echo again >/dev/stdout; echo error >/dev/stderr'
is "a user can open the pipes that are his streams" \
	"$(rt run -b "$B" "$C" 2>&1 | sort)" "again
error"
IDS='"uid":0,"gid":0'
with_args 'exit 6'
exits "SIGCHLD ignored" 6 odd chld
exits "all signals blocked" 6 odd masked
like "no argv at all" "$("$HELPER" odd argc0 "$RUNT" x 2>&1)" \
	"^runt: missing command$"
with_args 'umask; grep -E "Sig(Blk|Ign)" /proc/self/status
	sh -c "kill -HUP \$\$" 2>/dev/null; echo $?'
is "the program has none of that" "$(
	umask 0777
	trap '' HUP
	"$HELPER" odd masked "$RUNT" --root "$STATE" run -b "$B" "$C" |
		tr '\t' ' ')" "0022
SigBlk: 0000000000000000
SigIgn: 0000000000000000
129"
with_args 'trap "echo got it; exit 7" HUP INT TERM; echo ready
	while :; do sleep 0.1; done'
signals() {
	rm -f "$TMP/out"
	"$@" "$RUNT" --root "$STATE" run -b "$B" "$C" >"$TMP/out" 2>&1 &
	await grep -q ready "$TMP/out"
	kill -HUP $!
	sleep 0.3
	kill -TERM $! 2>/dev/null
	wait $!
}
signals
is "SIGHUP is passed on" "$? $(grep -c got "$TMP/out")" "7 1"
ignoring() {
	trap '' HUP
	exec "$@"
}
signals ignoring
is "unless it is ignored, as by nohup" "$? $(grep -c got "$TMP/out")" "7 1"

with_args true
(
	umask 0777
	rt run -d -b "$B" --pid-file "$TMP/pid" "$C" >/dev/null 2>&1
)
is "the pid file can be read" "$(stat -c %a "$TMP/pid")" 644
await is_stopped
rt delete "$C"

# From too few descriptors to enough of them.
with_args 'exit 0'
few=0 worked=0 bad=
for n in 3 4 5 6 7 8 9 10 11 12 13 14 16 20; do
	status=0
	sh -c 'ulimit -S -n '$n'; exec "$RUNT" --root "$STATE" run -b "$B" "$C"' \
		>"$TMP/out" 2>&1 || status=$?
	if [ "$status" = 0 ]; then
		worked=$((worked + 1))
	else
		few=$((few + 1))
		[ "$(wc -l <"$TMP/out")" = 1 ] &&
			grep -q '^runt: .*Too many open files\|No file descr' "$TMP/out" ||
			bad="$bad $n: $(cat "$TMP/out")"
	fi
	[ -z "$(rt list -q)" ] && [ ! -d "$CGROUPS/$C" ] ||
		bad="$bad $n: left behind"
done
is "with few descriptors it works or says so in one line" "$bad" ""
ok "both were seen" [ $((few * worked)) -gt 0 ]
finish
