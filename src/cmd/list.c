/* SPDX-License-Identifier: Apache-2.0 */
/* All containers: collected first, since the widest of them decides how wide
 * the columns of the table are. */
#include "cmd/cmd.h"

#include <errno.h>
#include <limits.h>
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
	{ "format", 'f', OPT_CHOICE, AT(format), "table|json\0how (table)" },
	{ "quiet", 'q', OPT_FLAG, AT(quiet), "\0print the ids only" },
	{ .name = "" },
};
#undef AT

enum { COLUMNS = 6, WIDTH_LEAST = 12, GAP = 3 };

static const char *const headings[COLUMNS] = {
	"ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER",
};

static size_t widths[COLUMNS] = {
	WIDTH_LEAST, WIDTH_LEAST, WIDTH_LEAST, WIDTH_LEAST, WIDTH_LEAST,
};

struct row {
	struct run_info info;
	char pid[12], owner[64];
	const char *cells[COLUMNS];
	struct row *next;
};

static struct rows {
	struct row *first, **end;
} rows = { .end = &rows.first };

static void fill(struct row *row)
{
	const struct state *s = &row->info.state;
	struct sbuf pid = SBUF(row->pid);
	const char *const cells[COLUMNS] = {
		s->id,     row->pid,   row->info.status,
		s->bundle, s->created, row->owner,
	};

	sbuf_fmt(&pid, "%d", row->info.pid);
	user_name(s->owner, row->owner, sizeof(row->owner));
	memcpy(row->cells, cells, sizeof(cells));
}

static int collect(const struct run_info *info)
{
	struct row *row;

	if (!info) {
		cmd_status(-1);
		return 0;
	}
	row = arena_get(1, sizeof(*row));
	if (!row)
		return -ENOMEM;
	row->info = *info;
	fill(row);
	for (size_t i = 0; i < COLUMNS; i++)
		if (strlen(row->cells[i]) + GAP > widths[i])
			widths[i] = strlen(row->cells[i]) + GAP;
	*rows.end = row;
	rows.end = &row->next;
	return 0;
}

/* Many lines with one write, and room for a path of control characters only. */
enum { LINES = 4096, LINE_MAX_SIZE = 5 * PATH_MAX };

static int flush(struct sbuf *b)
{
	int ret = cmd_print(b->p, b->len);

	b->len = 0;
	return ret;
}

static int print_line(struct sbuf *b, const char *const *cells)
{
	size_t start;

	for (size_t i = 0; i < COLUMNS; i++) {
		start = b->len;
		cmd_add_visible(b, cells[i]);
		if (i + 1 < COLUMNS)
			opt_column(b, start, widths[i]);
	}
	sbuf_str(b, "\n");
	return b->len < LINES ? 0 : flush(b);
}

static int print_table(void)
{
	static char text[LINES + LINE_MAX_SIZE];
	struct sbuf b = SBUF(text);
	int ret = print_line(&b, headings);

	for (const struct row *r = rows.first; r && ret == 0; r = r->next)
		ret = print_line(&b, r->cells);
	return ret < 0 ? ret : flush(&b);
}

static int print_ids(void)
{
	char line[300];
	struct sbuf b = SBUF(line);
	int ret = 0;

	for (const struct row *r = rows.first; r && ret == 0; r = r->next) {
		b.len = 0;
		sbuf_fmt(&b, "%s\n", r->info.state.id);
		ret = cmd_print(b.p, b.len);
	}
	return ret;
}

static int print_json(void)
{
	int ret = 0;

	if (!rows.first)
		return cmd_print("null\n", 5);
	for (const struct row *r = rows.first; r && ret == 0; r = r->next)
		ret = cmd_print_state(&r->info, r->owner, 0,
				      r == rows.first ? "[" : "",
				      r->next ? "," : "]\n");
	return ret;
}

static int list(const struct run_global *g, char **args)
{
	int ret = run_list(g, collect);

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
