/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the process is: groups, gid, uid and umask of `process.user`.
 */
#ifndef KERN_IDS_H
#define KERN_IDS_H

#include <stdbool.h>

#include "oci/spec.h"

/*
 * Sets umask (0022 where the config has none), additional groups, then gid and
 * uid, real, effective, saved and of the file system, and reads them back.
 * keep_groups leaves the groups alone, for a user namespace that denies
 * setgroups(2); a config that names groups is an error then.
 *
 * Keeps the permitted capabilities (the effective ones are gone: caps_apply()
 * sets them) and stays non-dumpable. Clears PR_SET_PDEATHSIG when the ids
 * change, as the kernel does: set it again where it is still needed.
 */
int ids_set(const struct spec_user *user, bool keep_groups);

#endif
