/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

static struct run_options options = { .ready_fd = RUN_NO_FD };

#define AT(member) OPT_STORED, offsetof(struct run_options, member)
static const struct opt opts[] = {
	{ "detach", 'd', OPT_FLAG, AT(detach),
	  "\0leave it running, do not wait" },
	{ "keep", 0, OPT_FLAG, AT(keep), "\0keep the container after its end" },
	{ "no-subreaper", 0, OPT_FLAG, AT(no_subreaper),
	  "\0do not adopt its orphaned processes" },
	{ "ready-fd", 0, OPT_UINT, AT(ready_fd),
	  "N\0write a newline to descriptor N once it has started" },
#undef AT
#include "cmd/create.tbl"
	{ .name = "" },
};

static int run(const struct run_global *g, char **args)
{
	int status, ret;

	options.id = args[0];
	ret = run_run(g, &options, &status);
	return ret < 0 ? ret : status;
}

const struct verb verb_run = {
	.name = "run",
	.args = "ID",
	.help = "Create, start, wait and delete; the status is its own",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = 1,
	.opts = opts,
	.options = &options,
	.main = run,
};
