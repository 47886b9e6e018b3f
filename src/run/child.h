/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stages that a container's init and a process of exec have in common, at
 * the beginning and at the end: from being a copy of the runtime to being the
 * program.
 *
 * The order at the end: the start, then what only root may set, then labels, no
 * new privileges, ids, capabilities. Nothing of the host is open any more when
 * the first path of the container's is looked up. The seccomp filter comes
 * last, so that it need not allow what all of this takes; but without
 * no_new_privs loading it is a privilege, and comes before ids.
 */
#ifndef RUN_CHILD_H
#define RUN_CHILD_H

#include "run/run.h"

/* Lets go of what is the parent's; dies with it from here on. */
int child_guard(struct run *r);

/* Dies with the parent from here on, also if that is dead already: its end of
 * the channel is closed then. */
int child_bind(struct run *r);

/* Leaves the caller's session keyring. */
int child_join_keyring(struct run *r);

/* Enters the working directory and finds the program there. */
int child_find_program(struct run *r);

/* Says SAY_READY and completes the environment; returns when the start was
 * given, by the parent or, for a created container, at the gate. */
int child_wait(struct run *r);

/* If r->hurries, it returns at once, and what it takes to become the user is
 * done while the parent writes down that all is ready: the start is waited for
 * here. Nothing but the program's own start is left then. */
int child_wait_late(struct run *r);

/* Exchanges this process's executable, if that was not done before the fork. */
int child_exchange(struct run *r);

int child_set_limits(struct run *r);
int child_set_labels(struct run *r);
/* Leaves nothing for the program to inherit. */
int child_close_descriptors(struct run *r);
/* Loads the filter where that takes a privilege. */
int child_filter_privileged(struct run *r);
int child_become_user(struct run *r);

/* All that was between the start and the program, and the filter: in the process
 * of a hook that is the container's own, for hooks_run(). */
int child_become_hook(void *run);

/* The bounding set's part of that, which concerns what is executed alone: for
 * when there is time. Where hooks will be executed it does nothing. */
int child_bound_early(struct run *r);

/* Loads the filter if it is not loaded yet, then execve(2): returns only if
 * something fails. */
int child_execute(struct run *r);

/* The end of a child that failed: says why. */
void child_fail(struct run *r) __attribute__((noreturn));

#endif
