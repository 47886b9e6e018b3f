#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 600
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# Every system call that runt makes fails once, in each of its processes. Either
# that did not matter, and all is there that was asked for: a container has
# nothing less of its protection. Or runt says no, in one line, and nothing is
# left of what it had begun: no process, cgroup, state, mount or file.

. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"
. "${0%/*}/../container/users.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
cc=$(command -v "${CC:-cc}" || command -v gcc) || skip_all "no C compiler"
"$cc" -O2 -o "$TMP/fault" "${0%/*}/fault.c" || skip_all "it does not compile"
"$TMP/fault" "$TMP/log" "$RUNT" --version >/dev/null 2>&1
[ -s "$TMP/log" ] || skip_all "system calls can't be watched here"

# Other programs mount, too: here nobody else does.
if [ "${ALONE-}" != 1 ]; then
	ALONE=1 exec unshare -m --propagation private "$0" "$@"
fi

echo '#include <sys/syscall.h>' | "$cc" -E -dM - |
	sed -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9]*\)$/\2 \1/p' >"$TMP/names"
[ -s "$TMP/names" ] || skip_all "system calls have no numbers here"

bundle b
id=faulty$$
group=$CGROUPS/runt-test-$id
pid_file=$TMP/pid
cat /proc/self/mountinfo >"$TMP/mounts"

# What the container has of what the config asks for. The null device is to be
# its own, the session not ours; namespaces that are ours are named.
ours=$(readlink /proc/self/ns/* | sort -u | sed 's/[][]/./g' | tr '\n' '|')
report="grep -E '^(Uid|Gid|Groups|Umask|Cap|NoNew|Seccomp|Sig[BI])' \
/proc/self/status
sed 's/^[0-9]* [0-9]* [0-9:]* //; s/\([a-z]\):[0-9]* /\1 /' /proc/self/mountinfo
cat /proc/self/limits /proc/self/oom_score_adj /proc/self/cgroup
cat /proc/sys/kernel/hostname /proc/sys/kernel/shmmni /proc/self/personality
[ /proc/self/fd/0 -ef /dev/null ] && echo null
ls -l /proc/self/ns >/dev/shm/n; grep -oE '${ours%|}' /dev/shm/n
ls -l /dev >/dev/shm/n; sed 's/ [A-Z][a-z][a-z] .*:[0-9][0-9] / /' /dev/shm/n
rm /dev/shm/n
echo /proc/self/fd/*
echo done; exit 7"
STAY="\"/bin/sh\",\"-c\",\"sleep 1000; :\",\"$id\""

# What a first failure is to be, by the call's name and its first argument.
# Most can say that there is no memory, which nobody takes for an older kernel;
# of exec it would be the end of the container, for which it waits a moment.
choose() {
	awk -v most="$2" '
	NR == FNR { name[$1] = $2; next }
	{
		n = name[$2]
		if (n ~ /^(close|exit.*|rt_sig.*|get.*id|umask|wait.*|accept4)$/ ||
		    n ~ /^(setfs.id|arch_prctl|set_tid_address|clock_gettime)$/)
			next
		# The bounding set is many alike.
		if (n == "prctl" && ($4 == 23 || $4 == 24 && seen[$1]++ > 2))
			next
		e = most
		if (n ~ /^(open|openat|openat2|dup.*|fcntl)$/)
			e = 24
		else if (n ~ /^(clone3?|v?fork)$/)
			e = 11
		else if (n ~ /^(recv|p?poll)/)
			e = 4
		else if (n == "write")
			e = 28
		else if (n ~ /^(read|getdents64|unlinkat|unlink|rmdir)$/)
			e = 5
		print n, $1 ":" $2 ":" $3 ":" e
		if (n == "write")
			print n, $1 ":" $2 ":" $3 ":short"
		if (n ~ /^(prctl|capset|set.*|prlimit64|pivot_root|umount2)$/ ||
		    n ~ /^(seccomp|mount_setattr|move_mount|ch.*|fch.*)$/ ||
		    n ~ /^(unshare|personality|bpf|sched_setaffinity)$/)
			print n, $1 ":" $2 ":" $3 ":1"
	}' "$TMP/names" "$1"
}

# fault POINT VERB [OPTIONS [COMMAND]]; its output is in out and err.
fault() {
	# shellcheck disable=SC2086,SC2153
	"$TMP/fault" "$TMP/log" ${1:+"$1"} "$RUNT" --root "$STATE" \
		"$2" ${3-} "$id" ${4-} </dev/null >"$TMP/out" 2>"$TMP/err"
}

# What is left, of a container that is gone.
left() {
	[ ! -d "$group" ] || echo "cgroup left"
	[ ! -e "$STATE/$id" ] || echo "state left"
	# With -s, cmp would believe the size of 0 that files of procfs have.
	cmp /proc/self/mountinfo "$TMP/mounts" >/dev/null ||
		echo "mounts changed"
}

delete() {
	rt delete --force "$id" >"$TMP/delete" 2>&1 ||
		echo "delete --force fails: $(cat "$TMP/delete")"
	left
}

# Whoever says no says why, once.
said() {
	lines=0
	while read -r line; do
		lines=$((lines + 1))
		case $line in
		"runt: "*" "*) ;;
		*) echo "does not say why: $line" ;;
		esac
	done <"$TMP/err"
	[ $lines = 1 ] || echo "$lines lines instead of one"
	[ "$1" -lt 128 ] || [ "$1" = 255 ] || echo "ends with $1"
}

# The first time, nothing has failed: that is how it has to be.
reported() {
	[ -e "$TMP/report" ] || cp "$1" "$TMP/report"
	cmp -s "$1" "$TMP/report" ||
		echo "not what was asked for: $(diff "$TMP/report" "$1")"
}

# One function for each verb: what comes before; after it with what status.

ended() {
	timeout 5 "$RUNT" --root "$STATE" wait "$id" >/dev/null ||
		[ $? != 124 ] || echo "does not end"
}

before_run() { :; }
after_run() {
	if [ "$1" = 7 ]; then
		reported "$TMP/out"
		[ ! -s "$TMP/err" ] || echo "says $(cat "$TMP/err")"
		[ -s "$pid_file" ] || echo "no pid file"
	else
		said "$1"
		# The program ran, and then its rest could not be removed.
		if [ -s "$TMP/out" ]; then
			delete
		elif [ -e "$pid_file" ]; then
			echo "pid file left"
		fi
	fi
	rm -f "$pid_file"
	left
}

before_create() { :; }
after_create() {
	if [ "$1" = 0 ]; then
		rt start "$id" 2>&1
		ended
		reported "$TMP/out"
		[ -s "$pid_file" ] || echo "no pid file"
		delete
	else
		said "$1"
		[ ! -e "$pid_file" ] || echo "pid file left"
		left
	fi
	rm -f "$pid_file"
}

before_start() {
	rt create --bundle "$B" "$id" </dev/null >"$TMP/started" 2>&1
}
after_start() {
	if [ "$1" = 0 ]; then
		ended
		reported "$TMP/started"
	else
		said "$1"
		[ ! -s "$TMP/started" ] || echo "runs nevertheless"
	fi
	delete
}

before_exec() { :; }
after_exec() {
	if [ "$1" = 7 ]; then
		reported "$TMP/out"
	else
		said "$1"
		[ ! -s "$TMP/out" ] || echo "runs nevertheless"
	fi
	cmp /proc/self/mountinfo "$TMP/mounts" >/dev/null ||
		echo "mounts changed"
}

before_delete() {
	rt run -d --bundle "$B" "$id" </dev/null >"$TMP/started" 2>&1
}
after_delete() {
	[ "$1" = 0 ] || said "$1"
	[ "$1" != 0 ] || left
	delete
}

before_kill() { before_delete; }
after_kill() {
	if [ "$1" = 0 ]; then
		ended
	else
		said "$1"
	fi
	delete
}

frozen() {
	read -r state <"$group/cgroup.freeze"
}
before_pause() { :; }
after_pause() {
	frozen
	[ "$1" = 0 ] || said "$1"
	[ "$((state == 1))" = "$(($1 == 0))" ] || echo "ends with $1, frozen: $state"
	[ "$state" = 0 ] || rt resume "$id" 2>&1
}
before_resume() { rt pause "$id"; }
after_resume() {
	frozen
	[ "$1" = 0 ] || said "$1"
	[ "$1" != 0 ] || [ "$state" = 0 ] || echo "is still frozen"
	[ "$state" = 0 ] || rt resume "$id" 2>&1
}

before_look() { :; }
after_look() {
	if [ "$1" = 0 ]; then
		# Another container has other pids, and is younger.
		sed 's/[0-9]//g; s/  */ /g' "$TMP/out" >"$TMP/shown"
		reported "$TMP/shown"
	else
		said "$1"
	fi
}
before_state() { :; }
before_ps() { :; }
after_state() { after_look "$1"; }
after_ps() { after_look "$1"; }

try() {
	"before_$2"
	status=0
	fault "$@" || status=$?
	"after_$2" $status
	while read -r line; do
		case $line in
		fired) ;;
		*) echo "$line" ;;
		esac
	done <"$TMP/log"
}

# sweep NAME VERB [OPTIONS [COMMAND]]
sweep() {
	what=$1
	shift
	rm -f "$TMP/report"
	"before_$1"
	status=0
	fault '' "$@" || status=$?
	cp "$TMP/log" "$TMP/trace"
	wrong=$("after_$1" $status)
	if [ "$wrong" ] || [ ! -s "$TMP/trace" ]; then
		fail "$what: works"
		diag "$wrong $(cat "$TMP/err")"
		return
	fi
	case $1 in
	exec) choose "$TMP/trace" 23 ;;
	*) choose "$TMP/trace" 12 ;;
	esac >"$TMP/points"
	bad=0 n=0
	while read -r name point; do
		n=$((n + 1))
		wrong=$(try "$point" "$@")
		[ -z "$wrong" ] && continue
		bad=$((bad + 1))
		diag "$name fails ($point): $wrong"
		diag "$(cat "$TMP/err")"
		rt delete --force "$id" 2>/dev/null
		rmdir "$group" 2>/dev/null
		$KEEP
	done <"$TMP/points"
	is "$what: $n failures leave nothing undone" "$bad" 0
}

KEEP=
LIST='"CAP_KILL","CAP_CHOWN"'
CAPS=$LIST
# Users without a name: what is read for it may fail.
IDS='"uid":70007,"gid":70008,"additionalGids":[70009],"umask":23'
ENVIRON='"PATH=/bin:/usr/bin","HOME=/"'
READONLY=true
RLIMITS=',"oomScoreAdj":500,
 "rlimits":[{"type":"RLIMIT_NOFILE","soft":99,"hard":100}]'
MOUNTS=",{\"destination\":\"/mnt\",\"type\":\"bind\",\"source\":\"$TMP/b\",
 \"options\":[\"rbind\",\"ro\",\"nosuid\"]}"
SECCOMP='"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
 {"names":["keyctl","mknod"],"action":"SCMP_ACT_ERRNO"}]}'
PATHS='"maskedPaths":["/proc/kcore","/proc/keys","/sys/firmware"],
 "readonlyPaths":["/proc/sys","/proc/irq"],"sysctl":{"kernel.shmmni":"99"},
 "resources":{"devices":[{"allow":false,"access":"rwm"}]}'
"$RUNT" --version | grep -q '+SECCOMP' || SECCOMP='"personality":{"domain":"LINUX"}'
linux() {
	LINUX=",\"cgroupsPath\":\"/runt-test-$id\",$1"
}
reporter() {
	ARGS=$(sh_args "$report")
	config
}

linux "$SECCOMP,$PATHS"
PROCESS=$RLIMITS
reporter
sweep "run" run "--bundle $B --pid-file $pid_file"
sweep "start" start

PROCESS="$RLIMITS,\"noNewPrivileges\":true"
hook='[{"path":"/bin/true"}]'
TOP=",\"hooks\":{\"prestart\":$hook,\"createContainer\":$hook,\"poststop\":$hook}"
reporter
sweep "create, with hooks and no_new_privs" create \
	"--bundle $B --pid-file $pid_file"
TOP=

# One that stays, for what is done to it.
keep() {
	rt run -d --bundle "$B" "$id" </dev/null >/dev/null 2>&1
	cat /proc/self/mountinfo >"$TMP/mounts"
}
ARGS=$STAY
config
printf '%s\n' "$report" >"$TMP/b/report"
KEEP=keep
keep
sweep "exec" exec "" "/bin/sh /mnt/report"
sweep "state" state
sweep "ps" ps
sweep "pause" pause
sweep "resume" resume
rt delete --force "$id"
KEEP=
sweep "delete --force" delete --force
sweep "kill" kill "" KILL

[ -e /proc/self/ns/user ] || skip_all "this kernel has no user namespaces"
PROCESS=
IDS='"uid":0,"gid":0'
NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
maps "$(ranges 0 "$BASE" 65536)"
linux "${LINUX#,},$SECCOMP,\"maskedPaths\":[\"/proc/kcore\"]"
reporter
sweep "run, in a user namespace" run "--bundle $B --pid-file $pid_file"
ARGS=$STAY
config
KEEP=keep
keep
sweep "exec, in a user namespace" exec "" "/bin/sh /mnt/report"
rt delete --force "$id"
finish
