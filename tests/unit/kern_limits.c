/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/limits.c: the limits of a config, set on this process; the execution
 * domain.
 */
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/limits.h"
#include "kern/need.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* By the kernel's numbers. */
static const char *const names[] = {
	"RLIMIT_CPU",      "RLIMIT_FSIZE", "RLIMIT_DATA",   "RLIMIT_STACK",
	"RLIMIT_CORE",     "RLIMIT_RSS",   "RLIMIT_NPROC",  "RLIMIT_NOFILE",
	"RLIMIT_MEMLOCK",  "RLIMIT_AS",    "RLIMIT_LOCKS",  "RLIMIT_SIGPENDING",
	"RLIMIT_MSGQUEUE", "RLIMIT_NICE",  "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
};

static void test_names(void)
{
	struct spec_rlimit l;
	struct rlimit now;

	for (size_t i = 0; i < COUNT(names); i++) {
		getrlimit((int)i, &now);
		l = (struct spec_rlimit){ names[i], now.rlim_cur,
					  now.rlim_max };
		is_num(limits_set(&l, 1), 0, names[i]);
	}
	l.type = "RLIMIT_FOO";
	is_num(limits_set(&l, 1), -EINVAL, "an unknown limit");
	is_str(err.text, "unknown limit \"RLIMIT_FOO\"", "is named");
}

static void test_set(void)
{
	const struct spec_rlimit some[] = {
		{ "RLIMIT_CORE", 0, 4096 },
		{ "RLIMIT_NOFILE", 17, 19 },
		/* Above 32 bits, also where long has 32. */
		{ "RLIMIT_FSIZE", 5ull << 32, 6ull << 32 },
	};
	const struct spec_rlimit high = { "RLIMIT_NOFILE", 1ull << 40,
					  1ull << 40 };
	struct rlimit l;

	is_num(limits_set(some, COUNT(some)), 0, "limits are set");
	getrlimit(RLIMIT_CORE, &l);
	ok(l.rlim_cur == 0 && l.rlim_max == 4096, "RLIMIT_CORE is");
	getrlimit(RLIMIT_NOFILE, &l);
	ok(l.rlim_cur == 17 && l.rlim_max == 19, "RLIMIT_NOFILE is");
	getrlimit(RLIMIT_FSIZE, &l);
	/* For a kernel of 32 bits, what does not fit is no limit. */
	ok(l.rlim_cur == (rlim_t)(5ull << 32) ||
		   (sizeof(long) == 4 && l.rlim_cur == RLIM_INFINITY),
	   "RLIMIT_FSIZE is, with 64 bits");
	is_num(limits_set(&high, 1), -EPERM, "above fs.nr_open is refused");
	is_num(err.hint, NEED_RLIMIT, "with the remedy");
	is_str(err.text,
	       "set RLIMIT_NOFILE to 1099511627776, hard 1099511627776: "
	       "Operation not permitted",
	       "and the values");
}

static void test_personality(void)
{
	const char *flag = "ADDR_NO_RANDOMIZE";
	struct spec_personality s = { .domain = "LINUX" };
	uint32_t p = 99;

	is_num(limits_parse_personality(&p, &s), 0, "LINUX");
	is_num(p, 0, "is 0");
	s.domain = "LINUX32";
	is_num(limits_parse_personality(&p, &s), 0, "LINUX32");
	is_num(p, 8, "is 8");
	s.domain = "LINUX64";
	is_num(limits_parse_personality(&p, &s), -EINVAL, "LINUX64");
	s.domain = NULL;
	is_num(limits_parse_personality(&p, &s), -EINVAL, "no domain");
	s = (struct spec_personality){ "LINUX", { &flag, 1 } };
	is_num(limits_parse_personality(&p, &s), -EINVAL, "a flag");
	is_num(limits_set_personality(0), 0, "the domain is set");
}

int main(void)
{
	test_names();
	test_set();
	test_personality();
	return done();
}
