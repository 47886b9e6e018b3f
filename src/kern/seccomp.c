/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program of a profile. Of every ABI, the calls by number in segments of
 * one outcome each, which a binary search finds; where the outcome depends on
 * the arguments, it is a label of comparisons. The numbers of ABIs that only a
 * bit of the number tells apart (x86_64, x32) are one search.
 */
#include "kern/seccomp.h"

#include <errno.h>

#include "base/err.h"
#include "base/str.h"
#include "kern/seccomp_abi.h"
#include "kern/seccomp_bpf.h"
#include "kern/seccomp_clause.h"
#include "kern/seccomp_lib.h"
#include "kern/seccomp_plan.h"

struct compiler {
	const struct seccomp_plan *plan;
	struct seccomp_bpf bpf;
	unsigned int library; /* label of libseccomp's program */
	size_t n;             /* segments */
	/* Calls whose comparisons are there, for others with the same rules. */
	struct known {
		size_t name;
		unsigned int bits, label;
	} known[16];
	unsigned int known_next;
};

static struct k_sock_filter insns[SECCOMP_INSNS_MAX];

/* The outcome of the numbers from start on, until the next call. */
static void put(struct compiler *c, uint32_t start, uint32_t action,
		unsigned int label)
{
	struct seccomp_segment *s = c->plan->segments;

	while (c->n && s[c->n - 1].start == start)
		c->n--;
	if (c->n && s[c->n - 1].label == label &&
	    (label || s[c->n - 1].action == action))
		return;
	s[c->n++] = (struct seccomp_segment){ start, action, label };
}

static bool same_rules(const struct seccomp_plan *plan, size_t a, size_t b)
{
	uint32_t i = plan->calls[a].head, k = plan->calls[b].head;

	while (i && k && plan->links[i].rule == plan->links[k].rule) {
		i = plan->links[i].next;
		k = plan->links[k].next;
	}
	return !i && !k;
}

/* The label of a call's comparisons, whose n clauses are in the plan. */
static unsigned int put_clauses(struct compiler *c, unsigned int abi,
				size_t name, size_t n)
{
	unsigned int bits = seccomp_abis[abi].bits, i, label;
	const unsigned int room = sizeof(c->known) / sizeof(c->known[0]);
	bool muxed = c->plan->calls[name].muxes & 1U << abi;

	for (i = 0; i < room && !muxed; i++)
		if (c->known[i].label && c->known[i].bits == bits &&
		    same_rules(c->plan, c->known[i].name, name))
			return c->known[i].label;
	label = bpf_clauses(&c->bpf, c->plan, bits, c->plan->clauses, n,
			    bpf_ret(&c->bpf, c->plan->default_action));
	if (!muxed)
		c->known[c->known_next++ % room] =
			(struct known){ name, bits, label };
	return label;
}

static int put_call(struct compiler *c, unsigned int abi,
		    const struct seccomp_row *row)
{
	const struct seccomp_plan *plan = c->plan;
	const struct seccomp_call *call = &plan->calls[row->name];
	uint32_t number = seccomp_number(&seccomp_abis[abi], row), action = 0;
	unsigned int label = 0;
	size_t n;
	int ret = VERDICT_UNCLEAR;

	if (!call->library)
		ret = clause_verdict(plan, abi, row->name, &action, &n);
	if (ret < 0 || ret == VERDICT_DEFAULT)
		return ret;
	if (ret == VERDICT_UNCLEAR)
		label = c->library;
	if (ret == VERDICT_CLAUSES)
		label = put_clauses(c, abi, row->name, n);
	put(c, number, action, label);
	put(c, number + 1, plan->default_action, 0);
	return 0;
}

/* The index behind the ABI's last call that the profile mentions. */
static size_t behind_newest(const struct seccomp_plan *plan, unsigned int index)
{
	const struct seccomp_abi *abi = &seccomp_abis[index];
	size_t i = abi->row_end;

	while (i > abi->row) {
		const struct seccomp_row *row = seccomp_row(i - 1);

		if (seccomp_number(abi, row) < abi->end &&
		    clause_is_mentioned(plan, index, row->name))
			break;
		i--;
	}
	return i;
}

static int put_abi(struct compiler *c, unsigned int index)
{
	const struct seccomp_plan *plan = c->plan;
	const struct seccomp_abi *abi = &seccomp_abis[index];
	size_t end = behind_newest(plan, index), i;
	uint32_t newest;
	int ret = 0;

	put(c, abi->first, plan->default_action, 0);
	for (i = abi->row; i < end && ret == 0; i++)
		ret = put_call(c, index, seccomp_row(i));
	newest = end > abi->row ? seccomp_number(abi, seccomp_row(end - 1)) : 0;
	if (plan->enosys && newest)
		put(c, newest + 1, K_SECCOMP_RET_ERRNO | ENOSYS, 0);
	/* A tracer puts -1 for a call that is not to be made: it is in no
	 * ABI's bounds. */
	put(c, abi->end, plan->default_action, 0);
	for (; i < abi->row_end && ret == 0; i++)
		if (seccomp_number(abi, seccomp_row(i)) >= abi->end)
			ret = put_call(c, index, seccomp_row(i));
	return ret;
}

/* The part for one value of seccomp_data.arch, that of ABI index. */
static int compile_arch(struct compiler *c, unsigned int index,
			unsigned int *label)
{
	unsigned int i;
	int ret = 0;

	c->n = 0;
	for (i = index; i < ABIS && ret == 0; i++) {
		if (seccomp_abis[i].audit != seccomp_abis[index].audit)
			continue;
		if (c->plan->abis & 1U << i) {
			ret = put_abi(c, i);
			continue;
		}
		put(c, seccomp_abis[i].first, K_SECCOMP_RET_KILL_THREAD, 0);
		put(c, seccomp_abis[i].end, c->plan->default_action, 0);
	}
	*label = bpf_search(&c->bpf, c->plan->segments, c->n);
	/* One outcome for all numbers is a label anywhere. */
	if (c->n > 1)
		*label = bpf_load(&c->bpf, K_DATA_NR);
	return ret;
}

/* The first ABI that has its value of seccomp_data.arch. */
static unsigned int first_of_arch(unsigned int abi)
{
	unsigned int i = 0;

	while (seccomp_abis[i].audit != seccomp_abis[abi].audit)
		i++;
	return i;
}

static int compile_program(struct compiler *c)
{
	unsigned int labels[ABIS] = { 0 }, i, next;
	int ret = 0;

	for (i = ABIS; i-- > 0 && ret == 0;)
		if (c->plan->abis & 1U << i && !labels[first_of_arch(i)])
			ret = compile_arch(c, first_of_arch(i),
					   &labels[first_of_arch(i)]);
	next = bpf_ret(&c->bpf, K_SECCOMP_RET_KILL_THREAD);
	for (i = ABIS; i-- > 0;)
		if (labels[i])
			next = bpf_jump(&c->bpf, K_BPF_JEQ,
					seccomp_abis[i].audit, labels[i], next);
	bpf_load(&c->bpf, K_DATA_ARCH);
	if (ret == 0 && c->bpf.full)
		ret = err_say(E2BIG,
			      "the seccomp profile takes more than the "
			      "%d instructions that the kernel allows",
			      SECCOMP_INSNS_MAX);
	return ret;
}

/* Leaves a call to libseccomp, and all that go through it. */
static void leave(struct seccomp_plan *plan, unsigned int abi, size_t name)
{
	const struct seccomp_mux *mux;
	size_t i;

	plan->calls[name].library = true;
	for (i = 0; (mux = seccomp_mux(i)); i++)
		if (mux->abi == abi && mux->call == name)
			plan->calls[mux->name].library = true;
}

/* Finds what has to be left to libseccomp. Returns how many calls that is on
 * how many ABIs; first is the name of one. */
static int find_unclear(struct seccomp_plan *plan, size_t *first)
{
	unsigned int abi;
	int count = 0, ret;
	uint32_t action;
	size_t i, n, name;

	for (abi = 0; abi < ABIS; abi++) {
		if (!(plan->abis & 1U << abi))
			continue;
		for (i = seccomp_abis[abi].row; i < seccomp_abis[abi].row_end;
		     i++) {
			name = seccomp_row(i)->name;
			ret = clause_verdict(plan, abi, name, &action, &n);
			if (ret < 0)
				return ret;
			if (ret != VERDICT_UNCLEAR)
				continue;
			if (!count++)
				*first = name;
			leave(plan, abi, name);
		}
	}
	return count;
}

static int use_library(struct compiler *c, struct seccomp_plan *plan,
		       struct sbuf *why)
{
	char version[32];
	size_t name = 0;
	int ret = find_unclear(plan, &name);

	if (ret < 0)
		return ret;
	if (ret == 0) {
		sbuf_str(why, "own compiler");
		return 0;
	}
	if (RUNT_SECCOMP != 1)
		return err_say(EINVAL,
			       "rules for %s with different actions overlap, "
			       "which takes a runt with libseccomp",
			       seccomp_name(name));
	ret = seccomp_lib_compile(plan, insns);
	if (ret < 0)
		return ret;
	c->bpf.len = c->library = (unsigned int)ret;
	sbuf_fmt(why,
		 "libseccomp %s for %s, of which rules with different "
		 "actions overlap; own compiler",
		 seccomp_lib_version(version, sizeof(version)),
		 seccomp_name(name));
	return 0;
}

static int compile(struct seccomp_program *p, struct seccomp_plan *plan)
{
	struct compiler c = { .plan = plan, .bpf = { .insns = insns } };
	struct sbuf why = SBUF(p->engine);
	int ret = use_library(&c, plan, &why);

	if (ret == 0)
		ret = compile_program(&c);
	if (ret < 0)
		return ret;
	sbuf_fmt(&why, ", %u instructions", c.bpf.len);
	if (plan->unknown)
		sbuf_fmt(&why, ", %u unknown names", plan->unknown);
	sbuf_cut(&why);
	p->insns = insns + SECCOMP_INSNS_MAX - c.bpf.len;
	p->count = c.bpf.len;
	p->flags = plan->flags;
	p->notifies = plan->notifies;
	return 0;
}

int seccomp_compile(struct seccomp_program *p, const struct spec_seccomp *s)
{
	struct seccomp_plan plan;
	int ret;

	p->count = p->flags = 0;
	p->notifies = false;
	p->path[0] = p->engine[0] = '\0';
	if (RUNT_SECCOMP == 0)
		return err_say(EINVAL, "this runt was built without seccomp");
	/* Go programs write an empty profile where they mean none. */
	if ((!s->default_action || !s->default_action[0]) && !s->syscalls.n)
		return 0;
	ret = seccomp_plan_make(&plan, s, p->path, sizeof(p->path));
	if (ret == 0)
		ret = compile(p, &plan);
	seccomp_plan_free(&plan);
	return ret;
}
