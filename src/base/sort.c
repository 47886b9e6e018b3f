/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"

#include <string.h>

static void sort_by(char *v, size_t n, size_t size, size_t gap,
		    int (*compare)(const void *a, const void *b))
{
	char one[SORT_SIZE_MAX];
	size_t i, k;

	for (i = gap; i < n; i++) {
		memcpy(one, v + i * size, size);
		for (k = i; k >= gap; k -= gap) {
			if (compare(v + (k - gap) * size, one) <= 0)
				break;
			memcpy(v + k * size, v + (k - gap) * size, size);
		}
		memcpy(v + k * size, one, size);
	}
}

void sort(void *v, size_t n, size_t size,
	  int (*compare)(const void *a, const void *b))
{
	size_t gap = 1;

	while (gap < n / 3)
		gap = 3 * gap + 1;
	for (; gap; gap /= 3)
		sort_by(v, n, size, gap, compare);
}
