/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device nodes and links of a container: the runtime-spec's default devices
 * and linux.devices. All are made with mknodat(2) in directories opened below
 * the root without following any link (CVE-2026-41579, CVE-2026-47766).
 */
#ifndef KERN_DEV_H
#define KERN_DEV_H

struct rootfs;

/* The child's part; rootfs_devices() is its caller. */
int dev_make_all(struct rootfs *r);

#endif
