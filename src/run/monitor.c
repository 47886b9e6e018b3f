/* SPDX-License-Identifier: Apache-2.0 */
#include "run/monitor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "kern/proc.h"
#include "kern/procfs.h"
#include "kern/sys.h"
#include "run/notify.h"
#include "run/signals.h"
#include "run/status.h"

/* Did the child, a zombie, fail before it had become the program? If there was
 * no memory for its last word, its status is all that it says. */
static bool failed_early(const struct run *r, const siginfo_t *info)
{
	autofd proc = -1;
	struct proc_stat stat;

	if (info->si_code == CLD_EXITED ? !info->si_status :
					  info->si_status != SIGKILL)
		return false;
	proc = procfs_open_host();
	return proc >= 0 && proc_read_stat(&stat, proc, r->pid) == 0 &&
	       stat.failed;
}

/* Reaps all that has ended. 1 if our child was among it. */
static int reap(const struct run *r, int *status)
{
	siginfo_t info = { 0 };
	int found = 0, st;

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid) {
		if (info.si_pid == r->pid && failed_early(r, &info))
			return run_child_died(r);
		if (waitpid(info.si_pid, &st, 0) == r->pid) {
			found = 1;
			*status = status_exit(st);
		}
		info.si_pid = 0;
	}
	return found;
}

/* SIGWINCH and SIGURG tell of our own terminal and sockets. */
static void forward(const struct run *r, int sig)
{
	if (r->relay && sig == SIGWINCH)
		relay_resize(r->relay);
	if (r->relay && sig == SIGCONT)
		relay_begin(r->relay);
	if (sig != SIGCHLD && sig != SIGWINCH && sig != SIGURG)
		sys_pidfd_send_signal(r->pidfd, sig);
}

/* Who waits for it watches us. */
static void hear_ready(struct run *r)
{
	int ret = notify_hear(r->notify, getpid(), false);

	if (ret < 0)
		log_line(LOG_WARNING, "%s", err.text);
	if (ret)
		fd_close(&r->notify);
}

static int watch(struct run *r, int *status)
{
	struct pollfd p[2 + RELAY_POLLS] = {
		{ .fd = r->signals, .events = POLLIN },
		{ .fd = r->notify, .events = POLLIN },
	};
	int sig, ret;

	/* SIGCHLD may have been taken off the descriptor before. */
	while ((ret = reap(r, status)) == 0) {
		if (r->relay)
			relay_want(r->relay, p + 2);
		if (poll(p, r->relay ? 2 + RELAY_POLLS : 2,
			 r->relay ? relay_timeout(r->relay) : -1) < 0) {
			if (errno != EINTR)
				return err_sys(errno, "poll");
			continue;
		}
		while ((sig = signals_next(r->signals)))
			forward(r, sig);
		if (r->relay)
			relay_move(r->relay, p + 2);
		if (p[1].fd >= 0 && p[1].revents)
			hear_ready(r);
		p[1].fd = r->notify;
	}
	return ret < 0 ? ret : 0;
}

int monitor(struct run *r, int *status)
{
	int ret;

	if (r->relay)
		relay_begin(r->relay);
	ret = watch(r, status);
	if (r->notify >= 0)
		hear_ready(r);
	if (r->relay) {
		relay_drain(r->relay, r->signals);
		relay_end(r->relay);
	}
	return ret;
}
