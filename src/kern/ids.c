/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/ids.h"

#include <errno.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/caps.h"
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

/* Who may set groups and yet can't is in a user namespace that gave it up, and
 * keeps those that he has. */
static bool is_denied(int num)
{
	return num == EPERM && caps_have("CAP_SETGID");
}

int ids_set_groups(const struct spec_user *u)
{
	int n;

	if (setgroups(u->additional_gids.n, u->additional_gids.v) < 0) {
		n = errno;
		if (is_denied(n))
			return u->additional_gids.n ?
				       err_say(EPERM,
					       "additionalGids: this user "
					       "namespace denies setgroups") :
				       0;
		err_sys(n, "set %zu additional groups", u->additional_gids.n);
		return n == ENOSYS ? err_hint(NEED_MULTIUSER) : -n;
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

/* A change of ids made this what fs.suid_dumpable says. */
static int hide(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_sys(errno, "set not dumpable");
	return 0;
}

int ids_own(uint32_t uid, uint32_t gid)
{
	static const struct spec_user nobody;
	int ret = ids_set_groups(&nobody);

	if (ret == 0)
		ret = set_gid(gid);
	if (ret == 0)
		ret = set_uid(uid);
	return ret < 0 ? ret : hide();
}

int ids_set(const struct spec_user *user)
{
	int ret;

	umask((mode_t)(user->umask.set ? user->umask.v & 0777 : DEFAULT_UMASK));
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return err_sys(errno, "keep capabilities");
	ret = ids_set_groups(user);
	if (ret == 0)
		ret = set_gid(user->gid);
	if (ret == 0)
		ret = set_uid(user->uid);
	if (ret < 0)
		return ret;
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return err_sys(errno, "drop capabilities on exec");
	return hide();
}
