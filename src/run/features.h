/* SPDX-License-Identifier: Apache-2.0 */
/* What this binary can do, from the tables that it works with. */
#ifndef RUN_FEATURES_H
#define RUN_FEATURES_H

#include "base/str.h"

/* The features document of the runtime-spec 1.3, indented by 4. */
void features_print(struct sbuf *b);

/* The version of the libseccomp that is in it, "2.6.1"; "" without one. */
const char *features_libseccomp(char *buf, size_t size);

#endif
