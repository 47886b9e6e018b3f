/* SPDX-License-Identifier: Apache-2.0 */
/* The parent of a container that runs in the foreground. */
#ifndef RUN_MONITOR_H
#define RUN_MONITOR_H

#include "run/run.h"

/*
 * Waits until the child r->pid ends: forwards the signals that come by the
 * signalfd to it, relays its terminal if it has one (r->relay) and its word that
 * it is ready (r->notify), reaps whatever else becomes our child meanwhile.
 * *status gets its exit status, or 128+N if signal N killed it. An error if it
 * was killed before it had executed the program; it is not reaped then.
 */
int monitor(struct run *r, int *status);

#endif
