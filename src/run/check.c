/* SPDX-License-Identifier: Apache-2.0 */
#include "run/check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/cgset.h"
#include "kern/mount.h"
#include "kern/need.h"
#include "kern/ns.h"
#include "kern/path.h"
#include "kern/sys.h"
#include "kern/uapi.h"
#include "oci/config.h"
#include "oci/decode.h"
#include "run/kconfig.h"
#include "run/plan.h"
#include "run/probe.h"

struct check {
	const struct run_global *g;
	const struct check_options *o;
	int (*each)(const struct check_line *line, void *arg);
	void *arg;
	struct plan *plan;      /* of a bundle, its config loaded; or NULL */
	int root;               /* of the bundle, owned; -1: not here */
	struct kconfig kconfig; /* if there is one; else: */
	struct probe probe;
};

static int put(struct check *c, enum check_status status, const char *name,
	       const char *found, const char *key, int need)
{
	char text[512];
	struct sbuf remedy = SBUF(text);
	const struct check_line line = {
		.status = status,
		.name = name,
		.found = found,
		.key = key,
		.remedy = text,
	};

	text[0] = '\0';
	if (status != CHECK_OK)
		need_add_text(&remedy, need);
	return c->each(&line, c->arg);
}

/* What failed, in the words of the error record, which may begin with the
 * key. */
static int put_failure(struct check *c, enum check_status status,
		       const char *name, const char *key)
{
	struct err first = err;
	const char *text = first.text;
	size_t n = key ? strlen(key) : 0;

	if (n && str_starts(text, key) && str_starts(text + n, ": "))
		text += n + 2;
	return put(c, status, name, text, key, first.hint);
}

/* A probe's result, where what is missing is no reason to fail. */
static int put_result(struct check *c, int ret, enum check_status worst,
		      const char *name, const char *key, int need)
{
	const char *found = c->probe.result->found;

	if (ret < 0)
		return put_failure(c, worst, name, key);
	return put(c, ret > 0 ? CHECK_WARN : CHECK_OK, name,
		   *found ? found : "works", key, need);
}

static bool is_of_cgroups(int probe)
{
	return probe == PROBE_CGROUP || probe == PROBE_CONTROLLER ||
	       probe == PROBE_FILE || probe == PROBE_DEVICES;
}

/* What a container goes without, rather than be refused. */
static bool is_tolerated(const struct check *c, int probe)
{
	if (probe == PROBE_CGROUP || probe == PROBE_DEVICES)
		return run_is_rootless(c->g) ||
		       (probe == PROBE_DEVICES &&
			c->g->device_rules == DEVICE_RULES_OPTIONAL);
	return false;
}

static enum check_status worst_of(const struct check *c,
				  const struct need_check *row)
{
	if (is_tolerated(c, row->probe))
		return CHECK_WARN;
	return c->plan || row->level <= LEVEL_SPEC ? CHECK_FAIL : CHECK_WARN;
}

static int judge_row(struct check *c, int need, const char *key)
{
	struct need_check row = need_check(need);
	char text[512] = "";
	struct sbuf found = SBUF(text);
	enum check_status worst = worst_of(c, &row);
	int ret;

	if (!c->o->kernel_config)
		return put_result(c, probe_row(&c->probe, need), worst,
				  row.name, key, need);
	/* Of the boot, and not of the kernel. */
	if (!*row.options && !row.linux_)
		return 0;
	ret = kconfig_judge(&c->kconfig, need, &found);
	return put(c,
		   ret == 0 ? CHECK_OK :
		   ret > 0  ? CHECK_WARN :
			      worst,
		   row.name, sbuf_cut(&found), key, need);
}

/* The key of the bundle's config that needs it, in text; or NULL. */
static const char *find_namespace(const struct spec_linux *l, int need,
				  struct sbuf *text)
{
	for (size_t i = 0; i < l->namespaces.n; i++) {
		const struct spec_namespace_entry *n = &l->namespaces.v[i];

		if (n->path || ns_kinds[n->kind].need != need)
			continue;
		sbuf_fmt(text, "linux.namespaces[%zu]", i);
		return text->p;
	}
	return NULL;
}

static bool is_type(const struct mount *m, const char *type)
{
	return m->spec->type && str_eq(m->spec->type, type) && !m->bind &&
	       !(m->flags & MOUNT_REMOUNT);
}

static const char *find_mount(const struct spec_mounts *mounts,
			      const struct need_check *row, struct sbuf *text)
{
	struct mount m;

	for (size_t i = 0; i < mounts->n; i++) {
		if (mount_parse(&m, &mounts->v[i]) < 0 ||
		    (row->probe == PROBE_ID_MAP ?
			     !m.idmap :
			     !is_type(&m, strchr(row->name, ' ') + 1)))
			continue;
		sbuf_fmt(text, "mounts[%zu]", i);
		return text->p;
	}
	return NULL;
}

static const char *find_key(const struct check *c, int need, struct sbuf *text)
{
	struct need_check row = need_check(need);
	const struct spec *s = c->plan->spec;

	switch (row.probe) {
	case PROBE_NAMESPACE:
		return find_namespace(&s->linux_, need, text);
	case PROBE_MOUNT:
	case PROBE_ID_MAP:
		return find_mount(&s->mounts, &row, text);
	case PROBE_CONTROLLER: /* check_limits() */
	case PROBE_FILE:
		return NULL;
	default:
		return !*row.key || json_has(&c->plan->config.json, row.key) ?
			       row.key :
			       NULL;
	}
}

static int check_rows(struct check *c)
{
	struct need_check row;
	const char *key;
	int ret = 0;

	for (int need = 1; need < NEED_COUNT && ret == 0; need++) {
		char text[64] = "";
		struct sbuf b = SBUF(text);

		row = need_check(need);
		if (row.probe == PROBE_NONE ||
		    (is_of_cgroups(row.probe) &&
		     c->g->cgroup_manager == CGROUP_DISABLED))
			continue;
		if (c->plan)
			key = find_key(c, need, &b);
		else
			key = row.level == LEVEL_BUNDLE ? NULL : row.key;
		if (key)
			ret = judge_row(c, need, key);
	}
	return ret;
}

/* Of a type that neither the table nor an earlier entry has. */
static bool is_new_type(const struct spec_mounts *mounts, size_t i)
{
	const char *type = mounts->v[i].type;
	struct mount m;

	if (mount_parse(&m, &mounts->v[i]) < 0 || !type || !is_type(&m, type))
		return false;
	for (size_t k = 0; k < i; k++)
		if (mount_parse(&m, &mounts->v[k]) == 0 && is_type(&m, type))
			return false;
	for (int need = 1; need < NEED_COUNT; need++)
		if (need_check(need).probe == PROBE_MOUNT &&
		    str_eq(strchr(need_check(need).name, ' ') + 1, type))
			return false;
	return true;
}

__attribute__((format(printf, 4, 5))) static int
put_object(struct check *c, int ret, const char *key, const char *fmt, ...)
{
	struct err first = err;
	char name[96];
	struct sbuf b = SBUF(name);
	va_list ap;

	va_start(ap, fmt);
	sbuf_vfmt(&b, fmt, ap);
	va_end(ap);
	err = first;
	return put_result(c, ret, CHECK_FAIL, sbuf_cut(&b), key, 0);
}

static int check_mounts(struct check *c)
{
	const struct spec_mounts *mounts = &c->plan->spec->mounts;
	const char *type;
	char key[32];
	int ret = 0;

	for (size_t i = 0; i < mounts->n && ret == 0; i++) {
		if (!is_new_type(mounts, i))
			continue;
		type = mounts->v[i].type;
		ret = str_fmt(key, sizeof(key), "mounts[%zu]", i);
		if (ret > 0)
			ret = put_object(c,
					 probe_mount(&c->probe,
						     str_eq(type, "cgroup") ?
							     "cgroup2" :
							     type),
					 key, "mount %s", type);
	}
	return ret;
}

/* Below one of the first so many: there the root itself is not seen. */
static bool lies_on_mount(const struct spec_mounts *mounts, size_t first,
			  const char *name)
{
	char path[PATH_MAX], above[PATH_MAX];
	size_t n;

	if (path_clean(path, sizeof(path), name) < 0)
		return true;
	for (size_t k = 0; k < first; k++) {
		if (path_clean(above, sizeof(above), mounts->v[k].destination) <
		    0)
			continue;
		n = strlen(above);
		if (strncmp(path, above, n) == 0 && path[n] == '/')
			return true;
	}
	return false;
}

/* Of a link, only the mounts themselves show where it leads. */
static int check_mount_point(struct check *c, size_t i)
{
	const char *path = c->plan->spec->mounts.v[i].destination;
	char key[32], found[256];
	struct sbuf b = SBUF(found);
	autofd fd = path_open(c->root, path, O_PATH, K_RESOLVE_NO_SYMLINKS);

	if (fd != -ENOENT || lies_on_mount(&c->plan->spec->mounts, i, path) ||
	    str_fmt(key, sizeof(key), "mounts[%zu]", i) < 0)
		return 0;
	sbuf_fmt(&b, "%s is not in the root", path);
	return put(c, CHECK_FAIL, "mount point", sbuf_cut(&b), key,
		   NEED_MOUNT_POINT);
}

/* Those that can't be made. A root that is not here is told of elsewhere, or is
 * another machine's. */
static int check_mount_points(struct check *c)
{
	struct statfs fs;
	int ret = 0;

	if (c->root < 0 || fstatfs(c->root, &fs) < 0 ||
	    !(c->plan->spec->root.untouched ||
	      (unsigned long)fs.f_flags & K_ST_RDONLY))
		return 0;
	for (size_t i = 0; i < c->plan->spec->mounts.n && ret == 0; i++)
		ret = check_mount_point(c, i);
	return ret;
}

/* Of the host's files, only what can't be used is told. We are in the bundle, as
 * plan_bundle() has left it. */
static int check_file(struct check *c, const char *name, const char *path,
		      int mode, const char *key, size_t i)
{
	char at[64];
	int ret = sys_faccessat2(AT_FDCWD, path, mode, AT_EACCESS);

	if (ret >= 0)
		return 0;
	err_sys(ret, "%s%s%s", path[0] == '/' ? "" : c->o->bundle,
		path[0] == '/' ? "" : "/", path);
	ret = str_fmt(at, sizeof(at), "%s[%zu]", key, i);
	return ret < 0 ? ret : put_failure(c, CHECK_FAIL, name, at);
}

static int check_sources(struct check *c)
{
	const struct spec_mounts *mounts = &c->plan->spec->mounts;
	struct mount m;
	int ret = 0;

	for (size_t i = 0; i < mounts->n && ret == 0; i++)
		if (mount_parse(&m, &mounts->v[i]) == 0 && m.bind &&
		    mounts->v[i].source &&
		    !(m.flags &
		      (MOUNT_SRC_NOFOLLOW | MOUNT_COPY_LINK | MOUNT_REMOUNT)))
			ret = check_file(c, "source", mounts->v[i].source, F_OK,
					 "mounts", i);
	return ret;
}

static int check_hooks(struct check *c)
{
	const struct spec_hooks *h = &c->plan->spec->hooks;
	const struct {
		const struct spec_hook_list *list;
		const char *key;
	} kinds[] = {
		{ &h->prestart, "hooks.prestart" },
		{ &h->create_runtime, "hooks.createRuntime" },
		{ &h->create_container, "hooks.createContainer" },
		{ &h->poststart, "hooks.poststart" },
		{ &h->poststop, "hooks.poststop" },
	};
	int ret = 0;

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t i = 0; i < kinds[k].list->n && ret == 0; i++)
			ret = check_file(c, "hook", kinds[k].list->v[i].path,
					 X_OK, kinds[k].key, i);
	return ret;
}

static int check_program(struct check *c)
{
	const struct spec *s = c->plan->spec;
	const struct spec_hooks *h = &s->hooks;
	const char *path = s->process ? s->process->args.v[0] : NULL;
	char found[256];
	struct sbuf b = SBUF(found);
	autofd fd = -1;

	if (!path || path[0] != '/' || c->root < 0 ||
	    lies_on_mount(&s->mounts, s->mounts.n, path))
		return 0;
	/* Links may lead into mounts. */
	fd = path_open(c->root, path, O_PATH, K_RESOLVE_NO_SYMLINKS);
	if (fd != -ENOENT)
		return 0;
	sbuf_fmt(&b, "%s is not in the root", path);
	/* Hooks may put it there. */
	return put(c,
		   h->prestart.n || h->create_runtime.n ||
				   h->create_container.n ?
			   CHECK_WARN :
			   CHECK_FAIL,
		   "program", sbuf_cut(&b), "process.args[0]", 0);
}

static int check_files(struct check *c)
{
	int ret = check_sources(c);

	if (ret == 0)
		ret = check_hooks(c);
	return ret == 0 ? check_program(c) : ret;
}

/* The rows from i on that are written together. */
static struct cgset part_of(const struct cgset *all, size_t i)
{
	struct cgset part = { .rows = all->rows + i, .n = 1 };

	while (part.rows[part.n - 1].flags & (CGSET_OR_NEXT | CGSET_AGAIN))
		part.n++;
	return part;
}

static int check_limits(struct check *c)
{
	const struct cgset *all = &c->plan->limits;
	char key[160];
	int ret = 0;

	for (size_t i = 0; i < all->n && ret == 0;) {
		struct cgset part = part_of(all, i);
		const struct cgset_row *row = part.rows;

		i += part.n;
		ret = str_fmt(key, sizeof(key), "linux.resources.%s", row->key);
		if (ret < 0)
			break;
		ret = c->o->kernel_config ?
			      judge_row(c, row->need, key) :
			      put_object(c, probe_limits(&c->probe, &part), key,
					 "cgroup %s", row->file);
	}
	return ret;
}

static int check_sysctls(struct check *c)
{
	const struct spec_pairs *v = &c->plan->spec->linux_.sysctl;
	int ret = 0;

	for (size_t i = 0; i < v->n && ret == 0; i++)
		ret = put_object(c, probe_sysctl(&c->probe, v->v[i].name),
				 "linux.sysctl", "%s", v->v[i].name);
	return ret;
}

static int load_bundle(struct check *c, struct plan *p)
{
	static const char name[] = "config.json";
	autofd dir = fd_open(AT_FDCWD, c->o->bundle, O_PATH | O_DIRECTORY, 0);
	int ret = dir < 0 ? dir : config_load(&p->config, dir, name, name);

	p->spec = &p->config.spec;
	c->plan = p;
	if (ret == 0)
		c->root = fd_open(dir, p->spec->root.path, O_PATH | O_DIRECTORY,
				  0);
	return ret;
}

/* The limits alone, where the rest could not be planned or need not be. */
static int plan_limits(struct plan *p)
{
	const struct spec_resources *r = p->spec->linux_.resources;
	char text[512];
	struct sbuf ignored = SBUF(text);

	return r && !p->limits.rows ? cgset_plan(&p->limits, r, &ignored) : 0;
}

/* As a container that is to be made: what is wrong or unknown in it, and what
 * it names of the host. */
static int plan_bundle(struct check *c, struct plan *p)
{
	const struct run_options o = {
		.id = "runt-check",
		.bundle = c->o->bundle,
	};
	int ret = plan_make(p, c->g, &o);

	/* What has a row of its own is told there. */
	if (ret < 0 && need_check(err.hint).probe != PROBE_NONE)
		return 0;
	if (ret < 0)
		return put_failure(c, CHECK_FAIL, "config.json", NULL);
	return put(c, CHECK_OK, "config.json", "can be honoured", NULL, 0);
}

/* The spec wants them to be ignored; misspelt ones are found nowhere else. */
static int check_keys(struct check *c)
{
	const int *tok;
	int n = decode_unknown(&tok), ret = 0;

	for (int i = 0; i < n && ret == 0; i++) {
		json_error(&c->plan->config.json, tok[i], NULL,
			   "unknown, and so without effect");
		ret = put_failure(c, CHECK_WARN, "unknown key", NULL);
	}
	return ret;
}

static int check_bundle(struct check *c, struct plan *p)
{
	int ret = c->o->kernel_config ? 0 : plan_bundle(c, p);

	if (ret == 0 && !c->o->kernel_config)
		ret = check_keys(c);
	if (ret == 0 && plan_limits(p) < 0)
		ret = put_failure(c, CHECK_FAIL, "limits", "linux.resources");
	if (ret == 0)
		ret = check_rows(c);
	if (ret == 0)
		ret = check_limits(c);
	if (ret == 0)
		ret = check_mount_points(c);
	if (ret < 0 || c->o->kernel_config)
		return ret;
	ret = check_mounts(c);
	if (ret == 0)
		ret = check_files(c);
	return ret < 0 ? ret : check_sysctls(c);
}

int run_check(const struct run_global *g, const struct check_options *o,
	      int (*each)(const struct check_line *line, void *arg), void *arg)
{
	static struct plan plan;
	static struct check c;
	int ret = 0;

	c = (struct check){
		.g = g, .o = o, .each = each, .arg = arg, .root = -1
	};
	if (o->bundle)
		ret = load_bundle(&c, &plan);
	if (ret == 0 && o->kernel_config)
		ret = kconfig_load(&c.kconfig, o->kernel_config);
	else if (ret == 0)
		ret = probe_begin(&c.probe, g);
	if (ret < 0)
		return ret;
	c.probe.plan = c.plan;
	ret = c.plan ? check_bundle(&c, &plan) : check_rows(&c);
	if (!o->kernel_config)
		probe_end(&c.probe);
	fd_close(&c.root);
	return ret;
}
