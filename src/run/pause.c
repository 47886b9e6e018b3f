/* SPDX-License-Identifier: Apache-2.0 */
/* pause and resume: the freezer of the container's cgroup. */
#include <errno.h>

#include "base/err.h"
#include "kern/cgroup.h"
#include "run/live.h"

int run_pause(const struct run_global *g, const char *id)
{
	autolive l = LIVE_NONE;
	int ret = live_open_locked(&l, g, id);

	if (ret == 0)
		ret = live_need_cgroup(&l, "pause");
	if (ret < 0)
		return ret;
	if (l.status == STATUS_PAUSED)
		return err_say(EBUSY, "container is paused already: %s", id);
	ret = cgroup_freeze(l.cgroup, true);
	return ret < 0 ? err_prefix("pause %s", id) : 0;
}

/* Also one that is not quite frozen: pause may have been killed in between. */
int run_resume(const struct run_global *g, const char *id)
{
	autolive l = LIVE_NONE;
	int ret = live_open_locked(&l, g, id);

	if (ret == 0)
		ret = live_need_cgroup(&l, "resume");
	if (ret < 0)
		return ret;
	if (l.status != STATUS_PAUSED && !cgroup_is_freezing(l.cgroup))
		return err_say(EINVAL, "container not paused: %s", id);
	ret = cgroup_freeze(l.cgroup, false);
	return ret < 0 ? err_prefix("resume %s", id) : 0;
}
