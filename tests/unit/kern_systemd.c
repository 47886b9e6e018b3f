/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/gvariant.c, kern/unitprop.c and what of kern/systemd.c needs no systemd:
 * texts as values, files of cgroups as properties, names of units.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/err.h"
#include "kern/gvariant.h"
#include "kern/systemd.h"
#include "kern/unitprop.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BYTES(text) (text), sizeof(text) - 1

static uint8_t buffer[32 * 1024];

static struct dbus_out out(void)
{
	memset(buffer, 0xee, sizeof(buffer));
	return (struct dbus_out){ .p = buffer, .size = sizeof(buffer) };
}

static const struct value {
	const char *text;
	const char *bytes; /* the signature and what follows */
	size_t n;
} values[] = {
	{ "true", BYTES("\1b\0\0\1\0\0\0") },
	{ " false ", BYTES("\1b\0\0\0\0\0\0") },
	{ "boolean true", BYTES("\1b\0\0\1\0\0\0") },
	{ "5", BYTES("\1i\0\0\5\0\0\0") },
	{ "-1", BYTES("\1i\0\0\377\377\377\377") },
	{ "0x7fffffff", BYTES("\1i\0\0\377\377\377\177") },
	{ "-2147483648", BYTES("\1i\0\0\0\0\0\200") },
	{ "017", BYTES("\1i\0\0\17\0\0\0") },
	{ "byte 0xFF", BYTES("\1y\0\377") },
	{ "int16 -2", BYTES("\1n\0\0\376\377") },
	{ "uint16 65535", BYTES("\1q\0\0\377\377") },
	{ "int32 +7", BYTES("\1i\0\0\7\0\0\0") },
	{ "uint32 4294967295", BYTES("\1u\0\0\377\377\377\377") },
	{ "int64 -9223372036854775808",
	  BYTES("\1x\0\0\0\0\0\0\0\0\0\0\0\0\0\200") },
	{ "uint64 18446744073709551615",
	  BYTES("\1t\0\0\0\0\0\0\377\377\377\377\377\377\377\377") },
	{ "@t 1", BYTES("\1t\0\0\0\0\0\0\1\0\0\0\0\0\0\0") },
	{ "'on'", BYTES("\1s\0\0\2\0\0\0on\0") },
	{ "\"it's\"", BYTES("\1s\0\0\4\0\0\0it's\0") },
	{ "'a\\'b\\\\\\n'", BYTES("\1s\0\0\5\0\0\0a'b\\\n\0") },
	{ "''", BYTES("\1s\0\0\0\0\0\0\0") },
	{ "objectpath '/a'", BYTES("\1o\0\0\2\0\0\0/a\0") },
	{ "signature 'as'", BYTES("\1g\0\2as\0") },
	{ "['a', 'bc']", BYTES("\2as\0\17\0\0\0\1\0\0\0a\0\0\0\2\0\0\0bc\0") },
	{ "@as []", BYTES("\2as\0\0\0\0\0") },
	{ "[uint64 1,2]",
	  BYTES("\2at\0\20\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0") },
	{ "@at []", BYTES("\2at\0\0\0\0\0") },
	{ "[byte 1, 2, 3]", BYTES("\2ay\0\3\0\0\0\1\2\3") },
	{ "[('/dev/null', 'rw')]",
	  BYTES("\5a(ss)\0\0\27\0\0\0\0\0\0\0\11\0\0\0/dev/null\0\0\0"
		"\2\0\0\0rw\0") },
	{ "(1, ['x'], true)",
	  BYTES("\6(iasb)\0\1\0\0\0\6\0\0\0\1\0\0\0x\0\0\0\1\0\0\0") },
	{ "[['a'], @as []]",
	  BYTES("\3aas\0\0\0\0\20\0\0\0\6\0\0\0\1\0\0\0a\0\0\0\0\0\0\0") },
};

static const char *const no_values[] = {
	"",
	" ",
	"yes",
	"truely",
	"true false",
	"1 2",
	"1.5",
	"1e3",
	"08",
	"0x",
	"-",
	"2147483648",
	"-2147483649",
	"byte 256",
	"byte -1",
	"uint32 -1",
	"uint32 4294967296",
	"uint64 18446744073709551616",
	"uint32",
	"uint32 'a'",
	"string 5",
	"'a",
	"'a\"",
	"a'",
	"'a\\",
	"'\\q'",
	"[",
	"]",
	"[]",
	"[1",
	"[1,",
	"[1 2]",
	"[1, 'a']",
	"[uint32 1, uint64 2]",
	"(",
	"(1",
	"(1 2)",
	"(1,)x",
	"@",
	"@ 1",
	"@s",
	"@s 1",
	"@a []",
	"@aa []",
	"@(s 'a'",
	"@z 1",
	"@v <1>",
	"<1>",
	"{'a': 1}",
	"nothing",
	"just 1",
	"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	"((((((((((((((((((((((((((((((((((((((((",
	"handle 1",
	"double 1",
	"@ssssssssssssssssssssssssssssssssssssssssssssssssss 'a'",
	",",
	"1,",
};

static void test_values(void)
{
	for (size_t i = 0; i < COUNT(values); i++) {
		const struct value *v = &values[i];
		struct dbus_out o = out();
		int ret = gvariant_put(&o, v->text);

		if (!ok(ret == 0 && o.len == v->n &&
				memcmp(o.p, v->bytes, v->n) == 0,
			"%s", v->text)) {
			printf("# %d:", ret);
			for (size_t k = 0; k < o.len; k++)
				printf(" %02x", o.p[k]);
			printf("\n");
		}
	}
	for (size_t i = 0; i < COUNT(no_values); i++) {
		struct dbus_out o = out();

		is_num(gvariant_put(&o, no_values[i]), -EINVAL, no_values[i]);
	}
}

/* Every beginning of a value, and every byte of it changed, is a value or not,
 * but ends. */
static void test_damaged_values(void)
{
	size_t taken = 0, tried = 0;
	char text[64];

	for (size_t i = 0; i < COUNT(values); i++) {
		size_t n = strlen(values[i].text);

		for (size_t k = 0; k < n; k++) {
			for (int c = 0; c < 128; c++) {
				struct dbus_out o = out();

				strcpy(text, values[i].text);
				text[k] = (char)c;
				taken += gvariant_put(&o, text) == 0;
				tried++;
			}
		}
	}
	ok(taken > 0 && taken < tried, "%zu of %zu changed texts are values",
	   taken, tried);
}

static void test_full(void)
{
	struct dbus_out o = out();
	size_t i;

	for (i = 0; i < 39; i++) {
		o = out();
		o.size = i;
		gvariant_put(&o, "[('/dev/null', 'rw')]");
		if (!o.full || o.len > i || buffer[i] != 0xee)
			break;
	}
	is_num((long long)i, 39, "a buffer too small is never written beyond");
}

static const struct seconds {
	const char *text;
	long long us; /* -1: refused */
} seconds[] = {
	{ "5", 5000000 },      { "uint32 7", 7000000 },
	{ "1.5", 1500000 },    { "0.0000019", 1 },
	{ "byte 1", 1000000 }, { "int64 0", 0 },
	{ " 2 ", 2000000 },    { "-1", -1 },
	{ "'5'", -1 },         { "true", -1 },
	{ "5s", -1 },          { "", -1 },
	{ ".5", -1 },          { "1.5.1", -1 },
	{ "string 5", -1 },    { "99999999999999", -1 },
};

static void test_seconds(void)
{
	for (size_t i = 0; i < COUNT(seconds); i++) {
		const struct seconds *s = &seconds[i];
		uint64_t us = 0;
		int ret = gvariant_seconds(&us, s->text);

		if (s->us < 0)
			is_num(ret, -EINVAL, s->text);
		else
			is_num(ret < 0 ? ret : (long long)us, s->us, s->text);
	}
}

/* Prints properties as "Name=value " from elements of a(sv). */
static const char *show(const struct dbus_out *o)
{
	static char text[1024];
	struct dbus_in in = { .p = o->p, .len = o->len };
	size_t n = 0, k, count;
	const char *type;

	text[0] = '\0';
	while (in.pos < in.len && !in.bad) {
		in.pos = (in.pos + 7) & ~(size_t)7;
		n += (size_t)snprintf(text + n, sizeof(text) - n,
				      "%s=", dbus_get_str(&in));
		type = dbus_get_sig(&in);
		if (*type == 't') {
			uint64_t v;

			in.pos = (in.pos + 7) & ~(size_t)7;
			v = dbus_get_u32(&in);
			v |= (uint64_t)dbus_get_u32(&in) << 32;
			n += (size_t)snprintf(text + n, sizeof(text) - n,
					      v == UINT64_MAX ? "max " :
								"%llu ",
					      (unsigned long long)v);
		} else if (*type == 's') {
			n += (size_t)snprintf(text + n, sizeof(text) - n,
					      "'%s' ", dbus_get_str(&in));
		} else if (*type == 'b') {
			n += (size_t)snprintf(text + n, sizeof(text) - n,
					      "b%u ", dbus_get_u32(&in));
		} else if (type[1] == 's') {
			dbus_get_u32(&in);
			n += (size_t)snprintf(text + n, sizeof(text) - n,
					      "['%s'] ", dbus_get_str(&in));
		} else {
			count = dbus_get_u32(&in);
			n += (size_t)snprintf(text + n, sizeof(text) - n, "[");
			for (k = 0; k < count; k++)
				n += (size_t)snprintf(text + n,
						      sizeof(text) - n, "%x%s",
						      dbus_get_u8(&in),
						      k + 1 < count ? " " : "");
			n += (size_t)snprintf(text + n, sizeof(text) - n, "] ");
		}
	}
	return in.bad ? "malformed" : text;
}

static const struct limit {
	const char *file, *value;
	const char *properties;
} limits[] = {
	{ "pids.max", "20", "TasksMax=20 " },
	{ "pids.max", "max", "TasksMax=max " },
	{ "memory.max", "67108864", "MemoryMax=67108864 " },
	{ "memory.high", "1G", "MemoryHigh=1073741824 " },
	{ "memory.high", "3k", "MemoryHigh=3072 " },
	{ "memory.low", "max", "MemoryLow=max " },
	{ "memory.min", "0", "MemoryMin=0 " },
	{ "memory.swap.max", "0", "MemorySwapMax=0 " },
	{ "cpu.weight", "10000", "CPUWeight=10000 " },
	{ "cpu.idle", "1", "CPUWeight=0 " },
	{ "cpu.idle", "0", "CPUWeight=max " },
	{ "cpu.max", "50000 100000",
	  "CPUQuotaPerSecUSec=500000 CPUQuotaPeriodUSec=100000 " },
	{ "cpu.max", "33333 100000",
	  "CPUQuotaPerSecUSec=340000 CPUQuotaPeriodUSec=100000 " },
	{ "cpu.max", "max 50000",
	  "CPUQuotaPerSecUSec=max CPUQuotaPeriodUSec=50000 " },
	{ "cpu.max", "1000",
	  "CPUQuotaPerSecUSec=10000 CPUQuotaPeriodUSec=100000 " },
	{ "cpu.max", "17592186044415 1",
	  "CPUQuotaPerSecUSec=17592186044415000000 CPUQuotaPeriodUSec=1 " },
	{ "cpuset.cpus", "0", "AllowedCPUs=[1 0 0 0 0 0 0 0] " },
	{ "cpuset.cpus", "0-3,9", "AllowedCPUs=[f 2 0 0 0 0 0 0] " },
	{ "cpuset.cpus", "", "AllowedCPUs=[] " },
	{ "cpuset.mems", "1", "AllowedMemoryNodes=[2 0 0 0 0 0 0 0] " },
	{ "io.weight", "500", "IOWeight=500 " },
	{ "io.weight", "default 100\n8:0 50", "IOWeight=100 " },
	/* What has no property, or none that can tell. */
	{ "io.weight", "8:0 50", "" },
	{ "io.max", "8:0 rbps=1", "" },
	{ "io.bfq.weight", "10", "" },
	{ "memory.max", "", "" },
	{ "memory.max", "lots", "" },
	{ "memory.max", "-1", "" },
	{ "memory.max", "99999999999999999999", "" },
	{ "cpu.max", "1 0", "" },
	{ "cpuset.cpus", "a-b", "" },
	{ "hugetlb.2MB.max", "1", "" },
};

static void test_limits(void)
{
	for (size_t i = 0; i < COUNT(limits); i++) {
		const struct limit *l = &limits[i];
		struct cgset_row row = { .file = l->file, .value = l->value };
		const struct cgset s = { .rows = &row, .n = 1 };
		struct dbus_out o = out();
		char name[96];

		snprintf(name, sizeof(name), "%s %s", l->file, l->value);
		unitprop_put_limits(&o, &s, 252);
		is_str(show(&o), l->properties, name);
	}
}

/* An old systemd hears only of what it knows. */
static void test_versions(void)
{
	static struct cgset_row rows[] = {
		{ .file = "memory.max", .value = "1" },
		{ .file = "memory.min", .value = "2" },
		{ .file = "cpu.max", .value = "100 1000" },
		{ .file = "cpuset.cpus", .value = "0" },
		{ .file = "cpu.idle", .value = "1" },
	};
	const struct cgset s = { .rows = rows, .n = COUNT(rows) };
	struct dbus_out o = out();

	unitprop_put_limits(&o, &s, 239);
	is_str(show(&o), "MemoryMax=1 ", "version 239");
	o = out();
	unitprop_put_limits(&o, &s, 242);
	is_str(show(&o),
	       "MemoryMax=1 MemoryMin=2 CPUQuotaPerSecUSec=100000 "
	       "CPUQuotaPeriodUSec=1000 ",
	       "version 242");
	o = out();
	unitprop_put_limits(&o, &s, 0);
	is_str(show(&o), "", "no version");
}

static const struct annotation {
	const char *name, *value;
	const char *properties; /* NULL: refused */
} annotations[] = {
	{ "org.systemd.property.CollectMode", "'inactive'",
	  "CollectMode='inactive' " },
	{ "org.systemd.property.After", "['a.service']",
	  "After=['a.service'] " },
	{ "org.systemd.property.TimeoutStopUSec", "uint64 5",
	  "TimeoutStopUSec=5 " },
	{ "org.systemd.property.TimeoutStopSec", "uint64 5",
	  "TimeoutStopUSec=5000000 " },
	{ "org.systemd.property.RuntimeMaxSec", "1.5",
	  "RuntimeMaxUSec=1500000 " },
	{ "org.systemd.property.SendSIGHUP", "true", "SendSIGHUP=b1 " },
	{ "org.systemd.propertyX", "nothing", "" },
	{ "com.example", "nothing", "" },
	{ "org.systemd.property.", "true", NULL },
	{ "org.systemd.property.ab", "true", NULL },
	{ "org.systemd.property.A.b", "true", NULL },
	{ "org.systemd.property.A b", "true", NULL },
	{ "org.systemd.property.Abc1", "true", NULL },
	{ "org.systemd.property.Slice", "'x.slice'", NULL },
	{ "org.systemd.property.PIDs", "[uint32 1]", NULL },
	{ "org.systemd.property.Foo", "bar", NULL },
	{ "org.systemd.property.FooSec", "'1'", NULL },
};

static void test_annotations(void)
{
	for (size_t i = 0; i < COUNT(annotations); i++) {
		const struct annotation *a = &annotations[i];
		struct spec_pair pair = { a->name, a->value };
		const struct spec_pairs all = { &pair, 1 };
		struct dbus_out o = out();
		int ret = unitprop_put_annotations(&o, &all);

		if (a->properties) {
			is_num(ret, 0, a->name);
			is_str(show(&o), a->properties, "  is a property");
		} else {
			is_num(ret, -EINVAL, a->name);
			ok(strncmp(err.text, a->name, strlen(a->name)) == 0,
			   "  is named");
		}
	}
}

static const struct name {
	const char *path;
	const char *name, *slice; /* NULL: refused */
} names[] = {
	{ NULL, "runt-box.scope", "" },
	{ "", "runt-box.scope", "" },
	{ "::box", "box.scope", "" },
	{ ":pre:box", "pre-box.scope", "" },
	{ "a-b.slice:pre:box", "pre-box.scope", "a-b.slice" },
	{ "-.slice:pre:box", "pre-box.scope", "-.slice" },
	{ "a.slice:pre:b-c.slice", "b-c.slice", "a.slice" },
	{ "a.slice:p_r:e\\x2d1", "p_r-e\\x2d1.scope", "a.slice" },
	{ "a.slice", NULL, NULL },
	{ "/a/b", NULL, NULL },
	{ "a.slice:b", NULL, NULL },
	{ "a.slice:b:", NULL, NULL },
	{ "a.slice:b:c:d", NULL, NULL },
	{ "a:b:c", NULL, NULL },
	{ ".slice:b:c", NULL, NULL },
	{ "-a.slice:b:c", NULL, NULL },
	{ "a-.slice:b:c", NULL, NULL },
	{ "a--b.slice:b:c", NULL, NULL },
	{ "a/b.slice:b:c", NULL, NULL },
	{ "../a.slice:b:c", NULL, NULL },
	{ "a.slice:../b:c", NULL, NULL },
	{ "a.slice:b:c/d", NULL, NULL },
	{ "a.slice:b:c@d", NULL, NULL },
	{ "a.slice:b:c d", NULL, NULL },
	{ "a.slice:b:c-.slice", NULL, NULL },
	{ "a.slice:b:\n", NULL, NULL },
};

static void test_names(void)
{
	char longest[400];
	struct systemd_unit u;

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct name *n = &names[i];
		const char *what = n->path ? n->path : "no path";
		int ret = systemd_name_unit(&u, n->path, "box");

		if (!n->name) {
			is_num(ret, -EINVAL, what);
			continue;
		}
		if (!is_num(ret, 0, what))
			continue;
		is_str(u.name, n->name, "  its name");
		is_str(u.slice,
		       *n->slice ? n->slice :
		       geteuid() == 0 && access("/run/systemd/system", F_OK) ==
						 0 ?
				   "system.slice" :
				   "user.slice",
		       "  its slice");
	}
	memset(longest, 'x', sizeof(longest));
	memcpy(longest, "a.slice:p:", 10);
	longest[300] = '\0';
	is_num(systemd_name_unit(&u, longest, "box"), -EINVAL,
	       "a name that is too long");
}

static void test_no_systemd(void)
{
	if (access("/run/systemd/system", F_OK) == 0) {
		skip("without systemd", "it is here");
		return;
	}
	is_num(systemd_open(NULL), -ENOTSUP, "without systemd");
	ok(strstr(err.text, "does not run systemd") && err.hint,
	   "  it is said, and what helps");
	is_num(systemd_open("unix:path=/nowhere/private"), -ENOENT,
	       "where it was before");
}

int main(void)
{
	test_values();
	test_damaged_values();
	test_full();
	test_seconds();
	test_limits();
	test_versions();
	test_annotations();
	test_names();
	test_no_systemd();
	return done();
}
