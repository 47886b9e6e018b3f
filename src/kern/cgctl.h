/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The controllers of cgroup v2. A cgroup has a controller's files if every
 * cgroup above it, from the mount on, passes the controller down.
 */
#ifndef KERN_CGCTL_H
#define KERN_CGCTL_H

/*
 * Enables on the way from mount to the cgroup path, whose descriptor is leaf,
 * all controllers that there are: what no limit needs is good for statistics.
 * One that can't be enabled is no error here. A cgroup below a threaded one
 * becomes threaded itself.
 */
int cgctl_enable(int mount, const char *path, int leaf);

/*
 * Enables one controller that a limit needs, even if that makes cgroups with
 * processes in them threaded. Returns 0, or -errno with a record that says at
 * which cgroup it ends and how to help it; need is the remedy if the kernel
 * lacks the controller.
 */
int cgctl_require(const char *path, const char *controller, int need);

/* What a cgroup gives to those below it. */
struct cgctl_given {
	const char *path, *controllers;
	struct cgctl_given *next; /* of the one above */
};

/* Notes that of every cgroup above path which is there; then takes back what
 * was enabled since, as far as nobody else needs it by now. */
int cgctl_note(const char *path, struct cgctl_given **list);
void cgctl_restore(const struct cgctl_given *list);

#endif
