/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

static struct options {
	unsigned int ready_fd;
} options = { .ready_fd = RUN_NO_FD };

static const struct opt opts[] = {
	{ "ready-fd", 0, OPT_UINT, OPT_STORED,
	  offsetof(struct options, ready_fd),
	  "N\0write a newline to descriptor N once it has started" },
	{ .name = "" },
};

static int start(const struct run_global *g, char **args)
{
	return run_start(g, args[0], options.ready_fd);
}

const struct verb verb_start = {
	.name = "start",
	.args = "ID",
	.help = "Start the program of a created container",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = 1,
	.opts = opts,
	.options = &options,
	.main = start,
};
