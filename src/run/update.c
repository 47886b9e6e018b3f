/* SPDX-License-Identifier: Apache-2.0 */
/*
 * update: new limits and device rules for a container that exists. What the
 * update does not name stays in force; since some limits are two numbers in one
 * file, all that is in force is kept in the state directory, from the first
 * update on (resources.json; before that, it is what config.json says).
 *
 * The order makes it all or nothing: everything is judged; the record is
 * written; the device program is replaced, which either happens or not; the
 * files are written, and undone by cgset_change() if one fails, and then the
 * program and the record are put back. systemd, if the cgroup is its, hears
 * about the limits before they are written, and once more if they could not be.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "kern/cgdev.h"
#include "kern/cgset.h"
#include "kern/resctrl.h"
#include "kern/systemd.h"
#include "oci/config.h"
#include "oci/decode.h"
#include "oci/encode.h"
#include "run/live.h"

struct update {
	const struct run_global *g;
	struct live live;
	struct config created, saved; /* what is in force is from one of them */
	bool is_saved;
	struct config documents[2];       /* the file, and the options */
	struct spec_resources asked, now; /* what changes; what will be */
	const struct spec_device_rule *old_rules;
	size_t n_old_rules;
	struct spec_memory memory; /* as they were */
	struct spec_cpu cpu;
	struct cgset limits;     /* of now, as far as it was asked for */
	struct cgset old_limits; /* what is in the same files */
	struct cgdev devices, old_devices;
	int resctrl; /* the file system, once it was written to */
	const char *group;
	char old_schemata[4096];
};

/* Sets u->now to what is in force. */
static int load_present(struct update *u)
{
	const struct store *s = &u->live.store;
	struct config *c = &u->created;
	int ret = config_load(c, s->dir, "config.json", "config.json");

	u->is_saved = store_has_resources(s);
	if (ret == 0 && u->is_saved) {
		c = &u->saved;
		ret = config_load_resources(c, s->dir, "resources.json");
	}
	if (ret < 0)
		return ret;
	if (c->spec.linux_.resources)
		u->now = *c->spec.linux_.resources;
	u->old_rules = u->now.devices.v;
	u->n_old_rules = u->now.devices.n;
	if (u->now.memory)
		u->memory = *u->now.memory;
	if (u->now.cpu)
		u->cpu = *u->now.cpu;
	return 0;
}

/* Adds a document to what is asked for and to what will be. */
static int take(struct update *u, const struct config *c)
{
	int ret = config_merge_resources(c, &u->asked);

	return ret < 0 ? ret : config_merge_resources(c, &u->now);
}

/* All of a container's, say: what is passed over would be taken for done. */
static int check_document(const struct config *c)
{
	const struct json *j = &c->json;
	const int *tok;
	int n = decode_unknown(&tok), at_top = 0;

	for (int i = 0; i < n; i++)
		at_top += j->tok[tok[i]].parent == 0;
	return at_top && at_top == j->tok[0].size ?
		       json_error(j, tok[0], NULL,
				  "no key of linux.resources") :
		       0;
}

static int load_documents(struct update *u, const struct run_update *o)
{
	struct config *file = &u->documents[0], *options = &u->documents[1];
	int ret = 0;

	if (o->file) {
		ret = config_load_resources(file, AT_FDCWD, o->file);
		if (ret == 0)
			ret = check_document(file);
		if (ret == 0)
			ret = take(u, file);
	}
	if (ret == 0 && o->options) {
		ret = config_parse_resources(options, o->options,
					     strlen(o->options), "options");
		if (ret == 0)
			ret = take(u, options);
	}
	return ret;
}

static void keep_signed(struct opt_i64 *asked, struct opt_i64 *now,
			struct opt_i64 old)
{
	if (asked->set && !asked->v) {
		*now = old;
		asked->set = false;
	}
}

static void keep_unsigned(struct opt_u64 *asked, struct opt_u64 *now,
			  struct opt_u64 old)
{
	if (asked->set && !asked->v) {
		*now = old;
		asked->set = false;
	}
}

/* 0 asks for nothing where it would be no limit: callers fill in what they do
 * not mean to change. */
static void forget_zeros(struct update *u)
{
	struct spec_memory *m = u->asked.memory;
	struct spec_cpu *c = u->asked.cpu;

	if (m) {
		keep_signed(&m->limit, &u->now.memory->limit, u->memory.limit);
		keep_signed(&m->swap, &u->now.memory->swap, u->memory.swap);
	}
	if (c) {
		keep_signed(&c->quota, &u->now.cpu->quota, u->cpu.quota);
		keep_unsigned(&c->period, &u->now.cpu->period, u->cpu.period);
		keep_unsigned(&c->shares, &u->now.cpu->shares, u->cpu.shares);
	}
}

/* Another limit of memory leaves the limit of swap as it is, which is said by
 * both together; no limit of memory is none of swap, either. */
static int settle_swap(struct update *u)
{
	const struct spec_memory *m = u->asked.memory, *old = &u->memory;
	int64_t limit = old->limit.v > 0 ? old->limit.v : 0, sum = -1;

	if (!m || !m->limit.set || m->swap.set)
		return 0;
	if (m->limit.v != -1 && old->swap.v <= 0)
		return 0;
	if (m->limit.v != -1 &&
	    __builtin_add_overflow(m->limit.v, old->swap.v - limit, &sum))
		return err_sys(ERANGE, "linux.resources.memory.limit");
	u->now.memory->swap = (struct opt_i64){ sum, true };
	return 0;
}

/* What can't be done is said, not left undone. */
static int settle(struct update *u)
{
	const struct spec_cpu *c = u->asked.cpu;

	forget_zeros(u);
	if (c && c->shares.set && !c->idle.set && u->now.cpu->idle.v == 1)
		return err_say(EINVAL,
			       "linux.resources.cpu.shares: a cgroup that is "
			       "idle has no weight (cpu.idle is 1)");
	return settle_swap(u);
}

/* Whether a row of the limits comes from what is asked for. */
static bool is_asked(const struct spec_resources *r, const char *key)
{
	static const struct spec_memory no_memory;
	static const struct spec_cpu no_cpu;
	static const struct spec_block_io no_io;
	const struct spec_memory *m = r->memory ? r->memory : &no_memory;
	const struct spec_cpu *c = r->cpu ? r->cpu : &no_cpu;
	const struct spec_block_io *io = r->block_io ? r->block_io : &no_io;
	const struct {
		bool asked;
		const char *key;
	} rows[] = {
		{ r->pids_limit.set, "pids.limit" },
		{ m->limit.set, "memory.limit" },
		{ m->swap.set || m->limit.v == -1, "memory.swap" },
		{ m->reservation.set, "memory.reservation" },
		{ c->shares.set || c->idle.set, "cpu.shares" },
		{ c->idle.set, "cpu.idle" },
		{ c->quota.set || c->period.set, "cpu.quota" },
		{ c->quota.set || c->period.set, "cpu.period" },
		{ c->burst.set, "cpu.burst" },
		{ c->cpus, "cpu.cpus" },
		{ c->mems, "cpu.mems" },
		{ io->weight.set, "blockIO.weight" },
		{ io->weight_device.n, "blockIO.weightDevice" },
		{ io->read_bps.n, "blockIO.throttleReadBpsDevice" },
		{ io->write_bps.n, "blockIO.throttleWriteBpsDevice" },
		{ io->read_iops.n, "blockIO.throttleReadIOPSDevice" },
		{ io->write_iops.n, "blockIO.throttleWriteIOPSDevice" },
		{ r->hugepage_limits.n, "hugepageLimits" },
		{ r->rdma.n, "rdma" },
		{ r->unified.n, "unified" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_eq(rows[i].key, key))
			return rows[i].asked;
	return true;
}

static int plan_limits(struct update *u)
{
	struct cgset *s = &u->limits;
	struct cgset only_asked;
	char old[512], text[512];
	struct sbuf in_force = SBUF(old), ignored = SBUF(text);
	int ret = cgset_plan(s, &u->now, &in_force);
	size_t i, n = 0;

	if (ret == -EINVAL)
		return err_prefix("linux.resources.%s", s->where);
	if (ret < 0)
		return ret;
	for (i = 0; i < s->n; i++) {
		if (!is_asked(&u->asked, s->rows[i].key))
			continue;
		s->rows[n] = s->rows[i];
		if (i + 1 == s->n || !is_asked(&u->asked, s->rows[i + 1].key))
			s->rows[n].flags &= (uint8_t)~CGSET_AGAIN;
		n++;
	}
	s->n = n;
	cgset_plan(&only_asked, &u->asked, &ignored);
	if (ignored.len)
		log_line(LOG_WARNING, "ignored, cgroup v2 has no such: %s",
			 sbuf_cut(&ignored));
	return 0;
}

static int plan_devices(struct update *u)
{
	size_t bad = 0;
	int ret;

	if (!u->asked.devices.n)
		return 0;
	ret = cgdev_compile(&u->old_devices, u->old_rules, u->n_old_rules,
			    &bad);
	if (ret == 0)
		ret = cgdev_compile(&u->devices, u->now.devices.v,
				    u->now.devices.n, &bad);
	return ret == -EINVAL ?
		       err_prefix("linux.resources.devices[%zu]", bad) :
		       ret;
}

/* The record of all that will be in force. */
static int save(const struct update *u)
{
	struct sbuf b = { .size = 8 * 1024 };
	struct jsonw w;

	do {
		b.size *= 2;
		b.p = arena_get(b.size, 1);
		if (!b.p)
			return -ENOMEM;
		b.len = 0;
		b.full = false;
		w = (struct jsonw){ .b = &b };
		encode(&w, NULL, OBJECT_resources, &u->now);
	} while (b.full);
	return store_save_resources(&u->live.store, b.p, b.len);
}

static void restore(const struct update *u)
{
	const struct store *s = &u->live.store;
	const struct json *j = &u->saved.json;

	store_save_resources(s, u->is_saved ? j->text : NULL, j->len);
}

static int set_devices(const struct update *u, const struct cgdev *program)
{
	int ret = cgdev_apply(program, u->live.cgroup, false,
			      u->live.state.cgroup);

	if ((ret != -EOPNOTSUPP && ret != -EPERM) ||
	    u->g->device_rules != DEVICE_RULES_OPTIONAL)
		return ret;
	log_line(LOG_WARNING, "no device rules: %s", err.text);
	return 0;
}

static int change_limits(struct update *u)
{
	const struct state *s = &u->live.state;
	struct err first;
	int ret = 0;

	if (s->systemd_unit) {
		ret = cgset_read(&u->old_limits, &u->limits, u->live.cgroup);
		if (ret == 0)
			ret = systemd_set(s->systemd_unit, &u->limits);
	}
	if (ret < 0)
		return ret;
	ret = cgset_change(&u->limits, u->live.cgroup, s->cgroup);
	if (ret == 0 || !s->systemd_unit)
		return ret;
	first = err;
	systemd_set(s->systemd_unit, &u->old_limits);
	err = first;
	return ret;
}

static int apply(struct update *u)
{
	int ret = u->asked.devices.n ? set_devices(u, &u->devices) : 0;
	struct err first;

	if (ret < 0)
		return ret;
	ret = change_limits(u);
	if (ret == 0 || !u->asked.devices.n)
		return ret;
	first = err;
	set_devices(u, &u->old_devices);
	err = first;
	return ret;
}

/* Those of before are kept in u, to be put back. */
static int change_schemata(struct update *u, const struct run_update *o)
{
	const struct spec_intel_rdt *s = u->created.spec.linux_.intel_rdt;
	const char *path;
	ssize_t ret;

	if (!o->l3_cache && !o->mem_bw)
		return 0;
	if (!s)
		return err_say(EINVAL, "schemata are of containers with "
				       "linux.intelRdt, and this one has none");
	u->resctrl = resctrl_open();
	if (u->resctrl < 0)
		return u->resctrl;
	ret = resctrl_name(&u->group, s, u->live.state.id);
	if (ret < 0)
		return (int)ret;
	path = arena_cat(u->group, "/schemata", NULL);
	ret = path ? fd_read_text(u->resctrl, path, u->old_schemata,
				  sizeof(u->old_schemata)) :
		     -ENOMEM;
	return ret < 0 ? (int)ret :
			 resctrl_write(u->resctrl, u->group, o->l3_cache,
				       o->mem_bw, NULL);
}

static void restore_schemata(struct update *u)
{
	if (u->resctrl >= 0)
		resctrl_write(u->resctrl, u->group, NULL, u->old_schemata,
			      NULL);
}

int run_update(const struct run_global *g, const char *id,
	       const struct run_update *o)
{
	/* Of its many bytes none is in the file. */
	static struct update u;
	struct err first;
	int ret;

	u.live = (struct live)LIVE_NONE;
	u.resctrl = -1;
	u.g = g;
	ret = live_open_locked(&u.live, g, id);
	if (ret == 0)
		ret = live_need_cgroup(&u.live, "update");
	if (ret == 0)
		ret = load_present(&u);
	if (ret == 0)
		ret = load_documents(&u, o);
	if (ret == 0)
		ret = settle(&u);
	if (ret == 0)
		ret = plan_limits(&u);
	if (ret == 0)
		ret = plan_devices(&u);
	if (ret == 0 && u.live.state.systemd_unit)
		ret = systemd_open(u.live.state.systemd_address);
	if (ret == 0)
		ret = save(&u);
	if (ret == 0) {
		ret = change_schemata(&u, o);
		if (ret == 0)
			ret = apply(&u);
		first = err;
		if (ret < 0) {
			restore_schemata(&u);
			restore(&u);
		}
		err = first;
	}
	fd_close(&u.resctrl);
	systemd_close();
	live_close(&u.live);
	return ret;
}
