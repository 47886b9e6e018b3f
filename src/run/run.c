/* SPDX-License-Identifier: Apache-2.0 */
/* run: create and start in one, then the container's parent until it ends. */
#include "run/run.h"

#include <errno.h>
#include <unistd.h>

#include "base/err.h"
#include "run/destroy.h"
#include "run/hooks.h"
#include "run/inherit.h"
#include "run/monitor.h"
#include "run/notify.h"
#include "run/start.h"

/* The container has ended by itself: all that is left of it goes, then the
 * last hooks run. */
static int clean_up(struct run *r)
{
	int ret = store_lock(&r->store);

	/* Somebody else deleted it, hooks and all. */
	if (ret == -ENOENT)
		return 0;
	if (ret == 0)
		ret = destroy(&r->store, &r->state);
	hooks_run_poststop(r->plan.spec, r->bundle, &r->state);
	return ret;
}

/* Stays until it is deleted, or until the next of its name. */
static int keep(struct run *r, int status)
{
	int ret = store_lock(&r->store);

	if (ret < 0)
		return ret == -ENOENT ? 0 : ret;
	r->state.exit_status = (struct opt_u32){ (uint32_t)status, true };
	ret = store_save(&r->store, &r->state);
	store_unlock(&r->store);
	return ret;
}

static int follow(struct run *r, int *status)
{
	struct err first;
	int ret;

	/* Others may look at it, signal and delete it from now on. */
	store_unlock(&r->store);
	ret = monitor(r, status);
	if (ret < 0) {
		first = err;
		run_reap(r);
		clean_up(r);
		err = first;
		return ret;
	}
	r->pid = 0;
	if (r->o->keep)
		return keep(r, *status);
	/* It was reaped: there is nobody to look for. */
	r->state.init = (struct state_process){ 0 };
	return clean_up(r);
}

/* Who called us takes our end for the container's being ready. */
static int await_ready(struct run *r)
{
	struct err first;
	int ret;

	store_unlock(&r->store);
	ret = notify_wait(r->notify, r->pidfd, r->signals, r->pid);
	if (ret == 0)
		return 0;
	first = err;
	clean_up(r);
	err = first;
	return ret;
}

int run_run(const struct run_global *g, const struct run_options *o,
	    int *status)
{
	struct run r = {
		.g = g,
		.o = o,
		.start_now = true,
		.tied = !o->detach,
	};
	int ret = run_prepare(&r);

	*status = 0;
	if (ret < 0)
		goto out;
	ret = run_go(&r);
	if (ret == 0 && o->detach)
		ret = run_release(&r);
	if (ret < 0) {
		run_undo(&r);
		goto out;
	}
	ret = start_poststart(&r.store, &r.state, &r.plan.config, r.bundle);
	if (ret == 0)
		inherit_say_ready(o->ready_fd);
	if (ret == 0 && !o->detach)
		ret = follow(&r, status);
	else if (ret == 0 && r.notify >= 0)
		ret = await_ready(&r);
out:
	if (ret < 0 && r.pid_file_made)
		unlink(r.plan.pid_file);
	run_close(&r);
	return ret;
}
