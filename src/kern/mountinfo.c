/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/mountinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/procfs.h"
#include "syscall_nr.h"

/*
 * A line is "ID PARENT MAJOR:MINOR ROOT PATH OPTIONS TAG... - TYPE SOURCE OPT".
 * The end of it may be long (overlay): only a field at a time is kept.
 */
enum { ID, PARENT, DEVICE, ROOT, PATH, OPTIONS, TAGS, TYPE = 1000 };

struct reader {
	int fd;
	size_t at, end;
	char buf[4096];
	char text[PATH_MAX * 4]; /* a field; here, to be cleared once only */
};

static int next_char(struct reader *r)
{
	ssize_t n;

	if (r->at == r->end) {
		n = fd_read(r->fd, r->buf, sizeof(r->buf),
			    "/proc/self/mountinfo");
		if (n <= 0)
			return n < 0 ? (int)n : 0;
		r->at = 0;
		r->end = (size_t)n;
	}
	return (unsigned char)r->buf[r->at++];
}

/* Space, tab, newline and backslash come as \ooo. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] && s[2] && s[3]) {
			*to++ = (char)((s[1] & 7) << 6 | (s[2] & 7) << 3 |
				       (s[3] & 7));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

static int to_int(const char *s)
{
	uint32_t v;

	return str_u32(s, &v) < 0 || v > INT_MAX ? -1 : (int)v;
}

static int take(struct mountinfo *m, int field, char *text)
{
	struct sbuf path = SBUF(m->path);

	switch (field) {
	case ID:
		m->id = to_int(text);
		break;
	case PARENT:
		m->parent = to_int(text);
		break;
	case ROOT:
		m->whole = str_eq(text, "/");
		break;
	case TYPE:
		str_cut(m->type, sizeof(m->type), text);
		break;
	case PATH:
		unescape(text);
		sbuf_str(&path, text);
		return path.full ? -ENAMETOOLONG : 0;
	default:
		if (field >= TAGS && field < TYPE &&
		    str_starts(text, "shared:"))
			m->shared = true;
	}
	return 0;
}

/* Returns 1 for a line, 0 at the end. */
static int read_line(struct reader *r, struct mountinfo *m)
{
	size_t len = 0;
	bool full = false;
	int c, field = ID, ret = 0;

	m->shared = m->whole = false;
	m->type[0] = '\0';
	while ((c = next_char(r)) > 0 && ret == 0) {
		if (c != ' ' && c != '\n') {
			full = len == sizeof(r->text) - 1;
			if (!full)
				r->text[len++] = (char)c;
			continue;
		}
		r->text[len] = '\0';
		/* A field of the file system that is too long is not ours. */
		ret = full && field <= PATH ? -ENAMETOOLONG :
					      take(m, field, r->text);
		field++;
		/* The source may be called "-", too. */
		if (field > TAGS && field <= TYPE && str_eq(r->text, "-"))
			field = TYPE;
		len = 0;
		full = false;
		if (c == '\n')
			return ret < 0 ? ret : 1;
	}
	return c < 0 ? c : ret;
}

int mountinfo_each(int proc, int (*visit)(const struct mountinfo *m, void *arg),
		   void *arg)
{
	struct mountinfo m;
	struct reader r = { .fd = procfs_open(proc, "self/mountinfo",
					      O_RDONLY) };
	int ret = r.fd < 0 ? r.fd : 1, stop = 0;

	while (ret == 1 && !stop) {
		ret = read_line(&r, &m);
		if (ret == 1)
			stop = visit(&m, arg);
	}
	fd_close(&r.fd);
	if (ret == -ENAMETOOLONG)
		err_sys(ret, "/proc/self/mountinfo");
	return ret < 0 ? ret : stop;
}

int mountinfo_id(int fd)
{
	/* struct statx of Linux 5.8, which libc may not have yet. */
	enum { STX_MNT_ID = 144 / sizeof(uint64_t), MASK_MNT_ID = 0x1000 };
	uint64_t stx[256 / sizeof(uint64_t)];

	if (syscall(NR_statx, fd, "", AT_EMPTY_PATH, MASK_MNT_ID, stx) < 0)
		return err_sys(errno, "look for the id of a mount");
	return (int)stx[STX_MNT_ID];
}
