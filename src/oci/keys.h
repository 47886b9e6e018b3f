/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the documents may say: the objects, their keys (keys.tbl) and the words
 * that values are chosen from (words.tbl). They drive the reading, and whoever
 * has to list what runt knows.
 */
#ifndef OCI_KEYS_H
#define OCI_KEYS_H

#include <stddef.h>
#include <stdint.h>

/* Sets of words; the order is that of the enum in spec.h or state.h where
 * there is one. */
enum oci_words {
	WORDS_NONE,
#define WORDS(id, list) WORDS_##id,
#include "oci/words.tbl"
#undef WORDS
};

/* The first word of a set, and the one after a word; "" at the end. */
const char *oci_words(enum oci_words set);
const char *oci_words_next(const char *word);
/* The word at a place in the set. */
const char *oci_words_at(enum oci_words set, unsigned int place);
/* The word's place in the set, or -1. */
int oci_words_find(enum oci_words set, const char *word);

enum oci_object {
#define OBJECT(id, type) OBJECT_##id,
#define TEXT(...)
#define NUMBER(...)
#define NEST(...)
#define SELF(...)
#include "oci/keys.tbl"
#undef OBJECT
#undef TEXT
#undef NUMBER
#undef NEST
#undef SELF
	OBJECT_COUNT,
};

enum key_kind {
	KEY_BOOL, /* bool */
	KEY_I32,
	KEY_U32,
	KEY_I64,
	KEY_U64,
	KEY_OPT_BOOL, /* struct opt_bool, and so on */
	KEY_OPT_I32,
	KEY_OPT_U32,
	KEY_OPT_I64,
	KEY_OPT_U64,
	KEY_STRING,  /* const char * */
	KEY_STRINGS, /* struct spec_strs */
	KEY_PAIRS,   /* struct spec_pairs */
	KEY_U32S,    /* uint32_t *v; size_t n */
	KEY_WORD,    /* an enum: the word's place in its set */
	KEY_STRUCT,  /* in place */
	KEY_POINTER, /* to a struct of its own */
	KEY_ARRAY,   /* struct ... *v; size_t n */
	KEY_MAP,     /* the same of an object of objects: the key becomes the
			struct's first member */
};

enum key_flag {
	KEY_NEEDED = 1,
	KEY_FILLED = 2,   /* not "", not [] */
	KEY_ABSOLUTE = 4, /* a path, each a path */
};

struct oci_key {
	uint16_t name; /* oci_key_name(); "" ends an object */
	uint16_t offset;
	uint8_t kind, flags;
	uint8_t of; /* enum oci_words, oci_object, or a range, by the kind */
};

extern const struct oci_key_names oci_key_names;

static inline const char *oci_key_name(const struct oci_key *key)
{
	return (const char *)&oci_key_names + key->name;
}

const struct oci_key *oci_keys(enum oci_object object);
size_t oci_object_size(enum oci_object object);

/* The bounds of a number. */
struct oci_range {
	int64_t min;
	uint64_t max;
};
const struct oci_range *oci_range(const struct oci_key *key);

#endif
