/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/need.h"
#include "kern/ns.h"
#include "kern/procfs.h"

enum { PATH_SIZE = 256, VALUE_SIZE = 4096 };

/* What belongs to a namespace; a name that ends in '/' stands for all that is
 * below. */
static const struct own {
	char name[28];
	unsigned char kind;
} owned[] = {
	{ "fs/mqueue/", NS_IPC },
	{ "kernel/domainname", NS_UTS },
	{ "kernel/msgmax", NS_IPC },
	{ "kernel/msgmnb", NS_IPC },
	{ "kernel/msgmni", NS_IPC },
	{ "kernel/sem", NS_IPC },
	{ "kernel/shm_rmid_forced", NS_IPC },
	{ "kernel/shmall", NS_IPC },
	{ "kernel/shmmax", NS_IPC },
	{ "kernel/shmmni", NS_IPC },
	{ "net/", NS_NETWORK },
	{ "user/", NS_USER },
};

static char swapped(char c)
{
	if (c == '.')
		return '/';
	return c == '/' ? '.' : c;
}

static bool is_clean(const char *path)
{
	size_t len;

	for (;; path += len + 1) {
		len = strcspn(path, "/");
		if (len == 0 || (len == 1 && path[0] == '.') ||
		    (len == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		if (!path[len])
			return true;
	}
}

int sysctl_path(char *buf, size_t size, const char *key)
{
	size_t len = strlen(key);
	bool swap = key[strcspn(key, "./")] == '.';

	if (len >= size)
		return err_say(EINVAL, "sysctl \"%.*s...\" is too long", 64,
			       key);
	for (size_t i = 0; i <= len; i++)
		buf[i] = swap ? swapped(key[i]) : key[i];
	if (!is_clean(buf))
		return err_say(EINVAL, "\"%s\" is not the name of a sysctl",
			       key);
	return 0;
}

static const struct own *find(const char *path)
{
	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++) {
		const struct own *o = &owned[i];

		if (str_ends(o->name, "/") ? str_starts(path, o->name) :
					     str_eq(path, o->name))
			return o;
	}
	return NULL;
}

int sysctl_check(const char *key, unsigned int own)
{
	char path[PATH_SIZE];
	const struct own *o;
	int ret = sysctl_path(path, sizeof(path), key);

	if (ret < 0)
		return ret;
	if (str_eq(path, "kernel/hostname"))
		return err_say(EINVAL,
			       "sysctl \"%s\" is not allowed: use the "
			       "config's hostname",
			       key);
	o = find(path);
	if (!o)
		return err_say(EINVAL,
			       "sysctl \"%s\" is not in a separate kernel "
			       "namespace",
			       key);
	if (!(own & 1u << o->kind))
		return err_say(EINVAL,
			       "sysctl \"%s\" is not allowed in the host's %s "
			       "namespace",
			       key, ns_kinds[o->kind].name);
	return 0;
}

/* The next word of a value, cut out of it; NULL at the end. */
static char *next_word(char **p)
{
	char *word = *p + strspn(*p, " \t\n");

	if (!*word)
		return NULL;
	*p = word + strcspn(word, " \t\n");
	if (**p)
		*(*p)++ = '\0';
	return word;
}

/* Decimal as the kernel reads it: a leading 0 would be octal. */
static bool is_number(const char *word, int64_t *v)
{
	const char *digits = *word == '-' ? word + 1 : word;

	return str_i64(word, v) == 0 && (digits[0] != '0' || !digits[1]);
}

/* Whether all words are numbers and one is not what the file has at its
 * place. Words in another form may come back in another form. */
static bool differs(char *wanted, char *found)
{
	bool different = false;
	int64_t a, b;
	char *w, *f;

	while ((w = next_word(&wanted))) {
		f = next_word(&found);
		if (!f || !is_number(w, &a) || !is_number(f, &b))
			return false;
		if (a != b)
			different = true;
	}
	return different;
}

static int read_value(int fd, char *buf, size_t size, const char *path)
{
	ssize_t n = pread(fd, buf, size - 1, 0);

	if (n < 0)
		return err_sys(errno, "read /proc/%s", path);
	buf[n] = '\0';
	return 0;
}

static int write_value(int fd, const char *value, const char *path)
{
	/* Writing no bytes would change nothing; a line without text does. */
	const char *text = *value ? value : "\n";
	size_t len = strlen(text);
	ssize_t n = pwrite(fd, text, len, 0);

	if (n < 0)
		return err_sys(errno, "write \"%s\" to /proc/%s", value, path);
	if ((size_t)n != len)
		return err_say(EINVAL, "/proc/%s: \"%s\" is not a value of it",
			       path, value);
	return 0;
}

/*
 * Values may come back rounded or rewritten, so the test is whether the write
 * left the old value standing: then it was ignored, or went elsewhere.
 */
static int write_and_check(int fd, const char *value, const char *path)
{
	char old[VALUE_SIZE], now[VALUE_SIZE], wanted[VALUE_SIZE];
	int ret = str_fmt(wanted, sizeof(wanted), "%s", value);

	if (ret >= 0)
		ret = read_value(fd, old, sizeof(old), path);
	if (ret >= 0)
		ret = write_value(fd, value, path);
	if (ret >= 0)
		ret = read_value(fd, now, sizeof(now), path);
	if (ret >= 0 && str_eq(old, now) && differs(wanted, now))
		ret = err_say(EIO,
			      "/proc/%s kept its value when \"%s\" was "
			      "written",
			      path, value);
	return ret;
}

int sysctl_write(int proc, const char *key, const char *value)
{
	char path[PATH_SIZE + 4] = "sys/";
	int ret = sysctl_path(path + 4, sizeof(path) - 4, key);
	autofd fd = -1;

	if (ret < 0)
		return ret;
	fd = procfs_open(proc, path, O_RDWR);
	if (fd >= 0)
		return write_and_check(fd, value, path);
	if (fd == -ENOENT)
		return err_hint(NEED_SYSCTL);
	if (fd != -EACCES)
		return fd;
	/* Some are for writing only, as net.ipv4.route.flush. */
	fd = procfs_open(proc, path, O_WRONLY);
	return fd < 0 ? fd : write_value(fd, value, path);
}
