#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 900
#
# The recipes for Buildroot and Yocto, in toolchain/: that they keep the rules
# of those, agree with the source, and build and install what they should. It
# is their own commands that run here, in an environment as each of them makes
# it: a Makefile plays Buildroot's infrastructure, a few shell functions play
# bitbake's.

# shellcheck disable=SC2154 # what common.sh sets
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

br=$top/toolchain/buildroot
layer=$top/toolchain/yocto/meta-runt
version=$(sed -n 's/^VERSION = //p' "$top/config.mk")

installed() {
	(cd "$1" && find . ! -type d | sort | tr '\n' ' ')
}

## The rules of Buildroot's check-package

# Each rule prints the lines that break it, with their place.
mk_rules() {
	awk -v prefix="$(basename "$1" .mk | tr 'a-z-' 'A-Z_')" '
	function bad(why) { print FILENAME ":" FNR ": " why ": " $0 }
	FNR == 1 || FNR == 5 { if ($0 !~ /^#+$/ || length != 80) bad("header") }
	FNR == 2 || FNR == 4 { if ($0 != "#") bad("header") }
	FNR == 6 && $0 != "" { bad("header") }
	/[ \t]$/ { bad("space at the end") }
	/(  |\t ?)\\$/ { bad("one space before a backslash") }
	/[^$]\$\{/ { bad("braces") }
	/^(ifdef|ifndef)/ { bad("ifdef") }
	/_(INSTALL_TARGET *= *YES|INSTALL_STAGING *= *NO)/ { bad("a default") }
	/_SOURCE *=/ { bad("a default") }
	/^(define )?[A-Z0-9_]+( |$)/ {
		name = $1 == "define" ? $2 : $1
		if (name ~ /_/ && index(name, prefix "_") != 1)
			bad("prefix " prefix)
	}
	/^[A-Z0-9_]+ *[+:?]?=/ && !/^[A-Z0-9_]+ [+:?]?=( [^ ]|$)/ &&
		!/= \\$/ { bad("one space around =") }
	/^define / { inside = 1; next }
	/^endef/ { inside = 0 }
	(inside || more) && !/^\t/ { bad("a tab") }
	!inside && !more && /^\t/ { bad("no tab") }
	{ more = /\\$/ }
	$0 == "" && last == "" && FNR > 1 { bad("two empty lines") }
	{ last = $0 }
	END { if (last == "") bad("an empty line at the end") }' "$1"
}

config_rules() {
	awk '
	function bad(why) { print FILENAME ":" FNR ": " why ": " $0 }
	BEGIN {
		order["bool"] = 1; order["default"] = 2; order["depends"] = 3
		order["select"] = 4; order["help"] = 5
	}
	/[ \t]$/ { bad("space at the end") }
	/^(config|comment|source|if|endif|menu|endmenu)/ {
		state = help = more = 0
		next
	}
	help && $0 != "" && (!/^\t  / || length > 65) { bad("help: tab, 2, 62") }
	help || $0 == "" { next }
	more { if (!/^\t\t/) bad("a continued line"); more = /\\$/; next }
	{ more = /\\$/ }
	!/^\t[a-z]/ { bad("one tab") }
	$1 in order {
		if (order[$1] < state) bad("order")
		state = order[$1]
	}
	/^\tdefault n$/ { bad("default n") }
	$1 == "help" { help = 1 }' "$1"
}

hash_rules() {
	awk '
	/^#/ || $0 == "" { origin = origin || /^#/; next }
	!/^sha256  [0-9a-f]+  [^ ]+$/ || length($2) != 64 || !origin {
		print FILENAME ":" FNR ": " $0
	}' "$1"
}

sysv_rules() {
	awk '
	/^\t* / || /[ \t]$/ { print FILENAME ":" FNR ": space: " $0 }
	/^DAEMON=/ { daemon = $0 }
	/^PIDFILE=/ && !/"\/var\/run\/\$DAEMON.pid"/ { print FILENAME ": " $0 }
	END {
		if (daemon != "DAEMON=\"runt\"")
			print FILENAME ": " daemon
	}' "$1"
	echo "${1##*/}" | grep -v '^S[0-9][0-9]runt$'
}

for file in "$br"/package/*/*.mk; do
	is "${file##*/} keeps the rules" "$(mk_rules "$file")" ""
done
for file in "$br"/package/*/Config.in; do
	is "${file#"$br"/package/} keeps the rules" "$(config_rules "$file")" ""
done
is "runt.hash keeps the rules" "$(hash_rules "$br/package/runt/runt.hash")" ""
is "S90runt keeps the rules" \
	"$(sysv_rules "$top/rootfs-test/init/sysv/S90runt")" ""
printf 'RUNT_X= y\n' >"$TMP/runt.mk"
like "the rules are there" "$(mk_rules "$TMP/runt.mk")" 'header.*|one space'
printf 'config X\n\tselect Y\n\tbool "x"\n' >"$TMP/Config.in"
like "  those of Config.in, too" "$(config_rules "$TMP/Config.in")" order

like "external.desc" "$(head -n 1 "$br/external.desc")" '^name: RUNT$'
is "Config.in has all packages" \
	"$(sed -n 's|.*PATH/package/\(.*\)/Config.in"|\1|p' "$br/Config.in" |
		sort)" "$(ls "$br/package")"

# What Buildroot's own configuration has of what ours asks for, read by the same
# program: a select or a depends that does not hold makes it complain.
cat >"$TMP/Buildroot.in" <<END
config BR2_EXTERNAL_RUNT_PATH
	string
	default "$br"
config BR2_aarch64
	bool "aarch64"
config BR2_arm
	bool "arm"
config BR2_ARM_CPU_ARMV4
	bool "v4"
config BR2_ARM_CPU_ARMV5
	bool "v5"
config BR2_RISCV_64
	bool "riscv64"
config BR2_x86_64
	bool "x86_64"
config BR2_USE_MMU
	bool "mmu"
	default y
config BR2_TOOLCHAIN_GCC_AT_LEAST_8
	bool "gcc"
	default y
config BR2_TOOLCHAIN_HEADERS_AT_LEAST_5_10
	bool "headers"
	default y
config BR2_INIT_SYSTEMD
	bool "systemd"
config BR2_PACKAGE_CGROUPFS_MOUNT
	bool "v1"
config BR2_PACKAGE_CGROUPFS_V2_MOUNT
	bool "v2"
	depends on !BR2_INIT_SYSTEMD
	depends on !BR2_PACKAGE_CGROUPFS_MOUNT
config BR2_PACKAGE_JSMN
	bool "jsmn"
source "$br/Config.in"
END
# configured OPTION...: the packages that are there then, and what was said.
configured() {
	for option; do
		echo "CONFIG_BR2_$option"
	done >"$TMP/.config"
	KCONFIG_CONFIG=$TMP/.config kconfig-conf --olddefconfig \
		"$TMP/Buildroot.in" 2>&1 | grep -v '^#' | sed '/^$/d'
	sed -n 's/^CONFIG_BR2_PACKAGE_\(.*\)=y/\1/p' "$TMP/.config" |
		grep -v SUPPORTS | sort | tr '\n' ' '
}
if command -v kconfig-conf >/dev/null; then
	is "one line of configuration" \
		"$(configured aarch64=y PACKAGE_RUNT_EXAMPLE=y)" \
		"CGROUPFS_V2_MOUNT JSMN RUNT RUNT_EXAMPLE "
	is "  with systemd" \
		"$(configured arm=y INIT_SYSTEMD=y PACKAGE_RUNT=y)" "JSMN RUNT "
	is "  beside cgroups of version 1" "$(configured RISCV_64=y \
		PACKAGE_CGROUPFS_MOUNT=y PACKAGE_RUNT=y)" \
		"CGROUPFS_MOUNT JSMN RUNT "
	for lack in ARM_CPU_ARMV5=y TOOLCHAIN_GCC_AT_LEAST_8=n USE_MMU=n \
		TOOLCHAIN_HEADERS_AT_LEAST_5_10=n; do
		is "  not with $lack" \
			"$(configured arm=y $lack PACKAGE_RUNT_EXAMPLE=y)" ""
	done
else
	skip "one line of configuration" "no kconfig-conf"
fi

## The recipes and the source

for file in "$br"/package/*/*.mk; do
	is "${file##*/}: the version" \
		"$(sed -n 's/^RUNT[A-Z_]*_VERSION = //p' "$file")" "$version"
done
ok "Yocto: the version" test -f \
	"$layer/recipes-containers/runt/runt_$version.bb"
bb=$layer/recipes-containers/runt/runt_$version.bb
like "Buildroot: the licence is the one that it was" \
	"$(cat "$br/package/runt/runt.hash")" \
	"^sha256  $(sha256sum <"$top/LICENSE" | cut -d ' ' -f 1)  LICENSE$"
like "Yocto: the licence is the one that it was" "$(cat "$bb")" \
	"file://LICENSE;md5=$(md5sum <"$top/LICENSE" | cut -d ' ' -f 1)\""
is "Buildroot: the kernel's options are those of runt.cfg" \
	"$(sed -n 's/.*KCONFIG_ENABLE_OPT,\(.*\))$/\1=y/p' \
		"$br/package/runt/runt.mk")" \
	"$(grep '^CONFIG_' "$top/toolchain/runt.cfg")"

## Buildroot

# What Buildroot's infrastructure does of a generic package, at the end of its
# .mk file and before.
copy "$TMP/buildroot/runt"
mkdir "$TMP/host"
cat >"$TMP/buildroot/Makefile" <<'END'
BR2_EXTERNAL_RUNT_PATH = $(SOURCE)/toolchain/buildroot
TARGET_DIR = $(OUT)/target
TARGET_MAKE_ENV = PATH="$(HOST)/bin:$(PATH)"
TARGET_CFLAGS = -D_LARGEFILE_SOURCE -D_FILE_OFFSET_BITS=64 -O1 -g0
TARGET_CONFIGURE_OPTS = AR="ar" AS="as" LD="ld" NM="nm" CC="$(TARGET_CC)" \
	GCC="$(TARGET_CC)" CPP="cpp" RANLIB="ranlib" READELF="readelf" \
	STRIP="/bin/false" OBJCOPY="objcopy" \
	DEFAULT_ASSEMBLER="as" CFLAGS="$(TARGET_CFLAGS)" \
	CPPFLAGS="-D_LARGEFILE_SOURCE -DTHEIRS=1" LDFLAGS="$(TARGET_LDFLAGS)" \
	PKG_CONFIG="$(HOST)/bin/pkg-config"
TARGET_LDFLAGS = -Wl,-z,defs
INSTALL = install
KCONFIG_ENABLE_OPT = @echo $(1)
generic-package =
RUNT_PKGDIR = $(BR2_EXTERNAL_RUNT_PATH)/package/runt
RUNT_EXAMPLE_PKGDIR = $(BR2_EXTERNAL_RUNT_PATH)/package/runt-example/
include $(BR2_EXTERNAL_RUNT_PATH)/external.mk

runt/.built:
	$(RUNT_BUILD_CMDS)
runt/.installed:
	$(RUNT_INSTALL_TARGET_CMDS)
	$(if $(BR2_INIT_SYSTEMD),$(RUNT_INSTALL_INIT_SYSTEMD),\
		$(RUNT_INSTALL_INIT_SYSV))
runt/.kernel:
	$(RUNT_LINUX_CONFIG_FIXUPS)
example/.installed:
	$(RUNT_EXAMPLE_INSTALL_TARGET_CMDS)
show:
	@echo "$($(VAR))"
END
mkdir -p "$TMP/host/bin" "$TMP/buildroot/example"
cp "$br/package/runt-example/bundle/config.json" "$TMP/buildroot/example"
cat >"$TMP/host/bin/pkg-config" <<END
#!/bin/sh
echo "\$*" >>"$TMP/pkg-config"
END
chmod +x "$TMP/host/bin/pkg-config"
compiler br-gcc

# Makes target $1 with the configuration and the variables "$@".
buildroot() {
	target=$1
	shift
	make -s --no-print-directory -C "$TMP/buildroot" SOURCE="$top" \
		HOST="$TMP/host" OUT="$TMP/buildroot" BR2_ARCH='"x86_64"' \
		TARGET_CC="$TMP/bin/br-gcc --sysroot=/" "$@" "$target" \
		>"$TMP/make.log" 2>&1
	rc=$?
	[ $rc = 0 ] || tail -n 20 "$TMP/make.log"
	return $rc
}
[ "$machine" = x86_64 ] || skip_all "the imitations are for x86_64"
export MAKEFLAGS="$jobs"

runt=$TMP/buildroot/runt/build/x86_64/runt
: >"$calls"
ok "Buildroot: a shared build" buildroot runt/.built
is "  by its compiler with all of its words" \
	"$(grep -vc '^br-gcc --sysroot=/ ' "$calls")" 0
is "  with its CFLAGS and CPPFLAGS" "$(grep -e ' -c -o ' "$calls" |
	grep -vc -e ' -DTHEIRS=1 .* -O1 -g0 ')" 0
like "  and its LDFLAGS" "$(grep -e "-o .*/runt " "$calls")" '-Wl,-z,defs'
like "  is dynamic" "$(readelf -d "$runt")" 'NEEDED.*libc\.'
unlike "  without libseccomp, which was not asked for" \
	"$(readelf -d "$runt")" seccomp
like "  and runs" "$("$runt" --version)" "^runt version $version"
ok "  install" buildroot runt/.installed
is "  what is installed" "$(installed "$TMP/buildroot/target")" \
	"./etc/init.d/S90runt ./usr/bin/runt \
./usr/share/bash-completion/completions/runt \
./usr/share/fish/vendor_completions.d/runt.fish ./usr/share/man/man8/runt.8 \
./usr/share/zsh/site-functions/_runt "
ok "  not stripped: that is for Buildroot" cmp "$runt" \
	"$TMP/buildroot/target/usr/bin/runt"
ok "  an example" buildroot example/.installed
is "  whose mount points are all there" \
	"$(cd "$TMP/buildroot/target/etc/runt/example/rootfs" &&
		sed -n 's|.*"destination": "/\(.*\)".*|\1|p' \
			../config.json | while read -r dir; do
			[ -d "$dir" ] || echo "$dir"
		done)" ""
rm -rf "$TMP/buildroot/target"
ok "Buildroot: install with systemd" buildroot runt/.installed \
	BR2_INIT_SYSTEMD=y
like "  has units and no script" "$(installed "$TMP/buildroot/target")" \
	'^\./usr/bin/runt \./usr/lib/systemd/system/runt-notify@.service \./usr/lib/systemd/system/runt@.service '

# Another configuration: only how the compiler is called is of interest.
: >"$calls"
: >"$TMP/pkg-config"
buildroot runt/.built BR2_PACKAGE_LIBSECCOMP=y BR2_STATIC_LIBS=y \
	TARGET_CC="$TMP/bin/br-gcc -print-search-dirs" >/dev/null
like "Buildroot: with libseccomp" "$(cat "$TMP/make.log" "$calls")" \
	' -DRUNT_SECCOMP=1 '
like "  which pkg-config knows" "$(cat "$TMP/pkg-config")" \
	'--libs --static libseccomp'
buildroot show BR2_PACKAGE_LIBSECCOMP=y VAR=RUNT_DEPENDENCIES
is "  is what it depends on" "$(cat "$TMP/make.log")" \
	"jsmn host-pkgconf libseccomp"
buildroot show VAR=RUNT_MAKE_OPTS BR2_STATIC_LIBS=y
like "Buildroot: a static configuration" "$(cat "$TMP/make.log")" 'STATIC=1'
ok "Buildroot: the kernel's options" buildroot runt/.kernel
like "  are given to it" "$(cat "$TMP/make.log")" '^CONFIG_CGROUP_BPF$'

## Yocto

# Prints the recipe as shell: assignments that are for all, and functions. What
# is Python, conditional or of a package is looked at by itself.
as_shell() {
	awk '
	/^(inherit|require|#)/ { next }
	/^[A-Z_]+\[/ || /^PACKAGE/ || /^[A-Z_]+:/ { next }
	/^[A-Z_]+ *(\+|\?)*=/ {
		if (/\$\{@/) next
		sub(/ *(\+|\?)*= */, "=")
		print
		more = /\\$/
		next
	}
	more { print; more = /\\$/; next }
	/^do_[a-z_]+\(\) \{$/ { inside = 1 }
	/^do_[a-z_]+\[/ { next }
	inside { print }
	/^\}$/ { inside = 0 }' "$bb"
}

# Prints what is configured with the words of PACKAGECONFIG "$1".
confargs() {
	for word in seccomp static; do
		line=$(sed -n "s/^PACKAGECONFIG\[$word\] = \"\(.*\)\"/\1/p" "$bb")
		case " $1 " in
		*" $word "*) echo "${line%%,*}" ;;
		*) echo "$line" | cut -d , -f 2 ;;
		esac
	done | tr '\n' ' '
}

# Runs tasks of the recipe with the PACKAGECONFIG $1, as bitbake does: compilers
# and flags are exported, the directory is the build's. $yocto_cc is CC.
bitbake() {
	(
		PACKAGECONFIG_CONFARGS=$(confargs "$1")
		shift
		S=$TMP/yocto/source B=$TMP/yocto/build D=$TMP/yocto/image
		WORKDIR=$TMP/yocto TARGET_ARCH=$target_arch
		prefix=/usr bindir=/usr/bin datadir=/usr/share
		mandir=/usr/share/man sysconfdir=/etc
		systemd_system_unitdir=/usr/lib/systemd/system
		PTEST_PATH=/usr/lib/runt/ptest
		export CC="$yocto_cc" CFLAGS="$yocto_cflags"
		export LDFLAGS="-Wl,-O1 -Wl,--hash-style=gnu -Wl,--as-needed"
		export AR=ar STRIP=/bin/false MAKEFLAGS="$jobs" ARCH=
		unset ARCH
		# shellcheck disable=SC2086,SC2317
		oe_runmake() {
			make $EXTRA_OEMAKE "$@" || exit
		}
		# shellcheck disable=SC1090
		. "$TMP/recipe.sh"
		mkdir -p "$B" "$D"
		cd "$B" || exit 1
		for task; do
			"$task" || exit
		done
	) >"$TMP/make.log" 2>&1
	rc=$?
	[ $rc = 0 ] || tail -n 20 "$TMP/make.log"
	return $rc
}

as_shell >"$TMP/recipe.sh"
copy "$TMP/yocto/source"
cp -a "$top/tests" "$TMP/yocto/source"
find "$TMP/yocto/source" | sort >"$TMP/before"
compiler oe-gcc
target_arch=x86_64
yocto_cc="$TMP/bin/oe-gcc -m64 -march=x86-64 --sysroot=/"
yocto_cflags="-O0 -pipe -fstack-protector-strong \
-ffile-prefix-map=$TMP/yocto=/usr/src/debug/runt"
runt=$TMP/yocto/build/x86_64/runt

: >"$calls"
ok "Yocto: do_compile" bitbake "" do_compile
is "  by its compiler with all of its words" \
	"$(grep -vc '^oe-gcc -m64 -march=x86-64 --sysroot=/ ' "$calls")" 0
is "  outside the source" "$(find "$TMP/yocto/source" | sort |
	diff "$TMP/before" -)" ""
like "  is dynamic" "$(readelf -d "$runt")" 'NEEDED.*libc\.'
ok "do_install" bitbake "" do_install
is "  what is installed" "$(installed "$TMP/yocto/image")" \
	"./etc/init.d/runt ./usr/bin/runt \
./usr/lib/systemd/system/runt-notify@.service \
./usr/lib/systemd/system/runt@.service \
./usr/share/bash-completion/completions/runt \
./usr/share/fish/vendor_completions.d/runt.fish ./usr/share/man/man8/runt.8 \
./usr/share/zsh/site-functions/_runt "
out=$TMP/yocto/image/usr/bin/runt
like "QA already-stripped" "$(readelf -SW "$out")" '\.symtab'
like "QA ldflags" "$(readelf -d "$out")" 'GNU_HASH'
unlike "QA textrel" "$(readelf -d "$out")" 'TEXTREL'
unlike "QA rpaths" "$(readelf -d "$out")" 'R(UN)?PATH'
is "QA buildpaths" "$(grep -rlF "$TMP" "$TMP/yocto/image")" ""
is "QA file-rdeps: whoever is not of a package of its own takes sh" \
	"$(find "$TMP/yocto/image" -type f ! -path '*completion*' \
		! -path '*site-functions*' -exec sh -c 'head -qn 1 "$1" |
		grep -a "^#!"' - {} \; | sort -u)" "#!/bin/sh"
cp -a "$TMP/yocto/build" "$TMP/yocto/first"
: >"$calls"
ok "do_compile_ptest" bitbake "" do_compile_ptest
is "  compiles nothing of runt again" "$(grep -e '-c -o .* src/' "$calls")" ""
ok "do_install_ptest" bitbake "" do_install_ptest
said=$(PATH=$TMP/yocto/image/usr/bin:$PATH \
	"$TMP/yocto/image/usr/lib/runt/ptest/run-ptest" 2>&1)
is "  says one thing of each test" "$(echo "$said" |
	grep -cE '^(PASS|SKIP|FAIL): ')" \
	"$(find "$TMP/yocto/image/usr/lib/runt/ptest/unit" -type f | wc -l)"
unlike "  and nothing bad" "$said" FAIL
mkdir -p "$TMP/ptest/unit" "$TMP/tmp"
cp "$TMP/yocto/image/usr/lib/runt/ptest/run-ptest" "$TMP/ptest"
printf '#!/bin/sh\nexit 1\n' >"$TMP/ptest/unit/bad"
chmod +x "$TMP/ptest/unit/bad"
exits "  but when there is" 1 "$TMP/ptest/run-ptest"
like "  it does" "$(cat "$OUTPUT")" '^FAIL: bad$'

# Whatever the words of PACKAGECONFIG are, make gets what config.mk knows.
for words in "" seccomp static "seccomp static"; do
	for word in $(confargs "$words"); do
		like "PACKAGECONFIG \"$words\": $word" "$(cat "$top/config.mk")" \
			"^${word%=*} \?="
	done
done
is "PACKAGECONFIG seccomp needs libseccomp" \
	"$(sed -n 's/^PACKAGECONFIG\[seccomp\] = ".*,//p' "$bb")" 'libseccomp"'

# A libc that is not the machine's: musl, and a machine that is not this one.
arm=$cache/sysroot/aarch64
if [ -e "$arm/key" ]; then
	target_arch=aarch64
	yocto_cc="$arm/bin/aarch64-linux-musl-gcc -mcpu=cortex-a53"
	rm -rf "$TMP/yocto/build" "$TMP/yocto/image"
	ok "Yocto: musl, static, for aarch64" bitbake "seccomp static" \
		do_compile do_install
	out=$TMP/yocto/image/usr/bin/runt
	like "  is of that machine" "$(readelf -hW "$out")" 'Machine: *AArch64'
	unlike "  static" "$(readelf -lW "$out")" INTERP
	like "  with libseccomp" "$(readelf -sW "$out")" seccomp_init
	is "  QA buildpaths" "$(grep -rlF "$TMP" "$TMP/yocto/image")" ""
else
	skip "Yocto: musl, static, for aarch64" "make ARCH=aarch64 first"
fi

fragment=$(sed -n 's/^FILESEXTRAPATHS.*{THISDIR}\(.*\):"/\1/p' \
	"$layer/recipes-kernel/linux/runt-kernel.inc")
ok "the fragment of the kernel is where the layer looks" test -f \
	"$layer/recipes-kernel/linux$fragment/runt.cfg"
fragment=$(sed -n "s/^EXTERNALSRC = .*'\(\/[./]*\)'.*/\1/p" "$bb")
ok "and so is the source" test -f "${bb%/*}$fragment/config.mk"

is "nothing was fetched, nobody else compiled" "$(cat "$TMP/trapped" \
	2>/dev/null; ls "$RUNT_CACHE" 2>/dev/null)" ""
finish
