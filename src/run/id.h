/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUN_ID_H
#define RUN_ID_H

/* A container's id is [A-Za-z0-9_+.-]+, neither "." nor "..", and fits a file
 * name. Returns 0 or -EINVAL ("invalid container ID format"). */
int id_check(const char *id);

#endif
