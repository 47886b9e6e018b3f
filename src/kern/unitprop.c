/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/unitprop.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "kern/gvariant.h"
#include "kern/sched.h"

static void begin(struct dbus_out *o, const char *name, const char *type)
{
	dbus_align(o, 8);
	dbus_put_str(o, name);
	dbus_put_sig(o, type);
}

void unitprop_put_str(struct dbus_out *o, const char *name, const char *value)
{
	begin(o, name, "s");
	dbus_put_str(o, value);
}

void unitprop_put_strs(struct dbus_out *o, const char *name, const char *value)
{
	struct dbus_array a;

	begin(o, name, "as");
	a = dbus_open_array(o, 4);
	dbus_put_str(o, value);
	dbus_close_array(o, a);
}

void unitprop_put_bool(struct dbus_out *o, const char *name, bool value)
{
	begin(o, name, "b");
	dbus_put_bool(o, value);
}

static void put_u64(struct dbus_out *o, const char *name, uint64_t value)
{
	begin(o, name, "t");
	dbus_put_u64(o, value);
}

/* What may follow a number in a file of a cgroup. */
static bool is_end(char c)
{
	return !c || c == ' ' || c == '\n';
}

/* "N", with a letter as the kernel takes it, or "max". */
static bool read_number(const char *s, uint64_t *v)
{
	static const char letters[] = "KMGT";
	const char *letter;
	char digits[24];
	size_t n = strspn(s, "0123456789");

	if (str_starts(s, "max") && is_end(s[3])) {
		*v = UINT64_MAX;
		return true;
	}
	if (str_fmt(digits, sizeof(digits), "%.*s", (int)n, s) < 0 ||
	    str_u64(digits, v) < 0)
		return false;
	s += n;
	letter = is_end(*s) ? NULL : strchr(letters, *s & ~0x20);
	if (letter) {
		*v <<= 10 * (letter - letters + 1);
		s++;
	}
	return is_end(*s);
}

static void put_number(struct dbus_out *o, const char *name, const char *text)
{
	uint64_t v;

	/* io.weight has a name in front. */
	text += str_starts(text, "default ") ? 8 : 0;
	if (read_number(text, &v))
		put_u64(o, name, v);
}

/* A cgroup that idles has the weight 0; one that does not has any, which may
 * follow. */
static void put_idle(struct dbus_out *o, const char *name, const char *text)
{
	put_u64(o, name, str_eq(text, "1") ? 0 : UINT64_MAX);
}

/* "QUOTA PERIOD", in whole percents of a CPU, since systemd keeps no more
 * of it; rounded up. */
static void put_quota(struct dbus_out *o, const char *name, const char *text)
{
	const char *second = strchr(text, ' ');
	uint64_t quota, period = 100000;

	if (!read_number(text, &quota) ||
	    (second && !read_number(second + 1, &period)) || !period)
		return;
	/* The kernel takes less than 2^44, and that can't overflow here. */
	if (quota < UINT64_C(1) << 44)
		quota = (quota * 100 + period - 1) / period * 10000;
	put_u64(o, name, quota);
	put_u64(o, "CPUQuotaPeriodUSec", period);
}

/* A list as a map of bits, without zeros at its end. */
static void put_set(struct dbus_out *o, const char *name, const char *text)
{
	static struct sched_cpus set;
	struct dbus_array a;
	size_t i, n = 0;

	set = (struct sched_cpus){ 0 };
	if (*text && sched_parse_cpus(&set, text) < 0)
		return;
	for (i = 0; i < SCHED_CPUS / 64; i++)
		if (set.bits[i])
			n = i + 1;
	begin(o, name, "ay");
	a = dbus_open_array(o, 1);
	for (i = 0; i < 8 * n; i++)
		dbus_put_u8(o, (uint8_t)(set.bits[i / 8] >> 8 * (i % 8)));
	dbus_close_array(o, a);
}

/* Files and properties, and the version of systemd that first had it. */
static const struct row {
	void (*put)(struct dbus_out *o, const char *name, const char *text);
	uint16_t version;
	char file[16], name[20];
} rows[] = {
	{ put_number, 227, "pids.max", "TasksMax" },
	{ put_number, 231, "memory.max", "MemoryMax" },
	{ put_number, 231, "memory.high", "MemoryHigh" },
	{ put_number, 231, "memory.low", "MemoryLow" },
	{ put_number, 240, "memory.min", "MemoryMin" },
	{ put_number, 232, "memory.swap.max", "MemorySwapMax" },
	{ put_number, 230, "io.weight", "IOWeight" },
	{ put_number, 232, "cpu.weight", "CPUWeight" },
	{ put_idle, 252, "cpu.idle", "CPUWeight" },
	{ put_quota, 242, "cpu.max", "CPUQuotaPerSecUSec" },
	{ put_set, 244, "cpuset.cpus", "AllowedCPUs" },
	{ put_set, 244, "cpuset.mems", "AllowedMemoryNodes" },
};

void unitprop_put_limits(struct dbus_out *o, const struct cgset *s,
			 unsigned int version)
{
	size_t i, k;

	for (i = 0; i < s->n; i++)
		for (k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
			if (str_eq(rows[k].file, s->rows[i].file) &&
			    version >= rows[k].version)
				rows[k].put(o, rows[k].name, s->rows[i].value);
}

static int check_name(const char *name)
{
	/* What the record would be wrong about. */
	static const char ours[][8] = { "Slice", "PIDs", "PIDFDs" };
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (str_eq(name, ours[i]))
			return err_say(EINVAL, "is the runtime's own");
	for (i = 0; name[i]; i++)
		if ((name[i] | 0x20) < 'a' || (name[i] | 0x20) > 'z')
			break;
	return name[i] || i < 3 ? err_say(EINVAL, "not a property's name") : 0;
}

static int put_annotation(struct dbus_out *o, const char *name,
			  const char *value)
{
	char with_usec[128];
	size_t n = strlen(name);
	uint64_t us;
	int ret = check_name(name);

	if (ret < 0)
		return ret;
	if (!str_ends(name, "Sec") || str_ends(name, "USec")) {
		dbus_align(o, 8);
		dbus_put_str(o, name);
		return gvariant_put(o, value);
	}
	ret = gvariant_seconds(&us, value);
	if (ret == 0)
		ret = str_fmt(with_usec, sizeof(with_usec), "%.*sUSec",
			      (int)n - 3, name);
	if (ret < 0)
		return ret;
	put_u64(o, with_usec, us);
	return 0;
}

int unitprop_put_annotations(struct dbus_out *o, const struct spec_pairs *all)
{
	static const char prefix[] = "org.systemd.property.";
	const char *name;
	size_t i;
	int ret = 0;

	for (i = 0; i < all->n && ret == 0; i++) {
		name = all->v[i].name;
		if (!str_starts(name, prefix))
			continue;
		ret = put_annotation(o, name + sizeof(prefix) - 1,
				     all->v[i].value);
		if (ret < 0)
			err_prefix("%s", name);
	}
	return ret;
}
