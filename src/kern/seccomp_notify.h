/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters that ask an agent: SCMP_ACT_NOTIFY. Loading one gives a listener, an
 * fd, to the process that has just become subject to it. The call by which it
 * hands the listener over must be one that the filter lets pass: it would wait
 * for an agent that has no listener yet. sendmsg(2) and sendmmsg(2) can do it;
 * the program itself says which.
 */
#ifndef KERN_SECCOMP_NOTIFY_H
#define KERN_SECCOMP_NOTIFY_H

#include <stddef.h>

#include "kern/seccomp.h"

/* Could the listener of a program be handed over? 0 or -EINVAL. */
int seccomp_check_notify(const struct seccomp_program *p);

/* seccomp_install() for a program that notifies: sends the message with the
 * listener to sock, as fd_send() does. The listener stays open until exec. */
int seccomp_install_notify(const struct seccomp_program *p, int sock,
			   const void *message, size_t len);

/* Connects to the socket of an agent. Returns an fd or -errno. */
int seccomp_connect_agent(const char *path);

#endif
