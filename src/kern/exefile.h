/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file that a process runs from, exchanged while it runs: for the same file
 * in another mount, so that /proc/PID/exe leads there. What execve(2) does, for
 * a fifth of its time.
 */
#ifndef KERN_EXEFILE_H
#define KERN_EXEFILE_H

#include <stdbool.h>

/*
 * Will the kernel let us? It takes CAP_SYS_RESOURCE; or, with
 * CONFIG_CHECKPOINT_RESTORE, CAP_SYS_ADMIN (Linux 4.10) or
 * CAP_CHECKPOINT_RESTORE (5.9), which are not looked at here: who could make
 * the mount that the file is in has the former.
 */
bool exefile_can_set(void);

/*
 * fd is open for reading, of the file that runs. argv and envp are main()'s.
 * Returns 0 or -errno: the program is intact then, and its file is the old one.
 * The error record is left alone.
 */
int exefile_set(int fd, char *const argv[], char *const envp[]);

#endif
