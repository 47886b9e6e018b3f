/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile through libseccomp, as runc does it, but for the ENOSYS of calls
 * that are newer.
 */
#ifndef UNIT_SECCOMP_LIBRARY_H
#define UNIT_SECCOMP_LIBRARY_H

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interp.h"
#include "reference.h"

static inline int library_op(const char *op)
{
	static const struct {
		const char *word;
		int op;
	} words[] = {
		{ "SCMP_CMP_NE", SCMP_CMP_NE },
		{ "SCMP_CMP_LT", SCMP_CMP_LT },
		{ "SCMP_CMP_LE", SCMP_CMP_LE },
		{ "SCMP_CMP_EQ", SCMP_CMP_EQ },
		{ "SCMP_CMP_GE", SCMP_CMP_GE },
		{ "SCMP_CMP_GT", SCMP_CMP_GT },
		{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (!strcmp(words[i].word, op))
			return words[i].op;
	abort();
}

static inline int library_rule(scmp_filter_ctx ctx,
			       const struct spec_seccomp_rule *r, int call)
{
	struct scmp_arg_cmp args[64];
	int ret = 0;

	for (size_t i = 0; i < r->args.n; i++) {
		const struct spec_seccomp_arg *a = &r->args.v[i];

		args[i].arg = a->index;
		args[i].op = library_op(a->op);
		args[i].datum_a = a->value;
		args[i].datum_b = a->value_two;
	}
	if (!is_split(r))
		return seccomp_rule_add_array(ctx, action_of(r), call,
					      (unsigned int)r->args.n, args);
	for (size_t i = 0; i < r->args.n && ret == 0; i++)
		ret = seccomp_rule_add_array(ctx, action_of(r), call, 1,
					     &args[i]);
	return ret;
}

/* only: that ABI, else all that are listed; its own is there already. */
static inline int library_archs(scmp_filter_ctx ctx,
				const struct spec_seccomp *s,
				const struct abi *only)
{
	int ret = 0;

	for (size_t i = 1; i < COUNT(abis) && ret == 0; i++)
		if (only ? only == &abis[i] : is_listed(s, &abis[i]))
			ret = seccomp_arch_add(ctx, abis[i].token);
	if (ret == 0 && only && only != &abis[0])
		ret = seccomp_arch_remove(ctx, abis[0].token);
	return ret;
}

static inline int library_fill(scmp_filter_ctx ctx,
			       const struct spec_seccomp *s,
			       const struct abi *only)
{
	size_t rules = 0;
	int ret = library_archs(ctx, s, only);

	for (size_t i = 0; i < s->syscalls.n && ret == 0; i++) {
		const struct spec_seccomp_rule *r = &s->syscalls.v[i];

		rules += r->names.n;
		if (action_of(r) == default_of(s))
			continue;
		for (size_t k = 0; k < r->names.n && ret == 0; k++) {
			int call = seccomp_syscall_resolve_name(r->names.v[k]);

			if (call != __NR_SCMP_ERROR)
				ret = library_rule(ctx, r, call);
		}
	}
	if (ret == 0 && rules > 32)
		ret = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return ret;
}

enum { LIBRARY_ROOM = 16384, LIBRARY_BROKE = -1000 };

struct library {
	int count; /* of instructions, or -errno, or LIBRARY_BROKE */
	struct sock_filter program[LIBRARY_ROOM];
};

static inline void library_export(struct library *out,
				  const struct spec_seccomp *s,
				  const struct abi *only)
{
	scmp_filter_ctx ctx = seccomp_init(default_of(s));
	size_t size = sizeof(out->program);
	int ret = ctx ? library_fill(ctx, s, only) : -EINVAL;

	if (ret == 0)
		ret = seccomp_export_bpf_mem(ctx, out->program, &size);
	seccomp_release(ctx);
	out->count = ret < 0 ? ret : (int)(size / sizeof(out->program[0]));
}

/* In a process of its own: it loops or crashes over some profiles. */
static inline void library_compile(struct library *out,
				   const struct spec_seccomp *s,
				   const struct abi *only)
{
	static struct library *shared;
	pid_t pid;

	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	shared->count = LIBRARY_BROKE;
	pid = fork();
	if (pid == 0) {
		alarm(10);
		library_export(shared, s, only);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	out->count = shared->count;
	if (out->count > 0)
		memcpy(out->program, shared->program,
		       (size_t)out->count * sizeof(out->program[0]));
}

/* Emulators have no seccomp(2) to ask what it can do. */
static inline void library_begin(void)
{
	if (seccomp_api_get() < 6)
		seccomp_api_set(6);
}

#endif
