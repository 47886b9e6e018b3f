/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile in numbers: its words parsed, its rules sorted to the calls that
 * they are about.
 */
#ifndef KERN_SECCOMP_PLAN_H
#define KERN_SECCOMP_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/seccomp.h"
#include "kern/seccomp_names.h"
#include "kern/seccomp_words.h"

enum { SECCOMP_ARGS = 6 }; /* of a system call */

struct seccomp_cond {
	uint64_t value; /* of OP_MASKED_EQ: what is left of it */
	uint64_t mask;  /* all bits but for OP_MASKED_EQ */
	uint32_t arg;
	enum seccomp_op op;
};

struct seccomp_rule {
	uint32_t action;
	uint32_t cond, count; /* its conditions */
	bool split;           /* a rule of its own for each of them */
};

/* One rule of a call, and the next: indices, 0 for none. */
struct seccomp_link {
	uint32_t rule, next;
};

/* What the profile says of a name. Rules after the first without conditions
 * are not kept. */
struct seccomp_call {
	uint32_t action;     /* if decided */
	uint32_t head, tail; /* links; 0 if decided by the first rule */
	uint8_t muxes; /* 1 << index of the ABIs where others go through it */
	bool mentioned;
	bool decided; /* by a rule without conditions */
	bool library; /* left to libseccomp */
};

/* A rule for one ABI. Conditions on argument 0 give way to a selector. */
struct seccomp_clause {
	uint32_t action;
	uint32_t cond;
	uint32_t count;
	uint8_t selector; /* 0: none */
};

struct seccomp_segment;

enum {
	/* One condition takes at least one instruction. */
	SECCOMP_CLAUSES_MAX = SECCOMP_INSNS_MAX,
	SECCOMP_SEGMENTS_MAX = 4096,
};

struct seccomp_plan {
	const struct spec_seccomp *spec;
	uint32_t default_action;
	unsigned int abis; /* 1 << index of those that are filtered */
	unsigned int flags;
	bool notifies;
	bool enosys;          /* for what is newer than the profile */
	unsigned int unknown; /* names that no ABI has */

	struct seccomp_cond *conds;
	struct seccomp_rule *rules;
	struct seccomp_link *links;
	uint32_t nlinks;
	struct seccomp_call *calls; /* by index of the name */

	/* Room for one call's clauses, for one program's segments. */
	struct seccomp_clause *clauses;
	struct seccomp_segment *segments;

	void *memory;
	size_t size;
};

/* Returns 0, or -EINVAL with path filled: see struct seccomp_program. */
int seccomp_plan_make(struct seccomp_plan *plan, const struct spec_seccomp *s,
		      char *path, size_t path_size);

void seccomp_plan_free(struct seccomp_plan *plan);

#endif
