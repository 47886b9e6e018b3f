/* SPDX-License-Identifier: Apache-2.0 */
/* What a list of processes shows of one, from /proc. */
#ifndef KERN_PROCINFO_H
#define KERN_PROCINFO_H

#include <stdint.h>
#include <sys/types.h>

struct procinfo {
	pid_t pid, ppid;
	uint32_t uid;                      /* effective */
	unsigned int tty_major, tty_minor; /* 0, 0: none */
	uint64_t start;                    /* seconds after boot */
	uint64_t cpu;                      /* seconds of CPU time used */
	char command[1024]; /* words joined by blanks, cut; a kernel thread's or
			       zombie's name in brackets */
};

/* proc is a procfs (kern/procfs.h). -ESRCH: there is no such process. */
int procinfo_read(struct procinfo *out, int proc, pid_t pid);

/* "pts/0", "tty1", "console", or "?" for none and unknown ones. */
void procinfo_tty(const struct procinfo *p, char *buf, size_t size);

#endif
