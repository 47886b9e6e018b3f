# SPDX-License-Identifier: Apache-2.0

# Debian's compiler and package architecture.
GNU_TRIPLET = arm-linux-gnueabi
DEB_ARCH = armel

# What our own toolchain compiles for unless told otherwise.
TOOLCHAIN_CFLAGS = -march=armv6 -marm

# What every compiler gets, and the linker.
ARCH_CFLAGS =
ARCH_MACRO = __arm__
ARCH_LDFLAGS =

QEMU_USER = qemu-arm-static
