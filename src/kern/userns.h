/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ids of a user namespace, user_namespaces(7): what is mapped, and the files
 * of /proc/PID that say so. A namespace's maps are written once, by a process
 * outside; until then nobody in it has an id.
 */
#ifndef KERN_USERNS_H
#define KERN_USERNS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "oci/spec.h"

/* Whether the namespace has this id; *host gets what it is outside, if host is
 * not NULL. */
bool userns_has(const struct spec_id_mappings *m, uint32_t id, uint32_t *host);

/* The id to make files with: 0, or the first there is. */
uint32_t userns_owner(const struct spec_id_mappings *m);

/* Whether the kernel lets anybody write the map: of one id, which is own. */
bool userns_is_own(const struct spec_id_mappings *m, uint32_t own);

/* Writes a map of the namespace that pid is in; file is "uid_map" or "gid_map",
 * proc a procfs (kern/procfs.h). */
int userns_write_map(int proc, pid_t pid, const char *file,
		     const struct spec_id_mappings *m);

/* Gives up setgroups(2) in it: only then may anybody map a gid. */
int userns_deny_groups(int proc, pid_t pid);

/* Reads a map of our own namespace, as the one above it sees it. */
int userns_read_map(int proc, const char *file, struct spec_id_mappings *m);

/* Whether two say the same, in whatever order and pieces. */
bool userns_same_map(const struct spec_id_mappings *a,
		     const struct spec_id_mappings *b);

/* True in any user namespace but the first. */
bool userns_inside(void);

/* Adds the sysctl that forbids it to the record of what failed where a
 * namespace was made, mapped or used. Returns -errno of the record. */
int userns_explain(void);

#endif
