/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "base/time.h"

static struct {
	int fd;
	bool json;
	enum log_level most;
} dest = { .fd = -1 };

static const char level_name[][8] = {
	[LOG_ERROR] = "error",
	[LOG_WARNING] = "warning",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

int log_open(const char *path, bool json, enum log_level most)
{
	dest.json = json;
	dest.most = most;
	if (!path)
		return 0;
	dest.fd = fd_open(AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT, 0644);
	return dest.fd < 0 ? dest.fd : 0;
}

bool log_wants(enum log_level level)
{
	return level <= dest.most;
}

int log_fd(void)
{
	return dest.fd;
}

/* The length of the UTF-8 sequence that p begins with, 0 if it is none. */
static size_t sequence(const unsigned char *p)
{
	/* The smallest character that takes so many bytes. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4, i;
	uint32_t c = *p & 0x7fU >> n;

	if (*p < 0x80)
		return 1;
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (*p < 0xc0 || *p > 0xf4 || c < least[n] || c > 0x10ffff ||
	    (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return n;
}

/* A string of JSON, which is also one of logrus' text format. What does not
 * fit ends in "...": the line stays a valid one. */
static void put_quoted(struct sbuf *b, const char *s)
{
	enum { TAIL = 64 }; /* room for what follows the string */
	size_t n;

	sbuf_str(b, "\"");
	for (; *s; s += n ? n : 1) {
		if (b->size - b->len < TAIL) {
			sbuf_str(b, "...");
			break;
		}
		n = sequence((const unsigned char *)s);
		if (!n)
			sbuf_str(b, "\\ufffd");
		else if (*s == '"' || *s == '\\')
			sbuf_fmt(b, "\\%c", *s);
		else if (*s == '\n')
			sbuf_str(b, "\\n");
		else if ((unsigned char)*s < ' ')
			sbuf_fmt(b, "\\u%04x", (unsigned char)*s);
		else
			sbuf_add(b, s, n);
	}
	sbuf_str(b, "\"");
}

void log_line(enum log_level level, const char *fmt, ...)
{
	char text[ERR_TEXT_SIZE], line[ERR_TEXT_SIZE + 2048], stamp[32];
	struct sbuf t = SBUF(text), l = SBUF(line), s = SBUF(stamp);
	va_list ap;

	if (!log_wants(level))
		return;
	va_start(ap, fmt);
	sbuf_vfmt(&t, fmt, ap);
	va_end(ap);
	sbuf_cut(&t);
	time_print(&s, false);
	if (dest.json) {
		sbuf_fmt(&l, "{\"level\":\"%s\",\"msg\":", level_name[level]);
		put_quoted(&l, text);
		sbuf_fmt(&l, ",\"time\":\"%s\"}\n", stamp);
	} else {
		sbuf_fmt(&l, "time=\"%s\" level=%s msg=", stamp,
			 level_name[level]);
		put_quoted(&l, text);
		sbuf_str(&l, "\n");
	}
	/* There is nowhere to report that a log can't be written. */
	(void)!write(dest.fd < 0 ? STDERR_FILENO : dest.fd, line, l.len);
}
