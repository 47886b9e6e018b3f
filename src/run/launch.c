/* SPDX-License-Identifier: Apache-2.0 */
#include "run/launch.h"

#include <errno.h>
#include <signal.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/need.h"
#include "kern/proc.h"
#include "kern/procfs.h"
#include "kern/seccomp_notify.h"
#include "kern/sys.h"
#include "run/channel.h"

static int connect_agent(struct launch *l)
{
	l->agent = seccomp_connect_agent(l->seccomp->listener_path);
	if (l->agent < 0)
		return l->agent;
	return channel_say(l->channel, SAY_GO, l->pid);
}

/* Now nothing but the agent keeps the child from going on. */
static int send_listener(struct launch *l, int listener)
{
	struct sbuf b = SBUF(state_text);
	int ret;

	state_print_process(&b, l->state, l->pid,
			    l->seccomp->listener_metadata);
	ret = b.full ? -E2BIG : fd_send(l->agent, b.p, b.len, listener);
	fd_close(&l->agent);
	return ret < 0 ? err_sys(ret, "send to the seccomp agent at %s",
				 l->seccomp->listener_path) :
			 0;
}

/* With a filter the child can be dead without a word. */
static int check_executed(const struct launch *l)
{
	autofd proc = -1;
	struct proc_stat stat;
	int ret;

	if (!l->seccomp)
		return 0;
	proc = procfs_open_host();
	ret = proc < 0 ? proc : proc_read_stat(&stat, proc, l->pid);
	/* Ended and reaped by somebody else, or not to be looked at: then there
	 * is nothing that would say it failed. */
	if (ret < 0 || !stat.failed)
		return 0;
	err_say(ECHILD, "the container's process died of its seccomp filter "
			"before it could execute the program");
	return err_hint(NEED_SECCOMP_CALLS);
}

static int answer(struct launch *l, int word, const struct message *m,
		  int listener)
{
	switch (word) {
	case 0:
		return check_executed(l);
	case SAY_ERROR:
		err = m->err;
		return -err.num;
	case SAY_AGENT:
		if (l->seccomp && l->agent < 0)
			return connect_agent(l);
		break;
	case SAY_LISTENER:
		if (l->agent >= 0 && listener >= 0)
			return send_listener(l, listener);
		break;
	}
	return word < 0 ? word : err_say(EPROTO, "init says %d", word);
}

int launch_hear(struct launch *l)
{
	struct message m;
	autofd listener = -1;
	int word = channel_hear_fd(l->channel, &m, &listener);
	int ret = answer(l, word, &m, listener);

	if (ret == 0)
		return word != 0;
	/* It may be about to execute: it must not without its agent. */
	if (word == SAY_LISTENER)
		sys_pidfd_send_signal(l->pidfd, SIGKILL);
	return ret;
}

void launch_close(struct launch *l)
{
	fd_close(&l->agent);
}
