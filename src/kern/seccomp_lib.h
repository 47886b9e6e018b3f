/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libseccomp, for calls whose rules have no order of their own.
 *
 * Such rules are what it is worst at: up to 2.6.1 it loses some of them, takes
 * one argument for another, loops, or corrupts its heap (the unit tests have
 * examples). So it works in a process of its own, for a limited time, and what
 * it makes is tried against the rules: a wrong program is refused.
 */
#ifndef KERN_SECCOMP_LIB_H
#define KERN_SECCOMP_LIB_H

#include "kern/seccomp_plan.h"

/*
 * Compiles the rules of all calls that the plan leaves to it. The program is
 * put at the end of insns, of which there are SECCOMP_INSNS_MAX. Returns its
 * length or -errno.
 */
int seccomp_lib_compile(const struct seccomp_plan *plan,
			struct k_sock_filter *insns);

/* "2.6.1"; "" without it. */
const char *seccomp_lib_version(char *buf, size_t size);

#endif
