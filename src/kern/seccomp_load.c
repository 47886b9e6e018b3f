/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_load.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/need.h"
#include "kern/seccomp.h"
#include "kern/seccomp_abi.h"
#include "syscall_nr.h"

struct k_sock_fprog {
	uint16_t len;
	const struct k_sock_filter *filter;
};

static int set_filter(uint32_t flags, const struct k_sock_fprog *program)
{
	int fd = (int)syscall(NR_seccomp, K_SECCOMP_SET_MODE_FILTER, flags,
			      program);

	return fd < 0 ? -errno : fd;
}

/* Flags are looked at before the program is. */
bool seccomp_probe_flag(uint32_t flags)
{
	if (flags & K_SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
		flags |= K_SECCOMP_FILTER_FLAG_NEW_LISTENER;
	return set_filter(flags, NULL) != -EINVAL;
}

int seccomp_install(const struct seccomp_program *p)
{
	const struct k_sock_fprog program = {
		.len = (uint16_t)p->count,
		.filter = p->insns,
	};
	int ret;

	if (!p->count)
		return 0;
	ret = set_filter(p->flags, &program);
	if (ret >= 0)
		return ret;
	err_sys(ret, "load the seccomp filter");
	if (ret == -EACCES)
		return err_hint(NEED_SECCOMP_PRIVILEGE);
	if (ret == -ENOSYS || ret == -EINVAL)
		return err_hint(NEED_SECCOMP);
	return ret;
}

static int send_all(int sock, struct msghdr *msg)
{
	ssize_t n;

	while (msg->msg_iov->iov_len) {
		n = sendmsg(sock, msg, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n <= 0)
			continue;
		msg->msg_iov->iov_base = (char *)msg->msg_iov->iov_base + n;
		msg->msg_iov->iov_len -= (size_t)n;
		msg->msg_control = NULL;
		msg->msg_controllen = 0;
	}
	return 0;
}

static int dial(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	autofd sock = -1;
	int ret;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (sock < 0)
		return -errno;
	do
		ret = connect(sock, (struct sockaddr *)&addr, sizeof(addr));
	while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : fd_take(&sock);
}

int seccomp_send_listener(int listener, const char *path, const char *text,
			  size_t len)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .align = {
			      .cmsg_level = SOL_SOCKET,
			      .cmsg_type = SCM_RIGHTS,
			      .cmsg_len = CMSG_LEN(sizeof(int)),
		      } };
	struct iovec iov = { .iov_base = (char *)text, .iov_len = len };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.space),
	};
	autofd sock = dial(path);
	int ret;

	if (sock < 0)
		return err_sys(sock, "connect to the seccomp agent at %s",
			       path);
	memcpy(CMSG_DATA(&control.align), &listener, sizeof(listener));
	ret = send_all(sock, &msg);
	return ret < 0 ? err_sys(ret, "send to the seccomp agent at %s", path) :
			 0;
}
