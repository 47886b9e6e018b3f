/* SPDX-License-Identifier: Apache-2.0 */
#include "run/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/path.h"
#include "kern/uapi.h"
#include "run/terminal.h"

enum { NONE = -1, UNTRIED = -2 };

/* By type and number: of what is no device, the number says nothing
 * (CVE-2026-88265). */
static bool is_null(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/* The container's own null device, if it has one: whatever else is there is
 * neither followed nor waited for. */
static int open_null(int root)
{
	autofd fd = path_open(root, "dev/null",
			      O_RDWR | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK,
			      K_RESOLVE_NO_SYMLINKS);
	struct stat st;

	if (fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM)
		return err_sys(fd, "open /dev/null in the container");
	if (fd < 0)
		return NONE;
	if (fstat(fd, &st) < 0)
		return err_sys(errno, "look at /dev/null in the container");
	if (!is_null(&st))
		return NONE;
	fcntl(fd, F_SETFL, 0);
	return fd_take(&fd);
}

/* A FIFO in the host's files belongs to somebody, and a file may: no more than
 * what we log to is given away, never an input. */
static bool is_to_give(int fd, const struct stat *st)
{
	struct statfs fs;

	if (S_ISREG(st->st_mode))
		return st->st_uid == geteuid() &&
		       (fcntl(fd, F_GETFL) & (O_WRONLY | O_RDWR));
	return S_ISFIFO(st->st_mode) && fstatfs(fd, &fs) == 0 &&
	       fs.f_type == K_PIPEFS_MAGIC;
}

/* A program opens its streams again by name (/dev/stdout), which a pipe, and
 * mostly a file, allows its owner only. */
static void give(int fd, const struct stat *st, uid_t uid)
{
	if (st->st_uid != uid && is_to_give(fd, st))
		(void)!fchown(fd, uid, (gid_t)-1);
}

void streams_give(uid_t uid)
{
	struct stat st;

	for (int fd = 0; fd <= 2; fd++)
		if (fstat(fd, &st) == 0)
			give(fd, &st, uid);
}

/*
 * A directory would be a way out into the host's files, and through the host's
 * null device root of the container could change its mode for the host. Where
 * its mounts are the host's, too, that one stays.
 */
static int clean(const struct run *r, int fd, int root, int *null)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(errno, "look at standard stream %d", fd);
	give(fd, &st, r->plan.spec->process->user.uid);
	if (!is_null(&st) && !S_ISDIR(st.st_mode))
		return 0;
	if (*null == UNTRIED)
		*null = open_null(root);
	if (*null < NONE)
		return *null;
	if (*null < 0 && !S_ISDIR(st.st_mode) &&
	    !r->plan.spec->linux_.ns[NS_MOUNT].wanted)
		return 0;
	if (*null < 0)
		return err_say(ENODEV,
			       "standard stream %d is %s, and the container "
			       "has no /dev/null that works",
			       fd,
			       S_ISDIR(st.st_mode) ? "a directory" :
						     "the host's /dev/null");
	if (dup2(*null, fd) < 0)
		return err_sys(errno, "replace standard stream %d", fd);
	return 0;
}

int streams_set(struct run *r, int root, bool console)
{
	const struct spec_process *p = r->plan.spec->process;
	autofd null = UNTRIED;
	int fd, ret = 0;

	if (p && p->terminal)
		return terminal_make(r, root, console);
	for (fd = 0; p && fd <= 2 && ret == 0; fd++)
		ret = clean(r, fd, root, &null);
	return ret;
}
