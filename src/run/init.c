/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child's side of create and run: from clone3(2) to execve(2). It is the
 * parent's copy, with its memory and descriptors, in the container's new
 * namespaces and cgroup.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/limits.h"
#include "kern/lsm.h"
#include "kern/need.h"
#include "kern/ns.h"
#include "kern/sysctl.h"
#include "kern/uapi.h"
#include "run/channel.h"
#include "run/child.h"
#include "run/hooks.h"
#include "run/mapping.h"
#include "run/network.h"
#include "run/notify.h"
#include "run/program.h"
#include "run/run.h"
#include "run/scope.h"
#include "run/streams.h"

static int enter_namespaces(struct run *r)
{
	int k, ret;

	for (k = 0; k < NS_KINDS; k++) {
		/* The pid namespace was joined by the parent, for us; a user
		 * namespace by who forked us. */
		if (r->plan.ns_fd[k] >= 0 && k != NS_PID && k != NS_USER) {
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

static int attach_root(struct run *r)
{
	return rootfs_attach(&r->plan.rootfs);
}

static int mount_until(struct run *r, bool all)
{
	int ret = rootfs_mount(&r->plan.rootfs, all);

	if (ret == -EROFS)
		return plan_blame_mount(&r->plan, r->plan.rootfs.at);
	return ret < 0 ? ret : rootfs_devices(&r->plan.rootfs);
}

static int mount_some(struct run *r)
{
	return mount_until(r, false);
}

static int mount_rest(struct run *r)
{
	int ret = mount_until(r, true);

	return ret < 0 ? ret : notify_mount(r);
}

static int set_clocks(struct run *r)
{
	const struct spec_linux *l = &r->plan.spec->linux_;

	int proc = r->plan.rootfs.proc, ret = 0;

	if (!r->plan.new_time_ns)
		return 0;
	if (!r->plan.user_ns) {
		ret = ns_new_time();
		if (ret == 0)
			ret = ns_set_clocks(proc, "self", l->offset_monotonic,
					    l->offset_boottime);
	}
	return ret < 0 ? ret : ns_enter_time(proc);
}

/* The parent's hooks run while we wait, ours after them: before pivot_root(2),
 * in the container's namespaces, with paths of the runtime's. The spec wants
 * the pid of the container's for them, too. */
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
	return hooks_run(&h->create_container, "createContainer",
			 r->plan.rootfs.root, &r->state, "creating", getpid(),
			 NULL);
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
	int ret = p ? program_make_cwd(p->cwd) : 0;

	return ret == -EROFS ? err_hint(NEED_MOUNT_POINT) : ret;
}

/* Likewise, and while devices may be made. */
static int set_streams(struct run *r)
{
	return streams_set(r, r->plan.rootfs.root,
			   r->plan.spec->linux_.ns[NS_MOUNT].wanted);
}

static int mask(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	int ret = rootfs_finish(&r->plan.rootfs);

	if (ret == 0 && p && p->oom_score_adj.set && !r->plan.user_ns)
		ret = limits_set_oom(r->plan.rootfs.proc, "self",
				     p->oom_score_adj.v);
	fd_close(&r->plan.rootfs.root);
	/* A label is put on at the very end; nothing else needs it so long. */
	if (!p || (!p->apparmor_profile && !p->selinux_label))
		fd_close(&r->plan.rootfs.proc);
	return ret;
}

/* Programs of the container's own, so they have what its process has. */
static int run_start_hooks(struct run *r)
{
	autofd root = -1;
	const struct spec_hook_list *l = &r->plan.spec->hooks.start_container;
	const struct hooks_as as = {
		.env = r->plan.envp,
		.become = child_become_hook,
		.arg = r,
	};

	if (!l->n)
		return 0;
	root = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	return root < 0 ? root :
			  hooks_run(l, "startContainer", root, &r->state,
				    "created", getpid(), &as);
}

static const struct stage stages[] = {
	{ "guard", child_guard },
	{ "exchange", child_exchange },
	{ "unit", scope_wait },
	{ "namespaces", enter_namespaces },
	{ "maps", mapping_wait },
	{ "root", attach_root },
	{ "ids", mapping_own },
	{ "mounts", mount_some },
	{ "keyring", child_join_keyring },
	{ "bounds", child_bound_early },
	{ "network", network_join },
	{ "more mounts", mount_rest },
	{ "clocks", set_clocks },
	{ "hooks", run_create_hooks },
	{ "enter root", enter_root },
	{ "names", set_names },
	{ "sysctl", set_sysctls },
	{ "cwd", make_cwd },
	{ "streams", set_streams },
	{ "masks", mask },
	{ "program", child_find_program },
	{ "wait", child_wait },
	{ "start hooks", run_start_hooks },
	{ "limits", child_set_limits },
	{ "labels", child_set_labels },
	{ "descriptors", child_close_descriptors },
	{ "filter", child_filter_privileged },
	{ "user", child_become_user },
	{ "late wait", child_wait_late },
	{ "execute", child_execute },
};

void init_main(struct run *r)
{
	stage_run(stages, sizeof(stages) / sizeof(stages[0]), r, "init");
	child_fail(r);
}
