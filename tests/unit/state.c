/* SPDX-License-Identifier: Apache-2.0 */
/* oci/state: the record comes back as it was written, damaged ones are
 * refused; what `state` prints and what hooks read. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "oci/state.h"
#include "tap.h"

static char file[256];

static struct spec_pair pairs[] = {
	{ "com.example.key", "value" },
	{ "empty", "" },
	{ "odd \"\\\n\x01\xc3\xa9", "odd \"\\\n\x01\xc3\xa9" },
};

static const struct state whole = {
	.id = "box-1_2.3+4",
	.phase = PHASE_RUNNING,
	.bundle = "/a \"bundle\"/\xe2\x82\xac",
	.rootfs = "/a/rootfs",
	.created = "2026-01-02T03:04:05.000000006Z",
	.owner = UINT32_MAX,
	.init = { .pid = INT32_MAX, .start = UINT64_MAX, .inode = UINT64_MAX },
	.keeper = { .pid = 7, .start = 8 },
	.cgroup = "/a/b",
	.cgroup_kept = 2,
	.private_pidns = true,
	.annotations = { pairs, 3 },
};

static void save(const char *text, size_t len)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		exit(1);
	close(fd);
}

static int save_and_read(const struct state *s, struct state *out)
{
	static char text[4096];
	struct sbuf b = SBUF(text);

	state_write(&b, s);
	save(text, b.len);
	return state_read(out, AT_FDCWD, file);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_process(const struct state_process *a,
			 const struct state_process *b)
{
	return a->pid == b->pid && a->start == b->start && a->inode == b->inode;
}

static bool same_pairs(const struct spec_pairs *a, const struct spec_pairs *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!same(a->v[i].name, b->v[i].name) ||
		    !same(a->v[i].value, b->v[i].value))
			return false;
	return true;
}

static void check(const struct state *s, const char *name)
{
	struct state got;

	memset(&got, 0xa5, sizeof(got));
	if (!ok(save_and_read(s, &got) == 0, "%s is read", name)) {
		printf("# %s\n", err.text);
		return;
	}
	ok(same(got.id, s->id) && same(got.bundle, s->bundle) &&
		   same(got.rootfs, s->rootfs) &&
		   same(got.created, s->created) && same(got.cgroup, s->cgroup),
	   "%s: the strings", name);
	ok(got.phase == s->phase && got.owner == s->owner &&
		   got.cgroup_kept == s->cgroup_kept &&
		   got.private_pidns == s->private_pidns,
	   "%s: the numbers", name);
	ok(same_process(&got.init, &s->init) &&
		   same_process(&got.keeper, &s->keeper),
	   "%s: the processes", name);
	ok(same_pairs(&got.annotations, &s->annotations), "%s: the annotations",
	   name);
}

static void test_round_trip(void)
{
	struct state s = whole;

	check(&whole, "a record");
	s = (struct state){
		.id = "a",
		.bundle = "/",
		.rootfs = "/r",
		.created = "x",
	};
	check(&s, "one with little");
	for (s.phase = PHASE_CREATING; s.phase <= PHASE_RUNNING; s.phase++)
		check(&s, "each phase");
	s = whole;
	s.bundle = "/latin-\xe9";
	is_num(save_and_read(&s, &s), 0, "a bundle that is not UTF-8");
	is_str(s.bundle, "/latin-\xef\xbf\xbd", "can't come back, but is read");
}

/* The record without its first byte, without its last, and so on. */
static void test_damaged(void)
{
	static char text[4096];
	struct sbuf b = SBUF(text);
	struct state s;
	int taken = 0;

	state_write(&b, &whole);
	for (size_t n = 0; n < b.len; n++) {
		save(text, n);
		taken += state_read(&s, AT_FDCWD, file) != -EINVAL;
	}
	is_num(taken, 0, "no part of a record is one");
	unlink(file);
	is_num(state_read(&s, AT_FDCWD, file), -ENOENT, "none");
}

/* Each value in turn replaced by something that can't be. */
static void test_wrong(void)
{
	static const char *const rows[][3] = {
		{ "\"id\":\"box-1_2.3+4\"", "\"id\":\"\"", "id" },
		{ "\"id\":\"box-1_2.3+4\"", "\"id\":null", "no id" },
		{ "2147483647", "2147483648", "init_process_pid" },
		{ "2147483647", "-1", "a negative init_process_pid" },
		{ "18446744073709551615", "1.5", "init_process_start" },
		{ "\"running\"", "\"paused\"", "phase" },
		{ "\"/a/b\"", "\"a/b\"", "cgroup" },
		{ "\"/a/rootfs\"", "\"rootfs\"", "rootfs" },
		{ "true", "1", "private_pidns" },
		{ "\"empty\":\"\"", "\"empty\":{}", "an annotation" },
		{ "\"empty\":\"\"", "\"com.example.key\":\"\"",
		  "an annotation twice" },
	};
	static char text[4096], changed[4096];
	struct sbuf b = SBUF(text);
	struct state s;

	state_write(&b, &whole);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *at = strstr(text, rows[i][0]);

		snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - text),
			 text, rows[i][1], at + strlen(rows[i][0]));
		save(changed, strlen(changed));
		is_num(state_read(&s, AT_FDCWD, file), -EINVAL, rows[i][2]);
	}
}

static void test_print(void)
{
	static char text[4096];
	struct state s = whole;
	struct sbuf b = SBUF(text), c = SBUF(text), d = SBUF(text);
	char little[64];
	struct sbuf l = SBUF(little);

	s.bundle = "/b";
	s.annotations.n = 2;
	state_print(&b, &s, "running", 42, "", 2);
	is_str(text,
	       "{\n"
	       "  \"ociVersion\": \"1.3.0\",\n"
	       "  \"id\": \"box-1_2.3+4\",\n"
	       "  \"pid\": 42,\n"
	       "  \"status\": \"running\",\n"
	       "  \"bundle\": \"/b\",\n"
	       "  \"rootfs\": \"/a/rootfs\",\n"
	       "  \"created\": \"2026-01-02T03:04:05.000000006Z\",\n"
	       "  \"annotations\": {\n"
	       "    \"com.example.key\": \"value\",\n"
	       "    \"empty\": \"\"\n"
	       "  },\n"
	       "  \"owner\": \"\"\n"
	       "}",
	       "as runc prints it");
	state_print(&c, &s, "stopped", 0, NULL, 0);
	is_str(text,
	       "{\"ociVersion\":\"1.3.0\",\"id\":\"box-1_2.3+4\","
	       "\"status\":\"stopped\",\"pid\":0,\"bundle\":\"/b\","
	       "\"annotations\":{\"com.example.key\":\"value\","
	       "\"empty\":\"\"}}",
	       "as hooks read it");
	s.annotations.n = 0;
	state_print(&d, &s, "created", 1, NULL, 0);
	is_str(text,
	       "{\"ociVersion\":\"1.3.0\",\"id\":\"box-1_2.3+4\","
	       "\"status\":\"created\",\"pid\":1,\"bundle\":\"/b\"}",
	       "without annotations");
	state_print(&l, &whole, "created", 1, NULL, 0);
	ok(l.full, "what does not fit is seen");
}

int main(void)
{
	const char *tmp = getenv("TMP");

	snprintf(file, sizeof(file), "%s/state.XXXXXX", tmp ? tmp : "/tmp");
	if (mkstemp(file) < 0)
		return 1;
	test_round_trip();
	test_damaged();
	test_wrong();
	test_print();
	unlink(file);
	return done();
}
