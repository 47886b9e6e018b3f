/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new network namespace is what takes the kernel longest of all that a
 * container is made of: longer than its mounts together. So the parent makes
 * it, for a moment in it itself, while the child mounts, and hands it over.
 *
 * In a user namespace it would not be the container's: then clone3(2) makes it.
 */
#ifndef RUN_NETWORK_H
#define RUN_NETWORK_H

#include "run/run.h"

/* Whether clone3 is to leave it to us. */
bool network_is_late(const struct run *r);

/* The parent's stage, after all that the child waits for before it mounts: makes
 * the namespace and brings lo up. Comes back whatever happens. */
int network_make(struct run *r);

/* The child's stage, before it mounts what shows the network. */
int network_join(struct run *r);

#endif
