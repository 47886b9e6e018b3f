/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes and propagation of a mount, by descriptor. mount_setattr(2) came
 * with Linux 5.12; before it there is only mount(2), which wants a path and an
 * attached mount: the path is then "." in the directory itself or, for a file,
 * its name in our own procfs. No path of the container is ever resolved.
 */
#ifndef KERN_ATTR_H
#define KERN_ATTR_H

#include <stdbool.h>
#include <stdint.h>

/* K_MOUNT_ATTR_*: cleared first, then set. What is in neither stays as it
 * is, so flags that a mount inherited are kept unless told otherwise. */
struct attrs {
	uint64_t set, clear;
};

struct rootfs;

/*
 * All of them return -errno; the error record is left to callers, who know the
 * mount's name. They change the working directory where mount_setattr(2) is
 * missing. -ENOSYS: not on a mount that is not attached yet.
 */
int attr_set(struct rootfs *r, int fd, const struct attrs *a, bool attached);

/* The same for all mounts of a tree. */
int attr_set_all(struct rootfs *r, int fd, const struct attrs *a,
		 bool attached);

/* flags: MS_SHARED, MS_SLAVE... with MS_REC. The mount must be attached. */
int attr_propagate(struct rootfs *r, int fd, unsigned long flags);

/* The flags of mount(2) for a new mount with these attributes. */
unsigned long attr_to_ms(uint64_t attrs);

#endif
