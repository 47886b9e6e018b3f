# SPDX-License-Identifier: Apache-2.0

# Debian's compiler and package architecture.
GNU_TRIPLET = x86_64-linux-gnu
DEB_ARCH = amd64

# What our own toolchain compiles for unless told otherwise.
TOOLCHAIN_CFLAGS =

# And runt alone, without its tests: musl applies packed relocations, of which
# 64 have one word instead of three each. No table needs more than its type's
# alignment, and nothing a register for several values.
TOOLCHAIN_RUNT_CFLAGS = -malign-data=abi -mgeneral-regs-only
TOOLCHAIN_RUNT_LDFLAGS = -Wl,-z,pack-relative-relocs

# What any compiler for it defines, and the flags that each gets if it knows
# them.
ARCH_MACRO = __x86_64__
ARCH_CFLAGS = -fstack-clash-protection

QEMU_USER = qemu-x86_64-static
