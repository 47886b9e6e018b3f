/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/newfs.h"

#include <errno.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/need.h"
#include "kern/sys.h"

/* Where the kernel lacks it. */
static const struct {
	char type[10];
	unsigned char need;
} needs[] = {
	{ "bind", NEED_BIND_OPTION }, { "none", NEED_BIND_OPTION },
	{ "cgroup2", NEED_CGROUP2 },  { "devpts", NEED_DEVPTS },
	{ "mqueue", NEED_MQUEUE },    { "overlay", NEED_OVERLAY },
	{ "proc", NEED_PROC_FS },     { "sysfs", NEED_SYSFS },
	{ "tmpfs", NEED_TMPFS },
};

static int hint_missing(const char *type)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (str_eq(needs[i].type, type))
			return err_hint(needs[i].need);
	return err_hint(NEED_FILESYSTEM);
}

/* The kernel's log of this file system: one line per read, with a letter for
 * its severity in front. */
static void add_log(struct sbuf *b, int fd)
{
	char line[256];
	ssize_t n;

	while ((n = read(fd, line, sizeof(line))) > 0) {
		if (n < 2 || line[0] != 'e')
			continue;
		while (line[n - 1] == '\n')
			n--;
		sbuf_fmt(b, ": %.*s", (int)n - 2, line + 2);
	}
}

/* What only the owner of a namespace may mount, says fsopen(2) or fsmount(2). */
static int hint_denied(const char *type)
{
	if (str_eq(type, "sysfs"))
		return err_hint(NEED_SYSFS_NET);
	if (str_eq(type, "proc"))
		return err_hint(NEED_PROC_VISIBLE);
	return -err.num;
}

static int failed(struct newfs *n, int num, const char *key)
{
	char text[1024];
	struct sbuf b = SBUF(text);
	size_t len;

	sbuf_fmt(&b, "mount %s at /%s", n->type, n->where);
	if (key)
		sbuf_fmt(&b, ": option %s", key);
	len = b.len;
	add_log(&b, n->fd);
	err_sys(num, "%s", sbuf_cut(&b));
	/* Without CONFIG_TMPFS the kernel has one for itself, which takes no
	 * options. */
	if (num == -EINVAL && str_eq(n->type, "tmpfs") &&
	    (key ? strstr(text, "parameter 'mode'") ||
			     strstr(text, "parameter 'nr_blocks'") :
		   b.len == len))
		return err_hint(NEED_TMPFS);
	return num == -EPERM ? hint_denied(n->type) : num;
}

int newfs_open(struct newfs *n, const char *type, const char *where)
{
	n->type = type;
	n->where = where;
	n->fd = sys_fsopen(type);
	if (n->fd >= 0)
		return 0;
	err_sys(n->fd, "mount %s at /%s", type, where);
	if (n->fd == -EPERM)
		return hint_denied(type);
	if (n->fd == -ENOSYS)
		return err_hint(NEED_NEW_MOUNT_API);
	return n->fd == -ENODEV ? hint_missing(type) : n->fd;
}

bool newfs_limits(const char *word)
{
	static const char keys[][10] = { "size", "nr_blocks", "nr_inodes" };
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i]) == len && strncmp(word, keys[i], len) == 0)
			return true;
	return false;
}

int newfs_option(struct newfs *n, const char *key, const char *value)
{
	int ret = sys_fsconfig(
		n->fd, value ? K_FSCONFIG_SET_STRING : K_FSCONFIG_SET_FLAG, key,
		value);

	n->limited |= newfs_limits(key);
	return ret < 0 ? failed(n, ret, key) : 0;
}

/* One "key=value" or flag; a value may be in double quotes. */
static int option(struct newfs *n, const char *word, size_t len)
{
	char text[4096], *value;

	if (len >= sizeof(text))
		return failed(n, -E2BIG, "of more than 4095 bytes");
	memcpy(text, word, len);
	text[len] = '\0';
	value = strchr(text, '=');
	if (!value)
		return newfs_option(n, text, NULL);
	*value++ = '\0';
	len = strlen(value);
	if (len >= 2 && value[0] == '"' && value[len - 1] == '"') {
		value[len - 1] = '\0';
		value++;
	}
	return newfs_option(n, text, value);
}

int newfs_options(struct newfs *n, const char *words)
{
	size_t len;
	int ret = 0;

	while (*words && ret == 0) {
		bool quoted = false;

		for (len = 0; words[len]; len++) {
			quoted ^= words[len] == '"';
			if (words[len] == ',' && !quoted)
				break;
		}
		if (len)
			ret = option(n, words, len);
		words += len + (words[len] == ',');
	}
	return ret;
}

/* Without CONFIG_SHMEM tmpfs is a ramfs, which takes any option and does
 * nothing about it (init/Kconfig). */
static bool is_unlimited(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && (uint32_t)fs.f_type == K_RAMFS_MAGIC;
}

int newfs_mount(struct newfs *n, uint64_t attrs)
{
	int ret = sys_fsconfig(n->fd, K_FSCONFIG_CMD_CREATE, NULL, NULL);

	if (ret >= 0)
		ret = sys_fsmount(n->fd, (unsigned int)attrs);
	if (ret < 0)
		return failed(n, ret, NULL);
	if (n->limited && str_eq(n->type, "tmpfs") &&
	    !(attrs & K_MOUNT_ATTR_RDONLY) && is_unlimited(ret)) {
		close(ret);
		err_say(EOPNOTSUPP,
			"mount tmpfs at /%s: this kernel's tmpfs is a ramfs, "
			"which no size= limits",
			n->where);
		return err_hint(NEED_TMPFS);
	}
	return ret;
}

int newfs_pick(struct newfs *n, int fd, const char *where)
{
	n->type = "it";
	n->where = where;
	n->fd = sys_fspick(fd);
	return n->fd < 0 ? err_sys(n->fd, "remount /%s", where) : 0;
}

int newfs_reconfigure(struct newfs *n)
{
	int ret = sys_fsconfig(n->fd, K_FSCONFIG_CMD_RECONFIGURE, NULL, NULL);

	return ret < 0 ? failed(n, ret, NULL) : 0;
}

int newfs_make(const char *type, const char *options, uint64_t attrs,
	       const char *where)
{
	struct newfs n = { .fd = -1 };
	int ret = newfs_open(&n, type, where);

	if (ret == 0)
		ret = newfs_options(&n, options);
	if (ret == 0)
		ret = newfs_mount(&n, attrs);
	fd_close(&n.fd);
	return ret;
}
