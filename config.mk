# SPDX-License-Identifier: Apache-2.0
#
# What a packager decides. Each can be set here, in the environment or on the
# command line of make; a change rebuilds what it concerns.

# 1: a static binary. Without CC or CROSS_COMPILE, toolchain/ makes the compiler
#    and the libraries for it.
# 0: dynamic, with whatever libc the compiler has.
STATIC ?= 1

# 1: own compiler for seccomp profiles, libseccomp for what it does not take.
# tables: without libseccomp; what the own compiler can't take is refused.
# 0: a config with linux.seccomp is refused.
SECCOMP ?= 1

# 1: optimize across files, for a binary that is 1 to 3 % smaller. The objects alone
#    then say little to debuggers and to the tests.
LTO ?= 0

# 1: warnings are errors.
WERROR ?= 0

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
BASHCOMPDIR ?= $(DATADIR)/bash-completion/completions
ZSHCOMPDIR ?= $(DATADIR)/zsh/site-functions
FISHCOMPDIR ?= $(DATADIR)/fish/vendor_completions.d
SYSCONFDIR ?= /etc
SYSTEMDUNITDIR ?= $(PREFIX)/lib/systemd/system

# What install-init is for: any of openrc, runit, s6, systemd and sysv, which is
# BusyBox init with its own or Buildroot's rcS.
INITS ?= openrc runit s6 systemd sysv

# Where toolchain/ keeps what it fetched and built. Only that needs a network.
RUNT_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/runt

# Not from the environment, where others use the name.
VERSION = 0.1.0
