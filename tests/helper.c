/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the shell of a test can't do. Static, for it also runs in containers.
 *
 *	pty CMD...		CMD on a terminal of its own, between which and
 *				the standard streams it relays; exits as CMD
 *	console SOCK CMD...	takes a terminal at SOCK while CMD runs, relays
 *				likewise until it hangs up; says on fd 2 what
 *				came with it
 *	pidfd SOCK CMD...	takes a pidfd: prints what came with it, and the
 *				pid
 *	notify SOCK CMD...	CMD with NOTIFY_SOCKET=SOCK: prints each message
 *				that comes, and "closed" when it closes the
 *				descriptors of one, after a moment
 *	say TEXT		sends TEXT to NOTIFY_SOCKET
 *	odd WHAT CMD...		CMD with argc0: no argv[0]; opath: fds 0 to 2
 *				that can't be read or written; dir: fd 0 a
 *				directory; masked: all signals blocked; chld:
 *				SIGCHLD ignored
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "helper: %s: %s\n", what, strerror(errno));
	exit(99);
}

static pid_t run(char **argv, int slave)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	signal(SIGPIPE, SIG_DFL);
	if (slave >= 0) {
		setsid();
		ioctl(slave, TIOCSCTTY, 0);
		dup2(slave, 0);
		dup2(slave, 1);
		dup2(slave, 2);
	}
	execvp(argv[0], argv);
	die(argv[0]);
}

static int wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
		       0 &&
	       info.si_pid == pid;
}

static bool copy(int from, int to)
{
	char buf[4096];
	ssize_t n = read(from, buf, sizeof(buf)), done = 0, m;

	for (; done < n; done += m) {
		m = write(to, buf + done, (size_t)(n - done));
		if (m < 0)
			return false;
	}
	return n > 0;
}

/* Until nobody has the other side open any more. */
static void relay(int master)
{
	struct pollfd p[] = {
		{ .fd = master, .events = POLLIN },
		{ .fd = 0, .events = POLLIN },
	};

	for (;;) {
		if (poll(p, 2, -1) < 0)
			die("poll");
		if (p[1].revents && !copy(0, master))
			p[1].fd = -1;
		if (p[0].revents && !copy(master, 1))
			return;
	}
}

static int on_pty(char **argv)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave;
	pid_t pid;

	if (master < 0 || unlockpt(master) < 0)
		die("openpt");
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		die("open the slave");
	pid = run(argv, slave);
	close(slave);
	relay(master);
	return wait_for(pid);
}

static struct sockaddr_un name_of(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		die(path);
	}
	strcpy(addr.sun_path, path);
	return addr;
}

static int bind_to(const char *path, int type)
{
	struct sockaddr_un addr = name_of(path);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		die(path);
	return fd;
}

/* The text, ended by a NUL, and one descriptor or -1. */
static ssize_t receive(int sock, char *text, size_t size, int *fd)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { .iov_base = text, .iov_len = size - 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&msg);

	*fd = -1;
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	text[n < 0 ? 0 : n] = '\0';
	return n;
}

/* Runs CMD and takes one connection of one message meanwhile. */
static pid_t take(const char *path, char **argv, char *text, size_t size,
		  int *fd)
{
	int sock = bind_to(path, SOCK_STREAM), peer;
	struct pollfd p = { .fd = sock, .events = POLLIN };
	pid_t pid;

	if (listen(sock, 1) < 0)
		die("listen");
	pid = run(argv, -1);
	while (poll(&p, 1, 50) == 0)
		if (has_ended(pid))
			exit(wait_for(pid));
	peer = accept4(sock, NULL, NULL, SOCK_CLOEXEC);
	if (peer < 0)
		die("accept");
	if (receive(peer, text, size, fd) < 0 || *fd < 0)
		die("no descriptor");
	if (read(peer, &(char){ 0 }, 1) != 0)
		die("more than one message");
	close(peer);
	return pid;
}

static int take_console(const char *path, char **argv)
{
	char text[4096];
	int master, status;
	pid_t pid = take(path, argv, text, sizeof(text), &master);

	fprintf(stderr, "%s\n", text);
	status = wait_for(pid);
	relay(master);
	return status;
}

static int take_pidfd(const char *path, char **argv)
{
	char text[64], line[128], info[64];
	int fd, status;
	pid_t pid = take(path, argv, text, sizeof(text), &fd);
	FILE *f;

	status = wait_for(pid);
	snprintf(info, sizeof(info), "/proc/self/fdinfo/%d", fd);
	f = fopen(info, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Pid: %d", &pid) == 1)
			printf("%s %d\n", text, pid);
	return status;
}

static int take_notices(const char *path, char **argv)
{
	int sock = bind_to(path, SOCK_DGRAM), fd;
	struct pollfd p = { .fd = sock, .events = POLLIN };
	char text[4096], *s;
	bool ended = false;
	pid_t pid;

	setenv("NOTIFY_SOCKET", path, 1);
	pid = run(argv, -1);
	for (;;) {
		if (poll(&p, 1, ended ? 0 : 50) == 0) {
			if (ended)
				return wait_for(pid);
			ended = has_ended(pid);
			continue;
		}
		receive(sock, text, sizeof(text), &fd);
		while ((s = strchr(text, '\n')))
			*s = ' ';
		printf("%s\n", text);
		fflush(stdout);
		if (fd >= 0) {
			usleep(300000);
			printf("closed\n");
			fflush(stdout);
			close(fd);
		}
	}
}

static int say(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un addr = name_of(path ? path : "");
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (sendto(fd, text, strlen(text), 0, (struct sockaddr *)&addr,
		   sizeof(addr)) < 0)
		die("send");
	return 0;
}

static int be_odd(const char *what, char **argv)
{
	char *none[] = { NULL };
	sigset_t all;
	int fd;

	if (strcmp(what, "argc0") == 0) {
		execve(argv[0], none, environ);
		die(argv[0]);
	}
	if (strcmp(what, "opath") == 0)
		for (fd = 0; fd <= 2; fd++)
			dup2(open("/", O_PATH), fd);
	if (strcmp(what, "dir") == 0)
		dup2(open("/", O_RDONLY), 0);
	if (strcmp(what, "chld") == 0)
		signal(SIGCHLD, SIG_IGN);
	if (strcmp(what, "masked") == 0) {
		sigfillset(&all);
		sigprocmask(SIG_SETMASK, &all, NULL);
	}
	for (fd = 3; fd < 10; fd++)
		close(fd);
	execvp(argv[0], argv);
	die(argv[0]);
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";

	signal(SIGPIPE, SIG_IGN);
	if (strcmp(verb, "pty") == 0)
		return on_pty(argv + 2);
	if (strcmp(verb, "say") == 0)
		return say(argv[2]);
	if (argc > 3 && strcmp(verb, "console") == 0)
		return take_console(argv[2], argv + 3);
	if (argc > 3 && strcmp(verb, "pidfd") == 0)
		return take_pidfd(argv[2], argv + 3);
	if (argc > 3 && strcmp(verb, "notify") == 0)
		return take_notices(argv[2], argv + 3);
	if (argc > 3 && strcmp(verb, "odd") == 0)
		return be_odd(argv[2], argv + 3);
	fprintf(stderr, "helper: see tests/helper.c\n");
	return 98;
}
