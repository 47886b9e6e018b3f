/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/caps.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/need.h"
#include "syscall_nr.h"

static const char names[][24] = {
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_DAC_READ_SEARCH",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_SETGID",
	"CAP_SETUID",
	"CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST",
	"CAP_NET_ADMIN",
	"CAP_NET_RAW",
	"CAP_IPC_LOCK",
	"CAP_IPC_OWNER",
	"CAP_SYS_MODULE",
	"CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE",
	"CAP_SYS_PACCT",
	"CAP_SYS_ADMIN",
	"CAP_SYS_BOOT",
	"CAP_SYS_NICE",
	"CAP_SYS_RESOURCE",
	"CAP_SYS_TIME",
	"CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD",
	"CAP_LEASE",
	"CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL",
	"CAP_SETFCAP",
	"CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN",
	"CAP_SYSLOG",
	"CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ",
	"CAP_PERFMON",
	"CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
};

enum {
	NAMED = sizeof(names) / sizeof(names[0]),
	BITS = 64, /* more than any kernel has */
	VERSION_3 = 0x20080522,
};

/* capget(2), capset(2): the low and the high half of each set. */
struct header {
	uint32_t version;
	int pid;
};
struct half {
	uint32_t effective, permitted, inheritable;
};

const char *caps_name(unsigned int bit)
{
	return bit < NAMED ? names[bit] : NULL;
}

int caps_find(const char *name)
{
	for (int bit = 0; bit < NAMED; bit++)
		if (str_eq(names[bit], name))
			return bit;
	return -1;
}

static uint64_t mask(int bit)
{
	return UINT64_C(1) << bit;
}

/* For people: the name of the lowest capability in a set. */
static const char *lowest(uint64_t set)
{
	const char *name = set ? caps_name((unsigned)__builtin_ctzll(set)) :
				 NULL;

	return name ? name : "a capability";
}

static bool listed(const struct sbuf *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = list->p; (p = strstr(p, name)); p += len)
		if ((p == list->p || p[-1] == ' ') &&
		    (p[len] == ',' || p[len] == '\0'))
			return true;
	return false;
}

static void note(struct sbuf *list, const char *name)
{
	if (!list || !*name || listed(list, name))
		return;
	if (list->len)
		sbuf_str(list, ", ");
	sbuf_str(list, name);
}

static uint64_t read_set(const struct spec_strs *s, struct sbuf *ignored)
{
	uint64_t set = 0;
	int bit;

	for (size_t i = 0; i < s->n; i++) {
		bit = caps_find(s->v[i]);
		if (bit < 0)
			note(ignored, s->v[i]);
		else
			set |= mask(bit);
	}
	return set;
}

void caps_parse(struct caps *c, const struct spec_capabilities *s,
		struct sbuf *ignored)
{
	*c = (struct caps){ 0 };
	if (!s)
		return;
	c->bounding = read_set(&s->bounding, ignored);
	c->effective = read_set(&s->effective, ignored);
	c->permitted = read_set(&s->permitted, ignored);
	c->inheritable = read_set(&s->inheritable, ignored);
	c->ambient = read_set(&s->ambient, ignored);
}

static int fail(const char *what)
{
	int ret = err_sys(errno, "%s", what);

	return ret == -ENOSYS ? err_hint(NEED_MULTIUSER) : ret;
}

static int read_own(struct caps *c)
{
	struct header header = { .version = VERSION_3 };
	struct half h[2];

	if (syscall(NR_capget, &header, h) < 0)
		return fail("read capabilities");
	c->effective = h[0].effective | (uint64_t)h[1].effective << 32;
	c->permitted = h[0].permitted | (uint64_t)h[1].permitted << 32;
	c->inheritable = h[0].inheritable | (uint64_t)h[1].inheritable << 32;
	return 0;
}

bool caps_have(const char *name)
{
	struct caps own;
	int ret = read_own(&own);

	/* A kernel without users has root only. */
	return ret == -ENOSYS ||
	       (ret == 0 && own.effective & mask(caps_find(name)));
}

/* Which of a set are in the bounding set. A bit that the kernel does not have
 * can't be asked for: it is not. */
static uint64_t read_bounding(uint64_t set)
{
	uint64_t got = 0;

	for (int bit = 0; bit < BITS; bit++)
		if (set & mask(bit) &&
		    prctl(PR_CAPBSET_READ, bit, 0, 0, 0) == 1)
			got |= mask(bit);
	return got;
}

static uint64_t read_ambient(uint64_t set)
{
	uint64_t got = 0;

	for (int bit = 0; bit < BITS; bit++)
		if (set & mask(bit) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, bit, 0, 0) ==
			    1)
			got |= mask(bit);
	return got;
}

static uint64_t all_of(const struct caps *c)
{
	return c->bounding | c->effective | c->permitted | c->inheritable |
	       c->ambient;
}

int caps_limit(struct caps *c, struct sbuf *ignored)
{
	struct caps own, before = *c;
	uint64_t lost;
	int ret = read_own(&own);

	if (ret < 0)
		return ret;
	c->bounding = read_bounding(c->bounding);
	c->permitted &= own.permitted;
	c->effective &= c->permitted;
	/* What is inheritable must have been so, or be in the bounding set. */
	c->inheritable &= own.inheritable | (own.permitted & c->bounding);
	c->ambient &= c->permitted & c->inheritable;
	lost = (before.bounding & ~c->bounding) |
	       (before.permitted & ~c->permitted) |
	       (before.effective & ~c->effective) |
	       (before.inheritable & ~c->inheritable) |
	       (before.ambient & ~c->ambient);
	for (int bit = 0; bit < NAMED; bit++)
		if (lost & mask(bit))
			note(ignored, names[bit]);
	return 0;
}

/* What is not in it can be dropped once more; the first bit that the kernel
 * does not have ends it, which is how the last one is found without
 * /proc/sys/kernel/cap_last_cap. */
int caps_bound(uint64_t bounding)
{
	int num, in;

	for (int bit = 0; bit < BITS; bit++) {
		if (bounding & mask(bit) ||
		    prctl(PR_CAPBSET_DROP, bit, 0, 0, 0) == 0)
			continue;
		num = errno;
		/* Without CAP_SETPCAP: is it there at all? */
		in = num == EINVAL ? -1 : prctl(PR_CAPBSET_READ, bit, 0, 0, 0);
		if (in < 0 && errno == EINVAL)
			break;
		if (in == 0)
			continue;
		err_sys(num, "drop %s from the bounding set",
			lowest(mask(bit)));
		return err_hint(NEED_SETPCAP);
	}
	return 0;
}

static int set_three(const struct caps *c)
{
	struct header header = { .version = VERSION_3 };
	struct half h[2] = {
		{ (uint32_t)c->effective, (uint32_t)c->permitted,
		  (uint32_t)c->inheritable },
		{ (uint32_t)(c->effective >> 32),
		  (uint32_t)(c->permitted >> 32),
		  (uint32_t)(c->inheritable >> 32) },
	};

	if (syscall(NR_capset, &header, h) < 0)
		return fail("set capabilities");
	return 0;
}

/* None is ambient any more that is not permitted and inheritable both. */
static int set_ambient(const struct caps *c)
{
	uint64_t set = c->ambient;

	if (!(c->permitted & c->inheritable))
		return 0;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return err_sys(errno, "clear ambient capabilities");
	for (int bit = 0; bit < BITS; bit++) {
		if (!(set & mask(bit)))
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, bit, 0, 0) < 0)
			return err_sys(errno, "make %s ambient",
				       lowest(mask(bit)));
	}
	return 0;
}

int caps_apply(const struct caps *c)
{
	struct caps got, wrong;
	int ret = set_three(c);

	if (ret == 0)
		ret = set_ambient(c);
	if (ret == 0)
		ret = read_own(&got);
	if (ret < 0)
		return ret;
	wrong = (struct caps){
		.effective = got.effective ^ c->effective,
		.permitted = got.permitted ^ c->permitted,
		.inheritable = got.inheritable ^ c->inheritable,
		.ambient = read_ambient(c->permitted & c->inheritable) ^
			   c->ambient,
	};
	if (all_of(&wrong))
		return err_say(EPERM, "%s is not set as it should be",
			       lowest(all_of(&wrong)));
	return 0;
}
