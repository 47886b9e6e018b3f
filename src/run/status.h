/* SPDX-License-Identifier: Apache-2.0 */
/* What a container is doing, from its record and the processes that live. */
#ifndef RUN_STATUS_H
#define RUN_STATUS_H

#include <stdbool.h>

#include "oci/state.h"
#include "run/store.h"

enum status {
	STATUS_CREATING,
	STATUS_CREATED,
	STATUS_RUNNING,
	STATUS_PAUSED,
	STATUS_STOPPED,
};

/* What run and wait end with for a process of which wait(2) said code: its own
 * status, or 128 and its signal. */
int status_exit(int code);

/* The word of the runtime-spec (and of runc). */
const char *status_word(enum status status);

/* For who asks about many: /proc stays open until the end. */
int status_keep_proc(void);

/* 1 if the process is there and no zombie, 0 if not, -errno. pidfd, if not
 * NULL, gets a descriptor of it, owned by the caller. */
int status_is_alive(const struct state_process *who, int *pidfd);

/*
 * Loads the record and finds the status. pidfd as above, of init.
 * -ENOENT: the directory holds no record (yet).
 */
int status_load(const struct store *s, struct state *state, enum status *status,
		int *pidfd);

#endif
