# SPDX-License-Identifier: Apache-2.0
#
# `make help` says what can be made, config.mk what can be chosen.
#
# CC, AR, CFLAGS, CPPFLAGS, LDFLAGS, LDLIBS, PKG_CONFIG and CROSS_COMPILE belong
# to the user, from the environment or the command line alike. Nothing here adds
# to them: what runt can't do without is in variables of its own.

all:

include config.mk

## The machine to build for

ARCHES = aarch64 arm riscv64 x86_64

alias_amd64 = x86_64
alias_arm64 = aarch64
alias_riscv = riscv64
alias_x86 = x86_64
alias_x86-64 = x86_64

# make has a value for CC of its own, which nobody asked for.
given_CC := $(if $(filter-out default undefined,$(origin CC)),$(CC))
given_CC := $(or $(given_CC),$(if $(CROSS_COMPILE),$(CROSS_COMPILE)gcc))
machine := $(or $(ARCH),$(if $(given_CC),$(firstword $(subst -, ,$(shell \
	$(given_CC) -dumpmachine 2>/dev/null)))),$(shell uname -m))
override ARCH := $(or $(alias_$(machine)),$(patsubst arm%,arm,$(machine)))
ifeq ($(filter $(ARCH),$(ARCHES)),)
$(error no such machine: ARCH=$(ARCH); there are $(ARCHES))
endif
include arch/$(ARCH)/arch.mk

BUILD ?= build
B = $(BUILD)/$(ARCH)

## The compiler: the user's, or the one that toolchain/ makes, or the machine's

SYSROOT = $(RUNT_CACHE)/sysroot/$(ARCH)
TOOLCHAIN =
try = $(shell $(CC) $(1) -Werror -S -o /dev/null -x c /dev/null \
	>/dev/null 2>&1 && echo '$(1)')

ifneq ($(given_CC),)
CC := $(given_CC)
else ifeq ($(STATIC),0)
CC := $(if $(filter $(shell uname -m),$(ARCH)),cc,$(GNU_TRIPLET)-gcc)
else
CC := $(SYSROOT)/bin/$(ARCH)-linux-musl-gcc
TOOLCHAIN := $(SYSROOT)/key
# It may not be there yet, and knows them all.
try = $(1)
endif
READELF ?= $(CROSS_COMPILE)readelf
STRIP ?= $(if $(TOOLCHAIN),$(CC:gcc=strip),$(CROSS_COMPILE)strip)
INSTALL ?= install

## Flags

WARNINGS = -Wall -Wextra -Wconversion -Wno-sign-conversion \
	-Wformat=2 -Wframe-larger-than=32768 -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wshadow -Wstrict-prototypes \
	-Wundef -Wvla -Wwrite-strings $(if $(filter 1,$(WERROR)),-Werror)

HARDENING := -fPIE -fstack-protector-strong -fno-common \
	-fno-delete-null-pointer-checks -fno-strict-aliasing \
	$(call try,-fno-strict-overflow) \
	$(call try,-ftrivial-auto-var-init=zero)
ARCH_CFLAGS += $(if $(TOOLCHAIN),$(TOOLCHAIN_RUNT_CFLAGS))
ARCH_CFLAGS := $(foreach f,$(ARCH_CFLAGS),$(call try,$(f)))

# Of what -Os switches on, some makes this program larger.
SMALLER = -fno-move-loop-invariants -fno-caller-saves -fno-tree-sra \
	-fno-tree-coalesce-vars -fno-forward-propagate -fno-partial-inlining \
	-fno-if-conversion

# Only for aarch64 does GCC keep frame pointers unless told not to: 2 %.
SIZE := -Os $(call try,-Oz) $(foreach f,$(SMALLER),$(call try,$(f))) \
	-fomit-frame-pointer \
	-ffunction-sections -fdata-sections -fvisibility=hidden \
	-fno-asynchronous-unwind-tables -fno-unwind-tables \
	$(if $(filter 1,$(LTO)),-flto)

SECCOMP_NUMBER = $(or $(filter 0 1,$(SECCOMP)),$(if \
	$(filter tables,$(SECCOMP)),2,$(error SECCOMP=$(SECCOMP): 1, tables or 0)))

DEFINES = -D_GNU_SOURCE -DRUNT_VERSION='"$(VERSION)"' \
	-DRUNT_ARCH='"$(ARCH)"' -DRUNT_SECCOMP=$(SECCOMP_NUMBER)

ALL_CFLAGS = -std=gnu11 $(WARNINGS) $(HARDENING) $(ARCH_CFLAGS) $(SIZE) \
	$(DEFINES) -iquote src -iquote arch/$(ARCH) -iquote $(B)/gen \
	-ffile-prefix-map=$(CURDIR)/= $(SECCOMP_CFLAGS) $(CPPFLAGS) $(CFLAGS)

# The kind of binary comes last: -pie among the user's flags is overruled.
ALL_LDFLAGS = -Wl,--gc-sections,--build-id=none,-z,relro,-z,now \
	-Wl,-z,noexecstack,-z,text $(LDFLAGS) \
	$(if $(filter 0,$(STATIC)),-pie -Wl$(,)--as-needed,\
	-Wl$(,)-T$(,)arch/static.ld$(,)-z$(,)separate-code -static-pie)
, := ,

# What is small lies together, apart from large buffers.
LAYOUT = -Wl,--sort-section=alignment \
	$(if $(TOOLCHAIN),$(TOOLCHAIN_RUNT_LDFLAGS))

ifeq ($(SECCOMP),1)
ifneq ($(TOOLCHAIN),)
SECCOMP_LIBS = -lseccomp
else
# No pkg-config, or none for this compiler: it has to find the library itself.
PKG_CONFIG ?= $(CROSS_COMPILE)pkg-config
pkg-config = $(shell $(PKG_CONFIG) $(1) libseccomp 2>/dev/null)
ifeq ($(origin SECCOMP_LIBS),undefined)
SECCOMP_CFLAGS := $(call pkg-config,--cflags)
SECCOMP_LIBS := $(or $(call pkg-config,--libs \
	$(if $(filter 0,$(STATIC)),,--static)),-lseccomp)
endif
endif
endif

## The binary

OBJ = $(patsubst %.c,$(B)/%.o,$(sort $(wildcard src/*.c src/*/*.c)))
GEN = $(B)/gen/syscall_nr.h $(B)/gen/seccomp_names_gen.h

Q = $(if $(filter 1,$(V)),,@)
silent = $(findstring s,$(firstword -$(MAKEFLAGS)))
say = $(if $(filter 1,$(V))$(silent),,@echo '  $(1)	$(2)')

all: $(B)/runt

$(B)/runt: $(OBJ) arch/static.ld
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LAYOUT) -o $@ $(OBJ) \
		$(SECCOMP_LIBS) $(LDLIBS)
	@if [ $(STATIC) = 1 ] && LC_ALL=C $(READELF) -lW $@ 2>/dev/null | \
		grep -q INTERP; then rm $@; \
		echo '$(CC) ignores -static-pie; try STATIC=0' >&2; exit 1; fi

$(B)/src/%.o: src/%.c config.mk $(B)/flags $(GEN)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/gen/seccomp_names_gen.h: toolchain/gen-seccomp-names $(wildcard arch/*/*.tbl) \
		arch/$(ARCH)/arch.h
	@mkdir -p $(@D)
	@toolchain/gen-seccomp-names $(ARCH) >$@

$(B)/gen/syscall_nr.h: arch/$(ARCH)/syscall.tbl
	@mkdir -p $(@D)
	@sed -n 's/^\([a-z_][a-z0-9_]*\)	\([0-9]*\)$$/#define NR_\1 \2/p' \
		$< >$@

# New when the compiler, a flag or a library is, which are checked then. (make
# expands $(file) before it runs the first line.)
$(B)/flags: FORCE $(TOOLCHAIN) | $(B)
	$(file >$@.new,$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LAYOUT) $(SECCOMP_LIBS) \
		$(LDLIBS))
	@cat $@.new $(TOOLCHAIN) /dev/null >$@.all
	@cmp -s $@.all $@ || { toolchain/check-compiler $(ARCH) $(ARCH_MACRO) \
		$(SECCOMP) $(CC) $(ALL_CFLAGS) && mv $@.all $@; }

$(B):
	@mkdir -p $@

ifneq ($(TOOLCHAIN),)
$(TOOLCHAIN): toolchain/sysroot arch/$(ARCH)/arch.mk
	@RUNT_CACHE=$(RUNT_CACHE) toolchain/sysroot $(ARCH)
endif

## The unit tests: each with all of runt but main; and what shell tests need

UNIT = $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*.c))
ifneq ($(SECCOMP),1)
# They compare with libseccomp.
UNIT := $(filter-out %/seccomp_equal %/seccomp_speed,$(UNIT))
endif

objects: $(OBJ)

unit: $(UNIT) $(B)/tests/helper \
	$(addprefix $(B)/bench/,steps true)
	@:

# They may be larger than runt: its memory comes first, where it reaches it.
TEST_CFLAGS = $(filter-out $(TOOLCHAIN_RUNT_CFLAGS),$(ALL_CFLAGS))

$(B)/tests/unit/%: tests/unit/%.c $(filter-out %/main.o,$(OBJ))
	$(call say,LD,$@)
	@mkdir -p $(@D) $(B)/dep
	$(Q)$(CC) $(TEST_CFLAGS) -MMD -MP -MF $(B)/dep/$*.d $(ALL_LDFLAGS) \
		-o $@ $(filter %.o,$^) $< $(SECCOMP_LIBS) $(LDLIBS)

$(B)/tests/helper: tests/helper.c $(B)/flags
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(LDLIBS)

-include $(OBJ:.o=.d) $(wildcard $(B)/dep/*.d $(B)/tables/src/*/*.d)

## Everything else

on_each_arch = for a in $(ARCHES); do \
	$(MAKE) --no-print-directory ARCH=$$a $(1) || exit; done

all-arches:
	+@$(call on_each_arch,all)

# The template's shell, given something to say.
run: all
	@rootfs-test/make-bundle $(B)/bundle
	@sed 's|"sh"$$|"sh", "-c", "echo Hello from a container. Its processes:; ps"|' \
		$(B)/bundle/config.json >$(B)/bundle/hello.json
	$(B)/runt run --bundle $(B)/bundle --config hello.json hello

board: all
	@tests/board/boot $(ARCH)

# What a test can't do without a program it skips, saying so. Boards see to
# their emulators themselves.
test:
	-@toolchain/need $(TEST_PROGRAMS)
	+@$(call on_each_arch,all unit tables)
	@T='$(T)' RUNT_CACHE=$(RUNT_CACHE) tests/run

TEST_PROGRAMS = $(QEMU_USER):qemu-user-static cpio:cpio jq:jq \
	clang-format:clang-format mandoc:mandoc strace:strace \
	kconfig-conf:kconfig-frontends-nox zsh:zsh fish:fish cc:gcc \
	/usr/include/stdio.h:libc6-dev readelf:binutils

## What each part costs, and what SECCOMP=tables has, whatever SECCOMP is: few
## files ask for that.

ON_SECCOMP := $(shell grep -l RUNT_SECCOMP src/*/*.c)
TABLES_OBJ = $(ON_SECCOMP:%.c=$(B)/tables/%.o)

$(B)/tables/src/%.o: src/%.c config.mk $(B)/flags $(GEN)
	$(call say,CC,$< for SECCOMP=tables)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -URUNT_SECCOMP -DRUNT_SECCOMP=2 -MMD -MP -c \
		-o $@ $<

$(B)/tables/runt: $(OBJ) $(TABLES_OBJ) arch/static.ld
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LAYOUT) -Wl,-Map=$@.map \
		-o $@ \
		$(filter-out $(ON_SECCOMP:%.c=$(B)/%.o),$(OBJ)) $(TABLES_OBJ) \
		$(LDLIBS)

tables: $(B)/tables/runt
	@:

$(B)/size/runt: $(B)/runt
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LAYOUT) -Wl,-Map=$@.map \
		-o $@ $(OBJ) \
		$(SECCOMP_LIBS) $(LDLIBS)

size: $(B)/size/runt $(B)/tables/runt
	@for d in size tables; do \
		$(STRIP) -o $(B)/$$d/stripped $(B)/$$d/runt || exit; done
	@toolchain/size $(ARCH) SECCOMP=$(SECCOMP) $(B)/size/runt.map \
		$(B)/size/stripped
	@echo
	@toolchain/size -s $(ARCH) SECCOMP=tables $(B)/tables/runt.map \
		$(B)/tables/stripped

## The benchmark: beside the floor, and crun and runc where they are

BENCH = $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*.c))

$(B)/bench/%: tests/bench/%.c config.mk $(B)/flags
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $<

# As it is installed.
$(B)/bench/runt: $(B)/runt
	@mkdir -p $(@D)
	$(Q)$(STRIP) -o $@ $<

bench-programs: all $(BENCH) $(B)/bench/runt
	@:

bench: bench-programs
	-@toolchain/need crun:crun runc:runc python3:python3 \
		mksquashfs:squashfs-tools
	tests/bench/bench

# On the boards, or those in BOARDS, by their own clocks.
bench-boards:
	-@toolchain/need python3:python3 mksquashfs:squashfs-tools cpio:cpio
	+@$(call on_each_arch,bench-programs)
	tests/bench/bench --boards '$(BOARDS)'

bench-readme:
	tests/bench/bench --readme

# Under Debian's systemd, in a virtual machine: needs root, and a network the
# first time.
test-systemd:
	+@$(MAKE) --no-print-directory ARCH=x86_64 all
	@RUNT_CACHE=$(RUNT_CACHE) tests/vm/boot systemd --resets --timeout 900 \
		--test '$(T)'

# Containers as services of other inits, Debian's, in virtual machines.
test-init:
	+@$(MAKE) --no-print-directory ARCH=x86_64 all
	@for init in openrc runit s6; do \
		RUNT_CACHE=$(RUNT_CACHE) tests/vm/boot $$init --resets \
			--timeout 300 --test $$init/ || exit; \
	done

# The conformance suite, on this machine and on the x86_64 board; and what calls
# runt, or binds it, in virtual machines. Both need root, and a network the first
# time. T= may be one of these, vm/engines-2.t, too.
test-oci:
	+@$(MAKE) --no-print-directory ARCH=x86_64 all
	@OCI=$$(RUNT_CACHE=$(RUNT_CACHE) tests/oci/build) DIRS=oci T='$(T)' \
		RUNT_ARCH=x86_64 RUNT_CACHE=$(RUNT_CACHE) tests/run

test-engines:
	+@$(MAKE) --no-print-directory ARCH=x86_64 all
	@DIRS=vm ENGINES_TEST='$(filter-out vm/%,$(T))' RUNT_ARCH=x86_64 \
		RUNT_CACHE=$(RUNT_CACHE) tests/run \
		$(if $(T),$(or $(filter vm/%,$(T)),engines-1))

# All tests that boards can run on each of them.
test-boards:
	-@toolchain/need $(TEST_PROGRAMS)
	+@$(call on_each_arch,all unit)
	@DIRS=board BOARDS_ALL=1 T='$(T)' RUNT_CACHE=$(RUNT_CACHE) tests/run

check: all unit
	@RUNT_ARCH=$(ARCH) tests/run unit/ cli/

lint:
	@RUNT_CACHE=$(RUNT_CACHE) toolchain/lint

# Looks for newer packages of Debian's.
toolchain:
	@RUNT_CACHE=$(RUNT_CACHE) toolchain/sysroot -u $(ARCHES)

# For shells: made from the tables of options, by nothing but awk.
COMPLETIONS = $(addprefix $(BUILD)/completion/,bash zsh fish)

completion: $(COMPLETIONS)

$(COMPLETIONS): toolchain/gen-completion $(wildcard src/main.c src/cmd/*)
	@mkdir -p $(@D)
	@toolchain/gen-completion $(@F) >$@

install: install-bin install-man install-completion

install-bin: $(B)/runt
	$(INSTALL) -d $(DESTDIR)$(BINDIR)
	$(INSTALL) -m 755 $(B)/runt $(DESTDIR)$(BINDIR)

install-man:
	$(INSTALL) -d $(DESTDIR)$(MANDIR)/man8
	$(INSTALL) -m 644 src/runt.8 $(DESTDIR)$(MANDIR)/man8

install-completion: completion
	$(INSTALL) -d $(DESTDIR)$(BASHCOMPDIR) $(DESTDIR)$(ZSHCOMPDIR) \
		$(DESTDIR)$(FISHCOMPDIR)
	$(INSTALL) -m 644 $(BUILD)/completion/bash $(DESTDIR)$(BASHCOMPDIR)/runt
	$(INSTALL) -m 644 $(BUILD)/completion/zsh $(DESTDIR)$(ZSHCOMPDIR)/_runt
	$(INSTALL) -m 644 $(BUILD)/completion/fish \
		$(DESTDIR)$(FISHCOMPDIR)/runt.fish

# What lets init systems run the bundles below /etc/runt.
init_openrc = $(SYSCONFDIR)/init.d
init_runit = $(DATADIR)/runt/runit
init_s6 = $(DATADIR)/runt/s6
init_systemd = $(SYSTEMDUNITDIR)
init_sysv = $(SYSCONFDIR)/init.d

install-init: $(addprefix install-init-,$(INITS))

install-init-%: FORCE
	@to=$(DESTDIR)$(or $(init_$*),$(error INITS: no $*)); \
	$(INSTALL) -d $$to && for file in rootfs-test/init/$*/*; do \
		mode=644; [ ! -x $$file ] || mode=755; \
		$(INSTALL) -m $$mode $$file $$to && \
		sed 's|/usr/bin/|$(BINDIR)/|g' $$file >$$to/$${file##*/} || \
		exit; \
	done

# The unit tests, for the machine that runt is for.
install-ptest: $(UNIT)
	$(INSTALL) -d $(DESTDIR)/unit
	$(INSTALL) -m 755 toolchain/yocto/run-ptest $(DESTDIR)
	$(INSTALL) -m 755 $(UNIT) $(DESTDIR)/unit
	cp -R tests/data $(DESTDIR)

dist:
	@mkdir -p $(BUILD)
	git archive --prefix=runt-$(VERSION)/ \
		-o $(BUILD)/runt-$(VERSION).tar.gz HEAD

clean:
	rm -rf $(BUILD)

help:
	@sed -n 's/^#: //p' Makefile

#: make [ARCH=MACHINE]      build/MACHINE/runt, for this machine or another
#: make all-arches          for aarch64, arm, riscv64 and x86_64
#: make run                 a BusyBox container, to see it work
#: make board ARCH=MACHINE  a shell on a board that QEMU emulates
#: make test [T=PATTERN]    all tests, or those whose name matches
#: make test-boards         each test on each board that can run it
#: make test-init           containers under OpenRC, runit and s6
#: make test-systemd        runt with --systemd-cgroup, under a real systemd
#: make test-engines        podman, Docker, containerd, Buildah; SELinux, likewise
#: make test-oci            the OCI's conformance suite
#: make check               the tests that need neither root nor a network
#: make size [ARCH=MACHINE] what each part of the binary costs
#: make bench               how fast it is, beside crun and runc
#: make bench-boards        the same on emulated boards: all, or BOARDS="NAMES"
#: make bench-readme        puts what they measured into README.md
#: make lint                the rules of the source
#: make install             install-bin, -man and -completion, below DESTDIR
#: make install-init        for the init systems INITS, to run bundles at boot
#: make install-ptest       the unit tests, to be run where runt is installed
#: make toolchain           the compilers again, from Debian's newest packages
#: make dist                the source as a tarball
#: make clean
#:
#: Variables: config.mk has them. V=1 shows the commands.

FORCE:

.DELETE_ON_ERROR:
.PHONY: FORCE all all-arches bench bench-boards bench-programs bench-readme \
	board check clean completion \
	dist help install install-bin install-completion install-init \
	install-man install-ptest lint objects run size tables test \
	test-boards test-engines test-init test-oci test-systemd toolchain \
	unit
