/* SPDX-License-Identifier: Apache-2.0 */
/* As `ps -ef` prints them, without a ps: times are in UTC. With options of the
 * host's ps it is asked. */
#include "cmd/cmd.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
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

	if ((uint64_t)time_of(CLOCK_REALTIME).s / 86400 == started / 86400) {
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
	if (ret == 0)
		ret = run_process(&p, pid);
	/* It may have ended meanwhile. */
	if (ret < 0)
		return ret == -ESRCH ? 0 : ret;
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

/* What the host's ps says of them: its header, and the lines of their pids. */

enum { PIDS = 1 << 22 }; /* the kernel's PID_MAX_LIMIT */

static int note_pid(pid_t pid, void *arg)
{
	bool *is_ours = arg;

	is_ours[pid % PIDS] = true;
	return 0;
}

/* Word n of a line, n from 0; at its end an empty one. */
static const char *word(const char *line, int n)
{
	for (; n >= 0; n--) {
		line += strspn(line, " ");
		if (n)
			line += strcspn(line, " \n");
	}
	return line;
}

/* Which word of the header is PID, or -1. */
static int find_column(const char *head)
{
	for (int n = 0;; n++) {
		const char *name = word(head, n);

		if (strcspn(name, " \n") == 3 && memcmp(name, "PID", 3) == 0)
			return n;
		if (*name == '\n' || !*name)
			return -1;
	}
}

static bool is_of(const bool *is_ours, const char *line, int column)
{
	unsigned int pid = 0;

	for (const char *p = word(line, column); *p >= '0' && *p <= '9'; p++)
		pid = pid * 10 + (unsigned int)(*p - '0');
	return is_ours[pid % PIDS];
}

static int print_host(const struct run_global *g, char **args)
{
	static char name[] = "ps";
	const char *line = "", *next;
	bool *is_ours = arena_get(PIDS, sizeof(*is_ours));
	int column = -1, ret;

	if (!is_ours)
		return -ENOMEM;
	ret = run_processes(g, args[0], note_pid, is_ours);
	args[0] = name;
	if (ret == 0)
		ret = run_host_ps(args, &line);
	for (; ret == 0 && *line; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (column < 0) {
			column = find_column(line);
			if (column < 0)
				return err_say(EINVAL,
					       "ps prints no column PID");
		} else if (!is_of(is_ours, line, column)) {
			continue;
		}
		ret = cmd_print(line, (size_t)(next - line));
	}
	return ret;
}

static int ps(const struct run_global *g, char **args)
{
	if (args[1] && options.format == AS_JSON)
		return err_say(EINVAL, "ps: options of ps(1) do not go with "
				       "--format json");
	if (args[1])
		return print_host(g, args);
	return options.format == AS_JSON ? print_json(g, args[0]) :
					   print_table(g, args[0]);
}

const struct verb verb_ps = {
	.name = "ps",
	.args = "ID [PS-OPTION...]",
	.help = "List the processes of a container",
	.group = VERB_INSPECT,
	.min = 1,
	.max = -1,
	.first_ends = true,
	.opts = opts,
	.options = &options,
	.main = ps,
};
