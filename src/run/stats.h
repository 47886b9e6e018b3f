/* SPDX-License-Identifier: Apache-2.0 */
/* What a container uses, in runc's words. */
#ifndef RUN_STATS_H
#define RUN_STATS_H

#include "base/jsonw.h"
#include "run/live.h"

/*
 * Adds the member "data" of runc's event of type "stats" to an object. runc
 * leaves out most numbers that are 0, and so do we. The container has a cgroup
 * (live_need_cgroup()); what that does not count, for want of a controller or in
 * an old kernel, is 0.
 */
void stats_write(struct jsonw *w, const struct live *l);

#endif
