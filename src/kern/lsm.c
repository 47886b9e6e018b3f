/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/lsm.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "base/fd.h"
#include "kern/need.h"
#include "kern/procfs.h"
#include "kern/uapi.h"

enum { LABEL_SIZE = 4096 };

static bool given(const char *label)
{
	return label && *label;
}

bool lsm_has_apparmor(void)
{
	char text[8];

	return fd_read_text(AT_FDCWD, "/sys/module/apparmor/parameters/enabled",
			    text, sizeof(text)) > 0 &&
	       text[0] == 'Y';
}

bool lsm_has_selinux(void)
{
	struct statfs fs;

	return statfs("/sys/fs/selinux", &fs) == 0 &&
	       (uint32_t)fs.f_type == K_SELINUX_MAGIC;
}

int lsm_check(const char *apparmor, const char *selinux)
{
	if (given(apparmor) && !lsm_has_apparmor()) {
		err_say(EOPNOTSUPP,
			"apparmor: config provided but apparmor not supported");
		return err_hint(NEED_APPARMOR);
	}
	if (given(selinux) && !lsm_has_selinux()) {
		err_say(EOPNOTSUPP,
			"selinux label is specified in config, but selinux is "
			"disabled or not supported");
		return err_hint(NEED_SELINUX);
	}
	return 0;
}

/* Reading an attribute back gives text that differs from what was written
 * only behind its end: a NUL, a newline, a mode such as " (enforce)". */
static int check(int proc, const char *path, const char *label)
{
	char now[LABEL_SIZE];
	size_t len = strlen(label);
	ssize_t n = procfs_read(proc, path, now, sizeof(now));

	if (n < 0)
		return (int)n;
	if (strncmp(now, label, len) != 0 || (now[len] && now[len] != ' '))
		return err_say(EACCES,
			       "`/proc/%s` has \"%s\" instead of \"%s\"", path,
			       now, label);
	return 0;
}

/* Where AppArmor shares the plain name with other modules, the one that was
 * first in the kernel's list answers there: its own directory is surer. */
static const char *apparmor_path(int proc)
{
	static const char own[] = "self/attr/apparmor/exec";
	autofd fd = procfs_open(proc, own, O_WRONLY);

	return fd == -ENOENT ? "self/attr/exec" : own;
}

int lsm_set_apparmor(int proc, const char *profile)
{
	char text[LABEL_SIZE];
	const char *path;
	int ret;

	if (!given(profile))
		return 0;
	ret = str_fmt(text, sizeof(text), "exec %s", profile);
	if (ret < 0)
		return ret;
	path = apparmor_path(proc);
	ret = procfs_write(proc, path, text);
	if (ret == -ENOENT)
		return err_say(ENOENT,
			       "apparmor profile \"%s\" is not loaded (write "
			       "to `/proc/%s`)",
			       profile, path);
	if (ret < 0)
		return ret;
	/* A profile of another namespace and a stack of profiles are shown in
	 * the kernel's own spelling. */
	if (profile[0] == ':' || strstr(profile, "//&"))
		return 0;
	return check(proc, path, profile);
}

static int set_context(int proc, const char *path, const char *label)
{
	char now[LABEL_SIZE];
	ssize_t ret = procfs_write(proc, path, label);

	if (ret == -EINVAL)
		return err_say(EINVAL,
			       "selinux label \"%s\" is not in the policy "
			       "(write to `/proc/%s`)",
			       label, path);
	/* It may come back in other words: the kernel knows aliases of types
	 * and ranges of categories. */
	if (ret >= 0)
		ret = procfs_read(proc, path, now, sizeof(now));
	if (ret == 0)
		return err_say(EACCES, "`/proc/%s` did not take \"%s\"", path,
			       label);
	return ret < 0 ? (int)ret : 0;
}

int lsm_set_selinux(int proc, const char *label)
{
	return given(label) ? set_context(proc, "self/attr/exec", label) : 0;
}

int lsm_set_keycreate(int proc, const char *label)
{
	static const char path[] = "self/attr/keycreate";
	int ret;

	if (label)
		return *label ? set_context(proc, path, label) : 0;
	/* An empty write would be no write. Without SELinux even this one is
	 * refused, and there is no label to take back. */
	ret = procfs_write(proc, path, "\n");
	return ret == -EINVAL ? 0 : ret;
}
