/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KERN_SECCOMP_CHECK_H
#define KERN_SECCOMP_CHECK_H

#include "kern/seccomp_plan.h"
#include "kern/seccomp_run.h"

/*
 * Goes through a program, not made by us, for all calls that the plan leaves to
 * libseccomp, and for all arguments: the outcome has to be that of a rule which
 * applies, or the default where none does. Returns 0, or -EINVAL with a call in
 * *wrong that shows it, but for arguments in which no mistake was found because
 * they are too many: its arch is 0 then.
 */
int seccomp_check(const struct seccomp_plan *plan,
		  const struct k_sock_filter *program, size_t n,
		  struct k_seccomp_data *wrong);

#endif
