/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child is born in the container's cgroup and namespaces, which a process in
 * between enters with one setns(2) on the pidfd of init: there is no instant in
 * which it runs outside, and none in which a pid could be another's. Nor is
 * there one in which the container, in whose pid namespace it is, could see
 * anything of the host's through it: who has CAP_SYS_PTRACE there may look at
 * its root and descriptors from its first instant on (CVE-2016-9962).
 */
#include "run/give.h"
#include "run/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "kern/cgroup.h"
#include "kern/limits.h"
#include "kern/need.h"
#include "kern/ns.h"
#include "kern/proc.h"
#include "kern/procfs.h"
#include "kern/sched.h"
#include "kern/sys.h"
#include "kern/systemd.h"
#include "run/channel.h"
#include "run/child.h"
#include "run/inherit.h"
#include "run/mapping.h"
#include "run/monitor.h"
#include "run/run.h"
#include "run/status.h"
#include "run/streams.h"
#include "run/terminal.h"

/* What the child enters when it is there: who shares memory can't enter a time
 * namespace, and who has left the host's cgroup namespace can't have a child in
 * a cgroup that is not below his own (cgroups(7), nsdelegate). */
enum { LATE = K_CLONE_NEWTIME | K_CLONE_NEWCGROUP };

enum {
	STACK_SIZE = 256 * 1024, /* the child's, of which it touches little */
};

struct exec {
	struct run r;
	const struct exec_options *o;
	struct run_options options; /* what the shared stages read */
	struct config given;        /* --process */
	struct spec_process process;
	int init;     /* pidfd of the container's init; owned */
	int root;     /* its root, if it has no mount namespace; owned */
	int ns_flags; /* what is entered, besides users and pids */
	bool attach;  /* systemd is to put the child into its cgroup */
	bool inside;  /* the child was born there */
	bool moves;   /* who forks the child enters its cgroup first */
	struct sched_cpus first, last;
};

/* The stages get the struct run that is the first member. */
static struct exec *exec_of(struct run *r)
{
	return (struct exec *)(void *)r;
}

static int check_status(const struct exec *e, enum status status)
{
	if (status == STATUS_STOPPED)
		return err_say(ESRCH, "cannot exec in a stopped container: %s",
			       e->o->id);
	if (status == STATUS_CREATING)
		return err_say(EBUSY, "container is being created: %s",
			       e->o->id);
	if (status == STATUS_PAUSED && !e->o->ignore_paused)
		return err_say(EBUSY, "cannot exec in a paused container (use "
				      "--ignore-paused to override)");
	return 0;
}

/* A signal for all freezes them for its moment, under the lock. */
static int load_unfrozen(struct exec *e, enum status *status)
{
	struct run *r = &e->r;
	int ret = status_load(&r->store, &r->state, status, &e->init);

	if (ret < 0 || *status != STATUS_PAUSED || e->o->ignore_paused)
		return ret;
	ret = store_lock(&r->store);
	store_unlock(&r->store);
	if (ret < 0)
		return ret;
	fd_close(&e->init);
	return status_load(&r->store, &r->state, status, &e->init);
}

static int open_container(struct run *r)
{
	struct exec *e = exec_of(r);
	enum status status;
	int ret = store_open(&r->store, r->g->root, e->o->id);

	if (ret == 0)
		ret = load_unfrozen(e, &status);
	if (ret == -ENOENT)
		return err_say(ENOENT, "container does not exist: %s",
			       e->o->id);
	if (ret == 0)
		ret = check_status(e, status);
	if (ret == 0)
		ret = config_load(&r->plan.config, r->store.dir, "config.json",
				  "config.json");
	return ret;
}

static int append(struct spec_strs *to, const struct spec_strs *more)
{
	const char **v = arena_get(to->n + more->n + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	if (to->n)
		memcpy(v, to->v, to->n * sizeof(*v));
	if (more->n)
		memcpy(v + to->n, more->v, more->n * sizeof(*v));
	to->v = v;
	to->n += more->n;
	return 0;
}

/* "UID" or "UID:GID", numbers only, all of them. */
static int read_user(struct spec_user *user, const char *text)
{
	const char *colon = strchr(text, ':');
	char uid[16];

	if (str_fmt(uid, sizeof(uid), "%.*s",
		    colon ? (int)(colon - text) : (int)strlen(text),
		    text) < 0 ||
	    str_u32(uid, &user->uid) < 0 ||
	    (colon && str_u32(colon + 1, &user->gid) < 0) ||
	    user->uid == UINT32_MAX || user->gid == UINT32_MAX)
		return err_say(EINVAL,
			       "--user %s: expected UID or UID:GID, as numbers",
			       text);
	return 0;
}

static int add_groups(struct spec_user *user, const struct spec_strs *groups)
{
	size_t i, n = user->additional_gids.n;
	uint32_t *v = arena_get(n + groups->n, sizeof(*v));

	if (!v)
		return -ENOMEM;
	if (n)
		memcpy(v, user->additional_gids.v, n * sizeof(*v));
	for (i = 0; i < groups->n; i++)
		if (str_u32(groups->v[i], &v[n + i]) < 0 ||
		    v[n + i] == UINT32_MAX)
			return err_say(
				EINVAL,
				"--additional-gids %s: expected a number",
				groups->v[i]);
	user->additional_gids.v = v;
	user->additional_gids.n = n + groups->n;
	return 0;
}

/* To the sets that --cap is for in runc: ambient only where the config lets
 * capabilities be inherited, inheritable never (CVE-2022-29162). */
static int add_caps(struct spec_process *p, const struct spec_strs *caps)
{
	struct spec_capabilities *c = arena_get(1, sizeof(*c));
	int ret;

	if (!c)
		return -ENOMEM;
	if (p->capabilities)
		*c = *p->capabilities;
	p->capabilities = c;
	ret = append(&c->bounding, caps);
	if (ret == 0)
		ret = append(&c->effective, caps);
	if (ret == 0)
		ret = append(&c->permitted, caps);
	if (ret == 0 && c->inheritable.n)
		ret = append(&c->ambient, caps);
	return ret;
}

static int check_env(const struct spec_strs *env)
{
	size_t i;

	for (i = 0; i < env->n; i++)
		if (env->v[i][0] == '=' || !strchr(env->v[i], '='))
			return err_say(EINVAL, "--env %s: expected NAME=VALUE",
				       env->v[i]);
	return 0;
}

/* Before what the caller has open is closed: /dev/fd/N may be meant. */
static int load_process(struct run *r)
{
	struct exec *e = exec_of(r);

	return e->o->process ? config_load_process(&e->given, e->o->process) :
			       0;
}

/* The container's process, with what the options change of it. */
static int change_process(struct exec *e)
{
	const struct exec_options *o = e->o;
	struct spec_process *p = &e->process;
	int ret = 0;

	p->terminal = o->tty;
	p->args.v = (const char **)o->args;
	for (p->args.n = 0; o->args[p->args.n];)
		p->args.n++;
	if (o->cwd && o->cwd[0] != '/')
		return err_say(EINVAL, "--cwd %s: expected an absolute path",
			       o->cwd);
	p->cwd = o->cwd ? o->cwd : p->cwd;
	p->apparmor_profile = o->apparmor ? o->apparmor : p->apparmor_profile;
	p->selinux_label = o->label ? o->label : p->selinux_label;
	p->no_new_privileges |= o->no_new_privs;
	if (o->env.n) {
		ret = check_env(&o->env);
		if (ret == 0)
			ret = append(&p->env, &o->env);
	}
	if (ret == 0 && o->user)
		ret = read_user(&p->user, o->user);
	if (ret == 0 && o->groups.n)
		ret = add_groups(&p->user, &o->groups);
	return ret == 0 && o->caps.n ? add_caps(p, &o->caps) : ret;
}

/* What a process that is given says nothing of confines it as the container's
 * own. */
static void confine(struct spec_process *p, const struct spec_process *own)
{
	if (!p->capabilities)
		p->capabilities = own->capabilities;
	if (!p->apparmor_profile)
		p->apparmor_profile = own->apparmor_profile;
	if (!p->selinux_label)
		p->selinux_label = own->selinux_label;
}

static int make_process(struct exec *e)
{
	struct plan *p = &e->r.plan;
	int ret;

	if (e->o->process) {
		e->process = *e->given.spec.process;
		if (p->config.spec.process)
			confine(&e->process, p->config.spec.process);
		/* Errors of what follows are in this document. */
		p->config.json = e->given.json;
	} else {
		if (p->config.spec.process)
			e->process = *p->config.spec.process;
		else
			e->process.cwd = "/";
		ret = change_process(e);
		if (ret < 0)
			return ret;
	}
	p->config.spec.process = &e->process;
	return 0;
}

static int plan_affinity(struct exec *e)
{
	const struct spec_cpu_affinity *a = e->process.exec_cpu_affinity;
	int ret = 0;

	if (a && a->initial)
		ret = sched_parse_cpus(&e->first, a->initial);
	if (ret == 0 && a && a->final)
		ret = sched_parse_cpus(&e->last, a->final);
	return ret;
}

/* The user namespace may be our own, which can't be entered. */
static int plan_users(struct exec *e)
{
	struct plan *p = &e->r.plan;
	autofd proc = -1, fd = -1;
	char path[32];
	int ret;

	if (!p->spec->linux_.ns[NS_USER].wanted)
		return 0;
	proc = procfs_open_host();
	if (proc < 0)
		return proc;
	ret = str_fmt(path, sizeof(path), "/proc/%d/ns/user",
		      e->r.state.init.pid);
	if (ret >= 0)
		ret = fd = ns_open(NS_USER, path);
	if (ret >= 0)
		ret = ns_is_ours(NS_USER, fd, proc);
	p->user_ns = p->rootfs.user_ns = ret == 0;
	if (ret == -ENOENT)
		return check_status(e, STATUS_STOPPED);
	/* Until its program starts, init is not dumpable. */
	if (ret == -EACCES)
		return err_hint(NEED_STARTED);
	return ret < 0 ? ret : 0;
}

static int make_plan(struct run *r)
{
	struct exec *e = exec_of(r);
	struct plan *p = &r->plan;
	int ret, k;

	if (e->o->pid_file) {
		p->pid_file = path_absolute(e->o->pid_file);
		if (!p->pid_file)
			return -err.num;
	}
	p->console_socket = e->o->console_socket;
	p->pidfd_socket = e->o->pidfd_socket;
	p->spec = &p->config.spec;
	p->rootfs.proc = p->rootfs.root = -1;
	ret = plan_seccomp(p);
	if (ret == 0)
		ret = make_process(e);
	if (ret == 0)
		ret = plan_process(p);
	if (ret == 0)
		ret = plan_affinity(e);
	for (k = 0; k < NS_KINDS; k++)
		if (p->spec->linux_.ns[k].wanted && k != NS_PID && k != NS_USER)
			e->ns_flags |= (int)ns_kinds[k].flag;
	return ret == 0 ? plan_users(e) : ret;
}

/* What --cgroup names, below the container's cgroup; NULL: that itself. */
static const char *below_of(const struct exec *e)
{
	const char *below = e->o->cgroup;

	if (!below)
		return NULL;
	/* A "CONTROLLER:" in front means something for cgroup v1 only. */
	below = strchr(below, ':') ? strchr(below, ':') + 1 : below;
	while (*below == '/')
		below++;
	return below;
}

/* The container's cgroup, or one below it that --cgroup names; "..", links and
 * absolute paths lead nowhere else. */
static int open_cgroup(struct run *r)
{
	const char *below = below_of(exec_of(r));
	autofd own = -1;

	if (!r->state.cgroup)
		return below ? err_say(ENOTSUP,
				       "--cgroup: the container has no cgroup") :
			       0;
	own = cgroup_open(r->state.cgroup);
	if (own < 0)
		return own;
	/* A user may have no right to leave the cgroup that a login gave. */
	exec_of(r)->attach = r->state.systemd_unit && run_is_rootless(r->g) &&
			     !cgroup_may_enter(r->state.cgroup);
	if (!below) {
		r->cgroup = fd_take(&own);
		return 0;
	}
	r->cgroup =
		sys_open_below(own, *below ? below : ".", O_PATH | O_DIRECTORY);
	if (r->cgroup == -EXDEV)
		return err_say(EXDEV,
			       "--cgroup %s: not below the container's cgroup",
			       below);
	return r->cgroup < 0 ? err_sys(r->cgroup, "--cgroup %s", below) : 0;
}

/*
 * Nobody could be born in the cgroup? It is the container's own, or init has
 * moved into one below and gives that controllers, so that no process may be in
 * it any more: then it is init's cgroup that is meant.
 */
static bool finds_another_way(struct exec *e, int ret)
{
	struct run *r = &e->r;
	struct err first;
	int fd;

	if ((ret != -EACCES && ret != -EBUSY) || r->cgroup < 0 || e->attach)
		return false;
	if (e->o->cgroup)
		return true;
	first = err;
	fd = cgroup_open_of(r->state.init.pid, r->state.cgroup);
	if (fd >= 0 && sys_pidfd_send_signal(e->init, 0) == 0) {
		fd_close(&r->cgroup);
		r->cgroup = fd;
		return true;
	}
	fd_end(fd);
	err = first;
	return false;
}

/* Where there is no mount namespace to enter, or it has another root, the root
 * is init's alone. That it is still alive afterwards shows that it was init's
 * indeed. */
static int open_root(struct run *r)
{
	const struct spec_namespace *mounts =
		&r->plan.spec->linux_.ns[NS_MOUNT];
	struct exec *e = exec_of(r);
	char path[64];

	if (mounts->wanted && !mounts->path)
		return 0;
	if (str_fmt(path, sizeof(path), "/proc/%d/root", r->state.init.pid) < 0)
		return -ENAMETOOLONG;
	e->root = fd_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
	if (e->root < 0)
		return e->root;
	return sys_pidfd_send_signal(e->init, 0) < 0 ?
		       check_status(e, STATUS_STOPPED) :
		       0;
}

static int gone(const struct exec *e, int num, const char *what)
{
	if (num == -ESRCH || num == -ENODEV || num == -ENOENT)
		return err_say(ESRCH, "container stopped meanwhile: %s",
			       e->o->id);
	return err_sys(num, "%s", what);
}

/*
 * By the process that forks ours, where there is a user namespace. What was
 * joined when the container was made may belong to another one, and its init is
 * nobody's to enter before it executes: root enters all before, with his rights.
 * In a cgroup that belongs to the container nobody may be born by him then: so
 * he goes there before.
 */
static int enter_users(struct run *r)
{
	struct exec *e = exec_of(r);
	int pids = r->plan.spec->linux_.ns[NS_PID].wanted ? K_CLONE_NEWPID : 0;
	autofd proc = procfs_open_host();
	int ret = proc < 0 ? proc : mapping_prepare(r, proc);

	if (ret == 0 && e->moves)
		ret = fd_write_text(r->cgroup, "cgroup.procs", "0");
	if (ret == 0 && ((e->ns_flags & ~LATE) | pids) &&
	    setns(e->init, (e->ns_flags & ~LATE) | pids) == 0) {
		e->ns_flags &= LATE;
		pids = 0;
	}
	if (ret == 0)
		ret = mapping_enter(r, proc, e->init);
	if (ret == 0 && pids)
		ret = ns_join(NS_PID, e->init);
	return ret == -ESRCH ? gone(e, ret, "") : ret;
}

static int enter_all(struct exec *e, int flags)
{
	if (flags && setns(e->init, flags) < 0) {
		int ret = gone(e, -errno, "enter the container's namespaces");

		return ret == -EPERM ? err_hint(NEED_ROOT) : ret;
	}
	if (e->root >= 0 && (fchdir(e->root) < 0 || chroot(".") < 0))
		return err_sys(errno, "enter the container's root");
	return 0;
}

static int enter(struct run *r)
{
	struct exec *e = exec_of(r);
	int ret;

	/* Who bore it has entered the root, and closed it. */
	if (e->inside)
		e->root = -1;
	ret = enter_all(e, e->inside ? e->ns_flags & LATE : e->ns_flags);
	fd_close(&e->init);
	fd_close(&e->root);
	return ret;
}

static int open_proc(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	bool oom = p->oom_score_adj.set && !r->plan.user_ns;
	int ret = 0;

	if (oom || p->apparmor_profile || p->selinux_label)
		ret = rootfs_proc(&r->plan.rootfs);
	if (ret >= 0 && oom)
		ret = limits_set_oom(ret, "self", p->oom_score_adj.v);
	return ret < 0 ? ret : 0;
}

static int set_streams(struct run *r)
{
	return streams_set(r, AT_FDCWD, false);
}

static int set_last_affinity(struct run *r)
{
	struct exec *e = exec_of(r);
	const struct spec_cpu_affinity *a = e->process.exec_cpu_affinity;

	return a && a->final ? sched_set_cpus(&e->last) : 0;
}

/* Until then it is not in the container in any way. */
static int wait_attached(struct run *r)
{
	struct message m;

	if (exec_of(r)->attach && channel_hear(r->channel, &m) != SAY_GO)
		_exit(1);
	return 0;
}

static const struct stage child_stages[] = {
	{ "guard", child_guard },
	{ "unit", wait_attached },
	{ "enter", enter },
	{ "ids", mapping_own },
	{ "keyring", child_join_keyring },
	{ "proc", open_proc },
	{ "streams", set_streams },
	{ "program", child_find_program },
	{ "wait", child_wait },
	{ "limits", child_set_limits },
	{ "affinity", set_last_affinity },
	{ "labels", child_set_labels },
	{ "descriptors", child_close_descriptors },
	{ "filter", child_filter_privileged },
	{ "user", child_become_user },
	{ "execute", child_execute },
};

static void run_child(struct run *r)
{
	stage_run(child_stages, sizeof(child_stages) / sizeof(child_stages[0]),
		  r, "exec");
	child_fail(r);
}

static const char born[] = "fork into the container";

struct birth {
	struct exec *e;
	struct k_clone_args *args;
	int ret; /* the child's pid, or -errno; 0: killed */
};

/*
 * The process in between. It is not in the container's pid namespace, so that
 * nobody there sees it, and shares our memory while we wait, as vfork(2)'s does,
 * but not our descriptors: it closes what is the host's.
 */
static int bear(void *arg)
{
	struct birth *b = arg;
	struct exec *e = b->e;
	struct run *r = &e->r;
	const int hosts[] = {
		r->channel,    r->signals,   r->terminal,  r->pidfd_socket,
		r->store.root, r->store.dir, r->own.mount,
	};
	size_t i;
	int ret = enter_all(e, (e->ns_flags & ~LATE) | K_CLONE_NEWPID);

	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		fd_end(hosts[i]);
	fd_end(e->root);
	if (ret == 0) {
		ret = sys_clone3(b->args);
		if (ret == 0)
			run_child(r);
		if (ret < 0)
			ret = gone(e, ret, born);
	}
	b->ret = ret;
	return 0;
}

static int fork_inside(struct exec *e, struct k_clone_args *args)
{
	struct birth b = { .e = e, .args = args };
	char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
	int by;

	if (stack == MAP_FAILED)
		return err_sys(errno, "map a stack");
	/* A child of ours as any other: the signal is that of the forking. */
	args->flags = (args->flags & ~K_CLONE_PIDFD) | K_CLONE_PARENT;
	args->exit_signal = 0;
	e->inside = true;
	cgroup_unmount();
	proc_forget_self();
	by = clone(bear, stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD,
		   &b);
	if (by < 0)
		return err_sys(errno, "fork");
	waitpid(by, NULL, 0);
	if (b.ret > 0)
		return mapping_adopt(&e->r, b.ret);
	return b.ret < 0 ? b.ret :
			   err_say(ECHILD, "the process that forks the "
					   "container's was killed");
}

/* From a descriptor in the host's mount the way would lead on to the cgroups of
 * others, and to what may be written there. */
static void hold_alone(int *cgroup)
{
	int fd = sys_open_tree(*cgroup, "", K_OPEN_TREE_CLONE);

	if (fd < 0)
		return;
	sys_mount_setattr(fd, 0, K_MOUNT_ATTR_RDONLY, 0, 0);
	fd_close(cgroup);
	*cgroup = fd;
}

static int fork_child(struct exec *e)
{
	struct run *r = &e->r;
	bool inside = r->plan.spec->linux_.ns[NS_PID].wanted && !e->attach &&
		      !r->plan.user_ns;
	int pidfd = -1, ret;
	struct k_clone_args args = {
		.flags = K_CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
	};

	if (r->cgroup >= 0 && !e->attach && !(e->moves && r->plan.user_ns)) {
		if (inside)
			hold_alone(&r->cgroup);
		args.flags |= K_CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)r->cgroup;
	}
	if (r->plan.user_ns)
		return mapping_fork(r, &args, enter_users, run_child);
	if (inside)
		return fork_inside(e, &args);
	ret = sys_clone3(&args);
	if (ret == 0)
		run_child(r);
	if (ret < 0)
		return gone(e, ret, born);
	r->pid = ret;
	r->pidfd = pidfd;
	return 0;
}

/* A child that lives as long as we do needs no leave to execute, if there is
 * nothing that has to be done before. */
static bool is_alone(const struct exec *e)
{
	const struct run *r = &e->r;

	return r->tied && r->console < 0 && r->pidfd_socket < 0 &&
	       !r->plan.pid_file && !r->plan.spec->linux_.intel_rdt;
}

static int try_to_spawn(struct exec *e)
{
	struct run *r = &e->r;
	int pair[2], ret = channel_make(pair);

	if (ret < 0)
		return ret;
	r->channel = pair[0];
	r->peer = pair[1];
	ret = fork_child(e);
	fd_close(&r->peer);
	return ret;
}

/* We have nothing else to fork, so our own children's namespace need not be
 * set back. */
static int spawn(struct run *r)
{
	struct exec *e = exec_of(r);
	const struct spec_cpu_affinity *a = e->process.exec_cpu_affinity;
	int ret;

	if (a && a->initial) {
		r->keep_cpus = true;
		ret = sched_set_cpus(&e->first);
		if (ret < 0)
			return ret;
	}
	if (r->plan.spec->linux_.ns[NS_PID].wanted && !r->plan.user_ns &&
	    e->attach && setns(e->init, K_CLONE_NEWPID) < 0)
		return gone(e, -errno, "enter the container's pid namespace");
	r->alone = is_alone(e);
	ret = try_to_spawn(e);
	e->moves = finds_another_way(e, ret);
	if (e->moves) {
		fd_close(&r->channel);
		ret = try_to_spawn(e);
	}
	fd_close(&r->console);
	return ret;
}

static int attach(struct run *r)
{
	struct exec *e = exec_of(r);
	const char *below = below_of(e);
	const struct state *s = &r->state;
	int ret = 0;

	if (!e->attach)
		return 0;
	below = below && *below ? arena_cat("/", below, NULL) : "";
	if (!below)
		return -ENOMEM;
	ret = systemd_open(s->systemd_address);
	if (ret == 0)
		ret = systemd_attach(s->systemd_unit, below, r->pid);
	systemd_close();
	return ret < 0 ? ret : channel_say(r->channel, SAY_GO, r->pid);
}

static int wait_ready(struct run *r)
{
	return r->alone ? 0 : run_hear(r, SAY_READY);
}

static int send_pidfd(struct run *r)
{
	return run_send_pidfd(r, "setns");
}

static const struct stage stages[] = {
	{ "protect", run_protect },
	{ "exchange", run_exchange },
	{ "process", load_process },
	{ "descriptors", inherit_descriptors },
	{ "container", open_container },
	{ "plan", make_plan },
	{ "sockets", run_open_sockets },
	{ "signals", run_open_signals },
	{ "cgroup", open_cgroup },
	{ "root", open_root },
	{ "spawn", spawn },
	{ "unit", attach },
	{ "rdt", give_rdt },
	{ "wait ready", wait_ready },
	{ "terminal", terminal_receive },
	{ "pidfd", send_pidfd },
	{ "pid file", run_write_pid_file },
	{ "go", run_go },
	{ "let go", run_let_go },
};

/*
 * Has the container's end made it fail? Then files of it are gone (ENOENT), its
 * pid namespace has no room any more (ENOMEM), or our process was killed with
 * it; its init ends after all others were reaped.
 */
static bool is_ending(const struct exec *e, int ret)
{
	struct pollfd p = { .fd = e->init, .events = POLLIN };
	bool soon = ret == -EPIPE || ret == -ECHILD || ret == -ENOMEM;

	if (e->init < 0 || !(soon || ret == -ENOENT))
		return false;
	return poll(&p, 1, soon ? RUN_DYING_MS : 0) > 0;
}

/* Undoes what was made. */
static int fail(struct exec *e, int ret)
{
	struct err first = err;

	run_reap(&e->r);
	if (e->r.pid_file_made)
		unlink(e->r.plan.pid_file);
	err = first;
	return is_ending(e, ret) ? gone(e, -ESRCH, "") : ret;
}

int run_exec(const struct run_global *g, const struct exec_options *o,
	     int *status)
{
	static struct exec e;
	struct run *r = &e.r;
	int ret;

	e.o = o;
	e.options.id = o->id;
	e.options.preserve_fds = o->preserve_fds;
	e.options.ready_fd = RUN_NO_FD;
	e.options.detach = o->detach;
	e.options.no_subreaper = true;
	e.init = e.root = -1;
	r->g = g;
	r->o = &e.options;
	r->start_now = true;
	r->tied = !o->detach;
	run_init(r);
	*status = 0;
	ret = stage_run(stages, sizeof(stages) / sizeof(stages[0]), r, "exec");
	if (ret == 0 && !o->detach)
		ret = monitor(r, status);
	if (ret < 0)
		ret = fail(&e, ret);
	fd_close(&e.init);
	fd_close(&e.root);
	run_close(r);
	return ret;
}
