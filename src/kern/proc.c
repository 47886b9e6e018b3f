/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/need.h"
#include "kern/procfs.h"
#include "kern/sys.h"

enum { STATE_FIELD = 3, FLAGS_FIELD = 9, START_FIELD = 22 };

/* Of the flags; as in the kernel's <linux/sched.h>. */
enum { PF_EXITING = 0x4, PF_FORKNOEXEC = 0x40 };

/* The number that a line begins with. */
static int number(const char *p, uint64_t *out)
{
	char digits[24];
	size_t len = strcspn(p, " \n");

	if (len >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, p, len);
	digits[len] = '\0';
	return str_u64(digits, out);
}

/* The last field since Linux 3.5. */
static int last_number(const char *text)
{
	const char *p = strrchr(text, ' ');
	uint32_t v;

	return p && str_u32(p + 1, &v) == 0 ? (int)v : 0;
}

int proc_parse_stat(struct proc_stat *out, const char *text)
{
	/* "PID (COMM) S PPID ...", where COMM may have spaces and brackets. */
	const char *p = strrchr(text, ')');
	uint64_t flags = 0;

	if (!p || p[1] != ' ' || !p[2] || p[3] != ' ')
		return -EINVAL;
	p += 2;
	out->state = *p;
	for (int field = STATE_FIELD; field < START_FIELD; field++) {
		p = strchr(p, ' ');
		if (!p)
			return -EINVAL;
		p++;
		if (field + 1 == FLAGS_FIELD && number(p, &flags) < 0)
			return -EINVAL;
	}
	/* A child in the middle of execve(2) may still have the second flag. */
	out->failed = (flags & PF_EXITING) && (flags & PF_FORKNOEXEC);
	out->exit_code = last_number(p);
	return number(p, &out->start) < 0 || !out->start ? -EINVAL : 0;
}

int proc_read_stat(struct proc_stat *out, int proc, pid_t pid)
{
	char path[32], text[1024];
	ssize_t n = str_fmt(path, sizeof(path), "%d/stat", pid);

	if (n >= 0)
		n = procfs_read(proc, path, text, sizeof(text));
	if (n == -ENOENT)
		return err_sys(ESRCH, "process %d", pid);
	if (n < 0)
		return (int)n;
	if (proc_parse_stat(out, text) < 0)
		return err_say(EINVAL, "/proc/%s: unreadable", path);
	return 0;
}

/* Today's owner of the pid may be a thread, which has no pidfd. */
static int open_pidfd(pid_t pid)
{
	int ret = sys_pidfd_open(pid);

	if (ret == -EINVAL || ret == -ENOENT)
		ret = -ESRCH;
	return ret < 0 ? err_sys(ret, "process %d", pid) : ret;
}

int proc_open(struct proc_stat *out, int proc, pid_t pid, uint64_t start)
{
	/* First the handle, then the look at whose it is: the other way round
	 * the pid could be given away in between. */
	autofd pidfd = open_pidfd(pid);
	int ret;

	if (pidfd < 0)
		return pidfd;
	ret = proc_read_stat(out, proc, pid);
	if (ret < 0)
		return ret;
	if (out->start != start)
		return err_sys(ESRCH, "process %d", pid);
	return fd_take(&pidfd);
}

uint64_t proc_inode(int pidfd)
{
	struct statfs fs;
	struct stat st;

	return fstatfs(pidfd, &fs) == 0 && fs.f_type == K_PID_FS_MAGIC &&
			       fstat(pidfd, &st) == 0 ?
		       st.st_ino :
		       0;
}

int proc_open_inode(pid_t pid, uint64_t inode)
{
	autofd pidfd = open_pidfd(pid);
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	struct stat st;
	int ended;

	if (pidfd < 0)
		return pidfd;
	ended = poll(&p, 1, 0);
	if (ended < 0 || fstat(pidfd, &st) < 0)
		return err_sys(errno, "look at process %d", pid);
	if (ended || st.st_ino != inode)
		return err_sys(ESRCH, "process %d", pid);
	return fd_take(&pidfd);
}

const char *proc_boot_id(void)
{
	static char id[64];

	if (!*id && fd_read_text(AT_FDCWD, "/proc/sys/kernel/random/boot_id",
				 id, sizeof(id)) < 0)
		return NULL;
	return id;
}

static int self = -1;

int proc_self(void)
{
	if (self < 0)
		self = sys_pidfd_open(getpid());
	return self;
}

void proc_forget_self(void)
{
	fd_close(&self);
}

uint64_t proc_cgroup(int pidfd)
{
	struct k_pidfd_info info = { .mask = K_PIDFD_INFO_CGROUPID };

	return ioctl(pidfd, (int)K_PIDFD_GET_INFO, &info) == 0 &&
			       info.mask & K_PIDFD_INFO_CGROUPID ?
		       info.cgroupid :
		       0;
}
