/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The processor and the disk: scheduling policy, I/O priority, CPU affinity of
 * a process. The parsers are for the parent; they record what is
 * wrong, naming the key, without the JSON path above it.
 */
#ifndef KERN_SCHED_H
#define KERN_SCHED_H

#include <stdint.h>
#include <sys/types.h>

#include "oci/spec.h"

/* sched_setattr(2), struct sched_attr up to util_max (Linux 5.3) */
struct k_sched_attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t util_min, util_max;
};

int sched_parse(struct k_sched_attr *a, const struct spec_scheduler *s);
/* Sets it for a process, 0: the calling one. */
int sched_set(pid_t pid, const struct k_sched_attr *a);

/* *prio is what ioprio_set(2) takes. */
int sched_parse_io(int *prio, const struct spec_io_priority *s);
int sched_set_io(pid_t pid, int prio);

enum { SCHED_CPUS = 8192 };

struct sched_cpus {
	uint64_t bits[SCHED_CPUS / 64];
};

/* A list such as "0-3,5". */
int sched_parse_cpus(struct sched_cpus *set, const char *list);
int sched_set_cpus(const struct sched_cpus *set);

/*
 * All CPUs that the cgroup gives, so that a taskset(1) around runt does not
 * reach into the container. A failure changes nothing that the config asks
 * for: callers may go on.
 */
int sched_reset_cpus(void);

#endif
