/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/jsonw.h"
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

void log_line(enum log_level level, const char *fmt, ...)
{
	/* Room for a text of characters that are six when escaped. */
	static char line[6 * ERR_TEXT_SIZE + 128];
	char text[ERR_TEXT_SIZE], stamp[32];
	struct sbuf t = SBUF(text), l = SBUF(line), s = SBUF(stamp);
	struct jsonw w = { .b = &l };
	va_list ap;

	if (!log_wants(level))
		return;
	va_start(ap, fmt);
	sbuf_vfmt(&t, fmt, ap);
	va_end(ap);
	sbuf_cut(&t);
	time_print(&s, false);
	if (dest.json) {
		jsonw_object(&w, NULL);
		jsonw_str(&w, "level", level_name[level]);
		jsonw_str(&w, "msg", text);
		jsonw_str(&w, "time", stamp);
		jsonw_end(&w);
	} else {
		sbuf_fmt(&l, "time=\"%s\" level=%s msg=", stamp,
			 level_name[level]);
		jsonw_str(&w, NULL, text);
	}
	sbuf_str(&l, "\n");
	/* There is nowhere to report that a log can't be written. */
	(void)!write(dest.fd < 0 ? STDERR_FILENO : dest.fd, line, l.len);
}
