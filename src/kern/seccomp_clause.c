/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_clause.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"

/* The bits of a comparison that count. */
static struct seccomp_cond cut(const struct seccomp_cond *c, unsigned int bits)
{
	struct seccomp_cond out = *c;

	if (bits == 32) {
		out.value = (uint32_t)c->value;
		out.mask = (uint32_t)c->mask;
	}
	return out;
}

static bool always(const struct seccomp_cond *c)
{
	return c->op == OP_MASKED_EQ && c->mask == 0;
}

static void insert(struct seccomp_clause_conds *out, struct seccomp_cond c)
{
	size_t i;

	for (i = out->n++; i && out->v[i - 1].arg > c.arg; i--)
		out->v[i] = out->v[i - 1];
	out->v[i] = c;
}

void clause_conds(struct seccomp_clause_conds *out,
		  const struct seccomp_plan *plan,
		  const struct seccomp_clause *clause, unsigned int bits)
{
	struct seccomp_cond c = {
		.op = OP_EQ,
		.value = clause->selector,
		.mask = ~UINT64_C(0),
	};
	uint32_t i;

	out->n = 0;
	if (clause->selector)
		insert(out, cut(&c, bits));
	for (i = 0; i < clause->count; i++) {
		c = cut(&plan->conds[clause->cond + i], bits);
		if (!always(&c) && !(clause->selector && c.arg == 0))
			insert(out, c);
	}
}

/* The rule applies to every call: all of its conditions do, or any of them if
 * it is as many rules. */
static bool is_unconditional(const struct seccomp_plan *plan,
			     const struct seccomp_rule *rule, unsigned int bits)
{
	struct seccomp_cond c;
	uint32_t i;

	for (i = 0; i < rule->count; i++) {
		c = cut(&plan->conds[rule->cond + i], bits);
		if (always(&c) == rule->split)
			return rule->split;
	}
	return !rule->split;
}

static bool same_clause(const struct seccomp_plan *plan,
			const struct seccomp_clause *a,
			const struct seccomp_clause *b)
{
	return a->action == b->action && a->count == b->count &&
	       a->selector == b->selector &&
	       memcmp(&plan->conds[a->cond], &plan->conds[b->cond],
		      a->count * sizeof(plan->conds[0])) == 0;
}

/* Where there are more than a few, those that are there by their hashes: it
 * saves nearly all the looking for one that is not, so that a thousand cost a
 * thousand times what one does. */
enum { FEW = 16, SEEN_BITS = 15 };
static uint32_t seen[(1 << SEEN_BITS) / 32];

static uint32_t hash(const struct seccomp_plan *plan,
		     const struct seccomp_clause *clause)
{
	const struct seccomp_cond *c = &plan->conds[clause->cond];
	uint64_t h = clause->action ^ clause->selector;
	uint32_t i;

	for (i = 0; i < clause->count; i++, c++)
		h = (h ^ c->value ^ c->arg) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> (64 - SEEN_BITS));
}

/* Returns whether one with that hash was seen before. */
static bool see(const struct seccomp_plan *plan,
		const struct seccomp_clause *clause)
{
	uint32_t h = hash(plan, clause), bit = UINT32_C(1) << h % 32;
	bool before = seen[h / 32] & bit;

	seen[h / 32] |= bit;
	return before;
}

static bool is_there(const struct seccomp_plan *plan, size_t n,
		     const struct seccomp_clause *clause)
{
	size_t i;

	if (n == FEW) {
		memset(seen, 0, sizeof(seen));
		for (i = 0; i < n; i++)
			see(plan, &plan->clauses[i]);
	}
	if (n >= FEW && !see(plan, clause))
		return false;
	for (i = n; i-- > 0;)
		if (same_clause(plan, &plan->clauses[i], clause))
			return true;
	return false;
}

static int add(const struct seccomp_plan *plan, size_t *n,
	       struct seccomp_clause clause)
{
	if (is_there(plan, *n, &clause))
		return 0;
	if (*n == SECCOMP_CLAUSES_MAX)
		return -E2BIG;
	plan->clauses[(*n)++] = clause;
	return 0;
}

static int add_rule(const struct seccomp_plan *plan, size_t *n,
		    const struct seccomp_rule *rule, uint8_t selector)
{
	struct seccomp_clause clause = {
		.action = rule->action,
		.cond = rule->cond,
		.count = rule->count,
		.selector = selector,
	};
	uint32_t i;
	int ret = 0;

	if (!rule->split)
		return add(plan, n, clause);
	clause.count = 1;
	for (i = 0; i < rule->count && ret == 0; i++) {
		ret = add(plan, n, clause);
		clause.cond++;
	}
	return ret;
}

static int add_call(const struct seccomp_plan *plan, size_t *n, size_t name,
		    uint8_t selector)
{
	const struct seccomp_call *call = &plan->calls[name];
	const struct seccomp_rule decided = { .action = call->action };
	uint32_t link;
	int ret = 0;

	if (call->decided && !call->head)
		return add_rule(plan, n, &decided, selector);
	for (link = call->head; link && ret == 0; link = plan->links[link].next)
		ret = add_rule(plan, n, &plan->rules[plan->links[link].rule],
			       selector);
	return ret;
}

/* The calls that go through this one, too. */
static int add_muxed(const struct seccomp_plan *plan, size_t *n,
		     unsigned int abi, size_t name)
{
	const struct seccomp_mux *mux;
	size_t i;
	int ret = 0;

	for (i = 0; (mux = seccomp_mux(i)) && ret == 0; i++)
		if (mux->abi == abi && mux->call == name)
			ret = add_call(plan, n, mux->name, mux->selector);
	return ret;
}

/* The values that a comparison lets through, if they are in one row. */
struct range {
	uint64_t first, last; /* none if first > last */
};

static struct range range_of(const struct seccomp_cond *c, uint64_t max)
{
	struct range none = { 1, 0 };

	switch (c->op) {
	case OP_EQ:
		return (struct range){ c->value, c->value };
	case OP_LT:
		return c->value ? (struct range){ 0, c->value - 1 } : none;
	case OP_LE:
		return (struct range){ 0, c->value };
	case OP_GT:
		return c->value < max ? (struct range){ c->value + 1, max } :
					none;
	case OP_GE:
		return (struct range){ c->value, max };
	case OP_MASKED_EQ:
		/* All of its values are within. */
		return (struct range){ c->value, c->value | (max & ~c->mask) };
	case OP_NE:
		break;
	}
	return (struct range){ 0, max };
}

/* Is there no value that passes both? False if that can't be told. */
static bool exclude(const struct seccomp_cond *a, const struct seccomp_cond *b,
		    uint64_t max)
{
	struct range ra = range_of(a, max), rb = range_of(b, max);
	uint64_t common;

	if (ra.first > ra.last || rb.first > rb.last || ra.last < rb.first ||
	    rb.last < ra.first)
		return true;
	if (a->op == OP_NE)
		return rb.first == rb.last && rb.first == a->value;
	if (b->op == OP_NE)
		return ra.first == ra.last && ra.first == b->value;
	if (a->op != OP_EQ && a->op != OP_MASKED_EQ)
		return false;
	if (b->op != OP_EQ && b->op != OP_MASKED_EQ)
		return false;
	common = a->mask & b->mask;
	return (a->value & common) != (b->value & common);
}

static bool disjoint(const struct seccomp_clause_conds *a,
		     const struct seccomp_clause_conds *b, unsigned int bits)
{
	uint64_t max = bits == 64 ? UINT64_MAX : UINT32_MAX;
	size_t i, k;

	for (i = 0; i < a->n; i++)
		for (k = 0; k < b->n; k++)
			if (a->v[i].arg == b->v[k].arg &&
			    exclude(&a->v[i], &b->v[k], max))
				return true;
	return false;
}

/* Of comparisons with values, all but the last with EQ. */
static bool is_plain(const struct seccomp_clause_conds *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->v[i].op != OP_EQ &&
		    !(c->v[i].op == OP_NE && i + 1 == c->n))
			return false;
	return true;
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* The order in which plain clauses are looked at: later arguments and higher
 * values first. Returns 1 where it is a that comes first. */
static int precedence(const struct seccomp_clause_conds *a,
		      const struct seccomp_clause_conds *b)
{
	size_t i;
	int order;

	for (i = 0; i < a->n && i < b->n; i++) {
		order = compare(a->v[i].arg, b->v[i].arg);
		if (order == 0)
			order = compare(a->v[i].value, b->v[i].value);
		if (order != 0)
			return order;
	}
	return compare(a->n, b->n);
}

/* Does libseccomp keep to this order? Not if one has all that the other has,
 * and more; nor for two NE whose values share the high word, which it treats
 * as a comparison of its own. */
static bool is_settled(const struct seccomp_clause_conds *a,
		       const struct seccomp_clause_conds *b, unsigned int bits)
{
	size_t i;

	if (!is_plain(a) || !is_plain(b))
		return false;
	for (i = 0; i < a->n && i < b->n; i++) {
		const struct seccomp_cond *ca = &a->v[i], *cb = &b->v[i];

		if (ca->arg != cb->arg)
			return true;
		if (ca->op == OP_NE && cb->op == OP_NE && bits == 64 &&
		    ca->value >> 32 == cb->value >> 32)
			return false;
		if (ca->value != cb->value)
			return true;
	}
	return false;
}

/* Is it clear which of two decides? Sets *sort if it depends on their order. */
static bool is_clear(const struct seccomp_plan *plan, unsigned int bits,
		     const struct seccomp_clause *a,
		     const struct seccomp_clause *b, bool *sort)
{
	struct seccomp_clause_conds ca, cb;

	clause_conds(&ca, plan, a, bits);
	clause_conds(&cb, plan, b, bits);
	if (disjoint(&ca, &cb, bits))
		return true;
	*sort = true;
	return is_settled(&ca, &cb, bits);
}

/* Plain ones first, so that all that can be compared are neighbours. */
static bool comes_before(const struct seccomp_plan *plan, unsigned int bits,
			 const struct seccomp_clause *a,
			 const struct seccomp_clause *b)
{
	struct seccomp_clause_conds ca, cb;

	clause_conds(&ca, plan, a, bits);
	clause_conds(&cb, plan, b, bits);
	if (!is_plain(&ca) || !is_plain(&cb))
		return is_plain(&ca) && !is_plain(&cb);
	return precedence(&ca, &cb) > 0;
}

static void sort_clauses(const struct seccomp_plan *plan, unsigned int bits,
			 size_t n)
{
	struct seccomp_clause *v = plan->clauses, c;
	size_t i, k;

	for (i = 1; i < n; i++) {
		c = v[i];
		for (k = i; k && comes_before(plan, bits, &c, &v[k - 1]); k--)
			v[k] = v[k - 1];
		v[k] = c;
	}
}

static bool same_action(const struct seccomp_clause *v, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (v[i].action != v[0].action)
			return false;
	return true;
}

static int judge(const struct seccomp_plan *plan, unsigned int bits, size_t n)
{
	const struct seccomp_clause *v = plan->clauses;
	bool sort = false;
	size_t i, k;

	if (same_action(v, n))
		return VERDICT_CLAUSES;
	for (i = 1; i < n; i++)
		for (k = 0; k < i; k++)
			if (v[i].action != v[k].action &&
			    !is_clear(plan, bits, &v[i], &v[k], &sort))
				return VERDICT_UNCLEAR;
	if (sort)
		sort_clauses(plan, bits, n);
	return VERDICT_CLAUSES;
}

bool clause_is_mentioned(const struct seccomp_plan *plan, unsigned int abi,
			 size_t name)
{
	const struct seccomp_mux *mux;
	size_t i;

	if (plan->calls[name].mentioned)
		return true;
	if (plan->calls[name].muxes & 1U << abi)
		for (i = 0; (mux = seccomp_mux(i)); i++)
			if (mux->abi == abi && mux->call == name &&
			    plan->calls[mux->name].mentioned)
				return true;
	return false;
}

int clause_verdict(const struct seccomp_plan *plan, unsigned int abi,
		   size_t name, uint32_t *action, size_t *n)
{
	const struct seccomp_call *call = &plan->calls[name];
	unsigned int bits = seccomp_abis[abi].bits;
	uint32_t link;
	int ret;

	*action = call->action;
	if (!call->head && call->decided)
		return VERDICT_ACTION;
	if (!call->head && !call->muxes)
		return VERDICT_DEFAULT;
	for (link = call->head; link; link = plan->links[link].next) {
		uint32_t rule = plan->links[link].rule;

		*action = plan->rules[rule].action;
		if (is_unconditional(plan, &plan->rules[rule], bits))
			return VERDICT_ACTION;
	}
	*n = 0;
	ret = add_call(plan, n, name, 0);
	if (ret == 0 && call->muxes & 1U << abi)
		ret = add_muxed(plan, n, abi, name);
	if (ret < 0)
		return err_say(E2BIG, "too many seccomp rules for %s",
			       seccomp_name(name));
	return *n ? judge(plan, bits, *n) : VERDICT_DEFAULT;
}
