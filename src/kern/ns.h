/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Namespaces, namespaces(7), and what is set inside a new one: names of the
 * host, clocks, the loopback interface.
 */
#ifndef KERN_NS_H
#define KERN_NS_H

#include <stdint.h>

#include "oci/spec.h"

/* The spec's name ("network"), the name of the file in /proc/PID/ns ("net"),
 * the CLONE_NEW* flag, the remedy if the kernel lacks it (kern/need.h). */
struct ns_kind {
	char name[8], file[8];
	uint32_t flag;
	int need;
};
extern const struct ns_kind ns_kinds[NS_KINDS];

/* Opens the namespace at path, a path of the host, and makes sure that it is
 * one of that kind. Returns an fd; also -EINVAL ("PATH: not a network
 * namespace"). */
int ns_open(enum spec_ns_kind kind, const char *path);

/* 1 if the calling process is in the namespace of that descriptor, else 0.
 * Joining it would be no isolation. proc is a procfs (kern/procfs.h). */
int ns_is_ours(enum spec_ns_kind kind, int fd, int proc);

/* setns(2), error named. A pid namespace is entered by the next child. */
int ns_join(enum spec_ns_kind kind, int fd);

/* Why clone3(2) or unshare(2) failed with num (either sign) when asked for
 * flags: records it with the remedy. Returns -errno. */
int ns_explain(int num, uint64_t flags);

/*
 * A time namespace in three steps: a new one, which nobody is in yet; its
 * offsets (NULL: none), by the process itself or by another one; and the way
 * in, since unshare(2) moves only children. proc is a procfs in which the
 * process is visible, who its pid there or "self".
 */
int ns_new_time(void);
int ns_set_clocks(int proc, const char *who,
		  const struct spec_time_offset *monotonic,
		  const struct spec_time_offset *boottime);
int ns_enter_time(int proc);

/* Either may be NULL. Only in a UTS namespace that is not the host's. */
int ns_set_names(const char *hostname, const char *domainname);

/* Brings `lo` up. Needs no CONFIG_INET. */
int ns_loopback(void);

#endif
