/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labels of Linux security modules: the AppArmor profile and the SELinux
 * context that the next execve(2) puts on.
 */
#ifndef KERN_LSM_H
#define KERN_LSM_H

#include <stdbool.h>

/* Whether the running kernel enforces them. Reads /sys of the host. */
bool lsm_has_apparmor(void);
bool lsm_has_selinux(void);

/* For the parent: an error if a label is asked for (not NULL, not "") that the
 * running kernel can't put on. */
int lsm_check(const char *apparmor, const char *selinux);

/*
 * For the child, as the last thing that needs procfs: proc is a procfs of its
 * own pid namespace or of one above, that no one else can mount over. What was
 * written is read back. "" and NULL do nothing.
 */
int lsm_set_apparmor(int proc, const char *profile);
int lsm_set_selinux(int proc, const char *label);

/* The label of keys made from now on, around keyring_join(). "" does nothing,
 * NULL takes it back. */
int lsm_set_keycreate(int proc, const char *label);

#endif
