# SPDX-License-Identifier: Apache-2.0

# Debian's compiler and package architecture.
GNU_TRIPLET = aarch64-linux-gnu
DEB_ARCH = arm64

# What our own toolchain compiles for unless told otherwise.
TOOLCHAIN_CFLAGS = -mno-outline-atomics

# What every compiler gets, and the linker.
ARCH_CFLAGS = -fstack-clash-protection -mbranch-protection=standard
ARCH_MACRO = __aarch64__
ARCH_LDFLAGS =

QEMU_USER = qemu-aarch64-static
