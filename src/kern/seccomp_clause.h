/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of one call on one ABI: which of them decides where several apply.
 */
#ifndef KERN_SECCOMP_CLAUSE_H
#define KERN_SECCOMP_CLAUSE_H

#include <stddef.h>

#include "kern/seccomp_abi.h"
#include "kern/seccomp_plan.h"

/* A clause's conditions as they are on an ABI: by argument, no two on one,
 * none that always holds. */
struct seccomp_clause_conds {
	struct seccomp_cond v[SECCOMP_ARGS];
	size_t n;
};

void clause_conds(struct seccomp_clause_conds *out,
		  const struct seccomp_plan *plan,
		  const struct seccomp_clause *clause, unsigned int bits);

enum seccomp_verdict {
	VERDICT_DEFAULT,
	VERDICT_ACTION,  /* whatever the arguments are */
	VERDICT_CLAUSES, /* plan->clauses, the first that applies */
	VERDICT_UNCLEAR, /* two apply, and which comes first is not defined */
};

/* What becomes of a call of an ABI: by its row's name. Returns a verdict, or
 * -E2BIG. */
int clause_verdict(const struct seccomp_plan *plan, unsigned int abi,
		   size_t name, uint32_t *action, size_t *n);

/* Does the profile name the call, or one that goes through it? */
bool clause_is_mentioned(const struct seccomp_plan *plan, unsigned int abi,
			 size_t name);

#endif
