/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/cgdev.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/need.h"
#include "syscall_nr.h"

/* struct bpf_cgroup_dev_ctx: { access << 16 | type, major, minor } */
enum { CTX_ACCESS = 0, CTX_MAJOR = 4, CTX_MINOR = 8 };
enum { TYPE_BLOCK = 1, TYPE_CHAR = 2, TYPE_ANY = 3 };
enum { MAY_MKNOD = 1, MAY_READ = 2, MAY_WRITE = 4, MAY_ALL = 7 };
/* dev_t of the kernel; numbers beyond are of no device. */
enum { MAJOR_MAX = (1 << 12) - 1, MINOR_MAX = (1 << 20) - 1, ANY = -1 };

/* The instructions used, all of the first eBPF: those of 32 bits came later,
 * and not for every JIT. Operands are small and positive. */
enum {
	LOAD = 0x61,   /* dst = *(u32 *)(src + jump) */
	SET = 0xb7,    /* dst = imm */
	COPY = 0xbf,   /* dst = src */
	SET_64 = 0x18, /* dst = imm | imm of the next << 32 */
	AND = 0x57,    /* dst &= imm */
	OR = 0x4f,     /* dst |= src */
	SHIFT_LEFT = 0x67,
	SHIFT_RIGHT = 0x77,
	GOTO = 0x05,
	IF_EQUAL = 0x15,
	IF_NOT_EQUAL = 0x55,
	IF_OTHER = 0x5d,   /* dst != src */
	IF_ANY_BIT = 0x45, /* dst & imm */
	EXIT = 0x95,
};

/* KIND is type << TYPE_SHIFT | major, DEVICE is KIND << 32 | minor; RESULT is
 * free until the end. */
enum {
	RESULT = 0,
	CONTEXT = 1,
	DEVICE = CONTEXT, /* once all of that is loaded */
	KIND = 2,
	WANTED = 3,
	MINOR = 4,
	OTHER = 5
};

enum {
	INSNS_MAX = 4096, /* BPF_MAXINSNS of Linux before 5.2 */
	INSNS_PER_RULE = 8,
	INSNS_AROUND = 16,
	TYPE_SHIFT = 16,
};

struct rule {
	bool allow;
	uint8_t types, access;
	int32_t major, minor;
};

/* runc's, which programs rely on. */
static const struct rule defaults[] = {
	{ true, TYPE_ANY, MAY_MKNOD, ANY, ANY },
	{ true, TYPE_CHAR, MAY_ALL, 10, 200 },  /* net/tun */
	{ true, TYPE_CHAR, MAY_ALL, 136, ANY }, /* pts */
	{ true, TYPE_CHAR, MAY_ALL, 5, 2 },     /* ptmx */
	{ true, TYPE_CHAR, MAY_ALL, 5, 0 },     /* tty */
	{ true, TYPE_CHAR, MAY_ALL, 1, 8 },     /* random */
	{ true, TYPE_CHAR, MAY_ALL, 1, 9 },     /* urandom */
	{ true, TYPE_CHAR, MAY_ALL, 1, 7 },     /* full */
	{ true, TYPE_CHAR, MAY_ALL, 1, 5 },     /* zero */
	{ true, TYPE_CHAR, MAY_ALL, 1, 3 },     /* null */
};

enum { DEFAULTS = sizeof(defaults) / sizeof(defaults[0]) };

static int parse_type(const char *type, uint8_t *out)
{
	if (!type || str_eq(type, "a"))
		*out = TYPE_ANY;
	else if (str_eq(type, "b"))
		*out = TYPE_BLOCK;
	else if (str_eq(type, "c"))
		*out = TYPE_CHAR;
	else
		return err_say(EINVAL, "invalid device type \"%s\": a, b or c",
			       type);
	return 0;
}

static int parse_access(const char *access, uint8_t *out)
{
	*out = 0;
	if (!access || !*access)
		return err_say(EINVAL, "device access cannot be empty: some of "
				       "r, w and m");
	for (; *access; access++) {
		if (*access == 'r')
			*out |= MAY_READ;
		else if (*access == 'w')
			*out |= MAY_WRITE;
		else if (*access == 'm')
			*out |= MAY_MKNOD;
		else
			return err_say(EINVAL,
				       "invalid device access '%c': some of "
				       "r, w and m",
				       *access);
	}
	return 0;
}

/* -1 is as good as absent. What is too large to be a device's gets a number
 * that the kernel never has. */
static int parse_number(const struct opt_i64 *number, int64_t max, int32_t *out)
{
	*out = ANY;
	if (!number->set || number->v == -1)
		return 0;
	if (number->v < 0 || number->v > UINT32_MAX)
		return err_say(EINVAL, "invalid device number %lld",
			       (long long)number->v);
	*out = (int32_t)(number->v > max ? max + 1 : number->v);
	return 0;
}

static int parse(struct rule *out, const struct spec_device_rule *in)
{
	int ret = parse_type(in->type, &out->types);

	out->allow = in->allow;
	if (ret == 0)
		ret = parse_access(in->access, &out->access);
	if (ret == 0)
		ret = parse_number(&in->major, MAJOR_MAX, &out->major);
	return ret < 0 ? ret : parse_number(&in->minor, MINOR_MAX, &out->minor);
}

static struct cgdev_insn *emit(struct cgdev *p, uint8_t code, unsigned int dst,
			       int32_t imm)
{
	struct cgdev_insn *i = &p->code[p->n++];

	*i = (struct cgdev_insn){ .code = code,
				  .regs = (uint8_t)dst,
				  .imm = imm };
	return i;
}

static void emit_load(struct cgdev *p, unsigned int dst, int16_t offset)
{
	struct cgdev_insn *i = emit(p, LOAD, dst | CONTEXT << 4, 0);

	i->jump = offset;
}

/* Where a jump goes is known at the end only: until then, it says there which
 * answer it means. 0 is no jump to an answer. */
enum { TO_REFUSE = -1, TO_ALLOW = -2 };

static int16_t answer(bool allow)
{
	return allow ? TO_ALLOW : TO_REFUSE;
}

static void emit_two(struct cgdev *p, uint8_t code, unsigned int dst,
		     unsigned int src)
{
	emit(p, code, dst | src << 4, 0);
}

/*
 * Goes on if the device is the rule's. In one jump where all of it is given: the
 * kernel's verifier follows each jump both ways with what it tells of a
 * register, which takes it ten times as long when there are three for each rule.
 */
static void emit_device(struct cgdev *p, const struct rule *r)
{
	bool type = r->types != TYPE_ANY, major = r->major != ANY;
	int32_t kind = (type ? r->types << TYPE_SHIFT : 0) |
		       (major ? r->major : 0);

	if (type && major && r->minor != ANY) {
		emit(p, SET_64, RESULT, r->minor);
		emit(p, 0, 0, kind);
		emit_two(p, IF_OTHER, DEVICE, RESULT);
		return;
	}
	if (type || major) {
		emit_two(p, COPY, OTHER, KIND);
		if (!type)
			emit(p, AND, OTHER, (1 << TYPE_SHIFT) - 1);
		if (!major)
			emit(p, AND, OTHER, TYPE_ANY << TYPE_SHIFT);
		emit(p, IF_NOT_EQUAL, OTHER, kind);
	}
	if (r->minor != ANY)
		emit(p, IF_NOT_EQUAL, MINOR, r->minor);
}

/* WANTED holds the kinds of access that no rule has decided yet, and is never
 * 0. A rule that allows takes its kinds off; when none is left, all are
 * allowed. */
static void emit_rule(struct cgdev *p, const struct rule *r)
{
	size_t first = p->n, i;

	emit_device(p, r);
	i = p->n;
	if (r->access == MAY_ALL) {
		emit(p, GOTO, 0, 0)->jump = answer(r->allow);
	} else if (r->allow) {
		emit(p, AND, WANTED, MAY_ALL & ~r->access);
		emit(p, IF_EQUAL, WANTED, 0)->jump = TO_ALLOW;
	} else {
		emit(p, IF_ANY_BIT, WANTED, r->access)->jump = TO_REFUSE;
	}
	for (; first < i; first++)
		if (p->code[first].code == IF_NOT_EQUAL ||
		    p->code[first].code == IF_OTHER)
			p->code[first].jump = (int16_t)(p->n - first - 1);
}

static bool matches_all(const struct rule *r)
{
	return r->types == TYPE_ANY && r->major == ANY && r->minor == ANY &&
	       r->access == MAY_ALL;
}

static void emit_answer(struct cgdev *p, bool allow)
{
	emit(p, SET, RESULT, allow);
	emit(p, EXIT, 0, 0);
}

/* The two answers and the jumps to them. An answer that nothing leads to must
 * not be there: the kernel refuses code that is never reached. */
static void finish(struct cgdev *p, bool otherwise)
{
	size_t end = p->n, i;
	bool both = false;

	emit_answer(p, otherwise);
	for (i = 0; i < end; i++)
		both = both || p->code[i].jump == answer(!otherwise);
	if (both)
		emit_answer(p, !otherwise);
	for (i = 0; i < end; i++) {
		if (p->code[i].jump == answer(otherwise))
			p->code[i].jump = (int16_t)(end - i - 1);
		else if (p->code[i].jump == answer(!otherwise))
			p->code[i].jump = (int16_t)(end + 2 - i - 1);
	}
}

static void compile(struct cgdev *p, const struct rule *rules, size_t n)
{
	emit_load(p, KIND, CTX_ACCESS);
	emit_two(p, COPY, WANTED, KIND);
	emit(p, SHIFT_RIGHT, WANTED, 16);
	emit(p, AND, KIND, TYPE_ANY);
	emit(p, SHIFT_LEFT, KIND, TYPE_SHIFT);
	emit_load(p, OTHER, CTX_MAJOR);
	emit_two(p, OR, KIND, OTHER);
	emit_load(p, MINOR, CTX_MINOR);
	emit_two(p, COPY, DEVICE, KIND);
	emit(p, SHIFT_LEFT, DEVICE, 32);
	emit_two(p, OR, DEVICE, MINOR);
	emit(p, IF_EQUAL, WANTED, 0)->jump = TO_ALLOW;
	while (n > 0 && !matches_all(&rules[n - 1]))
		emit_rule(p, &rules[--n]);
	finish(p, n > 0 && rules[n - 1].allow);
}

int cgdev_compile(struct cgdev *out, const struct spec_device_rule *rules,
		  size_t n, size_t *bad)
{
	struct rule *all;
	int ret;

	out->n = 0;
	if (n > INSNS_MAX ||
	    (n + DEFAULTS) * INSNS_PER_RULE + INSNS_AROUND > INSNS_MAX)
		return err_say(E2BIG, "too many device rules: %zu", n);
	all = arena_get(n + DEFAULTS, sizeof(*all));
	out->code = arena_get((n + DEFAULTS) * INSNS_PER_RULE + INSNS_AROUND,
			      sizeof(*out->code));
	if (!all || !out->code)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		ret = parse(&all[i], &rules[i]);
		if (ret < 0) {
			*bad = i;
			return ret;
		}
	}
	memcpy(all + n, defaults, sizeof(defaults));
	compile(out, all, n + DEFAULTS);
	return 0;
}

/* bpf(2) and the parts of union bpf_attr that its commands use. */
enum {
	BPF_PROG_LOAD = 5,
	BPF_PROG_ATTACH = 8,
	BPF_PROG_GET_FD_BY_ID = 13,
	BPF_OBJ_GET_INFO_BY_FD = 15,
	BPF_PROG_QUERY = 16,
};
enum { BPF_PROG_TYPE_CGROUP_DEVICE = 15, BPF_CGROUP_DEVICE = 6 };
enum { BPF_F_ALLOW_MULTI = 2, BPF_F_REPLACE = 4 };

#define OUR_NAME "runt_devices" /* how we know our program again */
enum { NAME_SIZE = 16, PROGRAMS_MAX = 64 /* the kernel's own limit */ };

struct attr_load {
	uint32_t type, insns_count;
	uint64_t insns, license;
	uint32_t log_level, log_size;
	uint64_t log_buf;
	uint32_t kern_version, flags;
	char name[NAME_SIZE];
};

struct attr_attach {
	uint32_t cgroup, program, attach_type, flags, replaced;
};

struct attr_query {
	uint32_t cgroup, attach_type, query_flags, attach_flags;
	uint64_t ids;
	uint32_t count, pad;
};

struct attr_by_id {
	uint32_t id, next_id, open_flags;
};

struct attr_info {
	uint32_t fd, size;
	uint64_t info;
};

/* struct bpf_prog_info up to the name; what precedes is of no interest. */
struct program_info {
	uint64_t before[8];
	char name[NAME_SIZE];
};

static int bpf(int command, void *attr, size_t size)
{
	long ret;

	/* EAGAIN: a signal came while the verifier was at work. */
	do
		ret = syscall(NR_bpf, command, attr, size);
	while (ret < 0 && (errno == EINTR || errno == EAGAIN));
	return ret < 0 ? -errno : (int)ret;
}

static int load(const struct cgdev_insn *code, size_t n)
{
	struct attr_load a = {
		.type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns_count = (uint32_t)n,
		.insns = (uintptr_t)code,
		.license = (uintptr_t) "Apache-2.0",
		.name = OUR_NAME,
	};

	return bpf(BPF_PROG_LOAD, &a, sizeof(a));
}

/* Before Linux 5.11 the program is charged to RLIMIT_MEMLOCK, which no
 * container is to inherit. */
static int load_unlimited(const struct cgdev_insn *code, size_t n)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit old;
	int fd = load(code, n);

	if (fd != -EPERM || prlimit(0, RLIMIT_MEMLOCK, &all, &old) < 0)
		return fd;
	fd = load(code, n);
	prlimit(0, RLIMIT_MEMLOCK, &old, NULL);
	return fd;
}

/* EINVAL is the answer to a type of program that the kernel does not know, and
 * to much else; the least of programs tells which it was. */
static int explain_load(int ret)
{
	static const struct cgdev_insn least[] = { { SET, RESULT, 0, 1 },
						   { EXIT, 0, 0, 0 } };
	autofd fd = ret == -EINVAL ? load(least, 2) : ret;

	if (fd == -EINVAL || ret == -ENOSYS) {
		err_say(EOPNOTSUPP,
			"device rules are not supported by the kernel");
		return err_hint(NEED_CGROUP_BPF);
	}
	err_sys(ret, "load the program of the device rules");
	return err_hint(ret == -EPERM ? NEED_CGROUP_BPF_RIGHT : 0);
}

static bool is_ours(int program)
{
	struct program_info info = { .name = "" };
	struct attr_info a = {
		.fd = (uint32_t)program,
		.size = sizeof(info),
		.info = (uintptr_t)&info,
	};

	return bpf(BPF_OBJ_GET_INFO_BY_FD, &a, sizeof(a)) == 0 &&
	       memcmp(info.name, OUR_NAME, sizeof(OUR_NAME)) == 0;
}

/* The program that we attached before: an fd, or -ENOENT. */
static int find_ours(int cgroup)
{
	uint32_t ids[PROGRAMS_MAX] = { 0 }, i;
	struct attr_query q = {
		.cgroup = (uint32_t)cgroup,
		.attach_type = BPF_CGROUP_DEVICE,
		.ids = (uintptr_t)ids,
		.count = PROGRAMS_MAX,
	};

	if (bpf(BPF_PROG_QUERY, &q, sizeof(q)) < 0)
		return -ENOENT;
	for (i = 0; i < q.count && i < PROGRAMS_MAX; i++) {
		struct attr_by_id a = { .id = ids[i] };
		autofd fd = bpf(BPF_PROG_GET_FD_BY_ID, &a, sizeof(a));

		if (fd >= 0 && is_ours(fd))
			return fd_take(&fd);
	}
	return -ENOENT;
}

int cgdev_apply(const struct cgdev *program, int cgroup, bool is_new,
		const char *name)
{
	autofd fd = load_unlimited(program->code, program->n);
	autofd old = -1;
	struct attr_attach a = {
		.cgroup = (uint32_t)cgroup,
		.program = (uint32_t)fd,
		.attach_type = BPF_CGROUP_DEVICE,
		.flags = BPF_F_ALLOW_MULTI,
	};
	int ret;

	if (fd < 0)
		return explain_load(fd);
	old = is_new ? -ENOENT : find_ours(cgroup);
	if (old >= 0) {
		a.flags |= BPF_F_REPLACE;
		a.replaced = (uint32_t)old;
	}
	ret = bpf(BPF_PROG_ATTACH, &a, sizeof(a));
	return ret < 0 ?
		       err_sys(ret, "set the device rules of cgroup %s", name) :
		       0;
}
