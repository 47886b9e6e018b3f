/* SPDX-License-Identifier: Apache-2.0 */
#include "run/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"
#include "kern/caps.h"
#include "kern/cgdev.h"
#include "kern/cgroup.h"
#include "kern/limits.h"
#include "kern/lsm.h"
#include "kern/mask.h"
#include "kern/newfs.h"
#include "kern/ns.h"
#include "kern/procfs.h"
#include "kern/sched.h"
#include "kern/seccomp.h"
#include "kern/seccomp_abi.h"
#include "kern/sys.h"
#include "kern/sysctl.h"
#include "kern/userns.h"
#include "run/channel.h"
#include "run/idmap.h"
#include "run/signals.h"

enum {
	/* For one that hangs, or that its own filter does not let end. */
	PATIENCE_S = 20,
};

static void __attribute__((noreturn))
child(struct probe *p, int (*task)(struct probe *p, const void *arg),
      const void *arg)
{
	struct probe_result *r = p->result;

	signals_reset();
	alarm(PATIENCE_S);
	r->ret = task(p, arg);
	r->err = err;
	r->done = true;
	_exit(0);
}

/* What task returns in a child that ends with it. */
static int in_child(struct probe *p,
		    int (*task)(struct probe *p, const void *arg),
		    const void *arg)
{
	struct probe_result *r = p->result;
	int status;
	pid_t pid;

	*r = (struct probe_result){ .done = false };
	pid = sys_fork();
	if (pid == 0)
		child(p, task, arg);
	if (pid < 0)
		return err_sys(pid, "fork");
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!r->done)
		return err_say(ECHILD, "the attempt ended with wait status %d",
			       status);
	err = r->err;
	return r->ret;
}

static int found(struct probe *p, const char *text)
{
	str_cut(p->result->found, sizeof(p->result->found), text);
	return 0;
}

/* The kernel does not know it, or a filter of somebody's denies it. */
static int explain(int ret, int need, const char *what)
{
	if (ret >= 0)
		return 0;
	err_sys(ret, "%s", what);
	if ((ret == -EPERM || ret == -ENOSYS) &&
	    prctl(PR_GET_SECCOMP, 0, 0, 0, 0) > 0)
		return err_hint(NEED_SECCOMP_HERE);
	return ret == -EPERM ? -err.num : err_hint(need);
}

/* What follows does as the first process of a user namespace would. */
static int enter_user_ns(void)
{
	struct spec_id_mapping id = { .size = 1 };
	const struct spec_id_mappings map = { &id, 1 };
	uint32_t uid = geteuid(), gid = getegid();
	autofd proc = procfs_open_host();
	int ret;

	if (proc < 0)
		return proc;
	if (unshare(K_CLONE_NEWUSER) < 0)
		return ns_explain(errno, K_CLONE_NEWUSER);
	/* Its files of procfs are ours again then. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	id.host_id = uid;
	ret = userns_write_map(proc, getpid(), "uid_map", &map);
	if (ret == 0)
		ret = userns_deny_groups(proc, getpid());
	id.host_id = gid;
	return ret < 0 ? ret :
			 userns_write_map(proc, getpid(), "gid_map", &map);
}

static int own(struct probe *p, uint32_t namespaces)
{
	int ret = p->in_user_ns ? enter_user_ns() : 0;

	if (ret == 0 && namespaces && unshare((int)namespaces) < 0)
		ret = ns_explain(errno, namespaces);
	return ret;
}

/* All that the kernel has of these. */
static void own_some(uint32_t namespaces)
{
	for (uint32_t bit = 1; bit <= namespaces && bit; bit <<= 1)
		if (namespaces & bit)
			unshare((int)bit);
}

static int clone_and_wait(uint64_t flags, int cgroup)
{
	autofd pidfd = -1;
	struct k_clone_args args = {
		.flags = flags | K_CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)cgroup,
	};
	siginfo_t info;
	pid_t pid = sys_clone3(&args);

	if (pid == 0)
		_exit(0);
	if (pid < 0)
		return pid;
	return waitid((idtype_t)K_P_PIDFD, (id_t)pidfd, &info, WEXITED) < 0 ?
		       -errno :
		       0;
}

static int do_clone3(struct probe *p, int need)
{
	(void)p;
	return explain(clone_and_wait(0, 0), need, "clone3");
}

static int do_openat2(struct probe *p, int need)
{
	autofd fd = sys_openat2(AT_FDCWD, "/", O_PATH | O_DIRECTORY,
				K_RESOLVE_NO_SYMLINKS);

	(void)p;
	return explain(fd, need, "openat2");
}

/* A file system in memory, over "/" of a mount namespace of our own. */
static int cover_root(struct probe *p)
{
	autofd dir = -1, fs = -1;
	int ret = own(p, K_CLONE_NEWNS);

	if (ret < 0)
		return ret;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
		ret = err_sys(errno, "cut off the host's mounts");
		return ret == -EINVAL ? err_hint(NEED_CHROOT) : ret;
	}
	dir = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	fs = newfs_make("tmpfs", "", 0, "");
	if (dir < 0 || fs < 0)
		return dir < 0 ? dir : fs;
	ret = sys_move_mount(fs, dir);
	return ret < 0 ? err_sys(ret, "move_mount") : fd_take(&fs);
}

static int do_mount_api(struct probe *p, int need)
{
	autofd fs = -1, tree = -1;

	fs = cover_root(p);
	if (fs < 0)
		return fs == -ENOSYS ? err_hint(need) : fs;
	tree = sys_open_tree(fs, "", K_OPEN_TREE_CLONE | K_AT_RECURSIVE);
	return explain(tree, need, "open_tree");
}

/* As rootfs_enter() does it, with the way out that it has. */
static int do_pivot(struct probe *p, int need)
{
	autofd fs = cover_root(p);
	int ret;

	(void)need;
	if (fs < 0)
		return fs;
	if (fchdir(fs) < 0)
		return err_sys(errno, "enter a mount");
	ret = sys_pivot_root();
	if (ret == -EINVAL)
		return found(p, "an initramfs, which is covered");
	return ret < 0 ? err_sys(ret, "pivot_root") :
			 found(p, "pivot_root works");
}

/* Those of the bundle, or of "/". */
static int do_id_map(struct probe *p, int need)
{
	static struct plan plan;
	struct spec_id_mapping ids = { .host_id = 100000, .size = 65536 };
	struct spec_mount slash = {
		.destination = "/",
		.source = "/",
		.uid_mappings = { &ids, 1 },
		.gid_mappings = { &ids, 1 },
	};
	const struct spec spec = { .mounts = { &slash, 1 } };
	struct mount m = { .spec = &slash, .idmap = true, .tree = -1 };

	(void)need;
	if (p->plan && p->plan->rootfs.mounts)
		return idmap_open(p->plan);
	if (p->in_user_ns || run_in_user_namespace()) {
		err_say(EPERM, "needs root");
		return err_hint(NEED_ID_MAPPED_RIGHT);
	}
	plan.spec = &spec;
	plan.bundle = "/";
	plan.rootfs.mounts = &m;
	return idmap_open(&plan);
}

static int do_close_range(struct probe *p, int need)
{
	(void)p;
	return explain(sys_close_range(1U << 30, ~0U, 0), need, "close_range");
}

static int do_signalfd(struct probe *p, int need)
{
	int fd = signals_open();

	(void)p;
	return fd < 0 ? err_hint(need) : 0;
}

static int do_unix(struct probe *p, int need)
{
	int pair[2];

	(void)p;
	return channel_make(pair) < 0 ? err_hint(need) : 0;
}

static int do_file_locks(struct probe *p, int need)
{
	autofd fd = fd_open(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY, 0);

	(void)p;
	return fd < 0 ? fd :
			explain(flock(fd, LOCK_SH) < 0 ? -errno : 0, need,
				"flock");
}

static int do_proc(struct probe *p, int need)
{
	autofd fd = procfs_open_host();
	char self[16] = "";
	uint32_t pid;

	(void)p;
	if (fd < 0)
		return fd;
	if (readlinkat(fd, "self", self, sizeof(self) - 1) > 0 &&
	    str_u32(self, &pid) == 0 && (pid_t)pid == getpid())
		return 0;
	err_say(EINVAL, "/proc is of another pid namespace");
	return err_hint(need);
}

static int do_privileges(struct probe *p, int need)
{
	if (!p->in_user_ns)
		return found(p, "CAP_SYS_ADMIN");
	if (p->plan && !p->plan->spec->linux_.ns[NS_USER].wanted) {
		err_say(EPERM, "none, and no user namespace in "
			       "linux.namespaces");
		return err_hint(need);
	}
	if (enter_user_ns() < 0)
		return err.hint ? -err.num : err_hint(need);
	return found(p, "none, but user namespaces");
}

/* To what it was. */
static int do_user(struct probe *p, int need)
{
	const uid_t same = (uid_t)-1;

	(void)p;
	return explain(sys_setresuid(same, same, same), need, "setresuid");
}

static int do_cgroup(struct probe *p, int need)
{
	const char *mount;
	char text[256];
	int ret;

	(void)need;
	if (p->cgroup < 0) {
		err = p->cgroup_err;
		return -err.num;
	}
	ret = clone_and_wait(K_CLONE_INTO_CGROUP, p->cgroup);
	if (ret < 0)
		return err_sys(ret, "clone3 into a cgroup");
	ret = cgroup_mount(&mount);
	if (ret < 0)
		return ret;
	if (str_fmt(text, sizeof(text), "at %s", mount) < 0)
		return 0;
	return found(p, text);
}

static int need_cgroup(const struct probe *p)
{
	return p->cgroup < 0 ? err_say(ENOENT, "no cgroup to try it in") : 0;
}

/* The name behind the blank. */
static const char *object(int need)
{
	return strchr(need_check(need).name, ' ') + 1;
}

static int require(struct probe *p, const char *controller, int need)
{
	int ret = need_cgroup(p);

	if (ret == 0)
		ret = cgctl_require(p->cgroup_path, controller, need);
	return ret < 0 ? ret : found(p, "can be enabled");
}

static int do_controller(struct probe *p, int need)
{
	return require(p, object(need), need);
}

static bool has_file(struct probe *p, const char *name)
{
	return sys_faccessat2(p->cgroup, name, F_OK, 0) == 0;
}

static int do_file(struct probe *p, int need)
{
	const char *file = object(need);
	char controller[16];
	int ret = str_fmt(controller, sizeof(controller), "%.*s",
			  (int)strcspn(file, "."), file);

	if (ret < 0)
		return ret;
	if (need_cgroup(p) < 0)
		return -err.num;
	if (require(p, controller, need) < 0)
		return err_say(ENOENT, "there is no %s controller here",
			       controller);
	if (!has_file(p, file) &&
	    !(need == NEED_BLK_WEIGHT && has_file(p, "io.bfq.weight"))) {
		err_say(ENOENT, "cgroups have no %s", file);
		return err_hint(need);
	}
	return found(p, "is there");
}

static int do_devices(struct probe *p, int need)
{
	static const struct spec_device_rule all = {
		.allow = true,
		.access = "rwm",
	};
	struct cgdev program;
	size_t bad;
	int ret = need_cgroup(p);

	(void)need;
	if (ret == 0)
		ret = cgdev_compile(&program, &all, 1, &bad);
	return ret < 0 ? ret :
			 cgdev_apply(&program, p->cgroup, true, p->cgroup_path);
}

static int do_namespace(struct probe *p, int need)
{
	const struct ns_kind *k = ns_kinds;

	while (k->need != need)
		k++;
	return need == NEED_USER_NS ? enter_user_ns() : own(p, k->flag);
}

/* Those of an overlay name directories, which nobody has told. */
static int mount_type(const char *type, const char *options)
{
	struct newfs fs = { .fd = -1 };
	autofd fd = -1;
	int ret = newfs_open(&fs, type, "");

	if (ret == 0 && options) {
		ret = newfs_options(&fs, options);
		if (ret == 0)
			fd = newfs_mount(&fs, 0);
		ret = ret < 0 ? ret : fd;
	}
	fd_close(&fs.fd);
	return ret < 0 ? ret : 0;
}

/* Of a bundle only what it has; the template's are limited. */
static bool limits_tmpfs(const struct plan *plan)
{
	const struct spec_mount *m;

	if (!plan)
		return true;
	for (size_t i = 0; i < plan->spec->mounts.n; i++) {
		m = &plan->spec->mounts.v[i];
		if (!m->type || !str_eq(m->type, "tmpfs"))
			continue;
		for (size_t k = 0; k < m->options.n; k++)
			if (newfs_limits(m->options.v[k]))
				return true;
	}
	return false;
}

static int mount_need(struct probe *p, const void *need)
{
	int n = *(const int *)need;

	return mount_type(object(n), n == NEED_OVERLAY ? NULL :
				     n == NEED_DEVPTS  ? "newinstance" :
				     n == NEED_TMPFS && limits_tmpfs(p->plan) ?
							"size=4096" :
							"");
}

/* In a child, which is the first in its pid namespace. */
static int do_mount(struct probe *p, int need)
{
	int ret = own(p, 0);

	own_some(K_CLONE_NEWNS | K_CLONE_NEWIPC | K_CLONE_NEWNET |
		 K_CLONE_NEWPID);
	return ret < 0 ? ret : in_child(p, mount_need, &need);
}

static int do_masks(struct probe *p, int need)
{
	struct spec spec = { .linux_.masked_paths.n = 1 };
	struct rootfs r = { .spec = &spec, .null = -1 };
	int ret = own(p, K_CLONE_NEWNS);

	if (ret == 0)
		ret = mask_open(&r);
	if (ret == -ENODEV || ret == -ENOENT)
		return err_hint(need);
	return ret == -ENOSYS ? err_hint(NEED_NEW_MOUNT_API) : ret;
}

/* That of the bundle, which may be the last thing that this process can do, or
 * one that lets everything pass. */
static int do_seccomp(struct probe *p, int need)
{
	static const struct k_sock_filter all = { .code = K_BPF_RET,
						  .k = K_SECCOMP_RET_ALLOW };
	const struct seccomp_program least = { .insns = &all, .count = 1 };
	const struct seccomp_program *program = &least;
	char text[256];
	struct sbuf missing = SBUF(text);
	const char *word;
	int ret, partly = 0;

	(void)need;
	sbuf_str(&missing, "works, but without");
	for (size_t i = 0; (word = seccomp_word(SECCOMP_ACTIONS, i)); i++) {
		if (seccomp_action_works(i))
			continue;
		sbuf_fmt(&missing, " %s", word);
		partly = 1;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(errno, "PR_SET_NO_NEW_PRIVS");
	if (p->plan && p->plan->seccomp.count && !p->plan->seccomp.notifies)
		program = &p->plan->seccomp;
	ret = seccomp_install(program);
	if (ret == 0 && partly)
		found(p, sbuf_cut(&missing));
	return ret < 0 ? ret : partly;
}

static int do_lsm(struct probe *p, int need)
{
	if (need == NEED_APPARMOR ? lsm_has_apparmor() : lsm_has_selinux())
		return found(p, "is active");
	err_say(EOPNOTSUPP, "is not active");
	return err_hint(need);
}

static int do_rlimits(struct probe *p, int need)
{
	const struct spec_process *s = p->plan->spec->process;

	(void)need;
	return limits_set(s->rlimits.v, s->rlimits.n);
}

static int do_oom_score(struct probe *p, int need)
{
	autofd proc = procfs_open_host();

	(void)need;
	return proc < 0 ?
		       proc :
		       limits_set_oom(proc, "self",
				      p->plan->spec->process->oom_score_adj.v);
}

static int do_scheduler(struct probe *p, int need)
{
	(void)need;
	return sched_set(0, &p->plan->sched);
}

/* The least one, if none is given. */
static int do_io_priority(struct probe *p, int need)
{
	static const struct spec_io_priority least = {
		.class = "IOPRIO_CLASS_IDLE",
	};
	int prio, ret;

	(void)need;
	ret = sched_parse_io(
		&prio, p->plan ? p->plan->spec->process->io_priority : &least);
	return ret < 0 ? ret : sched_set_io(0, prio);
}

static int (*const probes[PROBES])(struct probe *p, int need) = {
	[PROBE_CGROUP] = do_cgroup,
	[PROBE_CLONE3] = do_clone3,
	[PROBE_CLOSE_RANGE] = do_close_range,
	[PROBE_CONTROLLER] = do_controller,
	[PROBE_DEVICES] = do_devices,
	[PROBE_FILE] = do_file,
	[PROBE_FILE_LOCKS] = do_file_locks,
	[PROBE_ID_MAP] = do_id_map,
	[PROBE_IO_PRIORITY] = do_io_priority,
	[PROBE_LSM] = do_lsm,
	[PROBE_MASKS] = do_masks,
	[PROBE_MOUNT] = do_mount,
	[PROBE_MOUNT_API] = do_mount_api,
	[PROBE_NAMESPACE] = do_namespace,
	[PROBE_OOM_SCORE] = do_oom_score,
	[PROBE_OPENAT2] = do_openat2,
	[PROBE_PIVOT] = do_pivot,
	[PROBE_PRIVILEGES] = do_privileges,
	[PROBE_PROC] = do_proc,
	[PROBE_RLIMITS] = do_rlimits,
	[PROBE_SCHEDULER] = do_scheduler,
	[PROBE_SECCOMP] = do_seccomp,
	[PROBE_SIGNALFD] = do_signalfd,
	[PROBE_UNIX] = do_unix,
	[PROBE_USER] = do_user,
};

static int do_row(struct probe *p, const void *need)
{
	int n = *(const int *)need;

	return probes[need_check(n).probe](p, n);
}

int probe_row(struct probe *p, int need)
{
	return in_child(p, do_row, &need);
}

static int write_limits(struct probe *p, const void *limits)
{
	int ret = need_cgroup(p);

	return ret < 0 ? ret : cgset_write(limits, p->cgroup, p->cgroup_path);
}

int probe_limits(struct probe *p, const struct cgset *limits)
{
	return in_child(p, write_limits, limits);
}

static int find_type(struct probe *p, const void *type)
{
	int ret = own(p, K_CLONE_NEWNS);

	return ret < 0 ? ret : mount_type(type, NULL);
}

int probe_mount(struct probe *p, const char *type)
{
	return in_child(p, find_type, type);
}

/* It is written to by nobody: the container has one of its own. */
static int find_sysctl(struct probe *p, const void *name)
{
	char path[256] = "sys/";
	autofd proc = procfs_open_host();
	autofd fd = -1;
	int ret = sysctl_path(path + 4, sizeof(path) - 4, name);

	if (ret < 0 || proc < 0)
		return ret < 0 ? ret : proc;
	own(p, 0);
	own_some(K_CLONE_NEWIPC | K_CLONE_NEWNET | K_CLONE_NEWUTS);
	fd = procfs_open(proc, path, O_WRONLY);
	return fd == -ENOENT ? err_hint(NEED_SYSCTL) : fd < 0 ? fd : 0;
}

int probe_sysctl(struct probe *p, const char *name)
{
	return in_child(p, find_sysctl, name);
}

static int make_cgroup(struct probe *p)
{
	char id[32];
	int ret = str_fmt(id, sizeof(id), "runt-check-%d", getpid());

	if (ret >= 0)
		ret = cgroup_resolve(p->cgroup_path, sizeof(p->cgroup_path),
				     NULL, id);
	if (ret < 0)
		return ret;
	p->cgroup_kept = cgroup_existing(p->cgroup_path);
	ret = cgctl_note(p->cgroup_path, &p->given);
	return ret < 0 ? ret : cgroup_make(p->cgroup_path, p->cgroup_kept);
}

int probe_begin(struct probe *p, const struct run_global *g)
{
	sigset_t ends;

	*p = (struct probe){
		.in_user_ns = !caps_have("CAP_SYS_ADMIN"),
		.cgroup = -1,
	};
	p->result = mmap(NULL, sizeof(*p->result), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p->result == MAP_FAILED)
		return err_sys(errno, "mmap");
	if (g->cgroup_manager == CGROUP_DISABLED)
		return 0;
	/* What there is to be undone is undone first; SIGPIPE has to wait, too,
	 * and the write fails. */
	sigfillset(&ends);
	sigprocmask(SIG_BLOCK, &ends, &p->signals);
	p->cgroup = make_cgroup(p);
	p->cgroup_err = err;
	return 0;
}

void probe_end(struct probe *p)
{
	if (p->cgroup >= 0)
		cgroup_remove(p->cgroup_path, p->cgroup_kept);
	cgctl_restore(p->given);
	fd_close(&p->cgroup);
	sigprocmask(SIG_SETMASK, &p->signals, NULL);
}
