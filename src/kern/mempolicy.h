/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.memoryPolicy: from which NUMA nodes a process and its children take
 * memory, set_mempolicy(2). Survives execve(2).
 */
#ifndef KERN_MEMPOLICY_H
#define KERN_MEMPOLICY_H

#include <stdint.h>

#include "oci/spec.h"

enum { MEMPOLICY_NODES = 1024 }; /* the most that a kernel can have */

struct mempolicy {
	int mode; /* with its flags */
	uint64_t nodes[MEMPOLICY_NODES / 64];
};

/* Records what is wrong, naming the key below linux.memoryPolicy. */
int mempolicy_parse(struct mempolicy *p, const struct spec_memory_policy *s);

/* Of the calling process. */
int mempolicy_set(const struct mempolicy *p);

#endif
