/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_notify.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/need.h"
#include "kern/seccomp_abi.h"
#include "kern/seccomp_names.h"
#include "kern/seccomp_run.h"
#include "syscall_nr.h"

/* A call, of which the filter sees the arguments, too. */
struct call {
	long nr, args[4];
};

static bool passes(const struct seccomp_program *p, const struct call *c)
{
	struct k_seccomp_data d = {
		.nr = (uint32_t)c->nr,
		.arch = seccomp_abis[0].audit,
	};
	uint32_t outcome;
	int i;

	for (i = 0; i < 4; i++)
		d.args[i] = (unsigned long)c->args[i];
	if (!seccomp_run(p->insns, p->count, &d, &outcome))
		return false;
	outcome &= K_SECCOMP_RET_ACTION;
	return outcome == K_SECCOMP_RET_ALLOW || outcome == K_SECCOMP_RET_LOG;
}

/* The call that sends one message, by address; NULL: none passes. */
static struct call *choose(const struct seccomp_program *p,
			   struct call calls[2], int sock,
			   const struct mmsghdr *msg)
{
	long to = sock, what = (long)(uintptr_t)msg;

	/* A mmsghdr begins with a msghdr. */
	calls[0] = (struct call){ NR_sendmsg, { to, what, MSG_NOSIGNAL } };
	calls[1] = (struct call){ NR_sendmmsg, { to, what, 1, MSG_NOSIGNAL } };
	if (passes(p, &calls[0]))
		return &calls[0];
	return passes(p, &calls[1]) ? &calls[1] : NULL;
}

static int refuse(void)
{
	return err_say(EINVAL, "SCMP_ACT_NOTIFY needs a profile that allows "
			       "sendmsg or sendmmsg, by which the listener "
			       "gets to the agent");
}

int seccomp_check_notify(const struct seccomp_program *p)
{
	struct call calls[2];

	return choose(p, calls, 0, NULL) ? 0 : refuse();
}

int seccomp_install_notify(const struct seccomp_program *p, int sock,
			   const void *message, size_t len)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control = { .head = {
			      .cmsg_level = SOL_SOCKET,
			      .cmsg_type = SCM_RIGHTS,
			      .cmsg_len = CMSG_LEN(sizeof(int)),
		      } };
	struct iovec iov = { .iov_base = (void *)message, .iov_len = len };
	struct mmsghdr msg = { .msg_hdr = {
				       .msg_iov = &iov,
				       .msg_iovlen = 1,
				       .msg_control = &control,
				       .msg_controllen = sizeof(control.space),
			       } };
	struct call calls[2];
	const struct call *send = choose(p, calls, sock, &msg);
	int listener;

	if (!send)
		return refuse();
	listener = seccomp_install(p);
	if (listener < 0)
		return listener;
	memcpy(CMSG_DATA(&control.head), &listener, sizeof(listener));
	/* Not by libc, whose sendmmsg() may call sendmsg(). */
	if (syscall(send->nr, send->args[0], send->args[1], send->args[2],
		    send->args[3]) < 0)
		return err_sys(errno, "hand over the seccomp listener");
	return 0;
}

int seccomp_connect_agent(const char *path)
{
	return fd_connect(path, "the seccomp agent at");
}
