/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_plan.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/err.h"
#include "base/str.h"
#include "kern/seccomp_abi.h"
#include "kern/seccomp_bpf.h"
#include "kern/seccomp_load.h"

/* Linux's MAX_ERRNO; a higher one would be cut to it. */
enum { ERRNO_MAX = 4095, TRACE_MAX = 0xffff };

static int at(struct sbuf *path, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Says where the recorded error is. */
static int at(struct sbuf *path, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sbuf_vfmt(path, fmt, ap);
	va_end(ap);
	return -err.num;
}

static int parse_action(const char *word, uint32_t *action)
{
	if (seccomp_parse_action(word, action) < 0)
		return err_say(EINVAL, "unknown action \"%s\"", word);
	return 0;
}

/* Adds the number that ERRNO and TRACE have with them. */
static int add_number(uint32_t *action, struct opt_u32 number)
{
	uint32_t most = *action == K_SECCOMP_RET_TRACE ? TRACE_MAX : ERRNO_MAX;

	if (*action != K_SECCOMP_RET_ERRNO && *action != K_SECCOMP_RET_TRACE)
		return number.set ? err_say(EINVAL, "the action takes none") :
				    0;
	if (!number.set)
		number.v = EPERM;
	if (number.v > most)
		return err_say(EINVAL, "%u is more than %u", number.v, most);
	*action |= number.v;
	return 0;
}

/* As runc. It is also the call by which a process that is filtered says what
 * went wrong: it should not have to wait for an agent. */
static int check_notify(uint32_t action, const char *name)
{
	if (action == K_SECCOMP_RET_USER_NOTIF && str_eq(name, "write"))
		return err_say(EINVAL, "SCMP_ACT_NOTIFY can't be used for the "
				       "write system call");
	return 0;
}

static int plan_default(struct seccomp_plan *plan, struct sbuf *path)
{
	const struct spec_seccomp *s = plan->spec;

	if (!s->default_action) {
		err_say(EINVAL, "missing");
		return at(path, "defaultAction");
	}
	if (parse_action(s->default_action, &plan->default_action) < 0)
		return at(path, "defaultAction");
	if (plan->default_action == K_SECCOMP_RET_USER_NOTIF) {
		err_say(EINVAL, "SCMP_ACT_NOTIFY can't be the default");
		return at(path, "defaultAction");
	}
	switch (plan->default_action) {
	case K_SECCOMP_RET_ALLOW:
	case K_SECCOMP_RET_LOG:
	case K_SECCOMP_RET_TRACE:
		break;
	default:
		plan->enosys = true;
	}
	if (add_number(&plan->default_action, s->default_errno_ret) < 0)
		return at(path, "defaultErrnoRet");
	return 0;
}

static int plan_archs(struct seccomp_plan *plan, struct sbuf *path)
{
	const struct spec_strs *v = &plan->spec->architectures;
	unsigned int abi;
	size_t i;

	plan->abis = 1; /* our own */
	for (i = 0; i < v->n; i++) {
		if (seccomp_parse_arch(v->v[i], &abi) < 0) {
			err_say(EINVAL, "unknown architecture \"%s\"", v->v[i]);
			return at(path, "architectures[%zu]", i);
		}
		plan->abis |= 1U << abi;
	}
	return 0;
}

static int plan_flags(struct seccomp_plan *plan, struct sbuf *path)
{
	const struct spec_strs *v = &plan->spec->flags;
	uint32_t flag;
	size_t i;

	if (!plan->spec->flags_set)
		plan->flags = K_SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	for (i = 0; i < v->n; i++) {
		if (seccomp_parse_flag(v->v[i], &flag) < 0) {
			err_say(EINVAL, "unknown flag \"%s\"", v->v[i]);
			return at(path, "flags[%zu]", i);
		}
		if (flag && !seccomp_probe_flag(flag)) {
			err_say(EINVAL, "the kernel has no %s", v->v[i]);
			return at(path, "flags[%zu]", i);
		}
		plan->flags |= flag;
	}
	return 0;
}

static int plan_cond(struct seccomp_cond *c, const struct spec_seccomp_arg *arg,
		     struct sbuf *path)
{
	if (arg->index >= SECCOMP_ARGS) {
		err_say(EINVAL, "a system call has arguments 0 to %d",
			SECCOMP_ARGS - 1);
		return at(path, ".index");
	}
	if (!arg->op || seccomp_parse_op(arg->op, &c->op) < 0) {
		err_say(EINVAL, "unknown operator \"%s\"",
			arg->op ? arg->op : "");
		return at(path, ".op");
	}
	c->arg = arg->index;
	c->value = arg->value;
	c->mask = ~UINT64_C(0);
	if (c->op == OP_MASKED_EQ) {
		c->mask = arg->value;
		c->value = arg->value_two & c->mask;
	}
	return 0;
}

static int plan_conds(struct seccomp_plan *plan, size_t n, uint32_t *used,
		      struct sbuf *path)
{
	const struct spec_seccomp_rule *from = &plan->spec->syscalls.v[n];
	struct seccomp_rule *rule = &plan->rules[n];
	unsigned int seen = 0, bit;
	size_t i;

	rule->cond = *used;
	rule->count = (uint32_t)from->args.n;
	for (i = 0; i < from->args.n; i++) {
		size_t len = path->len;

		sbuf_fmt(path, ".args[%zu]", i);
		if (plan_cond(&plan->conds[(*used)++], &from->args.v[i], path))
			return -err.num;
		path->len = len;
		path->p[len] = '\0';
		bit = 1U << from->args.v[i].index;
		rule->split |= (seen & bit) != 0;
		seen |= bit;
	}
	return 0;
}

/* What the rule means for one of its names. */
static void apply(struct seccomp_plan *plan, uint32_t n, const char *name)
{
	const struct seccomp_rule *rule = &plan->rules[n];
	int index = seccomp_name_find(name);
	struct seccomp_call *call;

	if (index < 0) {
		plan->unknown++;
		return;
	}
	call = &plan->calls[index];
	call->mentioned = true;
	if (call->decided || rule->action == plan->default_action)
		return;
	if (!rule->count) {
		call->decided = true;
		call->action = rule->action;
		if (!call->head)
			return;
	}
	plan->links[++plan->nlinks].rule = n;
	if (call->head)
		plan->links[call->tail].next = plan->nlinks;
	else
		call->head = plan->nlinks;
	call->tail = plan->nlinks;
}

static int plan_rule(struct seccomp_plan *plan, size_t n, uint32_t *used,
		     struct sbuf *path)
{
	const struct spec_seccomp_rule *from = &plan->spec->syscalls.v[n];
	struct seccomp_rule *rule = &plan->rules[n];
	size_t i;

	if (!from->action) {
		err_say(EINVAL, "missing");
		return at(path, ".action");
	}
	if (parse_action(from->action, &rule->action) < 0)
		return at(path, ".action");
	if (add_number(&rule->action, from->errno_ret) < 0)
		return at(path, ".errnoRet");
	plan->notifies |= rule->action == K_SECCOMP_RET_USER_NOTIF;
	if (plan_conds(plan, n, used, path) < 0)
		return -err.num;
	for (i = 0; i < from->names.n; i++) {
		if (!from->names.v[i][0])
			err_say(EINVAL, "an empty name");
		else if (check_notify(rule->action, from->names.v[i]) == 0) {
			apply(plan, (uint32_t)n, from->names.v[i]);
			continue;
		}
		return at(path, ".names[%zu]", i);
	}
	return 0;
}

static int plan_rules(struct seccomp_plan *plan, struct sbuf *path)
{
	const struct seccomp_mux *mux;
	uint32_t used = 0;
	size_t i;

	for (i = 0; (mux = seccomp_mux(i)); i++)
		plan->calls[mux->call].muxes |= (uint8_t)(1U << mux->abi);
	for (i = 0; i < plan->spec->syscalls.n; i++) {
		sbuf_fmt(path, "syscalls[%zu]", i);
		if (plan_rule(plan, i, &used, path) < 0)
			return -err.num;
		path->len = 0;
		path->p[0] = '\0';
	}
	return 0;
}

static int plan_listener(struct seccomp_plan *plan, struct sbuf *path)
{
	const char *to = plan->spec->listener_path;

	if (!plan->notifies) {
		/* Nobody would wait for an answer. */
		plan->flags &= ~K_SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
		return 0;
	}
	plan->flags |= K_SECCOMP_FILTER_FLAG_NEW_LISTENER;
	if (to && *to)
		return 0;
	err_say(EINVAL, "missing: SCMP_ACT_NOTIFY needs it");
	return at(path, "listenerPath");
}

static void *place(char *base, size_t *offset, size_t n, size_t size)
{
	size_t at = *offset;

	*offset += (n * size + 15) & ~(size_t)15;
	return base ? base + at : NULL;
}

/* Returns how much room everything takes. */
static size_t lay_out(struct seccomp_plan *plan, char *base)
{
	const struct spec_seccomp *s = plan->spec;
	size_t conds = 0, links = 1, i, offset = 0;

	for (i = 0; i < s->syscalls.n; i++) {
		conds += s->syscalls.v[i].args.n;
		links += s->syscalls.v[i].names.n;
	}
	plan->calls =
		place(base, &offset, seccomp_names(), sizeof(*plan->calls));
	plan->rules = place(base, &offset, s->syscalls.n, sizeof(*plan->rules));
	plan->conds = place(base, &offset, conds, sizeof(*plan->conds));
	plan->links = place(base, &offset, links, sizeof(*plan->links));
	plan->clauses = place(base, &offset, SECCOMP_CLAUSES_MAX,
			      sizeof(*plan->clauses));
	plan->segments = place(base, &offset, SECCOMP_SEGMENTS_MAX,
			       sizeof(*plan->segments));
	return offset;
}

/* One mapping: pages of it that are not used take no memory. */
static int get_memory(struct seccomp_plan *plan)
{
	size_t size = lay_out(plan, NULL);
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return err_sys(errno, "memory for a seccomp profile");
	lay_out(plan, p);
	plan->memory = p;
	plan->size = size;
	return 0;
}

int seccomp_plan_make(struct seccomp_plan *plan, const struct spec_seccomp *s,
		      char *path, size_t path_size)
{
	struct sbuf where = { .p = path, .size = path_size };
	int ret;

	*path = '\0';
	*plan = (struct seccomp_plan){ .spec = s };
	ret = plan_default(plan, &where);
	if (ret == 0)
		ret = plan_archs(plan, &where);
	if (ret == 0)
		ret = plan_flags(plan, &where);
	if (ret == 0)
		ret = get_memory(plan);
	if (ret == 0)
		ret = plan_rules(plan, &where);
	return ret == 0 ? plan_listener(plan, &where) : ret;
}

void seccomp_plan_free(struct seccomp_plan *plan)
{
	if (plan->memory)
		munmap(plan->memory, plan->size);
	plan->memory = NULL;
}
