/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runt needs of a kernel, and the remedy where it is missing: one row per
 * facility, named in error records (err_hint) and printed by cmd/.
 */
#ifndef KERN_NEED_H
#define KERN_NEED_H

enum need {
	NEED_NOTHING,
#define NEED(id, text) NEED_##id,
#include "kern/need.tbl"
#undef NEED
	NEED_COUNT,
};

/* One sentence without a final period, or "" for NEED_NOTHING. */
const char *need_text(int need);

#endif
