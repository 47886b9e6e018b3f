/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/dev.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/need.h"
#include "kern/path.h"
#include "kern/procfs.h"
#include "kern/rootfs.h"
#include "kern/sys.h"

struct node {
	const char *path;
	mode_t mode; /* with the type */
	dev_t dev;
	uid_t uid;
	gid_t gid;
};

static const struct {
	char path[14];
	unsigned char major, minor;
} defaults[] = {
	{ "/dev/null", 1, 3 },    { "/dev/zero", 1, 5 },
	{ "/dev/full", 1, 7 },    { "/dev/random", 1, 8 },
	{ "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

static const struct {
	char name[8];
	char target[16];
} links[] = {
	{ "fd", "/proc/self/fd" },       { "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" },
	{ "core", "/proc/kcore" },
};

static bool same_device(const struct stat *st, const struct node *n)
{
	if ((st->st_mode & S_IFMT) != (n->mode & S_IFMT))
		return false;
	return S_ISFIFO(n->mode) || st->st_rdev == n->dev;
}

/* Something is there already: of the image, or of a volume mounted at or
 * below /dev. The right node may stay, nothing else is what was asked for, and
 * not ours to remove. */
static int accept_existing(int dir, const char *name, const struct node *n)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(errno, "look at %s", n->path);
	if (same_device(&st, n))
		return 0;
	return err_say(EEXIST,
		       "%s exists in the container, but is not %s %u:%u",
		       n->path,
		       S_ISFIFO(n->mode) ? "a FIFO" :
		       S_ISBLK(n->mode)  ? "block device" :
					   "character device",
		       major(n->dev), minor(n->dev));
}

/* Where nodes cannot be made (EPERM: no CAP_MKNOD), the host's own is mounted
 * over an empty file. */
static int bind_node(struct rootfs *r, const struct node *n)
{
	autofd tree = -1, target = -1;
	struct stat st;
	bool made;
	int ret;

	if (!r->new_mount_ns)
		return err_sys(EPERM, "make device %s", n->path);
	tree = sys_open_tree(AT_FDCWD, n->path, K_OPEN_TREE_CLONE);
	if (tree < 0)
		return err_sys(tree, "open device %s of the host", n->path);
	if (fstat(tree, &st) < 0)
		return err_sys(errno, "look at %s", n->path);
	if (!same_device(&st, n))
		return err_say(ENODEV, "the host's %s is another device",
			       n->path);
	target = path_make(r->root, n->path, S_IFREG, O_PATH | O_NOFOLLOW,
			   K_RESOLVE_NO_SYMLINKS, &made);
	if (target < 0)
		return target;
	ret = sys_move_mount(tree, target);
	return ret < 0 ? err_sys(ret, "mount device %s", n->path) : 0;
}

static bool same_path(const char *configured, const char *path)
{
	char clean[PATH_MAX];

	return path_clean(clean, sizeof(clean), configured) == 0 &&
	       str_eq(clean, path + 1);
}

static bool is_mounted(const struct rootfs *r, const char *path)
{
	for (size_t i = 0; i < r->spec->mounts.n; i++)
		if (same_path(r->spec->mounts.v[i].destination, path))
			return true;
	return false;
}

/* A mount point that an earlier run left where nodes cannot be made. */
static bool is_mount_point(const struct rootfs *r, int dir, const char *name,
			   const struct node *n)
{
	struct stat st;

	return r->user_ns && !is_mounted(r, n->path) &&
	       fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && st.st_size == 0;
}

static int make_in(struct rootfs *r, const struct node *n, int dir,
		   const char *name)
{
	if (mknodat(dir, name, n->mode, n->dev) < 0) {
		if (errno == EEXIST)
			return is_mount_point(r, dir, name, n) ?
				       bind_node(r, n) :
				       accept_existing(dir, name, n);
		if (errno == EPERM)
			return bind_node(r, n);
		return err_sys(errno, "make device %s", n->path);
	}
	if ((n->uid || n->gid) &&
	    fchownat(dir, name, n->uid, n->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(errno, "change the owner of %s", n->path);
	return 0;
}

static int make_node(struct rootfs *r, const struct node *n)
{
	char name[NAME_MAX + 1];
	autofd dir = path_parent(r->root, n->path, K_RESOLVE_NO_SYMLINKS, name,
				 sizeof(name));

	return dir < 0 ? dir : make_in(r, n, dir, name);
}

/* The config's check lets c, u, b and p pass, and numbers that fit dev_t. */
static struct node to_node(const struct spec_device *d)
{
	mode_t type = d->type[0] == 'b' ? S_IFBLK :
		      d->type[0] == 'p' ? S_IFIFO :
					  S_IFCHR;
	struct node n = {
		.path = d->path,
		.mode = type |
			(d->file_mode.set ? d->file_mode.v & 07777 : 0666),
		.uid = d->uid.v,
		.gid = d->gid.v,
	};

	if (type != S_IFIFO)
		n.dev = makedev((unsigned int)d->major.v,
				(unsigned int)d->minor.v);
	return n;
}

static bool is_configured(const struct rootfs *r, const char *path)
{
	for (size_t i = 0; i < r->spec->linux_.devices.n; i++)
		if (same_path(r->spec->linux_.devices.v[i].path, path))
			return true;
	return false;
}

/* All of them in the directory that was opened once. */
static int make_defaults(struct rootfs *r, int dev)
{
	struct node n = { .mode = S_IFCHR | 0666 };
	int ret = 0;

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]) && !ret;
	     i++) {
		n.path = defaults[i].path;
		n.dev = makedev(defaults[i].major, defaults[i].minor);
		if (!is_configured(r, n.path))
			ret = make_in(r, &n, dev, n.path + strlen("/dev/"));
		/* What the config puts in its place is meant. */
		if (ret == -EEXIST && is_mounted(r, n.path))
			ret = 0;
	}
	return ret;
}

static int make_devices(struct rootfs *r)
{
	const struct spec_linux *l = &r->spec->linux_;
	struct node n;
	int ret = 0;

	for (size_t i = 0; i < l->devices.n && ret == 0; i++) {
		n = to_node(&l->devices.v[i]);
		/* That is a link, whatever is asked for. */
		if (!same_path(n.path, "/dev/ptmx"))
			ret = make_node(r, &n);
	}
	return ret;
}

static bool has_kcore(const struct rootfs *r)
{
	autofd fd =
		path_open(r->root, "proc/kcore", O_PATH, K_RESOLVE_NO_SYMLINKS);

	return fd >= 0;
}

/* Where an image has its own, that is its business. */
static int make_links(const struct rootfs *r, int dev)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (str_eq(links[i].name, "core") && !has_kcore(r))
			continue;
		if (symlinkat(links[i].target, dev, links[i].name) < 0 &&
		    errno != EEXIST)
			return err_sys(errno, "make link /dev/%s",
				       links[i].name);
	}
	return 0;
}

/* The host's ptmx must not be what programs open, so whatever the image has
 * there is replaced. */
static int make_ptmx(int dev)
{
	static const char target[] = "pts/ptmx";
	char now[sizeof(target) + 1];
	ssize_t n;

	if (symlinkat(target, dev, "ptmx") == 0)
		return 0;
	n = readlinkat(dev, "ptmx", now, sizeof(now) - 1);
	now[n < 0 ? 0 : n] = '\0';
	if (str_eq(now, target))
		return 0;
	if (unlinkat(dev, "ptmx", 0) < 0 && errno != ENOENT)
		return err_sys(errno, "replace /dev/ptmx");
	return symlinkat(target, dev, "ptmx") < 0 ?
		       err_sys(errno, "make link /dev/ptmx") :
		       0;
}

int dev_make_all(struct rootfs *r)
{
	bool made;
	autofd dev = path_make(r->root, "/dev", S_IFDIR, O_PATH | O_DIRECTORY,
			       K_RESOLVE_NO_SYMLINKS, &made);
	int ret;

	if (dev < 0)
		return dev;
	ret = make_defaults(r, dev);
	if (ret == 0)
		ret = make_devices(r);
	if (ret == 0)
		ret = make_links(r, dev);
	return ret == 0 ? make_ptmx(dev) : ret;
}
