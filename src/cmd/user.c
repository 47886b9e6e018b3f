/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/user.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "base/fd.h"
#include "base/str.h"

/* The beginning of a line; the name, the password and the uid are in it. */
struct line {
	char text[256];
	size_t len;
};

/* Cuts the line behind the name if the uid, its third field, is this one. */
static bool is_user(struct line *line, uint32_t uid)
{
	char *name = line->text, *field, *end;
	uint32_t found;

	line->text[line->len] = '\0';
	end = strchr(name, ':');
	field = end ? strchr(end + 1, ':') : NULL;
	if (!field)
		return false;
	*end = '\0';
	end = strchr(++field, ':');
	if (!end)
		return false;
	*end = '\0';
	return str_u32(field, &found) == 0 && found == uid;
}

static bool find(int fd, uint32_t uid, struct line *line)
{
	char text[4096];
	ssize_t n, i;

	line->len = 0;
	while ((n = fd_read(fd, text, sizeof(text), "/etc/passwd")) > 0) {
		for (i = 0; i < n; i++) {
			if (text[i] == '\n') {
				if (is_user(line, uid))
					return true;
				line->len = 0;
			} else if (line->len + 1 < sizeof(line->text)) {
				line->text[line->len++] = text[i];
			}
		}
	}
	return is_user(line, uid);
}

static void look_up(uint32_t uid, struct line *line)
{
	autofd fd = fd_open(AT_FDCWD, "/etc/passwd", O_RDONLY, 0);

	if (fd < 0 || !find(fd, uid, line))
		line->text[0] = '\0';
}

/* Most of them are one user's. */
void user_name(uint32_t uid, char *buf, size_t size)
{
	static struct line last;
	static uint32_t last_uid;
	static bool known;
	struct sbuf b = { .p = buf, .size = size };

	if (!known || uid != last_uid)
		look_up(uid, &last);
	last_uid = uid;
	known = true;
	sbuf_str(&b, last.text);
	if (!b.len || b.full) {
		b.len = 0;
		sbuf_fmt(&b, "#%u", uid);
	}
}
