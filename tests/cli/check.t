#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016,SC2119,SC2120,SC2153
#
# check: its lines and its document, configurations of kernels and of bundles,
# and that it leaves nothing. What it says of this machine is compared with
# what works in container/check.t.

. "${0%/*}/../lib.sh"

top=${TESTS%/*}
cd "$TMP" || exit 1

# $1: lines, as printed; prints "status name" for each.
verdicts() {
	awk '/^(ok|warn|FAIL) / {
		status = $1
		sub(/^[^ ]* */, "")
		name = substr($0, 1, 23)
		sub(/ *$/, "", name)
		print status, name
	}' "$1"
}

## The form of it

state() {
	cat /proc/self/mountinfo
	find /sys/fs/cgroup -name cgroup.subtree_control \
		-exec grep -H . {} + 2>/dev/null
	find /sys/fs/cgroup -name 'runt-check-*'
	ls /run/runt 2>/dev/null
}
state >before
status=0
"$RUNT" check >lines 2>err || status=$?
state >after
is "nothing on standard error" "$(cat err)" ""
ok "it leaves nothing" cmp before after
is "no process either" "$(for file in /proc/[0-9]*/cmdline; do
	tr '\0' ' ' 2>/dev/null <"$file" | grep -x "$RUNT check "
done)" ""
is "no line beyond 80 columns" "$(awk 'length > 80' lines)" ""
is "plain ASCII, and no colours" "$(LC_ALL=C tr -d ' -~\n' <lines)" ""
is "each line has a status or goes on" \
	"$(grep -vcE '^(ok  |warn|FAIL)  [a-z/]|^ {29}[^ ]' lines)" 0
verdicts lines >plain
is "no name twice" "$(sort plain | uniq -d)" ""
if grep -q '^FAIL' lines; then
	is "exit status" "$status" 1
else
	is "exit status" "$status" 0
fi
for name in clone3 openat2 fsopen /proc privileges root cgroup2 \
	"device rules" "namespace pid" "namespace user" "mount proc" seccomp \
	"id-mapped mounts" "cgroup memory" apparmor; do
	ok "there is a line for $name" grep -q " $name\$" plain
done
is "what is not ok has a remedy, or a line above it that has" \
	"$(awk '/^ok/ { ok = 1 } /^(warn|FAIL)/ { ok = 0 }
		!ok && /;/ { seen = 1 } END { print seen + 0 }' lines)" \
	"$(if grep -q '^[wF]' lines; then echo 1; else echo 0; fi)"

status2=0
"$RUNT" check --json >doc 2>err || status2=$?
is "--json: the same exit status" "$status2 $(cat err)" "$status "
if command -v jq >/dev/null; then
	jq -r '.checks[] | "\(.status) \(.name)"' doc | sed 's/^fail/FAIL/' >json
	ok "  the same verdicts" cmp plain json
	is "  ok says the same as the exit status" "$(jq .ok doc)" \
		"$(if [ "$status" = 0 ]; then echo true; else echo false; fi)"
	is "  the keys of all of them" "$(jq -c '[.checks[]|keys]|unique' doc)" \
		'[["found","name","neededBy","remedy","status"]]'
	is "  what is ok needs no remedy" \
		"$(jq '[.checks[]|select(.status == "ok" and .remedy != "")]|length' \
		doc)" 0
else
	skip "--json" "no jq"
fi

esc=$(printf '\033')
if command -v script >/dev/null; then
	script -qec "'$RUNT' check" /dev/null </dev/null >screen
	like "in colour on a terminal" "$(cat screen)" "^$esc\[32mok$esc\[m    clone3"
	NO_COLOR=1 script -qec "'$RUNT' check" /dev/null </dev/null >screen
	unlike "but not with NO_COLOR" "$(cat screen)" "$esc"
	TERM=dumb script -qec "'$RUNT' check" /dev/null </dev/null >screen
	unlike "nor on a dumb one" "$(cat screen)" "$esc"
else
	skip "colours" "no script(1)"
fi
exits "an argument" 1 "$RUNT" check something

## The configuration of a kernel

# Makes ./config of the fragment and the release $1, without the options $2...
kernel() {
	{
		echo "#"
		echo "# Automatically generated file; DO NOT EDIT."
		echo "# Linux/$1 Kernel Configuration"
		echo "#"
		head -c 6000 /dev/zero | tr '\0' x | sed 's/^/CONFIG_LONG="/'
		echo '"'
		cat "$top/toolchain/runt.cfg"
		echo "CONFIG_LAST=y"
	} >config.all
	shift
	for option; do
		sed "s/^CONFIG_$option=.*/# CONFIG_$option is not set/" config.all \
			>config.less
		mv config.less config.all
	done
	mv config.all config
}

judge() {
	"$RUNT" check --kernel-config config "$@" >lines 2>&1
}

if [ ! -f "$top/toolchain/runt.cfg" ]; then
	skip_all "the fragment is not here"
fi
"$top/toolchain/kernel-fragment" >fragment
ok "toolchain/runt.cfg is what toolchain/kernel-fragment makes" \
	cmp fragment "$top/toolchain/runt.cfg"
sed -n '/^\.Ss Kernel/,/^\.Sh/s/^\.Dv CONFIG_\([A-Z0-9_]*\).*/CONFIG_\1=y/p' \
	"$top/src/runt.8" | sort >documented
is "the manual has those that a container as spec writes it needs" \
	"$(cat documented)" "$(sed '/^# What a/,$d' fragment | grep ^CONFIG | sort)"
kernel "arm64 6.1.21"
ok "the fragment has all that is required" judge
is "  all of what is not rare is ok" \
	"$(verdicts lines | grep -v '^ok' | cut -d ' ' -f 2- | tr '\n' ,)" \
	"cgroup io.weight,cgroup hugetlb,cgroup rdma,apparmor,selinux,"
like "  it says which kernel it is of" "$(cat lines)" \
	'^ok    clone3 +Linux/arm64 6\.1\.21 \(all'
unlike "  and nothing of this machine" "$(cat lines)" '^[a-zA-Z]+ +cgroup2 '

kernel "arm64 6.1.21" PID_NS
exits "without pid namespaces" 1 judge
like "  FAIL" "$(cat lines)" \
	'^FAIL  namespace pid +CONFIG_PID_NS is not set \(linux\.namespaces\);'
is "  that alone" "$(grep -c ^FAIL lines)" 1
like "  what helps" "$(tr -s '\n ' ' ' <lines)" \
	'the kernel needs CONFIG_PID_NS=y'
kernel "arm64 6.1.21" MEMCG
exits "without memory cgroups" 0 judge
like "  a warning" "$(cat lines)" '^warn  cgroup memory +CONFIG_MEMCG is not'
kernel "arm64 6.1.21"
sed 's/^CONFIG_OVERLAY_FS=y/CONFIG_OVERLAY_FS=m/' config >config.m
mv config.m config
judge
like "a module is there" "$(cat lines)" \
	'^ok    mount overlay +CONFIG_OVERLAY_FS=m'
for release in "arm 5.4.10:1:FAIL" "arm 5.10.0:0:ok" "riscv 6.18.1-rc2:0:ok"; do
	kernel "${release%%:*}"
	release=${release#*:}
	exits "a kernel that is ${release#*:}" "${release%:*}" judge
	like "  so are its calls" "$(cat lines)" "^${release#*:} +openat2 "
done
kernel "arm 5.10.0"
judge
like "what came later is missing" "$(cat lines)" \
	'^warn  cgroup cpu\.max\.burst .*5\.10\.0'
exits "without a release nothing is known to be wrong" 0 \
	"$RUNT" check --kernel-config "$top/toolchain/runt.cfg"
like "  and it says so" "$(cat "$OUTPUT")" '^warn  openat2 .*does not say'
grep -v UTS_NS "$top/toolchain/runt.cfg" >short
exits "nor what is the default" 1 "$RUNT" check --kernel-config short
like "  which it says, too" "$(tr -s '\n ' ' ' <"$OUTPUT")" \
	'FAIL namespace uts CONFIG_UTS_NS is not in the file, which is no whole \.config'
kernel "arm64 6.1.21"
is "from standard input" "$("$RUNT" check --kernel-config - <config)" \
	"$("$RUNT" check --kernel-config config)"
gzip <config >config.gz
exits "a compressed one is refused" 1 "$RUNT" check --kernel-config config.gz
is "  with what to do" "$(cat "$OUTPUT")" \
	"runt: config.gz is compressed: zcat config.gz | runt check --kernel-config -"
exits "what is none is refused" 1 "$RUNT" check --kernel-config lines
is "  by name" "$(cat "$OUTPUT")" "runt: lines is no configuration of a kernel"
exits "what is not there" 1 "$RUNT" check --kernel-config nowhere
like "  by name" "$(cat "$OUTPUT")" "^runt: open nowhere: No such file"

# Those of Debian's kernels that the boards run, where they were fetched.
cache=${RUNT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/runt}/kernel
for board in x86_64 aarch64 arm armv6 riscv64; do
	if [ -f "$cache/$board/config" ]; then
		ok "the kernel of board $board will do" \
			"$RUNT" check --kernel-config "$cache/$board/config"
	else
		skip "the kernel of board $board will do" "it was not fetched"
	fi
done

## A bundle, on that kernel

mkdir -p bundle/rootfs
"$RUNT" spec --bundle bundle
kernel "arm64 6.1.21" MEMCG TIME_NS USER_NS
ok "a bundle" judge --bundle bundle
is "  is all that is looked at" "$(verdicts lines | grep -c -e 'cgroup ' \
	-e time -e user$ -e overlay -e seccomp)" 0
for pair in "namespace pid:linux.namespaces\[0\]" "mount devpts:mounts\[2\]" \
	"clone3:all containers"; do
	like "  ${pair%:*} has its key" "$(cat lines)" \
		"^ok +${pair%:*} .*\(${pair#*:}"
done
sed 's/"resources": {/&"memory":{"limit":9000000},"pids":{"limit":5},/
	s/"namespaces": \[/&{"type":"time"},/' bundle/config.json >new
mv new bundle/config.json
exits "one that asks for what is missing" 1 judge --bundle bundle
is "  fails" "$(verdicts lines | grep FAIL | sort | tr '\n' ,)" \
	"FAIL cgroup memory,FAIL namespace time,"
like "  by its key" "$(tr -s '\n ' ' ' <lines)" \
	'CONFIG_MEMCG is not set \(linux\.resources\.memory\.limit\)'
kernel "arm64 6.1.21"
ok "  and not where it is there" judge --bundle bundle
exits "what is no bundle" 1 "$RUNT" check --bundle nowhere
like "  by name" "$(cat "$OUTPUT")" "^runt: open nowhere: No such"
sed 's/"args"/"args": 1, "x"/' bundle/config.json >new
mv new bundle/config.json
exits "what is wrong in it" 1 "$RUNT" check --bundle bundle
like "  has its place" "$(cat "$OUTPUT")" \
	"^runt: config.json:[0-9]+:[0-9]+: process.args: expected"

## A kernel that lacks nearly all: the emulators of user mode

for arch in aarch64 arm riscv64; do
	qemu=qemu-$arch-static
	runt=$top/build/$arch/runt
	if ! command -v $qemu >/dev/null || [ ! -x "$runt" ]; then
		skip "$qemu" "it is not installed, or make ARCH=$arch first"
		continue
	fi
	exits "$qemu lacks what is required" 1 $qemu "$runt" check
	cp "$OUTPUT" lines
	for name in clone3 openat2 fsopen root cgroup2 "mount proc" masks; do
		like "  $name" "$(cat lines)" "^FAIL  $name "
	done
	like "  what helps" "$(tr -s '\n ' ' ' <lines)" \
		'openat2: Function not implemented \(all containers\); it takes Linux 5\.10'
	like "  seccomp" "$(cat lines)" "^warn  seccomp "
	like "  what it has works" "$(cat lines)" '^ok    namespace pid +works'
	is "  no line beyond 80 columns" "$(awk 'length > 80' lines)" ""
	rm -rf bundle2
	mkdir -p bundle2/rootfs
	"$RUNT" spec --bundle bundle2
	fails "  no container runs there" $qemu "$runt" --root "$TMP/root" \
		run --bundle bundle2 c
done
finish
