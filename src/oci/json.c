/* SPDX-License-Identifier: Apache-2.0 */
#include "oci/json.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <jsmn.h>
#pragma GCC diagnostic pop

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/utf8.h"
#include "oci/grammar.h"

_Static_assert(sizeof(struct json_token) == sizeof(jsmntok_t) &&
		       offsetof(struct json_token, end) ==
			       offsetof(jsmntok_t, end) &&
		       offsetof(struct json_token, size) ==
			       offsetof(jsmntok_t, size) &&
		       offsetof(struct json_token, parent) ==
			       offsetof(jsmntok_t, parent),
	       "jsmn's token");
_Static_assert((int)JSON_OBJECT == JSMN_OBJECT &&
		       (int)JSON_ARRAY == JSMN_ARRAY &&
		       (int)JSON_STRING == JSMN_STRING &&
		       (int)JSON_PRIMITIVE == JSMN_PRIMITIVE,
	       "jsmn's types");

enum {
	PIECE = 32 * 1024, /* room at first for what has no size */
};

int json_next(const struct json *j, int tok)
{
	int end;

	/* A key ends before its value begins, which belongs to it. */
	if (j->tok[tok].type == JSON_STRING && j->tok[tok].size)
		tok++;
	for (end = j->tok[tok].end, tok++; tok < j->ntok; tok++)
		if (j->tok[tok].start > end)
			break;
	return tok;
}

static unsigned int hex(const char *s)
{
	unsigned int v = 0;
	int i;

	for (i = 0; i < 4; i++)
		v = v << 4 | (unsigned int)((s[i] & 0xf) + (s[i] >> 6) * 9);
	return v;
}

/* Writes what the escape at s stands for; returns how long the escape is. The
 * grammar has made sure that surrogates come in pairs. */
static size_t unescape_one(char **out, const char *s)
{
	static const char shorts[] = "b\bf\fn\nr\rt\t";
	const char *e = shorts;
	unsigned int c, low;

	if (s[1] == 'u') {
		c = hex(s + 2);
		if (c < 0xd800 || c > 0xdfff) {
			*out += utf8_put(*out, c);
			return 6;
		}
		low = hex(s + 8);
		*out += utf8_put(*out,
				 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff));
		return 12;
	}
	while (*e && *e != s[1])
		e += 2;
	*(*out)++ = *e ? e[1] : s[1];
	return 2;
}

static void unescape(char *s, const char *end)
{
	char *out = memchr(s, '\\', (size_t)(end - s));

	if (!out)
		return;
	for (s = out; s < end;) {
		if (*s == '\\')
			s += unescape_one(&out, s);
		else
			*out++ = *s++;
	}
	*out = '\0';
}

static bool is_key(const struct json *j, int tok)
{
	int parent = j->tok[tok].parent;

	return parent >= 0 && j->tok[parent].type == JSON_OBJECT;
}

/* Where the key is in a table of mask + 1 slots, or belongs: open addressing
 * over object and name, FNV-1a. */
static int *find_slot(const struct json *j, int *table, size_t mask, int key)
{
	const struct json_token *t = &j->tok[key], *other;
	size_t h = 2166136261U ^ (size_t)t->parent * 2654435761U;
	const char *s;

	for (s = json_word(j, key); *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619U;
	for (h ^= h >> 15; table[h & mask]; h++) {
		other = &j->tok[table[h & mask]];
		if (other->parent == t->parent &&
		    strcmp(j->work + other->start, json_word(j, key)) == 0)
			break;
	}
	return &table[h & mask];
}

static int say_duplicate(const struct json *j, int key, int first)
{
	unsigned int line, col;

	json_place(j, (size_t)j->tok[first].start - 1, &line, &col);
	return json_error(j, key, NULL,
			  "duplicate key, first at line %u, column %u", line,
			  col);
}

static int check_keys(const struct json *j, int *table, size_t mask)
{
	int i, *slot;

	for (i = 1; i < j->ntok; i++) {
		if (!is_key(j, i))
			continue;
		slot = find_slot(j, table, mask, i);
		/* Token 0 is never a key: 0 is an empty slot. */
		if (*slot)
			return say_duplicate(j, i, *slot);
		*slot = i;
	}
	return 0;
}

/* All objects at once, in time linear to the document's length. Most documents
 * are small enough to be spared a mapping. */
static int refuse_duplicates(const struct json *j)
{
	static int small[1024];
	size_t slots = 1, size;
	int *table, ret;

	/* No more than half of the tokens are keys. */
	while (slots < (size_t)j->ntok)
		slots *= 2;
	size = slots * sizeof(*table);
	if (size <= sizeof(small)) {
		memset(small, 0, size);
		return check_keys(j, small, slots - 1);
	}
	table = mmap(NULL, size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (table == MAP_FAILED)
		return err_sys(errno, "map %zu bytes", size);
	ret = check_keys(j, table, slots - 1);
	munmap(table, size);
	return ret;
}

static int tokenize(struct json *j)
{
	bool escapes = memchr(j->work, '\\', j->len);
	jsmn_parser parser;
	int i, n;

	/* jsmn wants something to follow a number: the byte after the text. */
	j->work[j->len] = '\n';
	jsmn_init(&parser);
	n = jsmn_parse(&parser, j->work, j->len + 1, (jsmntok_t *)j->tok,
		       (unsigned int)j->ntok);
	if (n != j->ntok)
		return err_say(EINVAL, "%s: jsmn finds %d tokens of %d",
			       j->name, n, j->ntok);
	for (i = 0; i < n; i++) {
		if (j->tok[i].type != JSON_STRING &&
		    j->tok[i].type != JSON_PRIMITIVE)
			continue;
		j->work[j->tok[i].end] = '\0';
		if (escapes)
			unescape(json_word(j, i), j->work + j->tok[i].end);
	}
	return refuse_duplicates(j);
}

/* j->text is followed by a NUL. */
static int parse(struct json *j)
{
	int ret = grammar_check(j, &j->ntok);

	if (ret < 0)
		return ret;
	j->tok = arena_get((size_t)j->ntok, sizeof(*j->tok));
	j->work = arena_get(j->len + 1, 1);
	if (!j->tok || !j->work)
		return -err.num;
	memcpy(j->work, j->text, j->len);
	return tokenize(j);
}

static int say_large(const struct json *j)
{
	return err_say(EFBIG, "%s: larger than %d bytes, the most that is read",
		       j->name, JSON_SIZE_MAX);
}

/* Until the end of the file, whatever its size was said to be: it may grow and
 * shrink meanwhile. When that many bytes come where there was room for more,
 * they are all. */
static int read_all(struct json *j, int fd, size_t size, size_t expected)
{
	char *buf = NULL, *bigger;
	size_t room = 0, len = 0;
	ssize_t n;

	for (;;) {
		if (len == room) {
			room = room ? 2 * room : size;
			if (room > JSON_SIZE_MAX)
				room = JSON_SIZE_MAX + 1;
			bigger = arena_get(room + 1, 1);
			if (!bigger)
				return -err.num;
			if (len)
				memcpy(bigger, buf, len);
			buf = bigger;
		}
		n = read(fd, buf + len, room - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(errno, "read %s", j->name);
		len += (size_t)n;
		if (len > JSON_SIZE_MAX)
			return say_large(j);
		if (n == 0 || len == expected)
			break;
	}
	j->text = buf;
	j->len = len;
	return 0;
}

/* To its end, which it has when its writers have closed it; there is none until
 * one has come. */
static int read_pipe(struct json *j, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, -1) < 0 || fcntl(fd, F_SETFL, O_RDONLY) < 0)
		return err_sys(errno, "read %s", j->name);
	return read_all(j, fd, PIECE, SIZE_MAX);
}

static int read_file(struct json *j, int dirfd, const char *path, bool pipe)
{
	/* Non-blocking, so that the open of a FIFO returns. */
	autofd fd = fd_open(dirfd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct stat st;

	if (fd < 0)
		return err_sys(fd, "open %s", j->name);
	if (fstat(fd, &st) < 0)
		return err_sys(errno, "%s", j->name);
	if (S_ISDIR(st.st_mode))
		return err_sys(EISDIR, "%s", j->name);
	j->owner = st.st_uid;
	if (pipe && S_ISFIFO(st.st_mode))
		return read_pipe(j, fd);
	if (!S_ISREG(st.st_mode))
		return err_say(EINVAL, "%s: not a regular file", j->name);
	if (st.st_size > JSON_SIZE_MAX)
		return say_large(j);
	return read_all(j, fd, (size_t)st.st_size + 1, (size_t)st.st_size);
}

int json_load(struct json *j, int dirfd, const char *path, const char *name)
{
	int ret;

	*j = (struct json){ .name = name };
	ret = read_file(j, dirfd, path, false);
	return ret < 0 ? ret : parse(j);
}

int json_load_given(struct json *j, const char *path)
{
	bool in = strcmp(path, "-") == 0;
	int ret;

	*j = (struct json){ .name = in ? "standard input" : path };
	ret = in ? read_all(j, STDIN_FILENO, PIECE, SIZE_MAX) :
		   read_file(j, AT_FDCWD, path, true);
	return ret < 0 ? ret : parse(j);
}

int json_parse(struct json *j, const char *text, size_t len, const char *name)
{
	char *copy;

	*j = (struct json){ .name = name, .len = len };
	if (len > JSON_SIZE_MAX)
		return say_large(j);
	copy = arena_get(len + 1, 1);
	if (!copy)
		return -err.num;
	memcpy(copy, text, len);
	j->text = copy;
	return parse(j);
}
