/* SPDX-License-Identifier: Apache-2.0 */
#include "run/network.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/ns.h"
#include "kern/proc.h"
#include "kern/uapi.h"
#include "run/channel.h"

/* Who moves devices finds the namespace by the child. */
bool network_is_late(const struct run *r)
{
	const struct plan *p = &r->plan;

	return p->clone_flags & K_CLONE_NEWNET && !p->user_ns &&
	       !p->spec->linux_.net_devices.n;
}

/* A path in /proc takes longer, and is for kernels before 6.11. */
static int open_own(void)
{
	int fd = ioctl(proc_self(), K_PIDFD_GET_NET_NAMESPACE, NULL);

	return fd < 0 ? fd_open(AT_FDCWD, "/proc/self/ns/net", O_RDONLY, 0) :
			fd;
}

static int make(void)
{
	return unshare(K_CLONE_NEWNET) < 0 ? ns_explain(errno, K_CLONE_NEWNET) :
					     0;
}

/* The child goes on as soon as it has it. */
static int send(const struct run *r)
{
	autofd fd = open_own();
	struct message m;
	size_t size = channel_word(&m, SAY_NETWORK, r->pid);
	int ret;

	if (fd < 0)
		return fd;
	ret = fd_send(r->channel, &m, size, fd);
	return ret < 0 ? err_sys(ret, "send to the container's init") : 0;
}

int network_make(struct run *r)
{
	autofd own = -1;
	int ret;

	if (!r->late_net)
		return 0;
	own = open_own();
	/* In a user namespace one may leave the host's network but not enter
	 * it again. The child need not, or can say what is wrong. */
	if (own < 0 || setns(own, K_CLONE_NEWNET) < 0)
		return channel_say(r->channel, SAY_GO, r->pid);
	ret = make();
	if (ret < 0)
		return ret;
	ret = send(r);
	if (ret == 0)
		ret = ns_loopback();
	if (setns(own, K_CLONE_NEWNET) < 0 && ret == 0)
		ret = err_sys(errno, "return to the network namespace");
	return ret;
}

int network_join(struct run *r)
{
	struct message m;
	autofd fd = -1;
	int ret;

	if (!r->late_net)
		return r->plan.clone_flags & K_CLONE_NEWNET ? ns_loopback() : 0;
	switch (channel_hear_fd(r->channel, &m, &fd)) {
	case SAY_NETWORK:
		return ns_join(NS_NETWORK, fd);
	case SAY_GO:
		ret = make();
		return ret < 0 ? ret : ns_loopback();
	}
	_exit(1);
}
