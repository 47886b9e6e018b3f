/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's cgroup, version 2 only: where it is, making it, emptying it,
 * removing it. Paths are absolute and begin at the mount: as in /proc/PID/cgroup
 * where that is the mount of all cgroups.
 */
#ifndef KERN_CGROUP_H
#define KERN_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The cgroup2 mount, found by its magic number at the places where systems
 * mount it, else in /proc/self/mountinfo. Returns an fd (O_PATH, borrowed) or
 * -errno (-ENOENT with a hint when there is none). *where, if not NULL, gets its
 * path; it lives as long as the process.
 */
int cgroup_mount(const char **where);

/* Closes that descriptor, in a process that is to enter a container. */
void cgroup_unmount(void);

/*
 * The path that linux.cgroupsPath means: absolute as it is; relative and
 * absent ("" or NULL, then the id) beside our own cgroup, because a cgroup
 * with processes in it (ours) can have no children with limits.
 */
int cgroup_resolve(char *buf, size_t size, const char *cgroups_path,
		   const char *id);

/* The same for no path, below our own cgroup. */
int cgroup_resolve_below(char *buf, size_t size, const char *id);

/* Whether the caller may make it, in a cgroup that is there, and enter it. */
bool cgroup_may_make(const char *path);

/* Whether the caller may move a process of its own cgroup to path: that takes a
 * right to what is above both. */
bool cgroup_may_enter(const char *path);

/* Opens a cgroup; -ENOENT if it is not there. */
int cgroup_open(const char *path);

/* Opens that in which a process is, if it is the cgroup top or below; else
 * -ENOENT. */
int cgroup_open_of(pid_t pid, const char *top);

/*
 * Makes it and what is missing above it, with all controllers that can be had
 * (cgctl.h). Returns an fd for clone3(2) and openat(2). A cgroup that was there
 * is used if no process is in it (-EBUSY otherwise), and thawed. On failure
 * nothing that was made is left. kept is cgroup_existing(path).
 */
int cgroup_make(const char *path, size_t kept);

/* Gives a cgroup to a user of the host: the directory and those of its files
 * that the kernel has for that (/sys/kernel/cgroup/delegate). */
int cgroup_delegate(int fd, uid_t uid);

/* Calls visit, until it returns other than 0, with the mount and every cgroup
 * on the way to path; leaf is true for path itself. */
int cgroup_each(int mount, const char *path,
		int (*visit)(int dir, const char *name, bool leaf,
			     const void *arg),
		const void *arg);

/* Length of the part of path that exists now: what cgroup_remove() keeps. */
size_t cgroup_existing(const char *path);

/* Removes it if no process and no cgroup is in it. */
bool cgroup_remove_empty(const char *path);

/* 1 if a process lives in it or below, 0 if none, -errno. */
int cgroup_populated(int fd);

/* 1 if it is frozen, 0 if not, -errno. */
int cgroup_frozen(const char *path);

/* True once it was told to freeze, whether all of it has or not. */
bool cgroup_is_freezing(int fd);

/* How many processes in it and below the OOM killer has killed; 0 where
 * nobody counts. */
uint64_t cgroup_oom_kills(int fd);

/* Calls each, until it returns other than 0, with every process in it and
 * below, as our pid namespace numbers them. */
int cgroup_pids(int fd, int (*each)(pid_t pid, void *arg), void *arg);

/* Stops all of it, or lets it go on, and waits until it is so. What can't be
 * frozen within 10 s goes on, -ETIMEDOUT. */
int cgroup_freeze(int fd, bool frozen);

/* Sends sig to every process in it and below; SIGKILL by cgroup.kill (Linux
 * 5.14), others and older kernels, if freeze, frozen meanwhile, so that none
 * escapes by forking. One that was frozen before stays so, any other does not. */
int cgroup_signal(int fd, int sig, bool freeze);

/* Waits until it is empty: 0, or -ETIMEDOUT after ms milliseconds. */
int cgroup_wait_empty(int fd, unsigned int ms);

/* Removes it, all below it, and the empty parents beyond the first kept bytes
 * of path. Missing is fine. */
int cgroup_remove(const char *path, size_t kept);

#endif
