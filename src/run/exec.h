/* SPDX-License-Identifier: Apache-2.0 */
/* exec: one more process in a container that runs. */
#ifndef RUN_EXEC_H
#define RUN_EXEC_H

#include <stdbool.h>

#include "oci/spec.h"
#include "run/container.h"

/* What the options of exec say; NULL and empty where they say nothing. */
struct exec_options {
	const char *id;
	char **args;         /* the program and its arguments */
	const char *process; /* a file with a whole process object */
	const char *cwd, *user, *pid_file, *apparmor, *label, *cgroup;
	const char *console_socket, *pidfd_socket;
	struct spec_strs env, caps, groups;
	unsigned int preserve_fds;
	bool detach, tty, no_new_privs, ignore_paused;
};

/* *status gets the exit status as for run_run(). */
int run_exec(const struct run_global *g, const struct exec_options *o,
	     int *status);

#endif
