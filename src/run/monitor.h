/* SPDX-License-Identifier: Apache-2.0 */
/* The parent of a container that runs in the foreground. */
#ifndef RUN_MONITOR_H
#define RUN_MONITOR_H

#include <sys/types.h>

/*
 * Waits until the child pid ends: forwards the signals that come by the
 * signalfd to it, reaps whatever else becomes our child meanwhile.
 * *status gets its exit status, or 128+N if signal N killed it.
 */
int monitor(pid_t pid, int pidfd, int signals, int *status);

#endif
