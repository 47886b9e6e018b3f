/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/cgset.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "kern/cgctl.h"
#include "kern/need.h"

enum {
	ROWS_MAX = 16, /* of what is no array */
	OLD_TEXT_SIZE = 16 * 1024,
};

/* log2(n) with 40 binary digits behind the point, found one by one: squaring
 * doubles the logarithm. The fixed-point factor is between 1 and 2, its lowest
 * products are left out. */
static uint64_t log2_q40(uint32_t n)
{
	unsigned int whole = 31 - (unsigned int)__builtin_clz(n);
	uint64_t x = (uint64_t)n << (63 - whole), high, low, log = whole;
	int i;

	for (i = 0; i < 40; i++) {
		high = x >> 32;
		low = x & 0xffffffff;
		x = high * high + ((high * low) >> 31);
		log = log << 1 | x >> 63;
		if (!(x >> 63))
			x <<= 1;
	}
	return log;
}

/* 612 log10(weight) with 40 binary digits: 612 log10(2) is 184.2303573... */
static uint64_t scaled_log10(uint32_t weight)
{
	uint64_t log = log2_q40(weight);

	return 184 * log + (((log >> 12) * 989377269) >> 20);
}

uint32_t cgset_weight(uint64_t shares)
{
	/* Without a power: the smallest weight w such that
	 * l^2 + 125 l - 126 <= 612 log10(w). The difference that is allowed for
	 * rounding, 2^-27, is less than any between two values of shares. */
	const uint64_t one = 1ULL << 40, rounding = 1 << 13;
	uint64_t log, whole, part, wanted;
	uint32_t low = 1, high = 10000, middle;

	if (shares <= 2)
		return low;
	if (shares >= 262144)
		return high;
	log = log2_q40((uint32_t)shares);
	whole = log / one;
	part = log % one;
	wanted = whole * whole * one + 2 * whole * part +
		 ((part >> 8) * (part >> 8) >> 24) + 125 * log - 126 * one;
	while (low < high) {
		middle = (low + high) / 2;
		if (scaled_log10(middle) + rounding >= wanted)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* What rows have in common: where they come from, and what they take. */
struct source {
	const char *key;
	uint8_t need, flags;
};

__attribute__((format(printf, 4, 5))) static int
add(struct cgset *s, struct source from, const char *file, const char *fmt, ...)
{
	char text[192];
	struct sbuf b = SBUF(text);
	va_list ap;

	va_start(ap, fmt);
	sbuf_vfmt(&b, fmt, ap);
	va_end(ap);
	if (b.full)
		return err_sys(ENAMETOOLONG, "%s", from.key);
	s->rows[s->n] = (struct cgset_row){
		.file = file,
		.value = arena_str(text),
		.key = from.key,
		.flags = from.flags,
		.need = from.need,
	};
	return s->rows[s->n++].value ? 0 : -ENOMEM;
}

/* -1 means no limit, and then a missing file is as good; 0 is not written. */
static int add_limit(struct cgset *s, struct source from, const char *file,
		     int64_t value)
{
	if (value == 0)
		return 0;
	if (value > 0)
		return add(s, from, file, "%lld", (long long)value);
	from.flags |= CGSET_OPTIONAL;
	return add(s, from, file, "max");
}

__attribute__((format(printf, 3, 4))) static int
wrong(struct cgset *s, const char *key, const char *fmt, ...)
{
	char text[256];
	struct sbuf b = SBUF(text), where = SBUF(s->where);
	va_list ap;

	va_start(ap, fmt);
	sbuf_vfmt(&b, fmt, ap);
	va_end(ap);
	sbuf_str(&where, key);
	return err_say(EINVAL, "%s", sbuf_cut(&b));
}

static int wrong_at(struct cgset *s, const char *array, size_t i,
		    const char *member, const char *what)
{
	int ret = wrong(s, "", "%s", what);
	struct sbuf where = SBUF(s->where);

	sbuf_fmt(&where, "%s[%zu]%s", array, i, member);
	return ret;
}

static int plan_pids(struct cgset *s, const struct spec_resources *r)
{
	const struct source from = { "pids.limit", NEED_PIDS_CGROUP, 0 };
	int64_t limit = r->pids_limit.v;

	if (!r->pids_limit.set)
		return 0;
	/* 0 would refuse the container's own init. */
	return add_limit(s, from, "pids.max",
			 limit == 0 ? 1 :
			 limit < 0  ? -1 :
				      limit);
}

/* v1's limit of memory and swap together becomes v2's of swap alone. -1 is no
 * limit, 0 as good as absent. */
static int convert_swap(struct cgset *s, int64_t limit, int64_t swap,
			int64_t *out)
{
	static const char limit_key[] = "memory.limit";
	static const char swap_key[] = "memory.swap";

	*out = swap;
	if (limit < -1)
		return wrong(s, limit_key, "invalid memory value: %lld",
			     (long long)limit);
	if (swap < -1)
		return wrong(s, swap_key, "invalid memory+swap value: %lld",
			     (long long)swap);
	if (limit == -1 && swap == 0)
		*out = -1;
	if (limit == -1 || swap <= 0)
		return 0;
	if (limit == 0)
		return wrong(s, swap_key,
			     "unable to set swap limit without memory limit");
	if (swap < limit)
		return wrong(s, swap_key,
			     "memory+swap limit should be >= memory limit");
	*out = swap - limit;
	return 0;
}

static int plan_memory(struct cgset *s, const struct spec_resources *r)
{
	struct source swap_from = { "memory.swap", NEED_SWAP, 0 };
	const struct source limit_from = { "memory.limit", NEED_MEMCG, 0 };
	const struct source low_from = { "memory.reservation", NEED_MEMCG, 0 };
	const struct spec_memory *m = r->memory;
	int64_t swap;
	int ret;

	if (!m)
		return 0;
	ret = convert_swap(s, m->limit.v, m->swap.v, &swap);
	if (ret < 0)
		return ret;
	if (m->reservation.v < -1)
		return wrong(s, low_from.key, "invalid memory value: %lld",
			     (long long)m->reservation.v);
	if (m->check_before_update.v) {
		s->check_limit = m->limit.v;
		s->check_swap = m->swap.v;
	}
	if (swap == 0 && m->swap.v > 0) {
		swap_from.flags = CGSET_OPTIONAL;
		ret = add(s, swap_from, "memory.swap.max", "0");
	} else {
		ret = add_limit(s, swap_from, "memory.swap.max", swap);
	}
	if (ret == 0)
		ret = add_limit(s, limit_from, "memory.max", m->limit.v);
	return ret < 0 ? ret :
			 add_limit(s, low_from, "memory.low", m->reservation.v);
}

/* BFQ has weights of 1 to 1000 as v1 had, and a file of its own. */
static int add_io_weight(struct cgset *s, const char *key, const char *device,
			 uint32_t weight)
{
	struct source from = { key, NEED_BLK_WEIGHT, 0 };
	int ret;

	if (*device)
		from.flags = CGSET_KEYED;
	from.flags |= CGSET_OR_NEXT;
	ret = add(s, from, "io.bfq.weight", "%s%u", device, weight);
	from.flags &= (uint8_t)~CGSET_OR_NEXT;
	return ret < 0 ? ret :
			 add(s, from, "io.weight", "%s%u", device,
			     1 + (weight - 10) * 9999 / 990);
}

static bool is_io_weight(uint32_t weight)
{
	return weight >= 10 && weight <= 1000;
}

static bool is_device(int64_t major, int64_t minor)
{
	return major >= 0 && major <= UINT32_MAX && minor >= 0 &&
	       minor <= UINT32_MAX;
}

static const char bad_weight[] = "must be between 10 and 1000";
static const char bad_device[] = "not the number of a device";

static int plan_weight_devices(struct cgset *s, const struct spec_block_io *io)
{
	static const char key[] = "blockIO.weightDevice";
	const struct spec_weight_device *d;
	char device[48];
	size_t i;
	int ret = 0;

	for (i = 0; i < io->weight_device.n && ret == 0; i++) {
		d = &io->weight_device.v[i];
		if (!is_device(d->major, d->minor))
			return wrong_at(s, key, i, "", bad_device);
		if (!d->weight.v)
			continue;
		if (!is_io_weight(d->weight.v))
			return wrong_at(s, key, i, ".weight", bad_weight);
		ret = str_fmt(device, sizeof(device), "%lld:%lld ",
			      (long long)d->major, (long long)d->minor);
		if (ret > 0)
			ret = add_io_weight(s, key, device, d->weight.v);
	}
	return ret;
}

static int plan_throttles(struct cgset *s, const char *key, const char *word,
			  const struct spec_throttles *t)
{
	struct source from = { key, NEED_BLK_THROTTLING, CGSET_KEYED };
	const struct spec_throttle_device *d;
	size_t i;
	int ret = 0;

	for (i = 0; i < t->n && ret == 0; i++) {
		d = &t->v[i];
		if (!is_device(d->major, d->minor))
			return wrong_at(s, key, i, "", bad_device);
		if (d->rate)
			ret = add(s, from, "io.max", "%lld:%lld %s=%llu",
				  (long long)d->major, (long long)d->minor,
				  word, (unsigned long long)d->rate);
		else
			ret = add(s, from, "io.max", "%lld:%lld %s=max",
				  (long long)d->major, (long long)d->minor,
				  word);
	}
	return ret;
}

static int plan_io(struct cgset *s, const struct spec_resources *r)
{
	const struct spec_block_io *io = r->block_io;
	int ret = 0;

	if (!io)
		return 0;
	if (io->weight.v && !is_io_weight(io->weight.v))
		return wrong(s, "blockIO.weight", "%s", bad_weight);
	if (io->weight.v)
		ret = add_io_weight(s, "blockIO.weight", "", io->weight.v);
	if (ret == 0)
		ret = plan_weight_devices(s, io);
	if (ret == 0)
		ret = plan_throttles(s, "blockIO.throttleReadBpsDevice", "rbps",
				     &io->read_bps);
	if (ret == 0)
		ret = plan_throttles(s, "blockIO.throttleWriteBpsDevice",
				     "wbps", &io->write_bps);
	if (ret == 0)
		ret = plan_throttles(s, "blockIO.throttleReadIOPSDevice",
				     "riops", &io->read_iops);
	if (ret == 0)
		ret = plan_throttles(s, "blockIO.throttleWriteIOPSDevice",
				     "wiops", &io->write_iops);
	return ret;
}

static int plan_cpu_max(struct cgset *s, const struct spec_cpu *cpu)
{
	struct source from = { "cpu.quota", NEED_CFS_BANDWIDTH, 0 };
	unsigned long long period = cpu->period.v ? cpu->period.v : 100000;

	if (cpu->quota.v > 0)
		return add(s, from, "cpu.max", "%lld %llu",
			   (long long)cpu->quota.v, period);
	from.key = cpu->quota.v ? from.key : "cpu.period";
	from.flags = CGSET_OPTIONAL;
	return add(s, from, "cpu.max", "max %llu", period);
}

static int plan_cpu(struct cgset *s, const struct spec_resources *r)
{
	const struct source idle_from = { "cpu.idle", NEED_CPU_IDLE, 0 };
	const struct source weight_from = { "cpu.shares", NEED_CPU_CGROUP, 0 };
	struct source burst_from = { "cpu.burst", NEED_CPU_BURST, 0 };
	const struct spec_cpu *cpu = r->cpu;
	bool has_max;
	int ret = 0;

	if (!cpu)
		return 0;
	has_max = cpu->quota.v || cpu->period.v;
	if (cpu->idle.set && cpu->idle.v != 0 && cpu->idle.v != 1)
		return wrong(s, "cpu.idle", "must be 0 or 1");
	if (cpu->idle.set)
		ret = add(s, idle_from, "cpu.idle", "%lld",
			  (long long)cpu->idle.v);
	/* A cgroup that idles has no weight, and the kernel takes none. */
	if (ret == 0 && cpu->shares.v && cpu->idle.v != 1)
		ret = add(s, weight_from, "cpu.weight", "%u",
			  cgset_weight(cpu->shares.v));
	/* The burst must never be above the quota, whichever of the two comes
	 * first on the way up or down. */
	burst_from.flags = has_max ? CGSET_AGAIN : 0;
	if (ret == 0 && cpu->burst.set)
		ret = add(s, burst_from, "cpu.max.burst", "%llu",
			  (unsigned long long)cpu->burst.v);
	return ret == 0 && has_max ? plan_cpu_max(s, cpu) : ret;
}

static int plan_cpuset(struct cgset *s, const struct spec_resources *r)
{
	const struct source cpus = { "cpu.cpus", NEED_CPUSETS, 0 };
	const struct source mems = { "cpu.mems", NEED_CPUSETS, 0 };
	const struct spec_cpu *cpu = r->cpu;
	int ret = 0;

	if (cpu && cpu->cpus && *cpu->cpus)
		ret = add(s, cpus, "cpuset.cpus", "%s", cpu->cpus);
	if (ret == 0 && cpu && cpu->mems && *cpu->mems)
		ret = add(s, mems, "cpuset.mems", "%s", cpu->mems);
	return ret;
}

/* As the kernel writes them: 64KB, 2MB, 1GB. */
static bool is_page_size(const char *size)
{
	size_t n = size ? strspn(size, "0123456789") : 0;

	return n > 0 && n < 8 && strchr("KMG", size[n]) && size[n] &&
	       size[n + 1] == 'B' && !size[n + 2];
}

static int plan_hugetlb(struct cgset *s, const struct spec_resources *r)
{
	static const char key[] = "hugepageLimits";
	struct source from = { key, NEED_HUGETLB, 0 };
	const struct spec_hugepage_limit *h;
	const char *file, *reserved;
	unsigned long long limit;
	size_t i;
	int ret = 0;

	for (i = 0; i < r->hugepage_limits.n && ret == 0; i++) {
		h = &r->hugepage_limits.v[i];
		limit = h->limit;
		if (!is_page_size(h->page_size))
			return wrong_at(s, key, i, ".pageSize",
					"not a size of pages, such as 2MB");
		file = arena_cat("hugetlb.", h->page_size, ".max", NULL);
		reserved =
			arena_cat("hugetlb.", h->page_size, ".rsvd.max", NULL);
		if (!file || !reserved)
			return -ENOMEM;
		from.flags = 0;
		ret = add(s, from, file, "%llu", limit);
		/* Since Linux 5.7. */
		from.flags = CGSET_OPTIONAL;
		if (ret == 0)
			ret = add(s, from, reserved, "%llu", limit);
	}
	return ret;
}

static int plan_rdma(struct cgset *s, const struct spec_resources *r)
{
	static const char key[] = "rdma";
	const struct source from = { key, NEED_RDMA, CGSET_KEYED };
	const struct spec_rdma *d;
	char text[160];
	size_t i;
	int ret = 0;

	for (i = 0; i < r->rdma.n && ret == 0; i++) {
		struct sbuf b = SBUF(text);

		d = &r->rdma.v[i];
		if (!*d->device || d->device[strcspn(d->device, " \t\n")])
			return wrong(s, key, "\"%s\" is not a device's name",
				     d->device);
		if (!d->hca_handles.set && !d->hca_objects.set)
			return wrong(s, key,
				     "neither hcaHandles nor "
				     "hcaObjects of \"%s\"",
				     d->device);
		sbuf_str(&b, d->device);
		if (d->hca_handles.set)
			sbuf_fmt(&b, " hca_handle=%u", d->hca_handles.v);
		if (d->hca_objects.set)
			sbuf_fmt(&b, " hca_object=%u", d->hca_objects.v);
		if (b.full)
			return wrong(s, key, "the device's name is too long");
		ret = add(s, from, "rdma.max", "%s", text);
	}
	return ret;
}

/* What decides where processes are, or whether they run, is not for a config
 * to write: a container that is frozen from birth never comes up. */
static int check_unified(struct cgset *s, const char *name)
{
	static const char ours[][16] = { "procs", "threads", "subtree_control",
					 "type",  "freeze",  "kill" };
	const char *dot = strchr(name, '.');
	size_t i;

	if (strchr(name, '/'))
		return wrong(s, "unified",
			     "unified resource \"%s\" must be a file name "
			     "(no slashes)",
			     name);
	if (!dot || dot == name || !dot[1])
		return wrong(s, "unified",
			     "unified resource \"%s\" must be in the form "
			     "CONTROLLER.PARAMETER",
			     name);
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (str_starts(name, "cgroup.") && str_eq(dot + 1, ours[i]))
			return wrong(s, "unified",
				     "unified resource \"%s\" is the "
				     "runtime's own",
				     name);
	return 0;
}

static int plan_unified(struct cgset *s, const struct spec_resources *r)
{
	const struct spec_pair *p;
	size_t i;
	int ret;

	for (i = 0; i < r->unified.n; i++) {
		p = &r->unified.v[i];
		ret = check_unified(s, p->name);
		if (ret < 0)
			return ret;
		s->rows[s->n++] = (struct cgset_row){
			.file = p->name,
			.value = p->value,
			.key = "unified",
			.flags = CGSET_UNIFIED,
		};
	}
	return 0;
}

static bool has_leaf_weight(const struct spec_block_io *io)
{
	size_t i;

	for (i = 0; i < io->weight_device.n; i++)
		if (io->weight_device.v[i].leaf_weight.set)
			return true;
	return io->leaf_weight.set;
}

static void note_ignored(const struct spec_resources *r, struct sbuf *ignored)
{
	const struct spec_memory *m = r->memory;
	const struct spec_cpu *c = r->cpu;
	const struct spec_network *n = r->network;
	const struct {
		bool set;
		const char *name;
	} rows[] = {
		{ m && m->kernel.set, "memory.kernel" },
		{ m && m->kernel_tcp.set, "memory.kernelTCP" },
		{ m && m->swappiness.set, "memory.swappiness" },
		{ m && m->disable_oom_killer.v, "memory.disableOOMKiller" },
		{ c && c->realtime_runtime.v, "cpu.realtimeRuntime" },
		{ c && c->realtime_period.v, "cpu.realtimePeriod" },
		{ r->block_io && has_leaf_weight(r->block_io),
		  "blockIO.leafWeight" },
		{ n && n->class_id.v, "network.classID" },
		{ n && n->priorities.n, "network.priorities" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].set)
			sbuf_fmt(ignored, "%s ", rows[i].name);
}

static size_t rows_wanted(const struct spec_resources *r)
{
	const struct spec_block_io *io = r->block_io;
	size_t n =
		ROWS_MAX + 2 * r->hugepage_limits.n + r->rdma.n + r->unified.n;

	if (io)
		n += 2 * io->weight_device.n + io->read_bps.n +
		     io->write_bps.n + io->read_iops.n + io->write_iops.n;
	return n;
}

int cgset_plan(struct cgset *s, const struct spec_resources *r,
	       struct sbuf *ignored)
{
	/* runc's order, in which what is unified has the last word. */
	static int (*const plans[])(struct cgset * s,
				    const struct spec_resources *r) = {
		plan_pids,   plan_memory,  plan_io,   plan_cpu,
		plan_cpuset, plan_hugetlb, plan_rdma, plan_unified,
	};
	size_t i;
	int ret = 0;

	*s = (struct cgset){ .rows = arena_get(rows_wanted(r),
					       sizeof(*s->rows)) };
	if (!s->rows)
		return -ENOMEM;
	note_ignored(r, ignored);
	for (i = 0; i < sizeof(plans) / sizeof(plans[0]) && ret == 0; i++)
		ret = plans[i](s, r);
	return ret;
}

/* A limit below what is in use would end in the OOM killer. */
static int check_usage(const struct cgset *s, int cgroup)
{
	char text[32];
	uint64_t usage;

	if ((s->check_limit <= 0 && s->check_swap <= 0) ||
	    fd_read_text(cgroup, "memory.current", text, sizeof(text)) < 0 ||
	    str_u64(text, &usage) < 0)
		return 0;
	if (s->check_swap > 0 && (uint64_t)s->check_swap <= usage)
		return err_say(EBUSY,
			       "rejecting memory+swap limit %lld <= usage %llu",
			       (long long)s->check_swap,
			       (unsigned long long)usage);
	if (s->check_limit > 0 && (uint64_t)s->check_limit <= usage)
		return err_say(EBUSY,
			       "rejecting memory limit %lld <= usage %llu",
			       (long long)s->check_limit,
			       (unsigned long long)usage);
	return 0;
}

static int write_text(int fd, const char *text, size_t len)
{
	ssize_t n;

	do
		n = write(fd, text, len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* One write(2) per line, since that is what these files take; an empty line is
 * how a list is made empty. */
static int write_lines(int fd, const char *text)
{
	size_t len;
	int ret = 0;

	if (!*text)
		return write_text(fd, "\n", 1);
	for (; *text && ret == 0; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len)
			ret = write_text(fd, text, len);
	}
	return ret;
}

/* What a file had before, to be put back. */
struct old {
	const struct cgset_row *row;
	const char *text;
};

/* What removes an entry that was not there before. */
static const char *without_entry(const char *file)
{
	if (str_eq(file, "io.max"))
		return "rbps=max wbps=max riops=max wiops=max";
	return str_eq(file, "rdma.max") ? "hca_handle=max hca_object=max" :
					  "default";
}

static bool has_entry(const char *text, const char *value)
{
	size_t len = strcspn(value, " ") + 1;

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, value, len) == 0)
			return true;
	}
	return false;
}

static bool is_keyed(const struct cgset_row *row)
{
	return row->flags & CGSET_KEYED ||
	       (row->flags & CGSET_UNIFIED && (str_starts(row->file, "io.") ||
					       str_eq(row->file, "rdma.max")));
}

static void remove_new(const struct old *old, int fd)
{
	char line[192];

	for (const char *new = old->row->value; new &&*new;
	     new = strchr(new, '\n')) {
		new += *new == '\n';
		if (!has_entry(old->text, new) &&
		    str_fmt(line, sizeof(line), "%.*s %s",
			    (int)strcspn(new, " \n"), new,
			    without_entry(old->row->file)) > 0)
			write_lines(fd, line);
	}
}

static void put_back(const struct old *old, int cgroup)
{
	autofd fd = -1;

	if (!old->row)
		return;
	fd = fd_open(cgroup, old->row->file, O_WRONLY, 0);
	if (fd < 0)
		return;
	if (is_keyed(old->row))
		remove_new(old, fd);
	write_lines(fd, old->text);
}

/* A file that can't be read, such as memory.reclaim, has nothing to put
 * back. */
static int keep_old(struct old *old, const struct cgset_row *row, int cgroup)
{
	static char text[OLD_TEXT_SIZE];

	old->row = NULL;
	if (fd_read_text(cgroup, row->file, text, sizeof(text)) < 0)
		return 0;
	old->row = row;
	old->text = arena_str(text);
	return old->text ? 0 : -ENOMEM;
}

int cgset_read(struct cgset *now, const struct cgset *s, int cgroup)
{
	struct old old;
	size_t i;
	int ret = 0;

	*now = (struct cgset){ .rows = arena_get(s->n, sizeof(*now->rows)) };
	if (!now->rows)
		return -ENOMEM;
	for (i = 0; i < s->n && ret == 0; i++) {
		ret = keep_old(&old, &s->rows[i], cgroup);
		if (ret < 0 || !old.row)
			continue;
		now->rows[now->n] = *old.row;
		now->rows[now->n++].value = old.text;
	}
	return ret;
}

/* The row's file is not there: sees to its controller. */
static int get_controller(const struct cgset_row *row, const char *path)
{
	char name[32];
	struct err why;

	if (str_fmt(name, sizeof(name), "%.*s", (int)strcspn(row->file, "."),
		    row->file) < 0)
		return -ENAMETOOLONG;
	if (str_eq(name, "cgroup") || cgctl_require(path, name, row->need) == 0)
		return 0;
	why = err;
	if (row->flags & CGSET_UNIFIED)
		err_say(why.num,
			"unified resource \"%s\" can't be set: controller "
			"\"%s\" not available: %s",
			row->file, name, why.text);
	else
		err_say(why.num, "linux.resources.%s: %s", row->key, why.text);
	return err_hint(why.hint);
}

static int write_row(const struct cgset_row *row, int cgroup)
{
	autofd fd = openat(cgroup, row->file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return row->flags & CGSET_UNIFIED ?
		       write_lines(fd, row->value) :
		       write_text(fd, row->value, strlen(row->value));
}

/* Writes the row and, where two belong together, the next. Returns how many
 * rows that were, or -errno with *row the one that failed. */
static int write_rows(const struct cgset_row **row, int cgroup)
{
	const struct cgset_row *first = *row;
	int ret = write_row(first, cgroup);

	if (first->flags & CGSET_OR_NEXT) {
		if (ret == -ENOENT)
			ret = write_row(++*row, cgroup);
		return ret < 0 ? ret : 2;
	}
	if (ret == -EINVAL && (first->flags & CGSET_AGAIN)) {
		ret = write_row(++*row, cgroup);
		if (ret == 0)
			ret = write_row(--*row, cgroup);
		return ret < 0 ? ret : 2;
	}
	if (ret == -ENOENT && (first->flags & CGSET_OPTIONAL))
		ret = 0;
	return ret < 0 ? ret : 1;
}

static int explain(const struct cgset_row *row, const char *path, int ret)
{
	if (row->flags & CGSET_UNIFIED)
		return err_sys(ret,
			       "unable to set unified resource \"%s\" of "
			       "cgroup %s to \"%s\"",
			       row->file, path, row->value);
	/* libc's words for ERANGE are of floating point. */
	if (ret == -ERANGE)
		return err_say(ERANGE,
			       "linux.resources.%s: \"%s\" is beyond what "
			       "there is for %s of cgroup %s",
			       row->key, row->value, row->file, path);
	if (ret != -ENOENT)
		return err_sys(ret,
			       "linux.resources.%s: write \"%s\" to %s of "
			       "cgroup %s",
			       row->key, row->value, row->file, path);
	err_say(ENOENT, "linux.resources.%s: the kernel has no %s", row->key,
		row->file);
	return err_hint(row->need);
}

/* Returns how many rows have been written, all or not: *ret is 0 or what went
 * wrong with the next. */
static size_t write_all(const struct cgset *s, int cgroup, const char *path,
			int *ret)
{
	const struct cgset_row *row;
	size_t i = 0;

	for (*ret = 0; i < s->n; i += (size_t)*ret) {
		row = &s->rows[i];
		*ret = write_rows(&row, cgroup);
		if (*ret == -ENOENT) {
			*ret = get_controller(row, path);
			if (*ret < 0)
				return i;
			row = &s->rows[i];
			*ret = write_rows(&row, cgroup);
		}
		if (*ret < 0) {
			*ret = explain(row, path, *ret);
			return i;
		}
	}
	*ret = 0;
	return i;
}

int cgset_write(const struct cgset *s, int cgroup, const char *path)
{
	int ret;

	write_all(s, cgroup, path, &ret);
	return ret;
}

/* By way of cpu.idle the kernel forgets the weight. */
static int keep_weight(struct old *old, const struct cgset *s, int cgroup)
{
	static const struct cgset_row weight = { .file = "cpu.weight" };

	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->rows[i].file, "cpu.idle"))
			return keep_old(old, &weight, cgroup);
	return 0;
}

int cgset_change(const struct cgset *s, int cgroup, const char *path)
{
	struct old *old = arena_get(s->n + 1, sizeof(*old));
	struct err first;
	size_t i, written;
	int ret = old ? check_usage(s, cgroup) : -ENOMEM;

	if (ret == 0)
		ret = keep_weight(&old[0], s, cgroup);
	for (i = 0; i < s->n && ret == 0; i++)
		ret = keep_old(&old[i + 1], &s->rows[i], cgroup);
	if (ret < 0)
		return ret;
	written = write_all(s, cgroup, path, &ret);
	if (ret == 0)
		return 0;
	first = err;
	/* The one that failed may be two, of which the first was written. */
	written += written + 1 < s->n ? 2 : 1;
	/* Twice, since what had to come before another has to come after it
	 * now: cpu.max and the burst. */
	for (int pass = 0; pass < 2; pass++)
		for (i = written + 1; i-- > 0;)
			put_back(&old[i], cgroup);
	err = first;
	return ret;
}
