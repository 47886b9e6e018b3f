/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/need.h"
#include "kern/path.h"
#include "kern/sys.h"

enum {
	/* Of character devices: ptmx, and the majors of pts. */
	PTMX_MAJOR = 5,
	PTMX_MINOR = 2,
	PTS_FIRST = 136,
	PTS_LAST = 143,
};

static bool is_devpts(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == K_DEVPTS_SUPER_MAGIC;
}

static int open_devpts(int root)
{
	autofd dir = path_open(root, "dev/pts", O_PATH | O_DIRECTORY,
			       K_RESOLVE_NO_SYMLINKS);

	if (dir >= 0 && is_devpts(dir))
		return fd_take(&dir);
	if (dir < 0)
		err_sys(dir, "open /dev/pts in the container");
	else
		err_say(ENODEV, "/dev/pts in the container is no devpts");
	return err_hint(NEED_DEVPTS_MOUNT);
}

/* The name is the kernel's own: nobody can make or rename anything in a devpts,
 * and what is mounted over it is in another mount. */
static int open_master(int devpts)
{
	autofd fd = sys_open_below(devpts, "ptmx", O_RDWR | O_NOCTTY);
	struct stat st;

	if (fd < 0) {
		err_sys(fd, "open " PTY_NAME " in the container");
		return fd == -ENOSPC ? err_hint(NEED_PTY_MAX) : fd;
	}
	if (fstat(fd, &st) < 0)
		return err_sys(errno, "look at " PTY_NAME);
	if (!is_devpts(fd) || !S_ISCHR(st.st_mode) ||
	    st.st_rdev != makedev(PTMX_MAJOR, PTMX_MINOR))
		return err_say(ENODEV,
			       PTY_NAME " in the container is not ptmx");
	return fd_take(&fd);
}

static int open_slave(int master)
{
	autofd fd = -1;
	int locked = 0;
	struct stat st;

	if (ioctl(master, TIOCSPTLCK, &locked) < 0)
		return err_sys(errno, "unlock the terminal");
	fd = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(errno, "open the terminal");
	if (fstat(fd, &st) < 0)
		return err_sys(errno, "look at the terminal");
	if (!is_devpts(fd) || !S_ISCHR(st.st_mode) ||
	    major(st.st_rdev) < PTS_FIRST || major(st.st_rdev) > PTS_LAST)
		return err_say(ENODEV, "the terminal is none of a devpts");
	return fd_take(&fd);
}

int pty_open(struct pty *p, int root)
{
	autofd devpts = open_devpts(root);
	autofd master = -1;

	if (devpts < 0)
		return devpts;
	master = open_master(devpts);
	if (master < 0)
		return master;
	p->slave = open_slave(master);
	if (p->slave < 0)
		return p->slave;
	p->master = fd_take(&master);
	return 0;
}

int pty_bind_console(int slave, int root)
{
	autofd tree = sys_open_tree(slave, "", K_OPEN_TREE_CLONE);
	autofd target = -1;
	struct stat st;
	bool made;
	int ret;

	if (tree < 0)
		return err_sys(tree, "clone the terminal's mount");
	/* O_NOFOLLOW: a link at the end is refused here (CVE-2026-88264), not
	 * mounted over. */
	target = path_make(root, "/dev/console", S_IFREG, O_PATH | O_NOFOLLOW,
			   K_RESOLVE_NO_SYMLINKS, &made);
	if (target < 0)
		return target;
	if (fstat(target, &st) < 0)
		return err_sys(errno, "look at /dev/console");
	if (S_ISLNK(st.st_mode))
		return err_say(ELOOP, "/dev/console in the container is a "
				      "symbolic link");
	ret = sys_move_mount(tree, target);
	return ret < 0 ? err_sys(ret, "mount the terminal at /dev/console") : 0;
}

int pty_set_size(int fd, uint32_t height, uint32_t width)
{
	struct winsize size = {
		.ws_row = (unsigned short)height,
		.ws_col = (unsigned short)width,
	};

	return ioctl(fd, TIOCSWINSZ, &size) < 0 ?
		       err_sys(errno, "set the size of the terminal") :
		       0;
}

int pty_take(int slave, uid_t uid)
{
	int fd;

	/* Not the group, which is an option of devpts. */
	if (fchown(slave, uid, (gid_t)-1) < 0)
		return err_sys(errno, "give the terminal to user %u", uid);
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		return err_sys(errno, "make it the controlling terminal");
	for (fd = 0; fd <= 2; fd++)
		if (dup2(slave, fd) < 0)
			return err_sys(errno, "make it a standard stream");
	return 0;
}
