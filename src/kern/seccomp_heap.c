/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malloc(3), calloc(3), realloc(3) and free(3) for libseccomp, which alone has a
 * heap, in a process of its own that ends when the filter is made
 * (seccomp_lib.c). Blocks are powers of two from the arena, with a list for each
 * of those that were given back. musl's own would be 2 % of the binary.
 *
 * The compiler knows them by other names: what it knows of the real ones would
 * make calloc() call itself.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

#if RUNT_SECCOMP == 1

/* Two words, which keeps what follows aligned for any type. */
struct block {
	size_t order;       /* it has 2^order bytes, these among them */
	struct block *next; /* of those that were given back */
};

enum {
	LEAST = 5,
	ORDERS = sizeof(size_t) * 8 - 1,
};

static struct block *given_back[ORDERS];

void *heap_get(size_t size) __asm__("malloc");
void *heap_get_zeroed(size_t n, size_t size) __asm__("calloc");
void *heap_resize(void *p, size_t size) __asm__("realloc");
void heap_give_back(void *p) __asm__("free");

void *heap_get(size_t size)
{
	size_t order = LEAST;
	struct block *b;

	if (size > SIZE_MAX / 8)
		return NULL;
	while (((size_t)1 << order) < size + sizeof(*b))
		order++;
	b = given_back[order];
	if (b)
		given_back[order] = b->next;
	else
		b = arena_get(1, (size_t)1 << order);
	if (!b)
		return NULL;
	b->order = order;
	return b + 1;
}

void heap_give_back(void *p)
{
	struct block *b = p;

	if (!b)
		return;
	b--;
	b->next = given_back[b->order];
	given_back[b->order] = b;
}

void *heap_get_zeroed(size_t n, size_t size)
{
	void *p;

	if (__builtin_mul_overflow(n, size, &size))
		return NULL;
	p = heap_get(size);
	return p ? memset(p, 0, size) : NULL;
}

void *heap_resize(void *p, size_t size)
{
	const struct block *b = p;
	size_t room;
	void *bigger;

	if (!b)
		return heap_get(size);
	b--;
	room = ((size_t)1 << b->order) - sizeof(*b);
	if (size <= room)
		return p;
	bigger = heap_get(size);
	if (!bigger)
		return NULL;
	memcpy(bigger, p, room);
	heap_give_back(p);
	return bigger;
}

#endif
