/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new mount of a file system by type, step by step: fsopen(2), fsconfig(2),
 * fsmount(2) (Linux 5.2). Nobody sees the result before it is attached. What
 * the kernel has to say about a failure goes into the error record.
 */
#ifndef KERN_NEWFS_H
#define KERN_NEWFS_H

#include <stdbool.h>
#include <stdint.h>

struct newfs {
	const char *type;
	const char *where; /* the mount point, for messages */
	int fd;            /* an autofd of the caller's scope */
	bool limited;      /* an option of tmpfs limits what it may hold */
};

/* Whether an option of tmpfs, "key" or "key=value", limits what it may hold. */
bool newfs_limits(const char *word);

int newfs_open(struct newfs *n, const char *type, const char *where);

/* value NULL: a flag. */
int newfs_option(struct newfs *n, const char *key, const char *value);

/* Options as in fstab: "key=value,flag". Commas in double quotes belong to
 * the value. */
int newfs_options(struct newfs *n, const char *words);

/* attrs: K_MOUNT_ATTR_*. Returns an fd of the detached mount. */
int newfs_mount(struct newfs *n, uint64_t attrs);

/* For what is mounted already: fd is the root of a mount. */
int newfs_pick(struct newfs *n, int fd, const char *where);
int newfs_reconfigure(struct newfs *n);

/* All of it at once. */
int newfs_make(const char *type, const char *options, uint64_t attrs,
	       const char *where);

#endif
