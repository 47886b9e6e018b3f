/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libseccomp against itself. It puts the rules of one call into one tree, and
 * loses its way there:
 * - Two rules that compare the same argument with the same value share a node
 *   of the tree, even if one of them goes on where they are equal and the
 *   other where they differ. The later one may be taken for a part of the
 *   earlier one, and be lost.
 * - What follows a comparison other than EQ hangs on two or three branches; a
 *   rule that is added to one of them is on the others, too.
 * - Where a rule does not apply in its later comparisons, the next rule is
 *   tried without loading the argument that it compares: the value of another
 *   argument, or of the other half, is compared instead.
 * - (up to 2.6.0) Rules with LE or LT, different actions and the same upper
 *   half get each other's action.
 * - Only the first call that is compared has its number loaded. If an ABI lacks
 *   that call it is left out, and the others are compared with what is in the
 *   accumulator, the architecture. (Not where there is a binary tree of calls.)
 * - (up to 2.6.1) Nodes are freed twice, or a tree becomes a ring: it crashes
 *   or never ends.
 *
 * None of this can happen to a rule alone on one ABI, and little to two of them.
 * So where the program for all rules differs from ours, the programs for the
 * rules of that call, one by one, have to say which of them apply, and the
 * programs for pairs of them, which of two comes first. Where these agree with
 * us, libseccomp contradicts itself.
 *
 * That is no excuse for calls where none of it can happen: is_sound().
 */
#ifndef UNIT_SECCOMP_PARTS_H
#define UNIT_SECCOMP_PARTS_H

#include "library.h"

enum { PARTS_MAX = 48 };

/* A rule, or one condition of one that is split. */
struct part {
	const struct about *about;
	struct spec_seccomp_rule rule;
	const char *names[1];
	struct library *alone;
	struct library *pair[PARTS_MAX]; /* with a later one */
};

static struct {
	const struct spec_seccomp *s;
	const struct about *about;
	const struct abi *abi;
	struct part part[PARTS_MAX];
	size_t n;
	bool too_many;
} parts;

/* Calls enough to make a binary tree, which every ABI has. */
static inline void parts_fill(struct spec_seccomp_rule *r, const struct part *p)
{
	static const char *const common[] = {
		"acct",    "brk",     "capget",  "capset",   "chdir",
		"chroot",  "close",   "dup",     "exit",     "exit_group",
		"fchdir",  "flock",   "fsync",   "getcwd",   "getpgid",
		"getpid",  "getppid", "getsid",  "gettid",   "kill",
		"madvise", "mlock",   "mount",   "mprotect", "munlock",
		"munmap",  "prctl",   "ptrace",  "read",     "sched_yield",
		"setsid",  "sync",    "syslog",  "times",    "tkill",
		"umask",   "uname",   "vhangup", "wait4",    "write",
	};
	static const char *names[COUNT(common)];

	*r = (struct spec_seccomp_rule){ .action = p->rule.action };
	r->errno_ret = p->rule.errno_ret;
	r->names.v = names;
	for (size_t i = 0; i < COUNT(common); i++)
		if (strcmp(common[i], p->names[0]))
			names[r->names.n++] = common[i];
}

static inline struct library *parts_compile(const struct part *a,
					    const struct part *b)
{
	struct library *out = malloc(sizeof(*out)), *small;
	struct spec_seccomp_rule rules[3] = { a->rule };
	struct spec_seccomp s = *parts.s;

	s.syscalls.v = rules;
	s.syscalls.n = 1;
	if (b)
		rules[s.syscalls.n++] = b->rule;
	parts_fill(&rules[s.syscalls.n++], a);
	library_compile(out, &s, parts.abi);
	small = realloc(out, offsetof(struct library, program) +
				     (out->count > 0 ? (size_t)out->count : 0) *
					     sizeof(out->program[0]));
	return small ? small : out;
}

static inline void parts_add(const struct about *about, size_t first,
			     size_t count)
{
	struct part *p = &parts.part[parts.n];

	if (parts.n == PARTS_MAX) {
		parts.too_many = true;
		return;
	}
	parts.n++;
	memset(p, 0, sizeof(*p));
	p->about = about;
	p->rule = *about->rule;
	p->names[0] = about->name;
	p->rule.names.v = p->names;
	p->rule.names.n = 1;
	p->rule.args.v += first;
	p->rule.args.n = count;
}

static inline void parts_free(void)
{
	for (size_t i = 0; i < parts.n; i++) {
		free(parts.part[i].alone);
		for (size_t k = 0; k < parts.n; k++)
			free(parts.part[i].pair[k]);
	}
	parts.n = 0;
	parts.about = NULL;
}

/* Do all ABIs that are listed have all calls that are named? */
static inline bool is_shared(const struct spec_seccomp *s)
{
	for (size_t i = 0; i < s->syscalls.n; i++)
		for (size_t k = 0; k < s->syscalls.v[i].names.n; k++)
			for (size_t abi = 0; abi < COUNT(abis); abi++)
				if (is_listed(s, &abis[abi]) &&
				    !row_of(&abis[abi],
					    s->syscalls.v[i].names.v[k]))
					return false;
	return true;
}

/* Can libseccomp do nothing wrong with this call of a shared profile? It has
 * at most one rule, whatever its conditions are. */
static inline bool is_sound(const struct spec_seccomp *s,
			    const struct about *about)
{
	size_t rules = 0;

	for (; about; about = about->next)
		if (action_of(about->rule) != default_of(s))
			rules += is_split(about->rule) ? about->rule->args.n :
							 1;
	return rules <= 1;
}

/* Takes the rules about a call apart; does nothing if they are. */
static inline void parts_of(const struct spec_seccomp *s, const struct abi *a,
			    const struct about *about)
{
	if (parts.about == about && parts.s == s)
		return;
	parts_free();
	parts.s = s;
	parts.about = about;
	parts.abi = a;
	parts.too_many = false;
	for (; about; about = about->next) {
		const struct spec_seccomp_rule *r = about->rule;

		if (action_of(r) == default_of(s))
			continue;
		if (!is_split(r))
			parts_add(about, 0, r->args.n);
		else
			for (size_t i = 0; i < r->args.n; i++)
				parts_add(about, i, 1);
	}
}

static inline bool parts_applies(struct part *p, const struct seccomp_data *d)
{
	if (!p->alone)
		p->alone = parts_compile(p, NULL);
	return p->alone->count > 0 &&
	       interp_run(p->alone->program, d) == action_of(&p->rule);
}

/* Does a come before b where both apply? */
static inline bool parts_wins(struct part *a, struct part *b,
			      const struct seccomp_data *d)
{
	struct part *first = a < b ? a : b, *second = a < b ? b : a;
	struct library **pair = &first->pair[second - parts.part];

	if (!*pair)
		*pair = parts_compile(first, second);
	return (*pair)->count > 0 &&
	       interp_run((*pair)->program, d) == action_of(&a->rule);
}

/* Do libseccomp's programs for parts of the profile say that this is the
 * action? */
static inline bool parts_agree(const struct seccomp_data *d, uint32_t action)
{
	struct part *applies[PARTS_MAX], *best;
	size_t n = 0, i, k;

	for (i = 0; i < parts.n; i++)
		if (parts_applies(&parts.part[i], d))
			applies[n++] = &parts.part[i];
	if (parts.too_many)
		return false;
	if (n == 0)
		return action == default_of(parts.s);
	for (i = 0; i < n; i++) {
		best = applies[i];
		if (action_of(&best->rule) != action)
			continue;
		for (k = 0; k < n; k++)
			if (action_of(&applies[k]->rule) != action &&
			    !parts_wins(best, applies[k], d))
				break;
		if (k == n)
			return true;
	}
	return false;
}

#endif
