/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "base/time.h"
#include "kern/need.h"
#include "kern/sys.h"

enum {
	MAX_LINKS = 40, /* as the kernel */
	DIR_MODE = 0755,
	FILE_MODE = 0755,
	PATIENCE_MS = 1000,
};

/* ".." below a root fails with EAGAIN if anything on the machine was renamed
 * meanwhile. Somebody who renames all the time must not hold us for ever. */
int path_open(int root, const char *path, int flags, uint64_t resolve)
{
	uint64_t give_up = 0;
	int fd;

	for (;;) {
		fd = sys_openat2(root, path, (uint64_t)flags,
				 resolve | K_RESOLVE_IN_ROOT |
					 K_RESOLVE_NO_MAGICLINKS);
		if (fd != -EAGAIN)
			return fd;
		if (!give_up)
			give_up = time_us() / 1000 + PATIENCE_MS;
		else if (time_us() / 1000 > give_up)
			return fd;
	}
}

/* A path on its way: done exists and has no link in it, rest is still to be
 * looked at. */
struct walk {
	int root;
	int retries; /* links followed, and names that came and went */
	uint64_t resolve;
	mode_t type;
	bool made;
	char done[PATH_MAX];
	char rest[PATH_MAX];
};

/* Takes the next component off rest; *last if it is the last. */
static void next_name(struct walk *w, char *name, size_t size, bool *last)
{
	char *p = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(p, "/");

	if (len >= size)
		len = size - 1; /* the kernel says ENAMETOOLONG */
	memcpy(name, p, len);
	name[len] = '\0';
	p += len;
	p += strspn(p, "/");
	*last = !*p;
	memmove(w->rest, p, strlen(p) + 1);
}

static int go_down(struct walk *w, const char *name)
{
	struct sbuf b = { .p = w->done, .size = sizeof(w->done) };

	b.len = strlen(w->done);
	if (b.len)
		sbuf_str(&b, "/");
	sbuf_str(&b, name);
	return b.full ? -ENAMETOOLONG : 0;
}

static void go_up(struct walk *w)
{
	char *slash = strrchr(w->done, '/');

	*(slash ? slash : w->done) = '\0';
}

/* Puts path in front of what is still to be looked at. */
static int look_at(struct walk *w, const char *path)
{
	char rest[PATH_MAX];
	struct sbuf b = SBUF(rest);

	if (++w->retries > MAX_LINKS)
		return -ELOOP;
	sbuf_str(&b, path);
	sbuf_str(&b, "/");
	sbuf_str(&b, w->rest);
	if (b.full)
		return -ENAMETOOLONG;
	memcpy(w->rest, rest, b.len + 1);
	return 0;
}

static int follow(struct walk *w, const char *link)
{
	if (w->resolve & K_RESOLVE_NO_SYMLINKS)
		return -ELOOP;
	if (link[0] == '/')
		w->done[0] = '\0';
	return look_at(w, link);
}

/* Neither call follows a link at the last component, and dir is a directory
 * of the container, so what is made is made there. */
static int make_at(int dir, const char *name, mode_t type)
{
	int fd;

	if (type != S_IFREG)
		return mkdirat(dir, name, DIR_MODE) < 0 ? -errno : 0;
	fd = openat(dir, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    FILE_MODE);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static bool is_procfs(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) < 0 || fs.f_type == K_PROC_SUPER_MAGIC;
}

static int step(struct walk *w)
{
	char name[NAME_MAX + 2], link[PATH_MAX];
	autofd dir = -1;
	bool last;
	ssize_t n;
	int ret;

	next_name(w, name, sizeof(name), &last);
	if (!name[0] || str_eq(name, "."))
		return 0;
	if (str_eq(name, "..")) {
		go_up(w);
		return 0;
	}
	dir = path_open(w->root, w->done[0] ? w->done : ".",
			O_PATH | O_DIRECTORY, K_RESOLVE_NO_SYMLINKS);
	if (dir < 0)
		return dir;
	n = readlinkat(dir, name, link, sizeof(link) - 1);
	if (n >= 0) {
		/* The descriptors of this very process are links there. */
		if (is_procfs(dir))
			return -ELOOP;
		link[n] = '\0';
		return follow(w, link);
	}
	if (errno == EINVAL) /* there, and not a link */
		return go_down(w, name);
	if (errno != ENOENT)
		return -errno;
	ret = make_at(dir, name, last ? w->type : S_IFDIR);
	if (ret == -EEXIST)
		return look_at(w, name); /* somebody was faster */
	w->made = ret == 0;
	return ret < 0 ? ret : go_down(w, name);
}

static int failed(int num, const char *what, const char *path, uint64_t resolve)
{
	path += *path == '/';
	if (num == -ELOOP && resolve & K_RESOLVE_NO_SYMLINKS)
		return err_say(ELOOP,
			       "%s /%s in the container: no part of it "
			       "may be a symbolic link",
			       what, path);
	err_sys(num, "%s /%s in the container", what, path);
	return num == -EROFS ? err_hint(NEED_MOUNT_POINT) : num;
}

static int walk(struct walk *w, const char *path, int flags)
{
	int ret = str_fmt(w->rest, sizeof(w->rest), "%s", path);

	while (ret >= 0 && w->rest[0])
		ret = step(w);
	return ret < 0 ? ret :
			 path_open(w->root, w->done[0] ? w->done : ".", flags,
				   K_RESOLVE_NO_SYMLINKS);
}

/* Where only the last component is missing, which is most of the time. What
 * is not as simple as that is -ENOENT, and left to the walk. */
static int make_last(int root, const char *path, mode_t type, int flags,
		     uint64_t resolve)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char parent[256];
	autofd dir = -1;

	if (!*name || str_eq(name, ".") || str_eq(name, "..") ||
	    str_fmt(parent, sizeof(parent), "%.*s.", (int)(name - path), path) <
		    0)
		return -ENOENT;
	dir = path_open(root, parent, O_PATH | O_DIRECTORY, resolve);
	if (dir < 0 || make_at(dir, name, type) < 0)
		return -ENOENT;
	return path_open(dir, name, flags, K_RESOLVE_NO_SYMLINKS);
}

/* Apart, since most calls need none of its frame of three pages. */
static int __attribute__((noinline))
make_all(int root, const char *path, mode_t type, int flags, uint64_t resolve,
	 bool *made)
{
	struct walk w = { .root = root, .resolve = resolve, .type = type };
	int fd = walk(&w, path, flags);

	*made = w.made;
	return fd >= 0 ? fd : failed(fd, "make", path, resolve);
}

int path_make(int root, const char *path, mode_t type, int flags,
	      uint64_t resolve, bool *made)
{
	int fd = path_open(root, path, flags, resolve);

	*made = false;
	if (fd >= 0)
		return fd;
	if (fd != -ENOENT)
		return failed(fd, "open", path, resolve);
	fd = make_last(root, path, type, flags, resolve);
	*made = fd >= 0;
	return fd >= 0 ? fd : make_all(root, path, type, flags, resolve, made);
}

int path_parent(int root, const char *path, uint64_t resolve, char *name,
		size_t size)
{
	char clean[PATH_MAX];
	const char *slash;
	bool made;
	int ret = path_clean(clean, sizeof(clean), path);

	if (ret < 0)
		return ret;
	slash = strrchr(clean, '/');
	ret = str_fmt(name, size, "%s", slash ? slash + 1 : clean);
	if (ret <= 0)
		return ret < 0 ? ret : err_sys(EISDIR, "make %s", path);
	clean[slash ? slash - clean : 0] = '\0';
	return path_make(root, clean[0] ? clean : ".", S_IFDIR,
			 O_PATH | O_DIRECTORY, resolve, &made);
}

int path_clean(char *buf, size_t size, const char *path)
{
	struct sbuf b = { .p = buf, .size = size };
	size_t len;

	buf[0] = '\0';
	for (; *path; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (!len || (len == 1 && path[0] == '.'))
			continue;
		if (len == 2 && path[0] == '.' && path[1] == '.') {
			while (b.len && b.p[--b.len] != '/')
				;
			b.p[b.len] = '\0';
			continue;
		}
		if (b.len)
			sbuf_str(&b, "/");
		sbuf_add(&b, path, len);
	}
	return b.full ? err_sys(ENAMETOOLONG, "%.*s...", 64, path) : 0;
}
