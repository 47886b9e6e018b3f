/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts the instructions that a command and all of its children execute in
 * user space, one by one with ptrace(2): a number that no noise touches.
 *
 *	steps PROGRAM ARGUMENTS...
 *
 * Its exit status is the command's, the number is on standard error.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	OPTIONS = PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
		  PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL,
};

static void start(char **argv)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(126);
	raise(SIGSTOP);
	execv(argv[0], argv);
	_exit(127);
}

/* Returns the signal that the process is to get. A stop that is ours alone, of
 * a step or an event, and the first of a new child, are none. */
static int stopped(int status, uint64_t *steps)
{
	int sig = WSTOPSIG(status);

	if (sig == SIGTRAP && status >> 16 == 0)
		++*steps;
	return sig == SIGTRAP || sig == SIGSTOP ? 0 : sig;
}

/* Two switches for each instruction: between processes on one processor, that
 * wait for no others, they take the least. Without the right to, it works all
 * the same. */
static void hurry(void)
{
	const struct sched_param p = { .sched_priority = 1 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &p);
}

int main(int argc, char **argv)
{
	uint64_t steps = 0;
	int status, result = 1;
	pid_t first, pid;

	if (argc < 2) {
		fprintf(stderr, "usage: steps PROGRAM ARGUMENTS...\n");
		return 2;
	}
	hurry();
	first = fork();
	if (first == 0)
		start(argv + 1);
	if (first < 0 || waitpid(first, &status, 0) < 0 ||
	    ptrace(PTRACE_SETOPTIONS, first, NULL, OPTIONS) < 0 ||
	    ptrace(PTRACE_SINGLESTEP, first, NULL, 0) < 0) {
		fprintf(stderr, "steps: %s\n", strerror(errno));
		return 1;
	}
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			ptrace(PTRACE_SINGLESTEP, pid, NULL,
			       stopped(status, &steps));
		else if (pid == first)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	}
	fprintf(stderr, "%llu\n", (unsigned long long)steps);
	return result;
}
