# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests of builds: sourced after tests/lib.sh. No variable of the one who
# runs the tests is left, there is no way to a network, and nobody but a
# compiler of ours compiles.
#
#	copy DIR		copies the source, without what was built
#	compiler NAME		makes a compiler in $TMP/bin; $calls gets a line
#				for each call
#	$top $cache $sysroot $machine $jobs
#	$real			the machine's own compiler, which does the work
#	$TMP/trapped		what was called and must not be

top=${TESTS%/*}
cache=${RUNT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/runt}
machine=$(uname -m)
[ "$machine" = "$RUNT_ARCH" ] || skip_all "tests the machine's own build"
real=$(command -v cc) || skip_all "no cc: install gcc"
sysroot=$cache/sysroot/$machine
[ -e "$sysroot/include/jsmn.h" ] || skip_all "run make first"

# No variable of the one who runs the tests, no way to a network.
unset CC CFLAGS CPPFLAGS LDFLAGS LDLIBS PKG_CONFIG CROSS_COMPILE ARCH DESTDIR \
	PREFIX BINDIR DATADIR MANDIR BASHCOMPDIR ZSHCOMPDIR FISHCOMPDIR \
	SYSCONFDIR SYSTEMDUNITDIR INITS STATIC \
	SECCOMP LTO WERROR V MAKEFLAGS MFLAGS \
	MAKELEVEL BUILD
export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
export RUNT_CACHE="$TMP/cache"
jobs=-j$(nproc)

copy() {
	mkdir -p "$1"
	for file in Makefile config.mk LICENSE src arch rootfs-test toolchain
	do
		cp -a "$top/$file" "$1"
	done
}

# jsmn.h is found as if it were installed.
calls=$TMP/calls
mkdir "$TMP/bin" "$TMP/include"
cp "$sysroot/include/jsmn.h" "$TMP/include"
compiler() {
	cat >"$TMP/bin/$1" <<-END
	#!/bin/sh
	echo "$1 \$*" >>"$calls"
	exec $real -I$TMP/include "\$@"
	END
	chmod +x "$TMP/bin/$1"
}

# These are first in PATH.
mkdir "$TMP/trap"
for name in cc gcc c99 "$machine-linux-gnu-gcc" curl wget apt-get; do
	printf '#!/bin/sh\necho "trap: %s $*" >>%s\nexit 1\n' "$name" \
		"$TMP/trapped" >"$TMP/trap/$name"
	chmod +x "$TMP/trap/$name"
done
PATH=$TMP/trap:$TMP/bin:$PATH
