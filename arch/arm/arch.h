/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ABI of arm kernels; arch/x86_64/arch.h says what the columns are. It has
 * private calls from 0xf0000 on (cacheflush, set_tls).
 */
#ifndef ARCH_H
#define ARCH_H

#define ARCH_ABI(X) X(arm, SCMP_ARCH_ARM, AUDIT_ARCH_ARM, 32, 0, 0x000f0000)

/* ABIs of others: the names that libseccomp has for them. */
#define ARCH_NOT(X) X(aarch64) X(riscv64) X(x32) X(x86) X(x86_64)

#define ARCH_MUX(X)

#endif
