#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64 arm riscv64
#
# Ways around a seccomp filter: by the calls of another ABI, by processes that
# were started another way, by what runs before it is loaded. The container has
# all capabilities, so that nothing but the filter is in the way.

. "${0%/*}/../lib.sh"
. "${0%/*}/../container/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
"$RUNT" --version | grep -q '+SECCOMP' || skip_all "built without seccomp"

live=$TESTS/unit/seccomp_live
[ -x "$live" ] || live=${TESTS%/*}/build/$RUNT_ARCH/tests/unit/seccomp_live
[ -x "$live" ] || skip_all "no $live: make unit"
mkdir "$TMP/tool"
cp "$live" "$TMP/tool/live"

# A program of 32 bits that makes call 64, getppid on i386 and on arm, and exits
# with its errno, or with 0: a header, one segment, the code.
# shellcheck disable=SC2059
elf32() {
	printf '\177ELF\001\001\001\000\000\000\000\000\000\000\000\000'
	printf "\\002\\000$1\\000\\001\\000\\000\\000\\124\\000\\005\\010"
	printf '\064\000\000\000\000\000\000\000'"$2"'\064\000\040\000'
	printf '\001\000\000\000\000\000\000\000'
	printf '\001\000\000\000\000\000\000\000\000\000\005\010\000\000\005\010'
	printf '\000\001\000\000\000\001\000\000\005\000\000\000\000\000\001\000'
	printf "$3"
	head -c 200 /dev/zero
}
case $RUNT_ARCH in
x86_64)
	elf32 '\003' '\000\000\000\000' "\\270\\100\\000\\000\\000\\315\\200\
\\367\\330\\211\\303\\270\\001\\000\\000\\000\\315\\200" >"$TMP/tool/other"
	;;
aarch64)
	elf32 '\050' '\000\002\000\005' "\\100\\160\\240\\343\\000\\000\\000\
\\357\\000\\000\\140\\342\\001\\160\\240\\343\\000\\000\\000\\357" \
		>"$TMP/tool/other"
	;;
esac
chmod 755 "$TMP"/tool/*

bundle b
c=c$$
MOUNTS=",{\"destination\":\"/mnt\",\"type\":\"bind\",\"source\":\"$TMP/tool\",
 \"options\":[\"rbind\",\"ro\"]}"
CAPS='"CAP_SYS_ADMIN","CAP_SYS_PTRACE","CAP_SETUID","CAP_KILL"'

# archs NAMES: getppid fails with errno 28 on these and the machine's own.
archs() {
	LINUX=",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",
	\"architectures\":[$1],\"syscalls\":[{\"names\":[\"getppid\"],
	\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":28}]}"
}
status() {
	ARGS="$1"
	config
	got=0
	rt run --bundle "$B" "$c" >"$TMP/out" 2>&1 || got=$?
	echo $got
}
other='"/mnt/other"'
case $RUNT_ARCH in
x86_64) names='"SCMP_ARCH_X86","SCMP_ARCH_X32"' ;;
*) names='"SCMP_ARCH_ARM"' ;;
esac
LINUX=
if [ ! -e "$TMP/tool/other" ]; then
	skip "a program of 32 bits" "$RUNT_ARCH has one ABI"
elif [ "$(status "$other")" != 0 ]; then
	skip "a program of 32 bits" "this kernel runs none: $(cat "$TMP/out")"
else
	for PROCESS in "" ',"noNewPrivileges":true'; do
		archs "$names"
		is "a program of 32 bits is filtered (${PROCESS:--})" \
			"$(status "$other")" 28
		archs ''
		is "and killed if its ABI is not listed" "$(status "$other")" \
			159
	done
fi
if [ "$RUNT_ARCH" = x86_64 ]; then
	call='"/mnt/live","call","0x4000006e"'
	LINUX=
	is "the number of an x32 call, unfiltered" "$(status "$call")" 0
	archs "$names"
	status "$call" >/dev/null
	is "is filtered" "$(cat "$TMP/out")" "errno 28"
	archs '"SCMP_ARCH_X86"'
	is "and killed if x32 is not listed" "$(status "$call")" 159
else
	skip "the number of an x32 call" "not on $RUNT_ARCH"
fi

# Every process of the container has the filter, however it came there.
archs ''
for PROCESS in "" ',"noNewPrivileges":true'; do
	ARGS=$(sh_args 'setsid sleep 1000 & (sleep 1000 &) & sleep 1000 & wait')
	config
	rt create --bundle "$B" $c </dev/null >/dev/null 2>&1
	rt start $c
	for more in "" "--user 7:8" "--cap CAP_SYS_ADMIN" "--no-new-privs"; do
		# shellcheck disable=SC2086
		rt exec -d $more $c sleep 1000 </dev/null >/dev/null 2>&1
	done
	bad='' count=0
	while [ "$(rt ps --format json $c | tr -cd , | wc -c)" -lt 7 ] &&
		[ $count -lt 100 ]; do
		sleep 0.1
		count=$((count + 1))
	done
	pids=$(rt ps --format json $c | tr -c '0-9' ' ')
	count=0
	for pid in $pids; do
		count=$((count + 1))
		grep -q '^Seccomp:.2' "/proc/$pid/status" || bad="$bad $pid"
	done
	is "all of 8 processes are filtered (${PROCESS:--})" "$count$bad" 8
	is "and none can take it off: exec again in it" \
		"$(rt exec $c /mnt/live call getppid 2>&1)" "errno 28"
	rt delete --force $c
done


# A filter that answers in the kernel's place, loaded before no_new_privs and
# all else: what takes something away comes before it.
IDS='"uid":0,"gid":0,"umask":63'
PROCESS=
CAPS='"CAP_KILL"'
for error in 1 22 0; do
	LINUX=",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[
		{\"names\":[\"prctl\",\"umask\"],\"action\":\"SCMP_ACT_ERRNO\",
		\"errnoRet\":$error}]}"
	ARGS='"/bin/sleep","1000"'
	config
	ok "a filter that answers prctl with $error" \
		rt create --bundle "$B" $c </dev/null
	pid=$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' "$STATE/$c/state.json")
	rt start $c
	await grep -q sleep "/proc/$pid/comm"
	is "  leaves no capability in the bounding set" \
		"$(awk '/^CapBnd|^Umask/ { print $2 }' "/proc/$pid/status" |
			tr '\n' ' ')" "0077 0000000000000020 "
	rt exec -d --pid-file "$TMP/pid" $c sleep 1000 </dev/null >/dev/null 2>&1
	await grep -q sleep "/proc/$(cat "$TMP/pid")/comm"
	is "  nor exec's" "$(awk '/^CapBnd|^CapEff|^Umask/ { print $2 }' \
		"/proc/$(cat "$TMP/pid")/status" | tr '\n' ' ')" \
		"0077 0000000000000020 0000000000000020 "
	rt delete --force $c
done
finish
