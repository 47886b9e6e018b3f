/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/ids.h"

#include <errno.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/need.h"

enum { DEFAULT_UMASK = 0022 };

/* libc's functions throughout: on 32-bit arm the plain call numbers take ids
 * of 16 bits. */

static int fail(const char *what, uint32_t id)
{
	int num = errno;

	if (num == EINVAL)
		return err_say(num,
			       "%s %u is not mapped in this user namespace",
			       what, id);
	err_sys(num, "set %s %u", what, id);
	return num == ENOSYS ? err_hint(NEED_MULTIUSER) : -num;
}

static int set_groups(const struct spec_user *u, bool keep)
{
	int n;

	if (keep && u->additional_gids.n)
		return err_say(EPERM, "additionalGids: this user namespace "
				      "denies setgroups");
	if (keep)
		return 0;
	if (setgroups(u->additional_gids.n, u->additional_gids.v) < 0) {
		err_sys(errno, "set %zu additional groups",
			u->additional_gids.n);
		return err.num == ENOSYS ? err_hint(NEED_MULTIUSER) : -err.num;
	}
	n = getgroups(0, NULL);
	if (n < 0 || (size_t)n != u->additional_gids.n)
		return err_say(EPERM, "%d additional groups instead of %zu", n,
			       u->additional_gids.n);
	return 0;
}

static int set_gid(gid_t gid)
{
	gid_t real, effective, saved;

	if (setresgid(gid, gid, gid) < 0)
		return fail("gid", gid);
	if (getresgid(&real, &effective, &saved) < 0 || real != gid ||
	    effective != gid || saved != gid)
		return err_say(EPERM, "gid is not %u after setting it", gid);
	return 0;
}

static int set_uid(uid_t uid)
{
	uid_t real, effective, saved;

	if (setresuid(uid, uid, uid) < 0)
		return fail("uid", uid);
	if (getresuid(&real, &effective, &saved) < 0 || real != uid ||
	    effective != uid || saved != uid)
		return err_say(EPERM, "uid is not %u after setting it", uid);
	return 0;
}

int ids_set(const struct spec_user *user, bool keep_groups)
{
	int ret;

	umask((mode_t)(user->umask.set ? user->umask.v & 0777 : DEFAULT_UMASK));
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return err_sys(errno, "keep capabilities");
	ret = set_groups(user, keep_groups);
	if (ret == 0)
		ret = set_gid(user->gid);
	if (ret == 0)
		ret = set_uid(user->uid);
	if (ret < 0)
		return ret;
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return err_sys(errno, "drop capabilities on exec");
	/* A change of ids made this what fs.suid_dumpable says. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_sys(errno, "set not dumpable");
	return 0;
}
