/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arch.h and the tables of arch/, as they are: the compiler under test has
 * them in a form of its own.
 */
#ifndef UNIT_SECCOMP_TABLES_H
#define UNIT_SECCOMP_TABLES_H

#include <linux/audit.h>
#include <linux/ipc.h>
#include <linux/net.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct row {
	char name[40];
	uint32_t number;
};

static struct abi {
	const char *name, *scmp;
	uint32_t token, audit;
	unsigned int bits;
	uint32_t first, end;
	struct row row[600];
	size_t n;
} abis[] = {
#define ABI(abi, scmp, audit, bits, first, end) \
	{ #abi, #scmp, scmp, audit, bits, first, end, { { "", 0 } }, 0 },
	ARCH_ABI(ABI)
#undef ABI
};

static const struct mux {
	const char *abi, *call, *name;
	uint32_t selector;
} muxes[] = {
#define MUX(abi, call, name, selector) { #abi, #call, #name, selector },
	ARCH_MUX(MUX)
#undef MUX
		{ NULL, NULL, NULL, 0 },
};

static inline const char *tests_dir(void)
{
	const char *dir = getenv("TESTS");

	return dir ? dir : "tests";
}

static inline FILE *open_table(const char *machine, const char *name)
{
	char path[500];

	snprintf(path, sizeof(path), "%s/../arch/%s/%s.tbl", tests_dir(),
		 machine, name);
	return fopen(path, "r");
}

static inline int compare_rows(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->name,
		      ((const struct row *)b)->name);
}

/* Ends the test where the repository is not: on a board. */
static inline void read_tables(void)
{
	char line[200];
	FILE *first = open_table(RUNT_ARCH, "syscall");

	if (!first) {
		puts("1..0 # SKIP the tables of system calls are not here");
		exit(0);
	}
	fclose(first);
	for (size_t i = 0; i < COUNT(abis); i++) {
		struct abi *a = &abis[i];
		FILE *f = i ? open_table(RUNT_ARCH, a->name) :
			      open_table(RUNT_ARCH, "syscall");

		if (!f)
			f = open_table(a->name, "syscall");
		while (f && fgets(line, sizeof(line), f))
			if (line[0] != '#' && a->n < COUNT(a->row) &&
			    sscanf(line, "%39s %u", a->row[a->n].name,
				   &a->row[a->n].number) == 2)
				a->n++;
		if (a->n < 300) {
			printf("Bail out! no table of %s\n", a->name);
			exit(1);
		}
		fclose(f);
		qsort(a->row, a->n, sizeof(a->row[0]), compare_rows);
	}
}

/* The row of a name on an ABI, or NULL. Rows are sorted by name. */
static inline const struct row *row_of(const struct abi *a, const char *name)
{
	struct row key;

	if (strlen(name) >= sizeof(key.name))
		return NULL;
	strcpy(key.name, name);
	return bsearch(&key, a->row, a->n, sizeof(key), compare_rows);
}

/* Whose call it is. */
static inline const struct abi *abi_of(uint32_t audit, uint32_t number)
{
	const struct abi *found = NULL;

	for (size_t i = 0; i < COUNT(abis); i++)
		if (abis[i].audit == audit && abis[i].first <= number &&
		    (number != UINT32_MAX || !found))
			found = &abis[i];
	return found;
}

#endif
