/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/mountinfo.h"
#include "kern/need.h"
#include "kern/procfs.h"
#include "kern/sys.h"

/*
 * The only list of mount options. Those of the superblock do nothing to a bind,
 * as with mount(2): its file system belongs to others as well. loud and silent
 * are about the kernel's log, which the mount API does not write to; relatime
 * and noiversion are what is done anyway.
 */
static const struct mount_option options[] = {
	{ "rasync", MOUNT_OPT_SB, 0 },
	{ "ratime", MOUNT_OPT_NOATIME, K_MOUNT_ATTR_NOATIME },
	{ "rbind", MOUNT_OPT_FLAG, MOUNT_BIND },
	{ " copy-symlink", MOUNT_OPT_FLAG, MOUNT_COPY_LINK },
	{ " defaults", MOUNT_OPT_NOTHING, 0 },
	{ " dest-nofollow", MOUNT_OPT_FLAG, MOUNT_DEST_NOFOLLOW },
	{ "rdev", MOUNT_OPT_CLEAR, K_MOUNT_ATTR_NODEV },
	{ "rdiratime", MOUNT_OPT_CLEAR, K_MOUNT_ATTR_NODIRATIME },
	{ "rdirsync", MOUNT_OPT_SB, MS_DIRSYNC },
	{ "rexec", MOUNT_OPT_CLEAR, K_MOUNT_ATTR_NOEXEC },
	{ "ridmap", MOUNT_OPT_IDMAP, 0 },
	{ " iversion", MOUNT_OPT_FLAG, MOUNT_I_VERSION },
	{ " lazytime", MOUNT_OPT_SB, K_MS_LAZYTIME },
	{ " loud", MOUNT_OPT_NOTHING, 0 },
	{ "rmand", MOUNT_OPT_SB, MS_MANDLOCK },
	{ "rnoatime", MOUNT_OPT_ATIME, K_MOUNT_ATTR_NOATIME },
	{ "rnodev", MOUNT_OPT_SET, K_MOUNT_ATTR_NODEV },
	{ "rnodiratime", MOUNT_OPT_SET, K_MOUNT_ATTR_NODIRATIME },
	{ "rnoexec", MOUNT_OPT_SET, K_MOUNT_ATTR_NOEXEC },
	{ " noiversion", MOUNT_OPT_NOTHING, 0 },
	{ " nolazytime", MOUNT_OPT_SB, 0 },
	{ "rnomand", MOUNT_OPT_SB, 0 },
	{ "rnorelatime", MOUNT_OPT_NOATIME, K_MOUNT_ATTR_RELATIME },
	{ "rnostrictatime", MOUNT_OPT_NOATIME, K_MOUNT_ATTR_STRICTATIME },
	{ "rnosuid", MOUNT_OPT_SET, K_MOUNT_ATTR_NOSUID },
	{ "rnosymfollow", MOUNT_OPT_SET, K_MOUNT_ATTR_NOSYMFOLLOW },
	{ "rprivate", MOUNT_OPT_PROPAGATE, MS_PRIVATE },
	{ "rrelatime", MOUNT_OPT_ATIME, K_MOUNT_ATTR_RELATIME },
	{ " remount", MOUNT_OPT_FLAG, MOUNT_REMOUNT },
	{ "rro", MOUNT_OPT_SET, K_MOUNT_ATTR_RDONLY },
	{ "rrw", MOUNT_OPT_CLEAR, K_MOUNT_ATTR_RDONLY },
	{ "rshared", MOUNT_OPT_PROPAGATE, MS_SHARED },
	{ " silent", MOUNT_OPT_NOTHING, 0 },
	{ "rslave", MOUNT_OPT_PROPAGATE, MS_SLAVE },
	{ " src-nofollow", MOUNT_OPT_FLAG, MOUNT_SRC_NOFOLLOW },
	{ "rstrictatime", MOUNT_OPT_ATIME, K_MOUNT_ATTR_STRICTATIME },
	{ "rsuid", MOUNT_OPT_CLEAR, K_MOUNT_ATTR_NOSUID },
	{ "rsymfollow", MOUNT_OPT_CLEAR, K_MOUNT_ATTR_NOSYMFOLLOW },
	{ "rsync", MOUNT_OPT_SB, MS_SYNCHRONOUS },
	{ " tmpcopyup", MOUNT_OPT_FLAG, MOUNT_COPY_UP },
	{ "runbindable", MOUNT_OPT_PROPAGATE, MS_UNBINDABLE },
};
enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static const struct mount_option data = { "", MOUNT_OPT_DATA, 0 };

const struct mount_option *mount_find_option(const char *word, bool *all)
{
	*all = false;
	for (size_t i = 0; i < OPTIONS; i++) {
		/* Most rows differ in the first letter. */
		if (options[i].name[1] == *word &&
		    str_eq(options[i].name + 1, word))
			return &options[i];
		if (*word == 'r' && str_eq(options[i].name, word)) {
			*all = true;
			return &options[i];
		}
	}
	return &data;
}

const char *mount_option_name(size_t i)
{
	for (size_t row = 0; row < OPTIONS; row++) {
		if (i-- == 0)
			return options[row].name + 1;
		if (options[row].name[0] == 'r' && i-- == 0)
			return options[row].name;
	}
	return NULL;
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

static void apply(struct mount *m, const char *word)
{
	bool all;
	const struct mount_option *o = mount_find_option(word, &all);
	struct attrs *a = all ? &m->all : &m->attrs;

	switch (o->kind) {
	case MOUNT_OPT_DATA:
		m->data = *word ? word : m->data;
		break;
	case MOUNT_OPT_SET:
		change(a, o->bits, o->bits);
		break;
	case MOUNT_OPT_CLEAR:
		change(a, o->bits, 0);
		break;
	case MOUNT_OPT_ATIME:
		change(a, K_MOUNT_ATTR__ATIME, o->bits);
		break;
	case MOUNT_OPT_NOATIME:
		change_atime(a, o->bits);
		break;
	case MOUNT_OPT_FLAG:
		m->flags |= o->bits | (all ? MOUNT_REC : 0);
		break;
	case MOUNT_OPT_IDMAP:
		m->idmap = true;
		m->idmap_all = all;
	}
}

static int check(const struct mount *m)
{
	const struct spec_mount *s = m->spec;

	if (!s->destination || !s->destination[0])
		return err_say(EINVAL, "a mount needs a destination");
	if (m->idmap && (!m->bind || m->flags & MOUNT_REMOUNT))
		return err_say(EINVAL, "only a bind mount can be id-mapped");
	if (m->bind && m->data)
		return err_say(EINVAL, "\"%s\" is not an option of bind mounts",
			       m->data);
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
	*m = (struct mount){ .spec = s, .tree = -1 };
	for (size_t i = 0; i < s->options.n; i++)
		apply(m, s->options.v[i]);
	m->bind = m->flags & MOUNT_BIND;
	m->idmap |= s->uid_mappings.n != 0;
	return check(m);
}

static int look_for_type(const struct mountinfo *m, void *arg)
{
	struct mountinfo *wanted = arg;

	if (m->id != wanted->id)
		return 0;
	memcpy(wanted->type, m->type, sizeof(m->type));
	return 1;
}

/* The file system of a path, for people. */
static const char *type_of(const char *path, struct mountinfo *m)
{
	autofd fd = open(path, O_PATH | O_CLOEXEC), proc = procfs_open_host();

	m->id = fd < 0 ? -1 : mountinfo_id(fd);
	memcpy(m->type, "it", sizeof("it"));
	if (proc >= 0)
		mountinfo_each(proc, look_for_type, m);
	return m->type;
}

int mount_map_ids(struct mount *m, int userns)
{
	struct mountinfo found;
	int ret = sys_mount_idmap(m->tree, m->idmap_all ? K_AT_RECURSIVE : 0,
				  userns);

	if (ret == 0)
		return 0;
	err_sys(ret, "map the ids of %s (%s), to be mounted at %s",
		m->spec->source, type_of(m->spec->source, &found),
		m->spec->destination);
	return err_hint(ret == -EPERM ? NEED_ID_MAPPED_RIGHT : NEED_ID_MAPPED);
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
	if (ret == -EINVAL && !(m->flags & MOUNT_REC))
		return err_hint(NEED_RBIND);
	return ret == -ENOSYS ? err_hint(NEED_NEW_MOUNT_API) : ret;
}
