#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# What the four binaries are, read from the files and not from the flags that
# made them: static, position independent, nothing writable and executable,
# read-only after relocation, marked for branch protection, for ARMv6, small,
# and without heap and stdio in what is our own. Each check is shown a file that
# has the flaw, too, and has to see it.

# shellcheck disable=SC1091
. "${0%/*}/../lib.sh"

top=${TESTS%/*}
cache=${RUNT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/runt}
export LC_ALL=C
command -v readelf >/dev/null || skip_all "no readelf: install binutils"

# Prints the flaws of program $1, one word each.
flaws() {
	readelf -hldW "$1" 2>/dev/null | awk '
	/^ *Type:/ { type = $2 }
	$1 == "INTERP" { print "interpreter" }
	/\(NEEDED\)/ { print "needed" }
	/\(TEXTREL\)|TEXTREL/ { print "textrel" }
	$1 == "GNU_RELRO" { relro = 1 }
	/\((BIND_NOW|FLAGS|FLAGS_1)\).*NOW/ { now = 1 }
	$1 == "GNU_STACK" { stack = $0 }
	$1 == "LOAD" || $1 == "GNU_STACK" {
		flags = ""
		for (i = 7; i < NF; i++)
			flags = flags $i
		if (flags ~ /W/ && flags ~ /E/)
			print $1 == "LOAD" ? "write-execute" : "stack"
	}
	END {
		if (type != "DYN")
			print "not-pie"
		if (!relro)
			print "no-relro"
		if (!now)
			print "not-now"
		if (!stack)
			print "stack"
	}' | sort -u | tr '\n' ' '
}

# Prints what object $1 wants of libc that runt does without.
unwanted() {
	readelf -sW "$1" | awk '$7 == "UND" { print $8 }' | grep -xE "$ban" |
		tr '\n' ' '
}

heap='malloc|calloc|realloc|reallocarray|free|strn?dup|(posix_)?memalign'
heap="$heap|aligned_alloc|realpath|getline|getdelim|open_memstream|scandir"
stdio='f(d|re)?open|fclose|fflush|fread|fwrite|fgets|fputs|fputc|putchar|puts'
stdio="$stdio|perror|std(in|out|err)|v?(f|d|a|s)?printf|v?(f|s)?scanf|popen"
stdio="$stdio|pclose|setv?buf|getc|putc|getchar|gets|ungetc|tmpfile"
strings='strcpy|stpcpy|strcat|strtok|system|atoi|atol|tmpnam|mktemp'
ban="_*($heap|$stdio|$strings)(_chk)?|__isoc(99|23)_.*"

# Prints how large a program may be that was $1 bytes when that was recorded: two
# percent more, but once it kept the target $2, no more than that.
most() {
	echo $((($1 > $2 || $1 * 102 / 100 < $2) ? $1 * 102 / 100 : $2))
}
is "two percent more" "$(most 1000 500) $(most 1000 5000)" "1020 1020"
is "the target is kept" "$(most 1000 1000) $(most 1000 1010)" "1000 1010"

# check_size FILE VARIANT TARGET
check_size() {
	"$strip" -o "$TMP/stripped" "$top/build/$arch/$1"
	size=$(($(wc -c <"$TMP/stripped")))
	recorded=$(awk -v arch="$arch" -v variant="$2" \
		'$1 == arch && $2 == variant { print $3 }' \
		"$TESTS/data/size.tbl")
	if [ -z "$recorded" ]; then
		fail "$arch, $2: has a size in tests/data/size.tbl ($size)"
		return
	fi
	most=$(most "$recorded" "$3")
	diag "$arch, $2: $size bytes stripped, $recorded recorded"
	ok "$arch, $2: at most $most bytes stripped" [ "$size" -le "$most" ]
}

## The binaries

for arch in x86_64 aarch64 arm riscv64; do
	runt=$top/build/$arch/runt
	if [ ! -e "$runt" ]; then
		fail "$arch: is built (make ARCH=$arch)"
		continue
	fi
	is "$arch: a static PIE with nothing amiss" "$(flaws "$runt")" ""

	find "$top/build/$arch/src" -name '*.o' | while read -r object; do
		source=${object#"$top/build/$arch/"}
		[ -e "$top/${source%.o}.c" ] || continue
		names=$(unwanted "$object")
		[ -z "$names" ] || echo "$source: $names"
	done >"$TMP/names"
	is "$arch: no heap, stdio, system, strcpy or sprintf" \
		"$(cat "$TMP/names")" ""

	strip=$cache/sysroot/$arch/bin/$arch-linux-musl-strip
	if [ -x "$strip" ]; then
		check_size runt SECCOMP=1 327680
		check_size tables/runt SECCOMP=tables 163840
	else
		skip "$arch: size" "built with a compiler of someone else's"
	fi
done

is "aarch64: BTI and PAC are marked" "$(readelf -nW "$top/build/aarch64/runt" |
	sed -n 's/.*AArch64 feature: //p')" "BTI, PAC"

# Prints the newest architecture of file $1, and its floating point unit's.
attributes() {
	readelf -A "$1" | sed -n 's/^ *Tag_\(CPU_arch\|FP_arch\): //p' |
		tr '\n' ' '
}
is "arm: ARMv6 and no floating point" \
	"$(attributes "$top/build/arm/runt")" "v6 "

# aarch64 kernels have pages of up to 64 KiB: no two segments may share one.
sharing() {
	readelf -lW "$1" | awk '
	function number(hex,  i, n) {
		for (i = 3; i <= length(hex); i++)
			n = n * 16 + index("123456789abcdef", substr(hex, i, 1))
		return n
	}
	$1 == "LOAD" {
		start = int(number($3) / 65536)
		if (n++ && start <= last)
			print "shared"
		last = int((number($3) + number($6) - 1) / 65536)
		if (number($2) % 65536 != number($3) % 65536)
			print "misplaced"
	}'
}
is "aarch64: segments on 64 KiB pages of their own" \
	"$(sharing "$top/build/aarch64/runt")" ""

## At run time

# Prints the rights of the mapping of RELRO in a running runt.
relro_rights() {
	# shellcheck disable=SC2153
	strace -e trace=mprotect "$RUNT" --version 2>&1 >/dev/null |
		grep -c '^mprotect(.*, PROT_READ) *= 0'
}
if command -v strace >/dev/null; then
	is "what is to be read-only after relocation is made so" \
		"$(relro_rights)" 1
else
	skip "RELRO at run time" "no strace"
fi

## The checks themselves

if ! command -v cc >/dev/null; then
	skip "the checks see flaws" "no cc"
	finish
fi
echo 'int x; int main(void) { return x; }' >"$TMP/a.c"

# Expects flaw $1 in a program linked with the other arguments.
sees() {
	flaw=$1
	shift
	rm -f "$TMP/a"
	cc -o "$TMP/a" "$TMP/a.c" "$@" 2>"$TMP/cc.log" || cat "$TMP/cc.log"
	like "sees: $flaw" "$(flaws "$TMP/a")" "(^| )$flaw( |$)"
}
sees interpreter -pie -fPIE
sees needed -pie -fPIE
sees not-pie -no-pie
sees not-pie -static
sees no-relro -pie -fPIE -Wl,-z,norelro
sees not-now -pie -fPIE -Wl,-z,lazy
sees stack -pie -fPIE -Wl,-z,execstack
printf '.section .both,"awx"\n.long 0\n.section .note.GNU-stack,""\n' >"$TMP/w.s"
sees write-execute -pie -fPIE "$TMP/w.s"
if [ "$(uname -m)" = x86_64 ]; then
	echo '.data
	.globl main
	.section .text
	main: .quad main' >"$TMP/t.s"
	cc -pie -Wl,-z,notext -o "$TMP/a" "$TMP/t.s" 2>"$TMP/cc.log"
	like "sees: textrel" "$(flaws "$TMP/a")" '(^| )textrel( |$)'
fi

for call in 'malloc(1)' 'printf("%d", 1)' 'strcpy(b, b)' 'sprintf(b, "%d", 1)' \
	'fopen(b, b)' 'system(b)'; do
	echo "#include <stdio.h>
	#include <stdlib.h>
	#include <string.h>
	char b[9];
	int f(void) { return (int)(long)$call; }" >"$TMP/b.c"
	cc -w -O0 -fno-builtin -c -o "$TMP/b.o" "$TMP/b.c"
	isnt "sees: $call" "$(unwanted "$TMP/b.o")" ""
done
echo '#include <stdio.h>
char b[9];
int f(void) { return snprintf(b, sizeof(b), "%d", 1); }' >"$TMP/b.c"
cc -w -O0 -fno-builtin -c -o "$TMP/b.o" "$TMP/b.c"
is "snprintf is no matter" "$(unwanted "$TMP/b.o")" ""

finish
