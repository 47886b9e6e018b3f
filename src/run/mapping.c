/* SPDX-License-Identifier: Apache-2.0 */
#include "run/mapping.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "kern/ids.h"
#include "kern/limits.h"
#include "kern/need.h"
#include "kern/ns.h"
#include "kern/procfs.h"
#include "kern/sched.h"
#include "kern/self.h"
#include "kern/sys.h"
#include "kern/userns.h"
#include "run/channel.h"
#include "run/child.h"
#include "run/hooks.h"
#include "run/program.h"
#include "run/streams.h"

static void __attribute__((noreturn))
fork_for_parent(struct run *r, struct k_clone_args *args,
		int (*join)(struct run *r), void (*child)(struct run *r))
{
	struct message m;
	int ret;

	fd_close(&r->channel);
	/* The host's files: not for where this goes. */
	fd_close(&r->own.mount);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (join(r) == 0) {
		ret = sys_clone3(args);
		/* The parent has to know whom it talks to. */
		if (ret == 0 && channel_hear(r->peer, &m) == SAY_GO)
			child(r);
		if (ret > 0 && channel_say(r->peer, SAY_FORKED, ret) == 0)
			_exit(0);
		if (ret > 0)
			kill(ret, SIGKILL);
		if (ret < 0)
			ns_explain(ret, args->flags);
	}
	channel_say_error(r->peer);
	_exit(1);
}

static int hear_pid(struct run *r, pid_t *pid)
{
	struct message m;
	int ret = channel_hear(r->channel, &m);

	if (ret == SAY_FORKED) {
		*pid = m.pid;
		return 0;
	}
	if (ret != SAY_ERROR)
		return ret < 0 ? ret :
				 err_say(ECHILD, "the process that forks the "
						 "container's was killed");
	err = m.err;
	return -err.num;
}

int mapping_adopt(struct run *r, pid_t pid)
{
	int ret;

	/* It is ours and not reaped, so the pid is still its own. */
	r->pidfd = sys_pidfd_open(pid);
	if (r->pidfd < 0) {
		ret = err_sys(r->pidfd, "open process %d", pid);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return ret;
	}
	r->pid = pid;
	return 0;
}

int mapping_fork(struct run *r, struct k_clone_args *args,
		 int (*join)(struct run *r), void (*child)(struct run *r))
{
	pid_t pid, by;
	int ret;

	/* A child of ours as any other: the signal is that of the forking. */
	args->flags = (args->flags & ~K_CLONE_PIDFD) | K_CLONE_PARENT;
	args->exit_signal = 0;
	by = sys_fork();
	if (by < 0)
		return err_sys(by, "fork");
	if (by == 0)
		fork_for_parent(r, args, join, child);
	fd_close(&r->peer);
	waitpid(by, NULL, 0);
	ret = hear_pid(r, &pid);
	if (ret == 0)
		ret = mapping_adopt(r, pid);
	return ret < 0 ? ret : channel_say(r->channel, SAY_GO, pid);
}

static int read_maps(struct run *r, int proc)
{
	struct spec_linux *l = &r->plan.config.spec.linux_;
	struct spec_id_mappings uids, gids;
	int ret = userns_read_map(proc, "uid_map", &uids);

	if (ret == 0)
		ret = userns_read_map(proc, "gid_map", &gids);
	if (ret < 0)
		return ret;
	if ((l->uid_mappings.n && !userns_same_map(&l->uid_mappings, &uids)) ||
	    (l->gid_mappings.n && !userns_same_map(&l->gid_mappings, &gids)))
		return err_say(EINVAL,
			       "linux.uidMappings and gidMappings are not "
			       "those of the user namespace that is joined: "
			       "leave them out");
	l->uid_mappings = uids;
	l->gid_mappings = gids;
	return 0;
}

int mapping_enter(struct run *r, int proc, int fd)
{
	int ret = ns_join(NS_USER, fd);

	if (ret == 0)
		ret = self_hide();
	return ret < 0 ? ret : read_maps(r, proc);
}

/* Not an error where nobody could do it: the score is advice. */
static int tolerate(const struct run *r, int ret)
{
	if (ret != -EACCES || !run_is_rootless(r->g))
		return ret;
	log_line(LOG_WARNING, "oomScoreAdj: %s", err.text);
	return 0;
}

static int set_own_oom(const struct run *r, int proc, int32_t score)
{
	int ret = limits_set_oom(proc, "self", score);

	if (ret == -EACCES && geteuid() != 0) {
		/* The file of a process that is not dumpable is root's. We are
		 * still outside, where nobody who is inside has any rights. */
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		ret = limits_set_oom(proc, "self", score);
		if (self_hide() < 0)
			return -err.num;
	}
	return tolerate(r, ret);
}

/* The child does all of it once more, and finds it done. */
static int set_privileged(const struct run *r, pid_t pid)
{
	const struct spec_process *p = r->plan.spec->process;
	uint32_t uid;
	int ret = 0;

	if (!p->terminal &&
	    userns_has(&r->plan.spec->linux_.uid_mappings, p->user.uid, &uid))
		streams_give(uid);
	if (p->scheduler)
		ret = sched_set(pid, &r->plan.sched);
	if (ret == 0 && p->io_priority)
		ret = sched_set_io(pid, r->plan.io_priority);
	limits_raise(pid, p->rlimits.v, p->rlimits.n);
	return ret;
}

int mapping_prepare(struct run *r, int proc)
{
	const struct spec_process *p = r->plan.spec->process;
	int ret = 0;

	if (p && p->oom_score_adj.set)
		ret = set_own_oom(r, proc, p->oom_score_adj.v);
	return ret == 0 && p ? set_privileged(r, 0) : ret;
}

static const char *number(uint32_t v)
{
	char text[16];

	return str_fmt(text, sizeof(text), "%u", v) < 0 ? NULL :
							  arena_str(text);
}

/* newuidmap PID ID HOST-ID SIZE... */
static int run_tool(const struct run *r, const char *name,
		    const struct spec_id_mappings *m, const char *what)
{
	struct spec_hook tool = { .args.n = 2 + 3 * m->n };
	const char **v = arena_get(tool.args.n + 1, sizeof(*v));
	int ret = program_search(&tool.path, name);

	if (!v)
		return -ENOMEM;
	if (ret < 0) {
		err_say(ret, "%s: %s is not in $PATH", what, name);
		return err_hint(NEED_ID_MAP_TOOLS);
	}
	tool.args.v = v;
	*v++ = name;
	*v++ = number((uint32_t)r->pid);
	for (size_t i = 0; i < m->n; i++) {
		*v++ = number(m->v[i].container_id);
		*v++ = number(m->v[i].host_id);
		*v++ = number(m->v[i].size);
	}
	for (size_t i = 0; i < tool.args.n; i++)
		if (!tool.args.v[i])
			return -ENOMEM;
	return hooks_run_program(&tool, what, r->bundle);
}

static int map_uids(const struct run *r, int proc)
{
	const struct spec_id_mappings *m = &r->plan.spec->linux_.uid_mappings;

	if (r->plan.unprivileged && !userns_is_own(m, geteuid()))
		return run_tool(r, "newuidmap", m, "linux.uidMappings");
	return userns_write_map(proc, r->pid, "uid_map", m);
}

static int map_gids(const struct run *r, int proc)
{
	const struct spec_id_mappings *m = &r->plan.spec->linux_.gid_mappings;
	int ret = 0;

	if (r->plan.unprivileged && !userns_is_own(m, getegid()))
		return run_tool(r, "newgidmap", m, "linux.gidMappings");
	if (r->plan.unprivileged)
		ret = userns_deny_groups(proc, r->pid);
	return ret < 0 ? ret : userns_write_map(proc, r->pid, "gid_map", m);
}

/* What is joined has its maps, and who joined it is prepared. */
static int map_ids(const struct run *r, int proc, const char *who)
{
	const struct spec_process *p = r->plan.spec->process;
	int ret;

	if (!(r->plan.clone_flags & K_CLONE_NEWUSER))
		return 0;
	ret = map_gids(r, proc);
	if (ret == 0)
		ret = map_uids(r, proc);
	if (ret == 0 && p && p->oom_score_adj.set)
		ret = tolerate(r,
			       limits_set_oom(proc, who, p->oom_score_adj.v));
	return ret == 0 && p ? set_privileged(r, r->pid) : ret;
}

int mapping_write(struct run *r)
{
	const struct spec_linux *l = &r->plan.spec->linux_;
	autofd proc = -1;
	char who[16];
	int ret;

	if (!r->plan.user_ns)
		return 0;
	ret = run_hear(r, SAY_UNMAPPED);
	if (ret < 0)
		return ret;
	proc = procfs_open_host();
	if (proc < 0)
		return proc;
	ret = str_fmt(who, sizeof(who), "%d", r->pid);
	if (ret >= 0)
		ret = map_ids(r, proc, who);
	if (ret == 0 && r->plan.new_time_ns)
		ret = ns_set_clocks(proc, who, l->offset_monotonic,
				    l->offset_boottime);
	return ret < 0 ? ret : channel_say(r->channel, SAY_GO, r->pid);
}

int mapping_wait(struct run *r)
{
	struct message m;
	int ret = 0;

	if (!r->plan.user_ns)
		return 0;
	/* Its offsets are for a process outside to write, too. */
	if (r->plan.new_time_ns)
		ret = ns_new_time();
	if (ret == 0 && r->plan.unprivileged &&
	    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		ret = err_sys(errno, "PR_SET_DUMPABLE");
	if (ret == 0)
		ret = channel_say(r->channel, SAY_UNMAPPED, 0);
	if (ret < 0)
		return ret;
	if (channel_hear(r->channel, &m) != SAY_GO)
		_exit(1);
	return self_hide();
}

int mapping_own(struct run *r)
{
	const struct spec_linux *l = &r->plan.spec->linux_;
	int ret;

	if (!r->plan.user_ns)
		return 0;
	ret = ids_own(userns_owner(&l->uid_mappings),
		      userns_owner(&l->gid_mappings));
	/* A change of ids has taken it off. */
	return ret < 0 ? ret : child_bind(r);
}
