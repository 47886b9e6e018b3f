/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/need.h"

static const char *const texts[NEED_COUNT] = {
	[NEED_NOTHING] = "",
#define NEED(id, text) [NEED_##id] = text,
#include "kern/need.tbl"
#undef NEED
};

const char *need_text(int need)
{
	return need > 0 && need < NEED_COUNT ? texts[need] : "";
}
