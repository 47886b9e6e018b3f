/* SPDX-License-Identifier: Apache-2.0 */
#include "oci/encode.h"

#include <stdbool.h>

#include "oci/spec.h"

/* Any array of spec.h. */
struct array {
	const char *v;
	size_t n;
};

static bool is_set(const struct oci_key *k, const void *v);

/* Some objects only group members of the struct around them. */
static bool has_any(enum oci_object object, const char *from)
{
	const struct oci_key *k;

	for (k = oci_keys(object); k->name; k++)
		if (is_set(k, from + k->offset))
			return true;
	return false;
}

static bool is_set(const struct oci_key *k, const void *v)
{
	switch (k->kind) {
	case KEY_OPT_BOOL:
		return ((const struct opt_bool *)v)->set;
	case KEY_OPT_I32:
	case KEY_OPT_U32:
		return ((const struct opt_u32 *)v)->set;
	case KEY_OPT_I64:
	case KEY_OPT_U64:
		return ((const struct opt_u64 *)v)->set;
	case KEY_STRING:
	case KEY_POINTER:
		return *(const void *const *)v;
	case KEY_STRINGS:
	case KEY_PAIRS:
	case KEY_U32S:
	case KEY_ARRAY:
	case KEY_MAP:
		return ((const struct array *)v)->n;
	case KEY_STRUCT:
		return has_any(k->of, v);
	default:
		return true;
	}
}

static void write_pairs(struct jsonw *w, const char *key,
			const struct spec_pairs *p)
{
	size_t i;

	jsonw_object(w, key);
	for (i = 0; i < p->n; i++)
		jsonw_str(w, p->v[i].name, p->v[i].value);
	jsonw_end(w);
}

static void write_array(struct jsonw *w, const struct oci_key *k,
			const struct array *a)
{
	const uint32_t *numbers = (const void *)a->v;
	const char *const *strings = (const void *)a->v;
	size_t i;

	jsonw_array(w, oci_key_name(k));
	for (i = 0; i < a->n; i++) {
		if (k->kind == KEY_STRINGS)
			jsonw_str(w, NULL, strings[i]);
		else if (k->kind == KEY_U32S)
			jsonw_u64(w, NULL, numbers[i]);
		else
			encode(w, NULL, k->of,
			       a->v + i * oci_object_size(k->of));
	}
	jsonw_end(w);
}

/* The first member is the key. */
static void write_map(struct jsonw *w, const struct oci_key *k,
		      const struct array *a)
{
	const char *v = a->v;
	size_t i;

	jsonw_object(w, oci_key_name(k));
	for (i = 0; i < a->n; i++, v += oci_object_size(k->of))
		encode(w, *(const char *const *)(const void *)v, k->of, v);
	jsonw_end(w);
}

static void write_value(struct jsonw *w, const struct oci_key *k, const void *v)
{
	switch (k->kind) {
	case KEY_BOOL:
	case KEY_OPT_BOOL:
		jsonw_bool(w, oci_key_name(k), *(const bool *)v);
		break;
	case KEY_I32:
	case KEY_OPT_I32:
		jsonw_i64(w, oci_key_name(k), *(const int32_t *)v);
		break;
	case KEY_U32:
	case KEY_OPT_U32:
		jsonw_u64(w, oci_key_name(k), *(const uint32_t *)v);
		break;
	case KEY_I64:
	case KEY_OPT_I64:
		jsonw_i64(w, oci_key_name(k), *(const int64_t *)v);
		break;
	case KEY_U64:
	case KEY_OPT_U64:
		jsonw_u64(w, oci_key_name(k), *(const uint64_t *)v);
		break;
	case KEY_STRING:
		jsonw_str(w, oci_key_name(k), *(const char *const *)v);
		break;
	case KEY_WORD:
		jsonw_str(w, oci_key_name(k),
			  oci_words_at(k->of, *(const unsigned int *)v));
		break;
	case KEY_PAIRS:
		write_pairs(w, oci_key_name(k), v);
		break;
	case KEY_STRUCT:
		encode(w, oci_key_name(k), k->of, v);
		break;
	case KEY_POINTER:
		encode(w, oci_key_name(k), k->of, *(const void *const *)v);
		break;
	case KEY_MAP:
		write_map(w, k, v);
		break;
	default:
		write_array(w, k, v);
	}
}

void encode(struct jsonw *w, const char *key, enum oci_object object,
	    const void *from)
{
	const struct oci_key *k;
	const char *v;

	jsonw_object(w, key);
	for (k = oci_keys(object); k->name; k++) {
		v = (const char *)from + k->offset;
		if (is_set(k, v))
			write_value(w, k, v);
	}
	jsonw_end(w);
}
