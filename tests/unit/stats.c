/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run/stats.c and kern/cgstat.c: the files of a cgroup in runc's words. The
 * cgroup is a directory of plain files here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "kern/cgstat.h"
#include "run/stats.h"
#include "tap.h"

static char dir[] = "/tmp/runt-stats-XXXXXX";

static void put(int fd, const char *name, const char *text)
{
	autofd file = openat(fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			     0644);

	if (file < 0 || fd_write(file, text, strlen(text), name) < 0)
		exit(1);
}

static const char *stats(int cgroup)
{
	static char text[8192];
	struct sbuf b = SBUF(text);
	struct jsonw w = { .b = &b };
	struct live l = { .store = STORE_NONE, .pidfd = -1, .cgroup = cgroup };

	jsonw_object(&w, NULL);
	stats_write(&w, &l);
	jsonw_end(&w);
	return b.p;
}

#define GONE                                                                   \
	"\"cpu_exclusive\":0,\"mem_hardwall\":0,\"mem_exclusive\":0,"          \
	"\"memory_migrate\":0,\"memory_spread_page\":0,\"memory_spread_slab\"" \
	":0,\"memory_pressure\":0,\"sched_load_balance\":0,"                   \
	"\"sched_relax_domain_level\":0"
#define NOTHING "{\"limit\":0,\"failcnt\":0}"

static const char empty[] =
	"{\"data\":{\"cpu\":{\"usage\":{\"kernel\":0,\"user\":0},"
	"\"throttling\":{}},\"cpuset\":{" GONE "},"
	"\"memory\":{\"usage\":" NOTHING ",\"swap\":" NOTHING
	",\"kernel\":" NOTHING ",\"kernelTCP\":" NOTHING "},\"pids\":{},"
	"\"blkio\":{},\"hugetlb\":{},\"intel_rdt\":{},"
	"\"network_interfaces\":null}}";

static const struct {
	const char *file, *text;
} files[] = {
	{ "cpu.stat",
	  "usage_usec 3000\nuser_usec 1000\nsystem_usec 2000\nnr_periods 5\n"
	  "nr_throttled 4\nthrottled_usec 77\n" },
	{ "cpu.pressure",
	  "some avg10=1.50 avg60=0.02 avg300=100.00 total=12345\n" },
	{ "cpuset.cpus.effective", "0-2,7\n" },
	{ "cpuset.mems.effective", "0\n" },
	{ "memory.current", "4096\n" },
	{ "memory.max", "max\n" },
	{ "memory.peak", "8192\n" },
	{ "memory.swap.current", "100\n" },
	{ "memory.swap.max", "1000\n" },
	{ "memory.stat", "anon 12\nfile 34\nodd\nlast 18446744073709551615\n" },
	{ "memory.pressure",
	  "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n"
	  "full avg10=0.10 avg60=0.20 avg300=0.30 total=2\n" },
	{ "pids.current", "3\n" },
	{ "pids.max", "max\n" },
	{ "io.stat", "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n"
		     "253:1 \n(unknown) rbytes=9\n7:3 wbytes=8 rios=0\n" },
	{ "hugetlb.2MB.max", "max\n" },
	{ "hugetlb.2MB.current", "1\n" },
	{ "hugetlb.2MB.events", "max 1\n" },
	{ "hugetlb.2MB.rsvd.current", "4194304\n" },
	{ "hugetlb.2MB.rsvd.events", "max 6\n" },
};

static const char full[] =
	"{\"data\":{\"cpu\":{\"usage\":{\"total\":3000000,\"kernel\":2000000,"
	"\"user\":1000000},\"throttling\":{\"periods\":5,"
	"\"throttledPeriods\":4,\"throttledTime\":77000},"
	"\"psi\":{\"some\":{\"avg10\":1.50,\"avg60\":0.02,\"avg300\":100.00,"
	"\"total\":12345},\"full\":{\"avg10\":0,\"avg60\":0,\"avg300\":0,"
	"\"total\":0}}},"
	"\"cpuset\":{\"cpus\":[0,1,2,7],\"mems\":[0]," GONE "},"
	"\"memory\":{\"usage\":{\"limit\":18446744073709551615,\"usage\":4096,"
	"\"max\":8192,\"failcnt\":0},"
	"\"swap\":{\"limit\":18446744073709551615,\"usage\":4196,"
	"\"failcnt\":0},\"kernel\":" NOTHING ",\"kernelTCP\":" NOTHING
	",\"cache\":34,\"raw\":{\"anon\":12,\"file\":34,\"last\":18446744073709551615},"
	"\"psi\":{\"some\":{\"avg10\":0.00,\"avg60\":0.00,\"avg300\":0.00,"
	"\"total\":1},\"full\":{\"avg10\":0.10,\"avg60\":0.20,\"avg300\":0.30,"
	"\"total\":2}}},\"pids\":{\"current\":3},"
	"\"blkio\":{\"ioServiceBytesRecursive\":["
	"{\"major\":8,\"minor\":0,\"op\":\"Read\",\"value\":1},"
	"{\"major\":8,\"minor\":0,\"op\":\"Write\",\"value\":2},"
	"{\"major\":8,\"minor\":0,\"op\":\"Discard\",\"value\":5},"
	"{\"major\":7,\"minor\":3,\"op\":\"Write\",\"value\":8}],"
	"\"ioServicedRecursive\":["
	"{\"major\":8,\"minor\":0,\"op\":\"Read\",\"value\":3},"
	"{\"major\":8,\"minor\":0,\"op\":\"Write\",\"value\":4},"
	"{\"major\":8,\"minor\":0,\"op\":\"Discard\",\"value\":6},"
	"{\"major\":7,\"minor\":3,\"op\":\"Read\",\"value\":0}]},"
	"\"hugetlb\":{\"2MB\":{\"usage\":4194304,\"failcnt\":6}},"
	"\"intel_rdt\":{},\"network_interfaces\":null}}";

static void test_stats(int fd)
{
	size_t i;

	is_str(stats(fd), empty, "a cgroup without files");
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		put(fd, files[i].file, files[i].text);
	is_str(stats(fd), full, "a cgroup with all of them");
	put(fd, "memory.max", "5000\n");
	ok(strstr(stats(fd), "\"swap\":{\"limit\":6000,\"usage\":4196,"),
	   "swap has the memory in it");
	put(fd, "pids.max", "20\n");
	ok(strstr(stats(fd), "\"pids\":{\"current\":3,\"limit\":20}"),
	   "a limit of processes");
	unlinkat(fd, "pids.current", 0);
	put(fd, "cgroup.procs", "100\n200\n");
	ok(strstr(stats(fd), "\"pids\":{\"current\":2,\"limit\":20}"),
	   "processes that no controller counts");
	unlinkat(fd, "hugetlb.2MB.rsvd.events", 0);
	ok(strstr(stats(fd), "{\"2MB\":{\"usage\":1,\"failcnt\":1}}"),
	   "huge pages before Linux 5.7");
	unlinkat(fd, "cgroup.procs", 0);
	if (mkdirat(fd, "hugetlb.9MB.max", 0755) == 0)
		ok(!strstr(stats(fd), "9MB"), "a cgroup of a file's name");
	unlinkat(fd, "hugetlb.9MB.max", AT_REMOVEDIR);
}

static void test_words(void)
{
	const char *v = "";

	is_num((long long)cgstat_word("8:0 ab=12 b=3", "b", &v), 1,
	       "a word that ends as another does");
	is_str(v, "3", "  its value");
	is_num((long long)cgstat_word("8:0 a=\nb=3", "a", &v), 0,
	       "a word without a value");
	is_num((long long)cgstat_word("8:0 a=1\nb=3", "b", &v), 0,
	       "a word of the next line");
	is_num((long long)cgstat_key("ab 1\nb 2", "b", 9), 2, "a key");
	is_num((long long)cgstat_key("ab 1\nb 2", "a", 9), 9, "no key");
	is_num((long long)cgstat_key("", "a", 9), 9, "no text");
}

int main(void)
{
	autofd fd = -1;
	size_t i;

	if (!mkdtemp(dir))
		return 1;
	fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	test_stats(fd);
	test_words();
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlinkat(fd, files[i].file, 0);
	rmdir(dir);
	return done();
}
