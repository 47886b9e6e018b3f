/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of keys.h. Names are arrays, rows are found by number: a pointer
 * in a table would cost a static PIE a relocation and a page written to.
 */
#include "oci/keys.h"

#include <string.h>

#include "oci/spec.h"
#include "oci/state.h"

/* Words: one string per set, one after the other. */

static const struct {
	char none[1];
#define WORDS(id, list) char id[sizeof(list)];
#include "oci/words.tbl"
#undef WORDS
} words = {
	"",
#define WORDS(id, list) list,
#include "oci/words.tbl"
#undef WORDS
};

static const uint16_t words_at[] = {
	0,
#define WORDS(id, list) offsetof(__typeof__(words), id),
#include "oci/words.tbl"
#undef WORDS
};

const char *oci_words(enum oci_words set)
{
	return (const char *)&words + words_at[set];
}

const char *oci_words_next(const char *word)
{
	return word + strlen(word) + 1;
}

const char *oci_words_at(enum oci_words set, unsigned int place)
{
	const char *w = oci_words(set);

	for (; place; place--)
		w = oci_words_next(w);
	return w;
}

int oci_words_find(enum oci_words set, const char *word)
{
	const char *w;
	int i = 0;

	for (w = oci_words(set); *w; w = oci_words_next(w), i++)
		if (strcmp(w, word) == 0)
			return i;
	return -1;
}

/* Ranges: after the kinds of numbers, what is narrower than its type. */

enum {
	RANGE_ALL = 0,
	RANGE_POSITIVE = KEY_STRING,
	RANGE_POSITIVE_I32,
	RANGE_PID,
	RANGE_U16,
	RANGE_MODE,
	RANGE_OOM,
	RANGE_NICE,
	RANGE_IO_PRIORITY,
	RANGE_NANOSECONDS,
	RANGE_MAJOR,
	RANGE_MINOR,
	RANGE_ANY_MAJOR,
	RANGE_ANY_MINOR,
	RANGE_SECCOMP_INDEX,
};

/* dev_t of the kernel: 12 bits and 20 bits. */
enum { MAJOR_MAX = (1 << 12) - 1, MINOR_MAX = (1 << 20) - 1 };

static const struct oci_range ranges[] = {
	[KEY_BOOL] = { 0, 1 },
	[KEY_I32] = { INT32_MIN, INT32_MAX },
	[KEY_U32] = { 0, UINT32_MAX },
	[KEY_I64] = { INT64_MIN, INT64_MAX },
	[KEY_U64] = { 0, UINT64_MAX },
	[RANGE_POSITIVE] = { 1, UINT32_MAX },
	[RANGE_POSITIVE_I32] = { 1, INT32_MAX },
	[RANGE_PID] = { 0, INT32_MAX },
	[RANGE_U16] = { 0, UINT16_MAX },
	[RANGE_MODE] = { 0, 07777 },
	[RANGE_OOM] = { -1000, 1000 },
	[RANGE_NICE] = { -20, 19 },
	[RANGE_IO_PRIORITY] = { 0, 7 },
	[RANGE_NANOSECONDS] = { 0, 999999999 },
	[RANGE_MAJOR] = { 0, MAJOR_MAX },
	[RANGE_MINOR] = { 0, MINOR_MAX },
	[RANGE_ANY_MAJOR] = { -1, MAJOR_MAX },
	[RANGE_ANY_MINOR] = { -1, MINOR_MAX },
	[RANGE_SECCOMP_INDEX] = { 0, 5 },
};

const struct oci_range *oci_range(const struct oci_key *key)
{
	unsigned int kind = key->kind;

	if (key->of != RANGE_ALL)
		return &ranges[key->of];
	if (kind == KEY_U32S)
		kind = KEY_U32;
	return &ranges[kind >= KEY_OPT_BOOL ? kind - KEY_OPT_BOOL : kind];
}

/* Keys: all names in one string, each with the number of its line. */

#define GLUE(a, b) a##b
#define LINE(line) GLUE(ROW_, line)
const struct oci_key_names {
	char none[1];
#define OBJECT(id, type)
#define TEXT(s, key, ...) char LINE(__LINE__)[sizeof(key)];
#define NUMBER TEXT
#define NEST TEXT
#define SELF(key, of) TEXT(, key)
#include "oci/keys.tbl"
#undef TEXT
} oci_key_names = {
	"",
#define TEXT(s, key, ...) key,
#include "oci/keys.tbl"
};
#undef OBJECT
#undef TEXT
#undef NUMBER
#undef NEST
#undef SELF

/* All objects in one array, each ended by a row without a name. */

#define NAME offsetof(struct oci_key_names, LINE(__LINE__))
#define ROW(s, key, kind, member, flags, of) \
	{ NAME, offsetof(struct s, member), KEY_##kind, flags, of },
static const struct oci_key keys[] = {
#define OBJECT(id, type) { .name = 0 },
#define TEXT(s, key, kind, member, flags, of) \
	ROW(s, key, kind, member, flags, WORDS_##of)
#define NUMBER(s, key, kind, member, flags, of) \
	ROW(s, key, kind, member, flags, RANGE_##of)
#define NEST(s, key, kind, member, flags, of) \
	ROW(s, key, kind, member, flags, OBJECT_##of)
#define SELF(key, of) { NAME, 0, KEY_STRUCT, 0, OBJECT_##of },
#include "oci/keys.tbl"
	{ .name = 0 },
};
#undef OBJECT
#undef TEXT
#undef NUMBER
#undef NEST
#undef SELF

/* The number of each row, which is what an object's first row follows. */
enum {
#define OBJECT(id, type) FIRST_##id,
#define TEXT(...) LINE(__LINE__),
#define NUMBER(...) LINE(__LINE__),
#define NEST(...) LINE(__LINE__),
#define SELF(...) LINE(__LINE__),
#include "oci/keys.tbl"
};
#undef OBJECT
#undef TEXT
#undef NUMBER
#undef NEST
#undef SELF

static const struct {
	uint16_t first, size;
} objects[] = {
#define OBJECT(id, type) { FIRST_##id + 1, sizeof(struct type) },
#define TEXT(...)
#define NUMBER(...)
#define NEST(...)
#define SELF(...)
#include "oci/keys.tbl"
};
#undef OBJECT
#undef TEXT
#undef NUMBER
#undef NEST
#undef SELF

const struct oci_key *oci_keys(enum oci_object object)
{
	return &keys[objects[object].first];
}

size_t oci_object_size(enum oci_object object)
{
	return objects[object].size;
}

/* No row may name a member of another type than its kind says. */

#define MEMBER(s, member) (((struct s *)0)->member)
#define IS(s, member, type)                                          \
	_Static_assert(__builtin_types_compatible_p(                 \
			       __typeof__(MEMBER(s, member)), type), \
		       #s "." #member);
#define SIZED(what, of) _Static_assert(sizeof(what) == (of), #what);
#define TYPE_BOOL(s, m) IS(s, m, bool)
#define TYPE_I32(s, m) IS(s, m, int32_t)
#define TYPE_U32(s, m) IS(s, m, uint32_t)
#define TYPE_I64(s, m) IS(s, m, int64_t)
#define TYPE_U64(s, m) IS(s, m, uint64_t)
#define TYPE_OPT_BOOL(s, m) IS(s, m, struct opt_bool)
#define TYPE_OPT_I32(s, m) IS(s, m, struct opt_i32)
#define TYPE_OPT_U32(s, m) IS(s, m, struct opt_u32)
#define TYPE_OPT_I64(s, m) IS(s, m, struct opt_i64)
#define TYPE_OPT_U64(s, m) IS(s, m, struct opt_u64)
#define TYPE_STRING(s, m) IS(s, m, const char *)
#define TYPE_STRINGS(s, m) IS(s, m, struct spec_strs)
#define TYPE_PAIRS(s, m) IS(s, m, struct spec_pairs)
#define TYPE_U32S(s, m) SIZED(*MEMBER(s, m).v, sizeof(uint32_t))
#define TYPE_WORD(s, m) SIZED(MEMBER(s, m), sizeof(int))
#define NEST_STRUCT(s, m, of) SIZED(MEMBER(s, m), SIZE_##of)
#define NEST_POINTER(s, m, of) SIZED(*MEMBER(s, m), SIZE_##of)
#define NEST_ARRAY(s, m, of) SIZED(*MEMBER(s, m).v, SIZE_##of)
#define NEST_MAP(s, m, of) SIZED(*MEMBER(s, m).v, SIZE_##of)

enum {
#define OBJECT(id, type) SIZE_##id = sizeof(struct type),
#define TEXT(...)
#define NUMBER(...)
#define NEST(...)
#define SELF(...)
#include "oci/keys.tbl"
};
#undef OBJECT
#undef TEXT
#undef NUMBER
#undef NEST

#define OBJECT(id, type)
#define TEXT(s, key, kind, member, flags, of) TYPE_##kind(s, member)
#define NUMBER(s, key, kind, member, flags, of) TYPE_##kind(s, member)
#define NEST(s, key, kind, member, flags, of) NEST_##kind(s, member, of)
#include "oci/keys.tbl"
