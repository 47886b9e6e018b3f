/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/arena.c: memory that is zeroed, aligned, never given out twice, never
 * moved, and refused when nobody could have that much.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/err.h"
#include "tap.h"

enum { BLOCKS = 3000, LARGE = 300 * 1024 };

static struct block {
	unsigned char *p;
	size_t size;
} blocks[BLOCKS];

/* Sizes around the alignment, around a chunk, and far above. */
static size_t size_of(int i)
{
	static const size_t sizes[] = { 1,   15,   16,    17,    24,    100,
					333, 4096, 65535, 65536, 65537, LARGE };

	if (i % 100 == 99)
		return sizes[(size_t)i / 100 %
			     (sizeof(sizes) / sizeof(*sizes))];
	return (size_t)(i * 37) % 200 + 1;
}

static bool all_are(const unsigned char *p, size_t n, int byte)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != byte)
			return false;
	return true;
}

static void test_blocks(void)
{
	int zeroed = 0, aligned = 0, kept = 0;

	for (int i = 0; i < BLOCKS; i++) {
		struct block *b = &blocks[i];

		b->size = size_of(i);
		b->p = arena_get(1, b->size);
		if (!b->p)
			break;
		zeroed += all_are(b->p, b->size, 0);
		aligned += (uintptr_t)b->p % 16 == 0;
		memset(b->p, i % 255 + 1, b->size);
	}
	for (int i = 0; i < BLOCKS && blocks[i].p; i++)
		kept += all_are(blocks[i].p, blocks[i].size, i % 255 + 1);
	is_num(zeroed, BLOCKS, "all are zeroed");
	is_num(aligned, BLOCKS, "all are aligned for every type");
	is_num(kept, BLOCKS, "none overlaps another");
}

static void test_too_much(void)
{
	struct rlimit small = { 64 << 20, 64 << 20 };

	err.num = 0;
	ok(!arena_get(SIZE_MAX / 4, 8), "a product that overflows is refused");
	is_num(err.num, ENOMEM, "and is in the error record");
	ok(!arena_get(2, SIZE_MAX / 2), "and so is one that wraps to a little");
	ok(!arena_get(1, SIZE_MAX), "the largest size is refused");
	ok(!arena_get(1, SIZE_MAX - 16), "and one that rounding up would wrap");
	err.num = 0;
	if (setrlimit(RLIMIT_AS, &small) < 0) {
		skip("no memory left", "no RLIMIT_AS");
		return;
	}
	/* User-mode emulators do not pass the limit on to themselves. */
	if (arena_get(1, 128 << 20)) {
		skip("no memory left", "RLIMIT_AS has no effect");
		return;
	}
	is_num(err.num, ENOMEM, "no memory left is in the error record");
	ok(arena_get(1, 64) != NULL, "a small object is still had");
}

static void test_edges(void)
{
	char *a = arena_get(0, 8), *b = arena_get(1, 0);

	ok(a && b, "no object, or one of no size, is no failure");
}

static void test_strings(void)
{
	char text[] = "text";
	char *copy = arena_str(text);

	text[0] = 'n';
	is_str(copy, "text", "a copy of a string is a copy");
	is_str(arena_str(""), "", "an empty string");
	is_str(arena_cat("a", "", "bc", "d", NULL), "abcd",
	       "strings are joined");
	is_str(arena_cat("", NULL), "", "nothing is joined to nothing");
	copy = arena_cat("x", "y", NULL);
	ok(copy[2] == '\0' && arena_str("z") != copy + 2,
	   "the end of a string is its own");
}

int main(void)
{
	test_blocks();
	test_edges();
	test_strings();
	test_too_much();
	return done();
}
