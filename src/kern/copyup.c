/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/copyup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/dir.h"
#include "kern/sys.h"

/* Every level takes three descriptors and 3 KiB of stack. */
enum { MAX_DEPTH = 100, CHUNK = 1 << 20 };

struct copy {
	int to;
	int depth;
	const char *where;
};

static int failed(const struct copy *c, const char *name, int num)
{
	return err_sys(num, "tmpcopyup of /%s: %s", c->where, name);
}

static int copy_file(int from, const char *name, const struct copy *c)
{
	/* Should it have become a FIFO meanwhile, O_NONBLOCK keeps it from
	 * holding us, and sendfile(2) refuses it. */
	autofd in = openat(from, name,
			   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	autofd out = openat(c->to, name,
			    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t n;

	if (in < 0 || out < 0)
		return -errno;
	do
		n = sendfile(out, in, NULL, CHUNK);
	while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? -errno : 0;
}

static int copy_link(int from, const char *name, const struct copy *c)
{
	char link[PATH_MAX];
	ssize_t n = readlinkat(from, name, link, sizeof(link) - 1);

	if (n < 0)
		return -errno;
	link[n] = '\0';
	return symlinkat(link, c->to, name) < 0 ? -errno : 0;
}

static int copy_content(int from, const char *name, const struct stat *st,
			const struct copy *c)
{
	if (S_ISREG(st->st_mode))
		return copy_file(from, name, c);
	if (S_ISLNK(st->st_mode))
		return copy_link(from, name, c);
	if (S_ISDIR(st->st_mode))
		return mkdirat(c->to, name, 0700) < 0 ? -errno : 0;
	return mknodat(c->to, name, st->st_mode, st->st_rdev) < 0 ? -errno : 0;
}

/* The owner first: a change of it takes the set-user-id bit away. */
static int copy_meta(const char *name, const struct stat *st,
		     const struct copy *c)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };

	if (fchownat(c->to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) <
	    0)
		return -errno;
	if (!S_ISLNK(st->st_mode) &&
	    sys_fchmodat(c->to, name, st->st_mode & 07777) < 0)
		return -errno;
	return utimensat(c->to, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno :
									0;
}

static int copy_entry(int from, const struct dir_entry *e, void *arg);

static int copy_below(int from, const char *name, const struct copy *c)
{
	autofd dir = openat(from, name,
			    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	autofd to = openat(c->to, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct copy below = { to, c->depth + 1, c->where };

	if (dir < 0 || to < 0)
		return failed(c, name, errno);
	if (below.depth > MAX_DEPTH)
		return failed(c, name, ELOOP);
	return dir_each(dir, copy_entry, &below);
}

static int copy_entry(int from, const struct dir_entry *e, void *arg)
{
	const char *name = e->name;
	const struct copy *c = arg;
	struct stat st;
	int ret;

	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(c, name, errno);
	ret = copy_content(from, name, &st, c);
	if (ret == 0 && S_ISDIR(st.st_mode)) {
		ret = copy_below(from, name, c);
		if (ret < 0)
			return ret;
	}
	if (ret == 0)
		ret = copy_meta(name, &st, c);
	return ret < 0 ? failed(c, name, ret) : 0;
}

int copyup(int from, int to, const char *where)
{
	struct copy c = { to, 0, where };

	return dir_each(from, copy_entry, &c);
}
