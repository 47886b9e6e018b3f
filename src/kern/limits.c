/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/limits.h"

#include <errno.h>
#include <stddef.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "kern/need.h"
#include "kern/procfs.h"
#include "syscall_nr.h"

/* The index is the kernel's number. */
static const char names[][20] = {
	[RLIMIT_CPU] = "RLIMIT_CPU",
	[RLIMIT_FSIZE] = "RLIMIT_FSIZE",
	[RLIMIT_DATA] = "RLIMIT_DATA",
	[RLIMIT_STACK] = "RLIMIT_STACK",
	[RLIMIT_CORE] = "RLIMIT_CORE",
	[RLIMIT_RSS] = "RLIMIT_RSS",
	[RLIMIT_NPROC] = "RLIMIT_NPROC",
	[RLIMIT_NOFILE] = "RLIMIT_NOFILE",
	[RLIMIT_MEMLOCK] = "RLIMIT_MEMLOCK",
	[RLIMIT_AS] = "RLIMIT_AS",
	[RLIMIT_LOCKS] = "RLIMIT_LOCKS",
	[RLIMIT_SIGPENDING] = "RLIMIT_SIGPENDING",
	[RLIMIT_MSGQUEUE] = "RLIMIT_MSGQUEUE",
	[RLIMIT_NICE] = "RLIMIT_NICE",
	[RLIMIT_RTPRIO] = "RLIMIT_RTPRIO",
	[RLIMIT_RTTIME] = "RLIMIT_RTTIME",
};

enum { NAMED = sizeof(names) / sizeof(names[0]) };

/* struct rlimit64: libc's struct rlimit may be narrower. */
struct limit {
	uint64_t soft, hard;
};

static int find(const char *name)
{
	for (int i = 0; i < NAMED; i++)
		if (str_eq(names[i], name))
			return i;
	return -1;
}

static int set_one(const struct spec_rlimit *l)
{
	struct limit limit = { l->soft, l->hard };
	int which = find(l->type);

	if (which < 0)
		return err_say(EINVAL, "unknown limit \"%s\"", l->type);
	if (syscall(NR_prlimit64, 0, which, &limit, NULL) == 0)
		return 0;
	err_sys(errno, "set %s to %llu, hard %llu", l->type,
		(unsigned long long)l->soft, (unsigned long long)l->hard);
	return err.num == EPERM ? err_hint(NEED_RLIMIT) : -err.num;
}

int limits_set(const struct spec_rlimit *v, size_t n)
{
	int ret = 0;

	for (size_t i = 0; i < n && ret == 0; i++)
		ret = set_one(&v[i]);
	return ret;
}

void limits_raise(pid_t pid, const struct spec_rlimit *v, size_t n)
{
	struct limit now;

	for (size_t i = 0; i < n; i++) {
		int which = find(v[i].type);

		if (syscall(NR_prlimit64, pid, which, NULL, &now) < 0 ||
		    now.hard >= v[i].hard)
			continue;
		now.hard = v[i].hard;
		syscall(NR_prlimit64, pid, which, &now, NULL);
	}
}

int limits_set_oom(int proc, const char *who, int32_t score)
{
	char text[16], path[32];
	int ret = str_fmt(text, sizeof(text), "%d", score);

	if (ret >= 0)
		ret = str_fmt(path, sizeof(path), "%s/oom_score_adj", who);
	if (ret >= 0)
		ret = procfs_write(proc, path, text);
	return ret == -EACCES ? err_hint(NEED_OOM) : ret;
}

static const struct domain {
	char name[8];
	uint32_t persona;
} domains[] = {
	{ "LINUX", PER_LINUX },
	{ "LINUX32", PER_LINUX32 },
};

int limits_parse_personality(uint32_t *persona,
			     const struct spec_personality *s)
{
	const struct domain *d = domains;
	const struct domain *end = d + sizeof(domains) / sizeof(domains[0]);

	if (s->flags.n)
		return err_say(EINVAL, "flags: unknown flag \"%s\"",
			       s->flags.v[0]);
	while (d < end && !str_eq(d->name, s->domain ? s->domain : ""))
		d++;
	if (d == end)
		return err_say(EINVAL,
			       "domain: expected LINUX or LINUX32, found "
			       "\"%s\"",
			       s->domain ? s->domain : "");
	*persona = d->persona;
	return 0;
}

int limits_set_personality(uint32_t persona)
{
	if (personality(persona) < 0)
		return err_sys(errno, "set personality 0x%x", persona);
	if ((uint32_t)personality(0xffffffff) != persona)
		return err_say(EINVAL, "personality 0x%x is not possible here",
			       persona);
	return 0;
}
