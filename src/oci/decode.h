/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From tokens to structs, as the tables of keys.h say. Keys that no table has
 * are ignored, null is as good as absent, a wrong type is an error.
 */
#ifndef OCI_DECODE_H
#define OCI_DECODE_H

#include "oci/json.h"
#include "oci/keys.h"

/* Decodes the whole document into *into, a struct of that object, which then
 * points into the document and the arena. It is zeroed, or has values that
 * stay as they are where the document has none. Returns 0 or -errno. */
int decode(const struct json *j, enum oci_object object, void *into);

enum { DECODE_UNKNOWN_MAX = 32 };

/* The tokens of keys that the last decode() ignored, the first of them; those
 * of other systems than Linux are not among them. Returns their number. */
int decode_unknown(const int **tok);

#endif
