/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles out of a random generator of our own, so that a seed means the same
 * everywhere. All memory of one profile is in one arena.
 */
#ifndef UNIT_SECCOMP_GENERATE_H
#define UNIT_SECCOMP_GENERATE_H

#include "tables.h"

#include "oci/spec.h"

static uint64_t random_state;

/* splitmix64 */
static inline uint64_t random_u64(void)
{
	uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline uint32_t below(uint32_t n)
{
	return (uint32_t)(random_u64() >> 32) % n;
}

static inline bool one_in(uint32_t n)
{
	return below(n) == 0;
}

static char generate_arena[1 << 20];
static size_t generate_used;

static inline void *take(size_t n, size_t size)
{
	void *p = generate_arena + generate_used;

	generate_used += (n * size + 15) & ~(size_t)15;
	if (generate_used > sizeof(generate_arena))
		abort();
	memset(p, 0, n * size);
	return p;
}

static const char *const generate_actions[] = {
	"SCMP_ACT_ALLOW",        "SCMP_ACT_ERRNO", "SCMP_ACT_ERRNO",
	"SCMP_ACT_KILL_PROCESS", "SCMP_ACT_LOG",   "SCMP_ACT_TRAP",
	"SCMP_ACT_TRACE",        "SCMP_ACT_KILL",  "SCMP_ACT_KILL_THREAD",
	"SCMP_ACT_NOTIFY",
};

static const char *const generate_ops[] = {
	"SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT",        "SCMP_CMP_LE",
	"SCMP_CMP_GT", "SCMP_CMP_GE", "SCMP_CMP_MASKED_EQ",
};

/* Few, so that rules meet at them. */
static inline uint64_t generate_value(void)
{
	static const uint64_t low[] = { 0,          1,          2,
					5,          7,          16,
					40,         0x7fffffff, 0x80000000,
					0xfffffffe, 0xffffffff };
	static const uint64_t high[] = { 0,          0,         0, 0,
					 0,          1,         2, 0x7fffffff,
					 0x80000000, 0xffffffff };

	if (one_in(20))
		return random_u64();
	return high[below(COUNT(high))] << 32 | low[below(COUNT(low))];
}

static inline const char *generate_action(struct opt_u32 *number, bool notify)
{
	uint32_t n = COUNT(generate_actions) - (notify ? 0 : 1);
	const char *word = generate_actions[below(n)];

	number->set = false;
	if ((!strcmp(word, "SCMP_ACT_ERRNO") ||
	     !strcmp(word, "SCMP_ACT_TRACE")) &&
	    one_in(2)) {
		number->set = true;
		number->v = below(4) * 19; /* ENOSYS is 38 */
	}
	return word;
}

/* plain: the kinds of conditions whose conflicts have an order. */
static inline void generate_args(struct spec_seccomp_rule *r, bool plain)
{
	static const uint32_t counts[] = { 0, 1, 1, 1, 1, 2, 2, 2, 3, 4 };
	uint32_t n = counts[below(COUNT(counts))];

	r->args.v = take(n, sizeof(*r->args.v));
	r->args.n = n;
	for (uint32_t i = 0; i < n; i++) {
		struct spec_seccomp_arg *a = &r->args.v[i];

		/* Half of them in order, so that few rules are split. */
		a->index = one_in(2) ? i : below(one_in(4) ? 6 : 3);
		a->value = generate_value();
		a->value_two = one_in(2) ? a->value & generate_value() :
					   generate_value();
		a->op = generate_ops[below(COUNT(generate_ops))];
		if (plain)
			a->op = one_in(3) && i + 1 == n ? "SCMP_CMP_NE" :
							  "SCMP_CMP_EQ";
	}
}

/* Names of all ABIs, and those that share a call of i386's more often. */
static inline const char *generate_any_name(void)
{
	const struct abi *a = &abis[below(COUNT(abis))];

	if (muxes[0].abi && one_in(4)) {
		const struct mux *m = &muxes[below(COUNT(muxes) - 1)];

		return one_in(5) ? m->call : m->name;
	}
	if (one_in(40))
		return "no_such_call";
	return a->row[below((uint32_t)a->n)].name;
}

/* shared: all ABIs have it. */
static inline const char *generate_name(bool shared)
{
	const char *name;
	size_t i;

	do {
		name = generate_any_name();
		for (i = 0; shared && i < COUNT(abis); i++)
			if (!row_of(&abis[i], name))
				break;
	} while (shared && i < COUNT(abis));
	return name;
}

static inline void generate_names(struct spec_seccomp_rule *r, bool shared,
				  const char **pool, uint32_t npool)
{
	uint32_t n = one_in(8) ? 1 + below(60) : 1 + below(3);

	r->names.v = take(n + 1, sizeof(char *));
	r->names.n = n;
	for (uint32_t i = 0; i < n; i++) {
		const char *name = n > 3 ? generate_name(shared) :
					   pool[below(npool)];

		/* Refused for write with NOTIFY. */
		r->names.v[i] = strcmp(name, "write") ? name : "read";
	}
}

static inline void generate(struct spec_seccomp *s, uint64_t seed)
{
	static const char *const foreign[] = { "SCMP_ARCH_S390X",
					       "SCMP_ARCH_MIPS" };
	const char *pool[6];
	uint32_t npool, n = 1 + below(10);
	bool plain, shared;

	random_state = seed;
	generate_used = 0;
	n = 1 + below(12);
	npool = 1 + below(COUNT(pool));
	plain = one_in(3);
	shared = one_in(2);
	*s = (struct spec_seccomp){ .listener_path = "/agent" };
	for (uint32_t i = 0; i < npool; i++)
		pool[i] = generate_name(shared);
	s->default_action = generate_action(&s->default_errno_ret, false);
	s->architectures.v = take(COUNT(abis) + 2, sizeof(char *));
	for (size_t i = 0; i < COUNT(abis); i++)
		if (!one_in(3))
			s->architectures.v[s->architectures.n++] = abis[i].scmp;
	if (one_in(4))
		s->architectures.v[s->architectures.n++] = foreign[below(2)];
	s->syscalls.v = take(n, sizeof(*s->syscalls.v));
	s->syscalls.n = n;
	for (uint32_t i = 0; i < n; i++) {
		struct spec_seccomp_rule *r = &s->syscalls.v[i];

		r->action = i && one_in(2) ?
				    r[-1].action :
				    generate_action(&r->errno_ret, true);
		if (i && r->action == r[-1].action)
			r->errno_ret = r[-1].errno_ret;
		generate_args(r, plain);
		generate_names(r, shared, pool, npool);
	}
}

/* Prints a profile as JSON. */
static inline void print_profile(const struct spec_seccomp *s)
{
	printf("# {\"defaultAction\": \"%s\"", s->default_action);
	if (s->default_errno_ret.set)
		printf(", \"defaultErrnoRet\": %u", s->default_errno_ret.v);
	printf(", \"architectures\": [");
	for (size_t i = 0; i < s->architectures.n; i++)
		printf("%s\"%s\"", i ? ", " : "", s->architectures.v[i]);
	printf("], \"syscalls\": [");
	for (size_t i = 0; i < s->syscalls.n; i++) {
		const struct spec_seccomp_rule *r = &s->syscalls.v[i];

		printf("%s\n# {\"action\": \"%s\"", i ? "," : "", r->action);
		if (r->errno_ret.set)
			printf(", \"errnoRet\": %u", r->errno_ret.v);
		printf(", \"names\": [");
		for (size_t k = 0; k < r->names.n; k++)
			printf("%s\"%s\"", k ? ", " : "", r->names.v[k]);
		printf("], \"args\": [");
		for (size_t k = 0; k < r->args.n; k++)
			printf("%s{\"index\": %u, \"op\": \"%s\", \"value\": %llu"
			       ", \"valueTwo\": %llu}",
			       k ? ", " : "", r->args.v[k].index,
			       r->args.v[k].op,
			       (unsigned long long)r->args.v[k].value,
			       (unsigned long long)r->args.v[k].value_two);
		printf("]}");
	}
	printf("\n# ]}\n");
}

#endif
