/* SPDX-License-Identifier: Apache-2.0 */
/* Reading directories without libc's opendir, which allocates. */
#ifndef KERN_DIR_H
#define KERN_DIR_H

/*
 * Calls visit for every name in the directory dirfd (any descriptor of it,
 * O_PATH too) but "." and "..", in no order, until it returns other than 0:
 * that is returned then. type is a DT_* of readdir(3), 0 if unknown.
 */
int dir_each(int dirfd,
	     int (*visit)(int dirfd, const char *name, unsigned char type,
			  void *arg),
	     void *arg);

#endif
