/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers of cgroup v2 under the names that cgroup v1 had for them, as runc
 * does it: times in nanoseconds, swap with the memory in it, no limit as the
 * largest number, but of processes as 0.
 */
#include "run/stats.h"

#include <dirent.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "kern/cgroup.h"
#include "kern/cgstat.h"
#include "kern/dir.h"
#include "kern/procfs.h"
#include "kern/sys.h"

struct sample {
	struct jsonw *w;
	struct cgstat s;
	const struct live *l;
};

static void put_filled(struct jsonw *w, const char *key, uint64_t value)
{
	if (value)
		jsonw_u64(w, key, value);
}

/* A line "some avg10=0.00 avg60=0.00 avg300=0.00 total=0"; before Linux 5.13
 * cpu.pressure had no "full". */
static void put_pressure_line(struct jsonw *w, const char *key,
			      const char *text)
{
	static const char words[][7] = { "avg10", "avg60", "avg300", "total" };
	const char *line = strstr(text, key), *value;
	size_t i, n;

	jsonw_object(w, key);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = line ? cgstat_word(line, words[i], &value) : 0;
		jsonw_raw(w, words[i], n ? value : "0", n ? n : 1);
	}
	jsonw_end(w);
}

static void put_pressure(struct sample *p, const char *file)
{
	if (!cgstat_read(&p->s, file))
		return;
	jsonw_object(p->w, "psi");
	put_pressure_line(p->w, "some", p->s.text);
	put_pressure_line(p->w, "full", p->s.text);
	jsonw_end(p->w);
}

static void put_cpu(struct sample *p)
{
	const char *text = p->s.text;
	struct jsonw *w = p->w;

	cgstat_read(&p->s, "cpu.stat");
	jsonw_object(w, "cpu");
	jsonw_object(w, "usage");
	put_filled(w, "total", cgstat_key(text, "usage_usec", 0) * 1000);
	jsonw_u64(w, "kernel", cgstat_key(text, "system_usec", 0) * 1000);
	jsonw_u64(w, "user", cgstat_key(text, "user_usec", 0) * 1000);
	jsonw_end(w);
	jsonw_object(w, "throttling");
	put_filled(w, "periods", cgstat_key(text, "nr_periods", 0));
	put_filled(w, "throttledPeriods", cgstat_key(text, "nr_throttled", 0));
	put_filled(w, "throttledTime",
		   cgstat_key(text, "throttled_usec", 0) * 1000);
	jsonw_end(w);
	put_pressure(p, "cpu.pressure");
	jsonw_end(w);
}

static unsigned int take_number(const char **s)
{
	unsigned int n = 0;

	for (; **s >= '0' && **s <= '9'; ++*s)
		n = n * 10 + (unsigned int)(**s - '0');
	return n;
}

/* "0-3,8" as [0,1,2,3,8]. */
static void put_list(struct sample *p, const char *key, const char *file)
{
	const char *s = p->s.text;
	unsigned int n, last;

	if (!cgstat_read(&p->s, file))
		return;
	jsonw_array(p->w, key);
	while (*s >= '0' && *s <= '9') {
		n = last = take_number(&s);
		if (*s == '-' && s++)
			last = take_number(&s);
		for (; n <= last && !p->w->b->full; n++)
			jsonw_u64(p->w, NULL, n);
		s += *s == ',';
	}
	jsonw_end(p->w);
}

/* Of what v1 had besides, v2 has nothing. */
static void put_cpuset(struct sample *p)
{
	static const char gone[][25] = {
		"cpu_exclusive",
		"mem_hardwall",
		"mem_exclusive",
		"memory_migrate",
		"memory_spread_page",
		"memory_spread_slab",
		"memory_pressure",
		"sched_load_balance",
		"sched_relax_domain_level",
	};
	size_t i;

	jsonw_object(p->w, "cpuset");
	put_list(p, "cpus", "cpuset.cpus.effective");
	put_list(p, "mems", "cpuset.mems.effective");
	for (i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		jsonw_u64(p->w, gone[i], 0);
	jsonw_end(p->w);
}

struct amount {
	uint64_t limit, usage, max;
};

static void put_amount(struct jsonw *w, const char *key, struct amount a)
{
	jsonw_object(w, key);
	jsonw_u64(w, "limit", a.limit);
	put_filled(w, "usage", a.usage);
	put_filled(w, "max", a.max);
	jsonw_u64(w, "failcnt", 0);
	jsonw_end(w);
}

static void put_memory_stat(struct sample *p)
{
	char *text = p->s.text;
	const char *key;
	uint64_t value;

	if (!cgstat_read(&p->s, "memory.stat"))
		return;
	put_filled(p->w, "cache", cgstat_key(text, "file", 0));
	jsonw_object(p->w, "raw");
	while (cgstat_next(&text, &key, &value))
		jsonw_u64(p->w, key, value);
	jsonw_end(p->w);
}

static void put_memory(struct sample *p)
{
	const struct cgstat *s = &p->s;
	const struct amount none = { 0, 0, 0 };
	struct amount memory = {
		.limit = cgstat_number(s, "memory.max"),
		.usage = cgstat_number(s, "memory.current"),
		/* Since Linux 5.19. */
		.max = cgstat_number(s, "memory.peak"),
	};
	struct amount swap = {
		.limit = cgstat_number(s, "memory.swap.max"),
		.usage = cgstat_number(s, "memory.swap.current") + memory.usage,
	};

	if (__builtin_add_overflow(swap.limit, memory.limit, &swap.limit))
		swap.limit = UINT64_MAX;
	jsonw_object(p->w, "memory");
	put_amount(p->w, "usage", memory);
	put_amount(p->w, "swap", swap);
	put_amount(p->w, "kernel", none);
	put_amount(p->w, "kernelTCP", none);
	put_memory_stat(p);
	put_pressure(p, "memory.pressure");
	jsonw_end(p->w);
}

static int count(pid_t pid, void *arg)
{
	(void)pid;
	++*(uint64_t *)arg;
	return 0;
}

static void put_pids(struct sample *p)
{
	uint64_t limit = cgstat_number(&p->s, "pids.max");
	uint64_t current = cgstat_number(&p->s, "pids.current");

	/* No controller, but processes. */
	if (!current)
		cgroup_pids(p->s.cgroup, count, &current);
	jsonw_object(p->w, "pids");
	put_filled(p->w, "current", current);
	put_filled(p->w, "limit", limit == UINT64_MAX ? 0 : limit);
	jsonw_end(p->w);
}

struct io_word {
	char key[7], op[8];
};

static void put_io_entry(struct jsonw *w, const char *line,
			 const struct io_word *word)
{
	const char *value, *colon = strchr(line, ':');
	size_t n = cgstat_word(line, word->key, &value);

	if (!n || !colon)
		return;
	jsonw_object(w, NULL);
	jsonw_raw(w, "major", line, (size_t)(colon - line));
	jsonw_raw(w, "minor", colon + 1, strcspn(colon + 1, " "));
	jsonw_str(w, "op", word->op);
	jsonw_raw(w, "value", value, n);
	jsonw_end(w);
}

/* Lines "MAJOR:MINOR rbytes=1 wbytes=2 ..."; a device that was removed has
 * another name there, or nothing after it. */
static void put_io_words(struct sample *p, const char *key,
			 const struct io_word *words, size_t n)
{
	const char *line;
	size_t i;

	jsonw_array(p->w, key);
	for (line = p->s.text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (*line >= '0' && *line <= '9')
			for (i = 0; i < n; i++)
				put_io_entry(p->w, line, &words[i]);
	}
	jsonw_end(p->w);
}

static void put_io(struct sample *p)
{
	static const struct io_word bytes[] = { { "rbytes", "Read" },
						{ "wbytes", "Write" },
						{ "dbytes", "Discard" } };
	static const struct io_word requests[] = { { "rios", "Read" },
						   { "wios", "Write" },
						   { "dios", "Discard" } };

	jsonw_object(p->w, "blkio");
	if (cgstat_read(&p->s, "io.stat")) {
		put_io_words(p, "ioServiceBytesRecursive", bytes, 3);
		put_io_words(p, "ioServicedRecursive", requests, 3);
	}
	put_pressure(p, "io.pressure");
	jsonw_end(p->w);
}

/* "hugetlb.2MB.rsvd.current", or without "rsvd" before Linux 5.7. */
static int put_hugetlb_size(int cgroup, const struct dir_entry *e, void *arg)
{
	static const char prefix[] = "hugetlb.";
	struct sample *p = arg;
	char size[16], file[48];
	const char *name = e->name, *rsvd = ".rsvd";

	(void)cgroup;
	/* A container may be able to make cgroups of any name. */
	if (e->type != DT_REG || !str_starts(name, prefix) ||
	    !str_ends(name, "B.max"))
		return 0;
	name += sizeof(prefix) - 1;
	if (str_fmt(size, sizeof(size), "%.*s", (int)strcspn(name, "."), name) <
		    0 ||
	    str_fmt(file, sizeof(file), "hugetlb.%s.rsvd.events", size) < 0)
		return 0;
	if (!cgstat_read(&p->s, file)) {
		rsvd = "";
		if (str_fmt(file, sizeof(file), "hugetlb.%s.events", size) < 0)
			return 0;
		cgstat_read(&p->s, file);
	}
	if (str_fmt(file, sizeof(file), "hugetlb.%s%s.current", size, rsvd) < 0)
		return 0;
	jsonw_object(p->w, size);
	put_filled(p->w, "usage", cgstat_number(&p->s, file));
	jsonw_u64(p->w, "failcnt", cgstat_key(p->s.text, "max", 0));
	jsonw_end(p->w);
	return 0;
}

static void put_hugetlb(struct sample *p)
{
	jsonw_object(p->w, "hugetlb");
	dir_each(p->s.cgroup, put_hugetlb_size, p);
	jsonw_end(p->w);
}

/* A container in the host's network has no interfaces of its own. */
static bool has_network(int proc, pid_t pid)
{
	struct stat own, other;
	char path[32];

	return str_fmt(path, sizeof(path), "%d/ns/net", pid) > 0 &&
	       fstatat(proc, path, &other, 0) == 0 &&
	       fstatat(proc, "self/ns/net", &own, 0) == 0 &&
	       (own.st_ino != other.st_ino || own.st_dev != other.st_dev);
}

/* "  eth0: 1 2 3 ...": first what was received, in eight columns. */
static void put_interface(struct jsonw *w, const char *line)
{
	static const char keys[2][4][10] = {
		{ "RxBytes", "RxPackets", "RxErrors", "RxDropped" },
		{ "TxBytes", "TxPackets", "TxErrors", "TxDropped" },
	};
	char name[32];
	const char *colon = strchr(line, ':'), *s = colon + 1;
	unsigned int i;

	line += strspn(line, " ");
	if (str_fmt(name, sizeof(name), "%.*s", (int)(colon - line), line) < 0)
		return;
	jsonw_object(w, NULL);
	jsonw_str(w, "Name", name);
	for (i = 0; i < 16; i++) {
		s += strspn(s, " ");
		if (i % 8 < 4)
			jsonw_raw(w, keys[i / 8][i % 8], s,
				  strspn(s, "0123456789"));
		s += strcspn(s, " \n");
	}
	jsonw_end(w);
}

/* The table of /proc/PID/net/dev below its two lines of headings, which have no
 * colon. */
static void put_interfaces(struct jsonw *w, const char *line)
{
	const char *end;

	jsonw_array(w, "network_interfaces");
	for (; (end = strchr(line, '\n')) || *line; line = end + 1) {
		if (memchr(line, ':', strcspn(line, "\n")) &&
		    strncmp(line + strspn(line, " "), "lo:", 3) != 0)
			put_interface(w, line);
		if (!end)
			break;
	}
	jsonw_end(w);
}

/* The pid is still init's if init has not ended when all is read. */
static void put_network(struct sample *p)
{
	const struct live *l = p->l;
	pid_t pid = l->state.init.pid;
	autofd proc = procfs_open_host();
	char path[32];

	if (proc >= 0 && has_network(proc, pid) &&
	    str_fmt(path, sizeof(path), "%d/net/dev", pid) > 0 &&
	    procfs_read(proc, path, p->s.text, p->s.size) > 0 &&
	    sys_pidfd_send_signal(l->pidfd, 0) == 0)
		put_interfaces(p->w, p->s.text);
	else
		jsonw_raw(p->w, "network_interfaces", "null", 4);
}

void stats_write(struct jsonw *w, const struct live *l)
{
	/* The longest are io.stat, 150 bytes for each disk, and net/dev. */
	static char text[64 * 1024];
	struct sample p = {
		.w = w,
		.s = { .cgroup = l->cgroup,
		       .text = text,
		       .size = sizeof(text) },
		.l = l,
	};

	jsonw_object(w, "data");
	put_cpu(&p);
	put_cpuset(&p);
	put_memory(&p);
	put_pids(&p);
	put_io(&p);
	put_hugetlb(&p);
	jsonw_object(w, "intel_rdt");
	jsonw_end(w);
	put_network(&p);
	jsonw_end(w);
}
