#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64 arm riscv64
# shellcheck disable=SC2016
#
# linux.seccomp: filters are loaded, at the right moment, and do what they say.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
"$RUNT" --version | grep -q '+SECCOMP' || skip_all "built without seccomp"

# What makes single system calls, and answers notifications (its source says
# how): beside the other unit tests, which a board has in one directory.
live=$TESTS/unit/seccomp_live
[ -x "$live" ] || live=${TESTS%/*}/build/$RUNT_ARCH/tests/unit/seccomp_live
[ -x "$live" ] || skip_all "no $live: make unit"
mkdir "$TMP/tool"
cp "$live" "$TMP/tool/live"
chmod 755 "$TMP/tool"

bundle b
# Of its own, also for the host's cgroups.
c=c$$
MOUNTS=",{\"destination\":\"/mnt\",\"type\":\"bind\",\"source\":\"$TMP/tool\",
 \"options\":[\"rbind\",\"ro\"]}"
NNP=',"noNewPrivileges":true'

# profile TEXT: linux.seccomp is that, or nothing.
profile() {
	LINUX=${1:+",\"seccomp\":{$1}"}
}

# deny NAMES [ACTION [MORE]]: all but these calls is allowed.
deny() {
	profile "\"defaultAction\":\"SCMP_ACT_ALLOW\",
	 \"syscalls\":[{\"names\":[$1],
	 \"action\":\"${2:-SCMP_ACT_ERRNO}\"${3-}}]"
}

# What default profile of Docker's is this machine's.
case $RUNT_ARCH in
x86_64) docker=amd64 ;;
aarch64) docker=arm64 ;;
*) docker=$RUNT_ARCH ;;
esac
docker=$(sed -n '/"seccomp": {/,$p' "$TESTS/data/seccomp/docker-$docker.json" |
	sed 's/^.*"seccomp": {//; s/^]}}$/]/; $d')

## Read back

mode='sed -n "s/^Seccomp:.//p; s/^NoNewPrivs:.//p" /proc/self/status |
	tr "\n" " "'
is "without a profile there is no filter" "$(run_in "$mode")" "0 0 "
for IDS in '"uid":0,"gid":0' '"uid":7,"gid":8'; do
	profile "$docker"
	PROCESS=
	is "Docker's profile, without no_new_privs ($IDS)" \
		"$(run_in "$mode")" "0 2 "
	PROCESS=$NNP
	is "and with it ($IDS)" "$(run_in "$mode")" "1 2 "
done
is "it takes no privilege with it from a user" \
	"$(run_in 'grep ^CapEff /proc/self/status')" "CapEff:	0000000000000000"
IDS='"uid":0,"gid":0'

is "Docker's profile lets a shell work" "$(run_in '
	cd /tmp && mkdir d && echo word >d/f && cat d/f | tr a-z A-Z
	sh -c "kill -TERM \$\$" 2>/dev/null; echo $?
	ls -l d | wc -l; rm -r d; find /etc -name passwd; date +%Y | wc -c
	(sleep 0 & wait); head -c 5 /dev/zero | wc -c')" "WORD
143
2
/etc/passwd
5
5"
is "and none of what it denies" \
	"$(CAPS='"CAP_SYS_ADMIN"' run_in 'mount -t tmpfs none /tmp 2>&1
	/mnt/live call keyctl 0 0; /mnt/live call unshare 0x10000000')" \
	"mount: permission denied (are you root?)
errno 1
errno 1"
is "a call that is newer than the profile is one that the kernel lacks" \
	"$(run_in '/mnt/live call 2000')" "errno 38"

## Actions

# First the filter makes no difference, then each action does.
for PROCESS in "" "$NNP"; do
	profile ''
	is "no action: the call works (${PROCESS:-no_new_privs off})" \
		"$(run_in '/mnt/live call getppid')" 0
	deny '"getppid"'
	is "ERRNO" "$(run_in '/mnt/live call getppid')" "errno 1"
	deny '"getppid"' SCMP_ACT_ERRNO ',"errnoRet":28'
	is "errnoRet" "$(run_in '/mnt/live call getppid')" "errno 28"
	deny '"getppid"' SCMP_ACT_ERRNO ',"errnoRet":0'
	is "errnoRet 0 feigns success" "$(run_in '/mnt/live call getppid')" 0
	deny '"getppid"' SCMP_ACT_TRACE
	is "TRACE, without a tracer" "$(run_in '/mnt/live call getppid')" \
		"errno 38"
	for action in SCMP_ACT_ALLOW SCMP_ACT_LOG; do
		deny '"getppid"' $action
		is "$action" "$(run_in '/mnt/live call getppid')" 0
	done
	for action in KILL KILL_THREAD KILL_PROCESS TRAP; do
		deny '"getppid"' SCMP_ACT_$action
		ARGS='"/mnt/live","call","getppid"'
		config
		exits "$action: 128+31" 159 rt run --bundle "$B" $c
	done
done
PROCESS=$NNP
profile '"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":28,"syscalls":[
	{"names":["execve","exit_group","write","writev","arch_prctl","brk",
	"set_tid_address","set_tls","mmap","mmap2","mprotect","ioctl","sendto",
	"set_robust_list","readlinkat","fstatat64","rt_sigprocmask"],
	"action":"SCMP_ACT_ALLOW"}]'
ARGS='"/mnt/live","call","getppid"'
config
is "an allow list, and defaultErrnoRet" "$(rt run --bundle "$B" $c 2>&1)" \
	"errno 28"

## Conditions

deny '"kill"' SCMP_ACT_ERRNO ',"errnoRet":28,
	"args":[{"index":1,"op":"SCMP_CMP_EQ","value":10}]'
is "a condition on one argument" "$(run_in '/mnt/live call kill 1 0
	/mnt/live call kill 1 10; /mnt/live call kill 1 11')" "0
errno 28
0"
deny '"getpriority"' SCMP_ACT_ERRNO ',"errnoRet":28,
	"args":[{"index":0,"op":"SCMP_CMP_EQ","value":0},
	{"index":1,"op":"SCMP_CMP_GE","value":5}]'
is "conditions on two, that must hold together" \
	"$(run_in '/mnt/live call getpriority 0 5
	/mnt/live call getpriority 1 5 | sed "s/[0-9]\{2,\}/works/"
	/mnt/live call getpriority 0 0')" "errno 28
errno 3
20"
deny '"getpriority"' SCMP_ACT_ERRNO ',"errnoRet":28,
	"args":[{"index":1,"op":"SCMP_CMP_EQ","value":7777},
	{"index":1,"op":"SCMP_CMP_EQ","value":8888}]'
is "conditions on one argument, any of which will do" \
	"$(run_in '/mnt/live call getpriority 0 7777
	/mnt/live call getpriority 0 8888; /mnt/live call getpriority 0 0')" \
	"errno 28
errno 28
20"
case $RUNT_ARCH in
arm) skip "all 64 bits of an argument" "they are 32" ;;
*)
	deny '"getppid"' SCMP_ACT_ERRNO ',"errnoRet":28,
		"args":[{"index":5,"op":"SCMP_CMP_GT","value":8589934592}]'
	is "all 64 bits of an argument" "$(run_in '
		/mnt/live call getppid 0 0 0 0 0 0x200000000
		/mnt/live call getppid 0 0 0 0 0 0x200000001
		/mnt/live call getppid 0 0 0 0 0 0xffffffff; true')" "1
errno 28
1"
	;;
esac
profile '"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_S390X",
	"SCMP_ARCH_MIPS"],"syscalls":[{"names":["no_such_call","getppid"],
	"action":"SCMP_ACT_ERRNO","errnoRet":28}]'
is "foreign architectures and unknown calls do no harm" \
	"$(run_in '/mnt/live call getppid')" "errno 28"
profile '"defaultAction":"","syscalls":[]'
like "an empty default action is an error" "$(run_in true)" \
	'linux.seccomp.defaultAction'

## Flags

for flags in '' '"SECCOMP_FILTER_FLAG_TSYNC"' '"SECCOMP_FILTER_FLAG_LOG"' \
	'"SECCOMP_FILTER_FLAG_SPEC_ALLOW","SECCOMP_FILTER_FLAG_LOG"'; do
	profile "$docker,\"flags\":[$flags]"
	is "flags [$flags]" "$(run_in "$mode")" "1 2 "
done
profile "$docker"',"flags":["SECCOMP_FILTER_FLAG_NONE"]'
like "an unknown flag is an error with its place" "$(run_in true)" \
	'config.json:[0-9]+:[0-9]+: linux.seccomp.flags\[0\]'
profile "$docker"',"flags":["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]'
if "$RUNT" features | sed -n '/supportedFlags/,/]/p' |
	grep -q WAIT_KILLABLE; then
	is "WAIT_KILLABLE_RECV" "$(run_in "$mode")" "1 2 "
else
	like "WAIT_KILLABLE_RECV is refused by a kernel without" \
		"$(run_in true)" 'linux.seccomp.flags\[0\]: the kernel has no'
fi
# What is asked of the kernel: strace shows flags, and the order of calls.
traced() {
	config
	strace -f -qq -e trace=seccomp,capset,setresuid,execve -o "$TMP/trace" \
		"$RUNT" --root "$STATE" run --bundle "$B" $c >/dev/null 2>&1
	sed -n 's/^[0-9]* *//; /FLAG_NULL\|NULL)/d
		s/^seccomp(SECCOMP_SET_MODE_FILTER, \([^,]*\),.*/filter \1/p
		s/^\(capset\|setresuid\|execve\)(.*/\1/p' "$TMP/trace" |
		sed -n '/filter\|capset\|setresuid/,$p' | tr '\n' ' '
}
ARGS='"/bin/true"'
ids=$IDS
IDS='"uid":7,"gid":7'
if command -v strace >/dev/null; then
	profile "$docker"
	is "no flags mean SPEC_ALLOW; last of all" "$(traced)" \
		"setresuid capset filter SECCOMP_FILTER_FLAG_SPEC_ALLOW execve "
	profile "$docker"',"flags":[]'
	is "an empty list means none" "$(traced)" \
		"setresuid capset filter 0 execve "
	profile "$docker"',"flags":["SECCOMP_FILTER_FLAG_LOG"]'
	PROCESS=
	is "without no_new_privs before ids and capabilities" "$(traced)" \
		"filter SECCOMP_FILTER_FLAG_LOG setresuid capset execve "
else
	skip "the order of calls" "no strace"
fi
IDS=$ids
PROCESS=$NNP

## exec, and create with start

deny '"getppid"' SCMP_ACT_ERRNO ',"errnoRet":28'
for PROCESS in "" "$NNP"; do
	ARGS='"/bin/sleep","1000"'
	config
	rt create --bundle "$B" $c </dev/null >/dev/null 2>&1
	ok "start (${PROCESS:-no_new_privs off})" rt start $c
	pid=$(rt state $c | sed -n 's/^  "pid": \([0-9]*\).*/\1/p')
	like "its init is filtered" "$(cat "/proc/$pid/status")" '^Seccomp:.2'
	is "what exec starts is, too" "$(rt exec $c sh -c "$mode" 2>&1)" \
		"$([ "$PROCESS" ] && echo 1 || echo 0) 2 "
	is "by the same filter" "$(rt exec $c /mnt/live call getppid 2>&1)" \
		"errno 28"
	is "exec --user" "$(rt exec --user 7:8 $c /mnt/live call getppid)" \
		"errno 28"
	echo '{"args":["/mnt/live","call","getppid"],"cwd":"/"}' >"$TMP/p.json"
	is "exec --process" "$(rt exec --process "$TMP/p.json" $c 2>&1)" \
		"errno 28"
	rt delete --force $c
done
PROCESS=$NNP

## What goes wrong

# wrong NAME PATH PROFILE: refused with line and column, nothing is left.
wrong() {
	profile "$3"
	like "$1" "$(run_in true)" \
		"^runt: config.json:[0-9]+:[0-9]+: linux\.seccomp$2: "
	is "$1: nothing is left" "$(ls "$STATE")" ""
}
allow='"defaultAction":"SCMP_ACT_ALLOW"'
wrong "an unknown action" '\.syscalls\[0\]\.action' "$allow,
	\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_NO\"}]"
wrong "an errno that is none" '\.syscalls\[0\]\.errnoRet' "$allow,
	\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",
	\"errnoRet\":4096}]"
wrong "an errno for what takes none" '\.syscalls\[0\]\.errnoRet' "$allow,
	\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_KILL\",
	\"errnoRet\":1}]"
wrong "defaultErrnoRet for what takes none" '\.defaultErrnoRet' \
	"$allow,\"defaultErrnoRet\":1"
wrong "an unknown operator" '\.syscalls\[0\]\.args\[0\]\.op' "$allow,
	\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",
	\"args\":[{\"index\":0,\"value\":0,\"op\":\"SCMP_CMP_IS\"}]}]"
wrong "a seventh argument" '\.syscalls\[0\]\.args\[0\]\.index' "$allow,
	\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",
	\"args\":[{\"index\":6,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]}]"
wrong "an architecture that is none" '\.architectures\[0\]' \
	"$allow,\"architectures\":[\"SCMP_ARCH_Z80\"]"
wrong "NOTIFY as the default" '\.defaultAction' \
	'"defaultAction":"SCMP_ACT_NOTIFY","listenerPath":"/a"'
wrong "NOTIFY without listenerPath" '\.syscalls\[0\]\.action' "$allow,
	\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_NOTIFY\"}]"
wrong "NOTIFY for write" '\.syscalls\[0\]\.names\[1\]' "$allow,
	\"listenerPath\":\"/a\",\"syscalls\":[{\"names\":[\"read\",\"write\"],
	\"action\":\"SCMP_ACT_NOTIFY\"}]"
wrong "NOTIFY with no way for the listener" '' "$allow,
	\"listenerPath\":\"/a\",\"syscalls\":[{\"names\":[\"sendmsg\",
	\"sendmmsg\"],\"action\":\"SCMP_ACT_NOTIFY\"}]"

# Nothing that a filter denies to runt itself makes it hang, or look as if the
# program had run.
for PROCESS in "" "$NNP"; do
	for action in ERRNO KILL_PROCESS TRAP; do
		profile "\"defaultAction\":\"SCMP_ACT_$action\""
		like "all calls get $action (${PROCESS:-no_new_privs off})" \
			"$(run_in true)" '^runt: .*died of its seccomp filter'
	done
	ARGS='"/bin/sh"'
	deny '"execve"' SCMP_ACT_ERRNO ',"errnoRet":28'
	like "execve is denied (${PROCESS:-no_new_privs off})" \
		"$(run_in true)" '^runt: exec: "/bin/sh": no space left on dev'
	ARGS='"/bin/sh"'
	config
	rt create --bundle "$B" $c </dev/null >/dev/null 2>&1
	like "start says so, too" "$(rt start $c 2>&1)" \
		'^runt: exec: "/bin/sh": no space left on dev'
	rt delete --force $c
	deny '"execve"' SCMP_ACT_KILL_PROCESS
	config
	rt create --bundle "$B" $c </dev/null >/dev/null 2>&1
	# Unless somebody has reaped it already.
	like "and when it dies of it" \
		"$(rt start $c 2>&1) $(rt state $c | grep status)" \
		'^runt: .*died of its seccomp filter|^ .*"stopped"'
	rt delete --force $c
done
is "nothing is left" "$(ls "$STATE")" ""
PROCESS=$NNP
deny '"getppid"'
ARGS='"/bin/true"'
config
like "--debug names the engine" \
	"$(rt --debug run --bundle "$B" $c 2>&1)" \
	'seccomp: own compiler, [0-9]+ instructions'

## NOTIFY

agent() {
	rm -f "$TMP/agent" "$TMP/heard"
	"$live" agent "$TMP/agent" "$TMP/heard" &
	agent_pid=$!
	while [ ! -S "$TMP/agent" ]; do
		sleep 0.1
	done
}
notify() {
	deny "$1" SCMP_ACT_NOTIFY
	LINUX="${LINUX%?},\"listenerPath\":\"$TMP/agent\",
		\"listenerMetadata\":\"some words\"}"
}
told=',"annotations":{"a.key":"a value"}'
notify '"getppid"'
like "without its agent a container does not run" "$(run_in true)" \
	"^runt: connect to the seccomp agent at $TMP/agent: No such file"
config
rt create --bundle "$B" $c </dev/null >/dev/null 2>&1
like "nor start" "$(rt start $c 2>&1)" "^runt: connect to the seccomp agent"
rt delete --force $c
is "nothing is left of either" "$(ls "$STATE")" ""
for PROCESS in "" "$NNP"; do
	TOP=$told
	agent
	notify '"getppid"'
	is "the agent decides (${PROCESS:-no_new_privs off})" \
		"$(run_in '/mnt/live call getppid; /mnt/live call getpid |
			wc -l')" "errno 77
1"
	heard=$(cat "$TMP/heard")
	pid=$(echo "$heard" | sed 's/.*"seccompFd"\],"pid":\([0-9]*\),.*/\1/')
	is "what it heard" "$heard" "{\"ociVersion\":\"1.3.0\",\
\"fds\":[\"seccompFd\"],\"pid\":$pid,\"metadata\":\"some words\",\
\"state\":{\"ociVersion\":\"1.3.0\",\"id\":\"t$$-1\",\"status\":\"creating\",\
\"pid\":$pid,\"bundle\":\"$B\",\"annotations\":{\"a.key\":\"a value\"}}}"
	ARGS='"/bin/sleep","1000"'
	config
	: >"$TMP/heard"
	rt create --bundle "$B" $c </dev/null >/dev/null 2>&1
	is "create does not bother it" "$(cat "$TMP/heard")" ""
	ok "start" rt start $c
	pid=$(rt state $c | sed -n 's/^  "pid": \([0-9]*\).*/\1/p')
	await grep -q pid "$TMP/heard" # in its own time
	like "tells it of init" "$(cat "$TMP/heard")" "\"pid\":$pid,.*\
\"status\":\"creating\",\"pid\":$pid,"
	is "exec is answered" "$(rt exec $c /mnt/live call getppid)" "errno 77"
	like "and tells of its own process, and of init" \
		"$(grep -v "\"pid\":$pid,\"metadata" "$TMP/heard")" \
		"\"status\":\"running\",\"pid\":$pid,"
	rt delete --force $c
	notify '"getppid","sendmsg","recvmsg","recvfrom","close","ppoll"'
	is "calls of runt's own are no obstacle" \
		"$(run_in '/mnt/live call getppid')" "errno 77"
	TOP=',"hooks":{"startContainer":[{"path":"/bin/sh","args":["sh","-c",
		"/mnt/live call getppid; exit 3"]}]}'
	like "a hook of the container's is under the filter" "$(run_in true)" \
		"startContainer hook /bin/sh: exit status 3: errno 77$"
	kill $agent_pid
	wait $agent_pid 2>/dev/null
done

## A filter that lies: what was not done is not taken for done

config_defaults
LINUX=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
	{"names":["capset"],"action":"SCMP_ACT_ERRNO","errnoRet":0}]}'
like "capset" "$(run_in 'echo ran')" '^runt: CAP_.* is not set as it should be$'
LINUX=
finish
