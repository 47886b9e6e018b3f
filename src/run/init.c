/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child's side of create and run: from clone3(2) to execve(2). It is the
 * parent's copy, with its memory and descriptors, in the container's new
 * namespaces and cgroup.
 *
 * The order at the end: the gate, then what only root may set, then labels, no
 * new privileges, ids, capabilities. Nothing of the host is open any more when
 * the first path of the container's is looked up.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "kern/caps.h"
#include "kern/ids.h"
#include "kern/keyring.h"
#include "kern/limits.h"
#include "kern/lsm.h"
#include "kern/ns.h"
#include "kern/sched.h"
#include "kern/self.h"
#include "kern/sys.h"
#include "kern/sysctl.h"
#include "run/channel.h"
#include "run/hooks.h"
#include "run/program.h"
#include "run/run.h"
#include "run/signals.h"

/* The program's path, from before the gate to after it. */
static const char *program;

/* Dies with the parent from here on, also if that is dead already: its end of
 * the channel is closed then. */
static int bind_to_parent(struct run *r)
{
	char c;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return err_sys(errno, "PR_SET_PDEATHSIG");
	if (recv(r->channel, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
		_exit(1);
	return 0;
}

static int guard(struct run *r)
{
	/* Our end of the channel; the copy of the parent's would hide its
	 * death from us. */
	fd_close(&r->channel);
	r->channel = fd_take(&r->peer);
	fd_close(&r->signals);
	store_close(&r->store);
	fd_close(&r->cgroup);
	if (!log_wants(LOG_WARNING) && log_fd() >= 0)
		close(log_fd());
	signals_reset();
	if (setsid() < 0)
		return err_sys(errno, "setsid");
	return bind_to_parent(r);
}

static int enter_namespaces(struct run *r)
{
	int k, ret;

	for (k = 0; k < NS_KINDS; k++) {
		/* The pid namespace was joined by the parent, for us. */
		if (r->plan.ns_fd[k] >= 0 && k != NS_PID) {
			ret = ns_join((enum spec_ns_kind)k, r->plan.ns_fd[k]);
			if (ret < 0)
				return ret;
		}
		fd_close(&r->plan.ns_fd[k]);
	}
	if (r->plan.new_cgroup_ns && unshare(K_CLONE_NEWCGROUP) < 0)
		return ns_explain(errno, K_CLONE_NEWCGROUP);
	return 0;
}

/* A container under an SELinux label gets keys with that label. */
static int join_keyring(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	const char *label = p ? p->selinux_label : NULL;
	int proc = r->plan.rootfs.proc, ret = 0;

	if (r->o->no_new_keyring)
		return 0;
	if (label)
		ret = lsm_set_keycreate(proc, label);
	if (ret == 0)
		ret = keyring_join(r->o->id, false);
	if (ret == 0 && label)
		ret = lsm_set_keycreate(proc, NULL);
	return ret;
}

static int attach_root(struct run *r)
{
	return rootfs_attach(&r->plan.rootfs);
}

static int mount_all(struct run *r)
{
	return rootfs_mount(&r->plan.rootfs);
}

static int make_devices(struct run *r)
{
	return rootfs_devices(&r->plan.rootfs);
}

static int set_clocks(struct run *r)
{
	const struct spec_linux *l = &r->plan.spec->linux_;

	if (!r->plan.new_time_ns)
		return 0;
	return ns_new_time(r->plan.rootfs.proc, l->offset_monotonic,
			   l->offset_boottime);
}

/* The parent's hooks run while we wait, ours after them: before pivot_root(2),
 * in the container's namespaces, with paths of the runtime's. */
static int run_create_hooks(struct run *r)
{
	const struct spec_hooks *h = &r->plan.spec->hooks;
	struct message m;
	int ret;

	/* All is made that was to have a mode of its own. */
	umask(022);
	if (!h->prestart.n && !h->create_runtime.n && !h->create_container.n)
		return 0;
	ret = channel_say(r->channel, SAY_MOUNTED, 0);
	if (ret < 0)
		return ret;
	if (channel_hear(r->channel, &m) != SAY_GO)
		_exit(1);
	r->pid = m.pid;
	return hooks_run(&h->create_container, "createContainer",
			 r->plan.rootfs.root, &r->state, "creating", r->pid);
}

static int enter_root(struct run *r)
{
	int ret = rootfs_enter(&r->plan.rootfs);

	/* The last directory of the host's. */
	fd_close(&r->bundle);
	return ret;
}

static int set_names(struct run *r)
{
	return ns_set_names(r->plan.spec->hostname, r->plan.spec->domainname);
}

static int bring_up_loopback(struct run *r)
{
	return r->plan.clone_flags & K_CLONE_NEWNET ? ns_loopback() : 0;
}

static int set_sysctls(struct run *r)
{
	const struct spec_pairs *v = &r->plan.spec->linux_.sysctl;
	size_t i;
	int ret;

	for (i = 0; i < v->n; i++) {
		ret = sysctl_write(r->plan.rootfs.proc, v->v[i].name,
				   v->v[i].value);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* Before the root becomes read-only. */
static int make_cwd(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;

	return p ? program_make_cwd(p->cwd) : 0;
}

static int mask(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	int ret = rootfs_finish(&r->plan.rootfs);

	if (ret == 0 && p && p->oom_score_adj.set)
		ret = limits_set_oom(r->plan.rootfs.proc, p->oom_score_adj.v);
	fd_close(&r->plan.rootfs.root);
	/* A label is put on at the very end; nothing else needs it so long. */
	if (!p || (!p->apparmor_profile && !p->selinux_label))
		fd_close(&r->plan.rootfs.proc);
	return ret;
}

static int find_program(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	int ret;

	if (!p)
		return 0;
	ret = program_add_home(r->plan.envp, r->plan.nenv, p->user.uid);
	if (ret == 0)
		ret = program_enter_cwd(p->cwd);
	if (ret < 0)
		return ret;
	return program_find(&program, r->plan.argv[0], r->plan.envp, &p->user);
}

/* One connection, one word. Who connected and died without it was killed in
 * the middle of `start`: nobody will come again, since the gate is gone. */
static int pass_gate(struct run *r)
{
	struct message m;
	int ret;

	if (prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0)
		return err_sys(errno, "PR_SET_PDEATHSIG");
	ret = channel_say(r->channel, SAY_DETACHED, 0);
	if (ret < 0)
		return ret;
	fd_close(&r->channel);
	do
		r->channel = accept4(r->gate, NULL, NULL, SOCK_CLOEXEC);
	while (r->channel < 0 && errno == EINTR);
	if (r->channel < 0)
		return err_sys(errno, "accept at the gate");
	fd_close(&r->gate);
	ret = channel_hear(r->channel, &m);
	if (ret != SAY_START)
		_exit(1);
	if (!r->plan.spec->process)
		return err_say(EINVAL, "the container has no process to start");
	return 0;
}

static int wait_for_start(struct run *r)
{
	struct message m;
	int ret = channel_say(r->channel, SAY_READY, 0);

	if (ret < 0)
		return ret;
	ret = channel_hear(r->channel, &m);
	r->pid = m.pid;
	if (ret == SAY_DETACH)
		return pass_gate(r);
	if (ret != SAY_START)
		_exit(1);
	if (!r->tied && prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0)
		return err_sys(errno, "PR_SET_PDEATHSIG");
	return 0;
}

static int run_start_hooks(struct run *r)
{
	autofd root = -1;
	const struct spec_hook_list *l = &r->plan.spec->hooks.start_container;

	if (!l->n)
		return 0;
	root = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	return root < 0 ? root :
			  hooks_run(l, "startContainer", root, &r->state,
				    "created", r->pid);
}

static int set_limits(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	int ret = 0;

	sched_reset_cpus();
	if (ret == 0 && p->scheduler)
		ret = sched_set(&r->plan.sched);
	if (ret == 0 && p->io_priority)
		ret = sched_set_io(r->plan.io_priority);
	if (ret == 0 && r->plan.spec->linux_.personality)
		ret = limits_set_personality(r->plan.persona);
	return ret == 0 ? limits_set(p->rlimits.v, p->rlimits.n) : ret;
}

static int set_labels(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	int proc = r->plan.rootfs.proc;
	int ret = lsm_set_apparmor(proc, p->apparmor_profile);

	return ret < 0 ? ret : lsm_set_selinux(proc, p->selinux_label);
}

static int become_user(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	char text[512];
	struct sbuf ignored = SBUF(text);
	int ret;

	ret = caps_limit(&r->plan.caps, &ignored);
	if (ret < 0)
		return ret;
	if (ignored.len)
		log_line(LOG_WARNING, "capabilities left out: %s",
			 sbuf_cut(&ignored));
	ret = caps_bound(r->plan.caps.bounding);
	if (ret == 0 && p->no_new_privileges &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		ret = err_sys(errno, "PR_SET_NO_NEW_PRIVS");
	if (ret == 0)
		ret = ids_set(&p->user, false);
	if (ret == 0)
		ret = caps_apply(&r->plan.caps);
	/* A change of ids has taken it off. */
	if (ret == 0 && r->tied)
		ret = bind_to_parent(r);
	return ret;
}

static int execute(struct run *r)
{
	/* All of ours are close-on-exec; this is for what a library or a
	 * forgotten flag may have opened. */
	int ret = sys_close_range(3 + r->o->preserve_fds, ~0U,
				  K_CLOSE_RANGE_CLOEXEC);

	/* EINVAL: before Linux 5.11. */
	if (ret < 0 && ret != -EINVAL)
		return err_sys(ret, "close_range");
	return program_exec(program, r->plan.argv, r->plan.envp);
}

static const struct stage stages[] = {
	{ "guard", guard },
	{ "namespaces", enter_namespaces },
	{ "root", attach_root },
	{ "mounts", mount_all },
	{ "keyring", join_keyring },
	{ "devices", make_devices },
	{ "clocks", set_clocks },
	{ "hooks", run_create_hooks },
	{ "enter root", enter_root },
	{ "names", set_names },
	{ "loopback", bring_up_loopback },
	{ "sysctl", set_sysctls },
	{ "cwd", make_cwd },
	{ "masks", mask },
	{ "program", find_program },
	{ "wait", wait_for_start },
	{ "start hooks", run_start_hooks },
	{ "limits", set_limits },
	{ "labels", set_labels },
	{ "user", become_user },
	{ "execute", execute },
};

void init_main(struct run *r)
{
	stage_run(stages, sizeof(stages) / sizeof(stages[0]), r, "init");
	channel_say_error(r->channel);
	_exit(1);
}
