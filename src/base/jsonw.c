/* SPDX-License-Identifier: Apache-2.0 */
#include "base/jsonw.h"

#include "base/utf8.h"

static void break_line(struct jsonw *w)
{
	unsigned int n = w->indent == JSONW_TAB ? 1 : w->indent;
	unsigned int i;

	if (!n)
		return;
	sbuf_str(w->b, "\n");
	for (i = n * w->depth; i > 0; i--)
		sbuf_str(w->b, w->indent == JSONW_TAB ? "\t" : " ");
}

/* One character that can't stand for itself; returns how many bytes it is. */
static size_t put_escaped(struct sbuf *b, const char *s)
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	size_t n = utf8_length(s);
	const char *e;

	if (n > 1)
		sbuf_add(b, s, n);
	if (n == 0)
		sbuf_str(b, "\\ufffd");
	if (n != 1)
		return n ? n : 1;
	for (e = shorts; *e; e += 2) {
		if (*e == *s) {
			sbuf_fmt(b, "\\%c", e[1]);
			return 1;
		}
	}
	sbuf_fmt(b, "\\u%04x", (unsigned char)*s);
	return 1;
}

static bool is_plain(char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

static void put_string(struct sbuf *b, const char *s)
{
	size_t n;

	sbuf_str(b, "\"");
	while (*s) {
		for (n = 0; is_plain(s[n]);)
			n++;
		sbuf_add(b, s, n);
		s += n;
		if (*s)
			s += put_escaped(b, s);
	}
	sbuf_str(b, "\"");
}

/* All that comes before a value: comma, line break, key. */
static void begin(struct jsonw *w, const char *key)
{
	if (w->filled >> w->depth & 1)
		sbuf_str(w->b, ",");
	w->filled |= UINT64_C(1) << w->depth;
	if (w->depth)
		break_line(w);
	if (!key)
		return;
	put_string(w->b, key);
	sbuf_str(w->b, w->indent ? ": " : ":");
}

static void open(struct jsonw *w, const char *key, bool array)
{
	uint64_t bit;

	begin(w, key);
	sbuf_str(w->b, array ? "[" : "{");
	if (w->depth < JSONW_DEPTH_MAX)
		w->depth++;
	bit = UINT64_C(1) << w->depth;
	w->filled &= ~bit;
	w->arrays = array ? w->arrays | bit : w->arrays & ~bit;
}

void jsonw_object(struct jsonw *w, const char *key)
{
	open(w, key, false);
}

void jsonw_array(struct jsonw *w, const char *key)
{
	open(w, key, true);
}

void jsonw_end(struct jsonw *w)
{
	bool filled = w->filled >> w->depth & 1;
	bool array = w->arrays >> w->depth & 1;

	w->depth--;
	if (filled)
		break_line(w);
	sbuf_str(w->b, array ? "]" : "}");
}

void jsonw_str(struct jsonw *w, const char *key, const char *value)
{
	begin(w, key);
	put_string(w->b, value);
}

void jsonw_u64(struct jsonw *w, const char *key, uint64_t value)
{
	begin(w, key);
	sbuf_fmt(w->b, "%llu", (unsigned long long)value);
}

void jsonw_i64(struct jsonw *w, const char *key, int64_t value)
{
	begin(w, key);
	sbuf_fmt(w->b, "%lld", (long long)value);
}

void jsonw_raw(struct jsonw *w, const char *key, const char *value, size_t len)
{
	begin(w, key);
	sbuf_add(w->b, value, len);
}

void jsonw_bool(struct jsonw *w, const char *key, bool value)
{
	begin(w, key);
	sbuf_str(w->b, value ? "true" : "false");
}
