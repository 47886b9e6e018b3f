/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers with a user namespace: how a process comes to be in it, and who
 * maps its ids.
 *
 * A new namespace is made by clone3(2) along with the others, which it owns.
 * The parent writes its maps while the child waits. One that is joined has to
 * be entered before what it is to own can be made; that, and what is joined
 * with the rights of the parent, is done by a process in between, which forks
 * the child as the parent's own.
 *
 * The child is never dumpable where somebody who is in the same user namespace
 * could see it. Only who may not write any map but that of his own ids needs it
 * to be so for the moment of the mapping: nobody but himself is there then.
 */
#ifndef RUN_MAPPING_H
#define RUN_MAPPING_H

#include "kern/uapi.h"
#include "run/run.h"

/*
 * The parent: forks by a process that joins first. join and child are called
 * in that and in the child; child does not return. args are the child's.
 * Fills r->pid and r->pidfd. Returns 0 or -errno.
 */
int mapping_fork(struct run *r, struct k_clone_args *args,
		 int (*join)(struct run *r), void (*child)(struct run *r));

/* The parent: takes a child that another process forked for it. Fills r->pid and
 * r->pidfd. Returns 0 or -errno, and the child is dead then. */
int mapping_adopt(struct run *r, pid_t pid);

/* The process in between: enters the user namespace of a descriptor (or of a
 * pidfd), whose maps become the plan's. proc: of the host. */
int mapping_enter(struct run *r, int proc, int fd);

/* The same process, before: what only the host's rights allow to set, the OOM
 * score, real time, higher limits. */
int mapping_prepare(struct run *r, int proc);

/* The parent's stage: writes what the child may not write itself. */
int mapping_write(struct run *r);

/* The child's stages: waits for that; takes the ids that it makes files with,
 * once it needs no more to go where the parent may. */
int mapping_wait(struct run *r);
int mapping_own(struct run *r);

#endif
