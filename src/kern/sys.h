/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls that musl has no function for. Each does what its man page
 * says, closes on exec whatever it opens, restarts on EINTR where that is safe
 * and returns -errno. None fills the error record: they do not know what the
 * object is called.
 */
#ifndef KERN_SYS_H
#define KERN_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kern/uapi.h"

/* fork(2) with the flags of clone3(2), Linux 5.3. In the child, libc's cached
 * thread id is the parent's: no gettid(), raise(), abort() there. */
pid_t sys_clone3(struct k_clone_args *args);

/* The same by clone(2). */
pid_t sys_fork(void);

/* Those of libc do it in all threads: of which we have one. */
int sys_setresuid(uid_t real, uid_t effective, uid_t saved);
int sys_setresgid(gid_t real, gid_t effective, gid_t saved);
int sys_setgroups(size_t n, const gid_t *groups);

int sys_openat2(int dirfd, const char *path, uint64_t flags, uint64_t resolve);
/* What lies below dirfd, in the same mount, and no link on the way. */
int sys_open_below(int dirfd, const char *path, uint64_t flags);

/* An O_PATH descriptor of a detached copy of the mount at path (with
 * K_AT_RECURSIVE: of all below it); path may be "" for dirfd itself. */
int sys_open_tree(int dirfd, const char *path, unsigned int flags);
/* Attaches what the fd from is (open_tree, fsmount) on top of what the fd to
 * is. Both by descriptor, never by path. */
int sys_move_mount(int from, int to);
int sys_fsopen(const char *fstype);
int sys_fspick(int fd);
int sys_fsconfig(int fsfd, unsigned int cmd, const char *key,
		 const char *value);
int sys_fsmount(int fsfd, unsigned int attrs);
int sys_mount_setattr(int fd, unsigned int flags, uint64_t set, uint64_t clear,
		      uint64_t propagation);
/* MOUNT_ATTR_IDMAP alone, of a mount that is not attached yet. */
int sys_mount_idmap(int fd, unsigned int flags, int userns);
/* Makes the working directory the root, with the old one on top of it. */
int sys_pivot_root(void);

int sys_pidfd_open(pid_t pid);
int sys_pidfd_send_signal(int pidfd, int sig);
int sys_close_range(unsigned int first, unsigned int last, unsigned int flags);
/* Of the file itself. */
int sys_execveat(int fd, char *const argv[], char *const envp[]);
int sys_fchmodat(int dirfd, const char *path, mode_t mode);
int sys_faccessat2(int dirfd, const char *path, int mode, int flags);
/* renameat2(2) within one directory: replaces to, atomically. */
int sys_rename(int dirfd, const char *from, const char *to);
/* Gives a signal its default action, those too that libc keeps for itself. */
int sys_default_signal(int sig);
/* flags besides MFD_CLOEXEC. */
int sys_memfd_create(const char *name, unsigned int flags);
/* Ends the process, also where a filter denies exit_group(2): libc's would try
 * for ever. */
void sys_exit(int status) __attribute__((noreturn));

#endif
