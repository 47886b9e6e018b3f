/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KERN_SECCOMP_CHECK_H
#define KERN_SECCOMP_CHECK_H

#include "kern/seccomp_plan.h"

/*
 * Runs a program, not made by us, for all calls that the plan leaves to
 * libseccomp, with arguments at and around all constants in their rules: the
 * outcome has to be that of a rule which applies, or the default where none
 * does. Returns 0 or -EINVAL.
 */
int seccomp_check(const struct seccomp_plan *plan,
		  const struct k_sock_filter *program, size_t n);

#endif
