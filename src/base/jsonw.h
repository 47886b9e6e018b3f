/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A writer of JSON. With an indent it looks like Go's json.MarshalIndent, with
 * 0 it is one line without a space, like json.Marshal; only <, > and & are not
 * escaped. A string that is not UTF-8 gets U+FFFD for each wrong byte.
 *
 *	struct jsonw w = { .b = &b, .indent = 2 };
 *	jsonw_object(&w, NULL);
 *	jsonw_str(&w, "id", id);
 *	jsonw_end(&w);
 *
 * key is NULL for what has none: elements of an array, and the document.
 * What does not fit sets b->full; no newline follows the document.
 */
#ifndef BASE_JSONW_H
#define BASE_JSONW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum {
	JSONW_TAB = 255, /* indent by a tab */
	JSONW_DEPTH_MAX = 63,
};

struct jsonw {
	struct sbuf *b;
	unsigned int indent; /* spaces per level, or JSONW_TAB */
	unsigned int depth;
	uint64_t arrays; /* bit d: what is open at depth d is an array */
	uint64_t filled; /* bit d: it has a member */
};

void jsonw_object(struct jsonw *w, const char *key);
void jsonw_array(struct jsonw *w, const char *key);
void jsonw_end(struct jsonw *w); /* of the innermost object or array */

void jsonw_str(struct jsonw *w, const char *key, const char *value);
void jsonw_u64(struct jsonw *w, const char *key, uint64_t value);
void jsonw_i64(struct jsonw *w, const char *key, int64_t value);
/* What is JSON already: the first len characters of value. */
void jsonw_raw(struct jsonw *w, const char *key, const char *value, size_t len);
void jsonw_bool(struct jsonw *w, const char *key, bool value);

#endif
