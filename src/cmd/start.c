/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

static int start(const struct run_global *g, char **args)
{
	return run_start(g, args[0]);
}

const struct verb verb_start = {
	.name = "start",
	.args = "ID",
	.help = "Start the program of a created container",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = 1,
	.main = start,
};
