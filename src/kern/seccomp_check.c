/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All values of all arguments are tried, many at a time: values of a 32-bit
 * word that no comparison tells apart are one candidate. Each branch of the
 * program, and then each condition of the rules, parts the candidates of one
 * word, until it is known which rules apply where the program ends. What is
 * compared with a word becomes known on the way: when new candidates turned up,
 * all is done again with them.
 *
 * Comparisons under a mask may part a word in more ways than that, if there are
 * others of the same word, which ask for its order or have another mask. These
 * are too much to be tried.
 */
#include "kern/seccomp_check.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "kern/seccomp_abi.h"
#include "kern/seccomp_clause.h"

enum {
	HALVES = 2 * SECCOMP_ARGS, /* words: of each argument low, high */
	CANDIDATES_MAX = 256,
	SETS = CANDIDATES_MAX / 64,
	STEPS_MAX = 4000000,
};

/* Candidates of a word, by a bit for each. */
struct set {
	uint64_t bits[SETS];
};

/* How a value is to a constant. */
enum side { LESS, EQUAL, GREATER, SIDES };

struct check {
	const struct seccomp_plan *plan;
	const struct k_sock_filter *program;
	size_t length;
	/* A call; its rules are in plan->clauses. */
	uint32_t number, arch, otherwise;
	unsigned int bits;
	size_t n;

	uint32_t v[HALVES][CANDIDATES_MAX];
	unsigned int count[HALVES];
	struct set in[HALVES]; /* those that are looked at now */
	uint32_t mask[HALVES]; /* of some comparison, or 0 */
	bool ordered[HALVES];  /* some comparison asks what is greater */
	bool grown;
	bool full; /* too much to be tried */
	unsigned int steps;
	struct k_seccomp_data *wrong;
};

/* The accumulator: a number, or a word under a mask. */
struct acc {
	bool known;
	uint32_t value;
	uint32_t half, mask;
};

static void add(struct check *c, uint32_t half, uint32_t value)
{
	unsigned int i;

	for (i = 0; i < c->count[half]; i++)
		if (c->v[half][i] == value)
			return;
	if (i == CANDIDATES_MAX) {
		c->full = true;
		return;
	}
	c->v[half][c->count[half]++] = value;
	c->grown = true;
}

/* Makes sure that there are candidates at, below and above a constant, and
 * with other bits as before under a mask. */
static void cover(struct check *c, uint32_t half, uint32_t mask, uint32_t k)
{
	uint32_t lowest = mask & -mask;
	const uint32_t around[] = { k, k - 1, k + 1, k ^ lowest };
	unsigned int n = mask == UINT32_MAX ? 1 : c->count[half], i, j;
	uint32_t rest;

	for (i = 0; i < n; i++) {
		rest = c->v[half][i] & ~mask;
		for (j = 0; j < sizeof(around) / sizeof(around[0]); j++)
			add(c, half, rest | (around[j] & mask));
	}
}

static enum side side_of(uint32_t value, uint32_t k)
{
	if (value == k)
		return EQUAL;
	return value < k ? LESS : GREATER;
}

static void note_mask(struct check *c, uint32_t half, uint32_t mask, bool order)
{
	c->ordered[half] |= order;
	if (mask && mask != UINT32_MAX) {
		c->full |= c->mask[half] && c->mask[half] != mask;
		c->mask[half] = mask;
	}
	c->full |= c->ordered[half] && c->mask[half];
}

/* Parts the candidates of a word by their side. */
static void part(struct check *c, uint32_t half, uint32_t mask, uint32_t k,
		 bool order, struct set sides[SIDES])
{
	unsigned int i;
	enum side s;

	note_mask(c, half, mask, order);
	cover(c, half, mask, k);
	memset(sides, 0, SIDES * sizeof(*sides));
	for (i = 0; i < c->count[half]; i++) {
		s = side_of(c->v[half][i] & mask, k);
		sides[s].bits[i / 64] |= c->in[half].bits[i / 64] &
					 UINT64_C(1) << i % 64;
	}
}

static bool is_empty(const struct set *s)
{
	uint64_t any = 0;
	unsigned int i;

	for (i = 0; i < SETS; i++)
		any |= s->bits[i];
	return !any;
}

static bool step(struct check *c)
{
	c->full |= c->steps++ == STEPS_MAX;
	return !c->full;
}

/* Where a program ended. Which clauses apply is found one after the other;
 * any: one did. */
struct end {
	uint32_t outcome;
	size_t clause;
	bool any;
	struct seccomp_clause_conds conds; /* of the clause */
	size_t cond;
};

static bool judge_clause(struct check *c, struct end e);

static bool holds(enum seccomp_op op, enum side s)
{
	switch (op) {
	case OP_EQ:
	case OP_MASKED_EQ:
		return s == EQUAL;
	case OP_NE:
		return s != EQUAL;
	case OP_LT:
		return s == LESS;
	case OP_LE:
		return s != GREATER;
	case OP_GT:
		return s == GREATER;
	case OP_GE:
		return s != LESS;
	}
	return false;
}

static bool judge_cond(struct check *c, struct end e)
{
	const struct seccomp_clause *clause = &c->plan->clauses[e.clause];

	if (e.cond < e.conds.n)
		return false;
	/* It applies. */
	if (clause->action == e.outcome)
		return true;
	e.any = true;
	e.clause++;
	return judge_clause(c, e);
}

/* One half of the argument that the next condition is about; the lower one
 * decides where the upper ones are equal. */
static bool judge_half(struct check *c, struct end e, bool upper)
{
	const struct seccomp_cond *cond = &e.conds.v[e.cond];
	uint32_t half = 2 * cond->arg + upper;
	unsigned int shift = upper ? 32 : 0;
	struct set sides[SIDES], all = c->in[half];
	struct end next;
	bool right = true;
	int s;

	if (!step(c))
		return false;
	part(c, half, (uint32_t)(cond->mask >> shift),
	     (uint32_t)(cond->value >> shift),
	     cond->op >= OP_LT && cond->op <= OP_GE, sides);
	for (s = LESS; s < SIDES && right; s++) {
		if (is_empty(&sides[s]))
			continue;
		c->in[half] = sides[s];
		next = e;
		if (upper && s == EQUAL) {
			right = judge_half(c, next, false);
		} else if (!holds(cond->op, (enum side)s)) {
			next.clause++;
			right = judge_clause(c, next);
		} else if (++next.cond < next.conds.n) {
			right = judge_half(c, next, c->bits == 64);
		} else {
			right = judge_cond(c, next);
		}
	}
	c->in[half] = all;
	return right;
}

/* Notes a call that is looked at, for which the outcome is wrong. */
static bool note_wrong(struct check *c)
{
	uint32_t half, value[HALVES];
	unsigned int i;

	for (half = 0; half < HALVES; half++) {
		for (i = 0; i + 1 < c->count[half]; i++)
			if (c->in[half].bits[i / 64] & UINT64_C(1) << i % 64)
				break;
		value[half] = c->v[half][i];
	}
	c->wrong->nr = c->number;
	c->wrong->arch = c->arch;
	memcpy(c->wrong->args, value, sizeof(value));
	return false;
}

static bool judge_clause(struct check *c, struct end e)
{
	if (e.clause == c->n)
		return (!e.any && e.outcome == c->otherwise) || note_wrong(c);
	clause_conds(&e.conds, c->plan, &c->plan->clauses[e.clause], c->bits);
	e.cond = 0;
	if (!e.conds.n)
		return judge_cond(c, e);
	return judge_half(c, e, c->bits == 64);
}

static bool load(const struct check *c, struct acc *a, uint32_t offset)
{
	uint32_t half = (offset - K_DATA_ARG(0)) / 4;

	a->mask = UINT32_MAX;
	a->known = offset < K_DATA_ARG(0);
	a->value = offset == K_DATA_NR ? c->number : c->arch;
	a->half = half;
	return a->known ? offset == K_DATA_NR || offset == K_DATA_ARCH :
			  half < HALVES && offset % 4 == 0;
}

static bool walk(struct check *c, size_t at, struct acc a);

/* Both ways of a jump that depends on a word. */
static bool walk_both(struct check *c, size_t at, struct acc a)
{
	const struct k_sock_filter *p = &c->program[at];
	bool set = p->code == K_BPF_JSET, right = true, yes;
	struct set sides[SIDES], all = c->in[a.half];
	int s;

	if (set)
		part(c, a.half, a.mask & p->k, 0, false, sides);
	else
		part(c, a.half, a.mask, p->k, p->code != K_BPF_JEQ, sides);
	for (s = LESS; s < SIDES && right; s++) {
		if (is_empty(&sides[s]))
			continue;
		yes = p->code == K_BPF_JEQ ? s == EQUAL :
		      p->code == K_BPF_JGE ? s != LESS :
					     s == GREATER;
		c->in[a.half] = sides[s];
		right = walk(c, at + 1 + (yes ? p->jt : p->jf), a);
	}
	c->in[a.half] = all;
	return right;
}

static bool compare(const struct k_sock_filter *p, uint32_t value)
{
	switch (p->code) {
	case K_BPF_JEQ:
		return value == p->k;
	case K_BPF_JGT:
		return value > p->k;
	case K_BPF_JGE:
		return value >= p->k;
	}
	return (value & p->k) != 0;
}

/* From the instruction at on, for all values that are looked at. */
static bool walk(struct check *c, size_t at, struct acc a)
{
	const struct k_sock_filter *p;

	for (; at < c->length && step(c); at++) {
		p = &c->program[at];
		switch (p->code) {
		case K_BPF_LD:
			if (!load(c, &a, p->k))
				return note_wrong(c);
			break;
		case K_BPF_AND:
			a.value &= p->k;
			a.mask &= p->k;
			break;
		case K_BPF_JA:
			if (p->k >= c->length)
				return note_wrong(c);
			at += p->k;
			break;
		case K_BPF_JEQ:
		case K_BPF_JGT:
		case K_BPF_JGE:
		case K_BPF_JSET:
			if (!a.known)
				return walk_both(c, at, a);
			at += compare(p, a.value) ? p->jt : p->jf;
			break;
		case K_BPF_RET:
			return judge_clause(c, (struct end){ .outcome = p->k });
		default:
			return note_wrong(c);
		}
	}
	return c->full ? false : note_wrong(c);
}

static void begin(struct check *c)
{
	uint32_t half;

	c->grown = false;
	for (half = 0; half < HALVES; half++) {
		memset(&c->in[half], 0xff, sizeof(c->in[half]));
		if (c->count[half])
			continue;
		c->v[half][0] = 0;
		c->v[half][1] = UINT32_MAX;
		c->count[half] = 2;
	}
}

static bool is_right(struct check *c)
{
	bool right;

	memset(c->count, 0, sizeof(c->count));
	memset(c->mask, 0, sizeof(c->mask));
	memset(c->ordered, 0, sizeof(c->ordered));
	c->steps = 0;
	do {
		begin(c);
		right = walk(c, 0, (struct acc){ .known = true });
	} while (right && c->grown && !c->full);
	return right && !c->full;
}

static int check_call(struct check *c, unsigned int abi,
		      const struct seccomp_row *row)
{
	uint32_t action;
	size_t n;
	int verdict = clause_verdict(c->plan, abi, row->name, &action, &n);

	if (verdict < 0)
		return verdict;
	c->otherwise = verdict == VERDICT_ACTION ? action :
						   c->plan->default_action;
	c->n = verdict == VERDICT_CLAUSES || verdict == VERDICT_UNCLEAR ? n : 0;
	c->number = seccomp_number(&seccomp_abis[abi], row);
	c->arch = seccomp_abis[abi].audit;
	c->bits = seccomp_abis[abi].bits;
	c->full = false;
	if (is_right(c))
		return 0;
	return err_say(EINVAL,
		       "libseccomp gets the rules for %s wrong, of "
		       "which some with different actions overlap%s",
		       seccomp_name(row->name),
		       c->full ? ", or they are too much to be tried" : "");
}

int seccomp_check(const struct seccomp_plan *plan,
		  const struct k_sock_filter *program, size_t n,
		  struct k_seccomp_data *wrong)
{
	struct check c = {
		.plan = plan,
		.program = program,
		.length = n,
		.wrong = wrong,
	};
	const struct seccomp_row *row;
	unsigned int abi;
	size_t i;
	int ret = 0;

	*wrong = (struct k_seccomp_data){ .arch = 0 };
	for (abi = 0; abi < ABIS; abi++) {
		if (!(plan->abis & 1U << abi))
			continue;
		for (i = seccomp_abis[abi].row;
		     i < seccomp_abis[abi].row_end && ret == 0; i++) {
			row = seccomp_row(i);
			if (plan->calls[row->name].library)
				ret = check_call(&c, abi, row);
		}
	}
	return ret;
}
