/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runt needs of a kernel, and the remedy where it is missing: one row per
 * facility, named in error records (err_hint) and printed by cmd/, looked at by
 * `runt check`, and listed in the fragment of a kernel's configuration that
 * toolchain/kernel-fragment makes.
 */
#ifndef KERN_NEED_H
#define KERN_NEED_H

#include <stdint.h>

#include "base/str.h"

enum need {
	NEED_NOTHING,
#define NEED(id, text) NEED_##id,
#define CHECK(id, ...) NEED_##id,
#include "kern/need.tbl"
#undef NEED
#undef CHECK
	NEED_COUNT,
};

/* Adds the remedy, phrases without a final period; nothing for NEED_NOTHING. */
void need_add_text(struct sbuf *b, int need);

/* Whose: of every container, of one as `runt spec` writes it, and so on. */
enum need_level {
	LEVEL_EVERY,
	LEVEL_SPEC,
	LEVEL_MORE,
	LEVEL_RARE,
	LEVEL_BUNDLE, /* only of a bundle that asks for it */
};

enum need_probe {
	PROBE_NONE,
	PROBE_CGROUP,
	PROBE_CLONE3,
	PROBE_CLOSE_RANGE,
	PROBE_CONTROLLER, /* of cgroups, of the name behind the blank */
	PROBE_DEVICES,
	PROBE_FILE, /* of a cgroup, likewise */
	PROBE_FILE_LOCKS,
	PROBE_ID_MAP,
	PROBE_IO_PRIORITY,
	PROBE_LSM,
	PROBE_MASKS,
	PROBE_MOUNT, /* of a file system, likewise */
	PROBE_MOUNT_API,
	PROBE_NAMESPACE,
	PROBE_OOM_SCORE,
	PROBE_OPENAT2,
	PROBE_PIVOT,
	PROBE_PRIVILEGES,
	PROBE_PROC,
	PROBE_RLIMITS,
	PROBE_SCHEDULER,
	PROBE_SECCOMP,
	PROBE_SIGNALFD,
	PROBE_UNIX,
	PROBE_USER,
	PROBES,
};

/* A row of the table (need.tbl). */
struct need_check {
	const char *name;
	const char *key;     /* of config.json; "": of all */
	const char *options; /* of the kernel; "" */
	uint16_t linux_;     /* 514 is 5.14; 0 */
	uint8_t level, probe;
};

/* probe is PROBE_NONE for what is only a hint. */
struct need_check need_check(int need);

#endif
