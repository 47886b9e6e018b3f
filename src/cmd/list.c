/* SPDX-License-Identifier: Apache-2.0 */
/* All containers: collected first, since the widest of them decides how wide
 * the columns of the table are. */
#include "cmd/cmd.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "cmd/user.h"

enum { AS_TABLE, AS_JSON };

static struct options {
	int format;
	bool quiet;
} options;

#define AT(member) OPT_STORED, offsetof(struct options, member)
static const struct opt opts[] = {
	{ "format", 'f', OPT_CHOICE, AT(format), "table|json", "how (table)" },
	{ "quiet", 'q', OPT_FLAG, AT(quiet), "", "print the ids only" },
	{ .name = "" },
};
#undef AT

enum { COLUMNS = 6 };

struct row {
	struct run_info info;
	char pid[12], owner[64];
	struct row *next;
};

static struct rows {
	struct row *first, **end;
} rows = { .end = &rows.first };

static int collect(const struct run_info *info, void *arg)
{
	struct row *row = arena_get(1, sizeof(*row));
	struct sbuf pid;

	(void)arg;
	if (!row)
		return -ENOMEM;
	row->info = *info;
	pid = (struct sbuf)SBUF(row->pid);
	sbuf_fmt(&pid, "%d", info->pid);
	user_name(info->state.owner, row->owner, sizeof(row->owner));
	*rows.end = row;
	rows.end = &row->next;
	return 0;
}

static const char *cell(const struct row *r, size_t column)
{
	switch (column) {
	case 0:
		return r ? r->info.state.id : "ID";
	case 1:
		return r ? r->pid : "PID";
	case 2:
		return r ? r->info.status : "STATUS";
	case 3:
		return r ? r->info.state.bundle : "BUNDLE";
	case 4:
		return r ? r->info.state.created : "CREATED";
	default:
		return r ? r->owner : "OWNER";
	}
}

/* A row of the table; NULL is its heading. */
static int print_row(const struct row *r, const size_t *widths)
{
	char line[8192];
	struct sbuf b = SBUF(line);
	size_t start;

	for (size_t i = 0; i < COLUMNS; i++) {
		start = b.len;
		cmd_add_visible(&b, cell(r, i));
		if (i + 1 < COLUMNS)
			opt_column(&b, start, widths[i]);
	}
	sbuf_str(&b, "\n");
	return cmd_print(&b);
}

static int print_table(void)
{
	size_t widths[COLUMNS], len;
	int ret;

	for (size_t i = 0; i < COLUMNS; i++) {
		widths[i] = 12;
		for (const struct row *r = rows.first; r; r = r->next) {
			len = strlen(cell(r, i)) + 3;
			if (len > widths[i])
				widths[i] = len;
		}
	}
	ret = print_row(NULL, widths);
	for (const struct row *r = rows.first; r && ret == 0; r = r->next)
		ret = print_row(r, widths);
	return ret;
}

static int print_ids(void)
{
	char line[300];
	struct sbuf b = SBUF(line);
	int ret = 0;

	for (const struct row *r = rows.first; r && ret == 0; r = r->next) {
		b.len = 0;
		sbuf_fmt(&b, "%s\n", r->info.state.id);
		ret = cmd_print(&b);
	}
	return ret;
}

static int print_json(void)
{
	struct sbuf none = { .p = (char[]){ "null\n" }, .len = 5 };
	int ret = 0;

	if (!rows.first)
		return cmd_print(&none);
	for (const struct row *r = rows.first; r && ret == 0; r = r->next)
		ret = cmd_print_state(&r->info, 0, r == rows.first ? "[" : "",
				      r->next ? "," : "]\n");
	return ret;
}

static int list(const struct run_global *g, char **args)
{
	int ret = run_list(g, collect, NULL);

	(void)args;
	if (ret < 0)
		return ret;
	if (options.quiet)
		return print_ids();
	return options.format == AS_JSON ? print_json() : print_table();
}

const struct verb verb_list = {
	.name = "list",
	.args = "",
	.help = "List the containers",
	.group = VERB_INSPECT,
	.opts = opts,
	.options = &options,
	.main = list,
};
