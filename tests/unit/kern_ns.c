/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/ns.c: the table of kinds, and what may be opened as a namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/need.h"
#include "kern/ns.h"
#include "kern/procfs.h"
#include "kern/uapi.h"
#include "tap.h"

static void test_table(void)
{
	uint32_t seen = 0;
	int named = 0;

	for (int i = 0; i < NS_KINDS; i++) {
		named += ns_kinds[i].name[0] && ns_kinds[i].file[0];
		if (seen & ns_kinds[i].flag)
			break;
		seen |= ns_kinds[i].flag;
	}
	is_num(named, NS_KINDS, "each kind has its names");
	is_num(__builtin_popcount(seen), NS_KINDS, "and a flag of its own");
	is_str(ns_kinds[NS_NETWORK].name, "network", "the spec's name");
	is_str(ns_kinds[NS_NETWORK].file, "net", "the name in /proc");
}

static void test_open(int proc)
{
	char path[32], text[64];
	int fd;

	for (int i = 0; i < NS_KINDS; i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s",
			 ns_kinds[i].file);
		if (access(path, F_OK) < 0) {
			skip(ns_kinds[i].name, "not in this kernel");
			continue;
		}
		fd = ns_open((enum spec_ns_kind)i, path);
		ok(fd >= 0, "the %s namespace is opened", ns_kinds[i].name);
		is_num(ns_is_ours((enum spec_ns_kind)i, fd, proc), 1,
		       "it is ours");
		close(fd);
		is_num(ns_open(i == NS_UTS ? NS_IPC : NS_UTS, path), -EINVAL,
		       "it is not of another kind");
		snprintf(text, sizeof(text), "%s: not a %s namespace", path,
			 i == NS_UTS ? "ipc" : "uts");
		is_str(err.text, text, "which is told");
	}
}

static void test_not_a_namespace(void)
{
	char dir[] = "/tmp/runt-ns-XXXXXX", fifo[64];

	is_num(ns_open(NS_NETWORK, "/dev/null"), -EINVAL, "a device");
	is_num(ns_open(NS_NETWORK, "/"), -EINVAL, "a directory");
	is_num(ns_open(NS_NETWORK, "/proc/self/status"), -EINVAL, "a file");
	is_num(ns_open(NS_NETWORK, "/nonexistent"), -ENOENT, "nothing");
	if (!mkdtemp(dir))
		return;
	snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	mkfifo(fifo, 0600);
	/* Without a writer this would wait for ever. */
	alarm(10);
	is_num(ns_open(NS_NETWORK, fifo), -EINVAL, "a FIFO");
	alarm(0);
	unlink(fifo);
	rmdir(dir);
}

static void test_explain(void)
{
	is_num(ns_explain(EINVAL, K_CLONE_NEWNS | K_CLONE_NEWUTS), -EINVAL,
	       "the error is passed on");
	is_str(err.text, "make namespaces (mount, uts): Invalid argument",
	       "with the kinds");
	is_num(ns_explain(-ENOSPC, K_CLONE_NEWNS), -ENOSPC, "a limit");
	is_num(err.hint, NEED_NS_LIMIT, "has its remedy");
	is_num(ns_explain(EPERM, K_CLONE_NEWNS), -EPERM, "no right to it");
	is_num(err.hint, NEED_ROOT, "has its remedy");
}

int main(void)
{
	int proc = procfs_open_host();

	test_table();
	ok(proc >= 0, "/proc is opened");
	if (emulated())
		skip("opening namespaces", "runs in an emulator");
	else
		test_open(proc);
	test_not_a_namespace();
	test_explain();
	return done();
}
