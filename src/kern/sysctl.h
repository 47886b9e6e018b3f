/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.sysctl: parameters of the container's own namespaces, never those of
 * the whole machine.
 */
#ifndef KERN_SYSCTL_H
#define KERN_SYSCTL_H

#include <stddef.h>

/*
 * The path below /proc/sys by the rule of sysctl.d(5): the first separator of
 * the key decides. "net/ipv4/conf/eth0.100/forwarding" is a path;
 * "net.ipv4.conf.eth0/100.forwarding" has '.' and '/' swapped, and is the
 * same. Returns 0 or -EINVAL (empty components, ".", "..", too long).
 */
int sysctl_path(char *buf, size_t size, const char *key);

/*
 * Whether a container may set it. own has bit 1 << NS_NETWORK and so on for
 * each namespace that is new or joined and not the host's. Returns 0, or
 * -EINVAL with the reason, without the JSON path.
 */
int sysctl_check(const char *key, unsigned int own);

/*
 * Writes value and reads it back. By the child, in its namespaces. proc is a
 * whole procfs (not subset=pid) that no one else can mount over.
 */
int sysctl_write(int proc, const char *key, const char *value);

#endif
