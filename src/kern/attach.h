/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes one entry of `mounts` with the mount API of Linux 5.2 on descriptors:
 * built detached, with its final flags, and attached once, to a target that was
 * opened (and made, if missing) inside the container's root.
 */
#ifndef KERN_ATTACH_H
#define KERN_ATTACH_H

#include "kern/mount.h"

struct rootfs;

/* In the child, in the container's mount namespace, after rootfs_attach().
 * Changes the working directory. */
int attach_mount(struct rootfs *r, struct mount *m);

#endif
