# SPDX-License-Identifier: Apache-2.0

# Debian's compiler and package architecture.
GNU_TRIPLET = x86_64-linux-gnu
DEB_ARCH = amd64

# What our own toolchain compiles for unless told otherwise.
TOOLCHAIN_CFLAGS =

# What every compiler gets, and the linker.
ARCH_CFLAGS = -fstack-clash-protection
ARCH_MACRO = __x86_64__
ARCH_LDFLAGS =

QEMU_USER = qemu-x86_64-static
