/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/gvariant.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

enum { SIGNATURE_SIZE = 32 }; /* which bounds the depth, too */

static const struct type {
	char name[11];
	char code;
	uint8_t align;
	uint8_t bits; /* of a number */
	bool negative;
} types[] = {
	{ "boolean", 'b', 4, 0, false },   { "byte", 'y', 1, 8, false },
	{ "int16", 'n', 2, 16, true },     { "uint16", 'q', 2, 16, false },
	{ "int32", 'i', 4, 32, true },     { "uint32", 'u', 4, 32, false },
	{ "int64", 'x', 8, 64, true },     { "uint64", 't', 8, 64, false },
	{ "string", 's', 4, 0, false },    { "objectpath", 'o', 4, 0, false },
	{ "signature", 'g', 1, 0, false }, { "", 'a', 4, 0, false },
	{ "", '(', 8, 0, false },
};

static const struct type *type_of(char code)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].code == code)
			return &types[i];
	return NULL;
}

static const char *skip_space(const char *p)
{
	return p + strspn(p, " \t\n\r");
}

static size_t word_length(const char *p)
{
	return strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789");
}

/* The type that is named here. */
static const struct type *named(const char *p)
{
	size_t n = word_length(p), i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (n && strlen(types[i].name) == n &&
		    memcmp(types[i].name, p, n) == 0)
			return &types[i];
	return NULL;
}

/* Behind the string that begins here. */
static const char *skip_string(const char *p)
{
	char quote = *p;

	for (p++; *p && *p != quote; p++)
		p += *p == '\\' && p[1];
	return p + (*p == quote);
}

/* Where the value that begins here ends: at a comma or a bracket that is not
 * its own, or at the end of the text. */
static const char *skip_value(const char *p)
{
	unsigned int depth = 0;

	while (*p && (depth || !strchr(",])", *p))) {
		if (*p == '\'' || *p == '"') {
			p = skip_string(p);
			continue;
		}
		depth += *p == '[' || *p == '(';
		depth -= *p == ']' || *p == ')';
		p++;
	}
	return p;
}

/* Adds the type of the value at p to the signature. */
static void infer(const char *p, struct sbuf *signature)
{
	const struct type *t;

	p = skip_space(p);
	t = named(p);
	if (t)
		sbuf_add(signature, &t->code, 1);
	else if (*p == '@')
		sbuf_add(signature, p + 1, strcspn(p + 1, " "));
	else if (*p == '\'' || *p == '"')
		sbuf_str(signature, "s");
	else if (str_starts(p, "true") || str_starts(p, "false"))
		sbuf_str(signature, "b");
	else if (*p == '[' || *p == '(')
		sbuf_str(signature, *p == '[' ? "a" : "(");
	else if (*p && strchr("+-0123456789", *p))
		sbuf_str(signature, "i");
	else
		sbuf_str(signature, "?");
	if ((*p != '[' && *p != '(') || signature->full)
		return;
	if (*p == '[') {
		infer(p + 1, signature);
		return;
	}
	do {
		p = skip_space(p + 1);
		if (*p && *p != ')')
			infer(p, signature);
		p = skip_value(p);
	} while (*p == ',' && !signature->full);
	sbuf_str(signature, ")");
}

/* The length of the first complete type of a signature. */
static size_t type_length(const char *s)
{
	size_t n = strspn(s, "a");
	unsigned int depth = 0;

	for (; s[n]; n++) {
		depth += s[n] == '(';
		depth -= s[n] == ')' && depth;
		if (!depth)
			return n + 1;
	}
	return 0;
}

/* A number in C's notation; -ERANGE if it has more than 64 bits. */
static int parse_number(const char **p, uint64_t *v, bool *negative)
{
	static const char digits[] = "0123456789abcdef";
	unsigned int base = 10;
	const char *s = *p, *d, *first;

	*negative = *s == '-';
	s += *s == '-' || *s == '+';
	if (s[0] == '0' && (s[1] | 0x20) == 'x') {
		base = 16;
		s += 2;
	} else if (s[0] == '0' && s[1]) {
		base = 8;
	}
	*v = 0;
	for (first = s; *s; s++) {
		d = strchr(digits, *s >= 'A' && *s <= 'F' ? *s | 0x20 : *s);
		if (!d || d - digits >= (int)base)
			break;
		if (__builtin_mul_overflow(*v, base, v) ||
		    __builtin_add_overflow(*v, (uint64_t)(d - digits), v))
			return -ERANGE;
	}
	*p = s;
	return s == first ? -EINVAL : 0;
}

static bool put_number(struct dbus_out *o, const char **p, const struct type *t)
{
	uint64_t v, most = UINT64_MAX >> (64 - t->bits);
	bool negative;

	if (parse_number(p, &v, &negative) < 0)
		return false;
	if (t->negative)
		most = (most >> 1) + negative;
	if (v > most || (negative && v && !t->negative))
		return false;
	v = negative ? -v : v;
	if (t->bits == 8)
		dbus_put_u8(o, (uint8_t)v);
	else if (t->bits == 16)
		dbus_put_u16(o, (uint16_t)v);
	else if (t->bits == 32)
		dbus_put_u32(o, (uint32_t)v);
	else
		dbus_put_u64(o, v);
	return true;
}

static bool put_bool(struct dbus_out *o, const char **p)
{
	bool v = str_starts(*p, "true");

	if (!v && !str_starts(*p, "false"))
		return false;
	*p += v ? 4 : 5;
	dbus_put_bool(o, v);
	return true;
}

static bool put_string(struct dbus_out *o, const char **p, char code)
{
	static const char escapes[] = "a\ab\bf\fn\nr\rt\tv\v\\\\''\"\"";
	struct dbus_array bytes = { 0 };
	const char *s = *p, *e;
	size_t length_at = o->len;
	char quote = *s;

	if (quote != '\'' && quote != '"')
		return false;
	if (code == 'g')
		dbus_put_u8(o, 0);
	else
		bytes = dbus_open_array(o, 1);
	for (s++; *s && *s != quote; s++) {
		if (*s != '\\') {
			dbus_put_u8(o, (uint8_t)*s);
			continue;
		}
		for (e = escapes, s++; *e && *e != *s;)
			e += 2;
		if (!*e)
			return false;
		dbus_put_u8(o, (uint8_t)e[1]);
	}
	if (code != 'g')
		dbus_close_array(o, bytes);
	else if (!o->full && o->len - length_at - 1 <= UINT8_MAX)
		o->p[length_at] = (uint8_t)(o->len - length_at - 1);
	else
		return false;
	dbus_put_u8(o, 0);
	*p = s + (*s == quote);
	return *s == quote;
}

static bool put_value(struct dbus_out *o, const char **p, const char **s);

static bool put_array(struct dbus_out *o, const char **p, const char **s)
{
	const struct type *element = type_of(**s);
	size_t length = type_length(*s);
	struct dbus_array a;
	const char *t = *s;

	if (**p != '[' || !element || !length)
		return false;
	*s += length;
	a = dbus_open_array(o, element->align);
	*p = skip_space(*p + 1);
	while (**p != ']') {
		const char *one = t;

		if (!put_value(o, p, &one))
			return false;
		if (**p == ',')
			*p = skip_space(*p + 1);
		else if (**p != ']')
			return false;
	}
	++*p;
	dbus_close_array(o, a);
	return true;
}

static bool put_tuple(struct dbus_out *o, const char **p, const char **s)
{
	if (**p != '(')
		return false;
	dbus_align(o, 8);
	for (*p = skip_space(*p + 1); **s && **s != ')';) {
		if (!put_value(o, p, s))
			return false;
		if (**p == ',')
			*p = skip_space(*p + 1);
		else if (**p != ')')
			return false;
	}
	*s += **s == ')';
	return *(*p)++ == ')';
}

/* Puts the value at *p, which is of the first type of the signature *s; both go
 * on behind it. */
static bool put_value(struct dbus_out *o, const char **p, const char **s)
{
	const struct type *t = type_of(**s), *given;
	bool done;

	*p = skip_space(*p);
	given = named(*p);
	if (!t || (given && given != t))
		return false;
	if (given)
		*p = skip_space(*p + word_length(*p));
	else if (**p == '@')
		*p = skip_space(*p + strcspn(*p, " "));
	++*s;
	if (t->code == 'a')
		done = put_array(o, p, s);
	else if (t->code == '(')
		done = put_tuple(o, p, s);
	else if (t->code == 'b')
		done = put_bool(o, p);
	else if (t->bits)
		done = put_number(o, p, t);
	else
		done = put_string(o, p, t->code);
	*p = skip_space(*p);
	return done;
}

int gvariant_put(struct dbus_out *o, const char *text)
{
	char signature[SIGNATURE_SIZE];
	struct sbuf b = SBUF(signature);
	const char *p = text, *s = signature;

	infer(text, &b);
	if (!b.full) {
		dbus_put_sig(o, signature);
		if (put_value(o, &p, &s) && !*p && !*s)
			return 0;
	}
	return err_say(EINVAL,
		       "not a value in GVariant's text format, such as "
		       "'word', true or uint32 5: %s",
		       text);
}

int gvariant_seconds(uint64_t *us, const char *text)
{
	const char *p = skip_space(text);
	const struct type *t = named(p);
	uint64_t scale = 100000;
	bool negative;
	int ret;

	if (t && t->bits)
		p = skip_space(p + word_length(p));
	ret = parse_number(&p, us, &negative);
	if (ret == 0 && (negative || *us >= UINT64_MAX / 1000000))
		ret = -ERANGE;
	*us *= 1000000;
	if (ret == 0 && *p == '.') {
		for (p++; *p >= '0' && *p <= '9'; p++, scale /= 10)
			*us += (uint64_t)(*p - '0') * scale;
	}
	if (ret == 0 && !*skip_space(p))
		return 0;
	return err_say(EINVAL, "not a number of seconds: %s", text);
}
