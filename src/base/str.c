/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"

void sbuf_add(struct sbuf *b, const char *s, size_t len)
{
	size_t room = b->size - b->len - 1;

	if (len > room) {
		b->full = true;
		len = room;
	}
	memcpy(b->p + b->len, s, len);
	b->len += len;
	b->p[b->len] = '\0';
}

void sbuf_str(struct sbuf *b, const char *s)
{
	sbuf_add(b, s, strlen(s));
}

/* One conversion: flags, width and length as read from the format. */
struct conv {
	bool zero;
	size_t width;
	int precision; /* of %s; -1 for none */
	int longs;     /* 0 int, 1 long, 2 long long, 3 size_t */
};

static const char *read_conv(const char *f, struct conv *c, va_list *ap)
{
	*c = (struct conv){ .precision = -1 };
	if (*f == '0') {
		c->zero = true;
		f++;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		c->width = c->width * 10 + (size_t)(*f - '0');
	if (f[0] == '.' && f[1] == '*') {
		c->precision = va_arg(*ap, int);
		f += 2;
	}
	for (; *f == 'l'; f++)
		c->longs++;
	if (*f == 'z') {
		c->longs = 3;
		f++;
	}
	return f;
}

static void pad(struct sbuf *b, size_t have, const struct conv *c)
{
	for (; have < c->width; have++)
		sbuf_add(b, c->zero ? "0" : " ", 1);
}

static void put_number(struct sbuf *b, uint64_t v, bool negative,
		       unsigned int base, const struct conv *c)
{
	char digits[24];
	size_t n = sizeof(digits);

	do
		digits[--n] = "0123456789abcdef"[v % base];
	while (v /= base);
	if (negative)
		digits[--n] = '-';
	pad(b, sizeof(digits) - n, c);
	sbuf_add(b, digits + n, sizeof(digits) - n);
}

static void put_string(struct sbuf *b, const char *s, const struct conv *c)
{
	size_t len;

	if (!s)
		s = "(null)";
	len = c->precision < 0 ? strlen(s) : strnlen(s, (size_t)c->precision);
	sbuf_add(b, s, len);
	pad(b, len, c);
}

static uint64_t next_unsigned(const struct conv *c, va_list *ap)
{
	switch (c->longs) {
	case 0:
		return va_arg(*ap, unsigned int);
	case 1:
		return va_arg(*ap, unsigned long);
	case 3:
		return va_arg(*ap, size_t);
	default:
		return va_arg(*ap, unsigned long long);
	}
}

static int64_t next_signed(const struct conv *c, va_list *ap)
{
	switch (c->longs) {
	case 0:
		return va_arg(*ap, int);
	case 1:
		return va_arg(*ap, long);
	case 3:
		return va_arg(*ap, ssize_t);
	default:
		return va_arg(*ap, long long);
	}
}

static void put_signed(struct sbuf *b, int64_t v, const struct conv *c)
{
	/* The most negative number has no positive twin in int64_t. */
	put_number(b, v < 0 ? -(uint64_t)v : (uint64_t)v, v < 0, 10, c);
}

static void put_conv(struct sbuf *b, char kind, const struct conv *c,
		     va_list *ap)
{
	char ch;

	switch (kind) {
	case 's':
		put_string(b, va_arg(*ap, const char *), c);
		break;
	case 'c':
		ch = (char)va_arg(*ap, int);
		sbuf_add(b, &ch, 1);
		break;
	case 'd':
		put_signed(b, next_signed(c, ap), c);
		break;
	case 'u':
		put_number(b, next_unsigned(c, ap), false, 10, c);
		break;
	case 'x':
		put_number(b, next_unsigned(c, ap), false, 16, c);
		break;
	case 'o':
		put_number(b, next_unsigned(c, ap), false, 8, c);
		break;
	default:
		sbuf_add(b, &kind, 1);
	}
}

void sbuf_vfmt(struct sbuf *b, const char *fmt, va_list args)
{
	va_list ap;
	struct conv c;
	size_t run;

	/* A copy whose address can be handed down: a parameter of type va_list
	 * is a pointer where va_list is an array, and a copy where it is not. */
	va_copy(ap, args);
	while (*fmt) {
		run = strcspn(fmt, "%");
		sbuf_add(b, fmt, run);
		fmt += run;
		if (!*fmt)
			break;
		fmt = read_conv(fmt + 1, &c, &ap);
		if (*fmt)
			put_conv(b, *fmt++, &c, &ap);
	}
	va_end(ap);
}

void sbuf_fmt(struct sbuf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sbuf_vfmt(b, fmt, ap);
	va_end(ap);
}

const char *sbuf_cut(struct sbuf *b)
{
	if (b->full && b->size > 4)
		memcpy(b->p + b->size - 4, "...", 4);
	return b->p;
}

int str_fmt(char *buf, size_t size, const char *fmt, ...)
{
	struct sbuf b = { .p = buf, .size = size };
	va_list ap;

	va_start(ap, fmt);
	sbuf_vfmt(&b, fmt, ap);
	va_end(ap);
	if (b.full)
		return err_sys(ENAMETOOLONG, "%.*s...", 64, buf);
	return (int)b.len;
}

void str_cut(char *buf, size_t size, const char *s)
{
	struct sbuf b = { .p = buf, .size = size };

	sbuf_str(&b, s);
	sbuf_cut(&b);
}

bool str_eq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && str_eq(s + n - m, suffix);
}

int str_u64(const char *s, uint64_t *out)
{
	uint64_t v = 0;

	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -EINVAL;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
			return -ERANGE;
	}
	*out = v;
	return 0;
}

int str_i64(const char *s, int64_t *out)
{
	bool negative = *s == '-';
	uint64_t v;
	int ret = str_u64(s + negative, &v);

	if (ret < 0)
		return ret;
	if (v > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	*out = (int64_t)(negative ? -v : v);
	return 0;
}

int str_u32(const char *s, uint32_t *out)
{
	uint64_t v;
	int ret = str_u64(s, &v);

	if (ret < 0)
		return ret;
	if (v > UINT32_MAX)
		return -ERANGE;
	*out = (uint32_t)v;
	return 0;
}

/* Reads a number below count at *p and moves on. */
static int read_below(const char **p, uint32_t count, uint32_t *out)
{
	uint32_t v = 0;

	if (**p < '0' || **p > '9')
		return -EINVAL;
	for (; **p >= '0' && **p <= '9'; (*p)++) {
		v = v * 10 + (uint32_t)(**p - '0');
		if (v >= count)
			return -ERANGE;
	}
	*out = v;
	return 0;
}

static int read_range(const char **p, uint64_t *bits, uint32_t count)
{
	uint32_t first, last;
	int ret = read_below(p, count, &first);

	last = first;
	if (ret == 0 && **p == '-') {
		(*p)++;
		ret = read_below(p, count, &last);
	}
	if (ret < 0)
		return ret;
	if (last < first)
		return -EINVAL;
	for (; first <= last; first++)
		bits[first / 64] |= UINT64_C(1) << first % 64;
	return 0;
}

int str_ranges(uint64_t *bits, uint32_t count, const char *list)
{
	int ret;

	for (;; list++) {
		ret = read_range(&list, bits, count);
		if (ret < 0 || *list != ',')
			break;
	}
	return ret == 0 && *list ? -EINVAL : ret;
}
