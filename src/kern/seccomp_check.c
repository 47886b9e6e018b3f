/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_check.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "kern/seccomp_abi.h"
#include "kern/seccomp_clause.h"
#include "kern/seccomp_run.h"

/* Values of half an argument that are tried, and combinations of them. */
enum { VALUES_MAX = 64, POINTS = 20000, HALVES = 2 * SECCOMP_ARGS };

/* Of each argument the low half, then the high one. */
struct values {
	uint32_t v[HALVES][VALUES_MAX];
	unsigned int n[HALVES];
};

static bool holds(const struct seccomp_cond *c, uint64_t arg)
{
	switch (c->op) {
	case OP_EQ:
		return arg == c->value;
	case OP_NE:
		return arg != c->value;
	case OP_LT:
		return arg < c->value;
	case OP_LE:
		return arg <= c->value;
	case OP_GT:
		return arg > c->value;
	case OP_GE:
		return arg >= c->value;
	case OP_MASKED_EQ:
		return (arg & c->mask) == c->value;
	}
	return false;
}

static bool applies(const struct seccomp_clause_conds *c,
		    const struct k_seccomp_data *d, unsigned int bits)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		uint64_t arg = d->args[c->v[i].arg];

		if (!holds(&c->v[i], bits == 32 ? (uint32_t)arg : arg))
			return false;
	}
	return true;
}

static bool is_right(const struct seccomp_plan *plan, unsigned int bits,
		     size_t n, const struct k_seccomp_data *d, uint32_t outcome)
{
	struct seccomp_clause_conds c;
	bool any = false;
	size_t i;

	for (i = 0; i < n; i++) {
		clause_conds(&c, plan, &plan->clauses[i], bits);
		if (!applies(&c, d, bits))
			continue;
		if (outcome == plan->clauses[i].action)
			return true;
		any = true;
	}
	return !any && outcome == plan->default_action;
}

static void add(struct values *v, uint32_t half, uint32_t value)
{
	unsigned int i;

	for (i = 0; i < v->n[half]; i++)
		if (v->v[half][i] == value)
			return;
	if (i < VALUES_MAX)
		v->v[half][v->n[half]++] = value;
}

static void add_around(struct values *v, uint32_t half,
		       const struct seccomp_cond *c, uint32_t value,
		       uint32_t mask)
{
	add(v, half, value);
	add(v, half, value - 1);
	add(v, half, value + 1);
	if (c->op == OP_MASKED_EQ) {
		add(v, half, value | ~mask);
		add(v, half, value ^ (mask & -mask));
	}
}

/* The halves of all constants, in case that one is taken for another. */
static void mix(struct values *v)
{
	unsigned int n[HALVES], i, k, m;

	memcpy(n, v->n, sizeof(n));
	for (i = 0; i < HALVES; i++)
		for (k = 0; k < HALVES && n[i] > 1; k++)
			for (m = 0; m < n[k]; m++)
				add(v, i, v->v[k][m]);
}

static void collect(struct values *v, const struct seccomp_plan *plan,
		    unsigned int bits, size_t n)
{
	struct seccomp_clause_conds c;
	uint32_t half;
	size_t i, k;

	for (half = 0; half < HALVES; half++) {
		v->n[half] = 1;
		v->v[half][0] = 0;
	}
	for (i = 0; i < n; i++) {
		clause_conds(&c, plan, &plan->clauses[i], bits);
		for (k = 0; k < c.n; k++) {
			half = 2 * c.v[k].arg;
			add_around(v, half, &c.v[k], (uint32_t)c.v[k].value,
				   (uint32_t)c.v[k].mask);
			if (bits == 64)
				add_around(v, half + 1, &c.v[k],
					   (uint32_t)(c.v[k].value >> 32),
					   (uint32_t)(c.v[k].mask >> 32));
		}
	}
	mix(v);
}

/* splitmix64: the same numbers every time. */
static uint64_t scatter(uint64_t n)
{
	n *= UINT64_C(0x9e3779b97f4a7c15);
	n = (n ^ (n >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ (n >> 27)) * UINT64_C(0x94d049bb133111eb);
	return n ^ (n >> 31);
}

static uint64_t value(const struct values *v, uint32_t arg, uint64_t low,
		      uint64_t high)
{
	uint32_t half = 2 * arg;

	return v->v[half][low % v->n[half]] |
	       (uint64_t)v->v[half + 1][high % v->n[half + 1]] << 32;
}

/* A call whose rules are in plan->clauses. */
struct call {
	const struct seccomp_plan *plan;
	const struct k_sock_filter *program;
	size_t length;
	struct k_seccomp_data data;
	unsigned int bits;
	int verdict;
	uint32_t action;
	size_t n;
};

static bool is_point_right(const struct call *c)
{
	uint32_t outcome;

	if (!seccomp_run(c->program, c->length, &c->data, &outcome))
		return false;
	if (c->verdict == VERDICT_ACTION)
		return outcome == c->action;
	return is_right(c->plan, c->bits, c->n, &c->data, outcome);
}

/* All values of each argument alone, */
static bool is_right_apart(struct call *c, const struct values *v)
{
	uint32_t arg, low, high;

	for (arg = 0; arg < SECCOMP_ARGS; arg++) {
		for (low = 0; low < v->n[2 * arg]; low++) {
			for (high = 0; high < v->n[2 * arg + 1]; high++) {
				c->data.args[arg] = value(v, arg, low, high);
				if (!is_point_right(c))
					return false;
			}
		}
		c->data.args[arg] = 0;
	}
	return true;
}

/* and many of all. */
static bool is_right_together(struct call *c, const struct values *v)
{
	uint64_t i, random = 0;
	uint32_t arg;

	for (i = 0; i < POINTS; i++) {
		for (arg = 0; arg < SECCOMP_ARGS; arg++) {
			random = scatter(SECCOMP_ARGS * i + arg + 1);
			c->data.args[arg] =
				value(v, arg, (uint32_t)random, random >> 32);
		}
		if (!is_point_right(c))
			return false;
	}
	return true;
}

static int check_call(const struct seccomp_plan *plan, unsigned int abi,
		      const struct seccomp_row *row,
		      const struct k_sock_filter *program, size_t length)
{
	struct call c = {
		.plan = plan,
		.program = program,
		.length = length,
		.data.nr = seccomp_number(&seccomp_abis[abi], row),
		.data.arch = seccomp_abis[abi].audit,
		.bits = seccomp_abis[abi].bits,
	};
	struct values v;

	c.verdict = clause_verdict(plan, abi, row->name, &c.action, &c.n);
	if (c.verdict < 0)
		return c.verdict;
	if (c.verdict == VERDICT_ACTION)
		c.n = 0;
	collect(&v, plan, c.bits, c.n);
	if (is_right_apart(&c, &v) && is_right_together(&c, &v))
		return 0;
	return err_say(EINVAL,
		       "libseccomp gets the rules for %s wrong, of "
		       "which some with different actions overlap",
		       seccomp_name(row->name));
}

int seccomp_check(const struct seccomp_plan *plan,
		  const struct k_sock_filter *program, size_t n)
{
	const struct seccomp_row *row;
	unsigned int abi;
	size_t i;
	int ret = 0;

	for (abi = 0; abi < ABIS; abi++) {
		if (!(plan->abis & 1U << abi))
			continue;
		for (i = seccomp_abis[abi].row;
		     i < seccomp_abis[abi].row_end && ret == 0; i++) {
			row = seccomp_row(i);
			if (plan->calls[row->name].library)
				ret = check_call(plan, abi, row, program, n);
		}
	}
	return ret;
}
