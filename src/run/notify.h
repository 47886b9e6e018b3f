/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NOTIFY_SOCKET, by which a service says that it is ready (sd_notify(3)): the
 * container gets a socket of ours, in a directory of the container's state that
 * is mounted at /run/notify. Its READY=1 is passed on to our caller's, with the
 * pid that matters there. Nothing else is: what a container says could make a
 * service manager watch, or kill, any process.
 */
#ifndef RUN_NOTIFY_H
#define RUN_NOTIFY_H

#include "run/run.h"

/* Where the container finds it. */
#define NOTIFY_PATH "/run/notify/notify.sock"

/* True if our caller has one. */
bool notify_is_wanted(void);

/* The parent's: makes the directory and, if the container starts at once, the
 * socket (r->notify). Nothing unless r->plan.notify. */
int notify_make(struct run *r);

/* The child's, after all mounts. */
int notify_mount(struct run *r);

/* The socket of a container that was made before. Returns an fd; -ENOENT if it
 * was made without one. Changes the working directory. */
int notify_open(const struct store *s);

/* Takes what there is off the socket. 1 if READY=1 was there, which was passed
 * on then, pid as MAINPID. settle: waits until the other side has dealt with
 * that, for who is about to exit. */
int notify_hear(int fd, pid_t pid, bool settle);

/* Waits for that. The container's end, or a signal that asks us to end
 * (signals: a signalfd, or -1), is an error. */
int notify_wait(int fd, int pidfd, int signals, pid_t pid);

#endif
