/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pseudo terminals of a container: from its own devpts, which root/dev/pts has
 * to be. No name of the container's is looked up but that and /dev/console,
 * neither through any link; the slave comes from the master by TIOCGPTPEER
 * (Linux 4.13), never by its path (CVE-2025-52565).
 */
#ifndef KERN_PTY_H
#define KERN_PTY_H

#include <stdint.h>
#include <sys/types.h>

struct pty {
	int master, slave; /* owned */
};

/* What the master of a container is called, by those who get it. */
#define PTY_NAME "/dev/pts/ptmx"

/* root: the container's root directory. p is filled if 0 is returned. */
int pty_open(struct pty *p, int root);

/* Mounts the slave over /dev/console, which is made if it is missing. */
int pty_bind_console(int slave, int root);

/* fd: either side. */
int pty_set_size(int fd, uint32_t height, uint32_t width);

/* Makes the slave the user's, the controlling terminal of the caller, who leads
 * a session without one, and its standard streams. */
int pty_take(int slave, uid_t uid);

#endif
