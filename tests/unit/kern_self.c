/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CVE-2019-5736: whoever can see a process of runt must not be able to write
 * to runt's file through it. A protected process is started, with and without
 * the right to mount, and attacked in every way that a privileged process has.
 * The file is a copy of this program, so that a success harms nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/self.h"
#include "kern/sys.h"
#include "tap.h"

extern char **environ;

struct hello {
	pid_t pid;
	bool is_protected;
};

static int live(bool is_protected)
{
	struct hello hello = { getpid(), is_protected };
	char c;

	if (write(1, &hello, sizeof(hello)) != sizeof(hello))
		return 1;
	while (read(0, &c, 1) > 0)
		;
	return 0;
}

/* The process to be attacked, or its child: says hello on stdout when it is
 * protected, then lives until its stdin ends. */
static int be_protected(char **argv)
{
	struct self self = SELF_NONE;
	char comm[17] = "";
	int status, closed[2];
	pid_t pid;

	if (strcmp(argv[1], "bare") == 0)
		return live(false);
	if (self_protect(&self, argv, environ) < 0) {
		fprintf(stderr, "# %s\n", err.text);
		return 1;
	}
	if (strcmp(argv[1], "in a child") == 0) {
		if (pipe(closed) < 0)
			return 1;
		pid = fork();
		if (pid > 0) {
			/* Who keeps it keeps it mounted. */
			close(self.mount);
			close(closed[1]);
			return waitpid(pid, &status, 0) == pid ? status : 1;
		}
		close(closed[1]);
		if (read(closed[0], comm, 1) != 0)
			return 1;
	}
	if (self_exchange(&self, argv, environ) < 0) {
		fprintf(stderr, "# %s\n", err.text);
		return 1;
	}
	close(self.mount);
	/* Not the number of a descriptor that it was executed from. */
	prctl(PR_GET_NAME, comm);
	return live(strcmp(comm, "runt") == 0 || self.mount >= 0);
}

struct victim {
	pid_t pid;
	int in, out;
	char exe[64];
};

static bool start(struct victim *v, const char *file, const char *how)
{
	char *argv[] = { (char *)"./victim", (char *)how, NULL };
	struct hello hello = { 0, false };
	int in[2], out[2];

	if (pipe(in) < 0 || pipe(out) < 0)
		return false;
	v->pid = fork();
	if (v->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		for (int fd = 3; fd < 20; fd++)
			close(fd);
		if (strcmp(how, "unprivileged") == 0 &&
		    (setgid(65534) < 0 || setuid(65534) < 0))
			_exit(3);
		execv(file, argv);
		_exit(2);
	}
	close(in[0]);
	close(out[1]);
	v->in = in[1];
	v->out = out[0];
	if (read(v->out, &hello, sizeof(hello)) != sizeof(hello))
		return false;
	snprintf(v->exe, sizeof(v->exe), "/proc/%d/exe", hello.pid);
	return hello.is_protected == (strcmp(how, "bare") != 0);
}

static int stop(struct victim *v)
{
	int status;

	close(v->in);
	close(v->out);
	if (waitpid(v->pid, &status, 0) < 0)
		return -1;
	return status;
}

static bool refused(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd < 0;
}

/* Whether what the path leads to can be changed. A sealed file in memory can
 * be opened for writing, but that is all. */
static bool writable(const char *path)
{
	int fd = open(path, O_RDWR);
	bool changed;

	if (fd < 0)
		return false;
	changed = pwrite(fd, "#", 1, 0) == 1 || ftruncate(fd, 4) == 0 ||
		  mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED;
	close(fd);
	return changed;
}

static bool has_capabilities(void)
{
	return geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* All that needs no right to mount. */
static void attack_by_opening(const struct victim *v, const char *how)
{
	int path = open(v->exe, O_PATH);
	char again[64];

	snprintf(again, sizeof(again), "/proc/self/fd/%d", path);
	ok(path >= 0, "%s: the executable can be looked at", how);
	ok(!writable(v->exe), "%s: not writable", how);
	ok(!writable(again), "%s: not writable through a descriptor", how);
	ok(refused(open(v->exe, O_WRONLY | O_TRUNC)), "%s: not truncated", how);
	ok(truncate(v->exe, 0) < 0, "%s: not truncated by name", how);
	close(path);
}

static void attack_by_mounting(const struct victim *v, const char *how,
			       const char *dir)
{
	int fd = open(v->exe, O_PATH);
	char target[128];

	snprintf(target, sizeof(target), "%s/target", dir);
	close(open(target, O_WRONLY | O_CREAT, 0700));
	ok(sys_mount_setattr(fd, 0, 0, K_MOUNT_ATTR_RDONLY, 0) < 0,
	   "%s: its mount is not made writable", how);
	ok(mount(NULL, v->exe, NULL, MS_REMOUNT | MS_BIND, NULL) < 0,
	   "%s: its mount is not remounted", how);
	ok(refused(sys_open_tree(fd, "", K_OPEN_TREE_CLONE)),
	   "%s: its mount is not copied", how);
	ok(mount(v->exe, target, NULL, MS_BIND, NULL) < 0,
	   "%s: its mount is not bound elsewhere", how);
	ok(sys_move_mount(fd, open(target, O_PATH)) < 0,
	   "%s: its mount is not moved", how);
	close(fd);
	ok(!writable(v->exe), "%s: still not writable", how);
	unlink(target);
}

/* A descriptor kept from the living process is no way in when it is gone and
 * the file is not busy any more. */
static void attack_the_dead(struct victim *v, const char *how)
{
	int fd = open(v->exe, O_PATH);
	char again[64];

	snprintf(again, sizeof(again), "/proc/self/fd/%d", fd);
	is_num(stop(v), 0, "the process ends well");
	ok(!writable(again), "%s: not writable when the process is gone", how);
	close(fd);
}

static void attack(const char *file, const char *how, const char *dir,
		   bool privileged)
{
	struct victim v;

	if (!ok(start(&v, file, how), "%s: starts protected", how))
		return;
	attack_by_opening(&v, how);
	if (privileged)
		attack_by_mounting(&v, how, dir);
	attack_the_dead(&v, how);
}

/* The same descriptor opens for writing if runt does nothing: without that the
 * tests above would prove nothing. */
static void show_the_hole(const char *file)
{
	struct victim v;
	char again[64];
	int fd;

	if (!ok(start(&v, file, "bare"), "an unprotected process starts"))
		return;
	fd = open(v.exe, O_PATH);
	stop(&v);
	snprintf(again, sizeof(again), "/proc/self/fd/%d", fd);
	ok(writable(again),
	   "without protection the file is writable afterwards");
	close(fd);
}

static bool copy(const char *from, const char *to)
{
	static char buf[1 << 16];
	int in = open(from, O_RDONLY);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0755);
	ssize_t n = -1;

	while (in >= 0 && out >= 0 && (n = read(in, buf, sizeof(buf))) > 0)
		if (write(out, buf, (size_t)n) != n)
			break;
	close(in);
	close(out);
	return n == 0;
}

static void run(const char *dir)
{
	char hole[128], file[128];

	snprintf(hole, sizeof(hole), "%s/hole", dir);
	snprintf(file, sizeof(file), "%s/victim", dir);
	ok(copy("/proc/self/exe", hole) && copy("/proc/self/exe", file),
	   "this program is copied");
	show_the_hole(hole);
	if (has_capabilities()) {
		attack(file, "on the root's mount", dir, true);
		attack(file, "unprivileged", dir, true);
		attack(file, "in a child", dir, true);
		ok(mount("none", dir, "tmpfs", 0, "mode=755") == 0 &&
			   copy("/proc/self/exe", file),
		   "this program is copied to another mount");
		attack(file, "on another mount", dir, true);
		ok(umount2(dir, MNT_DETACH) == 0, "the mount goes");
	} else {
		attack(file, "caller is not the superuser", dir, false);
		skip("read-only mounts", "not the superuser");
	}
	unlink(file);
	unlink(hole);
}

int main(int argc, char **argv)
{
	char dir[] = "/tmp/runt-self-XXXXXX";

	signal(SIGPIPE, SIG_IGN);
	if (argc > 1)
		return be_protected(argv);
	if (emulated()) {
		printf("1..0 # SKIP runs in an emulator\n");
		return 0;
	}
	if (!mkdtemp(dir) || chmod(dir, 0755) < 0)
		return 1;
	run(dir);
	rmdir(dir);
	return done();
}
