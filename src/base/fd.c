/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int fd_open(int dirfd, const char *path, int flags, mode_t mode)
{
	int fd;

	do
		fd = openat(dirfd, path, flags | O_CLOEXEC, mode);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? err_sys(errno, "open %s", path) : fd;
}

ssize_t fd_read(int fd, void *buf, size_t size, const char *name)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = read(fd, (char *)buf + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(errno, "read %s", name);
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

int fd_write(int fd, const void *buf, size_t size, const char *name)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = write(fd, (const char *)buf + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(errno, "write %s", name);
		done += (size_t)n;
	}
	return 0;
}

ssize_t fd_read_text(int dirfd, const char *path, char *buf, size_t size)
{
	autofd fd = fd_open(dirfd, path, O_RDONLY, 0);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = fd_read(fd, buf, size, path);
	if (n < 0)
		return n;
	if ((size_t)n == size)
		return err_sys(EFBIG, "read %s", path);
	while (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n] = '\0';
	return n;
}

int fd_write_text(int dirfd, const char *path, const char *text)
{
	autofd fd = fd_open(dirfd, path, O_WRONLY, 0);

	if (fd < 0)
		return fd;
	if (write(fd, text, strlen(text)) < 0)
		return err_sys(errno, "write \"%s\" to %s", text, path);
	return 0;
}

int fd_fill_stdio(void)
{
	int fd;

	do {
		/* Not close-on-exec, unlike all others: these are meant to be
		 * inherited. The lowest free number is the one returned. */
		fd = open("/dev/null", O_RDWR);
		if (fd < 0)
			return err_sys(errno, "open /dev/null");
	} while (fd <= 2);
	close(fd);
	return 0;
}
