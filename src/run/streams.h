/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The standard streams of a process in a container: a terminal of its own, or
 * those that runt was called with, without what must not come in with them.
 */
#ifndef RUN_STREAMS_H
#define RUN_STREAMS_H

#include "run/run.h"

/* In the child, as root still. root: the container's, or AT_FDCWD if that is
 * the working directory; console: a terminal is to be /dev/console, too. */
int streams_set(struct run *r, int root, bool console);

/* For a process that has no right to do so: gives those that are pipes, or the
 * caller's own files to write to, to a user of the host, as far as it may. */
void streams_give(uid_t uid);

#endif
