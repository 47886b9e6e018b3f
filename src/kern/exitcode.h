/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a process that is not our child ended: wait(2) tells its parent alone.
 * Codes are those of wait(2), for WIFEXITED() and its like.
 */
#ifndef KERN_EXITCODE_H
#define KERN_EXITCODE_H

#include "kern/proc.h"

/* Of a process that was reaped after the pidfd was opened: Linux 6.15.
 * Returns 1, or 0 when the kernel does not say (yet). */
int exitcode_of_pidfd(int pidfd, int *code);

/* Of a process that nobody has reaped yet, if we may look at it. proc is a
 * procfs (kern/procfs.h). Returns 1 or 0. */
int exitcode_of_zombie(int proc, pid_t pid, uint64_t start, int *code);

/*
 * Any kernel tells the tracer, ptrace(2), before it tells the parent. Nothing
 * stops the process but what has to pass through us: exitcode_pass() sends it
 * on its way again with what wait(2) said when it stopped. It is let go when
 * we end. -EPERM: somebody else traces it, or it has ended.
 */
int exitcode_trace(pid_t pid);
void exitcode_pass(pid_t pid, int stopped);

#endif
