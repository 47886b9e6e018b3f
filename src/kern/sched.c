/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/sched.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "kern/need.h"
#include "syscall_nr.h"

struct word {
	char name[28];
	uint32_t value;
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct word policies[] = {
	{ "SCHED_OTHER", 0 },    { "SCHED_FIFO", 1 }, { "SCHED_RR", 2 },
	{ "SCHED_BATCH", 3 },    { "SCHED_ISO", 4 },  { "SCHED_IDLE", 5 },
	{ "SCHED_DEADLINE", 6 },
};

static const struct word flags[] = {
	{ "SCHED_FLAG_RESET_ON_FORK", 0x01 },
	{ "SCHED_FLAG_RECLAIM", 0x02 },
	{ "SCHED_FLAG_DL_OVERRUN", 0x04 },
	{ "SCHED_FLAG_KEEP_POLICY", 0x08 },
	{ "SCHED_FLAG_KEEP_PARAMS", 0x10 },
	{ "SCHED_FLAG_UTIL_CLAMP_MIN", 0x20 },
	{ "SCHED_FLAG_UTIL_CLAMP_MAX", 0x40 },
};

/* Class, shifted to where ioprio_set(2) wants it. */
static const struct word io_classes[] = {
	{ "IOPRIO_CLASS_RT", 1u << 13 },
	{ "IOPRIO_CLASS_BE", 2u << 13 },
	{ "IOPRIO_CLASS_IDLE", 3u << 13 },
};

static const struct word *find(const struct word *w, size_t n, const char *name)
{
	for (; n; w++, n--)
		if (str_eq(w->name, name))
			return w;
	return NULL;
}

int sched_parse(struct k_sched_attr *a, const struct spec_scheduler *s)
{
	const struct word *w = find(policies, COUNT(policies), s->policy);

	if (!w)
		return err_say(EINVAL, "policy: unknown policy \"%s\"",
			       s->policy);
	*a = (struct k_sched_attr){
		.size = sizeof(*a),
		.policy = w->value,
		.nice = s->nice.v,
		.priority = (uint32_t)s->priority.v,
		.runtime = s->runtime.v,
		.deadline = s->deadline.v,
		.period = s->period.v,
	};
	for (size_t i = 0; i < s->flags.n; i++) {
		w = find(flags, COUNT(flags), s->flags.v[i]);
		if (!w)
			return err_say(EINVAL, "flags: unknown flag \"%s\"",
				       s->flags.v[i]);
		a->flags |= w->value;
	}
	return 0;
}

int sched_set(pid_t pid, const struct k_sched_attr *a)
{
	if (syscall(NR_sched_setattr, pid, a, 0) == 0)
		return 0;
	err_sys(errno, "set scheduler policy %s",
		a->policy < COUNT(policies) ? policies[a->policy].name : "");
	return err.num == EPERM ? err_hint(NEED_SCHED) : -err.num;
}

int sched_parse_io(int *prio, const struct spec_io_priority *s)
{
	const struct word *w = find(io_classes, COUNT(io_classes), s->class);

	if (!w)
		return err_say(EINVAL, "class: unknown class \"%s\"", s->class);
	*prio = (int)w->value | s->priority;
	return 0;
}

int sched_set_io(pid_t pid, int prio)
{
	const int who_process = 1;

	if (syscall(NR_ioprio_set, who_process, pid, prio) == 0)
		return 0;
	err_sys(errno, "set I/O priority");
	return err.num == ENOSYS ? err_hint(NEED_IOPRIO) : -err.num;
}

int sched_parse_cpus(struct sched_cpus *set, const char *list)
{
	int ret;

	memset(set, 0, sizeof(*set));
	ret = str_ranges(set->bits, SCHED_CPUS, list);
	if (ret == -ERANGE)
		return err_say(ERANGE, "\"%s\": CPU numbers end at %d", list,
			       SCHED_CPUS - 1);
	if (ret < 0)
		return err_say(EINVAL, "\"%s\" is not a list of CPUs", list);
	return 0;
}

/* The kernel's mask is an array of long: bits are where they should be in
 * 64-bit words only if the byte order is little-endian, as it is on all
 * machines that runt is for. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "byte order");

int sched_set_cpus(const struct sched_cpus *set)
{
	if (syscall(NR_sched_setaffinity, 0, sizeof(*set), set->bits) < 0)
		return err_sys(errno, "set CPU affinity");
	return 0;
}

int sched_reset_cpus(void)
{
	struct sched_cpus all;

	memset(&all, 0xff, sizeof(all));
	return sched_set_cpus(&all);
}
