/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/cgdev.c: the program is run by an interpreter here, and its answers
 * compared with those of the rules read one by one, for rules by hand and for
 * thousands of generated lists. Where this kernel loads such programs, its
 * verifier has to accept them all.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/cgdev.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct request {
	uint32_t access, type, major, minor; /* of the kernel */
};

enum { BLOCK = 1, CHAR = 2 };
enum { M = 1, R = 2, W = 4 };

/* What eBPF means, of <linux/bpf.h>: class, operation and source are parts of
 * the code. Returns what the program does, -1 if it does what it must not. */
static int interpret(const struct cgdev *p, const struct request *q)
{
	uint64_t r[11] = { 0 }, value;
	uint32_t ctx[3] = { q->access << 16 | q->type, q->major, q->minor };
	size_t pc, steps = 0;

	for (pc = 0; pc < p->n && steps < p->n; steps++) {
		const struct cgdev_insn *i = &p->code[pc++];
		unsigned int dst = i->regs & 15, src = i->regs >> 4;
		bool jump = false;

		if (dst > 9 || src > 9)
			return -1;
		value = i->code & 8 ? r[src] : (uint64_t)(int64_t)i->imm;
		if (i->code == (0x01 | 0x60)) { /* LDX, MEM, W */
			if (src != 1 || i->jump < 0 || i->jump > 8 ||
			    i->jump % 4)
				return -1;
			r[dst] = ctx[i->jump / 4];
		} else if (i->code == (0x00 | 0x18)) { /* LD, IMM, DW */
			if (pc == p->n || p->code[pc].code || p->code[pc].regs)
				return -1;
			r[dst] = (uint32_t)i->imm |
				 (uint64_t)(uint32_t)p->code[pc++].imm << 32;
		} else if ((i->code & 7) == 7) { /* ALU64 */
			switch (i->code & 0xf0) {
			case 0x40:
				r[dst] |= value;
				break;
			case 0x50:
				r[dst] &= value;
				break;
			case 0x60:
				r[dst] <<= value;
				break;
			case 0x70:
				r[dst] >>= value;
				break;
			case 0xb0:
				r[dst] = value;
				break;
			default:
				return -1;
			}
		} else if ((i->code & 7) == 5) { /* JMP */
			switch (i->code & 0xf0) {
			case 0x00:
				jump = true;
				break;
			case 0x10:
				jump = r[dst] == value;
				break;
			case 0x40:
				jump = r[dst] & value;
				break;
			case 0x50:
				jump = r[dst] != value;
				break;
			case 0x90:
				return r[0] <= 1 ? (int)r[0] : -1;
			default:
				return -1;
			}
			if (i->jump < 0)
				return -1;
			pc += jump ? (size_t)i->jump : 0;
		} else {
			return -1;
		}
	}
	return -1;
}

#define NUMBER(x)                     \
	{                             \
		.v = (x), .set = true \
	}
#define RULE(allow, type, maj, min, access)                   \
	{                                                     \
		allow, type, NUMBER(maj), NUMBER(min), access \
	}

static const struct spec_device_rule defaults[] = {
	RULE(true, "c", -1, -1, "m"),    RULE(true, "b", -1, -1, "m"),
	RULE(true, "c", 1, 3, "rwm"),    RULE(true, "c", 1, 5, "rwm"),
	RULE(true, "c", 1, 7, "rwm"),    RULE(true, "c", 1, 8, "rwm"),
	RULE(true, "c", 1, 9, "rwm"),    RULE(true, "c", 5, 0, "rwm"),
	RULE(true, "c", 5, 2, "rwm"),    RULE(true, "c", 10, 200, "rwm"),
	RULE(true, "c", 136, -1, "rwm"),
};

static bool number_matches(const struct opt_i64 *rule, uint32_t number)
{
	return !rule->set || rule->v == -1 || rule->v == (int64_t)number;
}

static bool matches(const struct spec_device_rule *r, const struct request *q,
		    char access)
{
	char type = q->type == BLOCK ? 'b' : 'c';

	if (r->type && r->type[0] != 'a' && r->type[0] != type)
		return false;
	return number_matches(&r->major, q->major) &&
	       number_matches(&r->minor, q->minor) && strchr(r->access, access);
}

/* The last rule that matches decides, for each kind of access. */
static bool may(const struct spec_device_rule *rules, size_t n,
		const struct request *q, char access)
{
	for (size_t i = COUNT(defaults); i-- > 0;)
		if (matches(&defaults[i], q, access))
			return defaults[i].allow;
	while (n-- > 0)
		if (matches(&rules[n], q, access))
			return rules[n].allow;
	return false;
}

static bool judge(const struct spec_device_rule *rules, size_t n,
		  const struct request *q)
{
	return (!(q->access & R) || may(rules, n, q, 'r')) &&
	       (!(q->access & W) || may(rules, n, q, 'w')) &&
	       (!(q->access & M) || may(rules, n, q, 'm'));
}

static const uint32_t majors[] = { 0,   1, 5,   8,     10,   136,
				   137, 9, 259, 0xfff, 1023, 4 };
static const uint32_t minors[] = { 0, 1,  2,   3,   5,  7,       8,
				   9, 10, 200, 201, 16, 0xfffff, 64 };

/* Compares all answers for one list. Returns how many differ. */
static unsigned int compare(const struct cgdev *p,
			    const struct spec_device_rule *rules, size_t n)
{
	unsigned int wrong = 0;
	struct request q;

	for (q.type = BLOCK; q.type <= CHAR; q.type++)
		for (q.access = 0; q.access <= 7; q.access++)
			for (size_t i = 0; i < COUNT(majors); i++)
				for (size_t j = 0; j < COUNT(minors); j++) {
					q.major = majors[i];
					q.minor = minors[j];
					wrong += interpret(p, &q) !=
						 judge(rules, n, &q);
				}
	return wrong;
}

/* The kernel's verdict on a program: it is loaded, and then attached to
 * nothing. 1 accepted, 0 refused, -1 it takes none here. */
static int verify(const struct cgdev *p)
{
	int ret = cgdev_apply(p, -1, false, "none");

	if (ret == -EBADF)
		return 1;
	return ret == -EOPNOTSUPP || ret == -EPERM ? -1 : 0;
}

static const struct {
	const char *name;
	struct spec_device_rule rules[4];
	size_t n;
} lists[] = {
	{ "no rules", { { 0 } }, 0 },
	{ "nothing", { { .access = "rwm" } }, 1 },
	{ "everything", { { .allow = true, .access = "rwm" } }, 1 },
	{ "everything, in two",
	  { RULE(true, "b", -1, -1, "rwm"), RULE(true, "c", -1, -1, "rwm") },
	  2 },
	{ "one device",
	  { { .access = "rwm" }, RULE(true, "b", 8, 0, "rw") },
	  2 },
	{ "a hole in a wildcard",
	  { RULE(true, "c", 4, -1, "rw"), RULE(false, "c", 4, 64, "w") },
	  2 },
	{ "the last wins",
	  { RULE(true, "b", 8, 0, "rw"), RULE(false, "b", 8, 0, "r"),
	    RULE(true, "b", 8, -1, "r"), RULE(false, "b", -1, 1, "r") },
	  4 },
	{ "kinds of access add up",
	  { RULE(true, "b", 8, 0, "r"), RULE(true, "b", 8, 0, "w") },
	  2 },
	{ "all but one",
	  { { .allow = true, .access = "rwm" }, RULE(false, "b", 8, 0, "w") },
	  2 },
	{ "the defaults stay",
	  { RULE(false, "c", 1, 3, "rwm"), RULE(false, "a", 5, -1, "rwm") },
	  2 },
	{ "nothing overrides all before",
	  { RULE(true, "b", 8, 0, "rw"), { .type = "a", .access = "mrw" } },
	  2 },
	{ "numbers that no device has",
	  { RULE(true, "c", 4096, 1, "rw"), RULE(true, "b", 8, 0xffffffff, "r"),
	    RULE(true, "b", 4095, 1048575, "r") },
	  3 },
};

static int can_verify;

static void check(const char *name, const struct cgdev *p,
		  const struct spec_device_rule *rules, size_t n)
{
	is_num(compare(p, rules, n), 0, name);
	if (can_verify)
		is_num(verify(p), 1, "  the kernel takes it");
}

static void test_lists(void)
{
	struct cgdev p;
	size_t bad;

	for (size_t i = 0; i < COUNT(lists); i++)
		if (ok(cgdev_compile(&p, lists[i].rules, lists[i].n, &bad) == 0,
		       "compile: %s", lists[i].name))
			check(lists[i].name, &p, lists[i].rules, lists[i].n);
}

/* xorshift: the same on every machine. */
static uint32_t seed;

static uint32_t any(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

static struct spec_device_rule any_rule(void)
{
	static const char *const types[] = { "a", "b", "c", NULL };
	static const char *const access[] = { "r",  "w",  "m",  "rw",
					      "rm", "wm", "rwm" };
	struct spec_device_rule r = { .allow = any(2),
				      .type = types[any(4)],
				      .access = access[any(7)] };

	if (any(3)) {
		r.major.set = true;
		r.major.v = any(9) ? (int64_t)majors[any(COUNT(majors))] : -1;
	}
	if (any(3)) {
		r.minor.set = true;
		r.minor.v = any(9) ? (int64_t)minors[any(COUNT(minors))] : -1;
	}
	return r;
}

enum { GENERATED = 3000 };

static void test_generated(void)
{
	static struct spec_device_rule rules[32];
	unsigned int wrong = 0, refused = 0, bad_lists = 0;
	struct cgdev p;
	size_t bad;

	for (int i = some_of(GENERATED); i > 0; i--) {
		size_t n = any(i % 10 ? 6 : 32);

		for (size_t j = 0; j < n; j++)
			rules[j] = any_rule();
		if (cgdev_compile(&p, rules, n, &bad) < 0) {
			bad_lists++;
			continue;
		}
		wrong += compare(&p, rules, n);
		refused += can_verify && i % 10 == 0 && verify(&p) != 1;
	}
	is_num(bad_lists, 0, "generated lists are compiled");
	is_num(wrong, 0, "generated lists mean the same");
	if (can_verify)
		is_num(refused, 0, "the kernel takes generated lists");
}

/* The longest list there may be, for the buffer and for the kernel. */
static void test_long(void)
{
	static struct spec_device_rule rules[4096];
	struct cgdev p;
	size_t bad, n = COUNT(rules);
	struct request q = { R, BLOCK, 7, 7 };

	for (size_t i = 0; i < COUNT(rules); i++)
		rules[i] = (struct spec_device_rule)RULE(
			true, "b", (int)(i / 256), (int)(i % 256), "r");
	is_num(cgdev_compile(&p, rules, n, &bad), -E2BIG, "too many rules");
	is_num(cgdev_compile(&p, rules, SIZE_MAX, &bad), -E2BIG,
	       "far too many rules");
	while (n > 0 && cgdev_compile(&p, rules, n, &bad) == -E2BIG)
		n--;
	ok(n >= 500, "%zu rules are not too many", n);
	is_num(interpret(&p, &q), n > 7 * 256 + 7, "the last of them");
	q = (struct request){ R, BLOCK, 0, 0 };
	is_num(interpret(&p, &q), 1, "the first of them");
	if (can_verify)
		is_num(verify(&p), 1, "  the kernel takes them");
}

static void test_wrong(void)
{
	static const struct spec_device_rule wrong[] = {
		{ .type = "u", .access = "r" },
		{ .type = "p", .access = "r" },
		{ .type = "", .access = "r" },
		{ .type = "block", .access = "r" },
		{ .type = "b" },
		{ .type = "b", .access = "" },
		{ .type = "b", .access = "rx" },
		{ .type = "b", .access = "RW" },
		RULE(true, "b", -2, 0, "r"),
		RULE(true, "b", 0, -2, "r"),
		RULE(true, "b", 4294967296, 0, "r"),
	};
	struct spec_device_rule rules[2] = { { .access = "rwm" } };
	struct cgdev p;
	size_t bad;

	for (size_t i = 0; i < COUNT(wrong); i++) {
		bad = 99;
		rules[1] = wrong[i];
		is_num(cgdev_compile(&p, rules, 2, &bad), -EINVAL, "wrong");
		is_num((long long)bad, 1, "  its place");
		printf("# %s\n", err.text);
	}
}

int main(void)
{
	struct cgdev p;
	size_t bad;

	seed = (uint32_t)time(NULL) ^ (uint32_t)getpid() << 16;
	if (getenv("SEED"))
		seed = (uint32_t)strtoul(getenv("SEED"), NULL, 0);
	seed = seed ? seed : 1;
	printf("# SEED=%u\n", seed);
	if (cgdev_compile(&p, NULL, 0, &bad) == 0)
		can_verify = verify(&p) >= 0;
	if (!can_verify)
		skip("the kernel takes the programs", err.text);
	test_lists();
	test_wrong();
	test_long();
	test_generated();
	return done();
}
