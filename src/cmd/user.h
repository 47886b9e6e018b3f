/* SPDX-License-Identifier: Apache-2.0 */
/* The host's names of users, from /etc/passwd: libc's getpwuid() brings its
 * streams and heap along. */
#ifndef CMD_USER_H
#define CMD_USER_H

#include <stddef.h>
#include <stdint.h>

/* The name of a user, or "#<uid>" where there is none that fits buf. */
void user_name(uint32_t uid, char *buf, size_t size);

#endif
