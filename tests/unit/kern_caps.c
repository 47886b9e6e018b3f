/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/caps.c: names, the sets of a config, and what is left of them in this
 * process. The superuser's part drops capabilities for good in a child.
 */
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/caps.h"
#include "tap.h"

#define BIT(n) (UINT64_C(1) << (n))
enum { CHOWN = 0, KILL = 5, NET_BIND = 10, BPF = 39, LAST = 40 };

#define STRS(...)                                                              \
	{                                                                      \
		.v = (const char *[]){ __VA_ARGS__ },                          \
		.n = sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *), \
	}

static void test_names(void)
{
	int round = 0;

	is_str(caps_name(0), "CAP_CHOWN", "the first name");
	is_str(caps_name(LAST), "CAP_CHECKPOINT_RESTORE", "the last name");
	ok(!caps_name(LAST + 1) && !caps_name(UINT32_MAX), "none after it");
	for (unsigned int i = 0; caps_name(i); i++)
		round += caps_find(caps_name(i)) == (int)i;
	is_num(round, LAST + 1, "each name is found at its number");
	is_num(caps_find("CAP_SYS_ADMIN"), 21, "CAP_SYS_ADMIN");
	is_num(caps_find("CAP_SYSLOG"), 34, "CAP_SYSLOG");
	is_num(caps_find("cap_chown"), -1, "small letters are no name");
	is_num(caps_find("CHOWN"), -1, "nor is a name without CAP_");
	is_num(caps_find(""), -1, "nor is nothing");
}

static void test_parse(void)
{
	struct spec_capabilities s = {
		.bounding = STRS("CAP_CHOWN", "CAP_BPF", "CAP_NO_SUCH"),
		.effective = STRS("CAP_CHOWN"),
		.permitted = STRS("CAP_CHOWN", "CAP_CHOWN", "CAP_NO_SUCH"),
		.inheritable = STRS("CAP_KILL"),
		.ambient = STRS("CAP_NO", "CAP_KILL"),
	};
	char text[64] = "";
	struct sbuf ignored = SBUF(text);
	struct caps c;

	caps_parse(&c, &s, &ignored);
	ok(c.bounding == (BIT(CHOWN) | BIT(BPF)), "bounding");
	ok(c.effective == BIT(CHOWN), "effective");
	ok(c.permitted == BIT(CHOWN), "permitted");
	ok(c.inheritable == BIT(KILL), "inheritable");
	ok(c.ambient == BIT(KILL), "ambient");
	is_str(text, "CAP_NO_SUCH, CAP_NO", "unknown names are told once each");
	caps_parse(&c, &s, NULL);
	ok(c.effective == BIT(CHOWN), "unknown names need not be told");
	caps_parse(&c, NULL, &ignored);
	ok(!(c.bounding | c.effective | c.permitted | c.inheritable |
	     c.ambient),
	   "no sets at all");
}

static void test_limit(void)
{
	struct caps all = { ~0ull, ~0ull, ~0ull, ~0ull, ~0ull }, c = all;
	char text[2000] = "";
	struct sbuf ignored = SBUF(text);

	is_num(caps_limit(&c, &ignored), 0, "sets are limited");
	ok(!(c.permitted >> 60),
	   "no permitted ones that the kernel does not know");
	ok(!(c.effective & ~c.permitted), "effective ones are permitted");
	ok(!(c.ambient & ~(c.permitted & c.inheritable)),
	   "ambient ones are permitted and inheritable");
	c = all;
	c.permitted = BIT(CHOWN);
	caps_limit(&c, NULL);
	ok(!(c.effective & ~BIT(CHOWN)) && !(c.ambient & ~BIT(CHOWN)),
	   "what is not asked for as permitted goes elsewhere too");
	c = (struct caps){ 0 };
	text[0] = '\0';
	ignored.len = 0;
	caps_limit(&c, &ignored);
	is_str(text, "", "nothing asked for, nothing ignored");
}

/* In a child: keeps two capabilities, and looks at what it has. */
static int drop(void)
{
	struct caps c = {
		.bounding = BIT(CHOWN) | BIT(KILL) | BIT(NET_BIND),
		.effective = BIT(CHOWN),
		.permitted = BIT(CHOWN) | BIT(KILL),
		.inheritable = BIT(KILL) | BIT(CHOWN),
		.ambient = BIT(KILL),
	};
	struct caps again = c;

	if (caps_bound(c.bounding) < 0 || caps_apply(&c) < 0)
		return 1;
	if (prctl(PR_CAPBSET_READ, CHOWN) != 1 ||
	    prctl(PR_CAPBSET_READ, BPF) != 0)
		return 2;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, KILL, 0, 0) != 1 ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CHOWN, 0, 0) != 0)
		return 3;
	again.permitted |= BIT(BPF);
	if (caps_apply(&again) != -1)
		return 4; /* it can't be had back */
	again = (struct caps){ ~0ull, ~0ull, ~0ull, ~0ull, ~0ull };
	if (caps_limit(&again, NULL) < 0 || again.bounding != c.bounding ||
	    again.permitted != c.permitted)
		return 5;
	/* CAP_SETPCAP is gone. */
	return caps_bound(0) == -1 && err.num == 1 ? 0 : 6;
}

static void test_drop(void)
{
	int status;
	pid_t pid;

	if (geteuid() != 0 || prctl(PR_CAPBSET_READ, CHOWN) != 1) {
		skip("dropping capabilities", "not the superuser");
		return;
	}
	pid = fork();
	if (pid == 0)
		_exit(drop());
	waitpid(pid, &status, 0);
	is_num(status, 0, "capabilities are dropped and verified");
}

int main(void)
{
	test_names();
	test_parse();
	test_limit();
	test_drop();
	return done();
}
