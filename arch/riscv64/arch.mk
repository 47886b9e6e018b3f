# SPDX-License-Identifier: Apache-2.0

# Debian's compiler and package architecture.
GNU_TRIPLET = riscv64-linux-gnu
DEB_ARCH = riscv64

# What our own toolchain compiles for unless told otherwise.
TOOLCHAIN_CFLAGS =

# And runt alone, without its tests: musl has the stack protector's value there.
TOOLCHAIN_RUNT_CFLAGS = -msave-restore -mstack-protector-guard=tls \
	-mstack-protector-guard-reg=tp -mstack-protector-guard-offset=-16

# What any compiler for it defines, and the flags that each gets if it knows
# them.
ARCH_MACRO = __riscv
ARCH_CFLAGS =

QEMU_USER = qemu-riscv64-static
