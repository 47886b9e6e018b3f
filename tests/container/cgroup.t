#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: armv6
#
# Where a container's cgroup is: linux.cgroupsPath, the cgroup that runt is in,
# and the places at which cgroup2 is mounted, or not, or not to be changed. What
# an ordinary user gets is for rootless.t.
# shellcheck disable=SC2016,SC2034,SC2153

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
C=/rt-where-$$
own=$(sed -n 's/^0:://p' /proc/self/cgroup)
WITH_CGROUPNS=$NAMESPACES
NAMESPACES='{"type":"pid"},{"type":"uts"},{"type":"mount"}'

path() {
	LINUX=",\"cgroupsPath\":\"$1\""
}

show='sed -n s/^0:://p /proc/self/cgroup'

## Paths

path "$C/a"
is "absolute" "$(run_in "$show")" "$C/a"
ok "  it is gone afterwards, all of it" [ ! -e "$CGROUPS$C" ]
path "//$C//a/"
is "with more slashes than needed" "$(run_in "$show")" "$C/a"
path "rt-where-$$/a"
is "relative: beside our own" "$(run_in "$show")" "${own%/*}$C/a"
LINUX=
is "absent: the id, beside our own" "$(run_in "$show")" \
	"${own%/*}/t$$-1"
path ""
is "empty: the same" "$(run_in "$show")" "${own%/*}/t$$-1"
for root in / /. //; do
	path "$root"
	like "the root: $root" "$(run_in "$show")" \
		"cgroup path $root: the root, .* can't be a container's cgroup"
done
path ./.
like "the parent of our own" "$(run_in "$show")" \
	"cgroup path \./\.: .* can't be a container's cgroup"
path "/a/../../b"
like "two dots" "$(run_in "$show")" '"\.\." is not allowed'
long=$(printf '%0250d' 1)
path "$C/$long"
is "a long name" "$(run_in "$show")" "$C/$long"
path "$C/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long"
like "too long a path" "$(run_in "$show")" 'cgroup path: .*too long'
ok "  nothing is left" [ ! -e "$CGROUPS$C" ]

mkdir "$CGROUPS$C"
path "$C/a"
ok "below one that is there" run_in true
ok "  which stays" [ -d "$CGROUPS$C" ]

# Runs a command in cgroup $1.
in_cgroup() {
	where=$CGROUPS$1
	shift
	(sh -c 'echo $PPID' >"$where/cgroup.procs" && "$@")
}

mkdir "$CGROUPS$C/service"
path x
is "runt in a cgroup: relative is beside it" \
	"$(in_cgroup "$C/service" run_in "$show")" "$C/x"
LINUX=
is "  absent, too" "$(in_cgroup "$C/service" run_in "$show")" "$C/t$$-2"
path "$C/service/below"
is "  and below it" "$(in_cgroup "$C/service" run_in "$show")" \
	"$C/service/below"

## One that is there already

mkdir -p "$CGROUPS$C/here/below"
path "$C/here"
is "an empty one is used" "$(run_in "$show")" "$C/here"
sleep 1000 &
sleeper=$!
echo $sleeper >"$CGROUPS$C/service/cgroup.procs"
path "$C/service"
like "one with a process is not" "$(run_in "$show")" \
	"cgroup $C/service is not empty: processes live in it"
ok "  which lives on" kill -0 $sleeper
is "  where it was" "$(cat "$CGROUPS$C/service/cgroup.procs")" $sleeper
# Who is killed then has left a record: not of a cgroup that others live in.
if command -v strace >/dev/null; then
	for n in 2 3 4; do
		ARGS='"/bin/true"'
		config
		strace -qq -o /dev/null -e inject=mkdirat:signal=KILL:when=$n \
			"$RUNT" --root "$STATE" run --bundle "$B" r >/dev/null 2>&1
		rt delete --force r
	done
	ok "  nor if its runtime was killed" kill -0 $sleeper
else
	skip "  nor if its runtime was killed" "no strace"
fi
path "$C"
like "nor is one with a process below it" "$(run_in "$show")" \
	"cgroup $C is not empty: processes live in it"
ok "  which lives on" kill -0 $sleeper
kill $sleeper
wait $sleeper 2>/dev/null

## One that the next container has, since this one has stopped

path "$C/shared"
ARGS='"/bin/true"'
config
ok "a container that stops" rt run --keep --bundle "$B" first
ARGS='"/bin/sleep","1000"'
config
rt run -d --bundle "$B" second </dev/null >/dev/null 2>&1
sleeper=$(cat "$CGROUPS$C/shared/cgroup.procs")
mkdir "$CGROUPS$C/shared/below"
ok "  has nothing to kill when another is in its cgroup" \
	rt kill --all first KILL
ok "  and is deleted" \
	rt --log-level warning delete first
like "  which is said" "$(cat "$OUTPUT")" \
	"level=warning msg=\"others live in cgroup $C/shared\""
ok "  it is gone" [ ! -e "$STATE/first" ]
is "  the other one lives on" "$(cat "$CGROUPS$C/shared/cgroup.procs")" \
	"$sleeper"
ok "  and what it made" [ -d "$CGROUPS$C/shared/below" ]
ok "  until it is deleted by force" rt delete --force second
ok "  with the cgroup" [ ! -e "$CGROUPS$C/shared" ]

# Without a pid namespace what it left behind is its own.
NAMESPACES='{"type":"uts"},{"type":"mount"}'
ARGS=$(sh_args 'sleep 1000 </dev/null >/dev/null 2>&1 &')
config
ok "one in the host's pid namespace" rt run --keep --bundle "$B" first
isnt "  leaves a process" "$(cat "$CGROUPS$C/shared/cgroup.procs")" ""
fails "  which TERM does not reach" rt kill first TERM
ok "  but KILL" rt kill first KILL
nobody_left() {
	[ -z "$(cat "$CGROUPS$C/shared/cgroup.procs")" ]
}
ok "  ends it" await nobody_left
ok "  again" rt kill first KILL
rt delete first
ok "another one" rt run --keep --bundle "$B" first
isnt "  leaves a process, too" "$(cat "$CGROUPS$C/shared/cgroup.procs")" ""
ok "  that is deleted with it" rt delete first
ok "  and the cgroup" [ ! -e "$CGROUPS$C/shared" ]

# Init may leave the cgroup, and the cgroup may be gone.
nobody_elsewhere() {
	[ -z "$(cat "$CGROUPS$C/other/cgroup.procs")" ]
}
ARGS='"/bin/sleep","1000"'
config
for arg in "" --all; do
	rt run -d --bundle "$B" first </dev/null >/dev/null 2>&1
	mkdir "$CGROUPS$C/other"
	cat "$CGROUPS$C/shared/cgroup.procs" >"$CGROUPS$C/other/cgroup.procs"
	[ ! "$arg" ] || rmdir "$CGROUPS$C/shared"
	# shellcheck disable=SC2086
	ok "kill $arg of an init that is elsewhere" rt kill $arg first KILL
	await nobody_elsewhere
	is "  kills it" "$(cat "$CGROUPS$C/other/cgroup.procs")" ""
	rt delete --force first
	rmdir "$CGROUPS$C/other"
done
NAMESPACES='{"type":"pid"},{"type":"uts"},{"type":"mount"}'

## What those above it forbid

path "$C/above/x/y"
ARGS='"/bin/true"'
config
mkdir "$CGROUPS$C/above"
echo 1 >"$CGROUPS$C/above/cgroup.max.depth"
fails "too deep" rt run --bundle "$B" deep
like "  it says so" "$(cat "$OUTPUT")" \
	"make cgroup $C/above/x/y: cgroup.max.depth or .* is reached"
ok "  and leaves nothing" [ ! -e "$CGROUPS$C/above/x" ]
echo max >"$CGROUPS$C/above/cgroup.max.depth"
if echo 1 2>/dev/null >"$CGROUPS$C/above/cgroup.freeze"; then
	fails "frozen from above" rt run --bundle "$B" cold
	like "  it says so" "$(cat "$OUTPUT")" \
		"cgroup $C/above/x/y is frozen, by one above it"
	ok "  and leaves nothing" [ ! -e "$CGROUPS$C/above/x" ]
fi
rmdir "$CGROUPS$C/above"

## Mounts: in a mount namespace of its own, in which nothing is at /sys/fs/cgroup

# Runs shell command $1 there. $R is the container of the configuration.
ARGS=$(sh_args "$show")
path "$C/a"
config
export RUNT B STATE C CGROUPS
apart() {
	unshare -m sh -c '
		mkdir -p "$B/all" "$B/with space"
		mount --bind "$CGROUPS" "$B/all"
		while umount /sys/fs/cgroup/unified 2>/dev/null; do :; done
		umount -l /sys/fs/cgroup
		R="$RUNT --root $STATE run --bundle $B apart"
		'"$1" 2>&1
}

is "a mount that is elsewhere is found" "$(apart 'exec $R')" "$C/a"
is "  whatever it is called" "$(apart 'mount --bind "$B/all" "$B/with space"
	umount "$B/all"
	exec $R')" "$C/a"
is "  a part of it is passed over" "$(apart '
	mount --bind "$B/all$C" /sys
	mount -t tmpfs none "$B/all"
	mount -t cgroup2 - "$B/with space"
	exec $R')" "$C/a"
none=$(apart 'umount "$B/all"; $R; echo $?')
like "none at all" "$none" \
	'^runt: no cgroup2 file system is mounted; mount it: .* or do without: --cgroup-manager=disabled$'
like "  is a failure" "$none" '^1$'
is "  or done without" "$(apart 'umount "$B/all"
	exec $RUNT --root $STATE --cgroup-manager disabled run --bundle $B a')" \
	"$own"
like "a part only" "$(apart 'mount --bind "$B/all$C" /sys
	umount "$B/all"
	exec $R')" '^runt: no cgroup2 file system is mounted'
read_only=$(apart 'mount -o remount,bind,ro "$B/all"; exec $R')
like "one that is read-only" "$read_only" \
	"^runt: make cgroup $C/a: Read-only file system; mount cgroup2 read-write, .*--cgroup-manager=disabled\$"
is "  is done without" "$(apart 'mount -o remount,bind,ro "$B/all"
	exec $RUNT --root $STATE --cgroup-manager disabled run --bundle $B a')" \
	"$own"
ok "  nothing is left of the others" [ ! -e "$STATE/apart" ]
is "--cgroup-manager cgroupfs is the default" \
	"$("$RUNT" --root "$STATE" --cgroup-manager cgroupfs run --bundle "$B" \
		a 2>&1)" "$C/a"

## runt in a container that has a cgroup namespace, and may write there

CAPS='"CAP_SYS_ADMIN","CAP_SYS_CHROOT","CAP_SETUID","CAP_SETGID","CAP_SETPCAP",
	"CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_KILL","CAP_MKNOD",
	"CAP_NET_ADMIN","CAP_SYS_RESOURCE","CAP_BPF"'
mkdir -p "$TMP/inner"
ROOT_PATH='"/tmp/rootfs"'
LINUX=
ARGS='"/bin/sh","-c","sed -n s/^0:://p /proc/self/cgroup"'
config
cp "$B/config.json" "$TMP/inner/plain.json"
LINUX=',"resources":{"pids":{"limit":5}}'
config
cp "$B/config.json" "$TMP/inner/pids.json"
LINUX=',"resources":{"memory":{"limit":50000000}}'
config
cp "$B/config.json" "$TMP/inner/memory.json"
sed 's/,"resources":{[^}]*}}/&,"cgroupsPath":"\/held"/' "$B/config.json" \
	>"$TMP/inner/held.json"

NAMESPACES=$WITH_CGROUPNS
ROOT_PATH="\"$ROOT\""
MOUNTS=",{\"destination\":\"/sys/fs/cgroup\",\"type\":\"cgroup\"},
	{\"destination\":\"/tmp\",\"type\":\"tmpfs\",\"source\":\"tmpfs\"},
	{\"destination\":\"/tmp/rootfs\",\"source\":\"$ROOT\",\"options\":[\"rbind\"]},
	{\"destination\":\"/tmp/inner\",\"source\":\"$TMP/inner\",\"options\":[\"bind\"]},
	{\"destination\":\"/tmp/runt\",\"source\":\"$(realpath "$RUNT")\",\"options\":[\"bind\",\"ro\"]}"
LINUX=",\"cgroupsPath\":\"$C/outer\",\"resources\":{\"devices\":[{\"allow\":true,\"access\":\"rwm\"}]}"

nested() {
	run_in '
		r() {
			f=$1
			shift
			/tmp/runt --root /tmp/state "$@" --bundle /tmp/inner \
				--config $f.json nested
		}
		'"$1"
}

is "nested" "$(nested 'r plain run; ls -d /sys/fs/cgroup/nested')" "/nested
ls: /sys/fs/cgroup/nested: No such file or directory"
case $CONTROLLERS in
*" memory "*)
	is "  with a limit for threads" "$(nested 'r pids create
		cat /sys/fs/cgroup/nested/pids.max; /tmp/runt --root /tmp/state delete --force nested')" 5
	like "  not one of memory beside other processes" \
		"$(nested 'r memory run')" \
		'linux\.resources\.memory\.limit: enable the memory controller in cgroup /: .*busy; move the processes in it to one below it'
	is "  but when they have moved as the message says" "$(nested '
		mkdir /sys/fs/cgroup/init
		echo 1 >/sys/fs/cgroup/init/cgroup.procs
		echo $$ >/sys/fs/cgroup/init/cgroup.procs
		r held create
		cat /sys/fs/cgroup/held/memory.max
		/tmp/runt --root /tmp/state delete --force nested')" 49999872
	;;
*)
	like "  with no controller there" "$(nested 'r pids run')" \
		'linux\.resources\.pids\.limit: the pids controller '
	;;
esac
ok "  all of it is gone with the outer one" [ ! -e "$CGROUPS$C/outer" ]

## A part of the tree that does not have all controllers

case $CONTROLLERS in
*" hugetlb "*)
	if unshare -C true 2>/dev/null; then
		mkdir "$CGROUPS$C/none"
		echo -hugetlb >"$CGROUPS$C/cgroup.subtree_control"
		MOUNTS=
		ARGS='"/bin/true"'
		LINUX=',"cgroupsPath":"/x","resources":{"hugepageLimits":[
			{"pageSize":"2MB","limit":2097152}]}'
		config
		like "a controller that the tree above keeps" \
			"$(in_cgroup "$C/none" unshare -C -m sh -c '
			mount -t cgroup2 none /sys/fs/cgroup
			exec "$RUNT" --root "$STATE" run --bundle "$B" x' 2>&1)" \
			'linux\.resources\.hugepageLimits: the hugetlb controller is not given to this part of the cgroup tree; who owns the cgroup above'
		rmdir "$CGROUPS$C/none"
	else
		skip "a controller that the tree above keeps" "no unshare -C"
	fi
	;;
*) skip "a controller that the tree above keeps" "no controllers on cgroup2" ;;
esac

rmdir "$CGROUPS$C/service" "$CGROUPS$C" || fail "nothing else is left"
finish
