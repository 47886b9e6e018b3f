/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One entry of `mounts`: its words, its source. kern/attach.h makes it.
 *
 * mount_parse() in the parent. mount_open_source() in the parent where the
 * child could not (see rootfs_open()), else in the child just before it is
 * attached.
 */
#ifndef KERN_MOUNT_H
#define KERN_MOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/attr.h"
#include "oci/spec.h"

enum mount_option_kind {
	MOUNT_OPT_DATA,      /* none of the table's words: the file system's */
	MOUNT_OPT_SET,       /* bits: K_MOUNT_ATTR_* */
	MOUNT_OPT_CLEAR,     /* the same */
	MOUNT_OPT_ATIME,     /* bits: one value of K_MOUNT_ATTR__ATIME */
	MOUNT_OPT_NOATIME,   /* the kernel's default, if it is this value */
	MOUNT_OPT_SB,        /* of the superblock; bits: MS_* or 0 */
	MOUNT_OPT_PROPAGATE, /* bits: MS_* */
	MOUNT_OPT_FLAG,      /* bits: enum mount_flag */
	MOUNT_OPT_NOTHING,   /* the default, or without meaning */
	MOUNT_OPT_IDMAP,
};

struct mount_option {
	/* The recursive variant begins with "r", the other one after it; with
	 * " " there is no recursive one. */
	char name[15];
	uint8_t kind;
	uint32_t bits;
};

/* The row of a word, and whether it is the recursive variant. Never NULL. */
const struct mount_option *mount_find_option(const char *word, bool *all);

/* Every option that is honoured, for `features`; NULL after the last. */
const char *mount_option_name(size_t i);

enum mount_flag {
	MOUNT_BIND = 1,
	MOUNT_REC = 2, /* rbind */
	MOUNT_REMOUNT = 4,
	MOUNT_COPY_UP = 8,    /* tmpcopyup */
	MOUNT_COPY_LINK = 16, /* a source that is a link: make the same one */
	MOUNT_SRC_NOFOLLOW = 32,
	MOUNT_DEST_NOFOLLOW = 64,
	MOUNT_I_VERSION = 128,
};

struct mount {
	const struct spec_mount *spec;
	bool bind; /* whatever its type says */
	unsigned int flags;
	struct attrs attrs; /* of the mount itself */
	struct attrs all;   /* then, of it and all below */
	const char *data;   /* the last option for the file system, or NULL */
	int tree; /* owned, -1: none; the source of a bind, detached; then the
		   * mount itself, if it becomes read-only at the end */
	bool idmap, idmap_all; /* files have other owners; also below */
	bool make_slave; /* the source is still a peer of the host's mount */
	bool late_readonly;
};

/* Reads the words of one entry. Returns 0 or -EINVAL ("...": what is wrong,
 * without the JSON path, which the caller knows). */
int mount_parse(struct mount *m, const struct spec_mount *s);

/* Opens the source of a bind. bundle: where relative ones are. */
int mount_open_source(struct mount *m, const char *bundle);

/* Has its owners mapped as in a user namespace. */
int mount_map_ids(struct mount *m, int userns);

#endif
