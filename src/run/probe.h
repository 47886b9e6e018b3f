/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether this kernel, at this boot, can do one thing that containers need:
 * found out by doing it, in a child that ends afterwards, with the functions
 * that containers are made with.
 */
#ifndef RUN_PROBE_H
#define RUN_PROBE_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>

#include "base/err.h"
#include "kern/cgctl.h"
#include "kern/need.h"
#include "run/container.h"
#include "run/plan.h"

struct probe {
	struct plan *plan; /* whose config is meant; NULL: none */
	bool in_user_ns;   /* who has no privileges makes one first */
	/* The cgroup to try things with; -1 with why there is none. */
	int cgroup; /* owned */
	char cgroup_path[PATH_MAX];
	size_t cgroup_kept;
	struct cgctl_given *given;
	struct err cgroup_err;

	struct probe_result *result; /* shared with the child */
	sigset_t signals;
};

int probe_begin(struct probe *p, const struct run_global *g);

/* Removes the cgroup and takes back what it took to make it. */
void probe_end(struct probe *p);

/*
 * Does what a row of the table of needs is about. Returns 0, 1 if there is
 * something to it, or -errno with the record filled; p->result->found says
 * what was found, or is "".
 */
int probe_row(struct probe *p, int need);

/* The same for others: writes some limits, mounts a file system of that type,
 * finds that sysctl. */
int probe_limits(struct probe *p, const struct cgset *limits);
int probe_mount(struct probe *p, const char *type);
int probe_sysctl(struct probe *p, const char *name);

struct probe_result {
	int ret;
	bool done;
	char found[256];
	struct err err;
};

#endif
