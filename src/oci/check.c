/* SPDX-License-Identifier: Apache-2.0 */
#include "oci/check.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "oci/keys.h"

enum {
	NAME_LENGTH_MAX = 64, /* __NEW_UTS_LEN */
	LINK_NAME_MAX = 15,   /* IFNAMSIZ - 1 */
	MAPPINGS_MAX = 340,   /* UID_GID_MAP_MAX_EXTENTS */
	CPUS = 8192,          /* as kern/sched.h */
};

/* A JSON path, in a buffer that the next call overwrites. */
__attribute__((format(printf, 1, 2))) static const char *at(const char *fmt,
							    ...)
{
	static char path[256];
	struct sbuf b = SBUF(path);
	va_list ap;

	path[0] = '\0';
	va_start(ap, fmt);
	sbuf_vfmt(&b, fmt, ap);
	va_end(ap);
	return path;
}

/* process */

static int check_env(const struct config *c, const struct spec_strs *env,
		     const char *path)
{
	size_t i;

	for (i = 0; i < env->n; i++)
		if (env->v[i][0] == '=' || !strchr(env->v[i], '='))
			return config_expected(c, at("%s[%zu]", path, i),
					       "NAME=value");
	return 0;
}

/* -1 asks setresuid(2) and its like to leave an id as it is. */
static int check_user(const struct config *c, const struct spec_user *u)
{
	static const char what[] = "an id, which is at most 4294967294";
	size_t i;

	if (u->uid == UINT32_MAX)
		return config_expected(c, "process.user.uid", what);
	if (u->gid == UINT32_MAX)
		return config_expected(c, "process.user.gid", what);
	for (i = 0; i < u->additional_gids.n; i++)
		if (u->additional_gids.v[i] == UINT32_MAX)
			return config_expected(
				c, at("process.user.additionalGids[%zu]", i),
				what);
	return 0;
}

static int check_rlimits(const struct config *c, const struct spec_process *p)
{
	const struct spec_rlimit *l = p->rlimits.v;
	uint32_t seen = 0, bit;
	size_t i;

	for (i = 0; i < p->rlimits.n; i++, l++) {
		bit = UINT32_C(1) << oci_words_find(WORDS_RLIMIT, l->type);
		if (seen & bit)
			return config_error(c, at("process.rlimits[%zu]", i),
					    "%s is there already", l->type);
		if (l->soft > l->hard)
			return config_error(c,
					    at("process.rlimits[%zu].soft", i),
					    "%llu is above hard, %llu",
					    (unsigned long long)l->soft,
					    (unsigned long long)l->hard);
		seen |= bit;
	}
	return 0;
}

static int check_scheduler(const struct config *c,
			   const struct spec_scheduler *s)
{
	bool realtime;

	if (!s)
		return 0;
	realtime = str_eq(s->policy, "SCHED_FIFO") ||
		   str_eq(s->policy, "SCHED_RR");
	if (realtime && (s->priority.v < 1 || s->priority.v > 99))
		return config_error(c, "process.scheduler.priority",
				    "%s takes one from 1 to 99", s->policy);
	if (s->nice.v && (realtime || str_eq(s->policy, "SCHED_DEADLINE")))
		return config_error(c, "process.scheduler.nice", "%s has none",
				    s->policy);
	if (!realtime && s->priority.v)
		return config_error(c, "process.scheduler.priority",
				    "only SCHED_FIFO and SCHED_RR have one");
	if ((s->runtime.v || s->deadline.v || s->period.v) &&
	    !str_eq(s->policy, "SCHED_DEADLINE"))
		return config_error(c, "process.scheduler",
				    "runtime, deadline and period are of "
				    "SCHED_DEADLINE only");
	return 0;
}

static int check_cpus(const struct config *c, const char *list,
		      const char *path)
{
	uint64_t bits[CPUS / 64];

	return !list || str_ranges(bits, CPUS, list) == 0 ?
		       0 :
		       config_expected(c, path,
				       "a list of CPUs such as \"0-3,5\"");
}

static int check_affinity(const struct config *c,
			  const struct spec_cpu_affinity *a)
{
	int ret = 0;

	if (a)
		ret = check_cpus(c, a->initial,
				 "process.execCPUAffinity.initial");
	if (a && ret == 0)
		ret = check_cpus(c, a->final, "process.execCPUAffinity.final");
	return ret;
}

int check_process(struct config *c)
{
	const struct spec_process *p = c->spec.process;
	int ret;

	if (!p->args.v[0][0])
		return config_error(c, "process.args[0]", "must not be empty");
	ret = check_env(c, &p->env, "process.env");
	if (ret == 0)
		ret = check_user(c, &p->user);
	if (ret == 0)
		ret = check_rlimits(c, p);
	if (ret == 0)
		ret = check_scheduler(c, p->scheduler);
	return ret == 0 ? check_affinity(c, p->exec_cpu_affinity) : ret;
}

/* ociVersion, names, hooks */

static const char *skip_number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n ? s + n : NULL;
}

/* "1.", two more numbers, and what semver.org allows after them. */
static int check_version(const struct config *c)
{
	const char *s = c->spec.oci_version;

	if (str_starts(s, "1.")) {
		s = skip_number(s + 2);
		if (s && *s == '.')
			s = skip_number(s + 1);
		else
			s = NULL;
		if (s && (!*s || *s == '-' || *s == '+'))
			return 0;
	}
	return config_expected(
		c, "ociVersion",
		"a version 1.x.y of the runtime-spec (this is " OCI_VERSION
		")");
}

static int check_name(const struct config *c, const char *name,
		      const char *path)
{
	if (name && strlen(name) > NAME_LENGTH_MAX)
		return config_error(c, path, "longer than %d bytes",
				    NAME_LENGTH_MAX);
	return 0;
}

static int check_hooks(const struct config *c)
{
	const struct oci_key *k;
	const struct spec_hook_list *list;
	struct spec_hook *h;
	char path[64];
	size_t i;
	int ret = 0;

	for (k = oci_keys(OBJECT_hooks); k->name; k++) {
		list = (const void *)((const char *)&c->spec.hooks + k->offset);
		for (i = 0; i < list->n && ret >= 0; i++) {
			h = &list->v[i];
			h->env_set = h->env.v;
			ret = str_fmt(path, sizeof(path), "hooks.%s[%zu].env",
				      oci_key_name(k), i);
			if (ret > 0)
				ret = check_env(c, &h->env, path);
		}
	}
	return ret < 0 ? ret : 0;
}

/* Namespaces and what is only there with one. */

static int check_namespaces(struct config *c)
{
	struct spec_linux *l = &c->spec.linux_;
	const struct spec_namespace_entry *e = l->namespaces.v;
	size_t i;

	for (i = 0; i < l->namespaces.n; i++, e++) {
		if (l->ns[e->kind].wanted)
			return config_error(c,
					    at("linux.namespaces[%zu].type", i),
					    "this type is there already");
		l->ns[e->kind].wanted = true;
		l->ns[e->kind].path = e->path;
	}
	return 0;
}

static int say_needed(const struct config *c, const char *path,
		      enum spec_ns_kind kind)
{
	/* runc's words */
	if (kind == NS_UTS)
		return config_error(c, path,
				    "unable to set %s without a private UTS "
				    "namespace",
				    path);
	return config_error(c, path,
			    "only with a namespace of type \"%s\" in "
			    "linux.namespaces",
			    oci_words_at(WORDS_NAMESPACE, kind));
}

/* Without a mount namespace nothing of the kind is done, not even to the
 * files of the root: refused rather than left out in silence. */
static int check_needs(const struct config *c)
{
	const struct spec *s = &c->spec;
	const struct spec_linux *l = &s->linux_;
	const struct {
		bool asked;
		enum spec_ns_kind kind;
		const char *path;
	} rows[] = {
		{ s->hostname, NS_UTS, "hostname" },
		{ s->domainname, NS_UTS, "domainname" },
		{ s->mounts.n, NS_MOUNT, "mounts" },
		{ s->root.readonly, NS_MOUNT, "root.readonly" },
		{ l->masked_paths.n, NS_MOUNT, "linux.maskedPaths" },
		{ l->readonly_paths.n, NS_MOUNT, "linux.readonlyPaths" },
		{ l->rootfs_propagation, NS_MOUNT, "linux.rootfsPropagation" },
		{ l->devices.n, NS_MOUNT, "linux.devices" },
		{ l->uid_mappings.n, NS_USER, "linux.uidMappings" },
		{ l->gid_mappings.n, NS_USER, "linux.gidMappings" },
		{ l->net_devices.n, NS_NETWORK, "linux.netDevices" },
		{ l->offset_monotonic || l->offset_boottime, NS_TIME,
		  "linux.timeOffsets" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].asked && !l->ns[rows[i].kind].wanted)
			return say_needed(c, rows[i].path, rows[i].kind);
	if ((l->offset_monotonic || l->offset_boottime) && l->ns[NS_TIME].path)
		return config_error(c, "linux.timeOffsets",
				    "a time namespace that is joined has "
				    "offsets already");
	return 0;
}

/* Mappings and mounts */

static bool overlap(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
	return a < (uint64_t)b + b_size && b < (uint64_t)a + a_size;
}

/* An id that ends where no id is: (uid_t)-1 means none. */
static bool is_beyond(uint32_t id, uint32_t size)
{
	return (uint64_t)id + size > UINT32_MAX;
}

static int check_mapping(const struct config *c,
			 const struct spec_id_mapping *v, size_t i,
			 const char *path)
{
	size_t k;

	if (is_beyond(v[i].container_id, v[i].size) ||
	    is_beyond(v[i].host_id, v[i].size))
		return config_error(c, at("%s[%zu]", path, i),
				    "goes beyond the last id, %u",
				    UINT32_MAX - 1);
	for (k = 0; k < i; k++)
		if (overlap(v[i].container_id, v[i].size, v[k].container_id,
			    v[k].size) ||
		    overlap(v[i].host_id, v[i].size, v[k].host_id, v[k].size))
			return config_error(c, at("%s[%zu]", path, i),
					    "overlaps with number %zu", k);
	return 0;
}

static int check_mappings(const struct config *c,
			  const struct spec_id_mappings *m, const char *path)
{
	size_t i;
	int ret = 0;

	if (m->n > MAPPINGS_MAX)
		return config_error(c, path,
				    "more than %d, all that a kernel takes",
				    MAPPINGS_MAX);
	for (i = 0; i < m->n && ret == 0; i++)
		ret = check_mapping(c, m->v, i, path);
	return ret;
}

static int check_mount_mappings(const struct config *c,
				const struct spec_mount *m, size_t i)
{
	char path[48];
	int ret;

	if (!m->uid_mappings.n || !m->gid_mappings.n)
		return config_error(
			c, at("mounts[%zu]", i),
			"uidMappings and gidMappings belong together");
	ret = str_fmt(path, sizeof(path), "mounts[%zu].uidMappings", i);
	if (ret > 0)
		ret = check_mappings(c, &m->uid_mappings, path);
	if (ret == 0)
		ret = str_fmt(path, sizeof(path), "mounts[%zu].gidMappings", i);
	return ret < 0 ? ret : check_mappings(c, &m->gid_mappings, path);
}

static int check_mount(const struct config *c, struct spec_mount *m, size_t i)
{
	/* As runc takes it. The byte before a string was its quote. */
	if (m->destination[0] != '/')
		*(char *)--m->destination = '/';
	return m->uid_mappings.n || m->gid_mappings.n ?
		       check_mount_mappings(c, m, i) :
		       0;
}

static int check_mounts(const struct config *c)
{
	const struct spec_mounts *m = &c->spec.mounts;
	size_t i;
	int ret = 0;

	for (i = 0; i < m->n && ret == 0; i++)
		ret = check_mount(c, &m->v[i], i);
	return ret;
}

/* Devices */

static int check_devices(const struct config *c)
{
	const struct spec_linux *l = &c->spec.linux_;
	struct spec_device *d = l->devices.v;
	size_t i;

	for (i = 0; i < l->devices.n; i++, d++) {
		if (*d->type != 'p' && (!d->major.set || !d->minor.set))
			return config_error(c, at("linux.devices[%zu]", i),
					    "type \"%s\" takes a major and a "
					    "minor",
					    d->type);
		/* Engines copy st_mode, with the file type. */
		d->file_mode.v &= 07777;
	}
	return 0;
}

/* dev_valid_name() of the kernel, or a template: with "%d" at the end */
static bool is_link_name(const char *s)
{
	const char *percent = strchr(s, '%');
	size_t n = strlen(s);

	return n > 0 && (!percent || str_eq(percent, "%d")) &&
	       n <= LINK_NAME_MAX && !str_eq(s, ".") && !str_eq(s, "..") &&
	       !s[strcspn(s, "/: \t\n\v\f\r")];
}

static int check_net_devices(const struct config *c)
{
	const struct spec_linux *l = &c->spec.linux_;
	const struct spec_net_device *d = l->net_devices.v;
	size_t i;

	for (i = 0; i < l->net_devices.n; i++, d++)
		if (!is_link_name(d->host_name) ||
		    (d->name && !is_link_name(d->name)))
			return config_error(
				c, at("linux.netDevices[\"%s\"]", d->host_name),
				"a name of 1 to %d bytes without "
				"'/', ':', blanks, and '%%' but in a final "
				"%%d is needed",
				LINK_NAME_MAX);
	return 0;
}

/* Resources, as far as their form goes */

static int check_device_rules(const struct config *c,
			      const struct spec_resources *r)
{
	const char *access;
	size_t i;

	for (i = 0; i < r->devices.n; i++) {
		access = r->devices.v[i].access;
		if (access && access[strspn(access, "rwm")])
			return config_expected(
				c, at("linux.resources.devices[%zu].access", i),
				"letters of \"rwm\"");
	}
	return 0;
}

/* As in the names of the kernel's files: 64KB, 2MB, 1GB. */
static bool is_page_size(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n && *s != '0' && s[n] && strchr("KMG", s[n]) &&
	       str_eq(s + n + 1, "B");
}

static int check_hugepages(const struct config *c,
			   const struct spec_resources *r)
{
	size_t i;

	for (i = 0; i < r->hugepage_limits.n; i++)
		if (!is_page_size(r->hugepage_limits.v[i].page_size))
			return config_expected(
				c,
				at("linux.resources.hugepageLimits[%zu]"
				   ".pageSize",
				   i),
				"a size such as \"64KB\", \"2MB\", \"1GB\"");
	return 0;
}

static int check_unified(const struct config *c, const struct spec_resources *r)
{
	size_t i;

	for (i = 0; i < r->unified.n; i++)
		if (strchr(r->unified.v[i].name, '/'))
			return config_error(c, "linux.resources.unified",
					    "a name of a file, without '/', is "
					    "needed");
	return 0;
}

int check_resources(const struct config *c)
{
	const struct spec_resources *r = c->spec.linux_.resources;
	int ret;

	if (!r)
		return 0;
	ret = check_device_rules(c, r);
	if (ret == 0)
		ret = check_hugepages(c, r);
	return ret == 0 ? check_unified(c, r) : ret;
}

/* seccomp */

static int check_seccomp(const struct config *c)
{
	static const char notify[] = "SCMP_ACT_NOTIFY";
	struct spec_seccomp *s = c->spec.linux_.seccomp;
	size_t i;

	if (!s)
		return 0;
	s->flags_set = s->flags.v;
	/* The call that would hand the listener over would wait for itself. */
	if (str_eq(s->default_action, notify))
		return config_error(c, "linux.seccomp.defaultAction",
				    "%s is for single system calls", notify);
	if (s->listener_metadata && !s->listener_path)
		return config_error(c, "linux.seccomp.listenerMetadata",
				    "only with listenerPath");
	for (i = 0; i < s->syscalls.n && !s->listener_path; i++)
		if (str_eq(s->syscalls.v[i].action, notify))
			return config_error(
				c, at("linux.seccomp.syscalls[%zu].action", i),
				"%s takes a listenerPath", notify);
	return 0;
}

static int check_linux(const struct config *c)
{
	const struct spec_linux *l = &c->spec.linux_;
	int ret = check_mappings(c, &l->uid_mappings, "linux.uidMappings");

	if (ret == 0)
		ret = check_mappings(c, &l->gid_mappings, "linux.gidMappings");
	if (ret == 0)
		ret = check_devices(c);
	if (ret == 0)
		ret = check_net_devices(c);
	if (ret == 0)
		ret = check_resources(c);
	return ret == 0 ? check_seccomp(c) : ret;
}

/* annotations: those of our own */

static int check_annotations(struct config *c)
{
	static const char name[] = CONFIG_UNTOUCHED;
	const struct spec_pairs *all = &c->spec.annotations;
	bool *on = &c->spec.root.untouched;
	const char *path = at("annotations[\"%s\"]", name);
	size_t i;

	for (i = 0; i < all->n; i++) {
		if (!str_eq(all->v[i].name, name))
			continue;
		*on = str_eq(all->v[i].value, "true");
		if (!*on && !str_eq(all->v[i].value, "false"))
			return config_expected(c, path,
					       "\"true\" or \"false\"");
	}
	if (*on && !c->spec.root.readonly)
		return config_error(c, path, "only with root.readonly");
	return 0;
}

int check_spec(struct config *c)
{
	int ret = check_version(c);

	if (ret == 0)
		ret = check_namespaces(c);
	if (ret == 0)
		ret = check_needs(c);
	if (ret == 0 && c->spec.process)
		ret = check_process(c);
	if (ret == 0)
		ret = check_name(c, c->spec.hostname, "hostname");
	if (ret == 0)
		ret = check_name(c, c->spec.domainname, "domainname");
	if (ret == 0)
		ret = check_mounts(c);
	if (ret == 0)
		ret = check_hooks(c);
	if (ret == 0)
		ret = check_annotations(c);
	return ret == 0 ? check_linux(c) : ret;
}
