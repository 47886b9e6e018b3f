/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.maskedPaths and linux.readonlyPaths. A masked file becomes the host's
 * null device, which was verified when it was opened on the host: what an image
 * calls /dev/null is never looked at (CVE-2025-31133). All masked directories
 * share one empty read-only tmpfs.
 */
#ifndef KERN_MASK_H
#define KERN_MASK_H

struct rootfs;

/* In the parent: takes the null device from the host, if it will be needed. */
int mask_open(struct rootfs *r);

/*
 * In the child, in the container's root: all of them. That is after the
 * createContainer hooks, so that what these mount is masked too. Paths that
 * do not exist are passed over, nothing else is.
 */
int mask_apply(struct rootfs *r);

/* An empty read-only tmpfs, detached. */
int mask_new_empty(void);

#endif
