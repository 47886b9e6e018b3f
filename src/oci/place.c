/* SPDX-License-Identifier: Apache-2.0 */
/* Where in a document something is: line and column, JSON path. */
#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "oci/json.h"

enum { PATH_SIZE = 512, SHOWN = 48 };

void json_place(const struct json *j, size_t offset, unsigned int *line,
		unsigned int *col)
{
	const char *p = j->text, *end = p + offset, *newline;

	for (*line = 1; p < end; p = newline + 1, ++*line) {
		newline = memchr(p, '\n', (size_t)(end - p));
		if (!newline)
			break;
	}
	*col = (unsigned int)(end - p) + 1;
}

/* The text of a token as it is in the document, where nothing unprintable
 * can be, cut to a few words. */
static const char *raw(const struct json *j, int tok, size_t *len,
		       const char **dots)
{
	const char *s = j->text + j->tok[tok].start;

	*len = (size_t)(j->tok[tok].end - j->tok[tok].start);
	*dots = *len > SHOWN ? "..." : "";
	if (*len > SHOWN)
		for (*len = SHOWN; (s[*len] & 0xc0) == 0x80;)
			--*len;
	return s;
}

const char *json_show(const struct json *j, int tok)
{
	static char text[SHOWN + 8];
	struct sbuf b = SBUF(text);
	const char *s, *dots;
	size_t len;

	if (j->tok[tok].type == JSON_OBJECT)
		return "an object";
	if (j->tok[tok].type == JSON_ARRAY)
		return "an array";
	s = raw(j, tok, &len, &dots);
	sbuf_fmt(&b, j->tok[tok].type == JSON_STRING ? "\"%.*s%s\"" : "%.*s%s",
		 (int)len, s, dots);
	return text;
}

/* A key that would be misread after a '.' goes into quotes. */
static void add_key(struct sbuf *b, const struct json *j, int tok)
{
	const char *word = json_word(j, tok), *s, *dots;
	size_t len;

	s = raw(j, tok, &len, &dots);
	if (!*word || strpbrk(word, ".[]\"\\ "))
		sbuf_fmt(b, "[\"%.*s%s\"]", (int)len, s, dots);
	else
		sbuf_fmt(b, "%s%.*s%s", b->len ? "." : "", (int)len, s, dots);
}

static void add_index(struct sbuf *b, const struct json *j, int tok)
{
	int i, n = 0;

	for (i = j->tok[tok].parent + 1; i < tok; i = json_next(j, i))
		n++;
	sbuf_fmt(b, "[%d]", n);
}

/* The path of a token, from the links to its parents. */
static void add_path(struct sbuf *b, const struct json *j, int tok)
{
	int chain[2 * JSON_DEPTH_MAX + 2], n = 0, type;

	for (; j->tok[tok].parent >= 0; tok = j->tok[tok].parent)
		chain[n++] = tok;
	while (n-- > 0) {
		type = j->tok[j->tok[chain[n]].parent].type;
		if (type == JSON_OBJECT)
			add_key(b, j, chain[n]);
		else if (type == JSON_ARRAY)
			add_index(b, j, chain[n]);
	}
}

int json_verror(const struct json *j, int tok, const char *path,
		const char *member, const char *fmt, va_list ap)
{
	char where[PATH_SIZE], text[ERR_TEXT_SIZE];
	struct sbuf w = SBUF(where), t = SBUF(text);
	unsigned int line, col;

	where[0] = '\0';
	sbuf_vfmt(&t, fmt, ap);
	if (path)
		sbuf_str(&w, path);
	else
		add_path(&w, j, tok);
	if (member)
		sbuf_fmt(&w, "%s%s", w.len ? "." : "", member);
	json_place(j,
		   (size_t)j->tok[tok].start -
			   (j->tok[tok].type == JSON_STRING),
		   &line, &col);
	return err_say(EINVAL, "%s:%u:%u: %s%s%s", j->name, line, col,
		       sbuf_cut(&w), w.len ? ": " : "", sbuf_cut(&t));
}

int json_error(const struct json *j, int tok, const char *member,
	       const char *fmt, ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = json_verror(j, tok, NULL, member, fmt, ap);
	va_end(ap);
	return ret;
}

/* The value of the member called s, len bytes; -1 if there is none. */
static int find_member(const struct json *j, int object, const char *s,
		       size_t len)
{
	int i, n;

	for (i = object + 1, n = j->tok[object].size; n > 0; n--) {
		if (strncmp(json_word(j, i), s, len) == 0 &&
		    !json_word(j, i)[len])
			return i + 1;
		i = json_next(j, i);
	}
	return -1;
}

static int find_element(const struct json *j, int array, const char *s)
{
	int i = array + 1, n = 0;

	if (*s < '0' || *s > '9')
		return -1;
	for (; *s >= '0' && *s <= '9' && n < JSON_TOKENS_MAX; s++)
		n = n * 10 + (*s - '0');
	if (n >= j->tok[array].size)
		return -1;
	while (n-- > 0)
		i = json_next(j, i);
	return i;
}

/* Sets *path to what is left of it, "" if all of it was found. */
static int walk(const struct json *j, const char **left)
{
	const char *path = *left;
	int tok = 0, next;
	size_t len;

	while (*path) {
		if (path[0] == '[' && path[1] == '"') {
			path += 2;
			len = strcspn(path, "\"");
		} else {
			path += *path == '.' || *path == '[';
			len = strcspn(path, ".[]");
		}
		if (j->tok[tok].type == JSON_ARRAY)
			next = find_element(j, tok, path);
		else if (j->tok[tok].type == JSON_OBJECT)
			next = find_member(j, tok, path, len);
		else
			next = -1;
		if (next < 0)
			break;
		tok = next;
		path += len;
		path += strspn(path, "\"]");
		*left = path;
	}
	return tok;
}

int json_find(const struct json *j, const char *path)
{
	return walk(j, &path);
}

bool json_has(const struct json *j, const char *path)
{
	int tok = walk(j, &path);

	return !*path && !(j->tok[tok].type == JSON_PRIMITIVE &&
			   str_eq(json_word(j, tok), "null"));
}
