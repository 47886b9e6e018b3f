/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ABIs that aarch64 kernels run; arch/x86_64/arch.h says what the columns
 * are. arm's are there with CONFIG_COMPAT, on processors that have AArch32.
 */
#ifndef ARCH_H
#define ARCH_H

#define ARCH_ABI(X)                                                          \
	X(aarch64, SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64, 64, 0, 0xffffffff) \
	X(arm, SCMP_ARCH_ARM, AUDIT_ARCH_ARM, 32, 0, 0x000f0000)

/* ABIs of others: the names that libseccomp has for them. */
#define ARCH_NOT(X) X(riscv64) X(x32) X(x86) X(x86_64)

#define ARCH_MUX(X)

#endif
