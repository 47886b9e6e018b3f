#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# create start state list kill delete run, as runc's callers know them.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b

# The value of a key in what `state` prints.
state_of() {
	rt state "$1" | sed -n "s/^  \"$2\": \"\{0,1\}\([^\",]*\).*/\1/p"
}

is_status() {
	[ "$(state_of "$1" status)" = "$2" ]
}

# A zombie is not alive: it waits for the host's init.
alive() {
	grep -q '^State:	[^ZX]' "/proc/$1/status" 2>/dev/null
}
dead() {
	! alive "$1"
}

gone() {
	[ ! -e "$STATE/$1" ] && [ ! -d "$CGROUPS/$1" ]
}

## An id is a name, no path

LINUX=',"cgroupsPath":"/one"'
config
(umask 0; "$RUNT" --root "$TMP/new/root" run --bundle "$B" one) >/dev/null
is "the root of the states is for nobody else" \
	"$(stat -c %a "$TMP/new" "$TMP/new/root" | tr '\n' ' ')" "700 700 "
mkdir -p "$STATE"
for id in .. ../out; do
	for verb in run create "delete -f"; do
		# shellcheck disable=SC2086
		case $verb in
		delete*) fails "$verb $id" rt $verb "$id" ;;
		*) fails "$verb $id" rt $verb --bundle "$B" "$id" ;;
		esac
		like "  as runc says it" "$(cat "$OUTPUT")" \
			"^runt: invalid container ID format"
	done
done
ok "nothing beside the states was made or removed" \
	[ -e "$B/config.json" -a ! -e "$TMP/out" ]

## One command at a time

ARGS=$(sh_args 'echo started; exec sleep 1000')
config
created() {
	rt create --bundle "$B" --pid-file "$TMP/pid" one >"$TMP/out" </dev/null
}
if command -v strace >/dev/null; then
	for call in socket socketpair; do
		fails "create without $call" timeout 60 strace -f -o /dev/null \
			-e inject=$call:error=EAFNOSUPPORT:when=1 \
			"$RUNT" --root "$STATE" create --bundle "$B" one
		like "  names what the kernel lacks" "$(cat "$OUTPUT")" \
			"^runt: $call: .*CONFIG_UNIX=y"
	done
else
	skip "create without sockets" "no strace"
fi
ok "create" created
is "it is created" "$(state_of one status)" created
like "list says so" "$(rt list)" "^one +[0-9]+ +created +$B "
pid=$(cat "$TMP/pid")
is "the pid file has no newline" "$(wc -c <"$TMP/pid" | tr -d ' ')" "${#pid}"
is "state has the pid of the pid file" "$(state_of one pid)" "$pid"
is "the process is in its cgroup" "$(cat "$CGROUPS/one/cgroup.procs")" "$pid"
is "state has the bundle" "$(state_of one bundle)" "$B"
is "the program has not run" "$(cat "$TMP/out")" ""
fails "a second create is refused" rt create --bundle "$B" one
like "as runc does" "$(cat "$OUTPUT")" "container with given ID already exists"
is "and changes nothing" "$(state_of one status)" created

is "nobody else may look at it" "$(stat -c %a "$STATE/one" \
	"$STATE/one/state.json" "$STATE/one/config.json" | tr '\n' ' ')" \
	"700 600 600 "
ln -s one "$STATE/link"
for verb in state start "delete --force"; do
	# shellcheck disable=SC2086
	fails "$verb through a link" rt $verb link
done
rm -f "$STATE/link"
is "nor change it" "$(state_of one status)" created
ok "start" rt start one
await grep -q started "$TMP/out"
is "the program runs" "$(cat "$TMP/out")" started
is "it is running" "$(state_of one status)" running
fails "a second start is refused" rt start one
like "as runc does" "$(cat "$OUTPUT")" \
	"cannot start an already running container"
fails "delete of a running container is refused" rt delete one
like "as runc does" "$(cat "$OUTPUT")" \
	"cannot delete container one that is not stopped: running"
like "list shows it" "$(rt list)" "^one +$pid +running +$B "
ln -s one "$STATE/link"
echo file >"$STATE/file"
is "and through no link" "$(rt list -q)" one
rm "$STATE/link" "$STATE/file"

ok "kill by name" rt kill one KILL
await is_status one stopped
is "it is stopped" "$(state_of one status)" stopped
is "and has no pid" "$(state_of one pid)" 0
fails "kill of a stopped container is refused" rt kill one TERM
like "as runc does" "$(cat "$OUTPUT")" "container not running"
ok "kill --all of a stopped container is not" rt kill --all one TERM
fails "start of a stopped container is refused" rt start one
like "as runc does" "$(cat "$OUTPUT")" \
	"cannot start a container that has stopped"
ok "delete" rt delete one
ok "nothing is left" gone one
fails "delete of what is not there" rt delete one
like "as runc says it" "$(cat "$OUTPUT")" "container does not exist"
ok "delete --force of what is not there" rt delete --force one
fails "state of what is not there" rt state one
like "as runc says it" "$(cat "$OUTPUT")" "container does not exist"

ok "create, again" created
ok "a created container can be told to end" rt kill one ""
await is_status one stopped
is "it does" "$(state_of one status)" stopped
fails "and can't be started" rt start one
ok "delete" rt delete one
ok "create, again" created
# shellcheck disable=SC2016
fails "start with a state directory that is read-only" unshare -m sh -c '
	mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" &&
		exec "$0" --root "$1" start one' "$RUNT" "$STATE"
is "leaves it as it is" "$(state_of one status)" created
ok "a created container can be deleted" rt delete one
ok "nothing is left" gone one

## run

LINUX=
for n in 0 1 7 255; do
	ARGS=$(sh_args "exit $n")
	config
	exits "run passes status $n on" $n rt run --bundle "$B" two
done
ARGS=$(sh_args 'kill -9 $$')
NAMESPACES='{"type":"mount"},{"type":"uts"}'
config
exits "run says 128+9 for SIGKILL" 137 rt run --bundle "$B" two
config_defaults
ok "nothing is left" gone two

ARGS=$(sh_args 'trap "echo got TERM; exit 3" TERM; echo ready
	while :; do sleep 0.1; done')
config
"$RUNT" --root "$STATE" run --bundle "$B" three >"$TMP/out" 2>&1 </dev/null &
runt_pid=$!
await grep -q ready "$TMP/out"
kill -TERM $runt_pid
wait $runt_pid
is "run forwards a signal and passes the status on" "$?" 3
like "the program got it" "$(cat "$TMP/out")" "got TERM"

ARGS=$(sh_args 'sleep 0.3 & (sleep 0.1 &) ; exec sleep 0.2')
config
exits "orphans in the container are no trouble" 0 rt run --bundle "$B" three

ARGS='"/bin/sleep","1000"'
config
detached() {
	rt run -d --bundle "$B" --pid-file "$TMP/pid4" four </dev/null >/dev/null
}
ok "run -d returns" detached
is "and it runs on" "$(state_of four status)" running
is "with the pid of the pid file" "$(state_of four pid)" "$(cat "$TMP/pid4")"
ok "delete --force kills it" rt delete --force four
ok "the process is gone" dead "$(cat "$TMP/pid4")"

ARGS='"/bin/true"'
config
ok "run --keep" rt run --keep --bundle "$B" five
is "keeps the container" "$(state_of five status)" stopped
ok "until it is deleted" rt delete five

## Leftovers

# In the foreground: $runt_pid is the monitor, $inner the container's process.
monitored() {
	ARGS='"/bin/sleep","1000"'
	config
	"$RUNT" --root "$STATE" run --bundle "$B" "$1" </dev/null >/dev/null 2>&1 &
	runt_pid=$!
	await is_status "$1" running
	inner=$(state_of "$1" pid)
}
kill_monitor() {
	kill -KILL $runt_pid
	wait $runt_pid 2>/dev/null
}
monitored six
# dpkg's looks at the inode of /proc/PID/exe, BusyBox's at argv[0].
for daemon in start-stop-daemon "busybox start-stop-daemon"; do
	if $daemon --help >/dev/null 2>&1; then
		# shellcheck disable=SC2086
		ok "$daemon --exec finds runt" $daemon -K -t -x "$RUNT"
	else
		skip "$daemon --exec finds runt" "it is not here"
	fi
done
fails "the id of a living monitor is refused" rt run --bundle "$B" six
kill_monitor
ok "the container dies with its monitor" await dead "$inner"
ARGS='"/bin/true"'
config
exits "and the id is there for the next" 0 rt run --bundle "$B" six
ok "nothing is left" gone six

# A change of ids takes off what binds it to its monitor.
IDS='"uid":1000,"gid":1000'
monitored user
kill_monitor
ok "a user's container dies with its monitor, too" await dead "$inner"
ok "delete" rt delete --force user
config_defaults

# A pid that is another's by now.
ARGS='"/bin/sleep","1000"'
LINUX=',"cgroupsPath":"/seven"'
config
rt run -d --bundle "$B" seven </dev/null >/dev/null 2>&1
inner=$(state_of seven pid)
record=$STATE/seven/state.json
cp "$record" "$TMP/record"
# By the inode of its pidfd, where that has one, or by its start.
for other in 's/\(_inode":\)[0-9]*/\11/' \
	's/,"[a-z_]*_inode":[0-9]*//; s/\(_start":\)[0-9]*/\11/'; do
	case $other in
	*_start*) ;;
	*) grep -q _inode "$TMP/record" || continue ;;
	esac
	sed "$other" "$TMP/record" >"$record"
	is "a record of another process: it has stopped" \
		"$(state_of seven status)" stopped
	fails "  which gets no signal" rt kill seven KILL
	fails "  and nothing to run" rt exec seven true
	ok "  the other lives on" alive "$inner"
done
cp "$TMP/record" "$record"
ok "delete" rt delete --force seven
config_defaults

# A disk may have a name and not yet what was written when the power is cut.
ARGS='"/bin/true"'
config
for lost in "" '\0\0\0\0'; do
	mkdir "$STATE/cut"
	# shellcheck disable=SC2059
	printf "$lost" >"$STATE/cut/state.json"
	like "a record of ${#lost} characters of nothing: none" \
		"$(rt start cut 2>&1; rt state cut 2>&1)" \
		'^runt: container does not exist: cut'
	ok "  its id can be used" rt run --bundle "$B" cut
	mkdir "$STATE/cut"
	# shellcheck disable=SC2059
	printf "$lost" >"$STATE/cut/state.json"
	ok "  it can be deleted" rt delete cut
	ok "  nothing is left" gone cut
done
mkdir "$STATE/cut"
echo '{"id":"cut"}' >"$STATE/cut/state.json"
fails "a record of somebody else's is not" rt delete --force cut
like "  and is said to be" "$(cat "$OUTPUT")" \
	'^runt: container cut: state.json:1:1: .*; .* remove its directory'
ok "  list goes on" rt list -q
like "  and says so, too" "$(cat "$OUTPUT")" '^runt: container cut: state.json:1:1: '
ok "a container besides" rt create --bundle "$B" cute
is "  is listed" "$(rt list -q 2>/dev/null)" cute
rt delete cute
rm -r "$STATE/cut"

mkdir "$TMP/full"
if mount -t tmpfs -o size=8k full "$TMP/full" 2>/dev/null; then
	fails "a state root that is full" \
		"$RUNT" --root "$TMP/full" run --bundle "$B" no
	like "  is named" "$(cat "$OUTPUT")" \
		'^runt: state directory: .*: No space left on device'
	is "  nothing is left in it" "$(ls -A "$TMP/full")" ""
	umount "$TMP/full"
else
	skip "a state root that is full" "mount is not allowed"
fi

## Descriptors

ARGS=$(sh_args 'ls /proc/self/fd | tr "\n" " "')
config
# ls opens the directory, and has number 3 for it.
is "the program has 0, 1, 2 and no more" \
	"$(rt run --bundle "$B" seven 5</dev/null 7</ 9<"$B/config.json")" \
	"0 1 2 3 "
ARGS=$(sh_args 'cat <&3; cat <&4')
config
echo three >"$TMP/3"
echo four >"$TMP/4"
is "--preserve-fds passes them on" \
	"$(rt run --preserve-fds 2 --bundle "$B" seven 3<"$TMP/3" 4<"$TMP/4")" \
	"three
four"
fails "--preserve-fds of what is not open" \
	rt run --preserve-fds 3 --bundle "$B" seven 3<"$TMP/3" 4<"$TMP/4"
like "as runc says it" "$(cat "$OUTPUT")" \
	"unable to stat preserved-fd 2 \(of 3\)"
ARGS='"/bin/true"'
config
# shellcheck disable=SC2016
ok "runs with all standard streams closed" \
	sh -c '"$0" --root "$1" run --bundle "$2" eight <&- >&- 2>&-' \
	"$RUNT" "$STATE" "$B"

## What is wrong with the program is seen at create

ARGS='"no-such-program"'
config
fails "create of a program that is not in PATH" rt create --bundle "$B" nine
# shellcheck disable=SC2016
like "as runc says it" "$(cat "$OUTPUT")" \
	'exec: "no-such-program": executable file not found in \$PATH'
ARGS='"/etc/passwd"'
config
fails "create of a program that is not executable" \
	rt create --bundle "$B" nine
like "it says so" "$(cat "$OUTPUT")" "exec: \"/etc/passwd\": permission denied"
ok "nothing is left" gone nine

# What the kernel has one word for: programs that are there, and unfit. ELF
# headers of 64 and 32 bits, of a machine, with the name of an interpreter.
z='\0\0\0\0' Z='\0\0\0\0\0\0\0\0'
elf64="\\177ELF\\2\\1\\1\\0$Z\\2\\0%b\\0\\1\\0\\0\\0$Z\\100\\0\\0\\0$z$Z$z\
\\100\\0\\070\\0\\1\\0$z\\0\\0\\3\\0\\0\\0\\4\\0\\0\\0\\170\\0\\0\\0$z$Z$Z\
\\023\\0\\0\\0$z\\023\\0\\0\\0$z$Z/lib/no-such-ld.so\\0"
elf32="\\177ELF\\1\\1\\1\\0$Z\\2\\0%b\\0\\1\\0\\0\\0$z\\064\\0\\0\\0$z\\0\\0\\0\\5\
\\064\\0\\040\\0\\1\\0$z\\0\\0\\3\\0\\0\\0\\124\\0\\0\\0$Z\
\\023\\0\\0\\0\\023\\0\\0\\0$Z/lib/no-such-ld.so\\0"
case $RUNT_ARCH in
x86_64) own=$elf64 number='\076' other='\267' name=aarch64 ;;
aarch64) own=$elf64 number='\267' other='\363' name=riscv ;;
riscv64) own=$elf64 number='\363' other='\076' name=x86_64 ;;
*) own=$elf32 number='\050' other='\363' name=riscv ;;
esac
mkdir "$TMP/unfit"
# shellcheck disable=SC2059
{
	printf "$elf64" "$other" >"$TMP/unfit/foreign"
	printf "$own" "$number" >"$TMP/unfit/dynamic"
}
printf '#!/bin/no-such-shell -e\n' >"$TMP/unfit/script"
printf '#!/mnt/script\n' >"$TMP/unfit/script2"
head -c 60 "$TMP/unfit/dynamic" >"$TMP/unfit/short"
printf '#!/bin/sh\r\necho\r\n' >"$TMP/unfit/dos"
echo echo >"$TMP/unfit/text"
chmod 755 "$TMP/unfit"/*
MOUNTS=",{\"destination\":\"/mnt\",\"source\":\"$TMP/unfit\",\"options\":[\"bind\"]},
{\"destination\":\"/media\",\"source\":\"$TMP/unfit\",\"options\":[\"bind\",\"noexec\"]}"
unfit() {
	ARGS="\"$1\""
	config
	is "$1" "$(rt run --bundle "$B" nine 2>&1)" "runt: exec: \"$1\": $2"
}
unfit /mnt/foreign "exec format error; it is a program for $name, and this is \
$RUNT_ARCH"
unfit /mnt/text "exec format error; it is neither an ELF program nor a script \
that begins with #!"
unfit /mnt/dynamic "no such file or directory; the interpreter \
/lib/no-such-ld.so is not there"
unfit /mnt/script "no such file or directory; the interpreter \
/bin/no-such-shell is not there"
unfit /mnt/script2 "no such file or directory; the interpreter \
/bin/no-such-shell is not there"
unfit /mnt/short "exec format error; it is damaged, or no program"
unfit /mnt/dos "no such file or directory; the interpreter /bin/sh\\x0d is not \
there: the line ends in a carriage return"
unfit /media/text "permission denied; it is on a mount that is noexec"
MOUNTS=

## Options that are empty, as a script's variable may be

ARGS='"/bin/true"'
config
run_empty() (
	cd "$B" && rt --log= run --bundle "" --config= --pid-file "" \
		--console-socket= --pidfd-socket= eleven
)
ok "run as if they were not given" run_empty
fails "but not --root" "$RUNT" --root= run --bundle "$B" eleven
fails "nor a number" rt run --preserve-fds= --bundle "$B" eleven

## What is not ours

run_as() {
	ARGS='"/bin/true"'
	config
	rt run --keep --bundle "$B" twelve
}
run_as
mkdir -p "$STATE/twelve/foreign/dir"
fails "a directory of somebody else's is not removed" rt delete twelve
like "it is named" "$(cat "$OUTPUT")" \
	"state directory of twelve: remove foreign: Directory not empty"
is "and the container is there still" "$(state_of twelve status)" stopped
rmdir "$STATE/twelve/foreign/dir"
ok "an empty one is" rt delete twelve

## Without a process

printf '%s\n' "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"$ROOT\"},
 \"mounts\":[$DEFAULT_MOUNTS],\"linux\":{\"namespaces\":[$NAMESPACES]}}" >"$B/config.json"
ok "create without a process" rt create --bundle "$B" ten
fails "start of it is refused" rt start ten
like "it says so" "$(cat "$OUTPUT")" "the container has no process to start"
is "it is what it was" "$(state_of ten status)" created
fails "a second start is no other" rt start ten
like "and says the same" "$(cat "$OUTPUT")" "has no process to start"
ok "delete" rt delete ten
ok "nothing is left" gone ten

## Many at a time

ARGS='"/bin/true"'
config
for n in 1 2 3 4 5 6 7 8; do
	rt create --bundle "$B" same >/dev/null 2>&1 </dev/null &&
		echo won >>"$TMP/won" &
done
wait
is "of eight creates of one id one wins" "$(wc -l <"$TMP/won" | tr -d ' ')" 1
ok "it is whole" is_status same created
ok "delete" rt delete same
rm -f "$TMP/lost"
for n in 1 2 3 4 5 6 7 8; do
	rt run --bundle "$B" "many$n" >/dev/null 2>&1 </dev/null ||
		echo lost >>"$TMP/lost" &
done
wait
ok "eight runs at a time" [ ! -e "$TMP/lost" ]
is "the state root is empty" "$(ls "$STATE")" ""
finish
