#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: x86_64
# shellcheck disable=SC2016
# parallel-safe
#
# What the process may use: rlimits, oomScoreAdj, scheduler, ioPriority, CPU
# affinity, personality.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b

## rlimits

# "soft hard" of the line of /proc/self/limits that begins with $1.
limit() {
	run_in "sed -n 's/^$1  *\([^ ]*\)  *\([^ ]*\).*/\1 \2/p' /proc/self/limits"
}

rlimit() {
	PROCESS=",\"rlimits\":[{\"type\":\"$1\",\"soft\":$2,\"hard\":$3}]"
}

cat >"$TMP/limits" <<'END'
RLIMIT_CPU 1000 2000 Max cpu time
RLIMIT_FSIZE 1073741824 2147483648 Max file size
RLIMIT_DATA 1073741824 1073741824 Max data size
RLIMIT_STACK 4194304 8388608 Max stack size
RLIMIT_CORE 0 0 Max core file size
RLIMIT_RSS 1 2 Max resident set
RLIMIT_NPROC 3000 4000 Max processes
RLIMIT_NOFILE 17 19 Max open files
RLIMIT_MEMLOCK 4096 8192 Max locked memory
RLIMIT_AS 536870912 1073741824 Max address space
RLIMIT_LOCKS 5 6 Max file locks
RLIMIT_SIGPENDING 20 30 Max pending signals
RLIMIT_MSGQUEUE 1000 2000 Max msgqueue size
RLIMIT_NICE 0 0 Max nice priority
RLIMIT_RTPRIO 0 0 Max realtime priority
RLIMIT_RTTIME 1000000 2000000 Max realtime timeout
END
PROCESS=$(awk '{ print (NR > 1 ? "," : ",\"rlimits\":[") "{\"type\":\"" $1 \
	"\",\"soft\":" $2 ",\"hard\":" $3 "}" } END { print "]" }' \
	"$TMP/limits")
run_in 'cat /proc/self/limits' >"$TMP/got"
while read -r type soft hard name; do
	is "$type" "$(sed -n "s/^$name  *\([^ ]*\)  *\([^ ]*\).*/\1 \2/p" \
		"$TMP/got")" "$soft $hard"
done <"$TMP/limits"

# For a kernel of 32 bits, what does not fit is no limit.
rlimit RLIMIT_FSIZE 17179869184 34359738368
expected="17179869184 34359738368"
[ "$RUNT_ARCH" != arm ] || expected="unlimited unlimited"
is "more than 32 bits" "$(limit 'Max file size')" "$expected"
rlimit RLIMIT_FSIZE 18446744073709551615 18446744073709551615
is "the largest number is no limit" "$(limit 'Max file size')" \
	"unlimited unlimited"
rlimit RLIMIT_NOFILE 8 8
is "a limit is felt" "$(run_in 'i=3; while [ $i -lt 20 ]; do
	(eval "exec $i</dev/null") 2>/dev/null || break; i=$((i + 1)); done
	echo $i')" 8

rlimit RLIMIT_NOFILE 1 1099511627776
like "more than the system's maximum is refused" "$(run_in true)" \
	'RLIMIT_NOFILE.*1099511627776: Operation not permitted'
rlimit RLIMIT_FOO 1 1
like "an unknown limit is refused, by name" "$(run_in true)" 'RLIMIT_FOO'
rlimit RLIMIT_CPU 2 1
like "a soft limit above the hard one is refused" "$(run_in true)" \
	'process.rlimits\[0\].*2'
PROCESS=',"rlimits":[{"type":"RLIMIT_CORE","soft":0,"hard":0},
	{"type":"RLIMIT_CORE","soft":1,"hard":1}]'
like "a limit that is set twice is refused" "$(run_in true)" \
	'rlimits\[1\].*RLIMIT_CORE'

## oomScoreAdj

for score in 500 1000; do
	PROCESS=",\"oomScoreAdj\":$score"
	is "oomScoreAdj $score" "$(run_in 'cat /proc/self/oom_score_adj')" \
		"$score"
done
# CAP_SYS_RESOURCE, bit 24
if [ $((0x$(sed -n 's/^CapEff:.//p' /proc/self/status) >> 24 & 1)) = 1 ]; then
	PROCESS=',"oomScoreAdj":-500'
	is "oomScoreAdj -500" "$(run_in 'cat /proc/self/oom_score_adj')" -500
else
	skip "oomScoreAdj -500" "no CAP_SYS_RESOURCE"
fi
PROCESS=',"oomScoreAdj":1001'
unlike "oomScoreAdj 1001 is refused" "$(run_in 'echo ran')" '^ran'
PROCESS=
before=$(cat /proc/self/oom_score_adj)
is "without it the score is the caller's" \
	"$(run_in 'cat /proc/self/oom_score_adj')" "$before"

## scheduler

# "nice rt_priority policy" of the shell, whose name has no blank.
SHOW='set -- $(cat /proc/$$/stat); shift 18; echo $1 ${22} ${23}'
# The same of a child of the shell.
CHILD='set -- $(cat /proc/self/stat); shift 18; echo $1 ${22} ${23}'

scheduler() {
	PROCESS=",\"scheduler\":{\"policy\":\"$1\"$2}"
}

scheduler SCHED_OTHER ',"nice":7'
is "nice" "$(run_in "$SHOW")" "7 0 0"
scheduler SCHED_BATCH ',"nice":-3'
is "SCHED_BATCH" "$(run_in "$SHOW")" "-3 0 3"
scheduler SCHED_IDLE ''
is "SCHED_IDLE" "$(run_in "$SHOW")" "0 0 5"
# Where the kernel gives real time by cgroup, a new cgroup has none.
scheduler SCHED_FIFO ',"priority":10'
got=$(run_in "$SHOW")
case $got in
*"Operation not permitted"*)
	like "SCHED_FIFO is refused with the remedy" "$got" 'RT_GROUP_SCHED'
	;;
*)
	is "SCHED_FIFO" "$got" "0 10 1"
	scheduler SCHED_RR ',"priority":99'
	is "SCHED_RR" "$(run_in "$SHOW")" "0 99 2"
	scheduler SCHED_RR ',"priority":3,"flags":["SCHED_FLAG_RESET_ON_FORK"]'
	is "flags: the child of a process is reset" \
		"$(run_in "$SHOW; $CHILD")" \
		"0 3 2
0 0 0"
	;;
esac
scheduler SCHED_FIFO ',"priority":10,"nice":1'
like "nice does not go with SCHED_FIFO" "$(run_in true)" \
	'process.scheduler.*nice'
scheduler SCHED_OTHER ',"priority":10'
like "priority does not go with SCHED_OTHER" "$(run_in true)" \
	'process.scheduler.*priority'
scheduler SCHED_FAST ''
like "an unknown policy is named" "$(run_in true)" 'SCHED_FAST'

## ioPriority

io() {
	PROCESS=",\"ioPriority\":{\"class\":\"$1\",\"priority\":$2}"
}

io IOPRIO_CLASS_BE 6
is "ioPriority, best effort" "$(run_in ionice)" "best-effort: prio 6"
io IOPRIO_CLASS_RT 1
is "ioPriority, real time" "$(run_in ionice)" "realtime: prio 1"
io IOPRIO_CLASS_IDLE 0
like "ioPriority, idle" "$(run_in ionice)" "^idle"
io IOPRIO_CLASS_BE 8
like "ioPriority 8 is refused" "$(run_in true)" 'process.ioPriority.*8'
io IOPRIO_CLASS_ANY 1
like "an unknown class is named" "$(run_in true)" 'IOPRIO_CLASS_ANY'

## CPU affinity

PROCESS=
SHOW="sed -n 's/^Cpus_allowed_list:.//p' /proc/self/status"
all=$(eval "$SHOW")
if [ "$(nproc)" = 1 ]; then
	skip "the caller's CPU affinity stays outside" "one CPU only"
else
	config
	ARGS=$(sh_args "$SHOW")
	config
	is "the caller's CPU affinity stays outside" \
		"$(taskset 1 "$RUNT" --root "$STATE" run --bundle "$B" "a$$")" \
		"$all"
fi

## personality

# 32-bit arm has one domain only: execve(2) sets it (ADDR_LIMIT_32BIT).
persona() {
	if [ "$RUNT_ARCH" = arm ]; then
		echo 00800000
	else
		echo "$1"
	fi
}
LINUX=',"personality":{"domain":"LINUX32"}'
# A 64-bit kernel that runs nothing else may forget it at execve(2), as riscv64's
# does.
kept=$(setarch linux32 cat /proc/self/personality 2>&1) || kept=$(uname -m)
if [ "$kept" = 00000000 ] || [ "$kept" = riscv64 ]; then
	skip "personality LINUX32" "this kernel forgets it at execve"
else
	is "personality LINUX32" "$(run_in 'cat /proc/self/personality')" \
		"$(persona 00000008)"
fi
if [ "$(uname -m)" = x86_64 ]; then
	is "it is seen in uname" "$(run_in 'uname -m')" i686
	ARGS='"/bin/sleep","1000"'
	config
	rt run -d --bundle "$B" "p$$" </dev/null >/dev/null 2>&1
	is "  by exec, too" "$(rt exec "p$$" uname -m)" i686
	rt delete --force "p$$"
fi
LINUX=',"personality":{"domain":"LINUX"}'
is "personality LINUX" "$(run_in 'cat /proc/self/personality')" \
	"$(persona 00000000)"
LINUX=',"personality":{"domain":"BSD"}'
like "an unknown domain is named" "$(run_in true)" 'linux.personality.*BSD'
LINUX=',"personality":{"domain":"LINUX","flags":["X"]}'
like "an unknown flag is named" "$(run_in true)" 'linux.personality.*X'

finish
