/* SPDX-License-Identifier: Apache-2.0 */
/* Reading directories without libc's opendir, which allocates. */
#ifndef KERN_DIR_H
#define KERN_DIR_H

#include <stdint.h>

/* struct linux_dirent64 of getdents64(2); type is a DT_* of readdir(3), 0 if
 * unknown. */
struct dir_entry {
	uint64_t ino, off;
	uint16_t len;
	unsigned char type;
	char name[];
};

/*
 * Calls visit for every name in the directory dirfd (any descriptor of it,
 * O_PATH too) but "." and "..", in no order, until it returns other than 0:
 * that is returned then.
 */
int dir_each(int dirfd,
	     int (*visit)(int dirfd, const struct dir_entry *e, void *arg),
	     void *arg);

#endif
