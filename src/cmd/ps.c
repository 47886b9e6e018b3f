/* SPDX-License-Identifier: Apache-2.0 */
/* As `ps -ef` prints them, without a ps: times are in UTC. */
#include "cmd/cmd.h"

#include <errno.h>
#include <time.h>

#include "base/time.h"
#include "cmd/user.h"

enum { AS_TABLE, AS_JSON };

static struct options {
	int format;
} options;

static const struct opt opts[] = {
	{ "format", 'f', OPT_CHOICE, OPT_STORED,
	  offsetof(struct options, format), "table|json\0how (table)" },
	{ .name = "" },
};

/* The time of day if it was today, else month and day. */
static void add_start(struct sbuf *b, uint64_t started)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	unsigned int second = (unsigned int)(started % 86400), month;
	char date[16];
	struct sbuf d = SBUF(date);

	if ((uint64_t)time(NULL) / 86400 == started / 86400) {
		sbuf_fmt(b, "%02u:%02u", second / 3600, second / 60 % 60);
		return;
	}
	time_print_date(&d, (int64_t)(started / 86400));
	/* YYYY-MM-DD */
	month = (unsigned int)(date[5] - '0') * 10 +
		(unsigned int)(date[6] - '0');
	sbuf_fmt(b, "%.*s%s", 3, months + 3 * (month - 1), date + 8);
}

static void add_duration(struct sbuf *b, uint64_t s)
{
	if (s >= 86400)
		sbuf_fmt(b, "%llu-", (unsigned long long)(s / 86400));
	sbuf_fmt(b, "%02u:%02u:%02u", (unsigned int)(s % 86400 / 3600),
		 (unsigned int)(s / 60 % 60), (unsigned int)(s % 60));
}

/* Where columns begin that are aligned to the left. */
enum { PID = 8, TTY = 35, TIME = 44 };

static int print_head(void)
{
	static const char line[] = "UID          PID    PPID   C STIME TTY     "
				   "     TIME CMD\n";

	return cmd_print(line, sizeof(line) - 1);
}

static int print_row(pid_t pid, void *arg)
{
	struct run_process p;
	char line[8192], user[64];
	struct sbuf b = SBUF(line);
	bool *headed = arg;
	int ret = *headed ? 0 : print_head();

	*headed = true;
	/* It may have ended meanwhile. */
	if (ret < 0 || run_process(&p, pid) < 0)
		return ret;
	user_name(p.uid, user, sizeof(user));
	cmd_add_visible(&b, user);
	opt_column(&b, 0, PID);
	sbuf_fmt(&b, " %7d %7d %3u ", p.pid, p.ppid,
		 p.age ? (unsigned int)(p.cpu * 100 / p.age) : 0);
	add_start(&b, p.started);
	sbuf_str(&b, " ");
	opt_column(&b, 0, TTY);
	sbuf_fmt(&b, "%s ", p.tty);
	opt_column(&b, 0, TIME);
	add_duration(&b, p.cpu);
	sbuf_str(&b, " ");
	cmd_add_visible(&b, p.command);
	sbuf_str(&b, "\n");
	return cmd_print(b.p, b.len);
}

/* [1,2,3], or null. */
static int add_pid(pid_t pid, void *arg)
{
	struct sbuf *b = arg;
	int ret = 0;

	if (b->size - b->len < 16) {
		ret = cmd_print(b->p, b->len);
		b->len = 0;
	}
	sbuf_fmt(b, "%c%d", b->p[0] ? ',' : '[', pid);
	return ret;
}

static int print_json(const struct run_global *g, const char *id)
{
	char text[4096] = "";
	struct sbuf b = SBUF(text);
	int ret = run_processes(g, id, add_pid, &b);

	if (ret < 0)
		return ret;
	sbuf_str(&b, text[0] ? "]\n" : "null\n");
	return cmd_print(b.p, b.len);
}

static int print_table(const struct run_global *g, const char *id)
{
	bool headed = false;
	int ret = run_processes(g, id, print_row, &headed);

	return ret < 0 || headed ? ret : print_head();
}

static int ps(const struct run_global *g, char **args)
{
	return options.format == AS_JSON ? print_json(g, args[0]) :
					   print_table(g, args[0]);
}

const struct verb verb_ps = {
	.name = "ps",
	.args = "ID",
	.help = "List the processes of a container",
	.group = VERB_INSPECT,
	.min = 1,
	.max = 1,
	.opts = opts,
	.options = &options,
	.main = ps,
};
