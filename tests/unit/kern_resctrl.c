/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups of resctrl, in a made-up file system: directories with the files that
 * the kernel would make in them. What the hardware does is not seen here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/resctrl.h"
#include "tap.h"

static int root = -1;
static char text[4096];

static void make_file(const char *path, const char *content)
{
	int fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 ||
	    write(fd, content, strlen(content)) != (ssize_t)strlen(content))
		exit(1);
	close(fd);
}

static void make_group(const char *path)
{
	char file[128];

	mkdirat(root, path, 0755);
	snprintf(file, sizeof(file), "%s/tasks", path);
	make_file(file, "");
	snprintf(file, sizeof(file), "%s/schemata", path);
	make_file(file, "");
}

static const char *content(const char *path)
{
	int fd = openat(root, path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static bool exists(const char *path)
{
	return faccessat(root, path, F_OK, 0) == 0;
}

static void test_names(void)
{
	const struct spec_intel_rdt own = { 0 }, other = { .clos_id = "gold" };
	static const char *const bad[] = { "a/b", "..", "info", "mon_groups" };
	const struct spec_intel_rdt monitored = {
		.clos_id = "gold",
		.enable_monitoring = true,
	};
	const char *name;
	size_t i;

	ok(resctrl_name(&name, &own, "c1") == 0 && strcmp(name, "c1") == 0,
	   "without closID it is the container's id");
	ok(resctrl_name(&name, &other, "c1") == 0 && strcmp(name, "gold") == 0,
	   "with it, that");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct spec_intel_rdt s = { .clos_id = bad[i] };

		ok(resctrl_name(&name, &s, "c1") == -EINVAL, "not %s", bad[i]);
	}
	ok(strcmp(resctrl_own(&own, "c1"), "c1") == 0,
	   "its own group goes with it");
	ok(!resctrl_own(&other, "c1"), "another's stays");
	ok(strcmp(resctrl_own(&monitored, "c1"), "gold/mon_groups/c1") == 0,
	   "but not what monitors it in there");
}

static void test_make(void)
{
	const char *lines[] = { "L2:0=f", "L3CODE:0=3" };
	struct spec_intel_rdt s = {
		.clos_id = "gold",
		.l3_cache_schema = "L3:0=f;1=f\nMB:0=10",
		.mem_bw_schema = "MB:0=20",
		.schemata = { lines, 2 },
	};
	const struct spec_intel_rdt none = { .clos_id = "silver" };

	make_group("gold");
	ok(resctrl_make(root, &s, "c1") == 0, "a group with schemata");
	ok(strcmp(content("gold/schemata"),
		  "L3:0=f;1=f\nMB:0=20\nL2:0=f\nL3CODE:0=3\n") == 0,
	   "they are written, without the bandwidth among the cache's");
	ok(resctrl_join(root, &s, "c1", 4711) == 0 &&
		   strcmp(content("gold/tasks"), "4711") == 0,
	   "a process joins it");
	ok(resctrl_make(root, &none, "c1") == -ENOENT && !exists("silver"),
	   "without a schema it has to be there");
	make_group("silver");
	ok(resctrl_make(root, &none, "c1") == 0, "and then it is taken");
	ok(strcmp(content("silver/schemata"), "") == 0, "as it is");
	s = (struct spec_intel_rdt){ 0 };
	ok(resctrl_make(root, &s, "c2") == 0 && exists("c2"),
	   "a container's own group is made");
	ok(resctrl_remove(root, "c2") == 0 && !exists("c2"), "and removed");
	ok(resctrl_remove(root, "c2") == 0, "once more is no error");
}

static void test_monitor(void)
{
	const struct spec_intel_rdt s = {
		.clos_id = "silver",
		.enable_monitoring = true,
	};

	mkdirat(root, "silver/mon_groups", 0755);
	ok(resctrl_make(root, &s, "c3") == 0 && exists("silver/mon_groups/c3"),
	   "a group that only monitors");
	make_file("silver/mon_groups/c3/tasks", "");
	ok(resctrl_join(root, &s, "c3", 12) == 0 &&
		   strcmp(content("silver/mon_groups/c3/tasks"), "12") == 0 &&
		   strcmp(content("silver/tasks"), "12") == 0,
	   "a process joins both");
}

static void test_errors(void)
{
	const struct spec_strs none = { 0 };

	mkdirat(root, "info", 0755);
	make_file("info/last_cmd_status", "mask out of range\n");
	mkdirat(root, "bare", 0755);
	ok(resctrl_write(root, "bare", "L3:0=0", NULL, &none) < 0 &&
		   strstr(err.text, "mask out of range"),
	   "the kernel's own words are in the error");
	symlinkat("/", root, "link");
	ok(resctrl_write(root, "link", "L3:0=0", NULL, &none) < 0,
	   "a link is no group");
}

int main(void)
{
	char dir[] = "/tmp/resctrl.XXXXXX";

	if (emulated()) {
		printf("1..0 # SKIP the emulator has no openat2\n");
		return 0;
	}
	if (!mkdtemp(dir))
		return 1;
	root = open(dir, O_RDONLY | O_DIRECTORY);
	test_names();
	test_make();
	test_monitor();
	test_errors();
	snprintf(text, sizeof(text), "rm -rf %s", dir);
	return system(text) == 0 ? done() : 1;
}
