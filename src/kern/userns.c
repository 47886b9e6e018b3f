/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/need.h"
#include "kern/procfs.h"

enum {
	/* The kernel takes a map that is smaller than a page. */
	MAP_SIZE = 4096,
	LINE_SIZE_MIN = 33, /* as it prints one */
	LINES_MAX = 340,
};

static const struct spec_id_mapping *find(const struct spec_id_mappings *m,
					  uint32_t id)
{
	const struct spec_id_mapping *v = m->v, *end = v + m->n;

	/* What is below the first id of a range is far beyond its size. */
	while (v < end && id - v->container_id >= v->size)
		v++;
	return v < end ? v : NULL;
}

bool userns_has(const struct spec_id_mappings *m, uint32_t id, uint32_t *host)
{
	const struct spec_id_mapping *v = find(m, id);

	if (v && host)
		*host = v->host_id + (id - v->container_id);
	return v;
}

uint32_t userns_owner(const struct spec_id_mappings *m)
{
	return !m->n || userns_has(m, 0, NULL) ? 0 : m->v[0].container_id;
}

bool userns_is_own(const struct spec_id_mappings *m, uint32_t own)
{
	return m->n == 1 && m->v[0].size == 1 && m->v[0].host_id == own;
}

int userns_write_map(int proc, pid_t pid, const char *file,
		     const struct spec_id_mappings *m)
{
	char path[32], text[MAP_SIZE];
	struct sbuf b = SBUF(text);
	int ret = str_fmt(path, sizeof(path), "%d/%s", pid, file);

	for (size_t i = 0; i < m->n; i++)
		sbuf_fmt(&b, "%s%u %u %u", i ? "\n" : "", m->v[i].container_id,
			 m->v[i].host_id, m->v[i].size);
	if (b.full)
		return err_say(E2BIG,
			       "%s: %zu ranges are more than the kernel takes, "
			       "which is a page of text",
			       file, m->n);
	if (ret >= 0)
		ret = procfs_write(proc, path, text);
	if (ret >= 0)
		return 0;
	userns_explain();
	return ret == -EPERM && !err.hint ? err_hint(NEED_MAP_RIGHT) : ret;
}

int userns_deny_groups(int proc, pid_t pid)
{
	char path[32];
	int ret = str_fmt(path, sizeof(path), "%d/setgroups", pid);

	return ret < 0 ? ret : procfs_write(proc, path, "deny");
}

/* Reads a number at *p, behind blanks, and moves on. */
static bool take_number(const char **p, uint32_t *v)
{
	char digits[16];
	size_t len;

	*p += strspn(*p, " \n");
	len = strspn(*p, "0123456789");
	if (str_fmt(digits, sizeof(digits), "%.*s", (int)len, *p) < 0)
		return false;
	*p += len;
	return str_u32(digits, v) == 0;
}

int userns_read_map(int proc, const char *file, struct spec_id_mappings *m)
{
	char path[32], text[LINE_SIZE_MIN * LINES_MAX + 1];
	const char *p = text;
	struct spec_id_mapping *v;
	ssize_t n = str_fmt(path, sizeof(path), "self/%s", file);

	if (n >= 0)
		n = procfs_read(proc, path, text, sizeof(text));
	if (n < 0)
		return (int)n;
	m->v = v = arena_get(LINES_MAX, sizeof(*v));
	if (!v)
		return -ENOMEM;
	while (v < m->v + LINES_MAX && take_number(&p, &v->container_id) &&
	       take_number(&p, &v->host_id) && take_number(&p, &v->size))
		v++;
	m->n = (size_t)(v - m->v);
	return m->n ? 0 :
		      err_say(EINVAL,
			      "%s of the user namespace: nothing is "
			      "mapped yet",
			      file);
}

/* Whether b has all of a range, from the same ids of the host. */
static bool has_range(const struct spec_id_mappings *b,
		      const struct spec_id_mapping *range)
{
	struct spec_id_mapping rest = *range;
	const struct spec_id_mapping *v;
	uint32_t skipped, n;

	for (;;) {
		v = find(b, rest.container_id);
		if (!v)
			return false;
		skipped = rest.container_id - v->container_id;
		n = v->size - skipped;
		if (v->host_id + skipped != rest.host_id)
			return false;
		if (n >= rest.size)
			return true;
		rest.container_id += n;
		rest.host_id += n;
		rest.size -= n;
	}
}

static bool is_within(const struct spec_id_mappings *a,
		      const struct spec_id_mappings *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (!has_range(b, &a->v[i]))
			return false;
	return true;
}

bool userns_same_map(const struct spec_id_mappings *a,
		     const struct spec_id_mappings *b)
{
	return is_within(a, b) && is_within(b, a);
}

bool userns_inside(void)
{
	struct spec_id_mappings m;
	struct err first = err;
	autofd proc = procfs_open_host();
	bool inside = proc >= 0 && userns_read_map(proc, "uid_map", &m) == 0 &&
		      m.v[0].size != UINT32_MAX;

	/* Some ask to explain an error. */
	err = first;
	return inside;
}

/* What keeps all but root from user namespaces, and everybody. */
static const struct {
	char file[54], value;
	bool users_only;
	unsigned char need;
} obstacles[] = {
	{ "/proc/sys/kernel/unprivileged_userns_clone", '0', true,
	  NEED_USERNS_CLONE },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1', true,
	  NEED_USERNS_APPARMOR },
	{ "/proc/sys/user/max_user_namespaces", '0', false, NEED_USERNS_MAX },
};

/* The first that stands in the way, or NEED_NOTHING. */
static int find_obstacle(void)
{
	char text[16];

	for (size_t i = 0; i < sizeof(obstacles) / sizeof(obstacles[0]); i++)
		if (fd_read_text(AT_FDCWD, obstacles[i].file, text,
				 sizeof(text)) == 1 &&
		    text[0] == obstacles[i].value &&
		    !(obstacles[i].users_only && geteuid() == 0))
			return obstacles[i].need;
	return NEED_NOTHING;
}

int userns_explain(void)
{
	struct err first = err;
	int need = NEED_NOTHING;

	if (err.num == EPERM || err.num == EACCES || err.num == ENOSPC)
		need = find_obstacle();
	err = first;
	return need ? err_hint(need) : -err.num;
}
