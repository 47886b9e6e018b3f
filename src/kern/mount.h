/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One entry of `mounts`, made with the mount API of Linux 5.2 on descriptors:
 * built detached, with its final flags, and attached once, to a target that was
 * opened inside the container's root.
 *
 * Parent: mount_parse(), mount_open_source(). Child, in the container's mount
 * namespace: mount_make(), mount_attach().
 */
#ifndef KERN_MOUNT_H
#define KERN_MOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oci/spec.h"

struct mount {
	const struct spec_mount *spec;
	bool bind, recursive; /* bind, rbind */
	bool copy_up;         /* tmpcopyup */
	/* K_MOUNT_ATTR_*: of the mount itself, and of all below it */
	uint64_t set, clear, rec_set, rec_clear;
	unsigned long sb_flags; /* MS_* of the file system: sync, dirsync... */
	unsigned long propagation[4]; /* MS_*, in the order given, 0 ends */
	const char *data; /* the other options, comma-joined; NULL: none */
	int tree; /* the source of a bind, detached; owned; -1: none */
	bool source_is_dir;
};

/*
 * The table of mount options is the only list of them: mount_parse() reads
 * with it and `features` prints it.
 */
const char *mount_option_name(size_t i); /* NULL after the last */

/* Reads the words of one entry. Returns 0 or -EINVAL ("...": what is wrong,
 * without the JSON path, which the caller knows). */
int mount_parse(struct mount *m, const struct spec_mount *s);

#endif
