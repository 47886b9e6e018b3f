# SPDX-License-Identifier: Apache-2.0

# Debian's compiler and package architecture.
GNU_TRIPLET = riscv64-linux-gnu
DEB_ARCH = riscv64

# What our own toolchain compiles for unless told otherwise.
TOOLCHAIN_CFLAGS =

# What every compiler gets, and the linker.
ARCH_CFLAGS =
ARCH_MACRO = __riscv
ARCH_LDFLAGS =

QEMU_USER = qemu-riscv64-static
