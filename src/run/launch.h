/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last words with a child, from SAY_START to its execve(2), which is the
 * end of the conversation: what the parent, or `start`, hears and does. A
 * child whose seccomp filter asks an agent has the agent connected before it
 * loads the filter, and hands the listener over after.
 */
#ifndef RUN_LAUNCH_H
#define RUN_LAUNCH_H

#include <sys/types.h>

#include "oci/spec.h"
#include "oci/state.h"

struct launch {
	const struct spec_seccomp *seccomp; /* the container's; or NULL */
	const struct state *state;
	int channel; /* borrowed */
	int pidfd;   /* of the child; borrowed */
	pid_t pid;   /* of the child */
	int agent;   /* owned; -1 */
};

/*
 * Hears one word. Returns 1 to go on, 0 at the end: the program runs, or has
 * ended already. An error is the child's, or it is dead or dying.
 */
int launch_hear(struct launch *l);

void launch_close(struct launch *l);

#endif
