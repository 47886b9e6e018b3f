/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_bpf.h"

#include "kern/seccomp_abi.h"
#include "kern/seccomp_clause.h"

/* How far a conditional jump is let go: the 255 that it can, less the two
 * stepping stones that may still come between. */
enum { REACH = 253 };

static unsigned int emit(struct seccomp_bpf *b, uint16_t code, unsigned int jt,
			 unsigned int jf, uint32_t k)
{
	if (b->len == SECCOMP_INSNS_MAX) {
		b->full = true;
		return b->len;
	}
	b->len++;
	b->insns[SECCOMP_INSNS_MAX - b->len] = (struct k_sock_filter){
		.code = code,
		.jt = (uint8_t)jt,
		.jf = (uint8_t)jf,
		.k = k,
	};
	return b->len;
}

unsigned int bpf_load(struct seccomp_bpf *b, uint32_t offset)
{
	return emit(b, K_BPF_LD, 0, 0, offset);
}

unsigned int bpf_ret(struct seccomp_bpf *b, uint32_t value)
{
	size_t i, n = sizeof(b->rets) / sizeof(b->rets[0]);

	for (i = 0; i < n; i++)
		if (b->rets[i].label && b->rets[i].value == value)
			break;
	if (i == n)
		i = b->ret_next++ % n;
	else if (b->len - b->rets[i].label < REACH)
		return b->rets[i].label;
	b->rets[i].value = value;
	b->rets[i].label = emit(b, K_BPF_RET, 0, 0, value);
	return b->rets[i].label;
}

/* A label within a jump's reach that leads to the same. */
static unsigned int near(struct seccomp_bpf *b, unsigned int label)
{
	const struct k_sock_filter *to = &b->insns[SECCOMP_INSNS_MAX - label];

	if (b->len - label < REACH)
		return label;
	if (to->code == K_BPF_RET)
		return bpf_ret(b, to->k);
	return emit(b, K_BPF_JA, 0, 0, b->len - label);
}

unsigned int bpf_jump(struct seccomp_bpf *b, uint16_t op, uint32_t k,
		      unsigned int yes, unsigned int no)
{
	yes = near(b, yes);
	no = near(b, no);
	return emit(b, op, b->len - yes, b->len - no, k);
}

/* Compares the 32-bit word at offset. */
static unsigned int word(struct seccomp_bpf *b, uint32_t offset, uint16_t op,
			 uint32_t mask, uint32_t value, unsigned int yes,
			 unsigned int no)
{
	if (mask != UINT32_MAX && value == 0) {
		bpf_jump(b, K_BPF_JSET, mask, no, yes);
	} else {
		bpf_jump(b, op, value, yes, no);
		if (mask != UINT32_MAX)
			emit(b, K_BPF_AND, 0, 0, mask);
	}
	return bpf_load(b, offset);
}

static unsigned int equal(struct seccomp_bpf *b, unsigned int bits,
			  const struct seccomp_cond *c, unsigned int yes,
			  unsigned int no)
{
	uint32_t offset = K_DATA_ARG(c->arg);
	uint32_t high = (uint32_t)(c->mask >> 32);

	if ((uint32_t)c->mask)
		yes = word(b, offset, K_BPF_JEQ, (uint32_t)c->mask,
			   (uint32_t)c->value, yes, no);
	if (bits == 64 && high)
		yes = word(b, offset + 4, K_BPF_JEQ, high,
			   (uint32_t)(c->value >> 32), yes, no);
	return yes;
}

/* op is JGT or JGE. */
static unsigned int greater(struct seccomp_bpf *b, unsigned int bits,
			    const struct seccomp_cond *c, uint16_t op,
			    unsigned int yes, unsigned int no)
{
	uint32_t offset = K_DATA_ARG(c->arg);
	uint32_t high = (uint32_t)(c->value >> 32);
	unsigned int low =
		word(b, offset, op, UINT32_MAX, (uint32_t)c->value, yes, no);

	if (bits != 64)
		return low;
	if (high == 0) {
		bpf_jump(b, K_BPF_JEQ, 0, low, yes);
	} else {
		low = bpf_jump(b, K_BPF_JEQ, high, low, no);
		bpf_jump(b, K_BPF_JGT, high, yes, low);
	}
	return bpf_load(b, offset + 4);
}

static unsigned int condition(struct seccomp_bpf *b, unsigned int bits,
			      const struct seccomp_cond *c, unsigned int yes,
			      unsigned int no)
{
	switch (c->op) {
	case OP_EQ:
	case OP_MASKED_EQ:
		return equal(b, bits, c, yes, no);
	case OP_NE:
		return equal(b, bits, c, no, yes);
	case OP_GT:
		return greater(b, bits, c, K_BPF_JGT, yes, no);
	case OP_LE:
		return greater(b, bits, c, K_BPF_JGT, no, yes);
	case OP_GE:
		return greater(b, bits, c, K_BPF_JGE, yes, no);
	case OP_LT:
		return greater(b, bits, c, K_BPF_JGE, no, yes);
	}
	return no;
}

static unsigned int clause(struct seccomp_bpf *b,
			   const struct seccomp_clause_conds *c,
			   unsigned int bits, uint32_t action, unsigned int no)
{
	unsigned int label = bpf_ret(b, action);
	size_t i;

	for (i = c->n; i-- > 0;)
		label = condition(b, bits, &c->v[i], label, no);
	return label;
}

/* Is it one comparison with a value, and of the same words as that of other? */
static bool is_like(const struct seccomp_clause_conds *c,
		    const struct seccomp_clause_conds *other)
{
	return c->n == 1 && other->n == 1 && c->v[0].op == OP_EQ &&
	       other->v[0].op == OP_EQ && c->v[0].arg == other->v[0].arg &&
	       c->v[0].value >> 32 == other->v[0].value >> 32;
}

/* How many of the last clauses are like the last one. */
static size_t alike(const struct seccomp_plan *plan, unsigned int bits,
		    const struct seccomp_clause *v, size_t n)
{
	struct seccomp_clause_conds last, c;
	size_t i;

	clause_conds(&last, plan, &v[n - 1], bits);
	for (i = 1; i < n; i++) {
		clause_conds(&c, plan, &v[n - 1 - i], bits);
		if (!is_like(&c, &last))
			break;
	}
	return i;
}

/* Comparisons of one argument with several values: it is loaded once. */
static unsigned int values(struct seccomp_bpf *b,
			   const struct seccomp_plan *plan, unsigned int bits,
			   const struct seccomp_clause *v, size_t n,
			   unsigned int no)
{
	struct seccomp_clause_conds c;
	unsigned int label = no;

	while (n-- > 0) {
		clause_conds(&c, plan, &v[n], bits);
		label = bpf_jump(b, K_BPF_JEQ, (uint32_t)c.v[0].value,
				 bpf_ret(b, v[n].action), label);
	}
	label = bpf_load(b, K_DATA_ARG(c.v[0].arg));
	if (bits != 64)
		return label;
	bpf_jump(b, K_BPF_JEQ, (uint32_t)(c.v[0].value >> 32), label, no);
	return bpf_load(b, K_DATA_ARG(c.v[0].arg) + 4);
}

unsigned int bpf_clauses(struct seccomp_bpf *b, const struct seccomp_plan *plan,
			 unsigned int bits, const struct seccomp_clause *v,
			 size_t n, unsigned int no)
{
	struct seccomp_clause_conds c;
	size_t run;

	while (n && !b->full) {
		run = alike(plan, bits, v, n);
		n -= run;
		if (run > 1) {
			no = values(b, plan, bits, v + n, run, no);
		} else {
			clause_conds(&c, plan, &v[n], bits);
			no = clause(b, &c, bits, v[n].action, no);
		}
	}
	return no;
}

static unsigned int outcome(struct seccomp_bpf *b,
			    const struct seccomp_segment *s)
{
	return s->label ? s->label : bpf_ret(b, s->action);
}

unsigned int bpf_search(struct seccomp_bpf *b, const struct seccomp_segment *s,
			size_t n)
{
	size_t half = n / 2;
	unsigned int below, above;

	if (n == 1)
		return outcome(b, s);
	above = bpf_search(b, s + half, n - half);
	below = bpf_search(b, s, half);
	return bpf_jump(b, K_BPF_JGE, s[half].start, above, below);
}
