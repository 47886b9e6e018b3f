/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_lib.h"

#include <errno.h>

#include "base/err.h"
#include "base/str.h"

#if RUNT_SECCOMP == 1

#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "kern/seccomp_check.h"
#include "kern/seccomp_table.h"
#include "kern/sys.h"

enum { CPU_SECONDS = 5 };

#define TOKEN(abi, scmp, ...) [ABI_##abi] = (scmp),
static const uint32_t tokens[] = { ARCH_ABI(TOKEN) };

static const enum scmp_compare operators[] = {
	[OP_EQ] = SCMP_CMP_EQ,
	[OP_NE] = SCMP_CMP_NE,
	[OP_LT] = SCMP_CMP_LT,
	[OP_LE] = SCMP_CMP_LE,
	[OP_GT] = SCMP_CMP_GT,
	[OP_GE] = SCMP_CMP_GE,
	[OP_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
};

const char *seccomp_lib_version(char *buf, size_t size)
{
	const struct scmp_version *v = seccomp_version();
	struct sbuf b = { .p = buf, .size = size };

	sbuf_fmt(&b, "%u.%u.%u", v->major, v->minor, v->micro);
	return buf;
}

static int explain(int ret, const char *what)
{
	char version[32];

	seccomp_lib_version(version, sizeof(version));
	if (ret == -EEXIST)
		return err_say(EINVAL,
			       "libseccomp %s: rules for %s contradict each "
			       "other",
			       version, what);
	return err_sys(ret, "libseccomp %s: %s", version, what);
}

static int add_archs(const struct seccomp_plan *plan, scmp_filter_ctx ctx)
{
	unsigned int i;
	int ret = 0;

	/* Its own is there from the beginning. */
	for (i = 1; i < ABIS && ret == 0; i++)
		if (plan->abis & 1U << i)
			ret = seccomp_arch_add(ctx, tokens[i]);
	return ret < 0 ? explain(ret, "architectures") : 0;
}

static struct scmp_arg_cmp translate(const struct seccomp_cond *c)
{
	struct scmp_arg_cmp out = {
		.arg = c->arg,
		.op = operators[c->op],
		.datum_a = c->value,
	};

	if (c->op == OP_MASKED_EQ) {
		out.datum_a = c->mask;
		out.datum_b = c->value;
	}
	return out;
}

static int add_rule(const struct seccomp_plan *plan, scmp_filter_ctx ctx,
		    const struct seccomp_rule *rule, int call)
{
	struct scmp_arg_cmp args[SECCOMP_ARGS], one;
	unsigned int n = rule->split ? 1 : rule->count;
	uint32_t i;
	int ret = 0;

	if (!rule->split) {
		for (i = 0; i < n; i++)
			args[i] = translate(&plan->conds[rule->cond + i]);
		return seccomp_rule_add_array(ctx, rule->action, call, n, args);
	}
	for (i = 0; i < rule->count && ret == 0; i++) {
		one = translate(&plan->conds[rule->cond + i]);
		ret = seccomp_rule_add_array(ctx, rule->action, call, 1, &one);
	}
	return ret;
}

static int add_name(const struct seccomp_plan *plan, scmp_filter_ctx ctx,
		    const struct seccomp_rule *rule, const char *name)
{
	int index = seccomp_name_find(name), call, ret;

	if (index < 0 || !plan->calls[index].library)
		return 0;
	call = seccomp_syscall_resolve_name(name);
	if (call == __NR_SCMP_ERROR)
		return explain(-ENOSYS, name);
	ret = add_rule(plan, ctx, rule, call);
	return ret < 0 ? explain(ret, name) : 0;
}

static int add_rules(const struct seccomp_plan *plan, scmp_filter_ctx ctx)
{
	const struct spec_seccomp *s = plan->spec;
	size_t i, k;
	int ret = 0;

	for (i = 0; i < s->syscalls.n; i++) {
		const struct spec_strs *names = &s->syscalls.v[i].names;

		if (plan->rules[i].action == plan->default_action)
			continue;
		for (k = 0; k < names->n && ret == 0; k++)
			ret = add_name(plan, ctx, &plan->rules[i], names->v[k]);
	}
	return ret;
}

static int export(scmp_filter_ctx ctx, struct k_sock_filter *insns)
{
	autofd fd = sys_memfd_create("seccomp", 0);
	off_t size;
	int ret;

	if (fd < 0)
		return err_sys(fd, "memfd_create");
	ret = seccomp_export_bpf(ctx, fd);
	if (ret < 0)
		return explain(ret, "export");
	size = lseek(fd, 0, SEEK_END);
	if (size <= 0 || size % (off_t)sizeof(*insns))
		return explain(EIO, "export");
	ret = (int)(size / (off_t)sizeof(*insns));
	if (ret > SECCOMP_INSNS_MAX)
		return explain(E2BIG, "program");
	if (pread(fd, insns + SECCOMP_INSNS_MAX - ret, (size_t)size, 0) != size)
		return explain(EIO, "export");
	return ret;
}

static int build(const struct seccomp_plan *plan, struct k_sock_filter *insns)
{
	scmp_filter_ctx ctx = seccomp_init(plan->default_action);
	int ret;

	if (!ctx)
		return explain(-EINVAL, "default action");
	ret = add_archs(plan, ctx);
	if (ret == 0)
		ret = add_rules(plan, ctx);
	if (ret == 0)
		ret = export(ctx, insns);
	seccomp_release(ctx);
	return ret;
}

/* What a process that compiles leaves behind. */
struct result {
	int ret; /* 0: nothing */
	struct err err;
	struct k_sock_filter insns[SECCOMP_INSNS_MAX];
};

static void compile_and_exit(const struct seccomp_plan *plan,
			     struct result *result)
{
	const struct rlimit cpu = { CPU_SECONDS, CPU_SECONDS };
	int ret;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	prlimit(0, RLIMIT_CPU, &cpu, NULL);
	seccomp_table_use();
	ret = build(plan, result->insns);
	result->err = err;
	result->ret = ret;
	_exit(0);
}

static int run(const struct seccomp_plan *plan, struct result *result)
{
	pid_t pid = sys_fork();
	char version[32];

	if (pid < 0)
		return err_sys(pid, "fork for libseccomp");
	if (pid == 0)
		compile_and_exit(plan, result);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (result->ret == 0)
		return err_say(EINVAL,
			       "libseccomp %s fails over rules that "
			       "overlap with different actions",
			       seccomp_lib_version(version, sizeof(version)));
	if (result->ret < 0)
		err = result->err;
	return result->ret;
}

int seccomp_lib_compile(const struct seccomp_plan *plan,
			struct k_sock_filter *insns)
{
	struct result *result = mmap(NULL, sizeof(*result),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct k_seccomp_data wrong;
	size_t at;
	int ret;

	if (result == MAP_FAILED)
		return err_sys(errno, "map memory for libseccomp");
	ret = run(plan, result);
	if (ret > SECCOMP_INSNS_MAX)
		ret = explain(-E2BIG, "program");
	if (ret > 0) {
		at = SECCOMP_INSNS_MAX - (size_t)ret;
		memcpy(insns + at, result->insns + at,
		       (size_t)ret * sizeof(*insns));
		if (seccomp_check(plan, insns + at, (size_t)ret, &wrong) < 0)
			ret = -err.num;
	}
	munmap(result, sizeof(*result));
	return ret;
}

#else

const char *seccomp_lib_version(char *buf, size_t size)
{
	str_cut(buf, size, "");
	return buf;
}

int seccomp_lib_compile(const struct seccomp_plan *plan,
			struct k_sock_filter *insns)
{
	(void)plan;
	(void)insns;
	return err_say(ENOSYS, "no libseccomp in this runt");
}

#endif
