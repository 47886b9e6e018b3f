/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/user.h"

#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "base/str.h"

/* Looks at "name:password:uid:..." Returns true if that is uid's line. */
static bool is_user(char *line, uint32_t uid)
{
	char *colon, *p;
	uint32_t found;

	p = strchr(line, ':');
	if (!p)
		return false;
	*p = '\0';
	p = strchr(p + 1, ':');
	colon = p ? strchr(p + 1, ':') : NULL;
	if (!colon)
		return false;
	*colon = '\0';
	return str_u32(p + 1, &found) == 0 && found == uid;
}

/* Looks at the whole lines of a buffer. Returns where the rest begins. */
static char *search(char *p, char *end, uint32_t uid, const char **name)
{
	char *newline;

	for (; (newline = memchr(p, '\n', (size_t)(end - p)));
	     p = newline + 1) {
		*newline = '\0';
		if (!*name && is_user(p, uid))
			*name = p;
	}
	return p;
}

void user_name(uint32_t uid, char *buf, size_t size)
{
	autofd fd = fd_open(AT_FDCWD, "/etc/passwd", O_RDONLY, 0);
	struct sbuf b = { .p = buf, .size = size };
	char text[4096], *rest = text;
	const char *name = NULL;
	size_t left = 0;
	ssize_t n = 0;

	do {
		memmove(text, rest, left);
		n = fd < 0 ? 0
			   : fd_read(fd, text + left, sizeof(text) - left,
				     "/etc/passwd");
		left += n > 0 ? (size_t)n : 0;
		rest = search(text, text + left, uid, &name);
		left -= (size_t)(rest - text);
	} while (n > 0 && !name && left < sizeof(text));
	if (name)
		sbuf_str(&b, name);
	if (!name || b.full) {
		b.len = 0;
		sbuf_fmt(&b, "#%u", uid);
	}
}
