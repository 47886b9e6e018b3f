/* SPDX-License-Identifier: Apache-2.0 */
/* /proc/self/mountinfo: the mounts of our namespace below our root. */
#ifndef KERN_MOUNTINFO_H
#define KERN_MOUNTINFO_H

#include <limits.h>
#include <stdbool.h>

struct mountinfo {
	int id, parent;
	bool shared;
	bool whole;    /* shows all of its file system, not a part of it */
	char type[16]; /* of the file system; of a longer one the beginning */
	char path[PATH_MAX]; /* relative to our root; no final slash but of
				"/" itself */
};

/* The id of the mount that fd is in. */
int mountinfo_id(int fd);

/*
 * Calls visit for every mount until it returns other than 0: that is returned
 * then. The list is not a snapshot: what visit changes may or may not show up.
 */
int mountinfo_each(int proc, int (*visit)(const struct mountinfo *m, void *arg),
		   void *arg);

#endif
