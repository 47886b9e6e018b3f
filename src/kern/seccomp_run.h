/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel would do: a filter's program, interpreted. */
#ifndef KERN_SECCOMP_RUN_H
#define KERN_SECCOMP_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/seccomp.h"

/* As in <linux/seccomp.h>. */
struct k_seccomp_data {
	uint32_t nr, arch;
	uint64_t ip;
	uint64_t args[6];
};

/* Returns whether the program came to an end, with its outcome. Whatever the
 * program is, it ends: jumps only go forward. */
bool seccomp_run(const struct k_sock_filter *p, size_t n,
		 const struct k_seccomp_data *d, uint32_t *outcome);

#endif
