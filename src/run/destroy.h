/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a container: what is left of it is killed and removed. */
#ifndef RUN_DESTROY_H
#define RUN_DESTROY_H

#include "oci/state.h"
#include "run/store.h"

/*
 * Kills every process of the container, waits for them (10 s at most), removes
 * the cgroup and then the state directory; the record last, so that a failure
 * can be tried again. A cgroup that was meanwhile given to another container is
 * left as it is. s is locked.
 */
int destroy(const struct store *s, const struct state *state);

/*
 * The same, if the container's keeper was killed: the runtime that made it, or
 * the monitor of a foreground run. -EEXIST if it has every right to be there.
 */
int destroy_abandoned(const struct store *s);

#endif
