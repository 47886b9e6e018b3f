/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/str.c: the formatter against libc's, number parsers, buffers that are
 * too small.
 */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int mismatches;

/* Both formatters get the same arguments; only a difference is printed. */
#define SAME(fmt, ...)                                                         \
	do {                                                                   \
		char ours[400], libcs[400];                                    \
		struct sbuf b = SBUF(ours);                                    \
		ours[0] = '\0';                                                \
		sbuf_fmt(&b, fmt, __VA_ARGS__);                                \
		snprintf(libcs, sizeof(libcs), fmt, __VA_ARGS__);              \
		if (strcmp(ours, libcs) != 0 || b.len != strlen(libcs)) {      \
			printf("# \"%s\": \"%s\" and not \"%s\"\n", fmt, ours, \
			       libcs);                                         \
			mismatches++;                                          \
		}                                                              \
	} while (0)

static const uint64_t interesting[] = {
	0,
	1,
	7,
	8,
	9,
	10,
	15,
	16,
	99,
	100,
	127,
	128,
	255,
	256,
	1000,
	32767,
	32768,
	65535,
	65536,
	INT32_MAX,
	1u << 31,
	UINT32_MAX,
	1ull << 32,
	INT64_MAX,
	1ull << 63,
	UINT64_MAX,
	1000000000ull,
	9999999999999999999ull,
};

static void check_number(uint64_t v)
{
	SAME("%d", (int)v);
	SAME("%u %x %o", (unsigned)v, (unsigned)v, (unsigned)v);
	SAME("%ld %lu %lx", (long)v, (unsigned long)v, (unsigned long)v);
	SAME("%lld %llu %llx %llo", (long long)v, (unsigned long long)v,
	     (unsigned long long)v, (unsigned long long)v);
	SAME("%zu %zd %zx", (size_t)v, (ssize_t)v, (size_t)v);
	SAME("<%8u> <%3x> <%20llu>", (unsigned)v, (unsigned)v,
	     (unsigned long long)v);
	SAME("<%08u> <%04o> <%016llx>", (unsigned)v, (unsigned)v,
	     (unsigned long long)v);
	SAME("<%12d> <%5lld>", (int)v, (long long)v);
}

static void test_numbers(void)
{
	uint64_t v = 88172645463325252ull;

	mismatches = 0;
	for (size_t i = 0; i < COUNT(interesting); i++) {
		check_number(interesting[i]);
		check_number(-interesting[i]);
		check_number(~interesting[i]);
	}
	is_num(mismatches, 0, "numbers at the limits are libc's");
	mismatches = 0;
	for (int i = some_of(20000); i > 0; i--) {
		/* xorshift, every width of number */
		v ^= v << 13;
		v ^= v >> 7;
		v ^= v << 17;
		check_number(v >> (i % 64));
	}
	is_num(mismatches, 0, "numbers of all sizes are libc's");
}

static void test_strings(void)
{
	char text[] = { 'a', 'b', 'c', 'd' }; /* no NUL */

	mismatches = 0;
	SAME("%s", "");
	SAME("%s|%s", "one", "two");
	SAME("%c%c%c", 'x', '%', '~');
	SAME("100%% of %d%%", 5);
	SAME("%.*s|", 2, "abcdef");
	SAME("%.*s|", 0, "abcdef");
	SAME("%.*s|", 10, "abc");
	SAME("%.*s|", 4, text);
	SAME("plain%s", "");
	is_num(mismatches, 0, "strings are libc's");
}

/* What libc can't say, or says in another way. */
static void test_own_ways(void)
{
	char buf[64] = "";
	struct sbuf b = SBUF(buf);
	const char *volatile nothing = NULL;

	sbuf_fmt(&b, "%s", nothing);
	is_str(buf, "(null)", "a missing string is shown");
	b.len = 0;
	sbuf_fmt(&b, "<%8d>", -42);
	is_str(buf, "<     -42>", "a negative number is padded");
	b.len = 0;
	sbuf_fmt(&b, "<%5s>", "ab");
	is_str(buf, "<ab   >", "strings are padded on the right");
}

static void test_limits(void)
{
	char buf[8] = "", one[1] = "";
	struct sbuf b = SBUF(buf), none = SBUF(one);

	sbuf_str(&b, "1234567");
	ok(!b.full && b.len == 7, "a buffer takes all but one byte");
	sbuf_str(&b, "");
	ok(!b.full, "nothing more fits into a full buffer");
	sbuf_str(&b, "8");
	ok(b.full && b.len == 7, "one byte more does not");
	is_str(buf, "1234567", "what was there stays");
	is_str(sbuf_cut(&b), "1234...", "a cut message shows it");
	sbuf_fmt(&none, "%d", 5);
	ok(none.full && none.len == 0 && !one[0], "a buffer of one byte");

	err.num = 0;
	is_num(str_fmt(buf, sizeof(buf), "%s", "1234567"), 7,
	       "str_fmt returns the length");
	is_num(err.num, 0, "and leaves the error record alone");
	is_num(str_fmt(buf, sizeof(buf), "%s", "12345678"), -ENAMETOOLONG,
	       "what does not fit is an error");
	is_num(err.num, ENAMETOOLONG, "and is in the error record");
	is_num((long long)strlen(buf), 7, "and the buffer is a string");
	str_cut(buf, sizeof(buf), "1234567");
	is_str(buf, "1234567", "str_cut copies what fits");
	str_cut(buf, sizeof(buf), "12345678");
	is_str(buf, "1234...", "str_cut marks what does not");
}

static void test_bytes(void)
{
	char buf[16] = "";
	struct sbuf b = SBUF(buf);

	sbuf_add(&b, "ab\0cd", 5);
	ok(b.len == 5 && memcmp(buf, "ab\0cd", 6) == 0,
	   "bytes are added as they are");
}

static void test_compare(void)
{
	ok(str_eq("", "") && str_eq("a", "a"), "equal strings");
	ok(!str_eq("a", "") && !str_eq("a", "b") && !str_eq("a", "aa"),
	   "unequal strings");
	ok(str_starts("abc", "") && str_starts("abc", "abc") &&
		   str_starts("abc", "a"),
	   "beginnings");
	ok(!str_starts("abc", "b") && !str_starts("abc", "abcd") &&
		   !str_starts("", "a"),
	   "no beginnings");
	ok(str_ends("abc", "") && str_ends("abc", "abc") &&
		   str_ends("abc", "c"),
	   "ends");
	ok(!str_ends("abc", "b") && !str_ends("abc", "xabc") &&
		   !str_ends("", "a"),
	   "no ends");
}

static const struct number {
	const char *text;
	int u64, i64, u32; /* what the parsers return */
} numbers[] = {
	{ "0", 0, 0, 0 },
	{ "1", 0, 0, 0 },
	{ "00012", 0, 0, 0 },
	{ "4294967295", 0, 0, 0 },
	{ "4294967296", 0, 0, -ERANGE },
	{ "9223372036854775807", 0, 0, -ERANGE },
	{ "9223372036854775808", 0, -ERANGE, -ERANGE },
	{ "18446744073709551615", 0, -ERANGE, -ERANGE },
	{ "18446744073709551616", -ERANGE, -ERANGE, -ERANGE },
	{ "18446744073709551620", -ERANGE, -ERANGE, -ERANGE },
	{ "99999999999999999999999", -ERANGE, -ERANGE, -ERANGE },
	{ "-1", -EINVAL, 0, -EINVAL },
	{ "-0", -EINVAL, 0, -EINVAL },
	{ "-9223372036854775808", -EINVAL, 0, -EINVAL },
	{ "-9223372036854775809", -EINVAL, -ERANGE, -EINVAL },
	{ "", -EINVAL, -EINVAL, -EINVAL },
	{ "-", -EINVAL, -EINVAL, -EINVAL },
	{ "--1", -EINVAL, -EINVAL, -EINVAL },
	{ "+1", -EINVAL, -EINVAL, -EINVAL },
	{ " 1", -EINVAL, -EINVAL, -EINVAL },
	{ "1 ", -EINVAL, -EINVAL, -EINVAL },
	{ "1\n", -EINVAL, -EINVAL, -EINVAL },
	{ "0x10", -EINVAL, -EINVAL, -EINVAL },
	{ "1e3", -EINVAL, -EINVAL, -EINVAL },
	{ "1.0", -EINVAL, -EINVAL, -EINVAL },
	{ "1,000", -EINVAL, -EINVAL, -EINVAL },
	{ "\xd9\xa1", -EINVAL, -EINVAL, -EINVAL }, /* an Arabic 1 */
	{ "/", -EINVAL, -EINVAL, -EINVAL },        /* beside 0 and 9 in ASCII */
	{ ":", -EINVAL, -EINVAL, -EINVAL },
};

static void check_parsers(const struct number *n)
{
	uint64_t u = 99;
	int64_t i = 99;
	uint32_t w = 99;
	bool right;

	right = str_u64(n->text, &u) == n->u64 &&
		str_i64(n->text, &i) == n->i64 &&
		str_u32(n->text, &w) == n->u32;
	if (right && n->u64 == 0)
		right = u == strtoull(n->text, NULL, 10);
	if (right && n->i64 == 0)
		right = i == strtoll(n->text, NULL, 10);
	if (right && n->u32 == 0)
		right = w == strtoull(n->text, NULL, 10);
	/* A refused text must not leave half a number behind. */
	if (n->u64 < 0)
		right = right && u == 99;
	if (n->i64 < 0)
		right = right && i == 99;
	if (n->u32 < 0)
		right = right && w == 99;
	ok(right, "number \"%s\"",
	   n->text[0] == '1' && n->text[1] == '\n' ? "1 and a newline" :
						     n->text);
}

int main(void)
{
	test_numbers();
	test_strings();
	test_own_ways();
	test_limits();
	test_bytes();
	test_compare();
	for (size_t i = 0; i < COUNT(numbers); i++)
		check_parsers(&numbers[i]);
	return done();
}
