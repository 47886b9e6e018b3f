/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/need.h"
#include "kern/sys.h"

static int is_procfs(int fd, const char *name)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return err_sys(errno, "look at %s", name);
	if (fs.f_type != K_PROC_SUPER_MAGIC) {
		err_say(ENOENT, "%s is not procfs", name);
		return err_hint(NEED_PROC);
	}
	return 0;
}

int procfs_open_host(void)
{
	autofd fd = fd_open(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY, 0);
	int ret;

	if (fd < 0)
		return fd == -ENOENT ? err_hint(NEED_PROC) : fd;
	ret = is_procfs(fd, "/proc");
	return ret < 0 ? ret : fd_take(&fd);
}

int procfs_open(int proc, const char *path, int flags)
{
	/* "self" is a link, so links are followed; but never out of this very
	 * mount, and none whose target is not a path. */
	autofd fd = sys_openat2(proc, path, (uint64_t)flags | O_NOCTTY,
				K_RESOLVE_BENEATH | K_RESOLVE_NO_XDEV |
					K_RESOLVE_NO_MAGICLINKS);
	int ret;

	if (fd < 0) {
		err_sys(fd, "open /proc/%s", path);
		return fd == -ENOSYS ? err_hint(NEED_OPENAT2) : fd;
	}
	ret = is_procfs(fd, path);
	return ret < 0 ? ret : fd_take(&fd);
}

ssize_t procfs_read(int proc, const char *path, char *buf, size_t size)
{
	autofd fd = procfs_open(proc, path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = fd_read(fd, buf, size, path);
	if (n < 0)
		return n;
	if ((size_t)n == size)
		return err_sys(EFBIG, "read /proc/%s", path);
	while (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n] = '\0';
	return n;
}

int procfs_write(int proc, const char *path, const char *text)
{
	autofd fd = procfs_open(proc, path, O_WRONLY);
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = write(fd, text, len);
	if (n < 0)
		return err_sys(errno, "write \"%s\" to /proc/%s", text, path);
	if ((size_t)n != len)
		return err_say(EIO, "/proc/%s took only a part of \"%s\"", path,
			       text);
	return 0;
}
