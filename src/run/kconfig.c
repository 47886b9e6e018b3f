/* SPDX-License-Identifier: Apache-2.0 */
#include "run/kconfig.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"

/* Moves on to the next of "A B|C"; its length in *n. */
static const char *next_option(const char *s, size_t *n)
{
	s += *n;
	s += strspn(s, " |");
	*n = strcspn(s, " |");
	return *n ? s : NULL;
}

static void note_option(struct kconfig *k, const char *name, size_t len,
			char value)
{
	for (int need = 1; need < NEED_COUNT; need++) {
		const char *s = need_check(need).options;
		size_t n = 0;

		for (int bit = 1; (s = next_option(s, &n)); bit <<= 1) {
			if (n != len || memcmp(s, name, n) != 0)
				continue;
			if (value == 'm')
				k->module[need] |= (uint8_t)bit;
			k->yes[need] |= (uint8_t)bit;
		}
	}
}

/* "# Linux/arm64 6.1.21 Kernel Configuration" */
static void note_release(struct kconfig *k, const char *s)
{
	const char *digits = strchr(s, ' ');
	unsigned int v[2] = { 0, 0 };
	struct sbuf b = SBUF(k->release);

	for (int i = 0; i < 2 && digits; i++) {
		for (digits++; *digits >= '0' && *digits <= '9'; digits++)
			v[i] = v[i] * 10 + (unsigned int)(*digits - '0');
		if (*digits != '.')
			break;
	}
	k->linux_ = v[0] * 100 + v[1];
	sbuf_add(&b, s, strcspn(s, " ") + 1);
	s += strcspn(s, " ") + 1;
	sbuf_add(&b, s, strcspn(s, " "));
}

/* True if it is a line of a configuration. */
static bool note_line(struct kconfig *k, const char *line)
{
	static const char prefix[] = "CONFIG_";
	const char *name = line + sizeof(prefix) - 1, *value;

	if (str_starts(line, "# Linux/") && strchr(line + 2, ' ')) {
		note_release(k, line + 2);
		return true;
	}
	if (!str_starts(line, prefix))
		return false;
	value = strchr(name, '=');
	if (value && (value[1] == 'y' || value[1] == 'm'))
		note_option(k, name, (size_t)(value - name), value[1]);
	return true;
}

/* Line by line: it may be larger than all of runt. Of one that does not fit,
 * a text that somebody chose, the rest is left out. */
static int read_lines(struct kconfig *k, int fd, const char *path)
{
	char text[4096], *line, *end;
	size_t have = 0;
	bool any = false;
	ssize_t n;

	do {
		n = fd_read(fd, text + have, sizeof(text) - 1 - have, path);
		if (n < 0)
			return (int)n;
		have += (size_t)n;
		text[have] = '\0';
		if (str_starts(text, "\x1f\x8b"))
			return err_say(EINVAL,
				       "%s is compressed: zcat %s | runt check "
				       "--kernel-config -",
				       path, path);
		for (line = text; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			any |= note_line(k, line);
		}
		if (n == 0 || line == text)
			any |= note_line(k, line);
		have = line == text ? 0 : (size_t)(text + have - line);
		memmove(text, line, have);
	} while (n > 0);
	return any ? 0 :
		     err_say(EINVAL, "%s is no configuration of a kernel",
			     path);
}

int kconfig_load(struct kconfig *k, const char *path)
{
	bool is_stdin = str_eq(path, "-");
	autofd fd = is_stdin ? dup(STDIN_FILENO) :
			       fd_open(AT_FDCWD, path, O_RDONLY, 0);

	*k = (struct kconfig){ .release = "" };
	if (fd < 0)
		return is_stdin ? err_sys(errno, "standard input") : fd;
	return read_lines(k, fd, is_stdin ? "standard input" : path);
}

/* A defconfig has only what is not the default. */
static const char *missing(const struct kconfig *k)
{
	return k->linux_ ? " is not set" :
			   " is not in the file, which is no whole .config";
}

/* One option, and what is as good after a '|'. */
static bool has_any(const struct kconfig *k, int need, const char **s, int *bit,
		    struct sbuf *found)
{
	size_t n = strcspn(*s, " |");
	bool yes = false;

	for (;; n = strcspn(*s, " |")) {
		bool here = k->yes[need] & *bit;

		sbuf_fmt(found, "%sCONFIG_%.*s%s", found->len ? ", " : "",
			 (int)n, *s,
			 !here                  ? missing(k) :
			 k->module[need] & *bit ? "=m" :
						  "=y");
		yes |= here;
		*bit <<= 1;
		*s += n;
		if (**s != '|')
			break;
		++*s;
	}
	*s += **s == ' ';
	return yes;
}

int kconfig_judge(const struct kconfig *k, int need, struct sbuf *found)
{
	struct need_check c = need_check(need);
	const char *s = c.options;
	int bit = 1, ret = 0;

	while (*s)
		if (!has_any(k, need, &s, &bit, found))
			ret = -ENOENT;
	if (!c.linux_ || ret < 0)
		return ret;
	if (k->linux_) {
		sbuf_fmt(found, "%s%s", found->len ? ", " : "", k->release);
		return k->linux_ < c.linux_ ? -ENOENT : 0;
	}
	sbuf_fmt(found, "%sthe file does not say which Linux it is of",
		 found->len ? ", " : "");
	return 1;
}
