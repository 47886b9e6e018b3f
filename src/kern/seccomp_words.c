/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_words.h"

#include <errno.h>

#include "base/str.h"
#include "kern/seccomp.h"
#include "kern/seccomp_abi.h"
#include "kern/seccomp_load.h"
#include "kern/seccomp_names.h"

struct word {
	char name[40];
	uint32_t value;
};

/* Alphabetical, as `features` prints them; the empty one ends a table. */
static const struct word actions[] = {
	{ "SCMP_ACT_ALLOW", K_SECCOMP_RET_ALLOW },
	{ "SCMP_ACT_ERRNO", K_SECCOMP_RET_ERRNO },
	{ "SCMP_ACT_KILL", K_SECCOMP_RET_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", K_SECCOMP_RET_KILL_PROCESS },
	{ "SCMP_ACT_KILL_THREAD", K_SECCOMP_RET_KILL_THREAD },
	{ "SCMP_ACT_LOG", K_SECCOMP_RET_LOG },
	{ "SCMP_ACT_NOTIFY", K_SECCOMP_RET_USER_NOTIF },
	{ "SCMP_ACT_TRACE", K_SECCOMP_RET_TRACE },
	{ "SCMP_ACT_TRAP", K_SECCOMP_RET_TRAP },
	{ "", 0 },
};

static const struct word operators[] = {
	{ "SCMP_CMP_EQ", OP_EQ }, { "SCMP_CMP_GE", OP_GE },
	{ "SCMP_CMP_GT", OP_GT }, { "SCMP_CMP_LE", OP_LE },
	{ "SCMP_CMP_LT", OP_LT }, { "SCMP_CMP_MASKED_EQ", OP_MASKED_EQ },
	{ "SCMP_CMP_NE", OP_NE }, { "", 0 },
};

/* TSYNC is for processes with several threads: there is nothing to pass on. */
static const struct word flags[] = {
	{ "SECCOMP_FILTER_FLAG_LOG", K_SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", K_SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_TSYNC", 0 },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
	  K_SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
	{ "", 0 },
};

static const char archs[][24] = {
	"SCMP_ARCH_AARCH64",     "SCMP_ARCH_ARM",    "SCMP_ARCH_LOONGARCH64",
	"SCMP_ARCH_M68K",        "SCMP_ARCH_MIPS",   "SCMP_ARCH_MIPS64",
	"SCMP_ARCH_MIPS64N32",   "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64",
	"SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64",
	"SCMP_ARCH_PPC",         "SCMP_ARCH_PPC64",  "SCMP_ARCH_PPC64LE",
	"SCMP_ARCH_RISCV64",     "SCMP_ARCH_S390",   "SCMP_ARCH_S390X",
	"SCMP_ARCH_SH",          "SCMP_ARCH_SHEB",   "SCMP_ARCH_X32",
	"SCMP_ARCH_X86",         "SCMP_ARCH_X86_64", "",
};

static const struct word *find(const struct word *w, const char *name)
{
	for (; w->name[0]; w++)
		if (str_eq(w->name, name))
			return w;
	return NULL;
}

int seccomp_parse_action(const char *name, uint32_t *action)
{
	const struct word *w = find(actions, name);

	if (!w)
		return -EINVAL;
	*action = w->value;
	return 0;
}

int seccomp_parse_op(const char *name, enum seccomp_op *op)
{
	const struct word *w = find(operators, name);

	if (!w)
		return -EINVAL;
	*op = (enum seccomp_op)w->value;
	return 0;
}

int seccomp_parse_flag(const char *name, uint32_t *flag)
{
	const struct word *w = find(flags, name);

	if (!w)
		return -EINVAL;
	*flag = w->value;
	return 0;
}

int seccomp_parse_arch(const char *name, unsigned int *abi)
{
	unsigned int i;

	for (i = 0; !str_eq(archs[i], name); i++)
		if (!archs[i][0])
			return -EINVAL;
	for (i = 0; i < ABIS; i++)
		if (str_eq(seccomp_abis[i].scmp, name))
			break;
	*abi = i;
	return 0;
}

static const char *nth(const struct word *w, size_t i)
{
	while (w->name[0] && i--)
		w++;
	return w->name[0] ? w->name : NULL;
}

const char *seccomp_word(enum seccomp_words kind, size_t i)
{
	switch (kind) {
	case SECCOMP_ACTIONS:
		return nth(actions, i);
	case SECCOMP_FLAGS:
		return nth(flags, i);
	case SECCOMP_OPERATORS:
		return nth(operators, i);
	case SECCOMP_ARCHS:
		if (i + 1 < sizeof(archs) / sizeof(archs[0]))
			return archs[i];
	}
	return NULL;
}

bool seccomp_flag_works(size_t i)
{
	return seccomp_probe_flag(flags[i].value);
}

bool seccomp_action_works(size_t i)
{
	return seccomp_probe_action(actions[i].value);
}
