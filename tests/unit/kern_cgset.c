/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/cgset.c: what linux.resources becomes on cgroup v2, value by value, and
 * how a list is written. The files are plain ones here: the kernel's answers
 * to good values are for the boards.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/cgset.h"
#include "kern/need.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define I64(x)                        \
	{                             \
		.v = (x), .set = true \
	}

/* A second opinion in floating point. Series, not libm, which is not linked. */
static double natural_log(double x)
{
	double halvings = 0, t, power, sum = 0;

	for (; x > 1.5; x /= 2)
		halvings++;
	t = (x - 1) / (x + 1);
	power = t;
	for (int i = 1; i < 40; i += 2, power *= t * t)
		sum += power / i;
	return 2 * sum + halvings * 0.69314718055994530942;
}

static double power_of_10(double x)
{
	double term = 1, sum = 1, rest, result = 1;

	for (; x >= 1; x--)
		result *= 10;
	rest = x * 2.30258509299404568402;
	for (int i = 1; i < 40; i++) {
		term *= rest / i;
		sum += term;
	}
	return result * sum;
}

static uint32_t weight_in_floating_point(uint32_t shares)
{
	double l = natural_log(shares) / 0.69314718055994530942;
	double w = power_of_10((l * l + 125 * l) / 612 - 7.0 / 34);
	uint32_t down = (uint32_t)w;

	return w - down < 1e-8 ? down : down + 1;
}

static void test_weight(void)
{
	static const struct {
		uint64_t shares;
		uint32_t weight;
	} known[] = {
		{ 0, 1 },          { 1, 1 },
		{ 2, 1 },          { 10, 4 },
		{ 100, 17 },       { 256, 35 },
		{ 512, 59 },       { 1024, 100 },
		{ 2048, 174 },     { 4096, 303 },
		{ 8192, 532 },     { 262144, 10000 },
		{ 262145, 10000 }, { UINT64_MAX, 10000 },
	};
	const uint32_t step = 262144 / (uint32_t)some_of(262144);
	uint32_t wrong = 0, first = 0;
	char name[64];

	for (size_t i = 0; i < COUNT(known); i++) {
		snprintf(name, sizeof(name), "weight of %llu shares",
			 (unsigned long long)known[i].shares);
		is_num(cgset_weight(known[i].shares), known[i].weight, name);
	}
	for (uint32_t s = 3; s < 262144; s += step) {
		if (cgset_weight(s) == weight_in_floating_point(s))
			continue;
		if (!wrong++)
			first = s;
	}
	if (!ok(wrong == 0, "all weights are those of the formula"))
		printf("# %u are not, the first of %u shares: %u, not %u\n",
		       wrong, first, cgset_weight(first),
		       weight_in_floating_point(first));
}

/* The list as text: "FILE=VALUE" and the letters of its flags. */
static const char *plan(const struct spec_resources *r)
{
	static const char letters[] = "onaku";
	static char text[4096], ignored[256];
	struct sbuf b = SBUF(text), names = SBUF(ignored);
	struct cgset s;
	int ret = cgset_plan(&s, r, &names);

	if (ret < 0) {
		sbuf_fmt(&b, "%s: %s", s.where, err.text);
		return text;
	}
	for (size_t i = 0; i < s.n; i++) {
		sbuf_fmt(&b, "%s%s=%s", i ? "; " : "", s.rows[i].file,
			 s.rows[i].value);
		for (unsigned int f = 0; f < 5; f++)
			if (s.rows[i].flags & 1U << f)
				sbuf_fmt(&b, "%s%c",
					 s.rows[i].flags % (1U << f) ? "" : " ",
					 letters[f]);
	}
	if (names.len)
		sbuf_fmt(&b, "; ignored: %s", ignored);
	return b.len ? text : "";
}

enum { GIB = 1 << 30 };

static const struct {
	const char *name;
	struct spec_memory m;
	const char *expected;
} memories[] = {
	{ "limit", { .limit = I64(GIB) }, "memory.max=1073741824" },
	{ "limit 0", { .limit = I64(0) }, "" },
	{ "limit -1 takes swap along",
	  { .limit = I64(-1) },
	  "memory.swap.max=max o; memory.max=max o" },
	{ "limit -2",
	  { .limit = I64(-2) },
	  "memory.limit: invalid memory value: -2" },
	{ "limit and swap",
	  { .limit = I64(GIB), .swap = I64(GIB + 4096LL) },
	  "memory.swap.max=4096; memory.max=1073741824" },
	{ "no swap",
	  { .limit = I64(GIB), .swap = I64(GIB) },
	  "memory.swap.max=0 o; memory.max=1073741824" },
	{ "all swap",
	  { .limit = I64(GIB), .swap = I64(-1) },
	  "memory.swap.max=max o; memory.max=1073741824" },
	{ "swap 0",
	  { .limit = I64(GIB), .swap = I64(0) },
	  "memory.max=1073741824" },
	{ "all memory, some swap",
	  { .limit = I64(-1), .swap = I64(4096) },
	  "memory.swap.max=4096; memory.max=max o" },
	{ "all of both",
	  { .limit = I64(-1), .swap = I64(-1) },
	  "memory.swap.max=max o; memory.max=max o" },
	{ "swap without limit",
	  { .swap = I64(4096) },
	  "memory.swap: unable to set swap limit without memory limit" },
	{ "swap with limit 0",
	  { .limit = I64(0), .swap = I64(4096) },
	  "memory.swap: unable to set swap limit without memory limit" },
	{ "swap -1 alone", { .swap = I64(-1) }, "memory.swap.max=max o" },
	{ "swap below limit",
	  { .limit = I64(GIB), .swap = I64(GIB - 1LL) },
	  "memory.swap: memory+swap limit should be >= memory limit" },
	{ "swap -2",
	  { .limit = I64(GIB), .swap = I64(-2) },
	  "memory.swap: invalid memory+swap value: -2" },
	{ "large numbers",
	  { .limit = I64(1LL << 40), .swap = I64(3LL << 40) },
	  "memory.swap.max=2199023255552; memory.max=1099511627776" },
	{ "the largest",
	  { .limit = I64(1), .swap = I64(INT64_MAX) },
	  "memory.swap.max=9223372036854775806; memory.max=1" },
	{ "reservation", { .reservation = I64(4096) }, "memory.low=4096" },
	{ "reservation -1", { .reservation = I64(-1) }, "memory.low=max o" },
	{ "reservation -2",
	  { .reservation = I64(-2) },
	  "memory.reservation: invalid memory value: -2" },
	{ "what only v1 had",
	  { .kernel = I64(1),
	    .kernel_tcp = I64(1),
	    .swappiness = I64(0),
	    .disable_oom_killer = I64(true),
	    .use_hierarchy = I64(true) },
	  "; ignored: memory.kernel memory.kernelTCP memory.swappiness "
	  "memory.disableOOMKiller " },
	{ "the OOM killer stays enabled",
	  { .disable_oom_killer = I64(false) },
	  "" },
};

static const struct {
	const char *name;
	struct spec_cpu c;
	const char *expected;
} cpus[] = {
	{ "shares", { .shares = I64(1024) }, "cpu.weight=100" },
	{ "shares 0", { .shares = I64(0) }, "" },
	{ "shares 1", { .shares = I64(1) }, "cpu.weight=1" },
	{ "quota", { .quota = I64(50000) }, "cpu.max=50000 100000" },
	{ "quota and period",
	  { .quota = I64(20000), .period = I64(40000) },
	  "cpu.max=20000 40000" },
	{ "period", { .period = I64(40000) }, "cpu.max=max 40000 o" },
	{ "quota -1", { .quota = I64(-1) }, "cpu.max=max 100000 o" },
	{ "quota 0", { .quota = I64(0) }, "" },
	{ "burst", { .burst = I64(1000) }, "cpu.max.burst=1000" },
	{ "burst 0", { .burst = I64(0) }, "cpu.max.burst=0" },
	{ "burst and quota",
	  { .burst = I64(1000), .quota = I64(2000) },
	  "cpu.max.burst=1000 a; cpu.max=2000 100000" },
	{ "idle", { .idle = I64(1) }, "cpu.idle=1" },
	{ "not idle", { .idle = I64(0) }, "cpu.idle=0" },
	{ "idle has no weight",
	  { .idle = I64(1), .shares = I64(512) },
	  "cpu.idle=1" },
	{ "not idle has a weight",
	  { .idle = I64(0), .shares = I64(512) },
	  "cpu.idle=0; cpu.weight=59" },
	{ "idle 2", { .idle = I64(2) }, "cpu.idle: must be 0 or 1" },
	{ "idle -1", { .idle = I64(-1) }, "cpu.idle: must be 0 or 1" },
	{ "cpus and mems",
	  { .cpus = "0-3,7", .mems = "0" },
	  "cpuset.cpus=0-3,7; cpuset.mems=0" },
	{ "empty cpus", { .cpus = "", .mems = "" }, "" },
	{ "what only v1 had",
	  { .realtime_period = I64(1000), .realtime_runtime = I64(1) },
	  "; ignored: cpu.realtimeRuntime cpu.realtimePeriod " },
};

static void test_memory(void)
{
	char name[64];

	for (size_t i = 0; i < COUNT(memories); i++) {
		struct spec_memory m = memories[i].m;
		struct spec_resources r = { .memory = &m };

		snprintf(name, sizeof(name), "memory: %s", memories[i].name);
		is_str(plan(&r), memories[i].expected, name);
	}
}

static void test_cpu(void)
{
	char name[64];

	for (size_t i = 0; i < COUNT(cpus); i++) {
		struct spec_cpu c = cpus[i].c;
		struct spec_resources r = { .cpu = &c };

		snprintf(name, sizeof(name), "cpu: %s", cpus[i].name);
		is_str(plan(&r), cpus[i].expected, name);
	}
}

static void test_pids(void)
{
	struct spec_resources r = { 0 };

	is_str(plan(&r), "", "pids: nothing");
	r.pids_limit.set = true;
	is_str(plan(&r), "pids.max=1", "pids: 0");
	r.pids_limit.v = 20;
	is_str(plan(&r), "pids.max=20", "pids: a limit");
	r.pids_limit.v = -1;
	is_str(plan(&r), "pids.max=max o", "pids: -1");
	r.pids_limit.v = -7;
	is_str(plan(&r), "pids.max=max o", "pids: less");
}

static void test_io_weight(void)
{
	struct spec_weight_device d[] = {
		{ .major = 8, .minor = 0, .weight = I64(300) },
		{ .major = 8, .minor = 16, .leaf_weight = I64(10) },
	};
	struct spec_block_io io = { .weight = I64(10) };
	struct spec_resources r = { .block_io = &io };

	is_str(plan(&r), "io.bfq.weight=10 n; io.weight=1", "io: weight 10");
	io.weight.v = 1000;
	is_str(plan(&r), "io.bfq.weight=1000 n; io.weight=10000",
	       "io: weight 1000");
	io.weight.v = 500;
	is_str(plan(&r), "io.bfq.weight=500 n; io.weight=4950",
	       "io: weight 500");
	io.weight.v = 0;
	is_str(plan(&r), "", "io: weight 0");
	io.weight.v = 9;
	is_str(plan(&r), "blockIO.weight: must be between 10 and 1000",
	       "io: weight 9");
	io.weight.v = 1001;
	is_str(plan(&r), "blockIO.weight: must be between 10 and 1000",
	       "io: weight 1001");
	io.weight.v = 0;
	io.weight_device.v = d;
	io.weight_device.n = 2;
	is_str(plan(&r),
	       "io.bfq.weight=8:0 300 nk; io.weight=8:0 2930 k; "
	       "ignored: blockIO.leafWeight ",
	       "io: weight of a device");
	d[1].weight = (struct opt_u32)I64(5);
	is_str(plan(&r),
	       "blockIO.weightDevice[1].weight: must be between 10 and 1000",
	       "io: bad weight of a device");
	d[1].major = -1;
	is_str(plan(&r), "blockIO.weightDevice[1]: not the number of a device",
	       "io: bad device");
}

static void test_io_max(void)
{
	struct spec_throttle_device d[] = { { 8, 0, 1048576 }, { 8, 16, 0 } };
	struct spec_throttles all = { d, 2 }, one = { d, 1 };
	struct spec_block_io io = { .read_bps = all,
				    .write_bps = one,
				    .read_iops = one,
				    .write_iops = one };
	struct spec_resources r = { .block_io = &io };

	is_str(plan(&r),
	       "io.max=8:0 rbps=1048576 k; io.max=8:16 rbps=max k; "
	       "io.max=8:0 wbps=1048576 k; io.max=8:0 riops=1048576 k; "
	       "io.max=8:0 wiops=1048576 k",
	       "io: throttles");
	d[0].minor = 1LL << 32;
	is_str(plan(&r),
	       "blockIO.throttleReadBpsDevice[0]: not the number of a device",
	       "io: throttle of no device");
}

static void test_others(void)
{
	struct spec_hugepage_limit h[] = { { "2MB", 4096 }, { "1GB", 0 } };
	struct spec_rdma d[] = {
		{ "mlx5_0", I64(2), I64(2000) },
		{ "mlx4_0", I64(3), { 0 } },
		{ "none", { 0 }, { 0 } },
	};
	struct spec_network n = { .class_id = I64(1048577) };
	struct spec_resources r = { .hugepage_limits = { h, 2 } };
	static const char *const bad[] = { "2mb", "MB", "2 MB", "2MB/../x",
					   "",    "2M", "2MBs" };
	char name[64];

	is_str(plan(&r),
	       "hugetlb.2MB.max=4096; hugetlb.2MB.rsvd.max=4096 o; "
	       "hugetlb.1GB.max=0; hugetlb.1GB.rsvd.max=0 o",
	       "huge pages");
	for (size_t i = 0; i < COUNT(bad); i++) {
		h[1].page_size = bad[i];
		snprintf(name, sizeof(name), "no page size: \"%s\"", bad[i]);
		is_str(plan(&r),
		       "hugepageLimits[1].pageSize: not a size of pages, "
		       "such as 2MB",
		       name);
	}
	r = (struct spec_resources){ .rdma = { d, 2 }, .network = &n };
	is_str(plan(&r),
	       "rdma.max=mlx5_0 hca_handle=2 hca_object=2000 k; "
	       "rdma.max=mlx4_0 hca_handle=3 k; ignored: network.classID ",
	       "rdma and network");
	r.rdma.n = 3;
	is_str(plan(&r), "rdma: neither hcaHandles nor hcaObjects of \"none\"",
	       "rdma: no limit");
	d[0].device = "a b";
	is_str(plan(&r), "rdma: \"a b\" is not a device's name",
	       "rdma: bad name");
}

static void test_unified(void)
{
	struct spec_pair p[] = {
		{ "memory.high", "1000" },
		{ "io.max", "8:0 rbps=1\n8:16 rbps=2" },
	};
	struct spec_resources r = { .unified = { p, 2 } };
	struct spec_memory m = { .limit = I64(4096) };
	static const char *const own[] = {
		"cgroup.procs", "cgroup.threads", "cgroup.freeze",
		"cgroup.kill",  "cgroup.type",    "cgroup.subtree_control"
	};
	char name[64], expected[128];

	r.memory = &m;
	is_str(plan(&r),
	       "memory.max=4096; memory.high=1000 u; "
	       "io.max=8:0 rbps=1\n8:16 rbps=2 u",
	       "unified comes last");
	p[0].name = "../memory.high";
	is_str(plan(&r),
	       "unified: unified resource \"../memory.high\" must be a file "
	       "name (no slashes)",
	       "unified: a path");
	p[0].name = "memory";
	is_str(plan(&r),
	       "unified: unified resource \"memory\" must be in the form "
	       "CONTROLLER.PARAMETER",
	       "unified: no parameter");
	p[0].name = "..";
	is_str(plan(&r),
	       "unified: unified resource \"..\" must be in the form "
	       "CONTROLLER.PARAMETER",
	       "unified: dots");
	for (size_t i = 0; i < COUNT(own); i++) {
		p[0].name = own[i];
		snprintf(name, sizeof(name), "unified: %s", own[i]);
		snprintf(expected, sizeof(expected),
			 "unified: unified resource \"%s\" is the runtime's "
			 "own",
			 own[i]);
		is_str(plan(&r), expected, name);
	}
	p[0].name = "cgroup.max.depth";
	is_str(plan(&r),
	       "memory.max=4096; cgroup.max.depth=1000 u; "
	       "io.max=8:0 rbps=1\n8:16 rbps=2 u",
	       "unified: cgroup.max.depth");
}

/* A directory in place of a cgroup. */
static char dir[] = "/tmp/cgset.XXXXXX";
static int cgroup = -1;

static void has(const char *file, const char *text)
{
	int fd = openat(cgroup, file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		printf("# can't write %s\n", file);
	close(fd);
}

static void holds(const char *file, const char *expected, const char *name)
{
	char text[256];

	if (fd_read_text(cgroup, file, text, sizeof(text)) < 0)
		ok(false, "%s: %s", name, err.text);
	else
		is_str(text, expected, name);
}

static int write_plan(const struct spec_resources *r, bool change)
{
	char ignored[64];
	struct sbuf names = SBUF(ignored);
	struct cgset s;

	if (cgset_plan(&s, r, &names) < 0)
		return -err.num;
	return change ? cgset_change(&s, cgroup, "/t") :
			cgset_write(&s, cgroup, "/t");
}

static void test_write(void)
{
	struct spec_memory m = { .limit = I64(4096), .swap = I64(4096) };
	struct spec_block_io io = { .weight = I64(20) };
	struct spec_hugepage_limit h[] = { { "2MB", 4096 } };
	struct spec_resources r = { .memory = &m, .hugepage_limits = { h, 1 } };

	has("memory.max", "");
	has("hugetlb.2MB.max", "");
	is_num(write_plan(&r, false), 0, "write without optional files");
	holds("memory.max", "4096", "memory.max");
	holds("hugetlb.2MB.max", "4096", "hugetlb.2MB.max");
	ok(faccessat(cgroup, "memory.swap.max", F_OK, 0) < 0,
	   "no file is made");
	m.swap.v = 8192;
	is_num(write_plan(&r, false), -ENOENT, "swap can't be limited");
	ok(strstr(err.text, "linux.resources.memory.swap: ") == err.text,
	   "the place is named");

	r = (struct spec_resources){ .block_io = &io };
	has("io.weight", "");
	is_num(write_plan(&r, false), 0, "write io.weight");
	holds("io.weight", "102", "io.weight");
	has("io.weight", "");
	has("io.bfq.weight", "");
	is_num(write_plan(&r, false), 0, "write io.bfq.weight");
	holds("io.bfq.weight", "20", "io.bfq.weight");
	holds("io.weight", "", "io.weight is left alone");
}

static void test_check(void)
{
	struct spec_memory m = { .limit = I64(4096),
				 .check_before_update = I64(true) };
	struct spec_resources r = { .memory = &m };

	has("memory.max", "max");
	is_num(write_plan(&r, true), 0, "nothing to compare with");
	has("memory.current", "4096\n");
	is_num(write_plan(&r, true), -EBUSY, "a limit of what is in use");
	is_str(err.text, "rejecting memory limit 4096 <= usage 4096",
	       "  says so");
	is_num(write_plan(&r, false), 0, "a new cgroup is not checked");
	m.limit.v = 4097;
	is_num(write_plan(&r, true), 0, "a limit above it");
	m.swap = (struct opt_i64)I64(4097);
	has("memory.current", "5000\n");
	is_num(write_plan(&r, true), -EBUSY, "swap below what is in use");
	is_str(err.text, "rejecting memory+swap limit 4097 <= usage 5000",
	       "  says so");
	m.check_before_update.v = false;
	has("memory.swap.max", "max");
	is_num(write_plan(&r, true), 0, "only if asked");
}

/* A file that can't be written, at the end of the list, undoes the others.
 * Plain files keep what a shorter text does not cover, so all are as long. */
static void test_undo(void)
{
	struct spec_pair p[] = { { "cpu.nofile", "1" } };
	struct spec_memory m = { .limit = I64(4096) };
	struct spec_resources r = { .memory = &m,
				    .pids_limit = I64(11),
				    .unified = { p, 1 } };
	struct spec_cpu c = { .cpus = "0" };

	has("memory.max", "8192");
	has("pids.max", "77");
	is_num(write_plan(&r, true), -ENOENT, "a list that can't be written");
	ok(strstr(err.text, "unified resource \"cpu.nofile\" can't be set: "
			    "controller \"cpu\" not available") == err.text ||
		   strstr(err.text, "unable to set unified resource "
				    "\"cpu.nofile\"") == err.text,
	   "the file is named");
	holds("memory.max", "8192", "memory.max is as before");
	holds("pids.max", "77", "pids.max is as before");
	is_num(write_plan(&r, false), -ENOENT, "without undo");
	holds("pids.max", "11", "pids.max was written");

	r.cpu = &c;
	has("cpuset.cpus", "");
	is_num(write_plan(&r, true), -ENOENT, "an empty file");
	holds("cpuset.cpus", "", "is made empty again");
}

int main(void)
{
	test_weight();
	test_memory();
	test_cpu();
	test_pids();
	test_io_weight();
	test_io_max();
	test_others();
	test_unified();
	if (mkdtemp(dir) && (cgroup = open(dir, O_PATH | O_DIRECTORY)) >= 0) {
		test_write();
		test_check();
		test_undo();
	} else {
		ok(false, "make a directory");
	}
	if (fork() == 0)
		execlp("rm", "rm", "-r", dir, NULL);
	wait(NULL);
	return done();
}
