/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include <errno.h>

/* As timeout(1) has them. */
enum { TIMED_OUT = 124, FAILED = 125 };

static struct options {
	uint32_t timeout;
} options = { .timeout = RUN_WAIT_FOREVER };

static const struct opt opts[] = {
	{ "timeout", 't', OPT_UINT, OPT_STORED,
	  offsetof(struct options, timeout),
	  "SECONDS\0end with 124 if it runs longer" },
	{ .name = "" },
};

static int wait_verb(const struct run_global *g, char **args)
{
	int status = 0, ret = run_wait(g, args[0], options.timeout, &status);

	if (ret == -ETIMEDOUT)
		cmd_set_failure(TIMED_OUT);
	return ret < 0 ? ret : status;
}

const struct verb verb_wait = {
	.name = "wait",
	.args = "ID",
	.help = "Wait for a container's end; the status is its own",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = 1,
	.failure = FAILED,
	.opts = opts,
	.options = &options,
	.main = wait_verb,
};
