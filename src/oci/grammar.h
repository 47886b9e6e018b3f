/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RFC 8259, to the letter, over text that is not NUL-free but followed by a
 * NUL. What it accepts, jsmn splits rightly.
 */
#ifndef OCI_GRAMMAR_H
#define OCI_GRAMMAR_H

#include "oci/json.h"

/* Looks at name, text and len only. Sets *tokens to the number of keys and
 * values. Returns 0 or -EINVAL ("<name>:<line>:<col>: expected ..."). */
int grammar_check(const struct json *j, int *tokens);

#endif
