/* SPDX-License-Identifier: Apache-2.0 */
#include "run/live.h"

#include <errno.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/cgroup.h"

void live_close(struct live *l)
{
	store_close(&l->store);
	fd_close(&l->pidfd);
	fd_close(&l->cgroup);
}

static int load(struct live *l, const char *id)
{
	int ret = status_load(&l->store, &l->state, &l->status, &l->pidfd);

	/* A directory without a record is being made, or was abandoned. */
	if (ret == -ENOENT)
		return err_say(ENOENT, "container does not exist: %s", id);
	if (ret < 0 || !l->state.cgroup)
		return ret;
	l->cgroup = cgroup_open(l->state.cgroup);
	return l->cgroup < 0 && l->cgroup != -ENOENT ? l->cgroup : 0;
}

int live_open(struct live *l, const struct run_global *g, const char *id)
{
	int ret = store_open(&l->store, g->root, id);

	return ret < 0 ? ret : load(l, id);
}

int live_open_locked(struct live *l, const struct run_global *g, const char *id)
{
	int ret = store_open(&l->store, g->root, id);

	if (ret == 0)
		ret = store_trylock(&l->store);
	if (ret != -EWOULDBLOCK)
		return ret < 0 ? ret : load(l, id);
	/* A hook of its creation would wait for itself. */
	ret = load(l, id);
	if (ret < 0 || l->status == STATUS_CREATING)
		return ret;
	fd_close(&l->pidfd);
	fd_close(&l->cgroup);
	ret = store_lock(&l->store);
	return ret < 0 ? ret : load(l, id);
}

int live_need_cgroup(const struct live *l, const char *what)
{
	if (l->status == STATUS_STOPPED)
		return err_say(ESRCH, "container not running: %s", l->store.id);
	if (l->status == STATUS_CREATING)
		return err_say(EBUSY, "container is being created: %s",
			       l->store.id);
	if (l->cgroup < 0)
		return err_say(ENOTSUP, "%s: %s has no cgroup", what,
			       l->store.id);
	return 0;
}
