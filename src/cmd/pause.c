/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

static int pause_verb(const struct run_global *g, char **args)
{
	return run_pause(g, args[0]);
}

static int resume_verb(const struct run_global *g, char **args)
{
	return run_resume(g, args[0]);
}

const struct verb verb_pause = {
	.name = "pause",
	.args = "ID",
	.help = "Stop all processes of a container for a while",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = 1,
	.main = pause_verb,
};

const struct verb verb_resume = {
	.name = "resume",
	.args = "ID",
	.help = "Let a paused container go on",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = 1,
	.main = resume_verb,
};
