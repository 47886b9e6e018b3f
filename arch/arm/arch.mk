# SPDX-License-Identifier: Apache-2.0

# Debian's compiler and package architecture.
GNU_TRIPLET = arm-linux-gnueabi
DEB_ARCH = armel

# What our own toolchain compiles for unless told otherwise.
TOOLCHAIN_CFLAGS = -march=armv6 -marm

# And runt alone, without its tests: two thirds of what it is in ARM's own code.
TOOLCHAIN_RUNT_CFLAGS = -mthumb

# What any compiler for it defines, and the flags that each gets if it knows
# them.
ARCH_MACRO = __arm__
ARCH_CFLAGS =

QEMU_USER = qemu-arm-static
