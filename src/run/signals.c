/* SPDX-License-Identifier: Apache-2.0 */
#include "run/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/need.h"
#include "kern/sys.h"

/* As nohup(1) and shells without job control start what a terminal's keys and
 * end are not to reach. Blocked they would not be ignored. */
static void keep_ignored(sigset_t *set)
{
	static const unsigned char signals[] = { SIGHUP, SIGINT, SIGQUIT };
	struct sigaction now;

	for (size_t i = 0; i < sizeof(signals); i++)
		if (sigaction(signals[i], NULL, &now) == 0 &&
		    now.sa_handler == SIG_IGN)
			sigdelset(set, signals[i]);
}

int signals_open(void)
{
	sigset_t all;
	int fd;

	/* sigfillset(3) leaves out what a libc has for itself. */
	memset(&all, 0xff, sizeof(all));
	if (sigprocmask(SIG_SETMASK, &all, NULL) < 0)
		return err_sys(errno, "block signals");
	sigdelset(&all, SIGPIPE);
	sigdelset(&all, SIGTTIN);
	sigdelset(&all, SIGTTOU);
	keep_ignored(&all);
	fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd >= 0)
		return fd;
	err_sys(errno, "signalfd");
	return err.num == ENOSYS ? err_hint(NEED_SIGNALFD) : -err.num;
}

int signals_next(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

void signals_reset(void)
{
	sigset_t none;
	int sig;

	for (sig = 1; sig < _NSIG; sig++)
		sys_default_signal(sig);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

bool signals_ends(int sig)
{
	return sig == SIGTERM || sig == SIGINT || sig == SIGHUP ||
	       sig == SIGQUIT;
}
