/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a profile says about one call, evaluated rule by rule, as the
 * runtime-spec, seccomp_rule_add(3) and runc's treatment of profiles have it.
 */
#ifndef UNIT_SECCOMP_REFERENCE_H
#define UNIT_SECCOMP_REFERENCE_H

#include <errno.h>

#include "oci/spec.h"
#include "tables.h"

/* The outcomes that rules which apply ask for. */
struct outcome {
	uint32_t action[64];
	size_t n;
	bool enosys; /* newer than the profile */
};

/* A rule that is about a call; selector: only where the call's first argument
 * is that, because it does the work of many. */
struct about {
	const struct spec_seccomp_rule *rule;
	const char *name; /* by which the rule names it */
	uint32_t selector;
	struct about *next;
};

/* A profile, by what it says about each call, in its order. */
struct digest {
	const struct spec_seccomp *s;
	struct about *first[COUNT(abis)][COUNT(abis[0].row)];
	struct about *last[COUNT(abis)][COUNT(abis[0].row)];
	uint32_t newest[COUNT(abis)]; /* 0: none */
	struct about pool[20000];
	size_t used;
};

static inline uint32_t action_number(const char *word, struct opt_u32 number)
{
	static const struct {
		const char *word;
		uint32_t action;
	} words[] = {
		{ "SCMP_ACT_KILL", SCMP_ACT_KILL },
		{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
		{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
		{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
		{ "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0) },
		{ "SCMP_ACT_TRACE", SCMP_ACT_TRACE(0) },
		{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
		{ "SCMP_ACT_LOG", SCMP_ACT_LOG },
		{ "SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY },
	};

	for (size_t i = 0; i < COUNT(words); i++) {
		if (strcmp(words[i].word, word))
			continue;
		if (words[i].action == SCMP_ACT_ERRNO(0) ||
		    words[i].action == SCMP_ACT_TRACE(0))
			return words[i].action | (number.set ? number.v : 1);
		return words[i].action;
	}
	abort();
}

static inline uint32_t default_of(const struct spec_seccomp *s)
{
	return action_number(s->default_action, s->default_errno_ret);
}

static inline uint32_t action_of(const struct spec_seccomp_rule *r)
{
	return action_number(r->action, r->errno_ret);
}

/* Its own ABI is always there. */
static inline bool is_listed(const struct spec_seccomp *s, const struct abi *a)
{
	if (a == abis)
		return true;
	for (size_t i = 0; i < s->architectures.n; i++)
		if (!strcmp(s->architectures.v[i], a->scmp))
			return true;
	return false;
}

static inline uint64_t cut(uint64_t value, const struct abi *a)
{
	return a->bits == 32 ? (uint32_t)value : value;
}

static inline bool cond_holds(const struct spec_seccomp_arg *c,
			      const struct abi *a, const uint64_t *args)
{
	uint64_t arg = cut(args[c->index], a), value = cut(c->value, a);

	if (!strcmp(c->op, "SCMP_CMP_EQ"))
		return arg == value;
	if (!strcmp(c->op, "SCMP_CMP_NE"))
		return arg != value;
	if (!strcmp(c->op, "SCMP_CMP_LT"))
		return arg < value;
	if (!strcmp(c->op, "SCMP_CMP_LE"))
		return arg <= value;
	if (!strcmp(c->op, "SCMP_CMP_GT"))
		return arg > value;
	if (!strcmp(c->op, "SCMP_CMP_GE"))
		return arg >= value;
	return (arg & value) == (cut(c->value_two, a) & value);
}

/* A comparison that libseccomp leaves out: no bit of the argument counts. */
static inline bool cond_is_none(const struct spec_seccomp_arg *c,
				const struct abi *a)
{
	return !strcmp(c->op, "SCMP_CMP_MASKED_EQ") && !cut(c->value, a);
}

/* Two conditions on one argument make every condition a rule. */
static inline bool is_split(const struct spec_seccomp_rule *r)
{
	for (size_t i = 0; i < r->args.n; i++)
		for (size_t k = 0; k < i; k++)
			if (r->args.v[i].index == r->args.v[k].index)
				return true;
	return false;
}

static inline void add_outcome(struct outcome *o, uint32_t action)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->action[i] == action)
			return;
	if (o->n == COUNT(o->action))
		abort();
	o->action[o->n++] = action;
}

/* Conditions of a rule (count of them from v on). muxed: argument 0 of the
 * call is a selector, and the rule's is out of a filter's reach. Returns
 * whether it has conditions at all. */
static inline bool apply_conds(struct outcome *o, uint32_t action,
			       const struct spec_seccomp_arg *v, size_t count,
			       const struct abi *a, const uint64_t *args,
			       bool muxed)
{
	bool holds = true, none = !muxed;

	for (size_t i = 0; i < count; i++) {
		if (cond_is_none(&v[i], a) || (muxed && v[i].index == 0))
			continue;
		none = false;
		holds &= cond_holds(&v[i], a, args);
	}
	if (holds)
		add_outcome(o, action);
	return !none;
}

/* Returns false for a rule that decides alone. */
static inline bool apply_rule(struct outcome *o,
			      const struct spec_seccomp_rule *r,
			      const struct abi *a, const uint64_t *args,
			      bool muxed)
{
	if (!is_split(r))
		return apply_conds(o, action_of(r), r->args.v, r->args.n, a,
				   args, muxed);
	for (size_t i = 0; i < r->args.n; i++)
		if (!apply_conds(o, action_of(r), &r->args.v[i], 1, a, args,
				 muxed))
			return false;
	return true;
}

static inline bool denies(uint32_t action)
{
	action &= SECCOMP_RET_ACTION_FULL;
	return action != SECCOMP_RET_ALLOW && action != SECCOMP_RET_LOG &&
	       action != SECCOMP_RET_TRACE;
}

static inline void say_about(struct digest *d, size_t abi, const char *call,
			     const struct spec_seccomp_rule *rule,
			     const char *name, uint32_t selector)
{
	const struct abi *a = &abis[abi];
	const struct row *row = row_of(a, call);
	struct about *about;

	if (!row)
		return;
	if (d->used == COUNT(d->pool))
		abort();
	about = &d->pool[d->used++];
	*about = (struct about){ rule, name, selector, NULL };
	if (d->last[abi][row - a->row])
		d->last[abi][row - a->row]->next = about;
	else
		d->first[abi][row - a->row] = about;
	d->last[abi][row - a->row] = about;
	if (row->number < a->end && row->number > d->newest[abi])
		d->newest[abi] = row->number;
}

static inline void say_name(struct digest *d, size_t abi, const char *name,
			    const struct spec_seccomp_rule *rule)
{
	say_about(d, abi, name, rule, name, 0);
	for (const struct mux *m = muxes; m->abi; m++)
		if (!strcmp(m->abi, abis[abi].name) && !strcmp(m->name, name))
			say_about(d, abi, m->call, rule, name, m->selector);
}

static inline void digest(struct digest *d, const struct spec_seccomp *s)
{
	memset(d, 0, offsetof(struct digest, pool));
	d->s = s;
	d->used = 0;
	for (size_t abi = 0; abi < COUNT(abis); abi++)
		for (size_t i = 0; i < s->syscalls.n; i++)
			for (size_t k = 0; k < s->syscalls.v[i].names.n; k++)
				say_name(d, abi, s->syscalls.v[i].names.v[k],
					 &s->syscalls.v[i]);
}

/* What is said about the call with a number, or NULL. */
static inline const struct about *
about_number(const struct digest *d, const struct abi *a, uint32_t number)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->row[i].number == number)
			return d->first[a - abis][i];
	return NULL;
}

static inline void apply_rules(struct outcome *o, const struct digest *d,
			       const struct about *about, const struct abi *a,
			       const uint64_t *args)
{
	for (; about; about = about->next) {
		const struct spec_seccomp_rule *r = about->rule;
		struct outcome other = { .n = 0 };
		bool ours = !about->selector ||
			    (uint32_t)args[0] == about->selector;

		if (action_of(r) == default_of(d->s))
			continue;
		if (apply_rule(ours ? o : &other, r, a, args,
			       about->selector != 0))
			continue;
		o->n = 0;
		add_outcome(o, action_of(r));
		return;
	}
}

/* about is what the profile says about the number. */
static inline void evaluate(struct outcome *o, const struct digest *d,
			    const struct about *about, uint32_t audit,
			    uint32_t number, const uint64_t *args)
{
	const struct abi *a = abi_of(audit, number);

	o->n = 0;
	o->enosys = false;
	if (!a || !is_listed(d->s, a)) {
		add_outcome(o, SCMP_ACT_KILL);
		return;
	}
	apply_rules(o, d, about, a, args);
	o->enosys = denies(default_of(d->s)) && d->newest[a - abis] &&
		    number > d->newest[a - abis] && number < a->end;
	if (o->enosys)
		add_outcome(o, SCMP_ACT_ERRNO(ENOSYS));
	else if (!o->n)
		add_outcome(o, default_of(d->s));
}

#endif
