#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# Every row of the system call tables in arch/ against what else knows it: the
# kernel headers of the cross toolchain and the newest that Debian has, and
# libseccomp's resolver, which also checks arch.h. Each comparison is shown a
# table with two numbers swapped, too, and has to see it.
#
# shellcheck disable=SC2317 # "each" and "ok" call functions by their names

. "${0%/*}/../lib.sh"

root=${TESTS%/*}
gen=$root/toolchain/gen-syscalls
cache=${RUNT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/runt}
wrong=$TMP/wrong

# ABI, its table, the machine whose compiler has its headers, the flag for it.
tables='
x86_64 x86_64/syscall.tbl x86_64
i386 x86_64/i386.tbl x86_64 -m32
x32 x86_64/x32.tbl x86_64 -mx32
arm arm/syscall.tbl arm
aarch64 aarch64/syscall.tbl aarch64
riscv64 riscv64/syscall.tbl riscv64
'

# Calls that were given a number between those of older ones.
late=' x86_64:uretprobe x86_64:uprobe x32:uretprobe x32:uprobe'
late="$late riscv64:riscv_hwprobe "

# Runs "$@" with the columns of every table.
each() {
	echo "$tables" | while read -r abi file machine flag; do
		[ -z "$abi" ] || echo "$abi $file $machine $flag"
	done >"$TMP/each"
	while read -r abi file machine flag <&3; do
		"$@"
	done 3<"$TMP/each"
}

compiler() {
	echo "$cache/sysroot/$1/bin/$1-linux-musl-gcc"
}

# Prints the kernel version of table $1 as LINUX_VERSION_CODE has it, without
# the third number, in which no call is ever added.
version_of_table() {
	sed -n 's/^# .*Linux \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' "$1" | {
		read -r major minor
		echo $((major << 16 | minor << 8))
	}
}

version_of_headers() {
	code=$(printf '#include <linux/version.h>\nLINUX_VERSION_CODE\n' |
		"$@" -E -P - | tail -n 1)
	echo $((code & ~255))
}

# One name and one number per row, no number and no name twice, in order.
well_formed() {
	awk -F '\t' '
	/^#/ && !rows { next }
	!/^[a-z_][a-z0-9_]*\t(0|[1-9][0-9]*)$/ { print "not a row: " $0; bad++ }
	rows++ && $2 + 0 <= last { print "not in order: " $0; bad++ }
	seen[$1]++ { print "twice: " $0; bad++ }
	{ last = $2 + 0 }
	END { exit bad || rows < 300 }' "$1"
}

# Prints how table $1 of ABI $2 differs from the rows $3, which are of headers
# as old as the table ($4 is 0), older (less than 0) or newer. Calls that were
# not there yet are no difference.
differences() {
	awk -F '\t' -v abi="$2" -v age="$4" -v late="$late" '
	function short(n) { return n >= 1073741824 ? n - 1073741824 : n + 0 }
	function common(n) {
		n = short(n)
		return n < 983040 && !(abi == "x32" && n >= 512 && n <= 547)
	}
	function is_late(name) {
		return index(late, " " abi ":" name " ")
	}
	/^#/ { next }
	FNR == NR {
		table[$1] = $2 + 0
		if (common($2) && short($2) > newest)
			newest = short($2)
		next
	}
	{
		headers[$1] = $2 + 0
		if (common($2) && short($2) > known)
			known = short($2)
	}
	END {
		for (name in table) {
			n = table[name]
			if (name in headers) {
				if (headers[name] != n)
					print name, n ": headers say", \
						headers[name]
			} else if (age >= 0 || !common(n) || \
				   (short(n) <= known && !is_late(name))) {
				print name, n ": not in the headers"
			}
		}
		for (name in headers) {
			n = headers[name]
			if (name in table)
				continue
			if (age > 0 && common(n) && short(n) > newest)
				print "later: " name, n
			else
				print name, n ": not in the table"
		}
	}' "$1" "$3"
}

# Passes when there are none but later calls.
agrees() {
	differences "$@" | sort >"$TMP/differences"
	cat "$TMP/differences"
	! grep -vq '^later: ' "$TMP/differences"
}

# Passes when the comparison "$@" says no to a table with openat2 and setns
# swapped, and because of that.
sees_swap() {
	status=0
	"$@" >"$TMP/seen" 2>&1 || status=$?
	cat "$TMP/seen"
	[ "$status" = 1 ] && grep -q '\<openat2\>' "$TMP/seen"
}

# Copies table $1 to $2, the numbers of the calls $3 and $4 swapped.
swap() {
	mkdir -p "${2%/*}"
	awk -F '\t' -v OFS='\t' -v a="$3" -v b="$4" '
	FNR == NR { number[$1] = $2; next }
	$1 == a { $2 = number[b] }
	$1 == b { $2 = number[a] }
	{ print }' "$1" "$1" >"$2"
}

check_form() {
	ok "$abi: rows are well formed and in order" \
		well_formed "$root/arch/$file"
	swap "$root/arch/$file" "$wrong/$file" openat2 setns
	ok "$abi: swapped numbers are out of order" \
		sees_swap well_formed "$wrong/$file"
}

check_toolchain() {
	cc=$(compiler "$machine")
	if [ ! -x "$cc" ]; then
		skip "$abi: the toolchain's headers agree" \
			"no toolchain for $machine in $cache"
		return
	fi
	rows=$TMP/$abi.toolchain
	# shellcheck disable=SC2086 # no flag is no word
	"$gen" --list "$cc" $flag -E >"$rows" || diag "$abi: no rows"
	# shellcheck disable=SC2086
	age=$(($(version_of_headers "$cc" $flag) - \
		$(version_of_table "$root/arch/$file")))
	ok "$abi: the toolchain's headers agree" \
		agrees "$root/arch/$file" "$abi" "$rows" "$age"
	ok "$abi: the toolchain's headers refuse swapped numbers" \
		sees_swap agrees "$wrong/$file" "$abi" "$rows" "$age"
}

check_newest() {
	new=$TMP/newest/$file
	age=$(($(version_of_table "$new") - \
		$(version_of_table "$root/arch/$file")))
	ok "$abi: the newest headers agree" \
		agrees "$root/arch/$file" "$abi" "$new" "$age"
	later=$(sed -n 's/^later: //p' "$TMP/differences" | tr '\n' ' ')
	ok "$abi: the newest headers refuse swapped numbers" \
		sees_swap agrees "$wrong/$file" "$abi" "$new" "$age"
	if [ "$later" ]; then
		skip "$abi: no call is missing" \
			"toolchain/gen-syscalls would add ${later% }"
	else
		pass "$abi: no call is missing"
	fi
}

# Builds the comparison with libseccomp for machine $1's arch.h.
build_resolver() {
	"$cc" -std=c11 -O1 -Wall -Wextra -Werror -static \
		-iquote "$root/arch/$1" "$TESTS/unit/syscalls/resolve.c" \
		-o "$TMP/resolve.$1" -lseccomp
}

# Whose arch.h has the ABI: aarch64's has arm's, too.
check_libseccomp() {
	for i in x86_64 aarch64 arm riscv64; do
		grep -q "X($abi, SCMP_ARCH" "$root/arch/$i/arch.h" || continue
		ok "$abi: libseccomp and $i's arch.h agree" \
			"$TMP/resolve.$i" "$abi" "$root/arch/$file"
		sed -n "s/^# /# $abi: /p" "$OUTPUT"
		ok "$abi: libseccomp refuses swapped numbers, $i's arch.h" \
			sees_swap "$TMP/resolve.$i" "$abi" "$wrong/$file"
	done
}

# Prints what not every table below $1 has alike of the numbers from 424 up,
# from where on they are assigned for all architectures at once.
uneven() {
	(cd "$1" && awk -F '\t' '
	FNR == 1 { tables[FILENAME] }
	/^#/ { next }
	{ n = $2 >= 1073741824 ? $2 - 1073741824 : $2 + 0 }
	n < 424 || n >= 983040 { next }
	FILENAME ~ /x32/ && n >= 512 && n <= 547 { next }
	{ calls[$1 " " n]; has[FILENAME, $1 " " n] }
	END {
		for (call in calls)
			for (table in tables)
				if (!((table, call) in has))
					print table " lacks " call
	}' ./*/*.tbl | sort)
}

check_common() {
	is "from 424 up all tables agree, but arm has no memfd_secret" \
		"$(uneven "$root/arch")" \
		"./arm/syscall.tbl lacks memfd_secret 447"
	mkdir -p "$TMP/uneven"
	cp -R "$root/arch/." "$TMP/uneven"
	swap "$root/arch/riscv64/syscall.tbl" \
		"$TMP/uneven/riscv64/syscall.tbl" mseal openat2
	like "swapped numbers are seen from 424 up" \
		"$(uneven "$TMP/uneven")" 'riscv64.* lacks mseal 462'
}

each check_form
check_common
each check_toolchain

if "$gen" --into "$TMP/newest" >"$TMP/log" 2>&1; then
	each check_newest
else
	skip "the newest headers agree" "$(tail -n 1 "$TMP/log")"
fi

cc=$(compiler "$(tap_machine)")
if [ -x "$cc" ]; then
	for i in x86_64 aarch64 arm riscv64; do
		ok "the comparison with libseccomp for $i builds" \
			build_resolver $i
	done
	each check_libseccomp
else
	skip "libseccomp agrees" "no toolchain for $(tap_machine) in $cache"
fi

finish
