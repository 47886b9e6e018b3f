/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/mempolicy.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "kern/need.h"
#include "syscall_nr.h"

enum nodes { NONE, SOME, ANY };

/* <linux/mempolicy.h> */
static const struct {
	char name[25];
	uint8_t nodes; /* enum nodes: how many the mode takes */
} modes[] = {
	{ "MPOL_DEFAULT", NONE },
	{ "MPOL_PREFERRED", ANY },
	{ "MPOL_BIND", SOME },
	{ "MPOL_INTERLEAVE", SOME },
	{ "MPOL_LOCAL", NONE },
	{ "MPOL_PREFERRED_MANY", SOME },
	{ "MPOL_WEIGHTED_INTERLEAVE", SOME },
};

static const struct {
	char name[22];
	uint16_t bit;
} flags[] = {
	{ "MPOL_F_STATIC_NODES", 1 << 15 },
	{ "MPOL_F_RELATIVE_NODES", 1 << 14 },
	{ "MPOL_F_NUMA_BALANCING", 1 << 13 },
};

static int parse_nodes(struct mempolicy *p, const struct spec_memory_policy *s)
{
	int takes = modes[p->mode].nodes;
	int ret = 0;

	if (s->nodes && takes == NONE)
		return err_say(EINVAL, "nodes: %s takes none", s->mode);
	if (!s->nodes && takes == SOME)
		return err_say(EINVAL, "nodes: %s needs some", s->mode);
	if (s->nodes)
		ret = str_ranges(p->nodes, MEMPOLICY_NODES, s->nodes);
	return ret < 0 ? err_say(EINVAL,
				 "nodes: \"%s\" is not a list of nodes; they "
				 "end at %d",
				 s->nodes, MEMPOLICY_NODES - 1) :
			 0;
}

int mempolicy_parse(struct mempolicy *p, const struct spec_memory_policy *s)
{
	size_t i, k;
	int ret;

	*p = (struct mempolicy){ .mode = -1 };
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (str_eq(modes[i].name, s->mode))
			p->mode = (int)i;
	if (p->mode < 0)
		return err_say(EINVAL, "mode: unknown mode \"%s\"", s->mode);
	ret = parse_nodes(p, s);
	for (i = 0; i < s->flags.n; i++)
		for (k = 0; k < sizeof(flags) / sizeof(flags[0]); k++)
			if (str_eq(flags[k].name, s->flags.v[i]))
				p->mode |= flags[k].bit;
	return ret;
}

/* The kernel's mask is an array of long, like that of CPUs (sched.c), and it
 * takes one bit off the number of bits. */
int mempolicy_set(const struct mempolicy *p)
{
	if (syscall(NR_set_mempolicy, p->mode, p->nodes, MEMPOLICY_NODES + 1) ==
	    0)
		return 0;
	err_sys(errno, "set the memory policy");
	return err.num == ENOSYS ? err_hint(NEED_NUMA) : -err.num;
}
