/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/mount.h"

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
#include "base/str.h"
#include "kern/copyup.h"
#include "kern/need.h"
#include "kern/newfs.h"
#include "kern/path.h"
#include "kern/rootfs.h"
#include "kern/sys.h"

enum kind {
	ATTR,	  /* bits: K_MOUNT_ATTR_* to set */
	NO_ATTR,  /* bits to clear */
	ATIME,	  /* bits: one value of the field K_MOUNT_ATTR__ATIME */
	NO_ATIME, /* back to relatime if it is this value */
	ALL,	  /* the four above, for all mounts of the tree */
	NO_ALL,
	ATIME_ALL,
	NO_ATIME_ALL,
	SB,	 /* of the file system; fsconfig(2) knows the word */
	SB_ALL,	 /* the same after an "r" */
	NOTHING, /* the default, or without meaning in the mount API */
	PROPAGATE,
	FLAG, /* bits: enum mount_flags */
	REFUSED,
	DATA, /* none of the table's words */
};

struct option {
	char name[15];
	uint8_t kind;
	uint32_t bits;
};

/* Binds get none of SB, as with mount(2): the file system belongs to others
 * as well. */
static const struct option options[] = {
	{ "async", SB, 0 },
	{ "atime", NO_ATIME, K_MOUNT_ATTR_NOATIME },
	{ "bind", FLAG, MOUNT_BIND },
	{ "copy-symlink", FLAG, MOUNT_COPY_LINK },
	{ "defaults", NOTHING, 0 },
	{ "dest-nofollow", FLAG, MOUNT_DEST_NOFOLLOW },
	{ "dev", NO_ATTR, K_MOUNT_ATTR_NODEV },
	{ "diratime", NO_ATTR, K_MOUNT_ATTR_NODIRATIME },
	{ "dirsync", SB, 0 },
	{ "exec", NO_ATTR, K_MOUNT_ATTR_NOEXEC },
	{ "iversion", FLAG, MOUNT_I_VERSION },
	{ "lazytime", SB, 0 },
	/* Messages of the mount API go to who asks, not to the kernel's log. */
	{ "loud", NOTHING, 0 },
	{ "mand", SB, 0 },
	{ "noatime", ATIME, K_MOUNT_ATTR_NOATIME },
	{ "nodev", ATTR, K_MOUNT_ATTR_NODEV },
	{ "nodiratime", ATTR, K_MOUNT_ATTR_NODIRATIME },
	{ "noexec", ATTR, K_MOUNT_ATTR_NOEXEC },
	{ "noiversion", NOTHING, 0 },
	{ "nolazytime", SB, 0 },
	{ "nomand", SB, 0 },
	/* The kernel has no such flag: relatime is what it does by itself. */
	{ "norelatime", NOTHING, 0 },
	{ "nostrictatime", NO_ATIME, K_MOUNT_ATTR_STRICTATIME },
	{ "nosuid", ATTR, K_MOUNT_ATTR_NOSUID },
	{ "nosymfollow", ATTR, K_MOUNT_ATTR_NOSYMFOLLOW },
	{ "private", PROPAGATE, MS_PRIVATE },
	{ "rasync", SB_ALL, 0 },
	{ "ratime", NO_ATIME_ALL, K_MOUNT_ATTR_NOATIME },
	{ "rbind", FLAG, MOUNT_BIND | MOUNT_REC },
	{ "rdev", NO_ALL, K_MOUNT_ATTR_NODEV },
	{ "rdiratime", NO_ALL, K_MOUNT_ATTR_NODIRATIME },
	{ "rdirsync", SB_ALL, 0 },
	{ "relatime", ATIME, K_MOUNT_ATTR_RELATIME },
	{ "remount", FLAG, MOUNT_REMOUNT },
	{ "rexec", NO_ALL, K_MOUNT_ATTR_NOEXEC },
	{ "rmand", SB_ALL, 0 },
	{ "rnoatime", ATIME_ALL, K_MOUNT_ATTR_NOATIME },
	{ "rnodev", ALL, K_MOUNT_ATTR_NODEV },
	{ "rnodiratime", ALL, K_MOUNT_ATTR_NODIRATIME },
	{ "rnoexec", ALL, K_MOUNT_ATTR_NOEXEC },
	{ "rnomand", SB_ALL, 0 },
	{ "rnorelatime", NO_ATIME_ALL, K_MOUNT_ATTR_RELATIME },
	{ "rnostrictatime", NO_ATIME_ALL, K_MOUNT_ATTR_STRICTATIME },
	{ "rnosuid", ALL, K_MOUNT_ATTR_NOSUID },
	{ "rnosymfollow", ALL, K_MOUNT_ATTR_NOSYMFOLLOW },
	{ "ro", ATTR, K_MOUNT_ATTR_RDONLY },
	{ "rprivate", PROPAGATE, MS_PRIVATE | MS_REC },
	{ "rrelatime", ATIME_ALL, K_MOUNT_ATTR_RELATIME },
	{ "rro", ALL, K_MOUNT_ATTR_RDONLY },
	{ "rrw", NO_ALL, K_MOUNT_ATTR_RDONLY },
	{ "rshared", PROPAGATE, MS_SHARED | MS_REC },
	{ "rslave", PROPAGATE, MS_SLAVE | MS_REC },
	{ "rstrictatime", ATIME_ALL, K_MOUNT_ATTR_STRICTATIME },
	{ "rsuid", NO_ALL, K_MOUNT_ATTR_NOSUID },
	{ "rsymfollow", NO_ALL, K_MOUNT_ATTR_NOSYMFOLLOW },
	{ "rsync", SB_ALL, 0 },
	{ "runbindable", PROPAGATE, MS_UNBINDABLE | MS_REC },
	{ "rw", NO_ATTR, K_MOUNT_ATTR_RDONLY },
	{ "shared", PROPAGATE, MS_SHARED },
	{ "silent", NOTHING, 0 },
	{ "slave", PROPAGATE, MS_SLAVE },
	{ "src-nofollow", FLAG, MOUNT_SRC_NOFOLLOW },
	{ "strictatime", ATIME, K_MOUNT_ATTR_STRICTATIME },
	{ "suid", NO_ATTR, K_MOUNT_ATTR_NOSUID },
	{ "symfollow", NO_ATTR, K_MOUNT_ATTR_NOSYMFOLLOW },
	{ "sync", SB, 0 },
	{ "tmpcopyup", FLAG, MOUNT_COPY_UP },
	{ "unbindable", PROPAGATE, MS_UNBINDABLE },
	/* Not among what `features` lists: */
	{ "idmap", REFUSED, 0 },
	{ "ridmap", REFUSED, 0 },
};
enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static const struct option data_word = { "", DATA, 0 };

const char *mount_option_name(size_t i)
{
	return i < OPTIONS && options[i].kind != REFUSED ? options[i].name :
							   NULL;
}

static const struct option *find(const char *word)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (str_eq(options[i].name, word))
			return &options[i];
	return &data_word;
}

static void change(struct attrs *a, uint64_t mask, uint64_t value)
{
	a->clear |= mask;
	a->set = (a->set & ~mask) | value;
}

/* "atime" undoes "noatime", but not a "strictatime" before it. */
static void change_atime(struct attrs *a, uint64_t unwanted)
{
	if ((a->set & K_MOUNT_ATTR__ATIME) == unwanted ||
	    !(a->clear & K_MOUNT_ATTR__ATIME))
		change(a, K_MOUNT_ATTR__ATIME, K_MOUNT_ATTR_RELATIME);
}

static int apply(struct mount *m, const struct option *o, const char *word)
{
	struct attrs *a = o->kind >= ALL ? &m->all : &m->attrs;

	switch (o->kind) {
	case ATTR:
	case ALL:
		change(a, o->bits, o->bits);
		break;
	case NO_ATTR:
	case NO_ALL:
		change(a, o->bits, 0);
		break;
	case ATIME:
	case ATIME_ALL:
		change(a, K_MOUNT_ATTR__ATIME, o->bits);
		break;
	case NO_ATIME:
	case NO_ATIME_ALL:
		change_atime(a, o->bits);
		break;
	case FLAG:
		m->flags |= o->bits;
		break;
	case REFUSED:
		return err_say(EINVAL,
			       "id-mapped mounts (\"%s\") are not supported "
			       "by this version",
			       word);
	}
	return 0;
}

static int check(const struct mount *m)
{
	const struct spec_mount *s = m->spec;

	if (!s->destination || !s->destination[0])
		return err_say(EINVAL, "a mount needs a destination");
	if (s->uid_mappings.n || s->gid_mappings.n)
		return err_say(EINVAL, "id-mapped mounts are not supported by "
				       "this version");
	if (m->flags & MOUNT_REMOUNT)
		return 0;
	if (m->bind && (!s->source || !s->source[0]))
		return err_say(EINVAL, "a bind mount needs a source");
	if (!m->bind && (!s->type || !s->type[0]))
		return err_say(EINVAL, "a mount needs a type, or the option "
				       "\"bind\"");
	if (m->flags & MOUNT_COPY_UP && (m->bind || !str_eq(s->type, "tmpfs")))
		return err_say(EINVAL, "\"tmpcopyup\" is for tmpfs only");
	return 0;
}

int mount_parse(struct mount *m, const struct spec_mount *s)
{
	const struct option *o;
	int ret;

	*m = (struct mount){ .spec = s, .tree = -1 };
	for (size_t i = 0; i < s->options.n; i++) {
		o = find(s->options.v[i]);
		if (o->kind == DATA && s->options.v[i][0])
			m->data = s->options.v[i];
		ret = apply(m, o, s->options.v[i]);
		if (ret < 0)
			return ret;
	}
	m->bind = m->flags & MOUNT_BIND;
	if (m->bind && m->data)
		return err_say(EINVAL, "\"%s\" is not an option of bind mounts",
			       m->data);
	return check(m);
}

int mount_open_source(struct mount *m, const char *bundle)
{
	const char *source = m->spec->source;
	unsigned int flags = K_OPEN_TREE_CLONE;
	char path[PATH_MAX];
	int ret;

	if (m->flags & MOUNT_REC)
		flags |= K_AT_RECURSIVE;
	if (m->flags & (MOUNT_SRC_NOFOLLOW | MOUNT_COPY_LINK))
		flags |= AT_SYMLINK_NOFOLLOW;
	if (source[0] != '/') {
		ret = str_fmt(path, sizeof(path), "%s/%s", bundle, source);
		if (ret < 0)
			return ret;
		source = path;
	}
	m->tree = sys_open_tree(AT_FDCWD, source, flags);
	if (m->tree >= 0)
		return 0;
	ret = err_sys(m->tree, "open %s, to be mounted at %s", source,
		      m->spec->destination);
	return ret == -ENOSYS ? err_hint(NEED_NEW_MOUNT_API) : ret;
}

/* What one entry is made of, while it is made. */
struct work {
	struct rootfs *r;
	struct mount *m;
	const char *type;	/* NULL: bind or remount */
	char where[PATH_MAX];	/* destination, clean, without the slash */
	int tree;		/* the mount; -1: remount, or not made yet */
	int target;		/* what it will cover */
	struct stat under;	/* the same */
	bool made;		/* the target is new */
};

static bool is_one_of(const char *const *names, const char *s)
{
	for (; *names; names++)
		if (str_eq(*names, s))
			return true;
	return false;
}

/* Below /proc only what pretends to be a better file of procfs is allowed
 * (lxcfs), as in runc: programs trust what they find there. */
static const char *const proc_files[] = {
	"proc/cpuinfo",
	"proc/diskstats",
	"proc/meminfo",
	"proc/stat",
	"proc/swaps",
	"proc/uptime",
	"proc/loadavg",
	"proc/slabinfo",
	"proc/sys/kernel/ns_last_pid",
	"proc/sys/crypto/fips_enabled",
	NULL,
};

/* Who has these wants them where programs look for them: a link in their path
 * is an attack (CVE-2019-19921, CVE-2023-27561). */
static const char *const strict_types[] = {
	"proc", "sysfs", "cgroup2", "devpts", "mqueue", NULL,
};

static bool is_procfs(const struct work *w)
{
	struct statfs fs;
	struct stat st;

	if (w->type)
		return str_eq(w->type, "proc");
	return w->tree >= 0 && fstatfs(w->tree, &fs) == 0 &&
	       fs.f_type == K_PROC_SUPER_MAGIC &&
	       fstat(w->tree, &st) == 0 && st.st_ino == 1;
}

static int check_target(struct work *w)
{
	struct stat root;
	struct statfs fs;
	bool in_proc;

	if (fstatfs(w->target, &fs) < 0 || fstat(w->r->root, &root) < 0)
		return err_sys(errno, "look at /%s", w->where);
	if (w->m->flags & MOUNT_REMOUNT)
		return 0;
	if (w->under.st_dev == root.st_dev && w->under.st_ino == root.st_ino)
		return err_say(EINVAL, "nothing may be mounted over the "
				       "container's root (/%s)", w->where);
	in_proc = fs.f_type == K_PROC_SUPER_MAGIC ||
		  str_starts(w->where, "proc/");
	if (str_eq(w->where, "proc")) {
		if (!is_procfs(w))
			return err_say(EPERM, "only procfs may be mounted "
					      "at /proc");
	} else if (in_proc && !is_one_of(proc_files, w->where)) {
		return err_say(EPERM, "\"/%s\" cannot be mounted because it "
				      "is inside /proc", w->where);
	}
	return 0;
}

/* A directory for a new file system, what the source is for a bind. */
static int open_target(struct work *w)
{
	const struct mount *m = w->m;
	bool strict = str_eq(w->where, "proc") || str_starts(w->where, "proc/");
	int flags = O_PATH;
	struct stat source = { .st_mode = S_IFDIR };

	if (w->type && is_one_of(strict_types, w->type))
		strict = true;
	if (m->flags & MOUNT_DEST_NOFOLLOW)
		flags |= O_NOFOLLOW;
	if (w->tree >= 0 && fstat(w->tree, &source) < 0)
		return err_sys(errno, "look at %s", m->spec->source);
	w->target = path_make(w->r->root, w->where[0] ? w->where : ".",
			      S_ISDIR(source.st_mode) ? S_IFDIR : S_IFREG,
			      flags, strict ? K_RESOLVE_NO_SYMLINKS : 0,
			      &w->made);
	if (w->target < 0)
		return w->target;
	if (fstat(w->target, &w->under) < 0)
		return err_sys(errno, "look at /%s", w->where);
	if (S_ISDIR(source.st_mode) != S_ISDIR(w->under.st_mode) &&
	    !(m->flags & MOUNT_REMOUNT))
		return err_sys(ENOTDIR, "mount %s at /%s: a directory and "
					"a file",
			       w->type ? w->type : m->spec->source, w->where);
	return check_target(w);
}

/* A new mount has nothing below it: "rro" is "ro". */
static uint64_t wanted(const struct mount *m)
{
	return (m->attrs.set & ~m->all.clear) | m->all.set;
}

static int configure(struct newfs *n, const struct mount *m)
{
	const struct spec_strs *words = &m->spec->options;
	const struct option *o;
	int ret = 0;

	for (size_t i = 0; i < words->n && ret == 0; i++) {
		o = find(words->v[i]);
		if (o->kind == DATA)
			ret = newfs_options(n, words->v[i]);
		else if (o->kind == SB || o->kind == SB_ALL)
			ret = newfs_option(n, o->name + (o->kind == SB_ALL),
					   NULL);
	}
	if (ret == 0 && !m->late_readonly && wanted(m) & K_MOUNT_ATTR_RDONLY)
		ret = newfs_option(n, "ro", NULL);
	return ret;
}

/* SELinux: all but these take a context for their files. */
static const char *const unlabelled[] = { "proc", "sysfs", "mqueue", NULL };

static int configure_new(struct newfs *n, const struct work *w)
{
	const char *label = w->r->spec->linux_.mount_label;
	const char *source = w->m->spec->source;
	char mode[16];
	int ret = 0;

	if (source && source[0])
		ret = newfs_option(n, "source", source);
	/* As the directory that it covers, unless the options say otherwise:
	 * the last one counts. */
	if (ret == 0 && str_eq(w->type, "tmpfs") && !w->made) {
		ret = str_fmt(mode, sizeof(mode), "%o",
			      w->under.st_mode & 07777);
		if (ret >= 0)
			ret = newfs_option(n, "mode", mode);
	}
	if (ret == 0)
		ret = configure(n, w->m);
	if (ret == 0 && label && !is_one_of(unlabelled, w->type))
		ret = newfs_option(n, "context", label);
	return ret;
}

/* MOUNT_ATTR_NOSYMFOLLOW is younger than fsmount(2) and comes after it. */
static uint64_t initial_attrs(const struct mount *m)
{
	uint64_t late = K_MOUNT_ATTR_NOSYMFOLLOW;

	if (m->late_readonly)
		late |= K_MOUNT_ATTR_RDONLY;
	return wanted(m) & ~late;
}

static int make_new(struct work *w)
{
	struct newfs n = { .fd = -1 };
	int ret = newfs_open(&n, w->type, w->where);

	if (ret == 0)
		ret = configure_new(&n, w);
	if (ret == 0)
		ret = newfs_mount(&n, initial_attrs(w->m));
	fd_close(&n.fd);
	return ret;
}

static int remount_fs(struct work *w)
{
	const struct mount *m = w->m;
	struct newfs n = { .fd = -1 };
	int ret = newfs_pick(&n, w->target, w->where);

	if (ret == 0)
		ret = configure(&n, m);
	if (ret == 0 && m->attrs.clear & K_MOUNT_ATTR_RDONLY &&
	    !(wanted(m) & K_MOUNT_ATTR_RDONLY))
		ret = newfs_option(&n, "rw", NULL);
	if (ret == 0)
		ret = newfs_reconfigure(&n);
	fd_close(&n.fd);
	return ret;
}

static int failed(const struct work *w, int num, const char *what)
{
	const char *source = w->m->spec->source;

	return err_sys(num, "%s %s at /%s", what,
		       w->type ? w->type : source ? source : "what is mounted",
		       w->where);
}

static int set_attrs(const struct work *w, bool attached)
{
	struct mount *m = w->m;
	struct attrs symfollow = { 0 };
	int ret;

	if (w->type) { /* it was made with all but this */
		symfollow.set = wanted(m) & K_MOUNT_ATTR_NOSYMFOLLOW;
		return attr_set(w->r, w->tree, &symfollow, attached);
	}
	ret = attr_set(w->r, w->tree, &m->attrs, attached);
	return ret < 0 ? ret :
			 attr_set_all(w->r, w->tree, &m->all, attached);
}

/* Before Linux 5.12 flags can only be set on what is attached. Nothing runs in
 * the container yet that could write through it meanwhile. */
static int attach(struct work *w)
{
	int late, ret;

	late = set_attrs(w, false);
	if (late < 0 && late != -ENOSYS)
		return failed(w, late, "set the flags of");
	ret = sys_move_mount(w->tree, w->target);
	if (ret < 0)
		return failed(w, ret, "mount");
	if (late < 0)
		ret = set_attrs(w, true);
	return ret < 0 ? failed(w, ret, "set the flags of") : 0;
}

/* What mount(2) does in calls of their own, in the order of the options. */
static int propagate(struct work *w, int fd)
{
	const struct spec_strs *words = &w->m->spec->options;
	const struct option *o;
	int ret = 0;

	if (w->m->make_slave)
		ret = attr_propagate(w->r, fd, MS_SLAVE | MS_REC);
	for (size_t i = 0; i < words->n && ret >= 0; i++) {
		o = find(words->v[i]);
		if (o->kind == PROPAGATE)
			ret = attr_propagate(w->r, fd, o->bits);
	}
	return ret < 0 ? failed(w, ret, "set the propagation of") : 0;
}

static int finish(struct work *w)
{
	struct mount *m = w->m;
	int ret = propagate(w, w->tree);

	if (ret == 0 && m->flags & MOUNT_I_VERSION && w->type) {
		ret = attr_remount(w->r, w->tree, MS_I_VERSION);
		if (ret < 0)
			return failed(w, ret, "set iversion of");
	}
	if (ret < 0)
		return ret;
	if (w->type && str_eq(w->type, "proc") && w->r->proc < 0 && !m->data &&
	    !(wanted(m) & K_MOUNT_ATTR_RDONLY))
		w->r->proc = sys_open_tree(w->tree, "", K_OPEN_TREE_CLONE);
	if (m->late_readonly)
		m->tree = fd_take(&w->tree);
	return 0;
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

static int make_tree(struct work *w)
{
	bool cgroup = str_eq(w->type, "cgroup2") && w->r->cgroup_path;

	if (cgroup && !w->r->new_cgroup_ns)
		return bind_cgroup(w);
	w->tree = make_new(w);
	if (cgroup && (w->tree == -EPERM || w->tree == -EBUSY))
		return bind_cgroup(w);
	if (w->tree >= 0 && w->m->flags & MOUNT_COPY_UP)
		return copyup(w->target, w->tree, w->where);
	return w->tree < 0 ? w->tree : 0;
}

/* Instead of a mount: the source is a link, and so will be the destination. */
static int copy_link(struct work *w)
{
	char link[PATH_MAX], name[NAME_MAX + 1], old[PATH_MAX];
	autofd dir = -1;
	ssize_t n = readlinkat(w->tree, "", link, sizeof(link) - 1);

	if (n < 0)
		return err_sys(errno, "read link %s", w->m->spec->source);
	link[n] = '\0';
	dir = path_parent(w->r->root, w->where, 0, name, sizeof(name));
	if (dir < 0)
		return dir;
	if (symlinkat(link, dir, name) == 0)
		return 0;
	if (errno != EEXIST)
		return err_sys(errno, "make link /%s", w->where);
	n = readlinkat(dir, name, old, sizeof(old) - 1);
	old[n < 0 ? 0 : n] = '\0';
	return str_eq(old, link) ? 0 :
				   err_sys(EEXIST, "make link /%s", w->where);
}

static bool is_link(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISLNK(st.st_mode);
}

static int take_source(struct work *w)
{
	struct mount *m = w->m;
	int ret = m->tree < 0 ? mount_open_source(m, w->r->bundle) : 0;

	w->tree = fd_take(&m->tree);
	return ret;
}

static int remount(struct work *w)
{
	const struct mount *m = w->m;
	int ret = open_target(w);

	if (ret == 0 && !m->bind)
		ret = remount_fs(w);
	if (ret < 0)
		return ret;
	ret = attr_set(w->r, w->target, &m->attrs, true);
	if (ret >= 0)
		ret = attr_set_all(w->r, w->target, &m->all, true);
	return ret < 0 ? failed(w, ret, "remount") : propagate(w, w->target);
}

static int make(struct work *w)
{
	int ret = 0;

	if (w->m->flags & MOUNT_REMOUNT)
		return remount(w);
	if (w->m->bind)
		ret = take_source(w);
	if (ret == 0 && w->m->flags & MOUNT_COPY_LINK && is_link(w->tree))
		return copy_link(w);
	if (ret == 0)
		ret = open_target(w);
	if (ret == 0 && w->type)
		ret = make_tree(w);
	if (ret == 0)
		ret = attach(w);
	return ret == 0 ? finish(w) : ret;
}

/* runc as well makes these read-only at the very end: mount points and devices
 * have to be made in them first. */
static bool late_readonly(const struct work *w)
{
	return w->type && wanted(w->m) & K_MOUNT_ATTR_RDONLY &&
	       (str_eq(w->type, "tmpfs") || str_eq(w->where, "dev"));
}

int mount_attach(struct rootfs *r, struct mount *m)
{
	struct work w = { .r = r, .m = m, .tree = -1, .target = -1 };
	int ret = path_clean(w.where, sizeof(w.where), m->spec->destination);

	if (ret < 0)
		return ret;
	if (!m->bind && !(m->flags & MOUNT_REMOUNT))
		w.type = str_eq(m->spec->type, "cgroup") ? "cgroup2" :
							   m->spec->type;
	m->late_readonly = late_readonly(&w);
	ret = make(&w);
	fd_close(&w.tree);
	fd_close(&w.target);
	return ret;
}
