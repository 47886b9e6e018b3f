# SPDX-License-Identifier: Apache-2.0

# Debian's compiler and package architecture.
GNU_TRIPLET = riscv64-linux-gnu
DEB_ARCH = riscv64

# What our own toolchain compiles for unless told otherwise.
TOOLCHAIN_CFLAGS =

# What any compiler for it defines, and the flags that each gets if it knows
# them.
ARCH_MACRO = __riscv
ARCH_CFLAGS =

QEMU_USER = qemu-riscv64-static
