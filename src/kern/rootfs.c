/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/attach.h"
#include "kern/caps.h"
#include "kern/dev.h"
#include "kern/mask.h"
#include "kern/mountinfo.h"
#include "kern/need.h"
#include "kern/newfs.h"
#include "kern/path.h"
#include "kern/sys.h"
#include "kern/userns.h"

static const struct {
	char name[12];
	unsigned int flags;
} propagations[] = {
	{ "private", MS_PRIVATE },
	{ "rprivate", MS_PRIVATE | MS_REC },
	{ "rshared", MS_SHARED | MS_REC },
	{ "rslave", MS_SLAVE | MS_REC },
	{ "runbindable", MS_UNBINDABLE | MS_REC },
	{ "shared", MS_SHARED },
	{ "slave", MS_SLAVE },
	{ "unbindable", MS_UNBINDABLE },
};

static int read_propagation(struct rootfs *r)
{
	const char *name = r->spec->linux_.rootfs_propagation;

	r->propagation = 0;
	if (!name || !name[0])
		return 0;
	for (size_t i = 0; i < sizeof(propagations) / sizeof(propagations[0]);
	     i++)
		if (str_eq(propagations[i].name, name))
			r->propagation = propagations[i].flags;
	if (!r->propagation)
		return err_say(EINVAL, "rootfsPropagation=%s is not supported",
			       name);
	if (r->no_pivot && r->propagation & MS_PRIVATE)
		return err_say(EINVAL, "rootfsPropagation of [r]private is "
				       "not safe without pivot_root");
	return 0;
}

static bool has_mounts(const struct rootfs *r)
{
	return r->spec->linux_.ns[NS_MOUNT].wanted;
}

static bool joins_mount_ns(const struct rootfs *r)
{
	return !r->new_mount_ns && has_mounts(r);
}

static int clone_root(const struct rootfs *r)
{
	return sys_open_tree(AT_FDCWD, r->root_path,
			     K_OPEN_TREE_CLONE | K_AT_RECURSIVE);
}

static int open_root(struct rootfs *r)
{
	if (r->new_mount_ns) {
		r->root = clone_root(r);
		/* Root of a user namespace that has no mounts of its own, as
		 * unshare -r makes it. */
		if (r->root == -EPERM && !r->user_ns &&
		    unshare(CLONE_NEWNS) == 0)
			r->root = clone_root(r);
		if (r->root == -ENOSYS) {
			err_sys(ENOSYS, "open_tree");
			return err_hint(NEED_NEW_MOUNT_API);
		}
	} else if (!joins_mount_ns(r)) {
		r->root = open(r->root_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		r->root = r->root < 0 ? -errno : r->root;
	} else {
		return 0; /* the child will see another one */
	}
	if (r->root >= 0)
		return 0;
	err_sys(r->root, "root.path %s", r->root_path);
	if (r->root != -EPERM || r->user_ns)
		return r->root;
	return err_hint(caps_have("CAP_SYS_ADMIN") ? NEED_SECCOMP_HERE :
						     NEED_ROOT);
}

static int check_root(const struct rootfs *r)
{
	struct stat st;

	if (r->root < 0)
		return 0;
	if (fstat(r->root, &st) < 0)
		return err_sys(errno, "root.path %s", r->root_path);
	return S_ISDIR(st.st_mode) ?
		       0 :
		       err_sys(ENOTDIR, "root.path %s", r->root_path);
}

/*
 * The child sees a copy of our mounts and opens the source of each bind when
 * it needs it: then a thousand of them need no more descriptors than one, and
 * all are slaves of the host's mounts like the namespace. There are three cases
 * where that would be too late: in a joined namespace, which has other mounts;
 * in a user namespace, whose root may not go where the host's may; and where
 * rootfsPropagation is shared, so that they have to remain peers of the host's.
 */
static int open_sources(struct rootfs *r)
{
	bool apart = joins_mount_ns(r) || r->user_ns;
	int ret = 0;

	if (!apart && !(r->propagation & MS_SHARED))
		return 0;
	for (size_t i = 0; i < r->spec->mounts.n && ret == 0; i++) {
		r->mounts[i].make_slave = apart;
		if (!r->mounts[i].bind || r->mounts[i].tree >= 0 ||
		    r->mounts[i].flags & MOUNT_REMOUNT)
			continue;
		ret = mount_open_source(&r->mounts[i], r->bundle);
	}
	return ret;
}

/* Then it is the host's, or somebody else made it. */
static bool binds_dev(const struct rootfs *r)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < r->spec->mounts.n; i++)
		if (r->mounts[i].bind &&
		    path_clean(path, sizeof(path),
			       r->spec->mounts.v[i].destination) == 0 &&
		    str_eq(path, "dev"))
			return true;
	return false;
}

static int open_all(struct rootfs *r)
{
	int ret = open_root(r);

	if (ret == 0)
		ret = check_root(r);
	if (ret == 0)
		ret = open_sources(r);
	return ret == 0 ? mask_open(r) : ret;
}

int rootfs_open(struct rootfs *r)
{
	int ret = read_propagation(r);

	r->root = r->proc = r->null = r->empty = -1;
	r->no_devices = binds_dev(r);
	if (ret == 0)
		ret = open_all(r);
	if (ret == -EPERM && r->root == -EPERM && r->user_ns) {
		r->deferred = true;
		return 0;
	}
	if (ret < 0)
		rootfs_close(r);
	return ret < 0 ? ret : 0;
}

void rootfs_close(struct rootfs *r)
{
	fd_close(&r->root);
	fd_close(&r->proc);
	fd_close(&r->null);
	fd_close(&r->empty);
	for (size_t i = 0; i < r->spec->mounts.n; i++)
		fd_close(&r->mounts[i].tree);
}

/*
 * A copy of the /proc that there is, in which nobody mounts anything later, and
 * out of whose file system no path leads (kern/procfs.h). In a container that
 * runs it is a container's: not what was mounted there in its place.
 */
static int copy_proc(void)
{
	autofd fd = sys_open_tree(AT_FDCWD, "/proc",
				  K_OPEN_TREE_CLONE | K_AT_RECURSIVE);
	struct statfs fs;
	struct stat st;

	if (fd < 0 || fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0 ||
	    fs.f_type != K_PROC_SUPER_MAGIC || st.st_ino != 1)
		return -EPERM;
	return fd_take(&fd);
}

int rootfs_proc(struct rootfs *r)
{
	if (r->proc < 0)
		r->proc = newfs_make("proc", "",
				     K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NODEV |
					     K_MOUNT_ATTR_NOEXEC,
				     "proc");
	/* In a user namespace it takes a pid namespace, too. */
	if (r->proc == -EPERM && r->user_ns)
		r->proc = copy_proc();
	return r->proc;
}

/* The container's root comes to lie on the host's, with an empty directory in
 * between. */
static int cover_host(struct rootfs *r, int host)
{
	autofd empty = mask_new_empty();
	int ret;

	if (empty < 0)
		return empty;
	ret = sys_move_mount(empty, host);
	if (ret >= 0)
		ret = sys_move_mount(r->root, host);
	r->covers = ret >= 0;
	return ret < 0 ? err_sys(ret, "cover the host's root") : 0;
}

/*
 * What we mount must not appear on the host, and by default (rslave) what the
 * host mounts may appear in the container. In the shared case the sources of
 * binds are open already, so nothing else has to remain a peer.
 *
 * The root is attached where it is on the host: there hooks look for it, in the
 * container's namespace, before pivot_root(2). In a user namespace there may be
 * no way there.
 */
static int attach_to(struct rootfs *r)
{
	autofd dir = fd_open(AT_FDCWD, r->root_path, O_PATH | O_DIRECTORY, 0);
	int ret;

	if (dir == -EACCES && r->user_ns) {
		dir = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
		return dir < 0 ? dir : cover_host(r, dir);
	}
	if (dir < 0)
		return dir;
	ret = sys_move_mount(r->root, dir);
	return ret < 0 ? err_sys(ret, "attach the root %s", r->root_path) : 0;
}

static int attach_new(struct rootfs *r)
{
	unsigned long cut = r->propagation & (MS_PRIVATE | MS_UNBINDABLE) ?
				    MS_PRIVATE :
				    MS_SLAVE;
	int ret;

	if (mount(NULL, "/", NULL, MS_REC | cut, NULL) < 0) {
		ret = err_sys(errno, "cut off the host's mounts");
		if (r->user_ns)
			userns_explain();
		return ret == -EINVAL ? err_hint(NEED_CHROOT) : ret;
	}
	ret = attach_to(r);
	if (ret < 0)
		return ret;
	/* Shared means a group of its own, not the host's; and what the host
	 * mounts below the root later is not meant for the container, unless it
	 * says so. */
	ret = attr_propagate(r, r->root,
			     MS_REC | (r->propagation & MS_SLAVE ? MS_SLAVE :
								   MS_PRIVATE));
	return ret < 0 ? err_sys(ret, "attach the root %s", r->root_path) : 0;
}

struct mount_of {
	int id;
	bool shared;
};

static int look_at_mount(const struct mountinfo *m, void *arg)
{
	struct mount_of *of = arg;

	if (m->id == of->id)
		of->shared = m->shared;
	return m->id == of->id;
}

/*
 * In a joined namespace the mounts stand on a private copy of the root, on top
 * of it: they neither mix with the others' nor spread from there. They stay
 * until the namespace ends, or until somebody unmounts the copy.
 */
static int attach_joined(struct rootfs *r)
{
	autofd dir = fd_open(AT_FDCWD, r->root_path, O_PATH | O_DIRECTORY, 0);
	struct mount_of of = { .shared = true };
	int ret;

	if (dir < 0)
		return dir;
	ret = rootfs_proc(r);
	if (ret >= 0)
		ret = of.id = mountinfo_id(dir);
	if (ret >= 0)
		ret = mountinfo_each(r->proc, look_at_mount, &of);
	if (ret < 0)
		return ret;
	if (of.shared)
		return err_say(EINVAL,
			       "%s is in a shared mount of the joined mount "
			       "namespace: the container's mounts would spread",
			       r->root_path);
	r->root = sys_open_tree(dir, "", K_OPEN_TREE_CLONE | K_AT_RECURSIVE);
	ret = r->root < 0 ? r->root : sys_move_mount(r->root, dir);
	if (ret >= 0)
		ret = attr_propagate(r, r->root, MS_REC | MS_PRIVATE);
	return ret < 0 ? err_sys(ret, "attach the root %s", r->root_path) : 0;
}

static int close_root(struct rootfs *r)
{
	static const struct attrs ro = { .set = K_MOUNT_ATTR_RDONLY };
	int ret = attr_set(r, r->root, &ro, true);

	return ret < 0 ? err_sys(ret, "make the root read-only") : 0;
}

/* Puts what is locked in the place of tree if it shows the same. Where there is
 * no way for us to get there, or something is hidden there, tree stays. */
static int take_locked(int tree, int locked)
{
	autofd own = locked;
	struct stat a, b;

	if (own == -EACCES || own == -ENOENT || own == -EINVAL)
		return 0;
	if (own < 0)
		return own;
	if (fstat(own, &a) < 0 || fstat(tree, &b) < 0)
		return -errno;
	if (a.st_dev != b.st_dev || a.st_ino != b.st_ino)
		return 0;
	return dup3(own, tree, O_CLOEXEC) < 0 ? -errno : 0;
}

/*
 * What the host says of its mounts (read-only, nosuid, what lies over what),
 * the kernel has locked in a user namespace's copy of them, and does not in
 * trees from outside. So where we get to the same by ourselves, which we are
 * still the host's root for, our own is taken. (user_namespaces(7),
 * mount_namespaces(7): more privileged mounts.)
 */
static int lock_host(struct rootfs *r)
{
	struct mount own;
	int ret = take_locked(r->root, clone_root(r));

	if (ret < 0)
		return err_sys(ret, "root.path %s", r->root_path);
	for (size_t i = 0; i < r->spec->mounts.n; i++) {
		own = r->mounts[i];
		if (own.tree < 0 || own.idmap)
			continue;
		own.tree = -1;
		mount_open_source(&own, r->bundle);
		ret = take_locked(r->mounts[i].tree, own.tree);
		if (ret < 0)
			return err_sys(ret, "open %s, to be mounted at %s",
				       own.spec->source, own.spec->destination);
	}
	return 0;
}

int rootfs_attach(struct rootfs *r)
{
	int ret = 0;

	if (r->deferred)
		ret = open_all(r);
	else if (r->user_ns && r->new_mount_ns)
		ret = lock_host(r);
	if (ret < 0)
		return ret;
	/* Modes are meant as they are given; the process gets its own. */
	umask(0);
	if (r->new_mount_ns)
		ret = attach_new(r);
	else if (joins_mount_ns(r))
		ret = attach_joined(r);
	return ret == 0 && r->spec->root.untouched ? close_root(r) : ret;
}

/* Of any network: a network file system may be under a type we do not know. */
static bool ignores_network(const struct mount *m)
{
	static const char types[][8] = { "proc", "tmpfs", "devpts", "mqueue" };

	if (m->bind)
		return true;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (m->spec->type && str_eq(m->spec->type, types[i]))
			return true;
	return false;
}

int rootfs_mount(struct rootfs *r, bool all)
{
	struct mount *m;
	int ret;

	for (; r->at < r->spec->mounts.n; r->at++) {
		m = &r->mounts[r->at];
		if (!all && !ignores_network(m))
			return 0;
		ret = attach_mount(r, m);
		if (ret < 0)
			return ret;
	}
	ret = all && r->needs_proc ? rootfs_proc(r) : 0;
	return ret < 0 ? ret : 0;
}

/* For a mount that comes to lie on "/" or in /dev, and if there are other
 * devices than the default ones, which can be anywhere, for all of them. A link
 * in the image may still lead one to /dev: it lies on what we make there then. */
static bool awaits_mounts(const struct rootfs *r)
{
	const struct spec *s = r->spec;
	char clean[PATH_MAX];

	for (size_t i = r->at; i < s->mounts.n; i++)
		if (s->linux_.devices.n ||
		    path_clean(clean, sizeof(clean),
			       s->mounts.v[i].destination) < 0 ||
		    !*clean || str_starts(clean, "dev"))
			return true;
	return false;
}

/* Without a namespace of mounts, /dev is the host's or the image's own. */
int rootfs_devices(struct rootfs *r)
{
	int ret;

	if (r->no_devices || !has_mounts(r) || r->devices_made ||
	    awaits_mounts(r))
		return 0;
	r->devices_made = true;
	ret = dev_make_all(r);
	return ret == -EROFS ? err_hint(NEED_MOUNT_POINT) : ret;
}

struct host {
	int id; /* of the mount of "/" */
	int unmounted;
	bool user_ns;
};

/* Everything hangs from the mount of "/" but what is on "/" itself: the
 * container's root and what covers the host's. */
static int unmount_one(const struct mountinfo *m, void *arg)
{
	struct host *h = arg;
	int num;

	if (m->parent != h->id || str_eq(m->path, "/"))
		return 0;
	if (umount2(m->path + 1, UMOUNT_NOFOLLOW | MNT_DETACH) == 0) {
		h->unmounted++;
		return 0;
	}
	num = errno;
	/* Ours or the container's: in either nothing is unmounted by itself. */
	if (num == EINVAL && (h->user_ns || userns_inside()))
		return 0;
	return err_sys(num, "unmount the host's %s", m->path);
}

static int unmount_host(struct rootfs *r, int slash)
{
	struct host h = { .id = mountinfo_id(slash), .user_ns = r->user_ns };
	int ret;

	if (h.id < 0)
		return h.id;
	if (fchdir(slash) < 0)
		return err_sys(errno, "enter the host's root");
	do { /* again, for there may be several at one place */
		h.unmounted = 0;
		ret = mountinfo_each(r->proc, unmount_one, &h);
	} while (ret == 0 && h.unmounted);
	return ret;
}

/*
 * Where pivot_root(2) is not possible (EINVAL: the root of an initramfs has no
 * mount below it before Linux 7.0) or not wanted (--no-pivot), the container's
 * root lies on top of the host's, which stays in the namespace. What of it could
 * a container reach?
 *
 * - chroot(2) and ".." (CAP_SYS_CHROOT): nothing. The walk up from the root of
 *   a mount on "/" ends at what is topmost on "/", the container's root again.
 * - The host's other mounts, /proc, /sys, /dev, data: they are unmounted here,
 *   runc only does that to procfs and sysfs. Nothing that the host mounts later
 *   arrives: its root is made private.
 * - Only with CAP_SYS_ADMIN and CAP_SYS_CHROOT: unmount the own root and enter
 *   the own mount namespace again with setns(2), which starts at the topmost
 *   mount on "/". That is an empty read-only tmpfs, so that an accidental
 *   `umount -l /` shows nothing to anybody; who repeats it arrives at the host's
 *   root, read-only and without devices and set-user-id until he changes that.
 *   It cannot be removed: the kernel locks it. A process with these
 *   capabilities can do worse where no seccomp filter or LSM keeps it from
 *   mount(2): with them it is not contained on any host.
 *
 * In a user namespace the kernel holds the host's other mounts in their places,
 * covered: who gets there as above finds them as the host's nobody does.
 */
static int enter_stacked(struct rootfs *r)
{
	static const struct attrs harmless = {
		.set = K_MOUNT_ATTR_RDONLY | K_MOUNT_ATTR_NOSUID |
		       K_MOUNT_ATTR_NODEV | K_MOUNT_ATTR_NOEXEC,
	};
	autofd host = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	int ret = host < 0 ? host : rootfs_proc(r);

	if (ret < 0)
		return ret;
	ret = attr_propagate(r, host, MS_PRIVATE);
	if (ret >= 0)
		ret = attr_set(r, host, &harmless, true);
	if (ret < 0)
		return err_sys(ret, "close the host's root");
	ret = r->covers ? 0 : cover_host(r, host);
	if (ret >= 0)
		ret = unmount_host(r, host);
	if (ret < 0)
		return ret;
	return fchdir(r->root) < 0 || chroot(".") < 0 ?
		       err_sys(errno, "chroot") :
		       0;
}

static int enter_pivot(struct rootfs *r)
{
	int ret;

	if (fchdir(r->root) < 0)
		return err_sys(errno, "enter the root");
	/* The old root comes to lie on the new one, at "." (pivot_root(2)). */
	ret = sys_pivot_root();
	if (ret == -EINVAL)
		return enter_stacked(r);
	if (ret < 0)
		return err_sys(ret, "pivot_root");
	/* What covers it is on top. */
	if ((r->covers && umount2(".", MNT_DETACH) < 0) ||
	    umount2(".", MNT_DETACH) < 0)
		return err_sys(errno, "unmount the host's root");
	return 0;
}

/*
 * Is the container's root the root of the namespace? It is not if runt itself
 * was in a chroot: then the host's lies around it, and a container with
 * CAP_SYS_CHROOT would find it. Entering the own namespace goes where it
 * begins (Linux 5.8 takes a pidfd).
 */
static int check_entered(const struct rootfs *r)
{
	autofd self = sys_pidfd_open(getpid());
	struct stat root, now;

	if (self < 0 || setns(self, CLONE_NEWNS) < 0) {
		/* The container can't have it either, then. */
		if (self >= 0 && errno == EPERM && !r->user_ns &&
		    !caps_have("CAP_SYS_CHROOT"))
			return 0;
		return err_sys(self < 0 ? self : errno, "look around");
	}
	if (fstat(r->root, &root) < 0 || stat("/", &now) < 0)
		return err_sys(errno, "look at the root");
	if (root.st_dev == now.st_dev && root.st_ino == now.st_ino)
		return 0;
	err_say(EPERM, "the host's root is still around the container's");
	return err_hint(NEED_CHROOT);
}

int rootfs_enter(struct rootfs *r)
{
	int ret;

	if (!r->new_mount_ns) {
		if (fchdir(r->root) < 0 || chroot(".") < 0)
			return err_sys(errno, "chroot to %s", r->root_path);
		return 0;
	}
	ret = r->no_pivot ? enter_stacked(r) : enter_pivot(r);
	return ret < 0 ? ret : check_entered(r);
}

static int make_readonly(struct rootfs *r)
{
	static const struct attrs ro = { .set = K_MOUNT_ATTR_RDONLY };
	int ret = 0;

	for (size_t i = 0; i < r->spec->mounts.n && ret == 0; i++) {
		if (r->mounts[i].late_readonly)
			ret = attr_set(r, r->mounts[i].tree, &ro, true);
		if (ret < 0)
			return err_sys(ret, "make %s read-only",
				       r->spec->mounts.v[i].destination);
		fd_close(&r->mounts[i].tree);
	}
	return r->spec->root.readonly ? close_root(r) : 0;
}

int rootfs_finish(struct rootfs *r)
{
	int ret = mask_apply(r);

	if (ret == 0 && has_mounts(r))
		ret = make_readonly(r);
	if (ret == 0 && r->propagation && r->new_mount_ns) {
		ret = attr_propagate(r, r->root, r->propagation);
		if (ret < 0)
			err_sys(ret, "rootfsPropagation");
	}
	if (chdir("/") < 0)
		return err_sys(errno, "chdir /");
	return ret < 0 ? ret : 0;
}
