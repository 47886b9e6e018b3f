/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUN_START_H
#define RUN_START_H

#include "oci/config.h"
#include "run/store.h"

/* The poststart hooks of a container that runs, without its lock; if one fails
 * the container is destroyed. bundle is a descriptor of the bundle's directory. */
int start_poststart(const struct store *s, const struct state *state,
		    const struct config *c, int bundle);

#endif
