/* SPDX-License-Identifier: Apache-2.0 */
/* What this binary can do, from the tables that it works with. */
#ifndef RUN_FEATURES_H
#define RUN_FEATURES_H

#include "base/str.h"

/* The features document of the runtime-spec 1.3, indented by 4. */
void features_print(struct sbuf *b);

#endif
