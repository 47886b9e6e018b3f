/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The session keyring, session-keyring(7): a container has its own, and
 * so has each `exec`: they can't read the keys of whoever started them.
 */
#ifndef KERN_KEYRING_H
#define KERN_KEYRING_H

/*
 * Joins a new session keyring without a name: one of a given name may be
 * somebody else's, who waits in it for what is put there. 0 as well where there
 * are no keyrings to protect: a kernel without CONFIG_KEYS, or a seccomp profile
 * around runt that denies keyctl(2).
 */
int keyring_join(void);

#endif
