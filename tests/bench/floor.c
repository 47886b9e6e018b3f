/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel alone needs to run /bin/true as the template of `runt spec`
 * wants it, or as exec does: no config is read, no state kept, nothing
 * checked, no failure explained.
 *
 *	floor run ROOTFS CGROUP		CGROUP: a directory to be made
 *	floor exec PID CGROUP		in the container whose init is PID
 *	floor exit			nothing: what it costs to start a program
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *type, *target, *data;
	unsigned long flags;
} mounts[] = {
	{ "proc", "proc", NULL, 0 },
	{ "tmpfs", "dev", "mode=755,size=65536k", MS_NOSUID | MS_STRICTATIME },
	{ "devpts", "dev/pts", "newinstance,ptmxmode=0666,mode=0620,gid=5",
	  MS_NOSUID | MS_NOEXEC },
	{ "tmpfs", "dev/shm", "mode=1777,size=65536k",
	  MS_NOSUID | MS_NOEXEC | MS_NODEV },
	{ "mqueue", "dev/mqueue", NULL, MS_NOSUID | MS_NOEXEC | MS_NODEV },
	{ "sysfs", "sys", NULL, MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RDONLY },
	{ "cgroup2", "sys/fs/cgroup", NULL,
	  MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RELATIME | MS_RDONLY },
};

static const char *const subdirs[] = { "dev/pts", "dev/shm", "dev/mqueue" };

static const struct {
	const char *path;
	unsigned int major, minor;
} devices[] = {
	{ "dev/null", 1, 3 },   { "dev/zero", 1, 5 },    { "dev/full", 1, 7 },
	{ "dev/random", 1, 8 }, { "dev/urandom", 1, 9 }, { "dev/tty", 5, 0 },
};

static const char *const links[][2] = {
	{ "/proc/self/fd", "dev/fd" },
	{ "/proc/self/fd/0", "dev/stdin" },
	{ "/proc/self/fd/1", "dev/stdout" },
	{ "/proc/self/fd/2", "dev/stderr" },
	{ "pts/ptmx", "dev/ptmx" },
};

static const char *const read_only[] = {
	"/proc/bus",           "/proc/fs", "/proc/irq", "/proc/sys",
	"/proc/sysrq-trigger",
};

static const char *const masked[] = {
	"/proc/acpi",        "/proc/asound",        "/proc/kcore",
	"/proc/keys",        "/proc/latency_stats", "/proc/timer_list",
	"/proc/timer_stats", "/proc/sched_debug",   "/proc/scsi",
	"/sys/firmware",
};

#define EACH(i, table)                          \
	size_t i = 0;                           \
	i < sizeof(table) / sizeof((table)[0]); \
	i++

static char program[] = "/bin/true", *const argv_true[] = { program, NULL };
static char *const no_env[] = { NULL };

/* Exits with the number of the line that failed. */
#define MUST(x)                                      \
	do {                                         \
		if ((x) < 0)                         \
			_exit(__LINE__ % 100 + 100); \
	} while (0)

static pid_t fork_into(uint64_t flags, int cgroup)
{
	struct clone_args args = {
		.flags = flags | CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)cgroup,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void mount_all(void)
{
	for (EACH(i, mounts)) {
		for (EACH(k, subdirs))
			if (strcmp(subdirs[k], mounts[i].target) == 0)
				MUST(mkdir(subdirs[k], 0755));
		MUST(mount(mounts[i].type, mounts[i].target, mounts[i].type,
			   mounts[i].flags, mounts[i].data));
	}
}

static void make_devices(void)
{
	umask(0);
	for (EACH(i, devices))
		MUST(mknod(devices[i].path, S_IFCHR | 0666,
			   makedev(devices[i].major, devices[i].minor)));
	for (EACH(i, links))
		MUST(symlink(links[i][0], links[i][1]));
	umask(022);
}

/* What this kernel does not have need not be masked. */
static void mask(void)
{
	for (EACH(i, read_only)) {
		const char *p = read_only[i];

		if (mount(p, p, NULL, MS_BIND | MS_REC, NULL) == 0)
			MUST(mount(NULL, p, NULL,
				   MS_BIND | MS_REMOUNT | MS_RDONLY, NULL));
	}
	for (EACH(i, masked))
		if (mount("/dev/null", masked[i], NULL, MS_BIND, NULL) < 0 &&
		    errno == ENOTDIR)
			MUST(mount("tmpfs", masked[i], "tmpfs", MS_RDONLY,
				   "nr_blocks=1,nr_inodes=1"));
}

static void loopback(void)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	MUST(fd);
	MUST(ioctl(fd, SIOCSIFFLAGS, &r));
	close(fd);
}

/* An initramfs is the root that can't be changed. */
static void change_root(void)
{
	if (syscall(SYS_pivot_root, ".", ".") == 0) {
		MUST(umount2(".", MNT_DETACH));
	} else {
		MUST(mount(".", "/", NULL, MS_MOVE, NULL));
		MUST(chroot("."));
	}
	MUST(chdir("/"));
}

static void enter(const char *rootfs)
{
	const struct rlimit files = { 1024, 1024 };

	MUST(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL));
	MUST(mount(rootfs, rootfs, NULL, MS_BIND | MS_REC, NULL));
	MUST(chdir(rootfs));
	mount_all();
	make_devices();
	change_root();
	mask();
	MUST(mount(NULL, "/", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL));
	MUST(sethostname("runt", 4));
	loopback();
	MUST(setrlimit(RLIMIT_NOFILE, &files));
	MUST(setsid());
	execve(program, argv_true, no_env);
	_exit(127);
}

static int run(const char *rootfs, const char *cgroup)
{
	pid_t pid;
	int fd, ret;

	MUST(mkdir(cgroup, 0755));
	fd = open(cgroup, O_PATH | O_DIRECTORY | O_CLOEXEC);
	pid = fork_into(CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
				CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWCGROUP,
			fd);
	MUST(pid);
	if (pid == 0)
		enter(rootfs);
	ret = wait_for(pid);
	MUST(rmdir(cgroup));
	return ret;
}

static int join(const char *init, const char *cgroup)
{
	int fd = open(cgroup, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int pidfd = (int)syscall(SYS_pidfd_open, atoi(init), 0);
	pid_t pid;

	MUST(pidfd);
	MUST(setns(pidfd, CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
				  CLONE_NEWUTS | CLONE_NEWNS |
				  CLONE_NEWCGROUP));
	pid = fork_into(0, fd);
	MUST(pid);
	if (pid == 0) {
		execve(program, argv_true, no_env);
		_exit(127);
	}
	return wait_for(pid);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "exit") == 0)
		return 0;
	if (argc == 4 && strcmp(argv[1], "run") == 0)
		return run(argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "exec") == 0)
		return join(argv[2], argv[3]);
	return 2;
}
