/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wait: how a container ended whose parent is not us. The sources, best first:
 *
 *	the record, where the monitor of `run --keep` or an earlier wait wrote it;
 *	a pidfd that was opened before the end, where the kernel tells by it;
 *	the zombie, as long as its parent has not reaped it;
 *	on older kernels, being its tracer from now to the end.
 *
 * What ended unseen has a status that nobody knows.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/time.h"
#include "kern/exitcode.h"
#include "kern/procfs.h"
#include "kern/sys.h"
#include "run/container.h"
#include "run/live.h"
#include "run/status.h"

enum { FOREVER = -1, SAVE_MS = 500 };

struct wait {
	struct live l;
	int proc;     /* the host's procfs; owned */
	uint64_t end; /* in ms of time_us() / 1000 */
	bool endless;
	int code; /* as of wait(2) */
};

/* What poll(2) gets; a time of weeks in parts. */
static int left_ms(const struct wait *w)
{
	enum { DAY = 86400 * 1000 };
	uint64_t now = time_us() / 1000;

	if (w->endless)
		return FOREVER;
	if (now >= w->end)
		return 0;
	return w->end - now > DAY ? DAY : (int)(w->end - now);
}

static int timed_out(const struct wait *w)
{
	return err_say(ETIMEDOUT, "container %s has not ended", w->l.store.id);
}

/* Since Linux 6.15 a pidfd tells how its process ended. Do they here? A child
 * that ends at once shows it. */
static bool pidfds_tell(void)
{
	autofd pidfd = -1;
	struct k_clone_args args = {
		.flags = K_CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
	};
	pid_t pid = sys_clone3(&args);
	int code;

	if (pid == 0)
		_exit(0);
	if (pid < 0)
		return false;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return exitcode_of_pidfd(pidfd, &code);
}

/* 1: w->code is set. */
static int is_known(struct wait *w)
{
	const struct state_process *init = &w->l.state.init;

	return exitcode_of_pidfd(w->l.pidfd, &w->code) ||
	       exitcode_of_zombie(w->proc, init->pid, init->start, &w->code);
}

/* POLLIN: it has ended. POLLHUP: it was reaped, and its code is there. */
static int watch(struct wait *w, bool told)
{
	struct pollfd p = { .fd = w->l.pidfd, .events = POLLIN };
	int ms;

	for (;;) {
		ms = left_ms(w);
		if (poll(&p, 1, ms) < 0 && errno != EINTR)
			return err_sys(errno, "poll");
		if (p.revents) {
			p.events = 0;
			if (is_known(w))
				return 1;
			if (!told || p.revents & POLLHUP)
				return 0;
		} else if (ms == 0) {
			return timed_out(w);
		}
	}
}

/* Waits for the next SIGCHLD. */
static int nap(const struct wait *w, const sigset_t *sigchld)
{
	int ms = left_ms(w);
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	if (sigtimedwait(sigchld, NULL, ms < 0 ? NULL : &t) < 0 && ms == 0)
		return timed_out(w);
	return 0;
}

/* The tracer of the process that the pidfd is of, and of no later one with
 * its number. */
static int begin_trace(struct wait *w)
{
	int ret = exitcode_trace(w->l.state.init.pid);

	return ret < 0 ? ret : sys_pidfd_send_signal(w->l.pidfd, 0);
}

/*
 * 1: the code is known. 0: it can't be traced. When a thread other than the
 * first executes a program, a process goes on without its tracer (-1, ECHILD).
 */
static int trace(struct wait *w)
{
	pid_t pid = w->l.state.init.pid, got;
	sigset_t sigchld;
	int st, ret = 0;

	sigemptyset(&sigchld);
	sigaddset(&sigchld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &sigchld, NULL);
	sys_default_signal(SIGCHLD);
	while (ret == 0) {
		got = waitpid(pid, &st, __WALL | WNOHANG);
		if (got == 0) {
			ret = nap(w, &sigchld);
		} else if (got < 0) {
			if (begin_trace(w) < 0)
				return 0;
		} else if (WIFSTOPPED(st)) {
			exitcode_pass(pid, st);
		} else {
			w->code = st;
			return 1;
		}
	}
	return ret;
}

static int lost(const char *id)
{
	return err_say(ECHILD,
		       "container %s has ended unseen: nobody knows its exit "
		       "status any more",
		       id);
}

/* For the next who waits, unless somebody is at work on the container: that
 * may be its deletion. */
static void save(struct wait *w, uint32_t status)
{
	struct state now;

	if (store_trylock(&w->l.store) < 0 || store_load(&w->l.store, &now) < 0)
		return;
	now.exit_status = (struct opt_u32){ status, true };
	store_save(&w->l.store, &now);
	store_unlock(&w->l.store);
}

/* Whoever was told instead of us, another wait or a monitor, is about to write
 * it down. */
static int was_saved(struct wait *w, int *status)
{
	const struct timespec nap = { .tv_nsec = 10 * 1000000 };
	struct state now;
	int i;

	for (i = 0; i < SAVE_MS / 10; i++) {
		if (store_load(&w->l.store, &now) < 0)
			break;
		if (now.exit_status.set) {
			*status = (int)now.exit_status.v;
			return 1;
		}
		nanosleep(&nap, NULL);
	}
	return 0;
}

/* 1: *status is what nobody has written down yet. 0: it was. */
static int find_out(struct wait *w, int *status)
{
	const struct state_process *init = &w->l.state.init;
	struct proc_stat stat;
	bool told;
	int ret;

	w->proc = procfs_open_host();
	if (w->proc < 0)
		return w->proc;
	/* A zombie counts as stopped, but has a pidfd still. */
	if (w->l.pidfd < 0 && init->pid)
		w->l.pidfd = proc_open(&stat, w->proc, init->pid, init->start);
	if (w->l.pidfd < 0)
		return lost(w->l.store.id);
	told = pidfds_tell();
	ret = told ? 0 : trace(w);
	if (ret == 0)
		ret = watch(w, told);
	*status = status_exit(w->code);
	if (ret == 0)
		return was_saved(w, status) ? 0 : lost(w->l.store.id);
	return ret;
}

int run_wait(const struct run_global *g, const char *id, uint32_t seconds,
	     int *status)
{
	struct wait w = {
		.l = LIVE_NONE,
		.proc = -1,
		.end = time_us() / 1000 + (uint64_t)seconds * 1000,
		.endless = seconds == RUN_WAIT_FOREVER,
	};
	int ret = live_open(&w.l, g, id);

	if (ret == 0 && w.l.status == STATUS_CREATING)
		ret = err_say(EBUSY, "container is being created: %s", id);
	if (ret == 0 && w.l.state.exit_status.set)
		*status = (int)w.l.state.exit_status.v;
	else if (ret == 0)
		ret = find_out(&w, status);
	if (ret == 1)
		save(&w, (uint32_t)*status);
	live_close(&w.l);
	fd_close(&w.proc);
	return ret < 0 ? ret : 0;
}
