/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "syscall_nr.h"

int dir_each(int dirfd,
	     int (*visit)(int dirfd, const struct dir_entry *e, void *arg),
	     void *arg)
{
	autofd list = fd_open(dirfd, ".", O_RDONLY | O_DIRECTORY, 0);
	/* A name may be as long as a path in cgroupfs. */
	char buf[PATH_MAX + 64] __attribute__((aligned(8)));
	const struct dir_entry *e;
	long n, at;
	int ret;

	if (list < 0)
		return list;
	while ((n = syscall(NR_getdents64, list, buf, sizeof(buf))) > 0) {
		for (at = 0; at < n; at += e->len) {
			e = (const void *)(buf + at);
			if (str_eq(e->name, ".") || str_eq(e->name, ".."))
				continue;
			ret = visit(dirfd, e, arg);
			if (ret)
				return ret;
		}
	}
	return n < 0 ? err_sys(errno, "read directory") : 0;
}
