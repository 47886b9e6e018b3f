/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "kern/need.h"

static bool stdout_closed;
static const char *misused; /* whose help to point to, or NULL */
static int failure;         /* the exit status of one, 0 for 1 */

int cmd_open_stdio(void)
{
	struct pollfd p[] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };

	if (poll(p, 3, 0) < 0)
		return err_sys(errno, "poll the standard streams");
	stdout_closed = p[1].revents & POLLNVAL;
	if ((p[0].revents | p[1].revents | p[2].revents) & POLLNVAL)
		return fd_fill_stdio();
	return 0;
}

int cmd_print(const char *text, size_t len)
{
	if (stdout_closed)
		return err_sys(EBADF, "write standard output");
	return fd_write(STDOUT_FILENO, text, len, "standard output");
}

int cmd_print_state(const struct run_info *info, const char *owner,
		    unsigned int indent, const char *before, const char *after)
{
	/* The annotations decide how long the document is. */
	struct sbuf b = { .size = 16 * 1024 };

	do {
		b.size *= 2;
		b.p = arena_get(b.size, 1);
		if (!b.p)
			return -ENOMEM;
		b.len = 0;
		b.full = false;
		sbuf_str(&b, before);
		state_print(&b, &info->state, info->status, info->pid, owner,
			    indent);
		sbuf_str(&b, after);
	} while (b.full);
	return cmd_print(b.p, b.len);
}

/* How many bytes at s a terminal would act on and not show: control characters,
 * C0 and C1, and what turns the direction of a text. */
static size_t acts(const char *s)
{
	const unsigned char *c = (const unsigned char *)s;

	if (c[0] < ' ' || c[0] == 0x7f)
		return 1;
	if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
		return 2;
	if (c[0] != 0xe2)
		return 0;
	return (c[1] == 0x80 && c[2] >= 0xaa && c[2] <= 0xae) ||
			       (c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9) ?
		       3 :
		       0;
}

void cmd_add_visible(struct sbuf *b, const char *text)
{
	size_t n;

	while (*text) {
		n = acts(text);
		if (!n)
			sbuf_add(b, text++, 1);
		for (; n; n--, text++)
			sbuf_fmt(b, *text == '\n' ? "\\n" : "\\x%02x",
				 (unsigned char)*text);
	}
}

static void report(void)
{
	char line[ERR_TEXT_SIZE + 512];
	struct sbuf b = SBUF(line);
	const char *text;

	sbuf_str(&b, "runt: ");
	text = b.p + b.len;
	cmd_add_visible(&b, err.text);
	if (err.hint) {
		sbuf_str(&b, "; ");
		need_add_text(&b, err.hint);
	}
	sbuf_cut(&b);
	if (log_fd() >= 0)
		log_line(LOG_ERROR, "%s", text);
	/* In place of its NUL. */
	line[b.len] = '\n';
	/* Nobody is left to tell if this fails, too. */
	(void)!write(STDERR_FILENO, line, b.len + 1);
}

static void point_to_help(void)
{
	char text[64];
	struct sbuf b = SBUF(text);

	sbuf_fmt(&b, "Try 'runt %s%s--help'.\n", misused, *misused ? " " : "");
	(void)!write(STDERR_FILENO, b.p, b.len);
}

int cmd_status(int ret)
{
	if (ret >= 0)
		return ret;
	report();
	if (misused)
		point_to_help();
	return failure ? failure : 1;
}

void cmd_set_failure(int status)
{
	failure = status;
}

int cmd_usage(const char *verb)
{
	misused = verb;
	return -EINVAL;
}

const struct verb *cmd_find(const struct verb *const *verbs, const char *name)
{
	for (; name && *verbs; verbs++)
		if (str_eq((*verbs)->name, name))
			return *verbs;
	if (name)
		err_say(EINVAL, "unknown command \"%s\"", name);
	else
		err_say(EINVAL, "missing command");
	cmd_usage("");
	return NULL;
}

static int read_args(const struct verb *v, char **argv)
{
	int n = opt_parse(v->opts, v->options, argv, v->first_ends);

	if (n < 0)
		return n;
	if (n < v->min)
		return err_say(EINVAL, "missing argument, expected %s",
			       v->args);
	if (v->max >= 0 && n > v->max)
		return err_say(EINVAL, "unexpected argument \"%s\"",
			       argv[v->max]);
	return 0;
}

int cmd_run(const struct verb *v, const struct run_global *g, char **argv)
{
	int ret;

	failure = failure ? failure : v->failure;
	ret = read_args(v, argv);
	if (ret == OPT_HELP)
		return cmd_help(v);
	if (ret < 0) {
		err_prefix("%s", v->name);
		return ret == -EINVAL ? cmd_usage(v->name) : ret;
	}
	return v->main(g, argv);
}
