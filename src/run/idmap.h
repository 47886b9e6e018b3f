/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Id-mapped mounts: binds whose files have other owners in the container. The
 * kernel takes the map from a user namespace and needs no more of that, so one
 * that is nobody's is made where the config has a map of its own.
 */
#ifndef RUN_IDMAP_H
#define RUN_IDMAP_H

#include "run/plan.h"

/* Opens the source of each such mount, and maps it; before rootfs_open(). The
 * right to do so is the parent's. */
int idmap_open(struct plan *p);

#endif
