/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ABI of riscv64 kernels; arch/x86_64/arch.h says what the columns are.
 * That of riscv32, which some also run, has no name in OCI documents: to a
 * filter its calls are those of a foreign architecture.
 */
#ifndef ARCH_H
#define ARCH_H

#define ARCH_ABI(X) \
	X(riscv64, SCMP_ARCH_RISCV64, AUDIT_ARCH_RISCV64, 64, 0, 0xffffffff)

/* ABIs of others: the names that libseccomp has for them. */
#define ARCH_NOT(X) X(aarch64) X(arm) X(x32) X(x86) X(x86_64)

#define ARCH_MUX(X)

#endif
