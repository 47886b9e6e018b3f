#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64
# shellcheck disable=SC2016,SC2034,SC2086 # common.sh reads the variables
#
# Terminals: sent to a socket, or relayed in the foreground.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
[ -x "$HELPER" ] || skip_all "tests/helper was not built: make unit"

bundle b
PROCESS=',"terminal":true,"consoleSize":{"height":33,"width":99}'
# Beside other tests of this machine, by its cgroup.
C=terminal$$
export RUNT STATE B TMP HELPER C
S=$TMP/sock

# with_args COMMAND...: what the container runs.
with_args() {
	ARGS=$(sh_args "$*")
	config
}

has_ended() {
	! rt state "$1"
}

is_stopped() {
	rt state "$1" | grep -q '"stopped"'
}

# What runt prints on a terminal, without its carriage returns.
on_pty() {
	"$HELPER" pty "$@" </dev/null | tr -d '\r'
}

left_nothing() {
	is "$1: nothing is left" \
		"$(rt list -q)$(ls -d "$CGROUPS/$2" 2>/dev/null)" ""
}

## Who takes it

with_args 'exit 0'
fails "create needs a socket" rt create -b "$B" "$C"
is "as runc says it" "$(cat "$OUTPUT")" "runt: cannot allocate tty if runt \
will detach without setting console socket; \
or set process.terminal to false"
fails "run -d, too" rt run -d -b "$B" "$C"
like "as runc says it" "$(cat "$OUTPUT")" "^runt: cannot allocate tty if"
fails "run in the foreground has no use for one" \
	rt run --console-socket "$S" -b "$B" "$C"
is "as runc says it" "$(cat "$OUTPUT")" "runt: cannot use console socket if \
runt will not detach or allocate tty"
fails "nobody at the socket" rt create --console-socket "$S" -b "$B" "$C"
is "is said" "$(cat "$OUTPUT")" \
	"runt: connect to the console socket $S: No such file or directory"
long=$TMP/$(printf '%0110d' 0)
fails "a path that is too long" rt create --console-socket "$long" -b "$B" "$C"
like "is said" "$(cat "$OUTPUT")" "a socket's path has at most 107 bytes"
left_nothing "refused" "$C"

## create, and what it is

ENVIRON='"PATH=/bin","TERM=dumb"'
IDS='"uid":7,"gid":8'
with_args 'tty; stty size
	for n in 0 1 2; do readlink /proc/self/fd/$n; done
	echo controlled >/dev/tty
	stat -c "%F %t:%T %u:%g" /dev/console /dev/pts/0
	read -r line; echo "got $line"'
# Neither the command substitution nor the pipe ends before all have closed
# them: a parked init must not hold what create was called with.
cat >"$TMP/create" <<'END'
cd / && said=$("$RUNT" --root "$STATE" create --console-socket "$TMP/sock" \
	-b "$B" --pid-file "$TMP/pid" "$C" 2>&1 </dev/null)
echo "$? said: $said" >"$TMP/created"
grep -c . "$TMP/pid" >>"$TMP/created"
ls -l "/proc/$(cat "$TMP/pid")/fd" >"$TMP/fds"
"$RUNT" --root "$STATE" start "$C"
END
out=$(echo typed | timeout 60 "$HELPER" console "$S" sh "$TMP/create" \
	2>"$TMP/name" | tr -d '\r')
is "create says nothing and returns" "$(cat "$TMP/created")" "0 said: 
1"
unlike "the waiting init keeps no side of it but its own" \
	"$(sed 1d "$TMP/fds" | grep -v '/dev/pts/0$')" "ptmx|/pts/"
is "and one socket, the gate" "$(grep -c socket: "$TMP/fds")" 1
is "the master comes with its name" "$(cat "$TMP/name")" /dev/pts/ptmx
# The terminal shows what is typed before, after or amidst the output.
is "tty, size, streams, owner" "$(echo "$out" | sed '/^got /d; s/typed//; /^$/d')" "/dev/pts/0
33 99
/dev/pts/0
/dev/pts/0
/dev/pts/0
controlled
character special file 88:0 7:0
character special file 88:0 7:0"
like "what is typed arrives" "$out" "^got typed$"
await is_stopped "$C"
ok "delete" rt delete "$C"
IDS='"uid":0,"gid":0'

with_args 'tty; echo done'
out=$("$HELPER" console "$S" \
	"$RUNT" --root "$STATE" run -d -b "$B" --console-socket "$S" "$C" \
	</dev/null 2>/dev/null | tr -d '\r')
is "run -d" "$out" "/dev/pts/0
done"
await is_stopped "$C"
rt delete "$C"
cd "$TMP" || exit
ok "a path from the working directory, not the bundle" "$HELPER" console "$S" \
	"$RUNT" --root "$STATE" run -d -b "$B" --console-socket sock "$C"
await is_stopped "$C"
rt delete "$C"
cd / || exit

## In the foreground

with_args 'tty; stty size; exit 5'
cat >"$TMP/fore" <<'END'
stty rows 44 cols 111; stty -g >"$TMP/before"
"$RUNT" --root "$STATE" run -b "$B" "$C"; echo "status $?"
stty -g >"$TMP/after"
END
is "its size is ours, its status the program's" "$(on_pty sh "$TMP/fore")" \
	"/dev/pts/0
44 111
status 5"
is "our terminal is as before" "$(cat "$TMP/after")" "$(cat "$TMP/before")"

with_args 'stty -echo; echo ready; sleep 1000 & wait'
during() {
	rm -f "$TMP/tty" "$TMP/out"
	cat >"$TMP/fore" <<-'END'
	tty >"$TMP/tty"; stty -g >"$TMP/before"
	"$RUNT" --root "$STATE" run -b "$B" "$C"; echo "status $?"
	stty -g >"$TMP/after"
	END
	"$HELPER" pty sh "$TMP/fore" </dev/null >"$TMP/out" 2>&1 &
	driver=$!
	await grep -q ready "$TMP/out"
	tty=$(cat "$TMP/tty")
}
is_raw() {
	stty -a <"$tty" | grep -q -e -icanon
}
pid_of() {
	for p in /proc/[0-9]*; do
		[ "$(tr '\0' ' ' <"$p/cmdline")" = "$1" ] &&
			echo "${p#/proc/}"
	done 2>/dev/null
}
during
ok "our terminal is raw meanwhile" await is_raw
unlike "and does not echo" "$(stty -a <"$tty")" "[^-]echo "
init=$(rt state "$C" | sed -n 's/^  "pid": \([0-9]*\).*/\1/p')
stty rows 50 cols 132 <"$tty"
resized() {
	[ "$(rt exec "$C" sh -c 'stty size </dev/console')" = "50 132" ]
}
ok "a new size is passed on" await resized
runt_pid=$(pid_of "$RUNT --root $STATE run -b $B $C ")
kill -TERM "$runt_pid"
kill -KILL "$init"
wait $driver
like "killed, it has the signal's status" "$(cat "$TMP/out")" "status 137"
is "and our terminal is as before" "$(cat "$TMP/after")" "$(cat "$TMP/before")"
left_nothing "killed" "$C"

with_args 'trap "stty -a | grep -c rows; exit 9" TERM
	stty -echo; echo ready; while :; do sleep 0.1; done'
during
await is_raw
kill -TERM "$(pid_of "$RUNT --root $STATE run -b $B $C ")"
wait $driver
like "a signal is forwarded" "$(cat "$TMP/out")" "status 9"
is "our terminal is as before" "$(cat "$TMP/after")" "$(cat "$TMP/before")"

with_args 'trap "exit 3" HUP; echo ready; while :; do sleep 0.1; done'
during
init=$(rt state "$C" | sed -n 's/^  "pid": \([0-9]*\).*/\1/p')
kill -KILL $driver
wait $driver 2>/dev/null
gone() {
	! kill -0 "$init"
}
ok "when our terminal hangs up, so does the container's" await gone
await has_ended "$C"
left_nothing "after a hangup" "$C"

## What passes through

with_args 'stty -opost; seq 1 60000'
rt run -b "$B" "$C" </dev/null >"$TMP/out"
is "all output, up to the end" "$(md5sum <"$TMP/out")" "$(seq 1 60000 | md5sum)"
rt run -b "$B" "$C" </dev/null | {
	sleep 1
	md5sum
} >"$TMP/sum"
is "also if it is read late" "$(cat "$TMP/sum")" "$(seq 1 60000 | md5sum)"
with_args 'seq 1 20; exec sleep 0.2'
is "lines are lines where no terminal shows them" \
	"$(rt run -b "$B" "$C" </dev/null)" "$(seq 1 20)"

mkfifo "$TMP/in"

# Runs the container with descriptor 9 as its input, until it says it is ready.
run_ready() {
	: >"$TMP/out" # without an earlier one's word
	rt run -b "$B" "$C" <"$TMP/in" >"$TMP/out" &
	exec 9>"$TMP/in"
	await grep -q ready "$TMP/out"
}

with_args 'stty raw -echo; echo ready; head -c 300000 | md5sum'
run_ready
seq 1 100000 | head -c 300000 >&9
exec 9>&-
wait $!
is "all input" "$(tail -n 1 "$TMP/out")" "$(seq 1 100000 | head -c 300000 | md5sum)"
with_args 'stty raw -echo; echo ready; sleep 1; head -c 300000 | md5sum'
run_ready
seq 1 100000 | head -c 300000 >&9
exec 9>&-
wait $!
is "also if it is read late" "$(tail -n 1 "$TMP/out")" \
	"$(seq 1 100000 | head -c 300000 | md5sum)"

with_args 'stty raw -echo; echo ready; stty min 0 time 50
	head -c 20 | od -An -c | tr -d " \n"'
run_ready
printf abc >&9
exec 9>&-
wait $!
is "in raw mode its end is told once" "$(tail -n 1 "$TMP/out")" abc004

with_args 'cat; cat; exec sh'
out=$(printf 'one\ntwo' | timeout 60 "$RUNT" --root "$STATE" run -b "$B" "$C")
is "the end of the input ends one reader after the other" "$?" 0
like "after what came before" "$out" "one"
with_args 'trap "" HUP; while echo line; do :; done; exit 4'
timeout 60 "$RUNT" --root "$STATE" run -b "$B" "$C" </dev/null 2>/dev/null |
	head -n 1 >"$TMP/out"
is "without a reader it ends" "$(cat "$TMP/out")" line
left_nothing "without a reader" "$C"

# A terminal that no process has open for a while is not lost.
with_args 'exec >/dev/null 2>&1 </dev/null; sleep 0.5; echo again >/dev/console'
is "it can be opened again" "$(rt run -b "$B" "$C" </dev/null)" again

closed() {
	rt run -b "$B" "$C" 0<&- 1>&- 2>&-
}
with_args 'tty >/tmp/x; exit 6'
TMPFS=',{"destination":"/tmp","type":"tmpfs","source":"tmpfs"}'
MOUNTS=$TMPFS
config
exits "closed streams are no obstacle" 6 closed
MOUNTS=

## exec

PROCESS=
with_args 'exec sleep 1000'
ok "a container without a terminal" rt run -d -b "$B" "$C"
is "exec -t" "$(rt exec -t "$C" sh -c 'tty; echo to >/dev/tty' </dev/null)" \
	"/dev/pts/0
to"
exits "its status" 7 rt exec --tty "$C" sh -c 'exit 7'
is "it has 0, 1, 2 and no more" "$(rt exec -t "$C" ls -1 /proc/self/fd </dev/null |
	tr '\n' ' ')" "0 1 2 3 "
n=0
while [ $n -lt 20 ]; do
	n=$((n + 1))
	rt exec -t "$C" sh -c 'echo here >/dev/tty' </dev/null >>"$TMP/here" 2>&1 &
done
wait
is "twenty at once" "$(grep -cx here "$TMP/here")" 20
is "exec --tty=false" "$(rt exec --tty=false "$C" tty </dev/null)" "not a tty"
is "the size" "$(on_pty sh -c 'stty rows 12 cols 34
	"$RUNT" --root "$STATE" exec -t "$C" stty size')" "12 34"
is "--user" "$(rt exec -t -u 9 "$C" stat -c %u /dev/pts/0 </dev/null)" 9
exits "its own failure is 255" 255 rt exec -t "$C" nothing
like "and has its reason" "$(cat "$OUTPUT")" "executable file not found"
fails "-d needs a socket" rt exec -d -t "$C" true
like "as runc says it" "$(cat "$OUTPUT")" "^runt: cannot allocate tty if"
fails "a socket needs -t" rt exec -d --console-socket "$S" "$C" true
like "as runc says it" "$(cat "$OUTPUT")" "^runt: cannot use console socket"
out=$("$HELPER" console "$S" "$RUNT" --root "$STATE" exec -t -d \
	--console-socket "$S" "$C" sh -c 'tty; echo done' </dev/null 2>"$TMP/name" |
	tr -d '\r')
is "exec -d -t to a socket" "$out $(cat "$TMP/name")" "/dev/pts/0
done /dev/pts/ptmx"
cat >"$TMP/process.json" <<'END'
{"args":["sh","-c","tty; stty size"],"cwd":"/","user":{"uid":0,"gid":0},
 "terminal":true,"consoleSize":{"height":9,"width":8},"env":["PATH=/bin"]}
END
is "exec --process with a terminal" \
	"$(rt exec --process "$TMP/process.json" "$C" </dev/null)" "/dev/pts/0
9 8"

# To a file: the process that stays has it as standard output.
"$HELPER" pidfd "$S" "$RUNT" --root "$STATE" exec --pidfd-socket "$S" -d \
	--pid-file "$TMP/pid" "$C" sleep 1000 >"$TMP/out" 2>&1
is "--pidfd-socket of exec" "$(cat "$TMP/out")" "setns $(cat "$TMP/pid")"
ok "delete" rt delete -f "$C"
"$HELPER" pidfd "$S" "$RUNT" --root "$STATE" create --pidfd-socket "$S" \
	-b "$B" --pid-file "$TMP/pid" "$C" >"$TMP/out" 2>&1
is "--pidfd-socket of create" "$(cat "$TMP/out")" "standard $(cat "$TMP/pid")"
ok "delete" rt delete -f "$C"
fails "nobody at the pidfd socket" rt create --pidfd-socket "$S.no" -b "$B" "$C"
like "is said" "$(cat "$OUTPUT")" "connect to the pidfd socket $S.no: No such"
left_nothing "refused" "$C"

## In a user namespace

if [ -e /proc/self/ns/user ]; then
	PROCESS=',"terminal":true'
	own=$NAMESPACES
	NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
	maps='[{"containerID":0,"hostID":100000,"size":1000}]'
	LINUX=",\"uidMappings\":$maps,\"gidMappings\":$maps"
	IDS='"uid":7,"gid":8'
	with_args 'tty; stat -c "%t:%T %u" /dev/console; echo to >/dev/tty
		exec sleep 1000'
	rm -f "$TMP/out"
	rt run -b "$B" "$C" </dev/null >"$TMP/out" &
	await grep -qs to "$TMP/out"
	is "with mapped ids" "$(cat "$TMP/out")" "/dev/pts/0
88:0 7
to"
	is "exec -t" "$(rt exec -t "$C" sh -c 'stat -c %u $(tty)' </dev/null)" 7
	rt delete -f "$C"
	wait $!
	NAMESPACES=$own
	LINUX='' IDS='"uid":0,"gid":0'
else
	skip "with mapped ids" "no user namespaces in this kernel"
fi

## Where it can't be

PROCESS=',"terminal":true'
all=$DEFAULT_MOUNTS
DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"},
 {"destination":"/dev","type":"tmpfs","source":"tmpfs"}'
config
fails "without a devpts" rt run -b "$B" "$C"
is "the remedy is said" "$(cat "$OUTPUT")" "runt: open /dev/pts in the \
container: No such file or directory; process.terminal needs a mount of type \
devpts at /dev/pts"
left_nothing "refused" "$C"
DEFAULT_MOUNTS=$all
finish
