/* SPDX-License-Identifier: Apache-2.0 */
/*
 * systemd as the one who makes cgroups: transient units of its manager, the
 * system's for root and the user's for everybody else. There is one connection
 * to it, opened by systemd_open(), which the other functions need, and which
 * nobody shall inherit or keep: systemd_close().
 *
 * Errors that systemd answers are passed on with their names, -EREMOTEIO.
 */
#ifndef KERN_SYSTEMD_H
#define KERN_SYSTEMD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "kern/cgset.h"
#include "oci/spec.h"

/* The unit of a container. Strings are borrowed. */
struct systemd_unit {
	const char *name;  /* "PREFIX-NAME.scope", or "NAME.slice" */
	const char *slice; /* what it is in */
};

/*
 * Reads linux.cgroupsPath, "SLICE:PREFIX:NAME". Without it, the scope is
 * runt-ID; without a slice, it is in system.slice or, if the manager will be
 * the user's, user.slice. -EINVAL if it has not this form.
 */
int systemd_name_unit(struct systemd_unit *u, const char *cgroups_path,
		      const char *id);

/* Scopes hold processes that are there before them; a slice is made without. */
bool systemd_is_scope(const struct systemd_unit *u);

/* Connects to the manager that answered at address before; NULL: to ours. */
int systemd_open(const char *address);
void systemd_close(void);

/* For who has to find the same manager later; valid while it is open. */
const char *systemd_address(void);

/* Where the unit's cgroup is going to be, below the cgroup2 mount. */
int systemd_locate(char *buf, size_t size, const struct systemd_unit *u);

/* What a new unit gets. */
struct systemd_start {
	const char *description;
	pid_t pid; /* the process to put into a scope */
	const struct cgset *limits;
	const struct spec_pairs *annotations;
};

/* Would the annotations do? -EINVAL if not. Needs no connection. */
int systemd_check_annotations(const struct spec_pairs *annotations);

/* Has the unit made and waits until it is. *made is set once there is
 * something to remove: with a failure, too. */
int systemd_start(const struct systemd_unit *u, const struct systemd_start *s,
		  bool *made);

/* Changes properties for as long as the unit is there. What systemd writes to
 * the cgroup's files because of that has been written on return. */
int systemd_set(const char *unit, const struct cgset *limits);

/* Has a process moved into the unit's cgroup, or one below it ("" or
 * "/NAME"). */
int systemd_attach(const char *unit, const char *below, pid_t pid);

/* Has what lives in it killed, and the unit forgotten. Missing is fine. */
int systemd_remove(const char *unit);

#endif
