/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/userns.c: ids in maps, maps in pieces, and the files of /proc.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/procfs.h"
#include "kern/userns.h"
#include "tap.h"

#define MAP(...)                                                         \
	{                                                                \
		.v = (struct spec_id_mapping[]){ __VA_ARGS__ },          \
		.n = sizeof((struct spec_id_mapping[]){ __VA_ARGS__ }) / \
		     sizeof(struct spec_id_mapping),                     \
	}

static void test_ids(void)
{
	static const struct {
		uint32_t id, host;
		bool has;
	} rows[] = {
		{ 0, 100000, true },      { 9, 100009, true },
		{ 10, 0, false },         { 999, 0, false },
		{ 1000, 7, true },        { 1001, 0, false },
		{ 4294967290, 1, true },  { 4294967294, 5, true },
		{ 4294967295, 0, false },
	};
	const struct spec_id_mappings m =
		MAP({ 0, 100000, 10 }, { 1000, 7, 1 }, { 4294967290, 1, 5 });
	const struct spec_id_mappings none = { 0 };
	uint32_t host;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		host = 0;
		ok(userns_has(&m, rows[i].id, &host) == rows[i].has &&
			   host == rows[i].host,
		   "id %u", rows[i].id);
	}
	ok(!userns_has(&none, 0, NULL), "nothing is in an empty map");
}

static void test_owner(void)
{
	const struct spec_id_mappings first =
		MAP({ 5, 100000, 10 }, { 1, 7, 1 });
	const struct spec_id_mappings root =
		MAP({ 5, 100000, 10 }, { 0, 7, 1 });
	const struct spec_id_mappings one = MAP({ 5, 1000, 1 });
	const struct spec_id_mappings two = MAP({ 5, 1000, 2 });

	is_num(userns_owner(&first), 5, "without 0 the first id owns files");
	is_num(userns_owner(&root), 0, "else 0, wherever it is");
	ok(userns_is_own(&one, 1000), "one's own id");
	ok(!userns_is_own(&one, 1001), "another's");
	ok(!userns_is_own(&two, 1000), "one's own and one more");
	ok(!userns_is_own(&first, 100000), "several ranges");
}

static void test_same(void)
{
	const struct spec_id_mappings whole = MAP({ 0, 1000, 100 });
	const struct spec_id_mappings pieces =
		MAP({ 50, 1050, 50 }, { 0, 1000, 20 }, { 20, 1020, 30 });
	const struct spec_id_mappings hole =
		MAP({ 50, 1050, 50 }, { 0, 1000, 20 }, { 21, 1021, 29 });
	const struct spec_id_mappings shifted =
		MAP({ 50, 1051, 50 }, { 0, 1000, 50 });
	const struct spec_id_mappings more = MAP({ 0, 1000, 101 });
	const struct spec_id_mappings all = MAP({ 0, 0, 4294967295 });
	const struct spec_id_mappings halves = MAP(
		{ 0, 0, 2147483648 }, { 2147483648, 2147483648, 2147483647 });

	ok(userns_same_map(&whole, &whole), "a map is the same as itself");
	ok(userns_same_map(&whole, &pieces), "as its pieces");
	ok(userns_same_map(&pieces, &whole), "either way");
	ok(!userns_same_map(&whole, &hole), "not with a hole");
	ok(!userns_same_map(&hole, &whole), "either way");
	ok(!userns_same_map(&whole, &shifted), "not from other ids");
	ok(!userns_same_map(&whole, &more), "not with more");
	ok(!userns_same_map(&more, &whole), "or less");
	ok(userns_same_map(&all, &halves), "the largest that there is");
}

/* Whatever the namespace that the test runs in. */
static void test_read(int proc)
{
	struct spec_id_mappings m;
	uint32_t host;

	is_num(userns_read_map(proc, "uid_map", &m), 0, "our own map is read");
	ok(m.n > 0 && userns_has(&m, geteuid(), &host), "we are in it");
	is_num(userns_inside(), m.v[0].size != UINT32_MAX,
	       "and it says whether we are in the first namespace");
	is_num(userns_read_map(proc, "no_map", &m), -ENOENT, "no such file");
}

static void test_write(int proc)
{
	static struct spec_id_mapping many[340];
	struct spec_id_mappings m = { .v = many, .n = 340 };

	for (uint32_t i = 0; i < 340; i++)
		many[i] = (struct spec_id_mapping){ i, 1000000 + 2 * i, 1 };
	is_num(userns_write_map(proc, getpid(), "uid_map", &m), -E2BIG,
	       "more text than a page is not cut");
	/* It has its map, and that is final. */
	m.n = 1;
	is_num(userns_write_map(proc, getpid(), "uid_map", &m), -EPERM,
	       "a map is written once");
}

int main(void)
{
	int proc;

	test_ids();
	test_owner();
	test_same();
	if (emulated()) {
		skip("the files of /proc", "the emulator has no openat2");
		return done();
	}
	proc = procfs_open_host();
	if (proc < 0) {
		skip("the files of /proc", "there is none");
		return done();
	}
	test_read(proc);
	test_write(proc);
	close(proc);
	return done();
}
