/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares one ABI of arch/ with libseccomp: "resolve ABI TABLE", built with
 * the arch.h of a machine that runs it, prints a line for every difference and
 * exits with 1 if there was one. The table both ways: each row's name has its
 * number there, each number that has a name there has its row here; a row that
 * libseccomp doesn't know is right if it is newer than all it knows. The ABI's
 * row in arch.h: with the programs libseccomp makes for it. Its multiplexed
 * calls, again both ways.
 */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/ipc.h>
#include <linux/net.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Further than any kernel has come, short of where private calls begin. */
#define ORDINARY_MAX 2048
#define PRIVATE_MAX 64

/* libseccomp's numbers of a call that goes through socketcall or ipc. */
#define SOCKETCALL_BASE (-100)
#define IPC_BASE (-200)
#define MUX_END (-300)

/* What parts the numbers of x86_64 and x32, in <asm/unistd.h> of x86 only. */
#define X32_BIT UINT32_C(0x40000000)

/* A constant whose upper half a comparison of 32 bits doesn't need. */
#define VALUE UINT64_C(0x1122334455667788)

struct abi {
	const char *name;
	uint32_t scmp;
	uint32_t audit;
	unsigned int bits;
	uint32_t first;
	uint32_t end;
};

struct mux {
	const char *abi;
	const char *call;
	const char *name;
	int selector;
};

struct row {
	char name[64];
	uint32_t number;
};

#define ABI(name, scmp, audit, bits, first, end) \
	{ #name, scmp, audit, bits, first, end },
#define MUX(abi, call, name, selector) { #abi, #call, #name, selector },

static const struct abi abis[] = { ARCH_ABI(ABI) };
static const struct mux muxes[] = { ARCH_MUX(MUX){ 0 } };

/* Calls newer than their number: 336 was free when x86 added uprobe after 466,
 * and libseccomp 2.6.0 ends at 466. */
static const char *const late[] = { "uprobe" };

static struct row rows[ORDINARY_MAX];
static size_t row_count;
static int differences;

#define differ(...) (differences++, printf(__VA_ARGS__), (void)putchar('\n'))

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void read_table(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[128];

	if (!file)
		die(path);
	while (fgets(line, sizeof(line), file)) {
		struct row *row = &rows[row_count];

		if (line[0] == '#')
			continue;
		if (row_count == ARRAY_SIZE(rows) ||
		    sscanf(line, "%63s\t%u", row->name, &row->number) != 2)
			differ("%s: not a row: %s", path, line);
		else
			row_count++;
	}
	if (ferror(file))
		die(path);
	fclose(file);
}

static const struct abi *find_abi(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(abis); i++)
		if (!strcmp(abis[i].name, name))
			return &abis[i];
	return NULL;
}

static const struct row *find_row(const char *name)
{
	for (size_t i = 0; i < row_count; i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	return NULL;
}

static const struct mux *find_mux(const struct abi *abi, const char *name)
{
	for (const struct mux *m = muxes; m->abi; m++)
		if (!strcmp(m->abi, abi->name) && !strcmp(m->name, name))
			return m;
	return NULL;
}

static int is_ordinary(const struct abi *abi, uint32_t number)
{
	return number >= abi->first && number < abi->end &&
	       number - abi->first < ORDINARY_MAX;
}

static int is_private(const struct abi *abi, uint32_t number)
{
	return number > abi->end && number - abi->end < PRIVATE_MAX;
}

/* x32's own variants of older calls, above which the newest are not. */
static int is_x32_own(uint32_t number)
{
	return number >= X32_BIT + 512 && number <= X32_BIT + 547;
}

static int is_mux(int number)
{
	return number <= SOCKETCALL_BASE && number > MUX_END;
}

/* libseccomp's name of a number, to be freed; NULL if it has none. */
static char *name_of(const struct abi *abi, uint32_t number)
{
	return seccomp_syscall_resolve_num_arch(abi->scmp, (int)number);
}

static int number_has_name(const struct abi *abi, const struct row *row)
{
	char *name = name_of(abi, row->number);
	int same = name && !strcmp(name, row->name);

	free(name);
	return same;
}

static uint32_t highest_known(const struct abi *abi)
{
	uint32_t n = abi->first + ORDINARY_MAX;

	while (n-- > abi->first) {
		char *name = name_of(abi, n);

		free(name);
		if (name && !is_x32_own(n))
			return n;
	}
	return abi->first;
}

/* Those that have no number in libseccomp and may do without one. */
static int may_be_unknown(const struct abi *abi, const struct row *row,
			  uint32_t highest)
{
	for (size_t i = 0; i < ARRAY_SIZE(late); i++)
		if (!strcmp(late[i], row->name))
			return 1;
	return is_ordinary(abi, row->number) && !is_x32_own(row->number) &&
	       row->number > highest;
}

static void check_row(const struct abi *abi, const struct row *row,
		      uint32_t highest)
{
	int number = seccomp_syscall_resolve_name_arch(abi->scmp, row->name);

	if (!is_ordinary(abi, row->number) && !is_private(abi, row->number))
		differ("%s %u: out of the bounds in arch.h", row->name,
		       row->number);
	if (number >= 0 && (uint32_t)number == row->number)
		return;
	if (is_mux(number) && find_mux(abi, row->name) &&
	    number_has_name(abi, row))
		return;
	if (number < 0 && may_be_unknown(abi, row, highest)) {
		printf("# newer than libseccomp: %s %u\n", row->name,
		       row->number);
		return;
	}
	differ("%s %u: libseccomp says %d", row->name, row->number, number);
}

/* Every number with a name in libseccomp, of count numbers from first on. */
static void check_numbers(const struct abi *abi, uint32_t first, uint32_t count)
{
	for (uint32_t n = first; n - first < count; n++) {
		char *name = name_of(abi, n);
		const struct row *row = name ? find_row(name) : NULL;

		if (name && (!row || row->number != n))
			differ("%s %u: libseccomp has it", name, n);
		free(name);
	}
}

static void check_table(const struct abi *abi)
{
	uint32_t highest = highest_known(abi);

	for (size_t i = 0; i < row_count; i++)
		check_row(abi, &rows[i], highest);
	check_numbers(abi, abi->first, ORDINARY_MAX);
	if (abi->end != UINT32_MAX)
		check_numbers(abi, abi->end, PRIVATE_MAX);
}

static void check_mux(const struct abi *abi, const struct mux *m)
{
	const struct row *call = find_row(m->call);
	int base = strcmp(m->call, "ipc") ? SOCKETCALL_BASE : IPC_BASE;
	int pseudo = seccomp_syscall_resolve_name_arch(abi->scmp, m->name);
	int number = seccomp_syscall_resolve_name_rewrite(abi->scmp, m->name);

	if (pseudo != base - m->selector)
		differ("%s: selector %d, libseccomp says %d", m->name,
		       m->selector, base - pseudo);
	if (!call || number < 0 || call->number != (uint32_t)number)
		differ("%s: by %s, libseccomp says by %d", m->name, m->call,
		       number);
}

static void check_muxes(const struct abi *abi)
{
	for (const struct mux *m = muxes; m->abi; m++)
		if (!strcmp(m->abi, abi->name))
			check_mux(abi, m);
	for (int n = SOCKETCALL_BASE; n > MUX_END; n--) {
		char *name = seccomp_syscall_resolve_num_arch(abi->scmp, n);

		if (name &&
		    seccomp_syscall_resolve_name_arch(abi->scmp, name) == n &&
		    seccomp_syscall_resolve_name_rewrite(abi->scmp, name) > 0 &&
		    !find_mux(abi, name))
			differ("%s: libseccomp multiplexes it", name);
		free(name);
	}
}

/* The program for this ABI alone that refuses write(VALUE, ...). */
static size_t make_program(const struct abi *abi, struct sock_filter *program,
			   size_t size)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	uint32_t native = seccomp_arch_native();
	int err = 0;

	if (!ctx)
		die("seccomp_init");
	if (abi->scmp != native)
		err = seccomp_arch_add(ctx, abi->scmp) ||
		      seccomp_arch_remove(ctx, native);
	if (err ||
	    seccomp_rule_add(ctx, SCMP_ACT_ERRNO(1), SCMP_SYS(write), 1,
			     SCMP_CMP64(0, SCMP_CMP_EQ, VALUE, 0)) ||
	    seccomp_export_bpf_mem(ctx, program, &size)) {
		differ("%s: libseccomp makes no program for it", abi->name);
		size = 0;
	}
	seccomp_release(ctx);
	return size / sizeof(*program);
}

static int has_jump(const struct sock_filter *program, size_t count,
		    uint16_t op, uint32_t k)
{
	for (size_t i = 0; i < count; i++)
		if (BPF_CLASS(program[i].code) == BPF_JMP &&
		    BPF_OP(program[i].code) == op && program[i].k == k)
			return 1;
	return 0;
}

static void check_abi(const struct abi *abi)
{
	struct sock_filter program[64];
	size_t count = make_program(abi, program, sizeof(program));
	unsigned int bits;

	if (!has_jump(program, count, BPF_JEQ, abi->audit))
		differ("%s: audit architecture %#x: libseccomp's is another",
		       abi->name, abi->audit);
	bits = has_jump(program, count, BPF_JEQ, VALUE >> 32) ? 64 : 32;
	if (bits != abi->bits)
		differ("%s: %u bits, libseccomp compares %u", abi->name,
		       abi->bits, bits);
	if (has_jump(program, count, BPF_JGE, X32_BIT) !=
	    (abi->first == X32_BIT || abi->end == X32_BIT))
		differ("%s: bounds: libseccomp's are others", abi->name);
}

int main(int argc, char **argv)
{
	const struct scmp_version *v = seccomp_version();
	const struct abi *abi = argc == 3 ? find_abi(argv[1]) : NULL;

	if (!abi) {
		fprintf(stderr, "usage: resolve ABI TABLE\n");
		return 2;
	}
	read_table(argv[2]);
	printf("# libseccomp %u.%u.%u, %zu rows\n", v->major, v->minor,
	       v->micro, row_count);
	check_abi(abi);
	check_table(abi);
	check_muxes(abi);
	return differences || row_count == 0;
}
