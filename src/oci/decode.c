/* SPDX-License-Identifier: Apache-2.0 */
#include "oci/decode.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "oci/spec.h"

/*
 * What reads a value returns the token that follows it, or -errno. Recursion
 * ends with the tables: no object contains itself.
 */

/* Any array of spec.h. */
struct array {
	char *v;
	size_t n;
};

static int expected(const struct json *j, int tok, const char *what)
{
	return json_error(j, tok, NULL, "expected %s, found %s", what,
			  json_show(j, tok));
}

static bool is_null(const struct json *j, int tok)
{
	return j->tok[tok].type == JSON_PRIMITIVE && *json_word(j, tok) == 'n';
}

static int read_bool(const struct json *j, int tok, bool *out)
{
	const char *s = json_word(j, tok);

	if (j->tok[tok].type != JSON_PRIMITIVE || (*s != 't' && *s != 'f'))
		return expected(j, tok, "true or false");
	*out = *s == 't';
	return tok + 1;
}

static int say_range(const struct json *j, int tok, const struct oci_range *r)
{
	return json_error(j, tok, NULL,
			  "expected a number from %lld to %llu, found %s",
			  (long long)r->min, (unsigned long long)r->max,
			  json_show(j, tok));
}

/* An integer as its magnitude; *negative tells the sign. */
static int read_integer(const struct json *j, int tok,
			const struct oci_range *r, uint64_t *v, bool *negative)
{
	const char *what = r->min < 0 ? "an integer" : "an unsigned integer";
	const char *s = json_word(j, tok);
	int ret;

	if (j->tok[tok].type != JSON_PRIMITIVE || strchr("tfn", *s))
		return expected(j, tok, what);
	*negative = *s == '-';
	ret = str_u64(s + *negative, v);
	if (ret == -EINVAL)
		return json_error(j, tok, NULL,
				  "expected %s without fraction and exponent, "
				  "found %s",
				  what, json_show(j, tok));
	if (ret < 0 || (*negative && (r->min >= 0 || *v > -(uint64_t)r->min)) ||
	    (!*negative &&
	     (*v > r->max || (r->min > 0 && *v < (uint64_t)r->min))))
		return say_range(j, tok, r);
	return 0;
}

/* The kinds of one size are stored alike, the sign being in the bits. */
static int read_number(const struct json *j, int tok, const struct oci_key *k,
		       void *out)
{
	bool negative = false;
	uint64_t v = 0;
	int ret = read_integer(j, tok, oci_range(k), &v, &negative);

	if (ret < 0)
		return ret;
	if (negative)
		v = -v;
	switch (k->kind) {
	case KEY_I64:
	case KEY_U64:
	case KEY_OPT_I64:
	case KEY_OPT_U64:
		*(uint64_t *)out = v;
		break;
	default:
		*(uint32_t *)out = (uint32_t)v;
	}
	return tok + 1;
}

static int read_optional(const struct json *j, int tok, const struct oci_key *k,
			 void *out)
{
	int ret;

	if (k->kind == KEY_OPT_BOOL) {
		ret = read_bool(j, tok, out);
		((struct opt_bool *)out)->set = true;
		return ret;
	}
	ret = read_number(j, tok, k, out);
	if (k->kind == KEY_OPT_I64 || k->kind == KEY_OPT_U64)
		((struct opt_u64 *)out)->set = true;
	else
		((struct opt_u32 *)out)->set = true;
	return ret;
}

static int say_words(const struct json *j, int tok, const struct oci_key *k)
{
	char text[1024];
	struct sbuf b = SBUF(text);
	const char *w, *next;

	for (w = oci_words(k->of); *w; w = next) {
		next = oci_words_next(w);
		sbuf_fmt(&b, "%s%s", b.len ? *next ? ", " : " or " : "", w);
	}
	return expected(j, tok, sbuf_cut(&b));
}

/* One string, or one of several, with what its key wants of it. */
static int check_string(const struct json *j, int tok, const struct oci_key *k)
{
	const char *s = json_word(j, tok);

	if (j->tok[tok].type != JSON_STRING)
		return expected(j, tok, "a string");
	if (k->of && oci_words_find(k->of, s) < 0)
		return say_words(j, tok, k);
	if ((k->flags & KEY_ABSOLUTE) && *s != '/')
		return expected(j, tok, "an absolute path");
	return tok + 1;
}

/* What is optional may be empty as well as absent: Go, in which engines and
 * runc are written, does not tell the one from the other. */
static bool is_absent(const struct json *j, int tok, const struct oci_key *k)
{
	return j->tok[tok].type == JSON_STRING && !*json_word(j, tok) &&
	       !(k->flags & KEY_NEEDED);
}

static int read_string(const struct json *j, int tok, const struct oci_key *k,
		       const char **out)
{
	int ret;

	if (is_absent(j, tok, k))
		return tok + 1;
	ret = check_string(j, tok, k);
	if (ret >= 0 && (k->flags & KEY_FILLED) && !*json_word(j, tok))
		return json_error(j, tok, NULL, "must not be empty");
	if (ret >= 0)
		*out = json_word(j, tok);
	return ret;
}

static int read_word(const struct json *j, int tok, const struct oci_key *k,
		     int *out)
{
	int ret = check_string(j, tok, k);

	if (ret >= 0)
		*out = oci_words_find(k->of, json_word(j, tok));
	return ret;
}

/* Room for all elements and an empty one after them. */
static int make_array(const struct json *j, int tok, int type, size_t size,
		      struct array *a)
{
	if ((int)j->tok[tok].type != type)
		return expected(j, tok,
				type == JSON_ARRAY ? "an array" : "an object");
	a->n = 0;
	a->v = arena_get((size_t)j->tok[tok].size + 1, size);
	return a->v ? tok + 1 : -err.num;
}

static int read_strings(const struct json *j, int tok, const struct oci_key *k,
			struct spec_strs *out)
{
	int n = j->tok[tok].size, ret;
	struct array a;

	ret = make_array(j, tok, JSON_ARRAY, sizeof(*out->v), &a);
	if (ret >= 0 && n == 0 && (k->flags & KEY_FILLED))
		return json_error(j, tok, NULL, "must not be empty");
	*out = (struct spec_strs){ .v = (const char **)(void *)a.v };
	while (n-- > 0 && ret >= 0) {
		out->v[out->n++] = json_word(j, ret);
		ret = check_string(j, ret, k);
	}
	return ret;
}

static int read_u32s(const struct json *j, int tok, const struct oci_key *k,
		     struct array *out)
{
	int n = j->tok[tok].size, ret;

	ret = make_array(j, tok, JSON_ARRAY, sizeof(uint32_t), out);
	for (; n > 0 && ret >= 0; n--, out->n++)
		ret = read_number(j, ret, k,
				  out->v + out->n * sizeof(uint32_t));
	return ret;
}

static int read_pairs(const struct json *j, int tok, struct spec_pairs *out)
{
	static const struct oci_key plain;
	int n = j->tok[tok].size, ret;
	struct spec_pair *p;
	struct array a;

	ret = make_array(j, tok, JSON_OBJECT, sizeof(*out->v), &a);
	*out = (struct spec_pairs){ .v = (struct spec_pair *)(void *)a.v };
	for (; n > 0 && ret >= 0; n--) {
		if (is_null(j, ret + 1)) {
			ret += 2;
			continue;
		}
		p = &out->v[out->n++];
		p->name = json_word(j, ret);
		p->value = json_word(j, ret + 1);
		if (!*p->name)
			return json_error(j, ret, NULL,
					  "a key must not be empty");
		ret = check_string(j, ret + 1, &plain);
	}
	return ret;
}

static int read_object(const struct json *j, int tok, enum oci_object object,
		       char *out);

static int read_pointer(const struct json *j, int tok, enum oci_object object,
			char **out)
{
	if (!*out)
		*out = arena_get(1, oci_object_size(object));
	return *out ? read_object(j, tok, object, *out) : -err.num;
}

static int read_array(const struct json *j, int tok, enum oci_object object,
		      struct array *out)
{
	size_t size = oci_object_size(object);
	int n = j->tok[tok].size, ret;

	ret = make_array(j, tok, JSON_ARRAY, size, out);
	for (; n > 0 && ret >= 0; n--, out->n++)
		ret = read_object(j, ret, object, out->v + out->n * size);
	return ret;
}

static int read_map(const struct json *j, int tok, enum oci_object object,
		    struct array *out)
{
	size_t size = oci_object_size(object);
	int n = j->tok[tok].size, ret;
	char *p;

	ret = make_array(j, tok, JSON_OBJECT, size, out);
	for (; n > 0 && ret >= 0; n--) {
		if (is_null(j, ret + 1)) {
			ret += 2;
			continue;
		}
		p = out->v + out->n++ * size;
		*(const char **)(void *)p = json_word(j, ret);
		ret = read_object(j, ret + 1, object, p);
	}
	return ret;
}

static int read_value(const struct json *j, int tok, const struct oci_key *k,
		      void *out)
{
	switch (k->kind) {
	case KEY_BOOL:
		return read_bool(j, tok, out);
	case KEY_STRING:
		return read_string(j, tok, k, out);
	case KEY_STRINGS:
		return read_strings(j, tok, k, out);
	case KEY_PAIRS:
		return read_pairs(j, tok, out);
	case KEY_U32S:
		return read_u32s(j, tok, k, out);
	case KEY_WORD:
		return read_word(j, tok, k, out);
	case KEY_STRUCT:
		return read_object(j, tok, k->of, out);
	case KEY_POINTER:
		return read_pointer(j, tok, k->of, out);
	case KEY_ARRAY:
		return read_array(j, tok, k->of, out);
	case KEY_MAP:
		return read_map(j, tok, k->of, out);
	default:
		return k->kind < KEY_OPT_BOOL ? read_number(j, tok, k, out) :
						read_optional(j, tok, k, out);
	}
}

static struct {
	int tok[DECODE_UNKNOWN_MAX], n;
} unknown;

/* Names of the spec's for other systems than Linux. */
static bool is_foreign(const char *name)
{
	static const char foreign[] =
		"windows\0solaris\0freebsd\0vm\0zos\0commandLine\0";

	for (const char *s = foreign; *s; s += strlen(s) + 1)
		if (strcmp(s, name) == 0)
			return true;
	return false;
}

static void note_unknown(const struct json *j, int tok)
{
	if (unknown.n < DECODE_UNKNOWN_MAX && !is_foreign(json_word(j, tok)))
		unknown.tok[unknown.n++] = tok;
}

int decode_unknown(const int **tok)
{
	*tok = unknown.tok;
	return unknown.n;
}

static int find_key(const struct oci_key *keys, const char *name)
{
	const char *key;
	int i;

	for (i = 0; keys[i].name; i++) {
		key = oci_key_name(&keys[i]);
		if (*key == *name && strcmp(key, name) == 0)
			return i;
	}
	return -1;
}

/* seen has bit i for the key in row i; no object has more than 32 rows. */
static int check_needed(const struct json *j, int tok,
			const struct oci_key *keys, uint32_t seen)
{
	int i;

	for (i = 0; keys[i].name; i++)
		if ((keys[i].flags & KEY_NEEDED) && !(seen >> i & 1))
			return json_error(j, tok, oci_key_name(&keys[i]),
					  "missing, but required");
	return 0;
}

static int read_object(const struct json *j, int tok, enum oci_object object,
		       char *out)
{
	const struct oci_key *keys = oci_keys(object);
	int n = j->tok[tok].size, next = tok + 1, i, ret;
	uint32_t seen = 0;

	if (j->tok[tok].type != JSON_OBJECT)
		return expected(j, tok, "an object");
	for (; n > 0; n--) {
		i = find_key(keys, json_word(j, next));
		/* The specification has a map of clocks there. */
		if (i < 0 && object == OBJECT_time_offsets)
			return json_error(j, next, NULL,
					  "expected monotonic or boottime");
		if (i < 0)
			note_unknown(j, next);
		if (i < 0 || is_null(j, next + 1)) {
			next = json_next(j, next);
			continue;
		}
		seen |= UINT32_C(1) << i;
		next = read_value(j, next + 1, &keys[i], out + keys[i].offset);
		if (next < 0)
			return next;
	}
	ret = check_needed(j, tok, keys, seen);
	return ret < 0 ? ret : next;
}

int decode(const struct json *j, enum oci_object object, void *into)
{
	int ret;

	unknown.n = 0;
	ret = read_object(j, 0, object, into);
	return ret < 0 ? ret : 0;
}
