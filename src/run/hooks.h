/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hooks of the runtime-spec: programs that are given the container's state on
 * their standard input, one after the other. What they print is kept for the
 * error message, and for nothing else.
 */
#ifndef RUN_HOOKS_H
#define RUN_HOOKS_H

#include "oci/spec.h"
#include "oci/state.h"

/* Whom a hook runs as that is the container's own. */
struct hooks_as {
	char *const *env; /* of those that have none */
	/* Called by the hook's process before it executes, 0 or -errno with the
	 * record filled: its descriptors from 3 on must be close-on-exec then. */
	int (*become)(void *arg);
	void *arg;
};

/*
 * Runs the hooks of a list in the namespaces and root of the caller, and with
 * all that the caller has unless `as` is given.
 * kind names the list in errors; cwd is a descriptor of their working
 * directory; status and pid are for the state they read.
 * The first that fails, is killed by a signal or is not done within its
 * timeout (it is killed then) ends the list with an error.
 */
int hooks_run(const struct spec_hook_list *list, const char *kind, int cwd,
	      const struct state *state, const char *status, pid_t pid,
	      const struct hooks_as *as);

/* The last hooks: all are run, and failures are logged as warnings. */
void hooks_run_poststop(const struct spec *s, int cwd,
			const struct state *state);

/* Any other program of the host's, with nothing on its standard input; what
 * names its purpose in errors. */
int hooks_run_program(const struct spec_hook *program, const char *what,
		      int cwd);

#endif
