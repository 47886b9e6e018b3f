/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/proc.c, kern/procfs.c: lines of /proc/PID/stat, and the identity of
 * processes that live, are dead but not buried, and are gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/proc.h"
#include "kern/procfs.h"
#include "tap.h"

#define FIELDS " 1 1 1 0 -1 4194560 96 0 0 0 0 0 0 0 20 0 1 0 "

static const struct line {
	const char *name, *text;
	unsigned long long start; /* 0: refused */
	char state;
} lines[] = {
	{ "a plain name", "42 (sh) S" FIELDS "12345 1 2 3", 12345, 'S' },
	{ "a space", "42 (a b) R" FIELDS "7 1", 7, 'R' },
	{ "a bracket", "42 (a) R 1 (b) Z" FIELDS "8 1", 8, 'Z' },
	{ "only brackets", "42 ())) D" FIELDS "9 1", 9, 'D' },
	{ "a name like a line", "42 (x) S" FIELDS "1 (y) T" FIELDS "99 1", 99,
	  'T' },
	{ "the last field", "42 (sh) S" FIELDS "5", 5, 'S' },
	{ "a newline after it", "42 (sh) S" FIELDS "5\n", 5, 'S' },
	{ "the largest number", "42 (sh) S" FIELDS "18446744073709551615 1",
	  18446744073709551615ull, 'S' },
	{ "nothing", "", 0, 0 },
	{ "no bracket", "42 sh S" FIELDS "5 1", 0, 0 },
	{ "nothing after the name", "42 (sh)", 0, 0 },
	{ "no state", "42 (sh) ", 0, 0 },
	{ "a long state", "42 (sh) SS" FIELDS "5 1", 0, 0 },
	{ "too few fields", "42 (sh) S 1 1 1 0", 0, 0 },
	{ "no number", "42 (sh) S" FIELDS "x 1", 0, 0 },
	{ "an empty number", "42 (sh) S" FIELDS " 1", 0, 0 },
	{ "a negative number", "42 (sh) S" FIELDS "-5 1", 0, 0 },
	{ "a number of 65 bits", "42 (sh) S" FIELDS "18446744073709551616 1", 0,
	  0 },
	{ "a number without end",
	  "42 (sh) S" FIELDS "11111111111111111111111111111111111 1", 0, 0 },
	{ "flags that are no number",
	  "42 (sh) S 1 1 1 0 -1 x 96 0 0 0 0 0 0 0 "
	  "20 0 1 0 5 1",
	  0, 0 },
	{ "start time 0", "42 (sh) S" FIELDS "0 1", 0, 0 },
};

static void test_lines(void)
{
	struct proc_stat st;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct line *l = &lines[i];
		int ret = proc_parse_stat(&st, l->text);

		ok(l->start ? ret == 0 && st.start == l->start &&
				      st.state == l->state :
			      ret == -EINVAL,
		   "%s", l->name);
	}
}

static bool has_ended(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static void test_identity(int proc)
{
	struct proc_stat st, other;
	pid_t pid = fork();
	uint64_t inode;
	int pidfd, other_pidfd;

	if (pid == 0) {
		prctl(PR_SET_NAME, "a) R 1 (b");
		pause();
		_exit(0);
	}
	is_num(proc_read_stat(&st, proc, pid), 0, "a living process is read");
	ok(st.start > 0, "it has a start time");
	ok(!st.failed, "it may still execute a program");
	pidfd = proc_open(&other, proc, pid, st.start);
	ok(pidfd >= 0, "it is opened by pid and start time");
	is_num(other.start, st.start, "and looked at by that");
	ok(!has_ended(pidfd), "the pidfd is of a living process");
	is_num(fcntl(pidfd, F_GETFD), FD_CLOEXEC, "and closes on exec");
	is_num(proc_open(&other, proc, pid, st.start + 1), -ESRCH,
	       "another start time is another process");
	is_num(proc_open(&other, proc, pid, 0), -ESRCH, "and so is none");
	inode = proc_inode(pidfd);
	if (inode) {
		other_pidfd = proc_open_inode(pid, inode);
		ok(other_pidfd >= 0, "it is opened by pid and inode");
		is_num((long)proc_inode(other_pidfd), (long)inode,
		       "each of its pidfds has the same");
		is_num(fcntl(other_pidfd, F_GETFD), FD_CLOEXEC,
		       "and closes on exec");
		close(other_pidfd);
		is_num(proc_open_inode(pid, inode + 1), -ESRCH,
		       "another inode is another process");
		is_num(proc_open_inode(getpid(), inode), -ESRCH,
		       "and so is another pid");
	}
	other_pidfd = open("/proc/self/stat", O_RDONLY);
	is_num((long)proc_inode(other_pidfd), 0, "what is no pidfd has none");
	close(other_pidfd);
	kill(pid, SIGKILL);
	waitid(P_PID, (id_t)pid, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
	ok(has_ended(pidfd), "the pidfd tells its death");
	is_num(proc_read_stat(&other, proc, pid), 0, "a zombie is read");
	ok(other.start == st.start && other.state == 'Z', "as a zombie");
	ok(other.failed, "that has executed nothing");
	close(pidfd);
	pidfd = proc_open(&other, proc, pid, st.start);
	ok(pidfd >= 0 && has_ended(pidfd), "and opened");
	is_num(proc_open_inode(pid, inode), -ESRCH, "but not by its inode");
	close(pidfd);
	waitpid(pid, NULL, 0);
	is_num(proc_open(&other, proc, pid, st.start), -ESRCH,
	       "then it is gone");
	is_num(proc_read_stat(&st, proc, pid), -ESRCH, "and can't be read");
}

static void test_files(int proc)
{
	char text[4096], small[4];

	ok(procfs_read(proc, "self/stat", text, sizeof(text)) > 0,
	   "a file is read through the link self");
	is_num(procfs_read(proc, "self/stat", small, sizeof(small)), -EFBIG,
	       "a small buffer is an error");
	is_num(procfs_open(proc, "self/exe", O_RDONLY), -ELOOP,
	       "a link that is no path is refused");
	is_num(procfs_open(proc, "self/root/etc", O_RDONLY), -ELOOP,
	       "and so is one in the middle");
	is_num(procfs_open(proc, "../etc", O_RDONLY), -EXDEV, "and the way up");
	is_num(procfs_open(proc, "/etc/passwd", O_RDONLY), -EXDEV,
	       "and a path from the root");
	is_num(procfs_open(proc, "nothing", O_RDONLY), -ENOENT,
	       "a missing file is an error");
	is_str(err.text, "open /proc/nothing: No such file or directory",
	       "that names it");
}

/* A file of procfs over another, as whoever may mount there can do it. */
static void test_covered(void)
{
	int proc;

	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("/proc/version", "/proc/uptime", NULL, MS_BIND, NULL) < 0) {
		skip("what is mounted on a file", "needs root");
		return;
	}
	proc = procfs_open_host();
	is_num(procfs_open(proc, "uptime", O_RDONLY), -EXDEV,
	       "what is mounted on a file is refused");
	close(proc);
}

static void test_no_procfs(void)
{
	int root = open("/", O_PATH);

	is_num(procfs_open(root, "etc", O_RDONLY), -ENOENT,
	       "a directory that is not procfs is refused");
	close(root);
}

int main(void)
{
	int proc = procfs_open_host();

	test_lines();
	ok(proc >= 0, "/proc is opened");
	if (emulated()) {
		skip("files of procfs", "runs in an emulator");
		return done();
	}
	test_identity(proc);
	test_files(proc);
	test_covered();
	test_no_procfs();
	return done();
}
