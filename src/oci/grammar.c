/* SPDX-License-Identifier: Apache-2.0 */
#include "oci/grammar.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"

struct scan {
	const struct json *j;
	const char *p, *end;
	uint64_t objects;   /* bit d: what is open at depth d is an object */
	unsigned int depth; /* of containers that are open */
	bool fresh;         /* the innermost has nothing in it yet */
	int tokens;
};

_Static_assert(JSON_DEPTH_MAX <= 64, "a bit for each level");

__attribute__((format(printf, 3, 4))) static int
refuse(const struct scan *s, const char *at, const char *fmt, ...)
{
	char text[256];
	struct sbuf b = SBUF(text);
	unsigned int line, col;
	va_list ap;

	va_start(ap, fmt);
	sbuf_vfmt(&b, fmt, ap);
	va_end(ap);
	json_place(s->j, (size_t)(at - s->j->text), &line, &col);
	return err_say(EINVAL, "%s:%u:%u: %s", s->j->name, line, col,
		       sbuf_cut(&b));
}

static int expected(const struct scan *s, const char *what)
{
	unsigned char c = (unsigned char)*s->p;

	if (s->p == s->end)
		return refuse(s, s->p, "expected %s, found the end", what);
	if (c > ' ' && c < 0x7f)
		return refuse(s, s->p, "expected %s, found '%c'", what, c);
	return refuse(s, s->p, "expected %s, found the byte 0x%02x", what, c);
}

static void skip_space(struct scan *s)
{
	while (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r')
		s->p++;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int scan_digits(struct scan *s)
{
	if (!is_digit(*s->p))
		return expected(s, "a digit");
	while (is_digit(*s->p))
		s->p++;
	return 0;
}

static int scan_number(struct scan *s)
{
	int ret;

	if (*s->p == '-')
		s->p++;
	if (s->p[0] == '0' && is_digit(s->p[1]))
		return refuse(s, s->p, "a number must not begin with 0");
	ret = scan_digits(s);
	if (ret == 0 && *s->p == '.') {
		s->p++;
		ret = scan_digits(s);
	}
	if (ret == 0 && (*s->p == 'e' || *s->p == 'E')) {
		s->p++;
		if (*s->p == '+' || *s->p == '-')
			s->p++;
		ret = scan_digits(s);
	}
	return ret;
}

/* Four hexadecimal digits after \u, or -1. */
static int read_unit(const char *p)
{
	int i, v = 0;

	if (p[0] != '\\' || p[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		if (is_digit(p[i]))
			v = v << 4 | (p[i] - '0');
		else if ((p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'f')
			v = v << 4 | ((p[i] | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return v;
}

static int scan_unicode(struct scan *s)
{
	int unit = read_unit(s->p), low;

	if (unit < 0)
		return refuse(s, s->p,
			      "expected four hexadecimal digits after \\u");
	if (unit == 0)
		return refuse(s, s->p,
			      "\\u0000: a string must not contain a "
			      "NUL");
	if (unit >= 0xd800 && unit <= 0xdbff) {
		low = read_unit(s->p + 6);
		if (low < 0xdc00 || low > 0xdfff)
			return refuse(s, s->p,
				      "\\u%04x: half of a surrogate pair",
				      (unsigned int)unit);
		s->p += 6;
	} else if (unit >= 0xdc00 && unit <= 0xdfff) {
		return refuse(s, s->p, "\\u%04x: half of a surrogate pair",
			      (unsigned int)unit);
	}
	s->p += 6;
	return 0;
}

static int scan_escape(struct scan *s)
{
	if (s->p[1] == 'u')
		return scan_unicode(s);
	if (!s->p[1] || !strchr("\"\\/bfnrt", s->p[1]))
		return refuse(s, s->p,
			      "unknown escape in a string: there are \\\" \\\\ "
			      "\\/ \\b \\f \\n \\r \\t and \\u");
	s->p += 2;
	return 0;
}

/* A character of a string that is more than a plain byte of ASCII. */
static int scan_character(struct scan *s, const char *opening)
{
	unsigned char c = (unsigned char)*s->p;
	size_t n;

	if (s->p == s->end)
		return refuse(s, opening, "this string has no end");
	if (c == '\\')
		return scan_escape(s);
	if (c < ' ')
		return refuse(s, s->p, "control character 0x%02x in a string%s",
			      c, c ? ": escape it" : "");
	n = utf8_length(s->p);
	if (n == 0)
		return refuse(s, s->p, "invalid UTF-8 (byte 0x%02x)", c);
	s->p += n;
	return 0;
}

static int scan_string(struct scan *s)
{
	const char *opening = s->p++, *p;
	int ret = 0;

	while (ret == 0) {
		p = s->p;
		while (*p >= ' ' && *p != '"' && *p != '\\' && *p < 0x7f)
			p++;
		s->p = p;
		if (*p == '"') {
			s->p++;
			break;
		}
		ret = scan_character(s, opening);
	}
	return ret;
}

static int scan_word(struct scan *s)
{
	static const char words[][8] = { "true", "false", "null" };
	size_t i, n;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i]);
		if (strncmp(s->p, words[i], n) == 0) {
			s->p += n;
			return 0;
		}
	}
	return expected(s, "a value");
}

static int open_container(struct scan *s, bool object)
{
	uint64_t bit;

	if (s->depth == JSON_DEPTH_MAX)
		return refuse(s, s->p, "nested more than %d deep",
			      JSON_DEPTH_MAX);
	bit = UINT64_C(1) << s->depth;
	s->objects = object ? s->objects | bit : s->objects & ~bit;
	s->depth++;
	s->fresh = true;
	s->p++;
	return 0;
}

static int count_token(struct scan *s)
{
	if (s->tokens++ < JSON_TOKENS_MAX)
		return 0;
	return refuse(s, s->p, "more than %d keys and values", JSON_TOKENS_MAX);
}

/* A whole value, or the bracket that opens one. */
static int scan_value(struct scan *s)
{
	int ret = count_token(s);

	if (ret < 0)
		return ret;
	skip_space(s);
	if (*s->p == '{' || *s->p == '[')
		return open_container(s, *s->p == '{');
	if (*s->p == '"')
		return scan_string(s);
	if (*s->p == '-' || is_digit(*s->p))
		return scan_number(s);
	return scan_word(s);
}

static int scan_key(struct scan *s)
{
	int ret = count_token(s);

	skip_space(s);
	if (ret == 0 && *s->p != '"')
		return expected(s, s->fresh ? "a key in quotes, or '}'" :
					      "a key in quotes after ','");
	if (ret == 0)
		ret = scan_string(s);
	if (ret < 0)
		return ret;
	skip_space(s);
	if (*s->p != ':')
		return expected(s, "':' after a key");
	s->p++;
	return 0;
}

/* In a container: its end, or the next element with its comma and its key. */
static int scan_next(struct scan *s)
{
	bool object = s->objects >> (s->depth - 1) & 1;
	int ret = 0;

	skip_space(s);
	if (*s->p == (object ? '}' : ']')) {
		s->p++;
		s->depth--;
		s->fresh = false;
		return 0;
	}
	if (!s->fresh) {
		if (*s->p != ',')
			return expected(s, object ? "',' or '}' after a member "
						    "of an object" :
						    "',' or ']' after an "
						    "element of an array");
		s->p++;
	}
	if (object)
		ret = scan_key(s);
	s->fresh = false;
	return ret < 0 ? ret : scan_value(s);
}

int grammar_check(const struct json *j, int *tokens)
{
	struct scan s = { .j = j, .p = j->text, .end = j->text + j->len };
	int ret;

	if (strncmp(s.p, "\xef\xbb\xbf", 3) == 0)
		return refuse(&s, s.p,
			      "a byte order mark: save the file as "
			      "UTF-8 without one");
	ret = scan_value(&s);
	while (ret == 0 && s.depth)
		ret = scan_next(&s);
	if (ret < 0)
		return ret;
	skip_space(&s);
	if (s.p != s.end)
		return expected(&s, "the end after the document");
	*tokens = s.tokens;
	return 0;
}
