# SPDX-License-Identifier: Apache-2.0

# Debian's compiler and package architecture.
GNU_TRIPLET = aarch64-linux-gnu
DEB_ARCH = arm64

# What our own toolchain compiles for unless told otherwise.
TOOLCHAIN_CFLAGS = -mno-outline-atomics

# And runt alone, without its tests: all of it is within 1 MiB.
TOOLCHAIN_RUNT_CFLAGS = -mcmodel=tiny

# What any compiler for it defines, and the flags that each gets if it knows
# them.
ARCH_MACRO = __aarch64__
ARCH_CFLAGS = -fstack-clash-protection -mbranch-protection=standard

QEMU_USER = qemu-aarch64-static
