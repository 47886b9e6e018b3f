/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings in fixed buffers. A text that does not fit is an error that the
 * caller sees, never a silent cut; only messages for people are cut, and show
 * it by a closing "...".
 *
 * The formatter is our own: libc's printf family drags in floating point
 * (10 to 20 KB where it is emulated), locale and streams.
 * It knows %s %.*s %c %d %u %x %o %%, the lengths l, ll, z and a width with or
 * without leading 0. Nothing else may be used.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A text under construction in a buffer that somebody else owns. p is always
 * NUL-terminated; full is set as soon as something did not fit. */
struct sbuf {
	char *p;
	size_t len;
	size_t size;
	bool full;
};

#define SBUF(array)                                 \
	{                                           \
		.p = (array), .size = sizeof(array) \
	}

void sbuf_add(struct sbuf *b, const char *s, size_t len);
void sbuf_str(struct sbuf *b, const char *s);
void sbuf_vfmt(struct sbuf *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
void sbuf_fmt(struct sbuf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The text, its end replaced by "..." where it was full: for messages only. */
const char *sbuf_cut(struct sbuf *b);

/* Returns the length, or -ENAMETOOLONG (with the error record filled) when
 * size is too small; buf is a valid string either way. */
int str_fmt(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), warn_unused_result));

/* Copies for people: what does not fit ends in "...". */
void str_cut(char *buf, size_t size, const char *s);

bool str_eq(const char *a, const char *b);
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);

/*
 * Numbers, the whole string or nothing: no sign but a leading '-' for
 * str_i64, no space, no '+', no base prefix, no empty string.
 * Return 0, -EINVAL or -ERANGE; the error record is left alone.
 */
int str_u64(const char *s, uint64_t *out);
int str_i64(const char *s, int64_t *out);
int str_u32(const char *s, uint32_t *out);

/* Sets the bits, all of them below count (up to 2^28), that a list such as
 * "0-3,5" names. 0, -EINVAL for what is no such list, -ERANGE. */
int str_ranges(uint64_t *bits, uint32_t count, const char *list);

#endif
