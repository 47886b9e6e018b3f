/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/mask.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/mountinfo.h"
#include "kern/need.h"
#include "kern/newfs.h"
#include "kern/path.h"
#include "kern/rootfs.h"
#include "kern/sys.h"

int mask_open(struct rootfs *r)
{
	struct stat st;

	if (!r->spec->linux_.masked_paths.n)
		return 0;
	r->null = sys_open_tree(AT_FDCWD, "/dev/null", K_OPEN_TREE_CLONE);
	if (r->null < 0) {
		err_sys(r->null, "open /dev/null of the host");
		return r->null == -ENOENT ? err_hint(NEED_MASKS) : r->null;
	}
	if (fstat(r->null, &st) < 0)
		return err_sys(errno, "look at /dev/null of the host");
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
		return err_say(ENODEV,
			       "/dev/null of the host is not the null device");
	return 0;
}

int mask_new_empty(void)
{
	return newfs_make("tmpfs", "nr_blocks=1,nr_inodes=1,mode=555",
			  K_MOUNT_ATTR_RDONLY | K_MOUNT_ATTR_NOSUID |
				  K_MOUNT_ATTR_NODEV | K_MOUNT_ATTR_NOEXEC,
			  "(an empty directory)");
}

/*
 * Puts mask over the target. Detached mounts cannot be copied before Linux
 * 6.15, so the first target gets the thing itself, the others get copies of it
 * where it is now.
 */
static int cover(int mask, bool *used, int target)
{
	autofd copy = -1;

	if (!*used) {
		*used = true;
		return sys_move_mount(mask, target);
	}
	copy = sys_open_tree(mask, "", K_OPEN_TREE_CLONE);
	return copy < 0 ? copy : sys_move_mount(copy, target);
}

struct masks {
	struct rootfs *r;
	bool used_null, used_empty;
};

static int mask(struct masks *m, const char *path)
{
	struct rootfs *r = m->r;
	autofd target = path_open(r->root, path, O_PATH, 0);
	struct stat st;
	int ret;

	if (target == -ENOENT)
		return 0;
	if (target < 0)
		return err_sys(target, "mask %s", path);
	if (fstat(target, &st) < 0)
		return err_sys(errno, "mask %s", path);
	if (S_ISDIR(st.st_mode) && r->empty < 0) {
		r->empty = mask_new_empty();
		if (r->empty < 0)
			return r->empty;
	}
	ret = S_ISDIR(st.st_mode) ? cover(r->empty, &m->used_empty, target) :
				    cover(r->null, &m->used_null, target);
	return ret < 0 ? err_sys(ret, "mask %s", path) : 0;
}

static int make_readonly(struct rootfs *r, const char *path)
{
	static const struct attrs ro = { .set = K_MOUNT_ATTR_RDONLY };
	autofd target = path_open(r->root, path, O_PATH, 0);
	autofd tree = -1;
	int late, ret;

	if (target == -ENOENT)
		return 0;
	if (target < 0)
		return err_sys(target, "make %s read-only", path);
	ret = tree =
		sys_open_tree(target, "", K_OPEN_TREE_CLONE | K_AT_RECURSIVE);
	late = ret < 0 ? ret : attr_set_all(r, tree, &ro, false);
	if (ret >= 0 && (late == 0 || late == -ENOSYS))
		ret = sys_move_mount(tree, target);
	else
		ret = late;
	if (ret >= 0 && late < 0)
		ret = attr_set_all(r, tree, &ro, true);
	return ret < 0 ? err_sys(ret, "make %s read-only", path) : 0;
}

/* What is mounted on the root is no mask: whoever has the root as his own only
 * comes there by its "..". */
static int check_root(const struct rootfs *r)
{
	if (chdir("/..") == 0 &&
	    mountinfo_id(AT_FDCWD) == mountinfo_id(r->root))
		return 0;
	return err_say(EINVAL, "linux.maskedPaths and readonlyPaths cannot be "
			       "\"/\": use root.readonly");
}

int mask_apply(struct rootfs *r)
{
	const struct spec_strs *ro = &r->spec->linux_.readonly_paths;
	const struct spec_strs *hidden = &r->spec->linux_.masked_paths;
	struct masks m = { .r = r };
	int ret = 0;

	for (size_t i = 0; i < ro->n && ret == 0; i++)
		ret = make_readonly(r, ro->v[i]);
	for (size_t i = 0; i < hidden->n && ret == 0; i++)
		ret = mask(&m, hidden->v[i]);
	if (ret == 0 && (ro->n || hidden->n))
		ret = check_root(r);
	fd_close(&r->null);
	fd_close(&r->empty);
	return ret;
}
