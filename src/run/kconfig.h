/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of a kernel, .config, compared with the table of needs
 * (kern/need.h). */
#ifndef RUN_KCONFIG_H
#define RUN_KCONFIG_H

#include <stdint.h>

#include "base/str.h"
#include "kern/need.h"

struct kconfig {
	char release[64];    /* "Linux/arm64 6.1.21", or "" */
	unsigned int linux_; /* 601; 0: the text does not say */
	/* Of each need, a bit for each of its options that is y, or m. */
	uint8_t yes[NEED_COUNT], module[NEED_COUNT];
};

/* Reads a file, "-" for standard input. */
int kconfig_load(struct kconfig *k, const char *path);

/* Adds what it says of a need. Returns 0 if that is enough, 1 if it can't be
 * told, -ENOENT if not. */
int kconfig_judge(const struct kconfig *k, int need, struct sbuf *found);

#endif
