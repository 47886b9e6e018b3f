/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

static struct run_options options = { .ready_fd = RUN_NO_FD };

static const struct opt opts[] = {
#include "cmd/create.tbl"
	{ "no-subreaper", 0, OPT_FLAG, OPT_HARMLESS, 0,
	  "\0no effect: nothing stays behind to reap" },
	{ .name = "" },
};

static int create(const struct run_global *g, char **args)
{
	options.id = args[0];
	return run_create(g, &options);
}

const struct verb verb_create = {
	.name = "create",
	.args = "ID",
	.help = "Make a container, up to its program's start",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = 1,
	.opts = opts,
	.options = &options,
	.main = create,
};
