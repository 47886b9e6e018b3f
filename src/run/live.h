/* SPDX-License-Identifier: Apache-2.0 */
/* A container that exists, found by its id, for what looks at it or changes
 * it while it runs. */
#ifndef RUN_LIVE_H
#define RUN_LIVE_H

#include "oci/state.h"
#include "run/container.h"
#include "run/status.h"
#include "run/store.h"

struct live {
	struct store store;
	struct state state;
	enum status status;
	int pidfd;  /* of init; -1: it has ended; owned */
	int cgroup; /* owned; -1: it has none (any more) */
};

#define LIVE_NONE                                              \
	{                                                      \
		.store = STORE_NONE, .pidfd = -1, .cgroup = -1 \
	}

void live_close(struct live *l);
#define autolive __attribute__((cleanup(live_close))) struct live

/* Finds it. -ENOENT: "container does not exist". */
int live_open(struct live *l, const struct run_global *g, const char *id);

/* The same under the lock, for what changes its state directory. */
int live_open_locked(struct live *l, const struct run_global *g,
		     const char *id);

/* -ESRCH ("container not running") unless its init lives, -ENOTSUP if it was
 * made without a cgroup, which WHAT (the verb) needs. */
int live_need_cgroup(const struct live *l, const char *what);

#endif
