/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault LOG CMD...			tells in LOG each system call that CMD
 *					makes: "PROC NR K ARG", the Kth of number
 *					NR of process PROC (0: CMD itself, then
 *					as they come), ARG its first argument
 * fault LOG PROC:NR:K:ERR CMD...	makes that one fail with error ERR, or
 *					with "short" do half of what it was asked
 *
 * Only what the program of CMD itself does, in all its processes; not what it
 * executes. Exits as CMD; LOG says "fired" if the call came, "hangs" if CMD took
 * too long and was killed, and "lives" if anything that CMD started is still
 * there a second after it has failed.
 *
 * Unlike strace(1) it can tell parent and child apart, takes a hundredth of the
 * time, and needs to know of no machine's registers: a seccomp filter gives us
 * every call. So what CMD starts and leaves has us in the background, until the
 * last of it has ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	CALLS = 512,
	PROCESSES = 64,
	LISTENER = 3, /* in CMD, which has it closed on execve(2) */
	HANGS_MS = 5000,
	LIVES_MS = 1000,
};

struct process {
	pid_t pid;
	bool other; /* another program */
	bool executes;
	unsigned short count[CALLS];
};

static struct process process[PROCESSES];
static int processes;
static struct stat program;
static FILE *to;
static int proc = -1, nr, k, error;
static const struct seccomp_data *data;

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "fault: %s: %s\n", what, strerror(errno));
	_exit(99);
}

/* The copies of itself that runt runs from keep its inode. */
static bool is_program(pid_t pid)
{
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return stat(path, &st) == 0 && st.st_dev == program.st_dev &&
	       st.st_ino == program.st_ino;
}

/* Those of another program are none of ours. */
static struct process *find(pid_t pid, int call)
{
	struct process *p = process;

	while (p < process + processes && p->pid != pid)
		p++;
	if (p == process + PROCESSES)
		return NULL;
	if (p == process + processes) {
		processes++;
		p->pid = pid;
		p->executes = true;
	}
	if (p->executes)
		p->other = !is_program(pid);
	p->executes = call == SYS_execve || call == SYS_execveat;
	return p->other ? NULL : p;
}

/* Writes half of what it was to write, in the name of who called. */
static long write_half(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int fd = (int)syscall(SYS_pidfd_getfd, pidfd, (int)data->args[0], 0);
	size_t size = (size_t)data->args[2];
	struct iovec theirs = { .iov_base = (void *)(uintptr_t)data->args[1] };
	struct iovec ours;
	ssize_t n;

	ours.iov_len = theirs.iov_len = size > 1 ? size / 2 : size;
	ours.iov_base = malloc(ours.iov_len + 1);
	process_vm_readv(pid, &ours, 1, &theirs, 1, 0);
	n = write(fd, ours.iov_base, ours.iov_len);
	n = n < 0 ? -errno : n;
	free(ours.iov_base);
	close(fd);
	close(pidfd);
	return n;
}

static void answer(struct seccomp_notif_resp *r, const struct seccomp_notif *n)
{
	struct process *p = find((pid_t)n->pid, n->data.nr);
	long ret;

	data = &n->data;
	r->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	if (!p || data->nr < 0 || data->nr >= CALLS)
		return;
	p->count[data->nr]++;
	if (proc < 0)
		fprintf(to, "%d %d %d %llu\n", (int)(p - process), data->nr,
			p->count[data->nr], (unsigned long long)data->args[0]);
	if (proc != p - process || nr != data->nr || k != p->count[nr])
		return;
	fprintf(to, "fired\n");
	r->flags = 0;
	ret = error ? -error : write_half(p->pid);
	if (ret < 0)
		r->error = (int)ret;
	else
		r->val = ret;
}

/* Until nobody is left whom the filter is for. */
static void __attribute__((noreturn)) supervise(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct seccomp_notif n;
	struct seccomp_notif_resp r;

	for (;;) {
		poll(&p, 1, -1);
		if (!(p.revents & POLLIN) && p.revents)
			_exit(0);
		memset(&n, 0, sizeof(n));
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &n) < 0)
			continue;
		memset(&r, 0, sizeof(r));
		r.id = n.id;
		answer(&r, &n);
		ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &r);
	}
}

static void __attribute__((noreturn)) execute(char **argv, int go)
{
	struct sock_filter all[] = { BPF_STMT(BPF_RET | BPF_K,
					      SECCOMP_RET_USER_NOTIF) };
	struct sock_fprog filter = { 1, all };
	char c;

	if (read(go, &c, 1) != 0)
		_exit(99);
	close(go);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter) != LISTENER)
		die("seccomp");
	execv(argv[0], argv);
	die(argv[0]);
}

/* No call of CMD comes back before it is supervised, its execve(2) neither: so
 * the listener has to be fetched. */
static int fetch(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), fd;
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	while ((fd = (int)syscall(SYS_pidfd_getfd, pidfd, LISTENER, 0)) < 0)
		if (poll(&p, 1, 1) != 0)
			_exit(99);
	return fd;
}

/* Its descriptors are nobody's to wait for, its arguments not CMD's. */
static void hide(int argc, char **argv)
{
	int null = open("/dev/null", O_RDWR);
	char *end = argv[argc - 1] + strlen(argv[argc - 1]);

	setsid();
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	memset(argv[0], 0, (size_t)(end - argv[0]));
}

static void parse(const char *what)
{
	char word[16];

	if (sscanf(what, "%d:%d:%d:%15s", &proc, &nr, &k, word) != 4)
		die(what);
	error = strcmp(word, "short") == 0 ? 0 : atoi(word);
}

/* Leaves LISTENER's number free. */
static int above(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 10);

	close(fd);
	return high;
}

static bool await(pid_t pid, int ms)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	bool ended = fd < 0 || poll(&p, 1, ms) > 0;

	close(fd);
	return ended;
}

int main(int argc, char **argv)
{
	char **cmd = argv + 2;
	int go[2], status;
	pid_t child, supervisor;

	if (argc < 3)
		return 98;
	to = fdopen(above(open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0600)),
		    "w");
	if (!to)
		die(argv[1]);
	setvbuf(to, NULL, _IOLBF, 0);
	if (cmd[0][0] != '/')
		parse(*cmd++);
	if (stat(cmd[0], &program) < 0 || pipe(go) < 0)
		die(cmd[0]);
	go[0] = above(go[0]);
	go[1] = above(go[1]);
	close(LISTENER);
	child = fork();
	if (child == 0) {
		close(go[1]);
		execute(cmd, go[0]);
	}
	supervisor = fork();
	if (supervisor == 0) {
		close(go[0]);
		close(go[1]);
		hide(argc, argv);
		supervise(fetch(child));
	}
	close(go[0]);
	close(go[1]);
	if (!await(child, HANGS_MS)) {
		fprintf(to, "hangs\n");
		kill(child, SIGKILL);
	}
	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				       WEXITSTATUS(status);
	if (status && !await(supervisor, LIVES_MS))
		fprintf(to, "lives\n");
	return status;
}
