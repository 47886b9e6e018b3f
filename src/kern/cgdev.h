/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which devices a container may use: linux.resources.devices, compiled into one
 * eBPF program of type BPF_PROG_TYPE_CGROUP_DEVICE that is attached to its
 * cgroup. Programs of the cgroups above go on to apply.
 *
 * For each kind of access (read, write, mknod) the last rule that matches the
 * device decides; an access of several kinds needs the consent of all; what no
 * rule matches is refused. Rules of our own come last, and so always hold:
 * mknod of anything, and the use of what /dev has by default (null, zero, full,
 * random, urandom, tty, ptmx, pts/N, net/tun).
 *
 * It takes CONFIG_BPF_SYSCALL, CONFIG_CGROUP_BPF and privileges over the host.
 * Without them a container is refused, since it could open any device that it
 * can name; the global option --device-rules=optional accepts that.
 */
#ifndef KERN_CGDEV_H
#define KERN_CGDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oci/spec.h"

/* struct bpf_insn */
struct cgdev_insn {
	uint8_t code;
	uint8_t regs; /* destination, in the lower half, and source */
	int16_t jump;
	int32_t imm;
};

struct cgdev {
	struct cgdev_insn *code;
	size_t n;
};

/* Compiles n rules and ours. Returns 0, -EINVAL with the index of a wrong rule
 * in *bad, -E2BIG or -ENOMEM. */
int cgdev_compile(struct cgdev *out, const struct spec_device_rule *rules,
		  size_t n, size_t *bad);

/*
 * Makes the program the one of a cgroup, in place of any that runt attached
 * before, at once; of a cgroup that is new there is no need to look for one.
 * name is the cgroup's, for errors. Returns 0, or -errno: -EOPNOTSUPP, with the
 * remedy, when the kernel can't do it, -EPERM when we may not.
 */
int cgdev_apply(const struct cgdev *program, int cgroup, bool is_new,
		const char *name);

#endif
