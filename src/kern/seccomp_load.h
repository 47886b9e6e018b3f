/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KERN_SECCOMP_LOAD_H
#define KERN_SECCOMP_LOAD_H

#include <stdbool.h>
#include <stdint.h>

/* Does the running kernel know these flags of seccomp(2)? Nothing is loaded.
 * True if it can't be told, without seccomp(2): loading says why then. */
bool seccomp_probe_flag(uint32_t flags);
/* And this action, what a filter returns? */
bool seccomp_probe_action(uint32_t action);

#endif
