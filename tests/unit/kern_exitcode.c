/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/exitcode.c: what is known of the end of a zombie, of a process that was
 * reaped, and of one that is traced, which must not notice it.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/exitcode.h"
#include "kern/procfs.h"
#include "kern/sys.h"
#include "tap.h"

/* A child that ends as asked, dead but not reaped. sig 0: by exit(7). */
static pid_t make_zombie(int sig, int *pidfd)
{
	pid_t pid = fork();
	struct pollfd p;

	if (pid == 0) {
		if (sig)
			kill(getpid(), sig);
		_exit(7);
	}
	*pidfd = sys_pidfd_open(pid);
	p = (struct pollfd){ .fd = *pidfd, .events = POLLIN };
	poll(&p, 1, -1);
	return pid;
}

static void test_end(int proc, int sig, int expected)
{
	struct proc_stat st;
	int pidfd, code = -1;
	pid_t pid = make_zombie(sig, &pidfd);

	proc_read_stat(&st, proc, pid);
	is_num(exitcode_of_zombie(proc, pid, st.start + 1, &code), 0,
	       "of another process with the number nothing is known");
	is_num(exitcode_of_zombie(proc, pid, st.start, &code), 1,
	       "a zombie can be asked");
	is_num(code, expected, "  it says the truth");
	code = -1;
	waitpid(pid, NULL, 0);
	is_num(exitcode_of_zombie(proc, pid, st.start, &code), 0,
	       "reaped, it is gone");
	if (exitcode_of_pidfd(pidfd, &code))
		is_num(code, expected, "  a pidfd knows, since Linux 6.15");
	else
		skip("a pidfd knows", "this kernel tells nothing by it");
	close(pidfd);
}

static void test_living(int proc)
{
	struct proc_stat st;
	int pidfd = sys_pidfd_open(getpid()), code;

	proc_read_stat(&st, proc, getpid());
	is_num(exitcode_of_zombie(proc, getpid(), st.start, &code), 0,
	       "who lives is no zombie");
	is_num(exitcode_of_pidfd(pidfd, &code), 0, "  and has no code yet");
	close(pidfd);
}

static volatile sig_atomic_t caught;

static void count(int sig)
{
	(void)sig;
	caught++;
}

static void nap(void)
{
	const struct timespec t = { .tv_nsec = 5 * 1000000 };

	nanosleep(&t, NULL);
}

/* Catches three SIGUSR1 and ends with their number; says over the pipe when
 * it has got each. */
static void traced(int out)
{
	signal(SIGUSR1, count);
	while (caught < 3) {
		int before = caught;

		if (write(out, "x", 1) != 1)
			_exit(99);
		while (caught == before)
			nap();
	}
	_exit(caught);
}

/* Does what a tracer has to; returns what wait(2) said at the end. */
static int follow(pid_t pid, int in)
{
	struct pollfd p = { .fd = in, .events = POLLIN };
	int st, stopped = 0;
	char c;

	for (;;) {
		if (waitpid(pid, &st, __WALL | WNOHANG) == pid) {
			if (!WIFSTOPPED(st))
				return st;
			exitcode_pass(pid, st);
		}
		if (poll(&p, 1, 5) != 1 || !(p.revents & POLLIN) ||
		    read(in, &c, 1) != 1)
			continue;
		/* In between all of it is stopped once. */
		if (stopped++ == 1) {
			kill(pid, SIGSTOP);
			nap();
			kill(pid, SIGCONT);
		}
		kill(pid, SIGUSR1);
	}
}

static void test_trace(void)
{
	int pipes[2];
	pid_t pid;

	if (pipe(pipes) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		close(pipes[0]);
		traced(pipes[1]);
	}
	close(pipes[1]);
	if (exitcode_trace(pid) < 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		skip("a traced process", "ptrace may not be used here");
		return;
	}
	is_num(follow(pid, pipes[0]), 3 << 8,
	       "a traced process gets its signals, stops, goes on and ends");
	close(pipes[0]);
	is_num(exitcode_trace(pid), -ESRCH, "what has ended can't be traced");
}

int main(void)
{
	int proc = procfs_open_host();

	if (proc < 0) {
		skip("ends of processes", "no procfs is mounted");
		return done();
	}
	if (emulated()) {
		skip("zombies", "the emulator makes up links of procfs");
	} else {
		test_end(proc, 0, 7 << 8);
		test_end(proc, SIGTERM, SIGTERM);
	}
	test_living(proc);
	test_trace();
	return done();
}
