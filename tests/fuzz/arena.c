/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"

struct piece {
	struct piece *next;
	void *p;
};

static struct piece *pieces;

void *arena_get(size_t n, size_t size)
{
	struct piece *one = malloc(sizeof(*one));

	one->p = calloc(n, size);
	one->next = pieces;
	pieces = one;
	if (!one->p)
		err_sys(ENOMEM, "calloc");
	return one->p;
}

char *arena_str(const char *s)
{
	return arena_cat(s, NULL);
}

char *arena_cat(const char *s, ...)
{
	size_t len = strlen(s) + 1;
	const char *part;
	va_list ap;
	char *p;

	va_start(ap, s);
	while ((part = va_arg(ap, const char *)))
		len += strlen(part);
	va_end(ap);
	p = arena_get(len, 1);
	strcpy(p, s);
	va_start(ap, s);
	while ((part = va_arg(ap, const char *)))
		strcat(p, part);
	va_end(ap);
	return p;
}

void arena_reset(void)
{
	struct piece *one;

	while ((one = pieces)) {
		pieces = one->next;
		free(one->p);
		free(one);
	}
}
