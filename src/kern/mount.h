/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One entry of `mounts`, made with the mount API of Linux 5.2 on descriptors:
 * built detached, with its final flags, and attached once, to a target that was
 * opened inside the container's root.
 *
 * mount_parse() in the parent; mount_attach() in the child, in the container's
 * mount namespace. mount_open_source() in the parent where the child could not
 * (see rootfs_open()), else just before it is attached.
 */
#ifndef KERN_MOUNT_H
#define KERN_MOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/attr.h"
#include "oci/spec.h"

struct rootfs;

enum mount_flags {
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
	const char *data; /* the last option for the file system, or NULL */
	int tree; /* owned, -1: none; the source of a bind, detached; then the
		   * mount itself, if it becomes read-only at the end */
	bool make_slave; /* the source is still a peer of the host's mount */
	bool late_readonly;
};

/*
 * The table of mount options is the only list of them: mount_parse() reads
 * with it and `features` prints it.
 */
const char *mount_option_name(size_t i); /* NULL after the last */

/* Reads the words of one entry. Returns 0 or -EINVAL ("...": what is wrong,
 * without the JSON path, which the caller knows). */
int mount_parse(struct mount *m, const struct spec_mount *s);

/* Opens the source of a bind. bundle: where relative ones are. */
int mount_open_source(struct mount *m, const char *bundle);

/* Makes one entry of r's mounts. Changes the working directory. */
int mount_attach(struct rootfs *r, struct mount *m);

#endif
