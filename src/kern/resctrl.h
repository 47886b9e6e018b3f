/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.intelRdt: groups of the resctrl file system (Intel RDT, AMD QoS, Arm
 * MPAM), which share out caches and memory bandwidth among processes.
 *
 * As the runtime-spec has it: a container's group is named by closID, else by
 * its id; without a schema, a closID names a group that has to be there. What
 * runt makes for one container alone goes with it: its own group, or its
 * monitoring group in another's.
 *
 * root is a descriptor of the file system's root, group a name below it.
 */
#ifndef KERN_RESCTRL_H
#define KERN_RESCTRL_H

#include <sys/types.h>

#include "oci/spec.h"

/* The mounted file system, or -errno: the record says how to get one. */
int resctrl_open(void);

/* The name of a container's group. -EINVAL if it can't be one. */
int resctrl_name(const char **group, const struct spec_intel_rdt *s,
		 const char *id);

/* What there is to be removed when the container goes, NULL for nothing. In the
 * arena; NULL also if that is full. */
const char *resctrl_own(const struct spec_intel_rdt *s, const char *id);

/* Makes what is missing and writes the schemata. */
int resctrl_make(int root, const struct spec_intel_rdt *s, const char *id);

/* Writes schemata, lines with or without a newline at the end, each may be
 * NULL. */
int resctrl_write(int root, const char *group, const char *l3_cache,
		  const char *mem_bw, const struct spec_strs *lines);

/* Puts a process, which all that come of it follow, into the group. */
int resctrl_join(int root, const struct spec_intel_rdt *s, const char *id,
		 pid_t pid);

/* Removes what resctrl_own() said; what is not there is no error. */
int resctrl_remove(int root, const char *own);

#endif
