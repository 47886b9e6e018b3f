/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

static struct options {
	bool force;
} options;

static const struct opt opts[] = {
	{ "force", 'f', OPT_FLAG, OPT_STORED, offsetof(struct options, force),
	  "\0kill what lives; no container is no error" },
	{ .name = "" },
};

static int delete_verb(const struct run_global *g, char **args)
{
	return run_delete(g, args[0], options.force);
}

const struct verb verb_delete = {
	.name = "delete",
	.args = "ID",
	.help = "Remove a stopped container",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = 1,
	.opts = opts,
	.options = &options,
	.main = delete_verb,
};
