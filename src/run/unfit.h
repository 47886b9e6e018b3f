/* SPDX-License-Identifier: Apache-2.0 */
/* Why execve(2) refuses a program that is there. */
#ifndef RUN_UNFIT_H
#define RUN_UNFIT_H

#include <stddef.h>

/* What a look at the file at path tells of error num, as the end of a message:
 * "; ...", or nothing. What it names comes from the file. Returns buf. */
const char *unfit_explain(char *buf, size_t size, const char *path, int num);

#endif
