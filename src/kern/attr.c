/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/attr.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"
#include "kern/mountinfo.h"
#include "kern/path.h"
#include "kern/rootfs.h"
#include "kern/sys.h"

/* The three spellings of a mount's flags: mount_setattr(2), f_flags of
 * statfs(2), mount(2). */
static const struct {
	uint32_t attr, st, ms;
} names[] = {
	{ K_MOUNT_ATTR_RDONLY, K_ST_RDONLY, MS_RDONLY },
	{ K_MOUNT_ATTR_NOSUID, K_ST_NOSUID, MS_NOSUID },
	{ K_MOUNT_ATTR_NODEV, K_ST_NODEV, MS_NODEV },
	{ K_MOUNT_ATTR_NOEXEC, K_ST_NOEXEC, MS_NOEXEC },
	{ K_MOUNT_ATTR_NOATIME, K_ST_NOATIME, MS_NOATIME },
	{ K_MOUNT_ATTR_NODIRATIME, K_ST_NODIRATIME, MS_NODIRATIME },
	{ K_MOUNT_ATTR_NOSYMFOLLOW, K_ST_NOSYMFOLLOW, K_MS_NOSYMFOLLOW },
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

static int current(int fd, uint64_t *attrs)
{
	struct statfs st;

	if (fstatfs(fd, &st) < 0)
		return -errno;
	*attrs = 0;
	for (int i = 0; i < NAMES; i++)
		if ((unsigned long)st.f_flags & names[i].st)
			*attrs |= names[i].attr;
	if (!((unsigned long)st.f_flags & (K_ST_NOATIME | K_ST_RELATIME)))
		*attrs |= K_MOUNT_ATTR_STRICTATIME;
	return 0;
}

unsigned long attr_to_ms(uint64_t attrs)
{
	unsigned long ms = 0;

	for (int i = 0; i < NAMES; i++)
		if (attrs & names[i].attr)
			ms |= names[i].ms;
	if (attrs & K_MOUNT_ATTR_STRICTATIME)
		ms |= MS_STRICTATIME;
	else if (!(attrs & K_MOUNT_ATTR_NOATIME))
		ms |= MS_RELATIME;
	return ms;
}

/* The name of an open file in the procfs that is returned. */
static int name_in_proc(struct rootfs *r, int fd, char name[24])
{
	int ret = str_fmt(name, 24, "self/fd/%d", fd);

	return ret < 0 ? ret : rootfs_proc(r);
}

static int change_in(int dir, const char *path, unsigned long flags)
{
	if (fchdir(dir) < 0 || mount(NULL, path, NULL, flags, NULL) < 0)
		return -errno;
	return 0;
}

/* mount(2) without a source on the mount that fd is the root of. Back to where
 * we are, from where an overlay's relative layers are found: or at least to
 * where no image can have put others. */
static int by_path(struct rootfs *r, int fd, unsigned long flags)
{
	autofd here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char path[24] = ".";
	struct stat st;
	int dir = fd, ret;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		dir = name_in_proc(r, fd, path);
	if (dir < 0)
		return dir;
	ret = change_in(dir, path, flags);
	if (fchdir(here) < 0 && chdir("/") < 0)
		return -errno;
	return ret;
}

/* MOUNT_ATTR_NOSYMFOLLOW is Linux 5.14, MS_NOSYMFOLLOW 5.10. */
static bool missing(int ret, const struct attrs *a)
{
	return ret == -ENOSYS ||
	       (ret == -EINVAL &&
		(a->set | a->clear) & K_MOUNT_ATTR_NOSYMFOLLOW);
}

int attr_set(struct rootfs *r, int fd, const struct attrs *a, bool attached)
{
	uint64_t now = 0;
	int ret;

	if (!a->set && !a->clear)
		return 0;
	ret = sys_mount_setattr(fd, 0, a->set, a->clear, 0);
	if (!missing(ret, a))
		return ret;
	if (!attached)
		return -ENOSYS;
	ret = current(fd, &now);
	if (ret < 0)
		return ret;
	return by_path(r, fd,
		       MS_BIND | MS_REMOUNT |
			       attr_to_ms((now & ~a->clear) | a->set));
}

struct below {
	struct rootfs *r;
	const struct attrs *a;
	int fd;              /* the mount on top of the tree */
	char path[PATH_MAX]; /* where it is, for this process */
};

static int find_path(struct below *b)
{
	char link[24];
	int proc = name_in_proc(b->r, b->fd, link);
	ssize_t n;

	if (proc < 0)
		return proc;
	n = readlinkat(proc, link, b->path, sizeof(b->path) - 1);
	if (n < 0)
		return -errno;
	b->path[n] = '\0';
	return *b->path == '/' ? 0 : -ENOENT;
}

/* What is on top at this path: the mount that counts. */
static int set_below(const struct mountinfo *m, void *arg)
{
	const struct below *b = arg;
	size_t len = strlen(b->path);
	autofd fd = -1;

	if (strncmp(m->path, b->path, len) != 0 || m->path[len] != '/')
		return 0;
	fd = path_open(b->fd, m->path + len + 1, O_PATH, K_RESOLVE_NO_SYMLINKS);
	return fd < 0 ? fd : attr_set(b->r, fd, b->a, true);
}

static int set_all_one_by_one(struct rootfs *r, int fd, const struct attrs *a)
{
	struct below b = { .r = r, .a = a, .fd = fd };
	int ret = find_path(&b);

	if (ret == 0)
		ret = attr_set(r, fd, a, true);
	return ret < 0 ? ret : mountinfo_each(r->proc, set_below, &b);
}

int attr_set_all(struct rootfs *r, int fd, const struct attrs *a, bool attached)
{
	int ret;

	if (!a->set && !a->clear)
		return 0;
	ret = sys_mount_setattr(fd, K_AT_RECURSIVE, a->set, a->clear, 0);
	if (!missing(ret, a))
		return ret;
	return attached ? set_all_one_by_one(r, fd, a) : -ENOSYS;
}

int attr_propagate(struct rootfs *r, int fd, unsigned long flags)
{
	int ret = sys_mount_setattr(fd, flags & MS_REC ? K_AT_RECURSIVE : 0, 0,
				    0, flags & ~(unsigned long)MS_REC);

	return ret == -ENOSYS ? by_path(r, fd, flags) : ret;
}
