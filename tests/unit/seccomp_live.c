/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/seccomp_load.c, kern/seccomp_notify.c: filters in the kernel.
 *
 * It is a tool, too, for the tests of containers:
 *
 *	seccomp_live call NAME|NUMBER [ARG...]
 *					makes a system call; prints its result,
 *					or "errno N"
 *	seccomp_live agent SOCKET FILE	an agent: appends what it is told to
 *					FILE, and answers each notification with
 *					errno 77
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/need.h"
#include "kern/seccomp_names.h"
#include "kern/seccomp_notify.h"
#include "oci/config.h"
#include "tap.h"

static int compile(struct seccomp_program *p, const char *profile)
{
	static struct config c;
	char text[2000];
	int n = snprintf(text, sizeof(text),
			 "{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},"
			 "\"linux\":{\"seccomp\":{%s}}}",
			 profile);

	if (config_parse(&c, text, (size_t)n, "test") < 0) {
		printf("# %s\n", err.text);
		return -err.num;
	}
	return seccomp_compile(p, c.spec.linux_.seccomp);
}

/* In a child, with a filter, and no_new_privs unless told otherwise. */
static int in_child(const struct seccomp_program *p, bool nnp,
		    int (*what)(const struct seccomp_program *p))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (nnp)
			prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		_exit(what(p));
	}
	waitpid(pid, &status, 0);
	return status;
}

static int filtered(const struct seccomp_program *p)
{
	if (seccomp_install(p) != 0)
		return 1;
	if (syscall(SYS_getppid) != -1 || errno != 28)
		return 2;
	return getpid() > 0 ? 0 : 3;
}

static int killed(const struct seccomp_program *p)
{
	seccomp_install(p);
	syscall(SYS_getppid);
	return 0;
}

static int unprivileged(const struct seccomp_program *p)
{
	if (geteuid() == 0 && setuid(65534) < 0)
		return 1;
	return seccomp_install(p) == -EACCES &&
			       err.hint == NEED_SECCOMP_PRIVILEGE ?
		       0 :
		       2;
}

static void test_load(void)
{
	struct seccomp_program p;

	is_num(compile(&p, "\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":"
			   "[{\"names\":[\"getppid\"],\"errnoRet\":28,"
			   "\"action\":\"SCMP_ACT_ERRNO\"}]"),
	       0, "a filter is made");
	is_num(in_child(&p, true, filtered), 0, "and filters");
	is_num(in_child(&p, false, unprivileged), 0,
	       "without privilege and no_new_privs it can't be loaded");
	compile(&p, "\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":"
		    "[{\"names\":[\"getppid\"],"
		    "\"action\":\"SCMP_ACT_KILL_PROCESS\"}]");
	is_num(in_child(&p, true, killed), SIGSYS, "and kills");
}

/* Answers one notification; returns the number of the call. */
static int answer(int listener, int error)
{
	struct seccomp_notif in;
	struct seccomp_notif_resp out;

	memset(&in, 0, sizeof(in));
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &in) < 0)
		return -errno;
	memset(&out, 0, sizeof(out));
	out.id = in.id;
	out.error = -error;
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &out) < 0)
		return -errno;
	return in.data.nr;
}

static int pair[2];

static int notifying(const struct seccomp_program *p)
{
	close(pair[0]);
	if (seccomp_install_notify(p, pair[1], "word", 4) < 0)
		return 1;
	if (syscall(SYS_getppid) != -1 || errno != 77)
		return 2;
	return 0;
}

static void test_notify(const char *name, const char *more)
{
	struct seccomp_program p;
	char profile[500], word[10] = "";
	int listener = -1, status;
	pid_t pid;

	snprintf(profile, sizeof(profile),
		 "\"defaultAction\":\"SCMP_ACT_ALLOW\","
		 "\"listenerPath\":\"/agent\",\"syscalls\":[{\"names\":"
		 "[\"getppid\"%s],\"action\":\"SCMP_ACT_NOTIFY\"}]",
		 more);
	is_num(compile(&p, profile), 0, name);
	ok(p.notifies, "it notifies");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		abort();
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		_exit(notifying(&p));
	}
	close(pair[1]);
	is_num(fd_receive(pair[0], word, sizeof(word), &listener), 4,
	       "the child says that it has loaded it");
	is_str(word, "word", "in these words");
	is_num(fcntl(listener, F_GETFD), FD_CLOEXEC, "the listener is with it");
	is_num(answer(listener, 77), SYS_getppid, "that hears of the call");
	close(listener);
	close(pair[0]);
	waitpid(pid, &status, 0);
	is_num(status, 0, "and decides what becomes of it");
}

static void test_refused(void)
{
	struct seccomp_program p;

	compile(&p, "\"defaultAction\":\"SCMP_ACT_ALLOW\","
		    "\"listenerPath\":\"/agent\",\"syscalls\":[{\"names\":"
		    "[\"sendmsg\",\"sendmmsg\"],"
		    "\"action\":\"SCMP_ACT_NOTIFY\"}]");
	is_num(seccomp_check_notify(&p), -EINVAL,
	       "without a call to hand it over it is refused");
	ok(strstr(err.text, "sendmmsg"), "with a word about it: %s", err.text);
	is_num(compile(&p,
		       "\"defaultAction\":\"SCMP_ACT_ALLOW\","
		       "\"listenerPath\":\"/agent\",\"syscalls\":[{\"names\":"
		       "[\"read\",\"write\"],"
		       "\"action\":\"SCMP_ACT_NOTIFY\"}]"),
	       -EINVAL, "write can't notify");
	is_str(p.path, "syscalls[0].names[1]", "its place is told");
	is_num(seccomp_connect_agent("/nowhere/agent"), -ENOENT,
	       "an agent that is not there is an error");
}

static long number_of(const char *name)
{
	const struct seccomp_abi *abi = &seccomp_abis[0];

	for (size_t i = abi->row; i < abi->row_end; i++)
		if (strcmp(seccomp_name(seccomp_row(i)->name), name) == 0)
			return (long)seccomp_number(abi, seccomp_row(i));
	return (long)strtoull(name, NULL, 0);
}

static int call(char **args)
{
	long n[7] = { number_of(args[0]) }, ret;

	for (int i = 1; args[i] && i < 7; i++)
		n[i] = (long)strtoull(args[i], NULL, 0);
	ret = syscall(n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
	if (ret < 0)
		printf("errno %d\n", errno);
	else
		printf("%ld\n", ret);
	return 0;
}

static void serve(int sock, int log)
{
	static char text[65536];
	struct pollfd p = { .events = POLLIN };
	int listener;
	ssize_t n = fd_receive(sock, text, sizeof(text) - 1, &listener);

	if (n <= 0)
		exit(1);
	text[n++] = '\n';
	fd_write(log, text, (size_t)n, "log");
	p.fd = listener;
	/* POLLHUP: nobody is left who could call. */
	while (poll(&p, 1, -1) == 1 && p.revents == POLLIN &&
	       answer(listener, 77) >= 0)
		;
	exit(0);
}

static int agent(const char *path, const char *file)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_STREAM, 0), c;
	int log = open(file, O_WRONLY | O_CREAT | O_APPEND, 0600);

	strncpy(addr.sun_path, path, sizeof(addr.sun_path) - 1);
	if (bind(s, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    listen(s, 8) < 0 || log < 0)
		return 1;
	signal(SIGCHLD, SIG_IGN);
	while ((c = accept(s, NULL, NULL)) >= 0) {
		if (fork() == 0)
			serve(c, log);
		close(c);
	}
	return 1;
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "call") == 0)
		return call(argv + 2);
	if (argc == 4 && strcmp(argv[1], "agent") == 0)
		return agent(argv[2], argv[3]);
	test_refused();
	if (emulated()) {
		skip("filters in the kernel", "runs in an emulator");
		return done();
	}
	test_load();
	test_notify("the call that notifies", "");
	test_notify("the listener's way by another call", ",\"sendmsg\"");
	return done();
}
