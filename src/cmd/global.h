/* SPDX-License-Identifier: Apache-2.0 */
/* The options that stand before the verb. */
#ifndef CMD_GLOBAL_H
#define CMD_GLOBAL_H

#include <stdbool.h>

#include "run/container.h"

/* As they were read. */
struct global {
	const char *root, *log;
	/* The orders of their words: */
	int log_format, log_level, rootless;
	int cgroup_manager, device_rules; /* -1: not said */
	unsigned int failure_status;      /* UINT_MAX: not said */
	bool systemd_cgroup, debug, version;
};

/* Opens the log, and from then on failures have their status. */
int global_begin(const struct global *o);

/* What the verbs need of them. Fails on a root that can't be meant. */
int global_resolve(const struct global *o, struct run_global *g);

#endif
