/* SPDX-License-Identifier: Apache-2.0 */
#include "run/inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "kern/sys.h"

/* Ours are close-on-exec, the caller's are not: that tells them apart. */
static bool is_given(unsigned int fd)
{
	int flags = fcntl((int)fd, F_GETFD);

	return flags >= 0 && !(flags & FD_CLOEXEC);
}

int inherit_sockets(struct run *r)
{
	const char *number = getenv("LISTEN_FDS"), *pid = getenv("LISTEN_PID");
	struct plan *p = &r->plan;
	uint32_t own;

	/* Meant for another process, who did not clean up behind itself. */
	if (!number || !pid || str_u32(pid, &own) < 0 ||
	    own != (uint32_t)getpid())
		return 0;
	if (str_u32(number, &p->listen_fds) < 0)
		return err_say(EINVAL, "LISTEN_FDS=%s: expected a number",
			       number);
	for (unsigned int i = 0; i < p->listen_fds; i++)
		if (!is_given(3 + i))
			return err_say(EBADF,
				       "LISTEN_FDS=%u: descriptor %u is not "
				       "open",
				       p->listen_fds, 3 + i);
	return 0;
}

static int check_preserved(const struct run *r)
{
	unsigned int n = r->o->preserve_fds;

	for (unsigned int i = 0; i < n; i++)
		if (!is_given(3 + r->plan.listen_fds + i))
			return err_say(EBADF,
				       "unable to stat preserved-fd %u (of %u)",
				       i, n);
	return 0;
}

int inherit_check_ready(unsigned int fd, unsigned int n)
{
	int flags;

	if (fd == RUN_NO_FD)
		return 0;
	flags = fcntl((int)fd, F_GETFL);
	if (!is_given(fd) || (flags & O_ACCMODE) == O_RDONLY || flags & O_PATH)
		return err_say(EBADF, "--ready-fd %u: not open for writing",
			       fd);
	if (fd >= 3 && fd - 3 < n)
		return err_say(EINVAL,
			       "--ready-fd %u: that one is passed on to the "
			       "container",
			       fd);
	if (fd > 2)
		fcntl((int)fd, F_SETFD, FD_CLOEXEC);
	return 0;
}

void inherit_say_ready(unsigned int fd)
{
	if (fd == RUN_NO_FD)
		return;
	signal(SIGPIPE, SIG_IGN);
	if (write((int)fd, "\n", 1) < 0)
		log_line(LOG_WARNING, "--ready-fd %u can't be written", fd);
	if (fd > 2)
		close((int)fd);
}

static int close_range_of(unsigned int first, unsigned int last)
{
	int ret = sys_close_range(first, last, 0);

	return ret < 0 ? err_sys(ret, "close_range") : 0;
}

/* All from first on but these, each of which may be none (~0U). */
static int close_others(unsigned int first, const unsigned int *but, size_t n)
{
	unsigned int next;
	int ret = 0;

	for (; ret == 0; first = next + 1) {
		next = ~0U;
		for (size_t i = 0; i < n; i++)
			if (but[i] >= first && but[i] < next)
				next = but[i];
		if (next == ~0U)
			return close_range_of(first, ~0U);
		ret = next > first ? close_range_of(first, next - 1) : 0;
	}
	return ret;
}

/* What the caller did not mean us to have is closed; what it did must be
 * there. */
int inherit_descriptors(struct run *r)
{
	const unsigned int but[] = {
		r->o->ready_fd,
		(unsigned int)log_fd(),
		(unsigned int)r->own.mount,
		(unsigned int)r->own.file,
	};
	int ret = check_preserved(r);

	/* Whatever the caller's: the modes that we ask for are meant. */
	umask(022);
	r->plan.passed_fds = r->plan.listen_fds + r->o->preserve_fds;
	if (ret == 0)
		ret = inherit_check_ready(r->o->ready_fd, r->plan.passed_fds);
	return ret < 0 ? ret :
			 close_others(3 + r->plan.passed_fds, but,
				      sizeof(but) / sizeof(but[0]));
}
