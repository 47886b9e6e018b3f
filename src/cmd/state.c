/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

static int state(const struct run_global *g, char **args)
{
	struct run_info info;
	int ret = run_state(g, args[0], &info);

	return ret < 0 ? ret : cmd_print_state(&info, "", 2, "", "");
}

const struct verb verb_state = {
	.name = "state",
	.args = "ID",
	.help = "Print the state of a container as JSON",
	.group = VERB_INSPECT,
	.min = 1,
	.max = 1,
	.main = state,
};
