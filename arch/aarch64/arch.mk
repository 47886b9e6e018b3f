# SPDX-License-Identifier: Apache-2.0

# Debian's compiler and package architecture.
GNU_TRIPLET = aarch64-linux-gnu
DEB_ARCH = arm64

# What our own toolchain compiles for unless told otherwise.
TOOLCHAIN_CFLAGS = -mno-outline-atomics

# What any compiler for it defines, and the flags that each gets if it knows
# them.
ARCH_MACRO = __aarch64__
ARCH_CFLAGS = -fstack-clash-protection -mbranch-protection=standard

# Kernels for aarch64 have pages of 4, 16 or 64 KiB, so segments must start on
# pages of 64. GNU ld ends the part that is read-only after relocation on such a
# page and fills the file up to there:
#
#	stripped bytes			musl and libseccomp, one rule
#	ld's own layout			197952
#	-z norelro			142256
#	-z max-page-size=4096		144704, text and data share pages of 64 KiB
#	-z separate-code		263488
#	static.ld			142120
#
# static.ld lets the addresses have the gaps and not the file. It costs up to
# two dirty pages (8 KiB) at run time and gives constants a mapping without the
# right to execute.
STATIC_LDFLAGS = -Wl,-T,arch/aarch64/static.ld,-z,separate-code

QEMU_USER = qemu-aarch64-static
