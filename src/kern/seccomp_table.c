/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_table.h"

#include <stddef.h>
#include <string.h>

#include "kern/seccomp_names.h"

#if RUNT_SECCOMP == 1

#include <seccomp.h>

enum {
	ABSENT = -20000, /* minus a name's index: what an ABI does not have */
};

#define TOKEN(abi, scmp, ...) [ABI_##abi] = (scmp),
static const uint32_t tokens[] = { ARCH_ABI(TOKEN) };

/* What the library calls the ABIs, and the one that it is asked about while
 * that is found out. */
static int offsets[ABIS];
static int learning = -1;

/* These five are all that the library's table is used through. */
struct arch_syscall_def;
int syscall_resolve_name(const char *name, int offset);
const char *syscall_resolve_num(int num, int offset);
int syscall_resolve_name_kver(const char *name, int offset);
int syscall_resolve_num_kver(int num, int offset, int offset_kver);
const struct arch_syscall_def *syscall_iterate(unsigned int spot, int offset);

void seccomp_table_use(void)
{
	for (learning = 0; learning < ABIS; learning++)
		seccomp_syscall_resolve_name_arch(tokens[learning], "read");
	learning = -1;
}

static const struct seccomp_abi *abi_of(int offset)
{
	for (unsigned int i = 0; i < ABIS; i++)
		if (offsets[i] == offset)
			return &seccomp_abis[i];
	return NULL;
}

/* Without the bit that all numbers of an ABI have: the library adds it. */
static int number(const struct seccomp_abi *abi, const struct seccomp_row *row)
{
	return (int)(seccomp_number(abi, row) - abi->first);
}

int syscall_resolve_name(const char *name, int offset)
{
	const struct seccomp_abi *abi;
	int index = seccomp_name_find(name);

	if (learning >= 0)
		offsets[learning] = offset;
	abi = abi_of(offset);
	if (index < 0 || !abi)
		return __NR_SCMP_ERROR;
	for (size_t i = abi->row; i < abi->row_end; i++)
		if (seccomp_row(i)->name == index)
			return number(abi, seccomp_row(i));
	return ABSENT - index;
}

const char *syscall_resolve_num(int num, int offset)
{
	const struct seccomp_abi *abi = abi_of(offset);

	if (num <= ABSENT && (size_t)(ABSENT - num) < seccomp_names())
		return seccomp_name((size_t)(ABSENT - num));
	for (size_t i = abi ? abi->row : 0; abi && i < abi->row_end; i++)
		if (number(abi, seccomp_row(i)) == num)
			return seccomp_name(seccomp_row(i)->name);
	return NULL;
}

/* The versions of the kernel that brought a call are for filters with an action
 * for what is unknown, and the list of all is for tools: neither is ours. */
int syscall_resolve_name_kver(const char *name, int offset)
{
	(void)name;
	(void)offset;
	return 0; /* SCMP_KV_UNDEF */
}

int syscall_resolve_num_kver(int num, int offset, int offset_kver)
{
	(void)num;
	(void)offset;
	(void)offset_kver;
	return 0;
}

const struct arch_syscall_def *syscall_iterate(unsigned int spot, int offset)
{
	(void)spot;
	(void)offset;
	return NULL;
}

/*
 * The library's parts for machines that have no ABI here: it is never told of
 * one. As each has a symbol already, the linker leaves them in the archive; a
 * shared library has its own.
 */
#define ELSEWHERE(X)   \
	X(loongarch64) \
	X(m68k)        \
	X(mips)        \
	X(mips64)      \
	X(mips64n32)   \
	X(mipsel)      \
	X(mipsel64)    \
	X(mipsel64n32) \
	X(parisc)      \
	X(parisc64)    \
	X(ppc)         \
	X(ppc64) X(ppc64le) X(s390) X(s390x) X(sh) X(sheb)

/* As large as one of the library's, and then some. */
static const uint64_t nobody[16];
#define NO_MACHINE(name)                          \
	extern const uint64_t arch_def_##name[16] \
		__attribute__((weak, alias("nobody")));
ELSEWHERE(NO_MACHINE)
ARCH_NOT(NO_MACHINE)

#endif
