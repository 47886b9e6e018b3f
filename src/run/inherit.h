/* SPDX-License-Identifier: Apache-2.0 */
/* What we are given by our caller beside the standard streams: descriptors for
 * the container, and one for ourselves. */
#ifndef RUN_INHERIT_H
#define RUN_INHERIT_H

#include "run/run.h"

/* Stages of the parent, in this order. Sockets that a service manager passes
 * (LISTEN_FDS, sd_listen_fds(3)) are for a container, not for exec. */
int inherit_sockets(struct run *r);
int inherit_descriptors(struct run *r);

/* Whether fd can be --ready-fd: open for writing, and none of the n (from 3 on)
 * that are passed on. RUN_NO_FD always can. */
int inherit_check_ready(unsigned int fd, unsigned int n);

/* A newline to --ready-fd: the container has started. It is only logged if that
 * can't be written: the container does not depend on it. */
void inherit_say_ready(unsigned int fd);

#endif
