/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process may use and how it is seen: resource limits, the OOM killer's
 * score, the execution domain. The parser is for the parent and
 * records what is wrong without the JSON path; the others are for the process
 * itself, while it is privileged.
 */
#ifndef KERN_LIMITS_H
#define KERN_LIMITS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "oci/spec.h"

/* Sets them on the calling process, 64 bits wide on every architecture. */
int limits_set(const struct spec_rlimit *v, size_t n);

/*
 * For a process (0: this one) that has no privileges on the host to do so:
 * raises the hard limits of another one that are below these, as far as the
 * caller may. The soft ones stay. What is missing limits_set() will tell.
 */
void limits_raise(pid_t pid, const struct spec_rlimit *v, size_t n);

/*
 * oom_score_adj, -1000 to 1000, of the process who, a pid or "self", through
 * proc, a descriptor of a procfs (kern/procfs.h). Lowering it takes
 * CAP_SYS_RESOURCE on the host.
 */
int limits_set_oom(int proc, const char *who, int32_t score);

/* LINUX or LINUX32; the spec knows no flags. */
int limits_parse_personality(uint32_t *persona,
			     const struct spec_personality *s);
int limits_set_personality(uint32_t persona);

#endif
