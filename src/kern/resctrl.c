/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/resctrl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/need.h"
#include "kern/sys.h"

enum { RDTGROUP_SUPER_MAGIC = 0x7655821 };

int resctrl_open(void)
{
	autofd fd = open("/sys/fs/resctrl", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd >= 0 && fstatfs(fd, &fs) == 0 &&
	    fs.f_type == RDTGROUP_SUPER_MAGIC)
		return fd_take(&fd);
	err_say(ENOTSUP, "linux.intelRdt: no resctrl file system is mounted "
			 "at /sys/fs/resctrl");
	return err_hint(NEED_RESCTRL);
}

int resctrl_name(const char **group, const struct spec_intel_rdt *s,
		 const char *id)
{
	static const char *const taken[] = { ".", "..", "info", "mon_data",
					     "mon_groups" };

	*group = s->clos_id ? s->clos_id : id;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (str_eq(*group, taken[i]))
			return err_say(EINVAL, "\"%s\" is no name for a group",
				       *group);
	return strchr(*group, '/') || strchr(*group, '\n') ?
		       err_say(EINVAL, "\"%s\" is no name for a group",
			       *group) :
		       0;
}

const char *resctrl_own(const struct spec_intel_rdt *s, const char *id)
{
	if (!s->clos_id)
		return id;
	return s->enable_monitoring ?
		       arena_cat(s->clos_id, "/mon_groups/", id, NULL) :
		       NULL;
}

static bool has_schema(const struct spec_intel_rdt *s)
{
	return s->l3_cache_schema || s->mem_bw_schema || s->schemata.n;
}

static int open_group(int root, const char *path)
{
	int fd = sys_open_below(root, path, O_PATH | O_DIRECTORY);

	return fd < 0 ? err_sys(fd, "resctrl group %s", path) : fd;
}

/* The kernel says in this file what it thinks of the last command. */
static int explain(int root, int ret, const char *what, const char *group)
{
	char text[256];

	if (fd_read_text(root, "info/last_cmd_status", text, sizeof(text)) <= 0)
		return err_sys(ret, "%s resctrl group %s", what, group);
	text[strcspn(text, "\n")] = '\0';
	return err_say(-ret, "%s resctrl group %s: %s", what, group, text);
}

static int make(int root, const char *path)
{
	if (mkdirat(root, path, 0755) == 0 || errno == EEXIST)
		return 0;
	return explain(root, -errno, "make", path);
}

static void add_line(struct sbuf *b, const char *line, size_t len)
{
	sbuf_add(b, line, len);
	sbuf_str(b, "\n");
}

/* Bandwidth is the other schema's business, as in runc. */
static void add_lines(struct sbuf *b, const char *lines, bool cache_only)
{
	size_t n;

	for (; lines && *lines; lines += n + (lines[n] == '\n')) {
		n = strcspn(lines, "\n");
		if (n && !(cache_only && str_starts(lines, "MB:")))
			add_line(b, lines, n);
	}
}

int resctrl_write(int root, const char *group, const char *l3_cache,
		  const char *mem_bw, const struct spec_strs *lines)
{
	char text[4096];
	struct sbuf b = SBUF(text);
	autofd dir = open_group(root, group);
	int ret;

	if (dir < 0)
		return dir;
	add_lines(&b, l3_cache, true);
	add_lines(&b, mem_bw, false);
	for (size_t i = 0; lines && i < lines->n; i++)
		add_lines(&b, lines->v[i], false);
	if (b.full)
		return err_sys(E2BIG, "schemata of resctrl group %s", group);
	if (!b.len)
		return 0;
	ret = fd_write_text(dir, "schemata", text);
	return ret < 0 ? explain(root, ret, "set the schemata of", group) : 0;
}

static int make_group(int root, const struct spec_intel_rdt *s,
		      const char *group)
{
	autofd dir = -1;

	if (!s->clos_id || has_schema(s))
		return make(root, group);
	dir = open_group(root, group);
	return dir == -ENOENT ?
		       err_say(ENOENT,
			       "resctrl group %s does not exist, and there is "
			       "no schema to make it with",
			       group) :
	       dir < 0 ? dir :
			 0;
}

static int make_monitor(int root, const char *group, const char *id)
{
	const char *path = arena_cat(group, "/mon_groups/", id, NULL);

	return path ? make(root, path) : -ENOMEM;
}

int resctrl_make(int root, const struct spec_intel_rdt *s, const char *id)
{
	const char *group;
	int ret = resctrl_name(&group, s, id);

	if (ret == 0)
		ret = make_group(root, s, group);
	if (ret == 0)
		ret = resctrl_write(root, group, s->l3_cache_schema,
				    s->mem_bw_schema, &s->schemata);
	if (ret == 0 && s->enable_monitoring)
		ret = make_monitor(root, group, id);
	return ret;
}

static int join(int root, const char *path, pid_t pid)
{
	char number[16];
	autofd dir = open_group(root, path);
	int ret;

	if (dir < 0)
		return dir;
	ret = str_fmt(number, sizeof(number), "%d", pid);
	if (ret >= 0)
		ret = fd_write_text(dir, "tasks", number);
	return ret < 0 ? explain(root, ret, "join", path) : 0;
}

int resctrl_join(int root, const struct spec_intel_rdt *s, const char *id,
		 pid_t pid)
{
	const char *group, *monitor;
	int ret = resctrl_name(&group, s, id);

	if (ret == 0)
		ret = join(root, group, pid);
	if (ret < 0 || !s->enable_monitoring)
		return ret;
	monitor = arena_cat(group, "/mon_groups/", id, NULL);
	return monitor ? join(root, monitor, pid) : -ENOMEM;
}

int resctrl_remove(int root, const char *own)
{
	if (unlinkat(root, own, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	return explain(root, -errno, "remove", own);
}
