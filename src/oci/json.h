/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON documents: read once into memory of our own, refused unless RFC 8259
 * accepts every byte of them (jsmn alone accepts much more), then tokenized by
 * jsmn with parent links. Also refused: invalid UTF-8, a NUL in a string,
 * duplicate keys in an object, nesting beyond JSON_DEPTH_MAX.
 */
#ifndef OCI_JSON_H
#define OCI_JSON_H

#include <stdbool.h>
#include <stddef.h>

enum {
	JSON_SIZE_MAX = 16 * 1024 * 1024,
	JSON_DEPTH_MAX = 64,
};

struct jsmntok;

struct json {
	const char *name; /* for errors */
	const char *text; /* as it was read: what the state directory keeps */
	size_t len;
	char *work;       /* the same bytes, strings unescaped and NUL-ended */
	struct jsmntok *tok;
	int ntok;
};

/* Reads and checks PATH below dirfd ("-" is standard input). The file is
 * never mapped, and never looked at again. Must be a regular file unless it is
 * standard input. */
int json_load(struct json *j, int dirfd, const char *path, const char *name);

/* The same for len bytes in memory, which are copied. */
int json_parse(struct json *j, const char *text, size_t len,
	       const char *name);

/* Line and column (in bytes, both from 1) of an offset into the text. */
void json_place(const struct json *j, size_t offset, unsigned int *line,
		unsigned int *col);

#endif
