/* SPDX-License-Identifier: Apache-2.0 */
#include "run/monitor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/err.h"
#include "kern/sys.h"
#include "run/signals.h"
#include "run/status.h"

/* Reaps all that has ended. 1 if pid was among it. */
static int reap(pid_t pid, int *status)
{
	int found = 0, st;
	pid_t who;

	while ((who = waitpid(-1, &st, WNOHANG)) > 0) {
		if (who != pid)
			continue;
		found = 1;
		*status = status_exit(st);
	}
	return found;
}

/* SIGWINCH and SIGURG tell of our own terminal and sockets. */
static void forward(int pidfd, int sig)
{
	if (sig != SIGCHLD && sig != SIGWINCH && sig != SIGURG)
		sys_pidfd_send_signal(pidfd, sig);
}

int monitor(pid_t pid, int pidfd, int signals, int *status)
{
	struct pollfd p = { .fd = signals, .events = POLLIN };
	int sig;

	/* SIGCHLD may have been taken off the descriptor before. */
	while (!reap(pid, status)) {
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return err_sys(errno, "poll");
		while ((sig = signals_next(signals)))
			forward(pidfd, sig);
	}
	return 0;
}
