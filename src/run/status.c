/* SPDX-License-Identifier: Apache-2.0 */
#include "run/status.h"

#include <errno.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/cgroup.h"
#include "kern/proc.h"
#include "kern/procfs.h"

const char *status_word(enum status status)
{
	static const char words[][9] = {
		[STATUS_CREATING] = "creating", [STATUS_CREATED] = "created",
		[STATUS_RUNNING] = "running",   [STATUS_PAUSED] = "paused",
		[STATUS_STOPPED] = "stopped",
	};

	return words[status];
}

int status_exit(int code)
{
	return WIFSIGNALED(code) ? 128 + WTERMSIG(code) : WEXITSTATUS(code);
}

static int kept = -1;

int status_keep_proc(void)
{
	kept = procfs_open_host();
	return kept < 0 ? kept : 0;
}

static int find(const struct state_process *who)
{
	autofd own = -1, fd = -1;
	struct proc_stat stat;

	if (who->inode)
		return proc_open_inode(who->pid, who->inode);
	if (kept < 0)
		own = procfs_open_host();
	if (kept < 0 && own < 0)
		return own;
	fd = proc_open(&stat, kept < 0 ? own : kept, who->pid, who->start);
	if (fd >= 0 && (stat.state == 'Z' || stat.state == 'X'))
		return -ESRCH;
	return fd < 0 ? fd : fd_take(&fd);
}

int status_is_alive(const struct state_process *who, int *pidfd)
{
	autofd fd = -ESRCH;

	if (who->pid)
		fd = find(who);
	if (fd == -ESRCH)
		return 0;
	if (fd < 0)
		return fd;
	if (pidfd)
		*pidfd = fd_take(&fd);
	return 1;
}

int status_load(const struct store *s, struct state *state, enum status *status,
		int *pidfd)
{
	int ret = store_load(s, state);

	if (ret < 0)
		return ret;
	*status = STATUS_STOPPED;
	if (state->phase == PHASE_CREATING) {
		ret = status_is_alive(&state->keeper, NULL);
		if (ret > 0)
			*status = STATUS_CREATING;
		return ret < 0 ? ret : 0;
	}
	ret = status_is_alive(&state->init, pidfd);
	if (ret <= 0)
		return ret;
	if (state->cgroup && cgroup_frozen(state->cgroup) > 0)
		*status = STATUS_PAUSED;
	else
		*status = state->phase == PHASE_CREATED && store_has_gate(s) ?
				  STATUS_CREATED :
				  STATUS_RUNNING;
	return 0;
}
