/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes as /proc shows them, and their identity: a pid alone may have been
 * given to another process since it was noted, pid and start time have not, nor
 * has the inode of a pidfd, which takes no text to read.
 */
#ifndef KERN_PROC_H
#define KERN_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct proc_stat {
	uint64_t start; /* since boot, in clock ticks; never 0 */
	char state;     /* R S D T t Z X I */
	int exit_code;  /* as wait(2) has it; 0 unless we may see it */
	bool failed;    /* ends, and was never more than a fork */
};

/* The text of /proc/PID/stat. Returns 0 or -EINVAL. */
int proc_parse_stat(struct proc_stat *out, const char *text);

/* proc is a procfs (kern/procfs.h). -ESRCH: there is no such process. */
int proc_read_stat(struct proc_stat *out, int proc, pid_t pid);

/*
 * A pidfd of the process that had this pid and start time, for a zombie too,
 * and what it looks like. Returns the fd, -ESRCH when it is gone (also when the
 * pid is another's by now), or -errno.
 */
int proc_open(struct proc_stat *out, int proc, pid_t pid, uint64_t start);

/* By which its pidfd tells a process from all others since the machine was
 * started, Linux 6.9. 0: this kernel has none. */
uint64_t proc_inode(int pidfd);

/* A pidfd of the process that had this pid and this inode, unless it has ended:
 * -ESRCH then, for a zombie too, or -errno. */
int proc_open_inode(pid_t pid, uint64_t inode);

/* A pidfd of ourselves, kept open; or -errno. A forked child inherits its
 * parent's: it has to call proc_forget_self() first. */
int proc_self(void);
void proc_forget_self(void);

/* The number of its cgroup in the hierarchy of cgroup2, which is the inode of
 * the directory: Linux 6.13. 0: this kernel does not tell. */
uint64_t proc_cgroup(int pidfd);

/* What tells one boot of the machine from another, read once; NULL where the
 * kernel has no such. */
const char *proc_boot_id(void);

#endif
