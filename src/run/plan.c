/* SPDX-License-Identifier: Apache-2.0 */
#include "run/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "kern/cgroup.h"
#include "kern/limits.h"
#include "kern/lsm.h"
#include "kern/ns.h"
#include "kern/procfs.h"
#include "kern/seccomp_notify.h"
#include "kern/sysctl.h"
#include "kern/uapi.h"
#include "run/notify.h"
#include "kern/userns.h"
#include "run/id.h"
#include "run/idmap.h"

/*
 * What the record says was wrong with a value is told again with its place in
 * the config, and the remedy. The text is copied: config_error() writes to the
 * same record.
 */
static int at(const struct plan *p, int ret, const char *path)
{
	struct err first;

	if (ret != -EINVAL)
		return ret;
	first = err;
	config_error(&p->config, path, "%s", first.text);
	return err_hint(first.hint);
}

static int at_index(const struct plan *p, int ret, const char *array, size_t i)
{
	char path[64];

	if (str_fmt(path, sizeof(path), "%s[%zu]", array, i) < 0)
		return -ENAMETOOLONG;
	return at(p, ret, path);
}

int plan_blame_mount(const struct plan *p, size_t i)
{
	return at_index(p, -EINVAL, "mounts", i);
}

static int make_absolute(const char **out, const char *path)
{
	if (!path)
		return 0;
	*out = path_absolute(path);
	return *out ? 0 : -err.num;
}

/* Enters the bundle, as runc does: relative paths of the config start there,
 * and hooks run there. */
static int enter_bundle(struct plan *p, const struct run_options *o)
{
	char cwd[PATH_MAX];

	if (make_absolute(&p->pid_file, o->pid_file) < 0 ||
	    make_absolute(&p->console_socket, o->console_socket) < 0 ||
	    make_absolute(&p->pidfd_socket, o->pidfd_socket) < 0)
		return -err.num;
	if (o->bundle && chdir(o->bundle) < 0)
		return err_sys(errno, "bundle %s", o->bundle);
	if (!getcwd(cwd, sizeof(cwd)))
		return err_sys(errno, "bundle");
	p->bundle = arena_str(cwd);
	return p->bundle ? 0 : -ENOMEM;
}

static int plan_namespaces(struct plan *p)
{
	const struct spec_namespace *ns = p->spec->linux_.ns;
	autofd proc = -1;
	int k, fd;

	for (k = 0; k < NS_KINDS; k++) {
		if (!ns[k].wanted)
			continue;
		if (!ns[k].path) {
			p->own_ns |= 1U << k;
			p->clone_flags |= ns_kinds[k].flag;
			continue;
		}
		fd = ns_open((enum spec_ns_kind)k, ns[k].path);
		if (fd < 0)
			return fd;
		p->ns_fd[k] = fd;
		if (proc < 0)
			proc = procfs_open_host();
		if (proc < 0)
			return proc;
		if (!ns_is_ours((enum spec_ns_kind)k, fd, proc))
			p->own_ns |= 1U << k;
	}
	/* The root of a cgroup namespace is the cgroup of who makes it: the
	 * child must be in its own first, and clone3 would take ours. Offsets
	 * of a time namespace can only be set before a process is in it. */
	p->user_ns = p->own_ns & 1U << NS_USER;
	/* Entering the one we are in would be an error. */
	if (!p->user_ns)
		fd_close(&p->ns_fd[NS_USER]);
	p->new_cgroup_ns = p->clone_flags & K_CLONE_NEWCGROUP;
	p->new_time_ns = p->clone_flags & K_CLONE_NEWTIME;
	p->clone_flags &= ~(uint64_t)(K_CLONE_NEWCGROUP | K_CLONE_NEWTIME);
	return 0;
}

/* Without the right to map any ids, a gid is mapped by nobody but who gives up
 * setgroups(2), or by newgidmap. */
static bool denies_groups(const struct plan *p)
{
	return p->unprivileged &&
	       userns_is_own(&p->spec->linux_.gid_mappings, getegid());
}

static int check_id(const struct plan *p, const struct spec_id_mappings *m,
		    uint32_t id, const char *what)
{
	char path[64];

	if (userns_has(m, id, NULL))
		return 0;
	if (str_fmt(path, sizeof(path), "process.user.%s", what) < 0)
		return -ENAMETOOLONG;
	return config_error(&p->config, path,
			    "%u is not among the container's ids "
			    "(linux.%cidMappings)",
			    id, *what == 'u' ? 'u' : 'g');
}

static int check_user(const struct plan *p, const struct spec_user *u)
{
	const struct spec_linux *l = &p->spec->linux_;
	int ret = check_id(p, &l->uid_mappings, u->uid, "uid");
	size_t i;

	if (ret == 0)
		ret = check_id(p, &l->gid_mappings, u->gid, "gid");
	for (i = 0; i < u->additional_gids.n && ret == 0; i++)
		ret = check_id(p, &l->gid_mappings, u->additional_gids.v[i],
			       "additionalGids");
	if (ret == 0 && i && denies_groups(p))
		return config_error(&p->config, "process.user.additionalGids",
				    "without privileges, a user namespace with "
				    "one gid denies setgroups");
	return ret;
}

static int plan_users(struct plan *p)
{
	const struct spec_process *proc = p->spec->process;
	const struct spec_linux *l = &p->spec->linux_;

	if (!p->user_ns || p->ns_fd[NS_USER] >= 0)
		return 0;
	if (!l->uid_mappings.n || !l->gid_mappings.n)
		return config_error(&p->config, "linux.namespaces",
				    "a new user namespace needs uidMappings "
				    "and gidMappings");
	p->unprivileged = !caps_have("CAP_SETUID") || !caps_have("CAP_SETGID");
	return proc ? check_user(p, &proc->user) : 0;
}

/* uid= and gid= of a file system are ids of the container; for one that has not
 * got it the kernel would have no more to say than EINVAL. */
static int check_mount_ids(const struct plan *p, size_t i)
{
	const struct spec_linux *l = &p->spec->linux_;
	const struct spec_strs *words = &p->spec->mounts.v[i].options;
	char path[32];
	uint32_t id;
	size_t k;

	if (!(p->clone_flags & K_CLONE_NEWUSER) || p->rootfs.mounts[i].bind)
		return 0;
	for (k = 0; k < words->n; k++) {
		const char *word = words->v[k];
		bool group = str_starts(word, "gid=");

		if ((!group && !str_starts(word, "uid=")) ||
		    str_u32(word + 4, &id) < 0 ||
		    userns_has(group ? &l->gid_mappings : &l->uid_mappings, id,
			       NULL))
			continue;
		if (str_fmt(path, sizeof(path), "mounts[%zu]", i) < 0)
			return -ENAMETOOLONG;
		return config_error(&p->config, path,
				    "\"%s\" is not among the container's ids "
				    "(linux.%.*sMappings)",
				    word, 3, word);
	}
	return 0;
}

/* In a user namespace there may be no other moment to get one. */
static bool needs_proc(const struct plan *p)
{
	const struct spec_process *proc = p->spec->process;

	return p->user_ns || p->new_time_ns || p->spec->linux_.sysctl.n ||
	       (proc && (proc->oom_score_adj.set || proc->apparmor_profile ||
			 proc->selinux_label));
}

static int plan_rootfs(struct plan *p, const struct run_options *o)
{
	const struct spec *s = p->spec;
	struct rootfs *r = &p->rootfs;
	size_t i;
	int ret;

	*r = (struct rootfs){
		.spec = s,
		.bundle = p->bundle,
		.new_mount_ns = p->clone_flags & K_CLONE_NEWNS,
		.new_cgroup_ns = p->new_cgroup_ns,
		.user_ns = p->user_ns,
		.no_pivot = o->no_pivot,
		.needs_proc = needs_proc(p),
		.cgroup_path = p->cgroup_dir,
	};
	r->root_path = s->root.path[0] == '/' ?
			       s->root.path :
			       arena_cat(p->bundle, "/", s->root.path, NULL);
	r->mounts = arena_get(s->mounts.n, sizeof(*r->mounts));
	if (!r->root_path || !r->mounts)
		return -ENOMEM;
	for (i = 0; i < s->mounts.n; i++) {
		ret = mount_parse(&r->mounts[i], &s->mounts.v[i]);
		if (ret < 0)
			return at_index(p, ret, "mounts", i);
		ret = check_mount_ids(p, i);
		if (ret < 0)
			return ret;
	}
	ret = idmap_open(p);
	return ret < 0 ? ret : rootfs_open(r);
}

static int plan_sysctls(struct plan *p)
{
	const struct spec_pairs *v = &p->spec->linux_.sysctl;
	size_t i;
	int ret;

	for (i = 0; i < v->n; i++) {
		ret = sysctl_check(v->v[i].name, p->own_ns);
		if (ret < 0)
			return at(p, ret, "linux.sysctl");
	}
	return 0;
}

static int plan_scheduling(struct plan *p, const struct spec_process *proc)
{
	int ret = 0;

	if (proc->scheduler)
		ret = at(p, sched_parse(&p->sched, proc->scheduler),
			 "process.scheduler");
	if (ret == 0 && proc->io_priority)
		ret = at(p, sched_parse_io(&p->io_priority, proc->io_priority),
			 "process.ioPriority");
	return ret;
}

static size_t name_length(const char *entry)
{
	return strcspn(entry, "=");
}

/* Where the variable's index (+ 1) is, or belongs, in a table of mask + 1
 * slots: open addressing, FNV-1a. */
static uint32_t *env_slot(const struct plan *p, uint32_t *table, size_t mask,
			  const char *entry)
{
	size_t n = name_length(entry), i, h = 2166136261U;
	const char *other;

	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)entry[i]) * 16777619U;
	for (;; h++) {
		if (!table[h & mask])
			return &table[h & mask];
		other = p->envp[table[h & mask] - 1];
		if (name_length(other) == n && memcmp(other, entry, n) == 0)
			return &table[h & mask];
	}
}

enum { PASSED_MAX = 4 };

/* What the container is told of the sockets that it has from our caller. The
 * pid is for the child to say, who sees itself as the program will. */
static int list_passed(struct plan *p, const char *v[PASSED_MAX], size_t *n)
{
	const char *names = getenv("LISTEN_FDNAMES");
	int ret = str_fmt(p->listen_number, sizeof(p->listen_number),
			  "LISTEN_FDS=%u", p->listen_fds);

	if (ret >= 0)
		ret = str_fmt(p->listen_pid, sizeof(p->listen_pid),
			      "LISTEN_PID=");
	if (ret < 0)
		return ret;
	if (p->listen_fds) {
		v[(*n)++] = p->listen_number;
		v[(*n)++] = p->listen_pid;
	}
	if (p->listen_fds && names) {
		v[*n] = arena_cat("LISTEN_FDNAMES=", names, NULL);
		if (!v[(*n)++])
			return -ENOMEM;
	}
	if (p->notify)
		v[(*n)++] = "NOTIFY_SOCKET=" NOTIFY_PATH;
	return 0;
}

/* Of two entries with one name the last counts, as for runc. */
static int plan_environment(struct plan *p, const struct spec_strs *env)
{
	const char *passed[PASSED_MAX];
	size_t i, size = 16, n = 0;
	uint32_t *table, *slot;
	const char *entry;

	if (list_passed(p, passed, &n) < 0)
		return -err.num;
	while (size < 2 * (env->n + n))
		size *= 2;
	table = arena_get(size, sizeof(*table));
	p->envp = arena_get(env->n + n + 2, sizeof(char *)); /* HOME, NULL */
	if (!table || !p->envp)
		return -ENOMEM;
	for (i = 0; i < env->n + n; i++) {
		entry = i < env->n ? env->v[i] : passed[i - env->n];
		slot = env_slot(p, table, size - 1, entry);
		if (!*slot)
			*slot = (uint32_t)++p->nenv;
		p->envp[*slot - 1] = (char *)entry;
	}
	return 0;
}

static int plan_arguments(struct plan *p, const struct spec_process *proc)
{
	p->argv = arena_get(proc->args.n + 1, sizeof(char *));
	if (!p->argv)
		return -ENOMEM;
	memcpy(p->argv, proc->args.v, proc->args.n * sizeof(char *));
	return plan_environment(p, &proc->env);
}

int plan_process(struct plan *p)
{
	const struct spec_process *proc = p->spec->process;
	char text[512];
	struct sbuf ignored = SBUF(text);
	int ret;

	if (!proc)
		return 0;
	caps_parse(&p->caps, proc->capabilities, &ignored);
	if (ignored.len)
		log_line(LOG_WARNING, "unknown capabilities ignored: %s",
			 sbuf_cut(&ignored));
	ret = plan_scheduling(p, proc);
	if (ret < 0)
		return ret;
	ret = lsm_check(proc->apparmor_profile, proc->selinux_label);
	if (ret == 0)
		ret = lsm_check(NULL, p->spec->linux_.mount_label);
	if (ret == 0 && p->spec->linux_.personality)
		ret = at(p,
			 limits_parse_personality(&p->persona,
						  p->spec->linux_.personality),
			 "linux.personality");
	if (ret == 0 && p->spec->linux_.memory_policy)
		ret = at(p,
			 mempolicy_parse(&p->memory,
					 p->spec->linux_.memory_policy),
			 "linux.memoryPolicy");
	return ret < 0 ? ret : plan_arguments(p, proc);
}

int plan_seccomp(struct plan *p)
{
	const struct spec_seccomp *s = p->spec->linux_.seccomp;
	char path[128];
	int ret;

	if (!s)
		return 0;
	ret = seccomp_compile(&p->seccomp, s);
	if (ret == 0 && p->seccomp.notifies)
		ret = seccomp_check_notify(&p->seccomp);
	if (ret == 0 && p->seccomp.count)
		log_line(LOG_DEBUG, "seccomp: %s", p->seccomp.engine);
	if (str_fmt(path, sizeof(path), "linux.seccomp%s%s",
		    p->seccomp.path[0] ? "." : "", p->seccomp.path) < 0)
		return -ENAMETOOLONG;
	return at(p, ret, path);
}

/* Asks systemd already, so that the record can say where the cgroup will be
 * before there is one. */
static int plan_unit(struct plan *p, const char *id)
{
	int ret = systemd_name_unit(&p->unit, p->spec->linux_.cgroups_path, id);

	if (ret < 0)
		return at(p, ret, "linux.cgroupsPath");
	ret = systemd_check_annotations(&p->spec->annotations);
	if (ret < 0)
		return at(p, ret, "annotations");
	ret = systemd_open(NULL);
	return ret < 0 ? ret :
			 systemd_locate(p->cgroup, sizeof(p->cgroup), &p->unit);
}

/* A user may own no more than the cgroup that he is in. What is made below it
 * can have no limits, which is better than nothing: it can be frozen, and killed
 * as a whole. */
static int place_cgroup(struct plan *p, const char *id)
{
	const char *wanted = p->spec->linux_.cgroups_path;
	int ret = cgroup_resolve(p->cgroup, sizeof(p->cgroup), wanted, id);
	char below[PATH_MAX];

	if (ret < 0 || (wanted && *wanted) || geteuid() == 0 ||
	    cgroup_may_make(p->cgroup) ||
	    cgroup_resolve_below(below, sizeof(below), id) < 0 ||
	    !cgroup_may_make(below))
		return ret;
	memcpy(p->cgroup, below, sizeof(below));
	return 0;
}

static int plan_cgroup(struct plan *p, const struct run_global *g,
		       const struct run_options *o)
{
	const char *mount;
	int ret;

	p->no_cgroup = "cgroups are disabled (--cgroup-manager)";
	if (g->cgroup_manager == CGROUP_DISABLED)
		return 0;
	p->no_cgroup = "no cgroup2 file system is mounted";
	ret = cgroup_mount(&mount);
	if (ret == -ENOENT && !p->spec->linux_.cgroups_path &&
	    g->cgroup_manager == CGROUP_CGROUPFS && run_is_rootless(g))
		return 0;
	if (ret < 0)
		return ret;
	ret = g->cgroup_manager == CGROUP_SYSTEMD ? plan_unit(p, o->id) :
						    place_cgroup(p, o->id);
	if (ret < 0)
		return ret;
	p->cgroup_dir = arena_cat(mount, p->cgroup, NULL);
	return p->cgroup_dir ? 0 : -ENOMEM;
}

static int plan_limits(struct plan *p, const struct spec_resources *r)
{
	char text[512], path[128];
	struct sbuf ignored = SBUF(text);
	int ret = cgset_plan(&p->limits, r, &ignored);

	if (ret == -EINVAL) {
		if (str_fmt(path, sizeof(path), "linux.resources.%s",
			    p->limits.where) < 0)
			return -ENAMETOOLONG;
		return at(p, ret, path);
	}
	if (ret == 0 && ignored.len)
		log_line(LOG_WARNING, "ignored, cgroup v2 has no such: %s",
			 sbuf_cut(&ignored));
	return ret;
}

/* Without linux.resources there are still the device rules of our own. */
static int plan_resources(struct plan *p)
{
	static const struct spec_resources none;
	const struct spec_resources *r = p->spec->linux_.resources;
	size_t bad = 0;
	int ret;

	r = r ? r : &none;
	ret = plan_limits(p, r);
	if (ret < 0)
		return ret;
	if (*p->cgroup) {
		ret = cgdev_compile(&p->devices, r->devices.v, r->devices.n,
				    &bad);
		return at_index(p, ret, "linux.resources.devices", bad);
	}
	if (p->limits.n)
		return config_error(&p->config, "linux.resources",
				    "limits need a cgroup, and %s",
				    p->no_cgroup);
	if (r->devices.n)
		log_line(LOG_WARNING, "device rules need a cgroup, and %s",
			 p->no_cgroup);
	return 0;
}

int plan_make(struct plan *p, const struct run_global *g,
	      const struct run_options *o)
{
	const char *name = o->config ? o->config : "config.json";
	int ret, k;

	for (k = 0; k < NS_KINDS; k++)
		p->ns_fd[k] = -1;
	p->spec = &p->config.spec;
	ret = id_check(o->id);
	if (ret == 0)
		ret = enter_bundle(p, o);
	if (ret < 0)
		return ret;
	ret = config_load(&p->config, AT_FDCWD, name, name);
	if (ret == -ENOENT)
		return err_sys(ENOENT, "open %s in the bundle %s", name,
			       p->bundle);
	p->notify = p->spec->process && p->spec->linux_.ns[NS_MOUNT].wanted &&
		    notify_is_wanted();
	if (ret == 0)
		ret = plan_namespaces(p);
	if (ret == 0)
		ret = plan_users(p);
	if (ret == 0)
		ret = plan_cgroup(p, g, o);
	if (ret == 0)
		ret = plan_resources(p);
	if (ret == 0)
		ret = plan_sysctls(p);
	if (ret == 0)
		ret = plan_process(p);
	if (ret == 0)
		ret = plan_seccomp(p);
	return ret == 0 ? plan_rootfs(p, o) : ret;
}
