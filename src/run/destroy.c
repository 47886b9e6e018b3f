/* SPDX-License-Identifier: Apache-2.0 */
#include "run/destroy.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "kern/cgroup.h"
#include "kern/resctrl.h"
#include "kern/sys.h"
#include "kern/systemd.h"
#include "run/status.h"

enum {
	PATIENCE_MS = 10000,
	LAST_MS = 1000, /* for what dies with its pid namespace */
};

static int kill_init(const struct state *state)
{
	autofd pidfd = -1;
	struct pollfd p = { .events = POLLIN };
	int ret = status_is_alive(&state->init, &pidfd);

	if (ret <= 0)
		return ret;
	ret = sys_pidfd_send_signal(pidfd, SIGKILL);
	if (ret < 0 && ret != -ESRCH)
		return err_sys(ret, "kill init of %s", state->id);
	p.fd = pidfd;
	if (poll(&p, 1, PATIENCE_MS) == 0)
		return err_say(ETIMEDOUT, "container init still running: %s",
			       state->id);
	return 0;
}

/* Of a creation that was cut off, the record need not know the init. */
static bool has_ended(const struct state *state)
{
	return state->private_pidns && state->phase != PHASE_CREATING &&
	       status_is_alive(&state->init, NULL) == 0;
}

/*
 * systemd removes one as soon as it is empty, at any moment of this. 1: another
 * container was let into it, when it was empty; all that is left of this one
 * has died with its pid namespace.
 */
static int empty_cgroup(const struct state *state)
{
	autofd fd = cgroup_open(state->cgroup);
	int ret = fd < 0 ? fd : cgroup_populated(fd);

	if (ret == 1 && has_ended(state)) {
		ret = cgroup_wait_empty(fd, LAST_MS);
		if (ret == -ETIMEDOUT) {
			log_line(LOG_WARNING, "others live in cgroup %s",
				 state->cgroup);
			return 1;
		}
	} else if (ret == 1) {
		ret = cgroup_signal(fd, SIGKILL, true);
		if (ret == 0)
			ret = cgroup_wait_empty(fd, PATIENCE_MS);
	}
	return ret == -ENOENT || ret == -ENODEV ? 0 : ret;
}

/* Once init was reaped: the kernel removes no cgroup in which a process is, so
 * that it removes it shows that there is none. Before, who finds the cgroup
 * gone would find init there still. */
static int kill_all(const struct state *state)
{
	if (!state->cgroup || (!state->init.pid && !state->systemd_unit &&
			       cgroup_remove_empty(state->cgroup)))
		return 0;
	return empty_cgroup(state);
}

/* If systemd is only out of our reach, it removes an empty cgroup soon, and by
 * that knows that the unit has ended: so it goes first. */
static void leave_to_systemd(const char *cgroup)
{
	const struct timespec nap = { .tv_nsec = 50 * 1000000 };
	int i;

	for (i = 0; i < 20; i++) {
		autofd fd = cgroup_open(cgroup);

		if (fd < 0)
			return;
		nanosleep(&nap, NULL);
	}
}

/* A manager that is gone has left no unit, and a cgroup that it left is removed
 * as any other. */
static int remove_unit(const struct state *state)
{
	int ret = systemd_open(state->systemd_address);

	if (ret < 0) {
		log_line(LOG_WARNING, "unit %s is not removed: %s",
			 state->systemd_unit, err.text);
		if (state->cgroup)
			leave_to_systemd(state->cgroup);
		return 0;
	}
	ret = systemd_remove(state->systemd_unit);
	systemd_close();
	return ret;
}

static int remove_rdt(const struct state *state)
{
	autofd root = resctrl_open();

	/* Unmounted, and all groups with it. */
	return root < 0 ? 0 : resctrl_remove(root, state->intel_rdt);
}

int destroy(const struct store *s, const struct state *state)
{
	int others = kill_all(state);
	int ret = others < 0 ? others : kill_init(state);

	if (ret == 0 && !others && state->systemd_unit)
		ret = remove_unit(state);
	if (ret == 0 && !others && state->cgroup)
		ret = cgroup_remove(state->cgroup, (size_t)state->cgroup_kept);
	if (ret == 0 && state->intel_rdt)
		ret = remove_rdt(state);
	return ret < 0 ? ret : store_remove(s);
}

int destroy_abandoned(const struct store *s)
{
	struct state state;
	int ret = store_load(s, &state);

	/* Killed before it could write a record: before it made anything. */
	if (ret == -ENOENT)
		return store_remove(s);
	if (ret < 0)
		return ret;
	/* Who creates holds the lock, and we have it now. */
	ret = state.phase == PHASE_CREATING ? 0 :
	      !state.keeper.pid             ? 1 :
				  status_is_alive(&state.keeper, NULL);
	if (ret < 0)
		return ret;
	if (ret)
		return err_say(EEXIST,
			       "container with given ID already exists: %s",
			       s->id);
	return destroy(s, &state);
}
