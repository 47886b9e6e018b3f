/* SPDX-License-Identifier: Apache-2.0 */
/* base/sort: every order of few, and many. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "tap.h"

static int compare(const void *a, const void *b)
{
	uint64_t x = 0, y = 0;

	memcpy(&x, a, 4);
	memcpy(&y, b, 4);
	return x < y ? -1 : x > y;
}

static int compare_long(const void *a, const void *b)
{
	return *(const int64_t *)a < *(const int64_t *)b ?
		       -1 :
		       *(const int64_t *)a > *(const int64_t *)b;
}

/* All arrays of n digits below n. */
static int wrong(int n)
{
	int all = 1, bad = 0;

	for (int i = 0; i < n; i++)
		all *= n;
	for (int which = 0; which < all; which++) {
		uint32_t v[6], w[6];

		for (int i = 0, rest = which; i < n; i++, rest /= n)
			v[i] = w[i] = (uint32_t)(rest % n);
		sort(v, (size_t)n, sizeof(*v), compare);
		qsort(w, (size_t)n, sizeof(*w), compare);
		bad += memcmp(v, w, (size_t)n * sizeof(*v)) != 0;
	}
	return bad;
}

int main(void)
{
	static int64_t v[20000], w[20000];
	uint64_t x = 1;

	sort(v, 0, sizeof(*v), compare_long);
	for (int n = 1; n <= 6; n++)
		is_num(wrong(n), 0, "arrays");
	for (int order = 0; order < 3; order++) {
		for (int i = 0; i < 20000; i++) {
			x = x * 6364136223846793005u + 1442695040888963407u;
			v[i] = w[i] = order == 0 ? (int64_t)x :
				      order == 1 ? i :
						   -i;
		}
		sort(v, 20000, sizeof(*v), compare_long);
		qsort(w, 20000, sizeof(*w), compare_long);
		ok(memcmp(v, w, sizeof(v)) == 0, "many, order %d", order);
	}
	return done();
}
