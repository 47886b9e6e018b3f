/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The session keyring, session-keyring(7): a container has its own, so that
 * it can't read the keys of whoever started it.
 */
#ifndef KERN_KEYRING_H
#define KERN_KEYRING_H

#include <stdbool.h>

/*
 * Joins the keyring "_ses.<id>", made if there is none, and lets the
 * container's processes search it: by user, or by all where the ids are those
 * of a user namespace. 0 as well where there are no keyrings to protect: a
 * kernel without CONFIG_KEYS, or a seccomp profile around runt that denies
 * keyctl(2).
 */
int keyring_join(const char *id, bool user_ns);

#endif
