/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiler of seccomp profiles against libseccomp and against a plain
 * evaluation of the rules: every call number of every ABI, with arguments at,
 * below and above each constant and in each half of 64 bits.
 *
 * For the default profiles of Docker, podman and containerd, for hard cases,
 * and for generated profiles: SECCOMP_PROFILES says how many (300; in an
 * emulator 25), and SECCOMP_SEED where to begin (1000000, of which many more
 * have been compared).
 *
 * What may differ, and is asked of the rules instead:
 * - ENOSYS for calls that are newer than the profile: libseccomp has no such;
 * - calls that this libseccomp does not know;
 * - calls whose rules overlap with different actions: any of these;
 * - where libseccomp contradicts itself (parts.h), never for a call with one
 *   rule in a profile that names no call which an ABI lacks.
 */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/seccomp.h"
#include "kern/seccomp_check.h"
#include "kern/seccomp_clause.h"
#include "kern/seccomp_table.h"
#include "oci/config.h"
#include "seccomp/generate.h"
#include "seccomp/interp.h"
#include "seccomp/library.h"
#include "seccomp/parts.h"
#include "seccomp/reference.h"
#include "tap.h"

static struct digest digested;
static struct sock_filter ours[BPF_MAXINSNS];
static struct library theirs;

static struct {
	unsigned long profiles, points, sound;
	unsigned long left;       /* profiles with calls left to libseccomp */
	unsigned long broke;      /* over which libseccomp broke down */
	unsigned long refused[2]; /* by us, by it */
	unsigned long many;       /* of ours, unseen: too much to be tried */
	unsigned long wrong;      /* points where it contradicts itself */
	unsigned long wrong_profiles;
} tally;

/* What is looked at now. */
static struct {
	const struct spec_seccomp *s;
	const char *name;
	unsigned long differences, wrong;
	bool left;   /* this call to libseccomp */
	bool shared; /* see is_shared() */
	bool sound;  /* this call is, see is_sound() */
} now;

static void differ(const char *what, const struct seccomp_data *d,
		   const struct outcome *o, uint32_t mine, uint32_t other)
{
	if (now.differences++ >= 3)
		return;
	printf("# %s: %s: arch %#x, call %#x (%u)\n", now.name, what, d->arch,
	       (unsigned int)d->nr, (unsigned int)d->nr & 0x3fffffff);
	for (int i = 0; i < 6; i++)
		printf("#   argument %d: %#llx\n", i,
		       (unsigned long long)d->args[i]);
	printf("# ours %#x, libseccomp's %#x, the rules say", mine, other);
	for (size_t i = 0; i < o->n; i++)
		printf(" %#x", o->action[i]);
	printf("%s\n", o->enosys ? " (newer)" : "");
}

static bool among(const struct outcome *o, uint32_t action)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->action[i] == action)
			return true;
	return false;
}

static bool unknown_to_library(const struct abi *a, uint32_t number)
{
	for (size_t i = 0; a && i < a->n; i++)
		if (a->row[i].number == number)
			return seccomp_syscall_resolve_name(a->row[i].name) ==
			       __NR_SCMP_ERROR;
	return false;
}

/* ENOSYS for what is newer than the profile is ours alone. */
static uint32_t outcome_of_theirs(const struct outcome *o,
				  const struct seccomp_data *d)
{
	return o->enosys ? SCMP_ACT_ERRNO(ENOSYS) :
			   interp_run(theirs.program, d);
}

static void compare_theirs(const struct seccomp_data *d,
			   const struct about *about, const struct outcome *o,
			   uint32_t mine)
{
	uint32_t other = outcome_of_theirs(o, d);

	const struct abi *a = abi_of(d->arch, (uint32_t)d->nr);

	tally.sound += now.sound;
	if (mine == other || unknown_to_library(a, (uint32_t)d->nr))
		return;
	if (now.left && among(o, other))
		return;
	parts_of(now.s, a, about);
	if (now.left || (!now.sound && parts_agree(d, mine)))
		now.wrong++;
	else
		differ("against libseccomp", d, o, mine, other);
}

static void compare_point(const struct seccomp_data *d,
			  const struct about *about)
{
	uint32_t mine = interp_run(ours, d);
	struct outcome o;

	tally.points++;
	evaluate(&o, &digested, about, d->arch, (uint32_t)d->nr,
		 (const uint64_t *)d->args);
	if (!among(&o, mine))
		differ("against the rules", d, &o, mine, 0);
	else if (theirs.count > 0)
		compare_theirs(d, about, &o, mine);
}

/* Values that a comparison with this one could get wrong. */
static size_t candidates(uint64_t *out, const struct spec_seccomp_arg *a)
{
	const uint64_t of[] = { a->value, a->value_two, a->value & a->value_two,
				~a->value };
	size_t n = 0;

	for (size_t i = 0; i < COUNT(of); i++) {
		uint32_t high = (uint32_t)(of[i] >> 32), low = (uint32_t)of[i];

		for (int h = -1; h <= 1; h++)
			for (int l = -1; l <= 1; l++)
				out[n++] = (uint64_t)(high + (uint32_t)h)
						   << 32 |
					   (low + (uint32_t)l);
		out[n++] = low;
		out[n++] = (uint64_t)high << 32;
		out[n++] = of[i] ^ UINT64_C(1) << 32;
		out[n++] = of[i] ^ UINT64_C(1) << 63;
	}
	return n;
}

/* All candidates of the rules about a call, by argument. */
struct pool {
	uint64_t v[6][2048];
	size_t n[6];
};

static void fill_pool(struct pool *p, const struct about *about)
{
	uint64_t some[64];

	for (int i = 0; i < 6; i++) {
		p->v[i][0] = 0;
		p->v[i][1] = UINT64_MAX;
		p->v[i][2] = 1;
		p->n[i] = 3;
	}
	for (; about; about = about->next) {
		if (about->selector && p->n[0] + 4 < COUNT(p->v[0])) {
			p->v[0][p->n[0]++] = about->selector;
			p->v[0][p->n[0]++] = about->selector + 1;
			p->v[0][p->n[0]++] = about->selector | UINT64_C(1)
								       << 32;
		}
		for (size_t i = 0; i < about->rule->args.n; i++) {
			const struct spec_seccomp_arg *a =
				&about->rule->args.v[i];
			size_t n = candidates(some, a);

			if (p->n[a->index] + n > COUNT(p->v[0]))
				continue;
			memcpy(p->v[a->index] + p->n[a->index], some,
			       n * sizeof(some[0]));
			p->n[a->index] += n;
		}
	}
}

/* A point at which all conditions of a rule are close to their bounds. */
static void aim(struct seccomp_data *d, const struct about *about)
{
	uint64_t some[64];

	for (size_t i = 0; i < about->rule->args.n; i++) {
		const struct spec_seccomp_arg *a = &about->rule->args.v[i];
		size_t n = candidates(some, a);

		d->args[a->index] = some[below((uint32_t)n)];
		for (int tries = 0; tries < 8 && !one_in(8); tries++) {
			if (cond_holds(a, &abis[0], (uint64_t *)d->args))
				break;
			d->args[a->index] = some[below((uint32_t)n)];
		}
	}
	if (about->selector)
		d->args[0] = about->selector;
}

static void compare_arguments(struct seccomp_data *d, const struct about *about)
{
	static struct pool p;

	fill_pool(&p, about);
	for (int i = 0; i < 6; i++) {
		memset(d->args, 0, sizeof(d->args));
		for (size_t k = 0; k < p.n[i]; k++) {
			d->args[i] = p.v[i][k];
			compare_point(d, about);
		}
	}
	for (int k = 0; k < 100; k++) {
		for (int i = 0; i < 6; i++)
			d->args[i] = p.v[i][below((uint32_t)p.n[i])];
		compare_point(d, about);
	}
	for (const struct about *r = about; r; r = r->next) {
		for (int k = 0; k < 40; k++) {
			for (int i = 0; i < 6; i++)
				d->args[i] = p.v[i][below((uint32_t)p.n[i])];
			aim(d, r);
			compare_point(d, about);
		}
	}
}

static bool has_conditions(const struct about *about)
{
	for (; about; about = about->next)
		if (about->rule->args.n || about->selector)
			return true;
	return false;
}

/* Is libseccomp's outcome not that of a rule that applies? */
static bool is_wrong(const struct seccomp_data *d)
{
	const struct abi *a = abi_of(d->arch, (uint32_t)d->nr);
	struct outcome o;

	evaluate(&o, &digested, about_number(&digested, a, (uint32_t)d->nr),
		 d->arch, (uint32_t)d->nr, (const uint64_t *)d->args);
	return !among(&o, outcome_of_theirs(&o, d));
}

/* The names that the compiler leaves to libseccomp, as find_unclear() does. */
static bool left[1000];

static void leave(unsigned int abi, size_t name)
{
	const struct seccomp_mux *mux;

	left[name] = true;
	for (size_t i = 0; (mux = seccomp_mux(i)); i++)
		if (mux->abi == abi && mux->call == name)
			left[mux->name] = true;
}

static void make_plan(struct seccomp_plan *plan, const struct spec_seccomp *s)
{
	char path[64];

	if (seccomp_plan_make(plan, s, path, sizeof(path)) < 0)
		abort();
}

static void find_left(const struct spec_seccomp *s)
{
	struct seccomp_plan plan;
	uint32_t action;
	size_t n;

	memset(left, 0, sizeof(left));
	make_plan(&plan, s);
	for (unsigned int i = 0; i < ABIS; i++) {
		for (size_t k = seccomp_abis[i].row;
		     plan.abis & 1U << i && k < seccomp_abis[i].row_end; k++) {
			size_t name = seccomp_row(k)->name;

			if (clause_verdict(&plan, i, name, &action, &n) ==
			    VERDICT_UNCLEAR)
				leave(i, name);
		}
	}
	seccomp_plan_free(&plan);
}

static bool is_name_left(const char *name)
{
	int index = seccomp_name_find(name);

	return index >= 0 && left[index];
}

static bool is_left(const struct abi *a, uint32_t number)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->row[i].number == number)
			return is_name_left(a->row[i].name);
	return false;
}

/* What seccomp_check() says of libseccomp's program. */
static int check(const struct spec_seccomp *s, struct k_seccomp_data *found)
{
	struct seccomp_plan plan;
	int ret;

	make_plan(&plan, s);
	for (size_t i = 0; i < seccomp_names(); i++)
		plan.calls[i].library = left[i];
	ret = seccomp_check(&plan, (struct k_sock_filter *)theirs.program,
			    (size_t)theirs.count, found);
	seccomp_plan_free(&plan);
	return ret;
}

static void compare_number(uint32_t audit, uint32_t number)
{
	const struct abi *a = abi_of(audit, number);
	const struct about *about = a ? about_number(&digested, a, number) :
					NULL;
	struct seccomp_data d = { .nr = (int)number, .arch = audit };

	now.left = about && is_left(a, number);
	now.sound = !now.left &&
		    (!a || !about || (now.shared && is_sound(now.s, about)));
	if (has_conditions(about)) {
		compare_arguments(&d, about);
		return;
	}
	compare_point(&d, about);
	for (int i = 0; i < 6; i++)
		d.args[i] = random_u64();
	compare_point(&d, about);
}

static void compare_range(uint32_t audit, uint32_t first, uint32_t count)
{
	while (count--)
		compare_number(audit, first++);
}

/* The architectures that exist, and one that does not. */
static const uint32_t audits[] = {
	AUDIT_ARCH_X86_64,
	AUDIT_ARCH_I386,
	AUDIT_ARCH_AARCH64,
	AUDIT_ARCH_ARM,
	AUDIT_ARCH_RISCV64,
	AUDIT_ARCH_RISCV32,
	0,
};

static bool is_of_family(uint32_t audit)
{
	for (size_t i = 0; i < COUNT(abis); i++)
		if (abis[i].audit == audit)
			return true;
	return false;
}

static void compare_all(void)
{
	/* Around every boundary that numbers have anywhere. */
	static const uint32_t odd[] = { 0xeffff,    0xf0000,    0x3fffffff,
					0x7fffffff, 0x80000000, 0xbfffffff,
					0xc0000000, 0xffff0000, 0xfffffff0 };

	for (size_t i = 0; i < COUNT(audits); i++) {
		if (!is_of_family(audits[i])) {
			compare_range(audits[i], 0, 3);
			compare_range(audits[i], 0x40000000, 2);
			continue;
		}
		compare_range(audits[i], 0, 600);
		compare_range(audits[i], 0x40000000, 600);
		for (size_t k = 0; k < COUNT(odd); k++)
			compare_range(audits[i], odd[k], 16);
	}
}

/* Left to libseccomp, the calls are among themselves: so they have to be here.
 * What is found wrong with its program has to be wrong by the rules. */
static bool makes_mistakes(const struct spec_seccomp *s)
{
	static struct spec_seccomp_rule rules[4000];
	static const char *names[20000];
	struct spec_seccomp small = *s;
	struct k_seccomp_data found;
	struct seccomp_data d;
	size_t used = 0;

	small.syscalls.v = rules;
	for (size_t i = 0; i < s->syscalls.n; i++) {
		const struct spec_seccomp_rule *r = &s->syscalls.v[i];

		rules[i] = *r;
		rules[i].names.v = names + used;
		rules[i].names.n = 0;
		for (size_t k = 0; k < r->names.n; k++)
			if (is_name_left(r->names.v[k])) {
				names[used++] = r->names.v[k];
				rules[i].names.n++;
			}
	}
	library_compile(&theirs, &small, NULL);
	if (theirs.count <= 0)
		return true;
	if (check(s, &found) == 0)
		return false;
	if (!found.arch) {
		tally.many++;
		return true;
	}
	memcpy(&d, &found, sizeof(d));
	digest(&digested, &small);
	return is_wrong(&d);
}

static bool names_unknown_call(const struct spec_seccomp *s)
{
	for (size_t i = 0; i < s->syscalls.n; i++)
		for (size_t k = 0; k < s->syscalls.v[i].names.n; k++)
			if (seccomp_syscall_resolve_name(
				    s->syscalls.v[i].names.v[k]) ==
			    __NR_SCMP_ERROR)
				return true;
	return false;
}

/* We may refuse what we left to libseccomp, if that refuses or breaks down, or
 * makes mistakes. */
static bool is_refused_rightly(const struct spec_seccomp *s,
			       const struct seccomp_program *p)
{
	if (p->path[0] || !strstr(err.text, "libseccomp"))
		return false;
	return theirs.count < 0 || theirs.count > BPF_MAXINSNS ||
	       names_unknown_call(s) || makes_mistakes(s);
}

/* Returns whether all agree. */
static bool compare_profile(const char *name, const struct spec_seccomp *s)
{
	struct seccomp_program p;
	int ret = seccomp_compile(&p, s);
	const char *wrong;

	now.name = name;
	now.s = s;
	now.shared = is_shared(s);
	now.differences = now.wrong = 0;
	parts_free();
	library_compile(&theirs, s, NULL);
	tally.profiles++;
	tally.left += strstr(p.engine, "libseccomp") != NULL;
	tally.broke += theirs.count == LIBRARY_BROKE;
	tally.refused[0] += ret < 0;
	tally.refused[1] += theirs.count < 0 && theirs.count != LIBRARY_BROKE;
	digest(&digested, s);
	find_left(s);
	if (ret < 0) {
		if (is_refused_rightly(s, &p))
			return true;
		printf("# %s: %d at \"%s\": %s; libseccomp says %d\n", name,
		       ret, p.path, err.text, theirs.count);
		return false;
	}
	memcpy(ours, p.insns, p.count * sizeof(ours[0]));
	wrong = interp_check(ours, p.count);
	if (wrong) {
		printf("# %s: the kernel would not take it: %s\n", name, wrong);
		return false;
	}
	compare_all();
	tally.wrong += now.wrong;
	tally.wrong_profiles += now.wrong != 0;
	return now.differences == 0;
}

static void test_file(const char *dir, const char *file)
{
	static struct config c;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = config_load(&c, fd, file, file);

	close(fd);
	if (ret < 0) {
		ok(false, "%s is read", file);
		printf("# %s\n", err.text);
		return;
	}
	ok(compare_profile(file, c.spec.linux_.seccomp), "%s", file);
	ok(tally.refused[0] == 0, "%s is not refused", file);
}

static void test_files(void)
{
	char dir[500];
	struct dirent **list;
	int n;

	snprintf(dir, sizeof(dir), "%s/data/seccomp", tests_dir());
	n = scandir(dir, &list, NULL, alphasort);
	ok(n > 8, "there are profiles in %s", dir);
	for (int i = 0; i < n; i++)
		if (strstr(list[i]->d_name, ".json"))
			test_file(dir, list[i]->d_name);
}

static void test_generated(void)
{
	const char *count = getenv("SECCOMP_PROFILES");
	const char *seed = getenv("SECCOMP_SEED");
	unsigned long n = count      ? strtoul(count, NULL, 0) :
			  emulated() ? 25 :
				       300;
	unsigned long first = seed ? strtoul(seed, NULL, 0) : 1000000;
	unsigned long bad = 0;
	struct spec_seccomp s;
	char name[50];

	printf("# SECCOMP_SEED=%lu\n", first);
	for (unsigned long i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "seed %lu", first + i);
		generate(&s, first + i);
		if (compare_profile(name, &s))
			continue;
		if (bad++ < 5)
			print_profile(&s);
	}
	ok(bad == 0, "%lu generated profiles", n);
}

int main(void)
{
	read_tables();
	seccomp_table_use();
	library_begin();
	test_files();
	test_generated();
	printf("# %lu profiles, %lu points, at %lu of which libseccomp has no "
	       "excuse\n",
	       tally.profiles, tally.points, tally.sound);
	printf("# %lu with calls that are left to libseccomp; refused: %lu by "
	       "us (%lu of them are too much to be tried), %lu by libseccomp, "
	       "which broke down over %lu more\n",
	       tally.left, tally.refused[0], tally.many, tally.refused[1],
	       tally.broke);
	printf("# libseccomp contradicts itself at %lu points of %lu "
	       "profiles\n",
	       tally.wrong, tally.wrong_profiles);
	return done();
}
