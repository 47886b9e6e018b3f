/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/err.h"

enum { CHUNK = 64 * 1024, ALIGN = 16 };

static char *next;
static size_t left;

void *arena_get(size_t n, size_t size)
{
	size_t want, chunk;
	void *p;

	if (__builtin_mul_overflow(n, size, &want) ||
	    want > SIZE_MAX / 2 - CHUNK) {
		err_sys(ENOMEM, "%zu objects of %zu bytes", n, size);
		return NULL;
	}
	want = (want + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (want > left) {
		chunk = want > CHUNK ? want : CHUNK;
		p = mmap(NULL, chunk, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED) {
			err_sys(errno, "map %zu bytes", chunk);
			return NULL;
		}
		/* A mapping of its own leaves the chunk in use as it is. */
		if (want > CHUNK)
			return p;
		next = p;
		left = chunk;
	}
	p = next;
	next += want;
	left -= want;
	return p;
}

char *arena_str(const char *s)
{
	return arena_cat(s, NULL);
}

char *arena_cat(const char *s, ...)
{
	size_t len = 0;
	const char *part;
	char *p, *end;
	va_list ap;

	va_start(ap, s);
	for (part = s; part; part = va_arg(ap, const char *))
		len += strlen(part);
	va_end(ap);
	p = end = arena_get(len + 1, 1);
	if (!p)
		return NULL;
	va_start(ap, s);
	for (part = s; part; part = va_arg(ap, const char *)) {
		len = strlen(part);
		memcpy(end, part, len);
		end += len;
	}
	va_end(ap);
	return p;
}
