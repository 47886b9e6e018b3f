/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"
#include "cmd/global.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"

static bool is_failure(unsigned int status)
{
	return status >= 1 && status <= 255;
}

int global_begin(const struct global *o)
{
	enum log_level most = (enum log_level)o->log_level;

	if (is_failure(o->failure_status))
		cmd_set_failure((int)o->failure_status);
	return log_open(o->log, o->log_format == 1,
			o->debug ? LOG_DEBUG : most);
}

/* Who is root only in a user namespace, as rootless podman calls us, is a user
 * all the same: as in runc, if he is not called root. */
static bool is_user(void)
{
	const char *name = getenv("USER");

	return geteuid() != 0 ||
	       (!(name && str_eq(name, "root")) && run_in_user_namespace());
}

static const char *default_root(void)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");

	/* The XDG base directory specification: a relative one is ignored. */
	return dir && *dir == '/' && is_user() ? arena_cat(dir, "/runt", NULL) :
						 "/run/runt";
}

/* Whatever way the path takes to get there. */
static bool is_slash(const char *path)
{
	struct stat a, b;

	return stat(path, &a) == 0 && stat("/", &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int global_resolve(const struct global *o, struct run_global *g)
{
	const char *root = o->root ? path_absolute(o->root) : default_root();

	if (!root)
		return -err.num;
	if (o->failure_status != UINT_MAX && !is_failure(o->failure_status))
		return err_say(EINVAL, "--failure-status must be 1 to 255");
	if (o->root && (!*o->root || is_slash(root)))
		return err_say(EINVAL, "--root must not be \"%s\"", o->root);
	g->root = root;
	if (o->systemd_cgroup && o->cgroup_manager >= 0 &&
	    o->cgroup_manager != CGROUP_SYSTEMD)
		return err_say(EINVAL, "--systemd-cgroup and --cgroup-manager "
				       "contradict each other");
	g->cgroup_manager =
		o->systemd_cgroup     ? CGROUP_SYSTEMD :
		o->cgroup_manager < 0 ? CGROUP_CGROUPFS :
					(enum cgroup_manager)o->cgroup_manager;
	if (g->cgroup_manager == CGROUP_DISABLED &&
	    o->device_rules == DEVICE_RULES_REQUIRED)
		return err_say(EINVAL, "--device-rules=required needs cgroups, "
				       "which are disabled");
	g->device_rules = o->device_rules < 0 ?
				  DEVICE_RULES_REQUIRED :
				  (enum device_rules)o->device_rules;
	g->rootless = (enum rootless)o->rootless;
	return 0;
}
