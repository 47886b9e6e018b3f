/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/ids.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/caps.h"
#include "kern/need.h"
#include "kern/sys.h"

static int fail(int num, const char *what, uint32_t id)
{
	num = -num;
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

	if (!u->additional_gids.n && getgroups(0, NULL) == 0)
		return 0;
	n = -sys_setgroups(u->additional_gids.n, u->additional_gids.v);
	if (n) {
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
	if (n < 0) {
		err_sys(errno, "look at the additional groups");
		return err_hint(NEED_SECCOMP_CALLS);
	}
	if ((size_t)n != u->additional_gids.n)
		return err_say(EPERM, "%d additional groups instead of %zu", n,
			       u->additional_gids.n);
	return 0;
}

/* Root is what most are, and were: looking is cheaper. A profile may have but the
 * older calls; with these, the saved id is what setresuid(2) says. */
static bool is_gid(gid_t gid)
{
	gid_t real, effective, saved;

	if (getresgid(&real, &effective, &saved) < 0)
		return getgid() == gid && getegid() == gid;
	return real == gid && effective == gid && saved == gid;
}

static bool is_uid(uid_t uid)
{
	uid_t real, effective, saved;

	if (getresuid(&real, &effective, &saved) < 0)
		return getuid() == uid && geteuid() == uid;
	return real == uid && effective == uid && saved == uid;
}

static int is_not(const char *what, uint32_t id)
{
	err_say(EPERM, "%s is not %u after setting it", what, id);
	return err_hint(NEED_SECCOMP_CALLS);
}

static int set_gid(gid_t gid)
{
	int ret = sys_setresgid(gid, gid, gid);

	if (ret < 0)
		return fail(ret, "gid", gid);
	return is_gid(gid) ? 0 : is_not("gid", gid);
}

static int set_uid(uid_t uid)
{
	int ret = sys_setresuid(uid, uid, uid);

	if (ret < 0)
		return fail(ret, "uid", uid);
	return is_uid(uid) ? 0 : is_not("uid", uid);
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

static int change(uint32_t uid, uint32_t gid)
{
	int ret;

	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return err_sys(errno, "keep capabilities");
	ret = set_gid(gid);
	if (ret == 0)
		ret = set_uid(uid);
	if (ret < 0)
		return ret;
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return err_sys(errno, "drop capabilities on exec");
	return hide();
}

int ids_set(const struct spec_user *user)
{
	int ret = ids_set_groups(user);

	if (ret < 0 || (is_gid(user->gid) && is_uid(user->uid)))
		return ret;
	return change(user->uid, user->gid);
}
