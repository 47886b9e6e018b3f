/* SPDX-License-Identifier: Apache-2.0 */
#include "run/child.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "kern/caps.h"
#include "kern/cgroup.h"
#include "kern/ids.h"
#include "kern/keyring.h"
#include "kern/limits.h"
#include "kern/lsm.h"
#include "kern/proc.h"
#include "kern/sched.h"
#include "kern/seccomp_notify.h"
#include "kern/self.h"
#include "kern/sys.h"
#include "kern/systemd.h"
#include "run/channel.h"
#include "run/program.h"
#include "run/signals.h"

enum { DEFAULT_UMASK = 0022 };

/* The program's path, from before the gate to after it. */
static const char *program;

int child_bind(struct run *r)
{
	char c;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return err_sys(errno, "PR_SET_PDEATHSIG");
	if (recv(r->channel, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
		_exit(1);
	return 0;
}

int child_guard(struct run *r)
{
	/* Our end of the channel; the copy of the parent's would hide its
	 * death from us. */
	fd_close(&r->channel);
	r->channel = fd_take(&r->peer);
	fd_close(&r->own.mount);
	fd_close(&r->signals);
	fd_close(&r->terminal);
	fd_close(&r->pidfd_socket);
	fd_close(&r->notify);
	store_close(&r->store);
	fd_close(&r->cgroup);
	systemd_close();
	cgroup_unmount();
	proc_forget_self();
	if (!log_wants(LOG_WARNING) && log_fd() >= 0)
		close(log_fd());
	signals_reset();
	if (setsid() < 0)
		return err_sys(errno, "setsid");
	return child_bind(r);
}

/* A container under an SELinux label gets keys with that label. */
int child_join_keyring(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	const char *label = p ? p->selinux_label : NULL;
	int proc = -1, ret = 0;

	if (r->state.no_new_keyring)
		return 0;
	if (label)
		ret = proc = rootfs_proc(&r->plan.rootfs);
	if (ret >= 0 && label)
		ret = lsm_set_keycreate(proc, label);
	if (ret == 0)
		ret = keyring_join();
	if (ret == 0 && label)
		ret = lsm_set_keycreate(proc, NULL);
	return ret;
}

int child_find_program(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	int ret;

	if (!p)
		return 0;
	ret = program_enter_cwd(p->cwd);
	if (ret < 0)
		return ret;
	return program_find(&program, r->plan.argv[0], r->plan.envp, &p->user);
}

static int complete_environment(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	int ret;

	if (!p)
		return 0;
	ret = str_fmt(r->plan.listen_pid, sizeof(r->plan.listen_pid),
		      "LISTEN_PID=%d", getpid());
	return ret < 0 ? ret :
			 program_add_home(r->plan.envp, r->plan.nenv,
					  p->user.uid);
}

/*
 * A user enters his user namespace by a process in it that is dumpable, as his
 * `exec` has to before the start. Nobody else is in it, and what he sends there
 * the kernel keeps off us, who have more capabilities: unless he gave it
 * CAP_SYS_PTRACE.
 */
static int show_to_user(const struct run *r)
{
	if (r->plan.unprivileged && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return err_sys(errno, "PR_SET_DUMPABLE");
	return 0;
}

static void end(int sig)
{
	_exit(128 + sig);
}

/* The first of a pid namespace gets no signal that it has no handler for; who
 * stops a container that is only created means it. execve(2) takes them off. */
static void let_end(void)
{
	static const unsigned char signals[] = { SIGHUP, SIGINT, SIGQUIT,
						 SIGTERM };

	for (size_t i = 0; i < sizeof(signals); i++)
		signal(signals[i], end);
}

/* One connection, one word. Who connected and died without it was killed in
 * the middle of `start`: nobody will come again, since the gate is gone. */
static int pass_gate(struct run *r)
{
	struct message m;
	int ret;

	if (prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0)
		return err_sys(errno, "PR_SET_PDEATHSIG");
	ret = show_to_user(r);
	if (ret == 0)
		ret = channel_say(r->channel, SAY_DETACHED, 0);
	if (ret < 0)
		return ret;
	fd_close(&r->channel);
	let_end();
	do
		r->channel = accept4(r->gate, NULL, NULL, SOCK_CLOEXEC);
	while (r->channel < 0 && errno == EINTR);
	if (r->channel < 0)
		return err_sys(errno, "accept at the gate");
	ret = self_hide();
	if (ret < 0)
		return ret;
	fd_close(&r->gate);
	ret = channel_hear(r->channel, &m);
	if (ret >= 0 && ret != SAY_START)
		_exit(1);
	return ret < 0 ? ret : 0;
}

static int hear_start(struct run *r)
{
	struct message m;
	int ret = channel_hear(r->channel, &m);

	if (ret == SAY_DETACH)
		return pass_gate(r);
	if (ret < 0)
		return ret;
	if (ret != SAY_START)
		_exit(1);
	if (!r->tied && prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0)
		return err_sys(errno, "PR_SET_PDEATHSIG");
	return 0;
}

int child_wait(struct run *r)
{
	int ret = r->alone ? 0 : channel_say(r->channel, SAY_READY, 0);

	/* The parent has its own things to do now. */
	if (ret == 0)
		ret = complete_environment(r);
	return ret < 0 || r->alone || r->hurries ? ret : hear_start(r);
}

int child_wait_late(struct run *r)
{
	return r->hurries ? hear_start(r) : 0;
}

int child_set_limits(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	int ret = 0;

	umask((mode_t)(p->user.umask.set ? p->user.umask.v & 0777 :
					   DEFAULT_UMASK));
	if (!r->keep_cpus)
		sched_reset_cpus();
	if (p->scheduler)
		ret = sched_set(0, &r->plan.sched);
	/* In a user namespace the right to it has gone, and it is set. */
	if (ret == 0 && p->io_priority && !r->plan.user_ns)
		ret = sched_set_io(0, r->plan.io_priority);
	if (ret == 0 && r->plan.spec->linux_.personality)
		ret = limits_set_personality(r->plan.persona);
	if (ret == 0 && r->plan.spec->linux_.memory_policy)
		ret = mempolicy_set(&r->plan.memory);
	return ret == 0 ? limits_set(p->rlimits.v, p->rlimits.n) : ret;
}

int child_set_labels(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	int proc = r->plan.rootfs.proc;
	int ret = lsm_set_apparmor(proc, p->apparmor_profile);

	return ret < 0 ? ret : lsm_set_selinux(proc, p->selinux_label);
}

/* All of ours are close-on-exec; this is for what a library or a forgotten
 * flag may have opened. */
int child_close_descriptors(struct run *r)
{
	int ret = sys_close_range(3 + r->plan.passed_fds, ~0U,
				  K_CLOSE_RANGE_CLOEXEC);

	/* EINVAL: before Linux 5.11. */
	return ret < 0 && ret != -EINVAL ? err_sys(ret, "close_range") : 0;
}

/* The agent is there before a call may have to wait for it. */
static int load_filter(struct run *r)
{
	const struct seccomp_program *p = &r->plan.seccomp;
	struct message m;
	int ret;

	if (!p->notifies)
		return seccomp_install(p);
	ret = channel_say(r->channel, SAY_AGENT, 0);
	if (ret < 0)
		return ret;
	if (channel_hear(r->channel, &m) != SAY_GO)
		_exit(1);
	return seccomp_install_notify(p, r->channel, &m,
				      channel_word(&m, SAY_LISTENER, 0));
}

int child_exchange(struct run *r)
{
	return self_exchange(&r->own, r->g->argv, environ);
}

static int bound(struct run *r)
{
	char text[512];
	struct sbuf ignored = SBUF(text);
	int ret = caps_limit(&r->plan.caps, &ignored);

	if (ret < 0)
		return ret;
	if (ignored.len)
		log_line(LOG_WARNING, "capabilities left out: %s",
			 sbuf_cut(&ignored));
	r->bounded = true;
	return caps_bound(r->plan.caps.bounding);
}

/* A filter may answer in the kernel's place: what prctl(2) alone can tell is
 * over before. */
int child_filter_privileged(struct run *r)
{
	int ret = r->bounded ? 0 : bound(r);

	if (ret < 0 || r->plan.spec->process->no_new_privileges)
		return ret;
	return load_filter(r);
}

/* There is time once more before the start: the wait for that is the one to be
 * filled, if there is none for the network. */
static bool has_time_later(const struct run *r)
{
	char c;

	return r->hurries &&
	       !(r->late_net &&
		 recv(r->channel, &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0);
}

/* A hook of the runtime's is not to have less than it has. */
int child_bound_early(struct run *r)
{
	const struct spec *s = r->plan.spec;

	return s->process && !s->hooks.create_container.n &&
			       !has_time_later(r) ?
		       bound(r) :
		       0;
}

int child_become_user(struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;
	int ret = 0;

	if (p->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		ret = err_sys(errno, "PR_SET_NO_NEW_PRIVS");
	if (ret == 0)
		ret = ids_set(&p->user);
	if (ret == 0)
		ret = caps_apply(&r->plan.caps);
	/* A change of ids has taken it off. */
	if (ret == 0 && r->tied)
		ret = child_bind(r);
	return ret;
}

static int filter_unprivileged(struct run *r)
{
	return r->plan.spec->process->no_new_privileges ? load_filter(r) : 0;
}

int child_become_hook(void *run)
{
	struct run *r = run;
	unsigned int passed = r->plan.passed_fds;
	int ret = passed ? sys_close_range(3, 2 + passed, 0) : 0;

	if (ret == 0)
		ret = child_set_limits(r);
	if (ret == 0)
		ret = child_set_labels(r);
	if (ret == 0)
		ret = child_close_descriptors(r);
	if (ret == 0)
		ret = child_filter_privileged(r);
	if (ret == 0)
		ret = child_become_user(r);
	/* A change of ids has taken it off; with a filter it is tried. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	return ret == 0 ? filter_unprivileged(r) : ret;
}

int child_execute(struct run *r)
{
	int ret = filter_unprivileged(r);

	return ret < 0 ? ret :
			 program_exec(program, r->plan.argv, r->plan.envp);
}

void child_fail(struct run *r)
{
	channel_say_error(r->channel);
	sys_exit(1);
}
