/* SPDX-License-Identifier: Apache-2.0 */
#include "run/scope.h"

#include <errno.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/cgroup.h"
#include "kern/systemd.h"
#include "run/channel.h"

static int is_child(pid_t pid, void *arg)
{
	return pid == *(pid_t *)arg;
}

/* The record says where the child is, and that decides what is killed: that
 * has to be so. */
static int check_place(struct run *r)
{
	int ret;

	r->cgroup = cgroup_open(r->state.cgroup);
	ret = r->cgroup < 0 ? r->cgroup :
			      cgroup_pids(r->cgroup, is_child, &r->pid);
	if (ret == 1 || (ret < 0 && ret != -ENOENT))
		return ret < 0 ? ret : 0;
	return err_say(ENOENT, "systemd: unit %s is not in cgroup %s",
		       r->state.systemd_unit, r->state.cgroup);
}

/* A slice takes no processes from systemd, but it is a cgroup. */
static int enter_slice(struct run *r)
{
	autofd fd = -1;
	char pid[16];
	int ret;

	if (systemd_is_scope(&r->plan.unit))
		return 0;
	fd = cgroup_open(r->state.cgroup);
	if (fd < 0)
		return fd;
	ret = str_fmt(pid, sizeof(pid), "%d", r->pid);
	return ret < 0 ? ret : fd_write_text(fd, "cgroup.procs", pid);
}

static int make_unit(struct run *r)
{
	char description[1100];
	const struct systemd_start s = {
		.description = description,
		.pid = r->pid,
		.limits = &r->plan.limits,
		.annotations = &r->plan.spec->annotations,
	};
	int ret = str_fmt(description, sizeof(description), "runt container %s",
			  r->o->id);

	if (ret >= 0)
		ret = systemd_start(&r->plan.unit, &s, &r->unit_made);
	systemd_close();
	if (ret == 0)
		ret = enter_slice(r);
	return ret;
}

int scope_make(struct run *r)
{
	int ret;

	if (!r->plan.unit.name)
		return 0;
	ret = make_unit(r);
	if (ret == 0)
		ret = check_place(r);
	/* The files again: not all that they take has a property. */
	if (ret == 0)
		ret = cgset_write(&r->plan.limits, r->cgroup, r->state.cgroup);
	if (ret == 0)
		ret = run_delegate(r);
	return ret < 0 ? ret : channel_say(r->channel, SAY_GO, r->pid);
}

int scope_wait(struct run *r)
{
	struct message m;

	if (!r->plan.unit.name)
		return 0;
	if (channel_hear(r->channel, &m) != SAY_GO)
		_exit(1);
	return 0;
}
