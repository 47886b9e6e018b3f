/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/attach.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"
#include "kern/copyup.h"
#include "kern/mask.h"
#include "kern/need.h"
#include "kern/newfs.h"
#include "kern/path.h"
#include "kern/procfs.h"
#include "kern/rootfs.h"
#include "kern/sys.h"

/* One entry while it is made. */
struct work {
	struct rootfs *r;
	struct mount *m;
	const char *type;     /* NULL: bind or remount */
	char where[PATH_MAX]; /* destination, clean, without the slash */
	int tree;             /* the mount, owned */
	int target;           /* what it will cover, owned */
	struct stat under;    /* the same */
	bool made;            /* the target is new */
	bool attached;        /* the tree is there already */
};

static int failed(const struct work *w, int num, const char *what)
{
	const char *source = w->m->spec->source;

	return err_sys(num, "%s %s at /%s", what,
		       w->type ? w->type :
		       source  ? source :
				 "what is mounted",
		       w->where);
}

/* Words, each with its NUL, up to an empty one. */
static bool is_among(const char *list, const char *word)
{
	for (; *list; list += strlen(list) + 1)
		if (str_eq(list, word))
			return true;
	return false;
}

/* Programs trust what they find in /proc. As in runc, only what pretends to be
 * a better file of it may be mounted there (lxcfs). */
static const char proc_files[] = "proc/cpuinfo\0"
				 "proc/diskstats\0"
				 "proc/meminfo\0"
				 "proc/stat\0"
				 "proc/swaps\0"
				 "proc/uptime\0"
				 "proc/loadavg\0"
				 "proc/slabinfo\0"
				 "proc/sys/kernel/ns_last_pid\0"
				 "proc/sys/crypto/fips_enabled\0";

/* Who has these wants them where programs look for them: a link in the path is
 * an attack (CVE-2019-19921, CVE-2023-27561). */
static const char strict_types[] = "proc\0sysfs\0cgroup2\0devpts\0mqueue\0";

static bool is_procfs(const struct work *w)
{
	struct statfs fs;
	struct stat st;

	if (w->type)
		return str_eq(w->type, "proc");
	return fstatfs(w->tree, &fs) == 0 && fstat(w->tree, &st) == 0 &&
	       fs.f_type == K_PROC_SUPER_MAGIC && st.st_ino == 1;
}

static int refuse_proc(const struct work *w)
{
	return err_say(EPERM,
		       "\"/%s\" cannot be mounted because it is inside /proc",
		       w->where);
}

/* By name, before anything is made; by what is there, when links led to it. */
static int check_path(const struct work *w)
{
	if (str_eq(w->where, "proc") && !is_procfs(w))
		return err_say(EPERM, "only procfs can be mounted at /proc");
	if (str_starts(w->where, "proc/") && !is_among(proc_files, w->where))
		return refuse_proc(w);
	return 0;
}

static int check_target(const struct work *w)
{
	struct stat root;
	struct statfs fs;

	if (fstatfs(w->target, &fs) < 0 || fstat(w->r->root, &root) < 0)
		return failed(w, errno, "mount");
	if (w->under.st_dev == root.st_dev && w->under.st_ino == root.st_ino)
		return err_say(
			EINVAL,
			"\"/%s\" is the container's root: nothing can be "
			"mounted over it",
			w->where);
	if (fs.f_type == K_PROC_SUPER_MAGIC && !str_eq(w->where, "proc") &&
	    !is_among(proc_files, w->where))
		return refuse_proc(w);
	return 0;
}

/* A directory for a new file system, what the source is for a bind. */
static int open_target(struct work *w)
{
	const struct mount *m = w->m;
	const char *path = w->where[0] ? w->where : ".";
	bool strict = (w->type && is_among(strict_types, w->type)) ||
		      is_among("proc\0dev\0", w->where) ||
		      str_starts(w->where, "proc/");
	struct stat source = { .st_mode = S_IFDIR };

	int ret = m->flags & MOUNT_REMOUNT ? 0 : check_path(w);

	if (ret < 0)
		return ret;
	if (w->tree >= 0 && fstat(w->tree, &source) < 0)
		return failed(w, errno, "look at");
	w->target = path_make(
		w->r->root, path, S_ISDIR(source.st_mode) ? S_IFDIR : S_IFREG,
		m->flags & MOUNT_DEST_NOFOLLOW ? O_PATH | O_NOFOLLOW : O_PATH,
		strict ? K_RESOLVE_NO_SYMLINKS : 0, &w->made);
	if (w->target < 0)
		return w->target;
	if (fstat(w->target, &w->under) < 0)
		return failed(w, errno, "look at what is");
	if (m->flags & MOUNT_REMOUNT)
		return 0;
	if (S_ISDIR(source.st_mode) != S_ISDIR(w->under.st_mode)) {
		failed(w, ENOTDIR, "mount");
		return err_hint(NEED_SAME_TYPE);
	}
	return check_target(w);
}

/* A new mount has nothing below it: there "rro" is "ro". */
static uint64_t attrs_wanted(const struct mount *m)
{
	return (m->attrs.set & ~m->all.clear) | m->all.set;
}

static bool is_readonly(const struct mount *m)
{
	return attrs_wanted(m) & K_MOUNT_ATTR_RDONLY;
}

/* A new tmpfs gets the mode of the directory that it covers, unless the options
 * have another: the last one counts. */
static bool takes_mode(const struct work *w)
{
	return str_eq(w->type, "tmpfs") && !w->made;
}

/* Of each of these there is but one, for all containers: it has no label. */
static const char *label_of(const struct work *w)
{
	const char *label = w->r->spec->linux_.mount_label;

	if (!label || is_among("proc\0sysfs\0mqueue\0cgroup2\0", w->type))
		return "";
	return label;
}

static int configure(struct newfs *n, const struct mount *m)
{
	const struct spec_strs *words = &m->spec->options;
	const struct mount_option *o;
	bool all;
	int ret = 0;

	for (size_t i = 0; i < words->n && ret == 0; i++) {
		o = mount_find_option(words->v[i], &all);
		if (o->kind == MOUNT_OPT_DATA)
			ret = newfs_options(n, words->v[i]);
		else if (o->kind == MOUNT_OPT_SB)
			ret = newfs_option(n, o->name + 1, NULL);
	}
	if (ret == 0 && is_readonly(m) && !m->late_readonly)
		ret = newfs_option(n, "ro", NULL);
	return ret;
}

static int configure_new(struct newfs *n, const struct work *w)
{
	const char *label = label_of(w);
	const char *source = w->m->spec->source;
	char mode[16];
	int ret = 0;

	if (source && source[0])
		ret = newfs_option(n, "source", source);
	if (ret == 0 && takes_mode(w)) {
		ret = str_fmt(mode, sizeof(mode), "%o",
			      w->under.st_mode & 07777);
		if (ret >= 0)
			ret = newfs_option(n, "mode", mode);
	}
	if (ret == 0)
		ret = configure(n, w->m);
	if (ret == 0 && *label)
		ret = newfs_option(n, "context", label);
	return ret;
}

static int make_new(struct work *w)
{
	/* MOUNT_ATTR_NOSYMFOLLOW is younger than fsmount(2). */
	uint64_t later = K_MOUNT_ATTR_NOSYMFOLLOW;
	struct newfs n = { .fd = -1 };
	int ret = newfs_open(&n, w->type, w->where);

	if (w->m->late_readonly)
		later |= K_MOUNT_ATTR_RDONLY;
	if (ret == 0)
		ret = configure_new(&n, w);
	if (ret == 0)
		ret = newfs_mount(&n, attrs_wanted(w->m) & ~later);
	fd_close(&n.fd);
	return ret;
}

/*
 * fsconfig(2) takes values of up to 255 bytes, which the layers of an overlay
 * may exceed, before Linux 6.5 none with a comma, which may be escaped in their
 * names, and does not know iversion. mount(2) does.
 */
static bool needs_mount2(const struct mount *m)
{
	if (m->flags & MOUNT_I_VERSION)
		return true;
	for (size_t i = 0; i < m->spec->options.n; i++)
		if (strlen(m->spec->options.v[i]) > 255 ||
		    strstr(m->spec->options.v[i], "\\,"))
			return true;
	return false;
}

/* Returns the flags, and adds what goes to the file system. */
static unsigned long to_mount2(const struct work *w, struct sbuf *data)
{
	const struct spec_strs *words = &w->m->spec->options;
	unsigned long flags = attr_to_ms(attrs_wanted(w->m));
	const struct mount_option *o;
	bool all;

	if (w->m->flags & MOUNT_I_VERSION)
		flags |= MS_I_VERSION;
	if (w->m->late_readonly)
		flags &= ~(unsigned long)MS_RDONLY;
	if (takes_mode(w))
		sbuf_fmt(data, ",mode=%o", w->under.st_mode & 07777);
	for (size_t i = 0; i < words->n; i++) {
		o = mount_find_option(words->v[i], &all);
		if (o->kind == MOUNT_OPT_SB)
			flags |= o->bits;
		else if (o->kind == MOUNT_OPT_DATA)
			sbuf_fmt(data, ",%s", words->v[i]);
	}
	if (*label_of(w))
		sbuf_fmt(data, ",context=\"%s\"", label_of(w));
	return flags;
}

/* Where it belongs, which has a name that leaves the working directory alone:
 * from there, the bundle, the relative layers of an overlay are found. What a
 * namespace that is joined has at /proc is somebody else's. */
static int make_by_mount2(struct work *w)
{
	char text[4096] = ""; /* what the kernel reads of it */
	struct sbuf data = SBUF(text);
	unsigned long flags = to_mount2(w, &data);
	autofd proc = procfs_open_host();
	char at[32];

	if (proc < 0 ||
	    str_fmt(at, sizeof(at), "/proc/self/fd/%d", w->target) < 0)
		return proc;
	if (!w->r->new_mount_ns)
		return err_say(EINVAL,
			       "mount %s at /%s: iversion, an option of more "
			       "than 255 bytes and an escaped comma do not go "
			       "with a joined mount namespace",
			       w->type, w->where);
	if (data.full)
		return failed(w, E2BIG, "mount");
	if (mount(w->m->spec->source, at, w->type, flags,
		  text + (*text == ',')) < 0)
		return failed(w, errno, "mount");
	w->attached = true;
	return path_open(w->r->root, w->where, O_PATH, 0);
}

static int make_fs(struct work *w)
{
	return needs_mount2(w->m) ? make_by_mount2(w) : make_new(w);
}

/* The container's own cgroup, where no cgroup namespace shows it as root. */
static int bind_cgroup(struct work *w)
{
	const char *path = w->r->cgroup_path;

	if (!w->r->new_mount_ns)
		return err_say(EINVAL, "a cgroup mount in a joined mount "
				       "namespace needs a cgroup namespace");
	w->type = NULL;
	w->tree = sys_open_tree(AT_FDCWD, path, K_OPEN_TREE_CLONE);
	return w->tree < 0 ? err_sys(w->tree, "open %s", path) : 0;
}

/* Where neither can be had (no rights, and no cgroup of the container's), what
 * a bind of all of /sys may have brought here must not stay writable
 * (CVE-2023-25809). */
static int hide_cgroups(struct work *w)
{
	w->type = NULL;
	w->tree = mask_new_empty();
	return w->tree < 0 ? w->tree : 0;
}

static int make_cgroup(struct work *w)
{
	bool own = w->r->cgroup_path;

	if (own && !w->r->new_cgroup_ns)
		return bind_cgroup(w);
	w->tree = make_fs(w);
	if (w->tree != -EPERM && w->tree != -EBUSY)
		return w->tree < 0 ? w->tree : 0;
	if (own)
		return bind_cgroup(w);
	return w->r->user_ns ? hide_cgroups(w) : w->tree;
}

static int make_tree(struct work *w)
{
	if (str_eq(w->type, "cgroup2"))
		return make_cgroup(w);
	w->tree = make_fs(w);
	if (w->tree >= 0 && w->m->flags & MOUNT_COPY_UP)
		return copyup(w->target, w->tree, w->where);
	return w->tree < 0 ? w->tree : 0;
}

/* Without a network namespace, a user namespace can't have a sysfs of its own.
 * That of the host comes with other file systems in it, of which some belong to
 * the user: read-only is meant of them, too (CVE-2023-25809). */
static bool is_foreign_sysfs(const struct work *w)
{
	struct statfs fs;

	return w->r->user_ns && w->m->flags & MOUNT_REC && is_readonly(w->m) &&
	       fstatfs(w->tree, &fs) == 0 && fs.f_type == K_SYSFS_MAGIC;
}

/* In a user namespace the host's flags are locked: they stay, as with runc. */
static int set_unlocked(const struct work *w, const struct attrs *a, bool all,
			bool attached)
{
	const struct attrs more = { .set = a->set & ~K_MOUNT_ATTR__ATIME };
	int (*set)(struct rootfs *, int, const struct attrs *, bool) =
		all ? attr_set_all : attr_set;
	int ret = set(w->r, w->tree, a, attached);

	if (ret != -EPERM || !w->r->user_ns || !a->clear)
		return ret;
	log_line(LOG_WARNING, "%s: the host's flags of it stay",
		 w->m->spec->destination);
	return set(w->r, w->tree, &more, attached);
}

static int set_attrs(const struct work *w, bool attached)
{
	static const struct attrs ro = { .set = K_MOUNT_ATTR_RDONLY };
	const struct mount *m = w->m;
	struct attrs symfollow = { 0 };
	int ret;

	if (w->type) { /* it was made with all the others */
		symfollow.set = attrs_wanted(m) & K_MOUNT_ATTR_NOSYMFOLLOW;
		return attr_set(w->r, w->tree, &symfollow, attached);
	}
	ret = set_unlocked(w, &m->attrs, false, attached);
	if (ret == 0)
		ret = set_unlocked(w, &m->all, true, attached);
	if (ret == 0 && is_foreign_sysfs(w))
		ret = attr_set_all(w->r, w->tree, &ro, attached);
	return ret;
}

/* Before Linux 5.12 flags can only be set on what is attached. Nothing runs in
 * the container yet that could write through it meanwhile. */
static int attach(struct work *w)
{
	int early = set_attrs(w, w->attached), ret;

	if (early < 0 && early != -ENOSYS)
		return failed(w, early, "set the flags of");
	ret = w->attached ? 0 : sys_move_mount(w->tree, w->target);
	if (ret < 0)
		return failed(w, ret, "mount");
	if (early < 0)
		ret = set_attrs(w, true);
	return ret < 0 ? failed(w, ret, "set the flags of") : 0;
}

/* The changes that mount(2) wants calls of their own for, in their order. */
static int propagate(struct work *w, int fd)
{
	const struct spec_strs *words = &w->m->spec->options;
	const struct mount_option *o;
	bool all;
	int ret = 0;

	if (w->m->make_slave)
		ret = attr_propagate(w->r, fd, MS_SLAVE | MS_REC);
	for (size_t i = 0; i < words->n && ret >= 0; i++) {
		o = mount_find_option(words->v[i], &all);
		if (o->kind == MOUNT_OPT_PROPAGATE)
			ret = attr_propagate(w->r, fd,
					     o->bits | (all ? MS_REC : 0));
	}
	return ret < 0 ? failed(w, ret, "set the propagation of") : 0;
}

static int finish(struct work *w)
{
	struct mount *m = w->m;
	int ret = propagate(w, w->tree);

	if (ret < 0)
		return ret;
	/* The same file system in a mount that nobody else has: ours. */
	if (w->r->needs_proc && w->r->proc < 0 && w->type &&
	    str_eq(w->type, "proc") && !m->data && !is_readonly(m))
		w->r->proc = sys_open_tree(w->tree, "", K_OPEN_TREE_CLONE);
	if (m->late_readonly)
		m->tree = fd_take(&w->tree);
	return 0;
}

static int make_mount(struct work *w)
{
	int ret = open_target(w);

	if (ret == 0 && w->type)
		ret = make_tree(w);
	if (ret == 0)
		ret = attach(w);
	return ret == 0 ? finish(w) : ret;
}

/* Instead of a mount: the source is a link, and so will be the destination. */
static int copy_link(struct work *w)
{
	char link[PATH_MAX], name[NAME_MAX + 1], old[PATH_MAX];
	autofd dir = -1;
	ssize_t n = readlinkat(w->tree, "", link, sizeof(link) - 1);

	if (n < 0)
		return failed(w, errno, "copy link");
	link[n] = '\0';
	dir = path_parent(w->r->root, w->where, 0, name, sizeof(name));
	if (dir < 0)
		return dir;
	if (symlinkat(link, dir, name) == 0)
		return 0;
	if (errno != EEXIST)
		return failed(w, errno, "copy link");
	n = readlinkat(dir, name, old, sizeof(old) - 1);
	old[n < 0 ? 0 : n] = '\0';
	return str_eq(old, link) ? 0 : failed(w, EEXIST, "copy link");
}

static int make_bind(struct work *w)
{
	struct mount *m = w->m;
	struct stat st;
	int ret = m->tree < 0 ? mount_open_source(m, w->r->bundle) : 0;

	if (ret < 0)
		return ret;
	w->tree = fd_take(&m->tree);
	if (fstat(w->tree, &st) < 0)
		return failed(w, errno, "look at");
	if (m->flags & MOUNT_COPY_LINK && S_ISLNK(st.st_mode))
		return copy_link(w);
	return make_mount(w);
}

static int reconfigure(struct work *w)
{
	const struct mount *m = w->m;
	struct newfs n = { .fd = -1 };
	int ret = newfs_pick(&n, w->target, w->where);

	if (ret == 0)
		ret = configure(&n, m);
	if (ret == 0 && m->attrs.clear & K_MOUNT_ATTR_RDONLY && !is_readonly(m))
		ret = newfs_option(&n, "rw", NULL);
	if (ret == 0)
		ret = newfs_reconfigure(&n);
	fd_close(&n.fd);
	return ret;
}

static int remount(struct work *w)
{
	const struct mount *m = w->m;
	int ret = open_target(w);

	if (ret == 0 && !m->bind)
		ret = reconfigure(w);
	if (ret < 0)
		return ret;
	ret = attr_set(w->r, w->target, &m->attrs, true);
	if (ret >= 0)
		ret = attr_set_all(w->r, w->target, &m->all, true);
	return ret < 0 ? failed(w, ret, "remount") : propagate(w, w->target);
}

static int make(struct work *w)
{
	struct mount *m = w->m;

	if (m->flags & MOUNT_REMOUNT)
		return remount(w);
	if (m->bind)
		return make_bind(w);
	w->type = str_eq(m->spec->type, "cgroup") ? "cgroup2" : m->spec->type;
	/* As in runc, these become read-only at the very end: mount points and
	 * devices have to be made in them first. */
	m->late_readonly = is_readonly(m) && (str_eq(w->type, "tmpfs") ||
					      str_eq(w->where, "dev"));
	return make_mount(w);
}

int attach_mount(struct rootfs *r, struct mount *m)
{
	struct work w = { .r = r, .m = m, .tree = -1, .target = -1 };
	int ret = path_clean(w.where, sizeof(w.where), m->spec->destination);

	if (ret == 0)
		ret = make(&w);
	fd_close(&w.tree);
	fd_close(&w.target);
	return ret;
}
