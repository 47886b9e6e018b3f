/* SPDX-License-Identifier: Apache-2.0 */
/* Containers whose cgroup is made by systemd: where that differs. */
#ifndef RUN_SCOPE_H
#define RUN_SCOPE_H

#include "run/run.h"

/* The parent's stage after the child is made: has systemd put it into its
 * unit, sets the limits there, and lets it go on. Nothing to do for others. */
int scope_make(struct run *r);

/* The child's stage before all that is not for us alone. */
int scope_wait(struct run *r);

#endif
