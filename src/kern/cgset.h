/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.resources as files of cgroup v2. Planning is arithmetic only: it turns
 * the values of the config, which are those of cgroup v1, into a list of
 * {file, text} with runc's conversions. Writing is one pass over that list
 * below the descriptor of the cgroup, before a process is in it.
 *
 * A file that the kernel lacks is an error only if something was asked of it:
 * "no limit" is what a missing file gives anyhow. Device rules are cgdev.h's.
 */
#ifndef KERN_CGSET_H
#define KERN_CGSET_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "oci/spec.h"

enum {
	CGSET_OPTIONAL = 1, /* a missing file is as good */
	CGSET_OR_NEXT = 2,  /* either this file or that of the next row */
	CGSET_AGAIN = 4,    /* EINVAL: once more after the next row */
	CGSET_KEYED = 8,    /* the value's first word says whose it is */
	CGSET_UNIFIED = 16, /* from linux.resources.unified: line by line */
};

struct cgset_row {
	const char *file, *value;
	const char *key; /* below linux.resources, for errors */
	uint8_t flags;
	uint8_t need; /* enum need: what the kernel lacks without the file */
};

struct cgset {
	struct cgset_row *rows;
	size_t n;
	/* memory.checkBeforeUpdate; 0: nothing to compare with */
	int64_t check_limit, check_swap;
	/* When planning failed: the place below linux.resources. */
	char where[64];
};

/*
 * Makes the list. Returns 0, -EINVAL (what is wrong is in the record, the place
 * in s->where) or -ENOMEM. ignored gets the names, each followed by a blank, of
 * what only cgroup v1 had.
 */
int cgset_plan(struct cgset *s, const struct spec_resources *r,
	       struct sbuf *ignored);

/* Writes the list to a cgroup that was made for it. cgroup is its descriptor,
 * path its name below the mount, for errors. */
int cgset_write(const struct cgset *s, int cgroup, const char *path);

/*
 * Writes the list to a cgroup in use, all or nothing: after a failure the files
 * have the values that they had before. With checkBeforeUpdate a limit that is
 * below the present use is refused.
 */
int cgset_change(const struct cgset *s, int cgroup, const char *path);

/* The same files as in s, with what they have now; those that can't be read are
 * left out. */
int cgset_read(struct cgset *now, const struct cgset *s, int cgroup);

/* cpu.weight (1 to 10000) for cpu.shares (2 to 262144), as runc 1.3.2 and crun
 * 1.23 have it: ceil(10^((l^2 + 125 l) / 612 - 7 / 34)) with l = log2(shares),
 * which maps v1's default 1024 to v2's default 100. */
uint32_t cgset_weight(uint64_t shares);

#endif
