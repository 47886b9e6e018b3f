/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of create and run. The order of the stages is what makes
 * every prefix of them recoverable, wherever a SIGKILL falls:
 *
 *	the id's directory, locked; a record with the cgroup's path; the cgroup;
 *	the child in it, bound to our life; a record with the child's pid; only
 *	then the word that lets the child outlive us.
 *
 * systemd takes a process into a scope only once it is there: then the child
 * comes first and waits, still bound to our life, until it is in its cgroup.
 *
 * So a runtime that is killed leaves nothing that runs, and what else it leaves
 * is in the record.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/time.h"
#include "kern/cgroup.h"
#include "kern/limits.h"
#include "kern/need.h"
#include "kern/ns.h"
#include "kern/proc.h"
#include "kern/procfs.h"
#include "kern/resctrl.h"
#include "kern/self.h"
#include "kern/sys.h"
#include "kern/userns.h"
#include "run/channel.h"
#include "run/give.h"
#include "run/hooks.h"
#include "run/inherit.h"
#include "run/launch.h"
#include "run/destroy.h"
#include "run/mapping.h"
#include "run/network.h"
#include "run/notify.h"
#include "run/run.h"
#include "run/scope.h"
#include "run/signals.h"
#include "run/terminal.h"

/* Before anything is open or made: this may execute runt once more. */
int run_protect(struct run *r)
{
	return self_protect(&r->own, r->g->argv, environ);
}

/* With more than one processor (of the first 128: libc counts them bit by bit)
 * a child with new namespaces of these kinds, in which nobody else is, waits
 * for its network, and the parent later for the child. */
static bool will_wait(const struct run *r)
{
	const uint64_t alone = K_CLONE_NEWPID | K_CLONE_NEWNS;
	cpu_set_t cpus;

	return r->late_net && (r->plan.clone_flags & alone) == alone &&
	       sched_getaffinity(0, sizeof(cpus), &cpus) == 0 &&
	       CPU_COUNT_S(128 / 8, &cpus) > 1;
}

/* Twice in the time of waiting is quicker than once before the fork. */
int run_exchange(struct run *r)
{
	return will_wait(r) ? 0 : self_exchange(&r->own, r->g->argv, environ);
}

static int exchange_late(struct run *r)
{
	return self_exchange(&r->own, r->g->argv, environ);
}

/* To be called when the child has closed its own: for the last to do it the
 * kernel takes its time. */
int run_let_go(struct run *r)
{
	fd_close(&r->own.mount);
	return 0;
}

/* There is more of it while the program starts. */
static int let_go(struct run *r)
{
	return r->start_now ? 0 : run_let_go(r);
}

static int make_plan(struct run *r)
{
	int ret = plan_make(&r->plan, r->g, r->o);

	if (ret < 0)
		return ret;
	if (r->start_now && !r->plan.spec->process)
		return config_error(&r->plan.config, "",
				    "process is required to start a container");
	r->late_net = network_is_late(r);
	r->bundle = fd_open(AT_FDCWD, ".", O_PATH | O_DIRECTORY, 0);
	return r->bundle < 0 ? r->bundle : 0;
}

int run_open_signals(struct run *r)
{
	r->signals = signals_open();
	if (r->signals < 0)
		return r->signals;
	if (r->start_now && !r->o->detach && !r->o->no_subreaper)
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	return 0;
}

/* Before anything is made: who is to get something has to be there. */
int run_open_sockets(struct run *r)
{
	int ret = terminal_prepare(r);

	if (ret < 0 || !r->plan.pidfd_socket)
		return ret;
	r->pidfd_socket = fd_connect(r->plan.pidfd_socket, "the pidfd socket");
	return r->pidfd_socket < 0 ? r->pidfd_socket : 0;
}

static int read_start(struct state_process *who, pid_t pid)
{
	struct proc_stat stat;
	autofd proc = procfs_open_host();
	int ret;

	if (proc < 0)
		return proc;
	ret = proc_read_stat(&stat, proc, pid);
	if (ret < 0)
		return ret;
	who->start = stat.start;
	return 0;
}

/* Nobody but us reads who that is. */
static int identify_ourselves(struct state_process *who)
{
	who->pid = getpid();
	who->inode = proc_inode(proc_self());
	return who->inode ? 0 : read_start(who, who->pid);
}

static int describe(struct run *r)
{
	const struct plan *p = &r->plan;
	struct state *s = &r->state;
	char now[40];
	struct sbuf b = SBUF(now);

	time_print(&b, true);
	*s = (struct state){
		.id = r->o->id,
		.phase = PHASE_CREATING,
		.bundle = p->bundle,
		.rootfs = p->rootfs.root_path,
		.created = arena_str(now),
		.owner = geteuid(),
		.cgroup = *p->cgroup ? p->cgroup : NULL,
		.systemd_unit = p->unit.name,
		.systemd_address = p->unit.name ? systemd_address() : NULL,
		.private_pidns = p->clone_flags & K_CLONE_NEWPID,
		.no_new_keyring = r->o->no_new_keyring,
		.annotations = p->spec->annotations,
	};
	if (p->spec->linux_.intel_rdt)
		s->intel_rdt = resctrl_own(p->spec->linux_.intel_rdt, s->id);
	if (!s->created)
		return -ENOMEM;
	return identify_ourselves(&s->keeper);
}

/* The id's directory: new, or what a killed runtime left, emptied. */
static int claim(struct run *r)
{
	bool locked;
	int ret;

	for (;;) {
		ret = store_claim(&r->store, r->g->root, r->o->id, &locked);
		r->claimed = ret == 0;
		if (ret != -EEXIST || !locked)
			return ret;
		ret = destroy_abandoned(&r->store);
		if (ret < 0)
			return ret;
		store_close(&r->store);
	}
}

/* A record that names a cgroup gives leave to kill all that is in it: never
 * one in which others live. */
static int check_cgroup(const char *path)
{
	autofd fd = cgroup_open(path);
	int ret = fd < 0 ? fd : cgroup_populated(fd);

	if (ret == 1)
		return err_say(EBUSY,
			       "cgroup %s is not empty: processes live in it",
			       path);
	return ret == -ENOENT || ret == -ENODEV ? 0 : ret;
}

static int record(struct run *r)
{
	int ret;

	if (r->state.cgroup) {
		ret = check_cgroup(r->state.cgroup);
		if (ret < 0)
			return ret;
		/* What is above a unit's is systemd's business. */
		r->state.cgroup_kept =
			r->state.systemd_unit ?
				(uint64_t)(strrchr(r->state.cgroup, '/') -
					   r->state.cgroup) :
				cgroup_existing(r->state.cgroup);
	}
	r->state.boot = store_boot(&r->store);
	return store_save(&r->store, &r->state);
}

static bool is_denied(int ret)
{
	return ret == -EACCES || ret == -EPERM || ret == -EROFS;
}

/* Who may make none does without one, if nothing was asked of it. */
static int do_without_cgroup(struct run *r)
{
	struct plan *p = &r->plan;

	if (p->spec->linux_.cgroups_path || !run_is_rootless(r->g))
		return r->cgroup;
	if (p->limits.n)
		return err_prefix("rootless needs no limits + no cgrouppath "
				  "when no permission is granted for cgroups");
	log_line(LOG_INFO, "no cgroup: %s", err.text);
	r->state.cgroup = NULL;
	p->cgroup[0] = '\0';
	p->cgroup_dir = p->rootfs.cgroup_path = NULL;
	return 0;
}

/* To make it is not enough: nobody would be let in. */
static int check_entry(struct run *r)
{
	if (r->cgroup < 0 || geteuid() == 0 ||
	    cgroup_may_enter(r->state.cgroup))
		return r->cgroup;
	fd_close(&r->cgroup);
	cgroup_remove(r->state.cgroup, (size_t)r->state.cgroup_kept);
	err_sys(EACCES, "enter cgroup %s", r->state.cgroup);
	return err_hint(NEED_CGROUP_ENTRY);
}

static int make_cgroup(struct run *r)
{
	if (!r->state.cgroup || r->state.systemd_unit)
		return 0;
	r->cgroup = cgroup_make(r->state.cgroup, (size_t)r->state.cgroup_kept);
	r->cgroup = check_entry(r);
	if (is_denied(r->cgroup))
		return do_without_cgroup(r);
	return r->cgroup < 0 ? r->cgroup : 0;
}

static bool mounts_cgroup(const struct plan *p)
{
	const struct mount *m = p->rootfs.mounts;

	for (size_t i = 0; i < p->spec->mounts.n; i++, m++)
		if (!m->bind && m->spec->type &&
		    (str_eq(m->spec->type, "cgroup") ||
		     str_eq(m->spec->type, "cgroup2")) &&
		    !((m->attrs.set | m->all.set) & K_MOUNT_ATTR_RDONLY))
			return true;
	return false;
}

/* A container that sees its cgroup as the root of all, and may write there, is
 * to make cgroups in it: it belongs to the user of its process. */
int run_delegate(const struct run *r)
{
	const struct plan *p = &r->plan;
	const struct spec_process *proc = p->spec->process;
	uint32_t uid = proc ? proc->user.uid : 0;
	int ret;

	if (!proc || !p->new_cgroup_ns || !mounts_cgroup(p))
		return 0;
	if (p->user_ns && !userns_has(&p->spec->linux_.uid_mappings, uid, &uid))
		return 0;
	ret = uid == geteuid() ? 0 : cgroup_delegate(r->cgroup, uid);
	return is_denied(ret) && run_is_rootless(r->g) ? 0 : ret;
}

static int set_limits(struct run *r)
{
	int ret;

	if (r->cgroup < 0)
		return 0;
	ret = cgset_write(&r->plan.limits, r->cgroup, r->state.cgroup);
	return ret < 0 ? ret : run_delegate(r);
}

/*
 * The gate of a created container: a socket in its state directory, bound by a
 * name relative to that, since an absolute one may not fit into sun_path. Only
 * who may enter the directory can connect.
 */
static int make_gate(struct run *r)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "gate" };
	int ret = 0;

	if (r->start_now)
		return 0;
	r->gate = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (r->gate < 0)
		return channel_error("socket");
	if (fchdir(r->store.dir) < 0 ||
	    bind(r->gate, (struct sockaddr *)&name, sizeof(name)) < 0 ||
	    listen(r->gate, 8) < 0)
		ret = err_sys(errno, "make the gate of %s", r->o->id);
	if (fchdir(r->bundle) < 0 && ret == 0)
		ret = err_sys(errno, "bundle %s", r->plan.bundle);
	return ret;
}

/*
 * Does the child need to stop only just before it executes? What would come in
 * between must not: hooks that are to see it before it is the user, and a
 * filter that need not allow to wait.
 */
static bool may_hurry(const struct run *r)
{
	const struct spec *s = r->plan.spec;

	return r->start_now && !s->hooks.start_container.n &&
	       (s->process->no_new_privileges || !s->linux_.seccomp);
}

/*
 * A pid namespace that is joined holds the children of who joined it, so we
 * are in it for the moment of the fork only: hooks are our children too.
 */
static int clone_child(struct run *r, struct k_clone_args *args)
{
	int joined = r->plan.ns_fd[NS_PID];
	autofd own = -1;
	int ret;

	if (joined >= 0) {
		own = fd_open(AT_FDCWD, "/proc/self/ns/pid", O_RDONLY, 0);
		ret = own < 0 ? own : ns_join(NS_PID, joined);
		if (ret < 0)
			return ret;
	}
	ret = sys_clone3(args);
	if (ret < 0)
		ns_explain(ret, args->flags);
	if (ret != 0 && joined >= 0 && ns_join(NS_PID, own) < 0)
		return -err.num;
	return ret;
}

/* Joined before a user namespace is made or entered. What the parent has no
 * right to may need those of the one that is joined: is tried after it. */
static int join(struct run *r, bool patient)
{
	static const unsigned char kinds[] = { NS_NETWORK, NS_IPC,  NS_UTS,
					       NS_CGROUP,  NS_TIME, NS_PID };
	int *fd, ret;

	for (size_t i = 0; i < sizeof(kinds); i++) {
		fd = &r->plan.ns_fd[kinds[i]];
		ret = *fd < 0 ? 0 : ns_join((enum spec_ns_kind)kinds[i], *fd);
		if (ret < 0 && !(patient && ret == -EPERM))
			return ret;
		if (ret == 0)
			fd_close(fd);
	}
	return 0;
}

static int join_all(struct run *r)
{
	int user = r->plan.ns_fd[NS_USER];
	autofd proc = procfs_open_host();
	int ret = proc < 0 ? proc : join(r, user >= 0);

	if (ret < 0 || user < 0)
		return ret;
	ret = mapping_prepare(r, proc);
	if (ret == 0)
		ret = mapping_enter(r, proc, user);
	return ret < 0 ? ret : join(r, false);
}

static bool joins_any(const struct run *r)
{
	for (int k = 0; k < NS_KINDS; k++)
		if (r->plan.ns_fd[k] >= 0)
			return true;
	return false;
}

static int spawn(struct run *r)
{
	int pair[2], pidfd = -1, ret;
	struct k_clone_args args = {
		.flags = r->plan.clone_flags | K_CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
	};

	if (r->cgroup >= 0) {
		args.flags |= K_CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)r->cgroup;
	}
	if (r->late_net)
		args.flags &= ~(uint64_t)K_CLONE_NEWNET;
	ret = channel_make(pair);
	if (ret < 0)
		return ret;
	r->channel = pair[0];
	r->peer = pair[1];
	r->hurries = may_hurry(r);
	if (r->plan.user_ns && joins_any(r)) {
		ret = mapping_fork(r, &args, join_all, init_main);
	} else {
		ret = clone_child(r, &args);
		if (ret < 0)
			return ret;
		if (ret == 0)
			init_main(r);
		r->pid = ret;
		r->pidfd = pidfd;
		ret = 0;
	}
	fd_close(&r->peer);
	fd_close(&r->console);
	fd_close(&r->notify_mount.tree);
	rootfs_close(&r->plan.rootfs);
	return ret;
}

/* What the parent has to do anyway, done while the child mounts. */
static int note_child(struct run *r)
{
	const struct json *j = &r->plan.config.json;
	int ret = store_save_config(&r->store, j->text, j->len);

	if (ret < 0)
		return ret;
	r->state.init.pid = r->pid;
	r->state.init.inode = proc_inode(r->pidfd);
	return read_start(&r->state.init, r->pid);
}

/* Where the rules can't be had, the user may have accepted that. */
static int set_device_rules(struct run *r)
{
	const struct state *s = &r->state;
	bool is_new = !s->systemd_unit && s->cgroup &&
		      s->cgroup_kept < strlen(s->cgroup);
	int ret = r->cgroup < 0 ? 0 :
				  cgdev_apply(&r->plan.devices, r->cgroup,
					      is_new, s->cgroup);

	if (ret != -EOPNOTSUPP && ret != -EPERM)
		return ret;
	/* As in runc: without privileges nobody makes a device. */
	if (run_is_rootless(r->g))
		return 0;
	if (r->g->device_rules != DEVICE_RULES_OPTIONAL)
		return ret;
	log_line(LOG_WARNING, "no device rules: %s", err.text);
	return 0;
}

static int has_hooks_of_creation(const struct run *r)
{
	const struct spec_hooks *h = &r->plan.spec->hooks;

	return h->prestart.n || h->create_runtime.n || h->create_container.n;
}

static int run_hooks(struct run *r)
{
	const struct spec_hooks *h = &r->plan.spec->hooks;
	int ret;

	if (!has_hooks_of_creation(r))
		return 0;
	ret = run_hear(r, SAY_MOUNTED);
	if (ret < 0)
		return ret;
	r->poststop_due = true;
	ret = hooks_run(&h->prestart, "prestart", r->bundle, &r->state,
			"creating", r->pid, NULL);
	if (ret == 0)
		ret = hooks_run(&h->create_runtime, "createRuntime", r->bundle,
				&r->state, "creating", r->pid, NULL);
	return ret < 0 ? ret : channel_say(r->channel, SAY_GO, r->pid);
}

/* What has moved to a namespace that fails is lost, or somebody else's: so
 * devices move when all is done that is likely to fail. Hooks may expect to find
 * them, and sysctls have their names: then they can't come later. */
static int give_devices_if(struct run *r, bool late)
{
	bool wanted = has_hooks_of_creation(r) || r->plan.spec->linux_.sysctl.n;

	return wanted == late ? 0 : give_network_devices(r);
}

static int give_devices(struct run *r)
{
	return give_devices_if(r, false);
}

static int give_devices_late(struct run *r)
{
	return give_devices_if(r, true);
}

/* What only has to become visible then is written meanwhile. */
static int prepare_record(struct run *r)
{
	r->state.phase = r->start_now ? PHASE_RUNNING : PHASE_CREATED;
	return store_prepare(&r->store, &r->state);
}

static int wait_ready(struct run *r)
{
	return run_hear(r, SAY_READY);
}

int run_send_pidfd(struct run *r, const char *how)
{
	int ret;

	if (r->pidfd_socket < 0)
		return 0;
	ret = fd_send(r->pidfd_socket, how, strlen(how), r->pidfd);
	fd_close(&r->pidfd_socket);
	return ret < 0 ? err_sys(ret, "send to the pidfd socket") : 0;
}

static int send_pidfd(struct run *r)
{
	return run_send_pidfd(r, "standard");
}

static int commit(struct run *r)
{
	r->poststop_due = true;
	return store_commit(&r->store);
}

/* Replaced atomically: a reader sees a whole pid or the file of before. */
int run_write_pid_file(struct run *r)
{
	const char *path = r->plan.pid_file;
	char text[16], temp[PATH_MAX];
	const char *base;
	struct stat st;
	autofd fd = -1;
	int len, ret;

	if (!path)
		return 0;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_say(EINVAL, "pid file %s: it is no regular file",
			       path);
	base = strrchr(path, '/') + 1;
	if (str_fmt(temp, sizeof(temp), "%.*s.%s.%d", (int)(base - path), path,
		    base, getpid()) < 0)
		return -ENAMETOOLONG;
	len = str_fmt(text, sizeof(text), "%d", r->pid);
	unlink(temp);
	fd = fd_open(AT_FDCWD, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
		     0644);
	if (fd < 0)
		return err_sys(fd, "pid file %s", path);
	ret = fd_write(fd, text, (size_t)len, temp);
	if (ret == 0)
		ret = sys_rename(AT_FDCWD, temp, path);
	if (ret < 0) {
		err_sys(ret, "pid file %s", path);
		unlink(temp);
	}
	r->pid_file_made = ret == 0;
	return ret;
}

static const struct stage stages[] = {
	{ "protect", run_protect },
	{ "sockets given", inherit_sockets },
	{ "descriptors", inherit_descriptors },
	{ "plan", make_plan },
	{ "exchange", run_exchange },
	{ "sockets", run_open_sockets },
	{ "signals", run_open_signals },
	{ "describe", describe },
	{ "claim", claim },
	{ "record", record },
	{ "cgroup", make_cgroup },
	{ "limits", set_limits },
	{ "rdt group", give_rdt_group },
	{ "gate", make_gate },
	{ "notify", notify_make },
	{ "spawn", spawn },
	{ "unit", scope_make },
	{ "ids", mapping_write },
	{ "network", network_make },
	{ "note child", note_child },
	{ "device rules", set_device_rules },
	{ "rdt", give_rdt },
	{ "network devices", give_devices },
	{ "late exchange", exchange_late },
	{ "hooks", run_hooks },
	{ "prepare record", prepare_record },
	{ "let go", let_go },
	{ "wait ready", wait_ready },
	{ "late devices", give_devices_late },
	{ "terminal", terminal_receive },
	{ "pidfd", send_pidfd },
	{ "commit", commit },
	{ "pid file", run_write_pid_file },
};

int run_child_died(const struct run *r)
{
	/* That of exec has claimed no id. */
	const char *who = r->claimed ? "container init" : "process";
	siginfo_t info = { 0 };

	while (waitid((idtype_t)K_P_PIDFD, (id_t)r->pidfd, &info,
		      WEXITED | WNOWAIT) < 0)
		if (errno != EINTR)
			return err_sys(errno, "wait for init");
	if (info.si_code == CLD_KILLED && info.si_status == SIGKILL &&
	    r->cgroup >= 0 && cgroup_oom_kills(r->cgroup) > 0)
		return err_say(ENOMEM,
			       "%s was OOM-killed (memory limit too low?)",
			       who);
	if (info.si_code == CLD_EXITED)
		return err_say(ECHILD,
			       "%s ended with status %d before it was ready",
			       who, info.si_status);
	return err_say(ECHILD, "%s was killed by signal %d before it was ready",
		       who, info.si_status);
}

/* Signals while a container is made: those that ask us to end are obeyed, the
 * others have nobody to go to yet. */
static int wait_channel(struct run *r)
{
	struct pollfd p[] = {
		{ .fd = r->channel, .events = POLLIN },
		{ .fd = r->signals, .events = POLLIN },
	};
	int sig, n;

	for (;;) {
		n = poll(p, 2,
			 r->claimed && r->state.cgroup ? RUN_DYING_MS : -1);
		if (n < 0 && errno != EINTR)
			return err_sys(errno, "poll");
		if (n == 0 && cgroup_frozen(r->state.cgroup) > 0)
			return err_say(EBUSY,
				       "cgroup %s is frozen, by one above it",
				       r->state.cgroup);
		if (p[0].revents)
			return 0;
		while ((sig = signals_next(r->signals)))
			if (signals_ends(sig))
				return err_say(EINTR,
					       "interrupted by signal %d", sig);
	}
}

int run_hear(struct run *r, int wanted)
{
	struct message m;
	int ret = wait_channel(r);

	if (ret < 0)
		return ret;
	ret = channel_hear(r->channel, &m);
	if (ret == wanted)
		return 0;
	if (ret == SAY_ERROR) {
		err = m.err;
		r->told = true;
		return -err.num;
	}
	if (ret == 0)
		return run_child_died(r);
	return ret < 0 ? ret : err_say(EPROTO, "init says %d", ret);
}

void run_init(struct run *r)
{
	r->own = (struct self)SELF_NONE;
	r->bundle = r->cgroup = r->signals = r->channel = r->peer = -1;
	r->gate = r->pidfd = -1;
	r->console = r->terminal = r->pidfd_socket = -1;
	r->notify = r->notify_mount.tree = -1;
	r->store = (struct store)STORE_NONE;
}

/* That it has failed may be why we have: systemd removes the cgroup of a unit
 * without processes. */
static int blame_child(struct run *r, int ret)
{
	struct pollfd p = { .fd = r->channel, .events = POLLIN };
	struct pollfd end = { .fd = r->pidfd, .events = POLLIN };
	struct err first = err;
	struct message m;
	int kind;

	do {
		kind = poll(&p, 1, 0) > 0 ? channel_hear(r->channel, &m) : 0;
		if (kind == SAY_ERROR) {
			err = m.err;
			return -err.num;
		}
	} while (kind > 0);
	/* It died before it could hear us. */
	if (ret == -EPIPE && r->pid && !r->told &&
	    poll(&end, 1, RUN_DYING_MS) > 0)
		return run_child_died(r);
	err = first;
	return ret;
}

int run_prepare(struct run *r)
{
	int ret;

	run_init(r);
	ret = stage_run(stages, sizeof(stages) / sizeof(stages[0]), r,
			"create");
	if (ret < 0) {
		ret = blame_child(r, ret);
		run_undo(r);
	}
	return ret;
}

void run_reap(struct run *r)
{
	siginfo_t info;

	if (!r->pid)
		return;
	sys_pidfd_send_signal(r->pidfd, SIGKILL);
	while (waitid((idtype_t)K_P_PIDFD, (id_t)r->pidfd, &info, WEXITED) < 0)
		if (errno != EINTR)
			break;
	r->pid = 0;
}

/* Which may be too many for what is to be undone. */
static void close_descriptors(struct run *r)
{
	rootfs_close(&r->plan.rootfs);
	fd_close(&r->cgroup);
	fd_close(&r->signals);
	fd_close(&r->channel);
	fd_close(&r->peer);
	fd_close(&r->gate);
	fd_close(&r->notify);
}

void run_undo(struct run *r)
{
	struct err first = err;

	run_reap(r);
	if (r->pid_file_made)
		unlink(r->plan.pid_file);
	/* One that was not made, or not empty, is not ours to kill. */
	if (r->cgroup < 0)
		r->state.cgroup = NULL;
	if (!r->unit_made)
		r->state.systemd_unit = NULL;
	if (r->claimed) {
		close_descriptors(r);
		destroy(&r->store, &r->state);
	}
	if (r->poststop_due)
		hooks_run_poststop(r->plan.spec, r->bundle, &r->state);
	err = first;
}

int run_go(struct run *r)
{
	struct launch l = {
		.seccomp = r->plan.spec->linux_.seccomp,
		.state = &r->state,
		.channel = r->channel,
		.pidfd = r->pidfd,
		.pid = r->pid,
		.agent = -1,
	};
	int ret = r->alone ? 0 : channel_say(r->channel, SAY_START, r->pid);

	/* It has failed meanwhile, and says why. */
	if (ret == -EPIPE)
		ret = run_hear(r, SAY_START);
	if (ret == 0 && !r->alone)
		ret = run_let_go(r);
	if (ret == 0)
		do {
			ret = wait_channel(r);
			if (ret == 0)
				ret = launch_hear(&l);
		} while (ret > 0);
	launch_close(&l);
	return ret;
}

int run_release(struct run *r)
{
	r->state.keeper = (struct state_process){ 0 };
	return store_save(&r->store, &r->state);
}

int run_create(const struct run_global *g, const struct run_options *o)
{
	struct run r = { .g = g, .o = o };
	int ret = run_prepare(&r);

	if (ret == 0) {
		ret = channel_say(r.channel, SAY_DETACH, r.pid);
		/* It may have failed, and says why. */
		if (ret == 0 || ret == -EPIPE)
			ret = run_hear(&r, SAY_DETACHED);
		if (ret == 0)
			ret = run_release(&r);
		if (ret < 0)
			run_undo(&r);
	}
	run_close(&r);
	return ret;
}

void run_close(struct run *r)
{
	fd_close(&r->own.mount);
	fd_close(&r->own.file);
	fd_close(&r->bundle);
	fd_close(&r->cgroup);
	fd_close(&r->signals);
	fd_close(&r->channel);
	fd_close(&r->gate);
	fd_close(&r->pidfd);
	fd_close(&r->console);
	fd_close(&r->terminal);
	fd_close(&r->pidfd_socket);
	fd_close(&r->notify);
	fd_close(&r->notify_mount.tree);
	relay_close(r->relay);
	store_close(&r->store);
}
