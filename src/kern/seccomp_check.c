/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_check.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "kern/seccomp_abi.h"
#include "kern/seccomp_clause.h"

/* Values of an argument that are tried, and combinations of them. */
enum { VALUES_MAX = 64, POINTS_MAX = 20000 };

/* struct seccomp_data of <linux/seccomp.h> */
struct data {
	uint32_t nr, arch;
	uint64_t ip;
	uint64_t args[SECCOMP_ARGS];
};

struct values {
	uint64_t v[SECCOMP_ARGS][VALUES_MAX];
	unsigned int n[SECCOMP_ARGS];
};

/* Returns whether the program came to an end. Jumps only go forward. */
static bool interpret(const struct k_sock_filter *p, size_t n,
		      const struct data *d, uint32_t *outcome)
{
	uint32_t a = 0;
	bool yes;
	size_t i;

	for (i = 0; i < n; i++) {
		switch (p[i].code) {
		case K_BPF_LD:
			if (p[i].k > sizeof(*d) - sizeof(a))
				return false;
			memcpy(&a, (const char *)d + p[i].k, sizeof(a));
			continue;
		case K_BPF_AND:
			a &= p[i].k;
			continue;
		case K_BPF_JA:
			i += p[i].k;
			continue;
		case K_BPF_JEQ:
			yes = a == p[i].k;
			break;
		case K_BPF_JGT:
			yes = a > p[i].k;
			break;
		case K_BPF_JGE:
			yes = a >= p[i].k;
			break;
		case K_BPF_JSET:
			yes = (a & p[i].k) != 0;
			break;
		case K_BPF_RET:
			*outcome = p[i].k;
			return true;
		default:
			return false;
		}
		i += yes ? p[i].jt : p[i].jf;
	}
	return false;
}

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

static bool applies(const struct seccomp_clause_conds *c, const struct data *d,
		    unsigned int bits)
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
		     size_t n, const struct data *d, uint32_t outcome)
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

static void add(struct values *v, uint32_t arg, uint64_t value)
{
	unsigned int i;

	for (i = 0; i < v->n[arg]; i++)
		if (v->v[arg][i] == value)
			return;
	if (i < VALUES_MAX)
		v->v[arg][v->n[arg]++] = value;
}

/* Around a constant, in each of its halves. */
static void add_around(struct values *v, const struct seccomp_cond *c,
		       unsigned int bits)
{
	const uint64_t high = UINT64_C(1) << 32;
	uint64_t value = c->value;

	add(v, c->arg, value);
	add(v, c->arg, value - 1);
	add(v, c->arg, value + 1);
	if (c->op == OP_MASKED_EQ) {
		add(v, c->arg, value | ~c->mask);
		add(v, c->arg, value ^ (c->mask & -c->mask));
	}
	if (bits == 64) {
		add(v, c->arg, value - high);
		add(v, c->arg, value + high);
	}
}

static void collect(struct values *v, const struct seccomp_plan *plan,
		    unsigned int bits, size_t n)
{
	struct seccomp_clause_conds c;
	uint32_t arg;
	size_t i, k;

	for (arg = 0; arg < SECCOMP_ARGS; arg++) {
		v->n[arg] = 1;
		v->v[arg][0] = 0;
	}
	for (i = 0; i < n; i++) {
		clause_conds(&c, plan, &plan->clauses[i], bits);
		for (k = 0; k < c.n; k++)
			add_around(v, &c.v[k], bits);
	}
}

/* All combinations if they are few enough, else as many of them at random. */
static void choose(struct data *d, const struct values *v, uint64_t point,
		   bool all)
{
	uint64_t rest = all ? point :
			      (point + 1) * UINT64_C(0x9e3779b97f4a7c15);
	uint32_t arg;

	for (arg = 0; arg < SECCOMP_ARGS; arg++) {
		d->args[arg] = v->v[arg][rest % v->n[arg]];
		rest /= v->n[arg];
	}
}

static int check_call(const struct seccomp_plan *plan, unsigned int abi,
		      const struct seccomp_row *row,
		      const struct k_sock_filter *program, size_t length)
{
	struct data d = {
		.nr = seccomp_number(&seccomp_abis[abi], row),
		.arch = seccomp_abis[abi].audit,
	};
	unsigned int bits = seccomp_abis[abi].bits;
	uint64_t points = 1, i;
	uint32_t action, outcome;
	struct values v;
	size_t n = 0;
	int ret = clause_verdict(plan, abi, row->name, &action, &n);

	if (ret < 0)
		return ret;
	if (ret == VERDICT_ACTION || ret == VERDICT_DEFAULT)
		n = 0;
	collect(&v, plan, bits, n);
	for (i = 0; i < SECCOMP_ARGS && points <= POINTS_MAX; i++)
		points *= v.n[i];
	for (i = 0; i < points && i < POINTS_MAX; i++) {
		choose(&d, &v, i, points <= POINTS_MAX);
		if (!interpret(program, length, &d, &outcome))
			break;
		if (ret == VERDICT_ACTION ?
			    outcome != action :
			    !is_right(plan, bits, n, &d, outcome))
			break;
	}
	if (i == points || i == POINTS_MAX)
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
