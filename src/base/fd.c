/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"

void fd_end(int fd)
{
	if (fd >= 0)
		close(fd);
}

void fd_close(int *fd)
{
	fd_end(*fd);
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
	/* The kernel gives them whole, if there is room, and without waiting:
	 * what one read gives is all of it. */
	n = read(fd, buf, size);
	if (n < 0)
		return err_sys(errno, "read %s", path);
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

/* Room for one descriptor. */
union control {
	char space[CMSG_SPACE(sizeof(int))];
	struct cmsghdr head;
};

int fd_send(int sock, const void *buf, size_t size, int fd)
{
	union control control = { .head = {
					  .cmsg_level = SOL_SOCKET,
					  .cmsg_type = SCM_RIGHTS,
					  .cmsg_len = CMSG_LEN(sizeof(fd)),
				  } };
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = size };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.space),
	};
	ssize_t n;

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	while (iov.iov_len) {
		n = sendmsg(sock, &msg, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n <= 0)
			continue;
		iov.iov_base = (char *)iov.iov_base + n;
		iov.iov_len -= (size_t)n;
		msg.msg_control = NULL;
		msg.msg_controllen = 0;
	}
	return 0;
}

int fd_connect(const char *path, const char *what)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = 10 };
	size_t len = strlen(path);
	autofd sock = -1;
	int ret;

	if (len >= sizeof(addr.sun_path))
		return err_say(ENAMETOOLONG,
			       "connect to %s %s: a socket's path has at most "
			       "%zu bytes",
			       what, path, sizeof(addr.sun_path) - 1);
	memcpy(addr.sun_path, path, len);
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (sock < 0)
		return err_sys(errno, "socket");
	/* Who does not accept may have a queue that is full. */
	setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	do
		ret = connect(sock, (struct sockaddr *)&addr, sizeof(addr));
	while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return err_sys(errno, "connect to %s %s", what, path);
	return fd_take(&sock);
}

ssize_t fd_receive(int sock, void *buf, size_t size, int *fd)
{
	union control control = { .head = { .cmsg_len = 0 } };
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.space),
	};
	const struct cmsghdr *c;
	ssize_t n;

	*fd = -1;
	do
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(*fd)))
		memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	return n;
}

/* Not close-on-exec, unlike all others: these are meant to be inherited. */
static int fill(int fd)
{
	int null = open("/dev/null", O_RDWR), ret = 0;

	if (null < 0)
		return err_sys(errno, "open /dev/null");
	if (null == fd)
		return 0;
	if (dup2(null, fd) < 0)
		ret = err_sys(errno, "replace standard stream %d", fd);
	close(null);
	return ret;
}

int fd_fill_stdio(void)
{
	int fd, flags, ret = 0;

	for (fd = 0; fd <= 2 && ret == 0; fd++) {
		flags = fcntl(fd, F_GETFL);
		if (flags < 0 || flags & O_PATH)
			ret = fill(fd);
	}
	return ret;
}
