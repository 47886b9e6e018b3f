/* SPDX-License-Identifier: Apache-2.0 */
#include "run/hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/time.h"
#include "kern/need.h"
#include "kern/sys.h"
#include "run/signals.h"

enum { OUTPUT_KEPT = 512 };

/* One hook while it runs. */
struct job {
	const struct spec_hook *hook;
	const struct hooks_as *as; /* NULL: as who runs it */
	const char *what;          /* "poststop hook" */
	int cwd, input, output;    /* borrowed; the pipe's write end */
	char said[OUTPUT_KEPT];    /* the last that it printed */
	size_t nsaid;
};

/* The state as a file that needs no reader to take it in: a pipe would fill up
 * before a hook that never reads. */
/* Each hook has one of its own: it may write there, and leave behind who reads
 * on. */
static int state_file(const struct state *state, const char *status, pid_t pid)
{
	struct sbuf b = SBUF(state_text);
	autofd fd = sys_memfd_create("state", 0);
	int ret;

	if (fd < 0) {
		err_sys(fd, "memfd_create");
		return fd == -ENOSYS ? err_hint(NEED_MEMFD) : fd;
	}
	state_print(&b, state, status, pid, NULL, 0);
	if (b.full)
		return err_say(E2BIG, "the state for hooks is too large");
	ret = fd_write(fd, b.p, b.len, "state");
	if (ret < 0)
		return ret;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(errno, "rewind state");
	return fd_take(&fd);
}

/* Only what fork(2) leaves safe; exits with 127 and a word on its output. */
static void __attribute__((noreturn)) exec_hook(const struct job *j)
{
	const struct spec_hook *h = j->hook;
	char *const none[] = { (char *)h->path, NULL };
	char **argv = (char **)h->args.v;
	char *const *env = j->as ? j->as->env : environ;
	const char *why;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signals_reset();
	if (dup2(j->input, 0) < 0 || dup2(j->output, 1) < 0 ||
	    dup2(j->output, 2) < 0 || fchdir(j->cwd) < 0)
		_exit(127);
	/* The descriptors of who becomes another are his affair. */
	if ((j->as ? j->as->become(j->as->arg) : sys_close_range(3, ~0U, 0)) <
	    0) {
		why = err.text;
	} else {
		execve(h->path, h->args.n ? argv : none,
		       h->env_set ? (char **)h->env.v : env);
		why = strerror(errno);
	}
	if (write(2, why, strlen(why)) < 0)
		_exit(127);
	_exit(127);
}

static bool keep_output(struct job *j, int fd)
{
	char buf[1024], *p = buf;
	ssize_t n = read(fd, buf, sizeof(buf));
	size_t keep, len;

	if (n <= 0)
		return false;
	len = (size_t)n;
	if (len > sizeof(j->said)) {
		p += len - sizeof(j->said);
		len = sizeof(j->said);
	}
	keep = sizeof(j->said) - len;
	if (j->nsaid > keep) {
		memmove(j->said, j->said + j->nsaid - keep, keep);
		j->nsaid = keep;
	}
	memcpy(j->said + j->nsaid, p, len);
	j->nsaid += len;
	return true;
}

/* Until the process ends; its output may outlive it in the hands of a child
 * that it left behind, and is not waited for. Returns 0 or -ETIMEDOUT. */
static int watch(struct job *j, int pidfd, int output)
{
	uint64_t end = 0, now;
	int wait = -1, reads;
	struct pollfd p[] = {
		{ .fd = pidfd, .events = POLLIN },
		{ .fd = output, .events = POLLIN },
	};

	if (j->hook->timeout.set)
		end = time_us() + (uint64_t)j->hook->timeout.v * 1000000;
	for (;;) {
		if (end) {
			now = time_us();
			if (now >= end)
				return -ETIMEDOUT;
			/* What is more than weeks comes in parts. */
			now = (end - now + 999) / 1000;
			wait = now > INT_MAX ? INT_MAX : (int)now;
		}
		if (poll(p, 2, wait) < 0 && errno != EINTR)
			return err_sys(errno, "poll");
		if (p[0].revents) {
			/* What is in the pipe now, and not what a child left
			 * behind may go on writing. */
			for (reads = 0; reads < 64; reads++)
				if (!keep_output(j, output))
					break;
			return 0;
		}
		if (p[1].revents && !keep_output(j, output))
			p[1].fd = -1;
	}
}

static int explain(const struct job *j, const char *what, int number,
		   const char *unit)
{
	size_t n = j->nsaid;

	while (n && j->said[n - 1] == '\n')
		n--;
	return err_say(ECANCELED, "%s %s: %s %d%s%s%.*s", j->what,
		       j->hook->path, what, number, unit, n ? ": " : "", (int)n,
		       j->said);
}

static int finish(struct job *j, int pidfd, int watched)
{
	siginfo_t info = { 0 };

	if (watched < 0)
		sys_pidfd_send_signal(pidfd, SIGKILL);
	while (waitid((idtype_t)K_P_PIDFD, (id_t)pidfd, &info, WEXITED) < 0)
		if (errno != EINTR)
			return err_sys(errno, "wait for hook");
	if (watched == -ETIMEDOUT)
		return explain(j, "killed after its timeout of",
			       j->hook->timeout.v, " s");
	if (watched < 0)
		return watched;
	if (info.si_code != CLD_EXITED)
		return explain(j, "killed by signal", info.si_status, "");
	return info.si_status ? explain(j, "exit status", info.si_status, "") :
				0;
}

static int run_one(struct job *j)
{
	int pidfd_out = -1, pair[2], ret;
	struct k_clone_args args = {
		.flags = K_CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&pidfd_out,
		.exit_signal = SIGCHLD,
	};
	autofd pidfd = -1, output = -1, write_end = -1;
	pid_t pid;

	if (pipe2(pair, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_sys(errno, "pipe");
	output = pair[0];
	write_end = pair[1];
	/* The hook's own end blocks, as programs expect. */
	fcntl(write_end, F_SETFL, 0);
	/* Another user opens /dev/stderr by its name. */
	if (j->as)
		fchmod(write_end, 0622);
	j->output = write_end;
	pid = sys_clone3(&args);
	if (pid < 0)
		return err_sys(pid, "fork for %s", j->what);
	if (pid == 0)
		exec_hook(j);
	pidfd = pidfd_out;
	fd_close(&write_end);
	ret = watch(j, pidfd, output);
	return finish(j, pidfd, ret);
}

int hooks_run_program(const struct spec_hook *program, const char *what,
		      int cwd)
{
	autofd input = fd_open(AT_FDCWD, "/dev/null", O_RDONLY, 0);
	struct job j = {
		.hook = program,
		.what = what,
		.cwd = cwd,
		.input = input,
	};

	return input < 0 ? input : run_one(&j);
}

int hooks_run(const struct spec_hook_list *list, const char *kind, int cwd,
	      const struct state *state, const char *status, pid_t pid,
	      const struct hooks_as *as)
{
	char what[32];
	size_t i;
	int ret = 0;

	if (str_fmt(what, sizeof(what), "%s hook", kind) < 0)
		return -ENAMETOOLONG;
	for (i = 0; i < list->n && ret == 0; i++) {
		autofd input = state_file(state, status, pid);
		struct job j = {
			.hook = &list->v[i],
			.as = as,
			.what = what,
			.cwd = cwd,
			.input = input,
		};

		ret = input < 0 ? input : run_one(&j);
	}
	return ret;
}

void hooks_run_poststop(const struct spec *s, int cwd,
			const struct state *state)
{
	struct spec_hook_list one = { .v = s->hooks.poststop.v, .n = 1 };

	for (size_t n = s->hooks.poststop.n; n > 0; n--, one.v++)
		if (hooks_run(&one, "poststop", cwd, state, "stopped", 0,
			      NULL) < 0)
			log_line(LOG_WARNING, "%s", err.text);
}
