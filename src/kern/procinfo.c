/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/procinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/procfs.h"

/* Fields of /proc/PID/stat, of which the second is a name in brackets. */
enum { PPID = 4, TTY = 7, USER_TIME = 14, SYSTEM_TIME = 15, START = 22 };

static uint64_t field(const char *rest, int number)
{
	uint64_t v = 0;

	/* The third is what follows the name. */
	for (; number > 3 && rest; number--) {
		rest = strchr(rest, ' ');
		rest = rest ? rest + 1 : NULL;
	}
	while (rest && *rest >= '0' && *rest <= '9')
		v = v * 10 + (uint64_t)(*rest++ - '0');
	return v;
}

static int read_stat(struct procinfo *out, int proc)
{
	uint64_t ticks = getauxval(AT_CLKTCK), tty;
	char path[32], text[1024], *name, *end;
	ssize_t n = str_fmt(path, sizeof(path), "%d/stat", out->pid);

	if (n >= 0)
		n = procfs_read(proc, path, text, sizeof(text));
	if (n < 0)
		return (int)n;
	name = strchr(text, '(');
	end = strrchr(text, ')');
	if (!ticks || !name || !end || end < name || end[1] != ' ')
		return err_say(EINVAL, "/proc/%s: unreadable", path);
	out->ppid = (pid_t)field(end + 2, PPID);
	tty = field(end + 2, TTY);
	out->tty_major = tty >> 8 & 0xfff;
	out->tty_minor = (tty & 0xff) | (tty >> 12 & 0xfff00);
	out->cpu = (field(end + 2, USER_TIME) + field(end + 2, SYSTEM_TIME)) /
		   ticks;
	out->start = field(end + 2, START) / ticks;
	/* What has no words to show: "[name]". */
	*name = '[';
	*end++ = ']';
	*end = '\0';
	str_cut(out->command, sizeof(out->command), name);
	return 0;
}

/* Words that end in a NUL each. */
static int read_command(struct procinfo *out, int proc)
{
	char path[32], text[sizeof(out->command)];
	ssize_t n;
	int ret = str_fmt(path, sizeof(path), "%d/cmdline", out->pid);
	autofd fd = ret < 0 ? ret : procfs_open(proc, path, O_RDONLY);

	if (fd < 0)
		return fd;
	n = fd_read(fd, text, sizeof(text) - 1, path);
	if (n < 0)
		return (int)n;
	while (n > 0 && !text[n - 1])
		n--;
	if (n == 0)
		return 0;
	for (ssize_t i = 0; i < n; i++)
		text[i] = text[i] ? text[i] : ' ';
	text[n] = '\0';
	memcpy(out->command, text, (size_t)n + 1);
	return 0;
}

/* Not the owner of its directory, which is root for who is not dumpable. The
 * line is at the beginning of a file that may be long. */
static int read_uid(struct procinfo *out, int proc)
{
	char path[32], text[1024], *p;
	int ret = str_fmt(path, sizeof(path), "%d/status", out->pid);
	autofd fd = ret < 0 ? ret : procfs_open(proc, path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = fd_read(fd, text, sizeof(text) - 1, path);
	if (n < 0)
		return (int)n;
	text[n] = '\0';
	p = strstr(text, "\nUid:\t");
	p = p ? strchr(p + 6, '\t') : NULL;
	if (!p)
		return err_say(EINVAL, "/proc/%s: unreadable", path);
	out->uid = (uint32_t)field(p + 1, 3);
	return 0;
}

int procinfo_read(struct procinfo *out, int proc, pid_t pid)
{
	int ret;

	*out = (struct procinfo){ .pid = pid };
	ret = read_stat(out, proc);
	if (ret == 0)
		ret = read_uid(out, proc);
	if (ret == 0)
		ret = read_command(out, proc);
	return ret == -ENOENT ? err_sys(ESRCH, "process %d", pid) : ret;
}

void procinfo_tty(const struct procinfo *p, char *buf, size_t size)
{
	static const struct {
		char name[8];
		uint8_t major, majors, first;
	} rows[] = {
		{ "pts/", 136, 8, 0 },   { "ttyS", 4, 1, 64 },
		{ "tty", 4, 1, 0 },      { "ttyAMA", 204, 1, 64 },
		{ "hvc", 229, 1, 0 },    { "ttyUSB", 188, 1, 0 },
		{ "ttyACM", 166, 1, 0 },
	};
	struct sbuf b = { .p = buf, .size = size };
	size_t i;

	if (p->tty_major == 5 && p->tty_minor == 1) {
		sbuf_str(&b, "console");
		return;
	}
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (p->tty_major >= rows[i].major &&
		    p->tty_major < rows[i].major + rows[i].majors &&
		    p->tty_minor >= rows[i].first)
			break;
	if (i == sizeof(rows) / sizeof(rows[0]))
		sbuf_str(&b, "?");
	else
		sbuf_fmt(&b, "%s%u", rows[i].name,
			 (p->tty_major - rows[i].major) * 256 + p->tty_minor -
				 rows[i].first);
}
