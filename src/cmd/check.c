/* SPDX-License-Identifier: Apache-2.0 */
/* One paragraph for each facility, of 80 columns, or a document. */
#include "run/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/jsonw.h"
#include "cmd/cmd.h"

enum { NAME_COLUMN = 6, TEXT_COLUMN = 29, WIDTH = 79 };

static struct options {
	struct check_options check;
	bool json;
} options;

#define AT(member) OPT_STORED, offsetof(struct options, member)
static const struct opt opts[] = {
	{ "bundle", 'b', OPT_TEXT, AT(check.bundle),
	  "DIR\0only what its config.json asks for" },
	{ "kernel-config", 0, OPT_TEXT, AT(check.kernel_config),
	  "FILE\0judge this .config, not the machine; -: stdin" },
	{ "json", 0, OPT_FLAG, AT(json), "\0as a JSON document" },
	{ .name = "" },
};
#undef AT

static const char words[][5] = {
	[CHECK_OK] = "ok",
	[CHECK_WARN] = "warn",
	[CHECK_FAIL] = "FAIL",
};

struct output {
	bool colour, failed;
	struct jsonw json;
	struct sbuf b; /* what json writes to */
};

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) &&
	       !(term && str_eq(term, "dumb"));
}

static void add_status(struct sbuf *b, enum check_status status, bool colour)
{
	static const char colours[] = { '2', '3', '1' };

	if (colour)
		sbuf_fmt(b, "\033[3%cm%s\033[m", colours[status],
			 words[status]);
	else
		sbuf_str(b, words[status]);
	sbuf_fmt(b, "%.*s", (int)(NAME_COLUMN - strlen(words[status])),
		 "      ");
}

/* Adds text to the paragraph, whose line is at column *col. */
static void add_wrapped(struct sbuf *b, size_t *col, const char *text)
{
	size_t n;

	for (; *text; text += n) {
		text += strspn(text, " ");
		n = strcspn(text, " ");
		if (*col + 1 + n > WIDTH && *col > TEXT_COLUMN) {
			sbuf_str(b, "\n");
			opt_column(b, b->len, TEXT_COLUMN);
			*col = TEXT_COLUMN;
		} else if (*col > TEXT_COLUMN) {
			sbuf_str(b, " ");
			++*col;
		}
		sbuf_add(b, text, n);
		*col += n;
	}
}

/* The text in characters that every console has. */
static void make_plain(char *to, size_t size, const char *text)
{
	struct sbuf b = { .p = to, .size = size };

	cmd_add_visible(&b, text);
	sbuf_cut(&b);
	for (; *to; to++)
		if ((unsigned char)*to > '~')
			*to = '?';
}

static int print_line(const struct check_line *l, struct output *o)
{
	char text[4096], plain[2048], lines[4096];
	struct sbuf t = SBUF(text), b = SBUF(lines);
	size_t col = TEXT_COLUMN, start;

	make_plain(plain, sizeof(plain), l->name);
	add_status(&b, l->status, o->colour);
	start = b.len;
	sbuf_str(&b, plain);
	if (b.len - start < TEXT_COLUMN - NAME_COLUMN) {
		opt_column(&b, start, TEXT_COLUMN - NAME_COLUMN);
	} else {
		sbuf_str(&b, "\n");
		opt_column(&b, b.len, TEXT_COLUMN);
	}
	sbuf_str(&t, l->found);
	if (l->key)
		sbuf_fmt(&t, " (%s)", *l->key ? l->key : "all containers");
	if (*l->remedy)
		sbuf_fmt(&t, "; %s", l->remedy);
	make_plain(plain, sizeof(plain), sbuf_cut(&t));
	add_wrapped(&b, &col, plain);
	sbuf_str(&b, "\n");
	return cmd_print(b.p, b.len);
}

static int flush(struct output *o)
{
	int ret = cmd_print(o->b.p, o->b.len);

	o->b.len = 0;
	return ret;
}

static int print_json(const struct check_line *l, struct output *o)
{
	static const char statuses[][5] = { "ok", "warn", "fail" };

	jsonw_object(&o->json, NULL);
	jsonw_str(&o->json, "name", l->name);
	jsonw_str(&o->json, "status", statuses[l->status]);
	jsonw_str(&o->json, "found", l->found);
	if (l->key)
		jsonw_str(&o->json, "neededBy", l->key);
	jsonw_str(&o->json, "remedy", l->remedy);
	jsonw_end(&o->json);
	return flush(o);
}

static int print(const struct check_line *l, void *arg)
{
	struct output *o = arg;

	o->failed |= l->status == CHECK_FAIL;
	return options.json ? print_json(l, o) : print_line(l, o);
}

static int check(const struct run_global *g, char **args)
{
	static char text[8192];
	struct output o = { .b = SBUF(text), .colour = wants_colour() };
	int ret;

	(void)args;
	o.json = (struct jsonw){ .b = &o.b, .indent = 2 };
	jsonw_object(&o.json, NULL);
	jsonw_array(&o.json, "checks");
	ret = run_check(g, &options.check, print, &o);
	if (ret < 0)
		return ret;
	if (options.json) {
		jsonw_end(&o.json);
		jsonw_bool(&o.json, "ok", !o.failed);
		jsonw_end(&o.json);
		sbuf_str(&o.b, "\n");
		ret = flush(&o);
	}
	return ret < 0 ? ret : o.failed;
}

const struct verb verb_check = {
	.name = "check",
	.args = "",
	.help = "Tell whether this machine can run containers",
	.group = VERB_INSPECT,
	.opts = opts,
	.options = &options,
	.main = check,
};
