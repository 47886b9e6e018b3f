/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON documents: read once into memory of our own, refused unless RFC 8259
 * accepts every byte of them (jsmn alone accepts much more), then tokenized by
 * jsmn with parent links. Also refused: invalid UTF-8, a NUL in a string,
 * duplicate keys in an object, nesting beyond JSON_DEPTH_MAX, and documents of
 * more than JSON_SIZE_MAX bytes or JSON_TOKENS_MAX keys and values.
 */
#ifndef OCI_JSON_H
#define OCI_JSON_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	JSON_SIZE_MAX = 16 * 1024 * 1024,
	JSON_DEPTH_MAX = 64,
	JSON_TOKENS_MAX = 1024 * 1024,
};

enum json_type { JSON_OBJECT = 1, JSON_ARRAY, JSON_STRING, JSON_PRIMITIVE };

/* In the order of the document: a container comes before what it contains, a
 * key right before its value. The layout is jsmn's. */
struct json_token {
	int type;
	int start, end; /* offsets; of a string: without the quotes */
	int size;       /* elements, members; 1 for a key */
	int parent;     /* a value's is its key, if it has one; -1: none */
};

struct json {
	const char *name; /* for errors */
	const char *text; /* as it was read: what the state directory keeps */
	size_t len;
	uint32_t owner; /* uid of whose file it was */
	char *work;     /* the same bytes, strings unescaped, and strings,
			     numbers and words NUL-ended */
	struct json_token *tok;
	int ntok;
};

/* Reads and checks PATH below dirfd, which must be a regular file. It is never
 * mapped, and never looked at again. */
int json_load(struct json *j, int dirfd, const char *path, const char *name);

/* The same for a PATH that the user gave: "-" is standard input, and a pipe is
 * waited for and read to its end. */
int json_load_given(struct json *j, const char *path);

/* The same for len bytes in memory, which are copied. */
int json_parse(struct json *j, const char *text, size_t len, const char *name);

/* Line and column (in bytes, both from 1) of an offset into the text. */
void json_place(const struct json *j, size_t offset, unsigned int *line,
		unsigned int *col);

/* The content of a string, a number or a word. */
static inline char *json_word(const struct json *j, int tok)
{
	return j->work + j->tok[tok].start;
}

/* The token after tok and all that it contains. */
int json_next(const struct json *j, int tok);

/* The token that a JSON path such as `mounts[3].options[1]` or
 * `annotations["a.b"]` names, or the deepest one on the way that exists. */
int json_find(const struct json *j, const char *path);

/* Whether there is such a value, other than null. */
bool json_has(const struct json *j, const char *path);

/* Records "<name>:<line>:<col>: <path>: <fmt>" of a token and returns -EINVAL.
 * The path is the token's own (or path, if not NULL), with ".member" added if
 * that is not NULL. */
int json_error(const struct json *j, int tok, const char *member,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));
int json_verror(const struct json *j, int tok, const char *path,
		const char *member, const char *fmt, va_list ap)
	__attribute__((format(printf, 5, 0)));

/* What stands there, for "expected a string, found %s": short, printable, in
 * a buffer that the next call overwrites. */
const char *json_show(const struct json *j, int tok);

#endif
