/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the process is: groups, gid, uid and umask of `process.user`.
 */
#ifndef KERN_IDS_H
#define KERN_IDS_H

#include <stdint.h>

#include "oci/spec.h"

/*
 * Sets additional groups, then gid and uid, real, effective, saved and of the
 * file system, and reads them back.
 *
 * Keeps the permitted capabilities (the effective ones are gone: caps_apply()
 * sets them) and stays non-dumpable. Clears PR_SET_PDEATHSIG when the ids
 * change, as the kernel does: set it again where it is still needed.
 */
int ids_set(const struct spec_user *user);

/* Its additional groups alone. In a user namespace that denies setgroups(2)
 * those of before stay; a config that names groups is an error then. */
int ids_set_groups(const struct spec_user *user);

/*
 * In a user namespace: takes the ids that files are to be made with, and no
 * groups, and keeps all capabilities. Stays non-dumpable, clears
 * PR_SET_PDEATHSIG.
 */
int ids_own(uint32_t uid, uint32_t gid);

#endif
