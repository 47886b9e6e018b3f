/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "syscall_nr.h"

/* struct linux_dirent64 of getdents64(2) */
struct entry {
	uint64_t ino, off;
	uint16_t len;
	unsigned char type;
	char name[];
};

int dir_each(int dirfd,
	     int (*visit)(int dirfd, const char *name, unsigned char type,
			  void *arg),
	     void *arg)
{
	autofd list = fd_open(dirfd, ".", O_RDONLY | O_DIRECTORY, 0);
	/* A name may be as long as a path in cgroupfs. */
	char buf[PATH_MAX + 64] __attribute__((aligned(8)));
	const struct entry *e;
	long n, at;
	int ret;

	if (list < 0)
		return list;
	while ((n = syscall(NR_getdents64, list, buf, sizeof(buf))) > 0) {
		for (at = 0; at < n; at += e->len) {
			e = (const void *)(buf + at);
			if (str_eq(e->name, ".") || str_eq(e->name, ".."))
				continue;
			ret = visit(dirfd, e->name, e->type, arg);
			if (ret)
				return ret;
		}
	}
	return n < 0 ? err_sys(errno, "read directory") : 0;
}
