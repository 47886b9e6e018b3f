/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/sched.c: policies, I/O priorities and CPU lists as a config writes
 * them; then this process on one CPU and on all.
 */
#include <errno.h>
#include <sched.h>

#include "base/err.h"
#include "kern/sched.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct scheduler {
	const char *name;
	struct spec_scheduler s;
	int ret;
	uint32_t policy;
} schedulers[] = {
	{ "other", { .policy = "SCHED_OTHER", .nice = { 19, 1 } }, 0, 0 },
	{ "other, -20", { .policy = "SCHED_OTHER", .nice = { -20, 1 } }, 0, 0 },
	{ "fifo", { .policy = "SCHED_FIFO", .priority = { 1, 1 } }, 0, 1 },
	{ "round robin",
	  { .policy = "SCHED_RR", .priority = { 99, 1 } },
	  0,
	  2 },
	{ "batch", { .policy = "SCHED_BATCH", .nice = { 5, 1 } }, 0, 3 },
	{ "iso", { .policy = "SCHED_ISO" }, 0, 4 },
	{ "idle", { .policy = "SCHED_IDLE" }, 0, 5 },
	{ "deadline",
	  { .policy = "SCHED_DEADLINE",
	    .runtime = { 1000000, 1 },
	    .deadline = { 2000000, 1 },
	    .period = { 3000000, 1 } },
	  0,
	  6 },
	{ "an unknown policy", { .policy = "SCHED_EXT" }, -EINVAL, 0 },
	{ "a policy in small letters", { .policy = "sched_rr" }, -EINVAL, 0 },
};

static void test_policies(void)
{
	struct k_sched_attr a;

	for (size_t i = 0; i < COUNT(schedulers); i++) {
		int ret = sched_parse(&a, &schedulers[i].s);

		ok(ret == schedulers[i].ret &&
			   (ret < 0 || a.policy == schedulers[i].policy),
		   "scheduler: %s", schedulers[i].name);
	}
	sched_parse(&a, &schedulers[0].s);
	ok(a.size == 56 && a.nice == 19 && a.flags == 0, "nice is passed on");
	sched_parse(&a, &schedulers[7].s);
	ok(a.runtime == 1000000 && a.deadline == 2000000 && a.period == 3000000,
	   "times are passed on");
}

static void test_flags(void)
{
	const char *all[] = {
		"SCHED_FLAG_RESET_ON_FORK",  "SCHED_FLAG_RECLAIM",
		"SCHED_FLAG_DL_OVERRUN",     "SCHED_FLAG_KEEP_POLICY",
		"SCHED_FLAG_KEEP_PARAMS",    "SCHED_FLAG_UTIL_CLAMP_MIN",
		"SCHED_FLAG_UTIL_CLAMP_MAX",
	};
	const char *bad[] = { "SCHED_FLAG_RECLAIM", "SCHED_FLAG_ALL" };
	struct spec_scheduler s = { .policy = "SCHED_OTHER" };
	struct k_sched_attr a;

	for (size_t i = 0; i < COUNT(all); i++) {
		s.flags = (struct spec_strs){ &all[i], 1 };
		ok(sched_parse(&a, &s) == 0 && a.flags == 1u << i, "%s",
		   all[i]);
	}
	s.flags = (struct spec_strs){ all, COUNT(all) };
	ok(sched_parse(&a, &s) == 0 && a.flags == 0x7f, "all flags");
	s.flags = (struct spec_strs){ bad, 2 };
	is_num(sched_parse(&a, &s), -EINVAL, "an unknown flag");
	is_str(err.text, "flags: unknown flag \"SCHED_FLAG_ALL\"", "is named");
}

static const struct io {
	const char *class;
	int priority, value; /* -EINVAL: refused */
} ios[] = {
	{ "IOPRIO_CLASS_RT", 0, 0x2000 },    { "IOPRIO_CLASS_RT", 7, 0x2007 },
	{ "IOPRIO_CLASS_BE", 4, 0x4004 },    { "IOPRIO_CLASS_IDLE", 0, 0x6000 },
	{ "IOPRIO_CLASS_NONE", 0, -EINVAL }, { "BE", 0, -EINVAL },
};

static void test_io(void)
{
	for (size_t i = 0; i < COUNT(ios); i++) {
		struct spec_io_priority s = { ios[i].class, ios[i].priority };
		int prio = 0, ret = sched_parse_io(&prio, &s);

		ok(ios[i].value < 0 ? ret == ios[i].value :
				      ret == 0 && prio == ios[i].value,
		   "I/O priority %s %d", ios[i].class, ios[i].priority);
	}
}

static const struct list {
	const char *text;
	int ret;
	uint64_t low; /* CPUs 0 to 63 */
} lists[] = {
	{ "0", 0, 1 },           { "0-3,5", 0, 0x2f },
	{ "5,0-3", 0, 0x2f },    { "3-3", 0, 8 },
	{ "1,1,1", 0, 2 },       { "0-2,1-4", 0, 0x1f },
	{ "0-63", 0, ~0ull },    { "0-63,64", 0, ~0ull },
	{ "007", 0, 0x80 },      { "8191", 0, 0 },
	{ "8192", -ERANGE, 0 },  { "0-99999999999999999999", -ERANGE, 0 },
	{ "", -EINVAL, 0 },      { ",", -EINVAL, 0 },
	{ "1,", -EINVAL, 0 },    { ",1", -EINVAL, 0 },
	{ "1,,2", -EINVAL, 0 },  { "3-1", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },    { "1-", -EINVAL, 0 },
	{ "1-2-3", -EINVAL, 0 }, { "0 1", -EINVAL, 0 },
	{ " 1", -EINVAL, 0 },    { "1\n", -EINVAL, 0 },
	{ "0x1", -EINVAL, 0 },   { "all", -EINVAL, 0 },
};

static void test_lists(void)
{
	struct sched_cpus set;

	for (size_t i = 0; i < COUNT(lists); i++) {
		int ret;

		memset(&set, 0xff, sizeof(set));
		ret = sched_parse_cpus(&set, lists[i].text);
		ok(ret == lists[i].ret &&
			   (ret < 0 || set.bits[0] == lists[i].low),
		   "CPUs \"%s\"",
		   strchr(lists[i].text, '\n') ? "1 and a newline" :
						 lists[i].text);
	}
	sched_parse_cpus(&set, "64,8191");
	ok(set.bits[0] == 0 && set.bits[1] == 1 && set.bits[127] == 1ull << 63,
	   "CPUs beyond the first word");
}

static void test_affinity(void)
{
	struct sched_cpus one = { { 0 } };
	cpu_set_t before, now;
	size_t first = 0;

	if (sched_getaffinity(0, sizeof(before), &before) < 0) {
		skip("CPU affinity", "it can't be read");
		return;
	}
	while (!CPU_ISSET(first, &before))
		first++;
	one.bits[first / 64] = 1ull << first % 64;
	is_num(sched_set_cpus(&one), 0, "one CPU is chosen");
	sched_getaffinity(0, sizeof(now), &now);
	is_num(CPU_COUNT(&now), 1, "and is the only one");
	is_num(sched_reset_cpus(), 0, "all CPUs are chosen");
	sched_getaffinity(0, sizeof(now), &now);
	ok(CPU_COUNT(&now) >= CPU_COUNT(&before), "and there are all again");
}

int main(void)
{
	test_policies();
	test_flags();
	test_io();
	test_lists();
	test_affinity();
	return done();
}
