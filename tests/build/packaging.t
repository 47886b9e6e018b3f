#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 900
#
# What those who package runt rely on: whose compiler and flags are used, what
# is installed and where, that nothing is fetched, that two builds of one source
# are the same bytes. A compiler of ours notes how it was called and does what
# it was told with the real one.

# shellcheck disable=SC2154 # what common.sh sets
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

copy "$TMP/src"
cd "$TMP/src" || exit 1
sources=$(find src -name '*.c' | wc -l)
compiler their-cc
compiler their-gcc
compiler cross-gcc

# Runs make on a clean tree with "$@" in front of the command (its environment)
# up to "--" and in its arguments after it.
build() {
	rm -rf build
	: >"$calls"
	environment=
	while [ "$1" != -- ]; do
		environment="$environment '$1'"
		shift
	done
	shift
	eval "env $environment make $jobs \"\$@\"" >"$TMP/make.log" 2>&1 && return
	tail -n 20 "$TMP/make.log"
	return 1
}

compiles() {
	grep -c -e ' -c -o .* src/.*\.c$' "$calls"
}

# How many compiler calls that compile lack the word $1?
lack() {
	grep -e ' -c -o ' "$calls" | grep -vc -e " $1 "
}

link_line() {
	grep -e " -o build/$machine/runt " "$calls"
}

runt=build/$machine/runt

## Whose compiler

ok "CC of two words from the environment" build "CC=$TMP/bin/their-cc --sysroot=/" \
	STATIC=0 SECCOMP=tables -- all
is "it compiled every file" "$(compiles)" "$sources"
is "with its second word" "$(lack --sysroot=/)" 0
like "and linked" "$(link_line)" '^their-cc --sysroot=/ '
ok "the result runs" "$runt" --version
is "and with SECCOMP=tables" "$(lack -DRUNT_SECCOMP=2)" 0
unlike "and links no libseccomp" "$(readelf -d "$runt")" 'seccomp'
like "STATIC=0 is dynamic" "$(readelf -d "$runt")" 'NEEDED.*libc\.'
like "and position independent" "$(readelf -hW "$runt")" 'Type: *DYN'
like "and keeps RELRO and NOW" "$(readelf -dlW "$runt" | tr '\n' ' ')" \
	'GNU_RELRO.*NOW|NOW.*GNU_RELRO'

ok "the same from the command line" build -- \
	CC="$TMP/bin/their-cc --sysroot=/" STATIC=0 SECCOMP=0 CFLAGS=-O1 \
	CPPFLAGS=-DTHEIRS=1 LDFLAGS="-Wl,-z,defs -Wl,--no-undefined" all
is "it compiled every file" "$(compiles)" "$sources"
is "with its second word" "$(lack --sysroot=/)" 0
is "CFLAGS reach every compile" "$(lack -O1)" 0
is "CPPFLAGS reach every compile" "$(lack -DTHEIRS=1)" 0
like "LDFLAGS reach the link" "$(link_line)" '-Wl,-z,defs -Wl,--no-undefined'
like "CFLAGS come last, after ours" "$(grep -m 1 -e ' -c ' "$calls")" \
	'-Os .*-O1 '
for flag in -fPIE -fstack-protector-strong -std=gnu11 -D_GNU_SOURCE \
	-DRUNT_SECCOMP=0; do
	is "CFLAGS take nothing away: $flag" "$(lack "$flag")" 0
done
like "LDFLAGS take nothing away" "$(link_line)" '-z,relro,-z,now .*-Wl,-z,defs'

# A smaller runt will do for what follows.
small() {
	rm -r src/[a-z]*/*.c src/main.c
	cp "$top"/src/base/*.c src/base
	cat >src/main.c <<-'END'
	#include <sys/wait.h>
	#include "oci/spec.h"
	#if RUNT_SECCOMP == 1
	#include <seccomp.h>
	#endif
	int main(void)
	{
	#if RUNT_SECCOMP == 1
		return !seccomp_version();
	#endif
		return 0;
	}
	END
}
small
sources=$(find src -name '*.c' | wc -l)

ok "CFLAGS and LDFLAGS from the environment" build CC="$TMP/bin/their-cc" \
	STATIC=0 SECCOMP=0 CFLAGS=-O1 LDFLAGS=-Wl,-z,defs -- all
is "CFLAGS reach every compile" "$(lack -O1)" 0
like "LDFLAGS reach the link" "$(link_line)" '-Wl,-z,defs'

object=build/$machine/src/base/err.o
ok "CROSS_COMPILE from the environment" build CROSS_COMPILE="$TMP/bin/cross-" \
	STATIC=0 SECCOMP=0 -- "$object"
like "names the compiler" "$(tail -n 1 "$calls")" '^cross-gcc '
ok "CROSS_COMPILE from the command line" build -- \
	CROSS_COMPILE="$TMP/bin/cross-" STATIC=0 SECCOMP=0 "$object"
like "names the compiler" "$(tail -n 1 "$calls")" '^cross-gcc '
ok "CC goes before CROSS_COMPILE" build CROSS_COMPILE="$TMP/bin/cross-" \
	CC="$TMP/bin/their-gcc" STATIC=0 SECCOMP=0 -- "$object"
like "and is used" "$(tail -n 1 "$calls")" '^their-gcc '

## Where libseccomp is

mkdir "$TMP/seccomp"
cp "$sysroot/include/seccomp.h" "$sysroot/include/seccomp-syscalls.h" \
	"$TMP/seccomp"
cat >"$TMP/bin/their-pkg-config" <<END
#!/bin/sh
echo "pkg-config \$*" >>"$TMP/pkg-config"
case "\$*" in
*--cflags*) echo -I$TMP/seccomp -DFROM_PKG_CONFIG ;;
*--libs*) echo -L$TMP/seccomp -Wl,--defsym=from_pkg_config=0 ;;
esac
END
chmod +x "$TMP/bin/their-pkg-config"
for how in environment "command line"; do
	if [ "$how" = environment ]; then
		set -- "PKG_CONFIG=$TMP/bin/their-pkg-config" -- "$object"
	else
		set -- -- "PKG_CONFIG=$TMP/bin/their-pkg-config" "$object"
	fi
	ok "PKG_CONFIG from the $how" build CC="$TMP/bin/their-cc" STATIC=0 "$@"
	like "its flags are used" "$(tail -n 1 "$calls")" ' -DFROM_PKG_CONFIG '
done
like "it was asked for libseccomp" "$(cat "$TMP/pkg-config")" \
	'--cflags libseccomp'
printf '#error\n' >"$TMP/seccomp/seccomp.h"
fails "SECCOMP=1 without libseccomp is refused" build CC="$TMP/bin/their-cc" \
	PKG_CONFIG="$TMP/bin/their-pkg-config" STATIC=0 -- all
like "in one line that names the ways out" "$(cat "$TMP/make.log")" \
	'^runt: .* finds no seccomp.h: .*libseccomp-dev.*SECCOMP=tables'
fails "SECCOMP=yes is refused" build CC="$TMP/bin/their-cc" SECCOMP=yes -- all
like "with the values it can have" "$(cat "$TMP/make.log")" '1, tables or 0'

## For which machine

for pair in amd64:x86_64 x86:x86_64 arm64:aarch64 armhf:arm armv7:arm \
	armv6l:arm arm:arm riscv:riscv64 riscv64:riscv64; do
	is "ARCH=${pair%:*} is ${pair#*:}" "$(make -pn ARCH="${pair%:*}" \
		CC=false STATIC=0 SECCOMP=0 help 2>/dev/null |
		sed -n 's/^ARCH := //p' | tail -n 1)" "${pair#*:}"
done
fails "ARCH=mips is refused" make ARCH=mips help
like "with the machines that there are" "$(cat "$OUTPUT")" \
	'mips.*aarch64 arm riscv64 x86_64'
other=aarch64
[ "$machine" != aarch64 ] || other=x86_64
fails "a compiler for another machine is refused" build \
	CC="$TMP/bin/their-cc" ARCH=$other STATIC=0 SECCOMP=0 -- all
like "in one line" "$(cat "$TMP/make.log")" "does not compile for ARCH=$other"

## A compiler that ignores -static-pie

cat >"$TMP/bin/liar" <<END
#!/bin/sh
for arg; do
	shift
	[ "\$arg" != -static-pie ] || arg=-pie
	set -- "\$@" "\$arg"
done
exec $real -I$TMP/include "\$@"
END
chmod +x "$TMP/bin/liar"
fails "a dynamic binary where a static one was asked for" build \
	CC="$TMP/bin/liar" SECCOMP=0 -- all
like "is called by its name" "$(cat "$TMP/make.log")" 'ignores -static-pie'
ok "and not left there" [ ! -e "$runt" ]

## A musl compiler that is given

ok "a musl compiler with its own libseccomp" build \
	CC="$sysroot/bin/$machine-linux-musl-gcc" PATH="${PATH#"$TMP/trap:"}" \
	-- all
like "makes a static PIE" "$(readelf -hW "$runt")" 'Type: *DYN'
unlike "without an interpreter" "$(readelf -lW "$runt")" INTERP
ok "that runs, with libseccomp in it" "$runt"

## What is rebuilt

make "CC=$TMP/bin/their-cc" STATIC=0 SECCOMP=0 "$jobs" >"$TMP/log" 2>&1
again() {
	: >"$calls"
	make "CC=$TMP/bin/their-cc" STATIC=0 SECCOMP=0 "$jobs" \
		"$@" >"$TMP/make.log" 2>&1
	compiles
}
is "nothing changed, nothing is rebuilt" "$(again)" 0
touch src/base/err.c
is "a source: itself" "$(again)" 1
touch src/oci/spec.h
rebuilt=$(again)
like "a header: those who include it" "$rebuilt" '^[1-9]'
isnt "and not all" "$rebuilt" "$sources"
touch config.mk
is "config.mk: everything" "$(again)" "$sources"
sed -i 's/^SECCOMP ?= .*/SECCOMP ?= tables/' config.mk
is "a flag: everything" "$(again CFLAGS=-O1)" "$sources"
is "a knob: everything" "$(again SECCOMP=tables)" "$sources"
cp "$top/config.mk" config.mk

## What is installed

installed() {
	(cd "$1" && find . ! -type d | sort | tr '\n' ' ')
}
make "CC=$TMP/bin/their-cc" STATIC=0 SECCOMP=0 "$jobs" >"$TMP/log" 2>&1
ok "install" make "CC=$TMP/bin/their-cc" STATIC=0 SECCOMP=0 install \
	DESTDIR="$TMP/dest" PREFIX=/usr
is "the program, its manual and completions, nothing else" \
	"$(installed "$TMP/dest")" "./usr/bin/runt \
./usr/share/bash-completion/completions/runt \
./usr/share/fish/vendor_completions.d/runt.fish ./usr/share/man/man8/runt.8 \
./usr/share/zsh/site-functions/_runt "
ok "as it was built, not stripped" cmp "$runt" "$TMP/dest/usr/bin/runt"
like "with its symbols" "$(readelf -SW "$TMP/dest/usr/bin/runt")" '\.symtab'
is "modes" "$(cd "$TMP/dest" && stat -c %a usr/bin/runt \
	usr/share/man/man8/runt.8 | tr '\n' ' ')" "755 644 "
ok "from the environment, one half" env CC="$TMP/bin/their-cc" STATIC=0 \
	SECCOMP=0 DESTDIR="$TMP/dest2" BINDIR=/sbin make install-bin
is "is in BINDIR" "$(installed "$TMP/dest2")" "./sbin/runt "
ok "the other half" env DESTDIR="$TMP/dest3" MANDIR=/man CC="$TMP/bin/their-cc" \
	make install-man
is "is in MANDIR" "$(installed "$TMP/dest3")" "./man/man8/runt.8 "

ok "what init systems need" make -s install-init CC=false PREFIX=/usr \
	DESTDIR="$TMP/dest4"
is "is all there" "$(installed "$TMP/dest4")" "./etc/init.d/S90runt \
./etc/init.d/runt ./usr/lib/systemd/system/runt-notify@.service \
./usr/lib/systemd/system/runt@.service ./usr/share/runt/runit/check \
./usr/share/runt/runit/finish ./usr/share/runt/runit/run \
./usr/share/runt/s6/finish ./usr/share/runt/s6/notification-fd \
./usr/share/runt/s6/run ./usr/share/runt/s6/timeout-kill "
ok "those of one" env CC=false BINDIR=/opt/bin SYSCONFDIR=/e INITS=sysv \
	DESTDIR="$TMP/dest5" make -s install-init
is "are where they were wanted" "$(installed "$TMP/dest5")" "./e/init.d/S90runt "
like "  and call runt where it is" "$(cat "$TMP/dest5/e/init.d/S90runt")" \
	'"/opt/bin/[$]DAEMON"'
unlike "  not where it is not" "$(cat "$TMP/dest5/e/init.d/S90runt")" '/usr/bin'
unlike "  nor where PATH finds it" "$(cat "$TMP/dest5/e/init.d/S90runt")" \
	'"[$]DAEMON" '
is "  executable" "$(stat -c %a "$TMP/dest5/e/init.d/S90runt")" 755
fails "an init that there is not" make CC=false INITS=upstart install-init
like "  is called by its name" "$(cat "$OUTPUT")" 'INITS: no upstart'

## Without a compiler

ok "make clean" env CC=/nonexistent/cc make clean
ok "removes what was built" [ ! -e build ]
ok "make clean with nothing given" make clean
ok "make help" make help
is "no build touched the cache or fetched anything" \
	"$(ls "$RUNT_CACHE" 2>/dev/null; cat "$TMP/trapped" 2>/dev/null)" ""

## The same bytes

# Elsewhere, at another time, in another order, from a tree of other modes.
PATH=${PATH#"$TMP/trap:$TMP/bin:"}
copy "$TMP/some/where/else"
cd "$TMP/some/where/else" || exit 1
find . -exec touch -d 2001-01-01 {} +
umask 077
for arch in x86_64 aarch64 arm riscv64; do
	if [ ! -e "$top/build/$arch/runt" ]; then
		skip "$arch: two builds" "make ARCH=$arch first"
		continue
	fi
	# What is there is for others to execute, too.
	ok "$arch: a build here" sh -c 'umask 022 && exec "$@"' - \
		make -C "$top" ARCH=$arch RUNT_CACHE="$cache"
	env TZ=Asia/Tokyo LC_ALL=C HOME=/nonexistent SOURCE_DATE_EPOCH=1 \
		make "$jobs" ARCH=$arch RUNT_CACHE="$cache" >"$TMP/make.log" 2>&1
	ok "$arch: two builds are the same bytes" \
		cmp "build/$arch/runt" "$top/build/$arch/runt"
	ok "$arch: and name no directory of the builder's" \
		sh -c "! grep -aF -e '$TMP' -e '$top/' -e '$cache' build/$arch/runt"
done

finish
