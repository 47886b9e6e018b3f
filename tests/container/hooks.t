#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: riscv64
# shellcheck disable=SC2016
#
# Hooks of the six kinds: when, where, with what they run, and what follows
# from their failure.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root

# One hook of a kind: a shell command.
hook() {
	printf '"%s":[{"path":"/bin/sh","args":["sh","-c",%s]%s}]' "$1" \
		"$(sh_args "$2" | sed 's/^"[^"]*","-c",//')" "$3"
}

LOG=$TMP/log
note="state=\$(cat); printf '%s %s %s\n' KIND \"\$(pwd)\" \"\$state\" >>$LOG"
noting() {
	echo "$note" | sed "s/KIND/$1/"
}
mkdir -p "$B/rootfs$TMP"
mount_log=",{\"destination\":\"$TMP\",\"source\":\"$TMP\",\"options\":[\"bind\"]}"

all="\"hooks\":{$(hook prestart "$(noting prestart)"),
$(hook createRuntime "$(noting createRuntime)"),
$(hook createContainer "$(noting createContainer)"),
$(hook startContainer "$(noting startContainer)"),
$(hook poststart "$(noting poststart)"),
$(hook poststop "$(noting poststop)")}"

TOP=",$all,\"annotations\":{\"com.example.a\":\"b\"}"
MOUNTS=$mount_log
ARGS=$(sh_args "echo program >>$LOG; sleep 1000")
config
created() {
	rt create --bundle "$B" --pid-file "$TMP/pid" h </dev/null >/dev/null
}
ok "create with hooks of all kinds" created
pid=$(cat "$TMP/pid")
is "those of creation ran, in order" "$(cut -d' ' -f1 "$LOG" | tr '\n' ' ')" \
	"prestart createRuntime createContainer "
is "the runtime's ran in the bundle" \
	"$(sed -n 's/^createRuntime \([^ ]*\) .*/\1/p' "$LOG")" "$B"
like "createRuntime reads the state" "$(grep ^createRuntime "$LOG")" \
	"\"ociVersion\":\"1.*\"id\":\"h\".*\"status\":\"creating\".*\"pid\":$pid\>"
like "with bundle and annotations" "$(grep ^createRuntime "$LOG")" \
	"\"bundle\":\"$B\".*\"com.example.a\":\"b\""
like "createContainer reads the pid that the container sees" \
	"$(grep ^createContainer "$LOG")" '"pid":1\>'
: >"$LOG"
ok "start" rt start h
await grep -q program "$LOG"
is "startContainer before the program, poststart after it" \
	"$(cut -d' ' -f1 "$LOG" | sort | tr '\n' ' ')" \
	"poststart program startContainer "
is "startContainer comes first" "$(head -n 1 "$LOG" | cut -d' ' -f1)" \
	startContainer
like "with status created, and the same pid" \
	"$(grep ^startContainer "$LOG")" '"status":"created".*"pid":1\>'
like "poststart reads running" "$(grep ^poststart "$LOG")" \
	"\"status\":\"running\".*\"pid\":$pid\>"
: >"$LOG"
ok "delete --force" rt delete --force h
like "poststop reads stopped" "$(cat "$LOG")" \
	"^poststop $B .*\"status\":\"stopped\".*\"pid\":0"

: >"$LOG"
ARGS='"/bin/true"'
config
ok "run with hooks" rt run --bundle "$B" h
is "all six ran" "$(cut -d' ' -f1 "$LOG" | tr '\n' ' ')" \
	"prestart createRuntime createContainer startContainer poststart poststop "

## Where they run

MOUNTS=
where='cd /proc/self/ns; echo $(readlink mnt) $(readlink net)'
TOP=",\"hooks\":{$(hook createRuntime "$where >$LOG"),
$(hook createContainer "$where >$LOG.inside"),
$(hook poststop "$where >>$LOG")}"
config
ok "run" rt run --bundle "$B" h
own=$(eval "$where")
is "createRuntime and poststop are in the runtime's namespaces" \
	"$(cat "$LOG")" "$own
$own"
isnt "createContainer is in another mount namespace" \
	"$(cut -d' ' -f1 "$LOG.inside")" "${own% *}"
isnt "and in another network" "$(cut -d' ' -f2 "$LOG.inside")" "${own#* }"
own=",\"env\":[\"ONLY=this\"]"
TOP=",\"hooks\":{$(hook createRuntime "env >$LOG" "$own")}"
config
OTHER=1 rt run --bundle "$B" h
like "a hook has the environment that is given" "$(cat "$LOG")" "^ONLY=this"
unlike "and no other" "$(cat "$LOG")" "^OTHER="
TOP=",\"hooks\":{$(hook createRuntime "env >$LOG")}"
config
OTHER=1 rt run --bundle "$B" h
like "without one it has the runtime's" "$(cat "$LOG")" "^OTHER=1"

TOP=",\"hooks\":{$(hook createRuntime "umask >$LOG"),
$(hook createContainer "umask >$LOG.inside"),$(hook poststop "umask >>$LOG")}"
config
(umask 077; rt run --bundle "$B" h)
is "what the runtime's hooks make, nobody else may change" \
	"$(cat "$LOG" "$LOG.inside" | tr '\n' ' ')" "0022 0022 0022 "
bounding='sed -n "s/^CapBnd:.//p" /proc/self/status'
TOP=",\"hooks\":{$(hook createContainer "$bounding >$LOG")}"
config
rt run --bundle "$B" h
is "createContainer has the runtime's capabilities to pass on" \
	"$(cat "$LOG")" "$(eval "$bounding")"

# A program of the image's as root with all capabilities would be the host's
# root: it is what the container's process is.
MOUNTS=$mount_log
: >"$LOG"
chmod 777 "$TMP"
chmod 666 "$LOG"
look="sed -n '/^Uid\\|^Gid\\|^Groups\\|^Cap\\|^NoNew\\|^Seccomp:/p' /proc/self/status
ulimit -n; umask; env | grep -v PWD= | sort; ls /proc/self/fd | grep -c ."
IDS='"uid":7,"gid":8,"additionalGids":[9],"umask":63'
CAPS='"CAP_KILL"'
limits=',"rlimits":[{"type":"RLIMIT_NOFILE","soft":77,"hard":77}]'
filter=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
{"names":["swapon"],"action":"SCMP_ACT_ERRNO"}]}'
[ -e /proc/sys/kernel/seccomp ] || filter=
ARGS=$(sh_args "$look")
for new in true false; do
	PROCESS="$limits,\"noNewPrivileges\":$new"
	LINUX=$filter
	TOP=",\"hooks\":{$(hook startContainer "{ $look; } >$LOG")}"
	config
	got=$(OTHER=1 rt run --bundle "$B" h 2>&1)
	is "startContainer is what the program is, noNewPrivileges $new" \
		"$(cat "$LOG")" "$got"
	like "which is not the runtime" "$got" "^CapBnd:.0*20$"
done
TOP=",\"hooks\":{$(hook startContainer 'echo heard >/dev/stderr; exit 3')}"
config
like "it may open its streams by their names" \
	"$(rt run --bundle "$B" h 2>&1)" "exit status 3: heard$"
LINUX=
TOP=",\"hooks\":{$(hook startContainer 'exec readlink /proc/self/fd/3 >&2')}"
config
fails "it has no descriptor that is for the program" \
	rt run --preserve-fds 1 --bundle "$B" h 3<"$LOG"
like "but the program's streams" "$(cat "$OUTPUT")" \
	"startContainer hook /bin/sh: exit status 1$"
config_defaults
ROOT_PATH='"rootfs"'

pids='sed -n "s/.*\"pid\":\([0-9]*\).*/\1/p"'
TOP=",\"hooks\":{$(hook createRuntime "$pids >$LOG"),
$(hook createContainer "$pids >$LOG.inside")}"
NAMESPACES='{"type":"mount"},{"type":"uts"}'
config
ok "run without a pid namespace" rt run --bundle "$B" h
is "the container sees the pid of the host" "$(cat "$LOG.inside")" \
	"$(cat "$LOG")"
config_defaults
ROOT_PATH='"rootfs"'

## A hook that calls runt for its own container

ARGS='"/bin/sleep","1000"'
rt_in_hook="$RUNT --root $STATE"
TOP=",\"hooks\":{$(hook poststart "$rt_in_hook pause h; $rt_in_hook resume h
 echo '{}' | $rt_in_hook update -r - h; $rt_in_hook delete --force h" ',"timeout":9')}"
config
detached() {
	rt run --detach --bundle "$B" h </dev/null >"$LOG"
}
ok "poststart may change and delete it" detached
is "it is gone" "$(rt list -q)" ""
config_defaults
ROOT_PATH='"rootfs"'

## What a hook has of the runtime's

look='readlink /proc/self/fd/3 || echo none'
TOP=",\"hooks\":{$(hook createRuntime "{ $look; } >$LOG"),
$(hook createContainer "{ $look; } >$LOG.inside"),
$(hook poststop "{ $look; } >>$LOG")}"
ARGS='"/bin/true"'
config
rt run --preserve-fds 1 --bundle "$B" h 3<"$LOG"
is "no descriptor that is for the program" \
	"$(cat "$LOG" "$LOG.inside" | tr '\n' ' ')" "none none none "
# Shells unblock all signals themselves.
for grep in /bin/grep /usr/bin/grep; do
	[ ! -x $grep ] || break
done
for kind in createRuntime createContainer; do
	TOP=",\"hooks\":{\"$kind\":[{\"path\":\"$grep\",\"args\":[\"grep\",\"-h\",
		\"^SigBlk\",\"/proc/self/status\",\"/none\"]}]}"
	like "$kind: no blocked signal" "$(run_in true)" \
		"SigBlk:[^ ]*0000000000000000"
done
ARGS='"/bin/true"'
TOP=",\"hooks\":{$(hook createRuntime 'yes | head -c 3000000 >&2')}"
config
ok "it may say much at once" rt run --bundle "$B" h
for kind in prestart createRuntime createContainer; do
	rm -f "$LOG.pid"
	TOP=",\"hooks\":{$(hook $kind "echo \$\$ >$LOG.pid; exec sleep 1000")}"
	NAMESPACES='{"type":"mount"},{"type":"uts"}'
	config
	"$RUNT" --root "$STATE" run --bundle "$B" h </dev/null >/dev/null 2>&1 &
	runt_pid=$!
	await test -s "$LOG.pid"
	kill -KILL $runt_pid
	wait $runt_pid 2>/dev/null
	ended() {
		! grep -q '^State:	[^ZX]' "/proc/$(cat "$LOG.pid")/status"
	}
	ok "a $kind hook ends with the runtime" await ended
	rt delete --force h
done
rm "$LOG.pid"
config_defaults
ROOT_PATH='"rootfs"'

## Failure

for kind in prestart createRuntime createContainer startContainer poststart; do
	: >"$LOG"
	TOP=",\"hooks\":{$(hook $kind "echo it is broken >&2; exit 3"),
	$(hook poststop "echo poststop >>$LOG")}"
	config
	fails "a $kind hook that fails ends the run" rt run --bundle "$B" \
		--pid-file "$LOG.pid" h
	like "the error has its name, status and output" "$(cat "$OUTPUT")" \
		"$kind hook /bin/sh: exit status 3: it is broken"
	is "one line" "$(wc -l <"$OUTPUT" | tr -d ' ')" 1
	is "$kind: poststop ran" "$(cat "$LOG")" poststop
	ok "nothing is left" [ ! -e "$STATE/h" -a ! -e "$LOG.pid" ]
done
TOP=",\"hooks\":{$(hook poststop "exit 3")}"
config
ok "a poststop hook that fails changes nothing" rt run --bundle "$B" h

TOP=",\"hooks\":{$(hook createRuntime "sleep 60" ',"timeout":1')}"
config
begin=$(date +%s)
fails "a hook that hangs is ended at its timeout" rt run --bundle "$B" h
like "it says so" "$(cat "$OUTPUT")" "createRuntime hook /bin/sh: .*timeout"
ok "after a second" [ $(($(date +%s) - begin)) -lt 10 ]
TOP=",\"hooks\":{$(hook createRuntime "yes | head -c 3000000; exit 1")}"
config
fails "a hook that floods its output is no trouble" rt run --bundle "$B" h
TOP=',"hooks":{"createRuntime":[{"path":"/no/such/hook"}]}'
config
fails "a hook that is not there" rt run --bundle "$B" h
like "it says so" "$(cat "$OUTPUT")" "/no/such/hook: .*No such file"
ok "nothing is left" [ ! -e "$STATE/h" ]

## Each hook's own state

# One that leaves a reader behind, and one that writes where it should read.
for first in 'exec 5<&0; (sleep 0.5; exec cat <&5) >/dev/null 2>&1 &' \
	'echo forged >/proc/self/fd/0'; do
	: >"$LOG"
	TOP=",\"hooks\":{$(hook createRuntime "$first" | sed 's/]$//'),
		$(hook x "sleep 1; head -c 14 >>$LOG" | sed 's/^"x":\[//')}"
	ARGS='"/bin/true"'
	config
	rt run --bundle "$B" h </dev/null >/dev/null 2>&1
	is "the second hook has a state of its own: $first" \
		"$(cat "$LOG")" '{"ociVersion":'
done
finish
