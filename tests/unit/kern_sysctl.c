/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/sysctl.c: how keys become paths, and which a container may set.
 */
#include <errno.h>

#include "base/err.h"
#include "kern/sysctl.h"
#include "oci/spec.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct path {
	const char *key, *path; /* NULL: refused */
} paths[] = {
	{ "net.ipv4.ip_forward", "net/ipv4/ip_forward" },
	{ "net/ipv4/ip_forward", "net/ipv4/ip_forward" },
	/* A dot in the name of an interface, in both spellings. */
	{ "net.ipv4.conf.eth0/100.forwarding",
	  "net/ipv4/conf/eth0.100/forwarding" },
	{ "net/ipv4/conf/eth0.100/forwarding",
	  "net/ipv4/conf/eth0.100/forwarding" },
	{ "net/ipv4.conf/eth0", "net/ipv4.conf/eth0" },
	{ "kernel.shm_rmid_forced", "kernel/shm_rmid_forced" },
	{ "kernel", "kernel" },
	{ "net.ipv4.conf.a/b/c.forwarding", "net/ipv4/conf/a.b.c/forwarding" },
	{ "net/...", "net/..." },
	{ "", NULL },
	{ ".", NULL },
	{ "/", NULL },
	{ ".net", NULL },
	{ "/net/ipv4", NULL },
	{ "net.", NULL },
	{ "net/", NULL },
	{ "net..ipv4", NULL },
	{ "net//ipv4", NULL },
	{ "net/../kernel/core_pattern", NULL },
	{ "net/..", NULL },
	{ "../net", NULL },
	{ "net/./ipv4", NULL },
	/* Swapped, this is net/ipv4/../../kernel. */
	{ "net.ipv4.//.//.kernel", NULL },
	{ "net./.kernel", NULL },
};

static void test_paths(void)
{
	char buf[64], small[8];

	for (size_t i = 0; i < COUNT(paths); i++) {
		const struct path *p = &paths[i];
		int ret = sysctl_path(buf, sizeof(buf), p->key);

		if (!p->path)
			is_num(ret, -EINVAL, p->key[0] ? p->key : "no key");
		else if (ok(ret == 0, "%s", p->key))
			is_str(buf, p->path, "  is its path");
	}
	is_num(sysctl_path(small, sizeof(small), "net.ipv"), 0,
	       "a path that just fits");
	is_num(sysctl_path(small, sizeof(small), "net.ipv4"), -EINVAL,
	       "a path that does not");
}

static const struct check {
	const char *key;
	int needs; /* a kind of namespace, or -1: never */
} checks[] = {
	{ "net.ipv4.ip_forward", NS_NETWORK },
	{ "net/ipv4/conf/eth0.100/forwarding", NS_NETWORK },
	{ "net.ipv4.conf.eth0/100.forwarding", NS_NETWORK },
	{ "kernel.msgmax", NS_IPC },
	{ "kernel.msgmnb", NS_IPC },
	{ "kernel.msgmni", NS_IPC },
	{ "kernel.sem", NS_IPC },
	{ "kernel.shmall", NS_IPC },
	{ "kernel.shmmax", NS_IPC },
	{ "kernel/shmmni", NS_IPC },
	{ "kernel.shm_rmid_forced", NS_IPC },
	{ "fs.mqueue.msg_max", NS_IPC },
	{ "fs/mqueue/queues_max", NS_IPC },
	{ "kernel.domainname", NS_UTS },
	{ "user.max_net_namespaces", NS_USER },
	{ "kernel.hostname", -1 },
	{ "kernel/hostname", -1 },
	{ "kernel.core_pattern", -1 },
	{ "kernel.shmmax2", -1 },
	{ "kernel.shm", -1 },
	{ "kernel.shmmax.x", -1 },
	{ "fs.mqueue", -1 },
	{ "fs.file-max", -1 },
	{ "vm.swappiness", -1 },
	{ "net", -1 },
	{ "network.x", -1 },
	{ "net/../kernel/core_pattern", -1 },
	{ "", -1 },
};

static void test_checks(void)
{
	const unsigned int all = (1u << NS_KINDS) - 1;

	for (size_t i = 0; i < COUNT(checks); i++) {
		const struct check *c = &checks[i];
		bool right;

		if (c->needs < 0)
			right = sysctl_check(c->key, all) == -EINVAL;
		else
			right = sysctl_check(c->key, 1u << c->needs) == 0 &&
				sysctl_check(c->key, all) == 0 &&
				sysctl_check(c->key, all & ~(1u << c->needs)) ==
					-EINVAL;
		ok(right, "%s is %s", c->key[0] ? c->key : "no key",
		   c->needs < 0 ? "refused" : "of one namespace");
	}
	sysctl_check("net.core.somaxconn", 0);
	is_str(err.text,
	       "sysctl \"net.core.somaxconn\" is not allowed in the host's "
	       "network namespace",
	       "the reason is told");
}

int main(void)
{
	test_paths();
	test_checks();
	return done();
}
