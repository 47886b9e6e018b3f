/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include <errno.h>

#include "base/err.h"
#include "base/time.h"

static struct options {
	const char *interval;
	bool stats;
} options;

#define AT(member) OPT_STORED, offsetof(struct options, member)
static const struct opt opts[] = {
	{ "interval", 0, OPT_TEXT, AT(interval),
	  "TIME\0between two samples, as in 1m30s or 100ms (5s)" },
	{ "stats", 0, OPT_FLAG, AT(stats), "\0one sample and no more" },
	{ .name = "" },
};
#undef AT

static int parse_interval(const char *text, uint64_t *us)
{
	int64_t ns;
	int ret = time_parse_duration(text, &ns);

	if (ret < 0)
		return err_say(EINVAL, "invalid value for interval: \"%s\": %s",
			       text,
			       ret == -ERANGE ? "out of range" :
						"not a time such as 5s, 100ms "
						"or 1m30s");
	if (ns <= 0)
		return err_say(EINVAL,
			       "duration interval must be greater than 0: %s",
			       text);
	*us = ((uint64_t)ns + 999) / 1000;
	return 0;
}

static int events(const struct run_global *g, char **args)
{
	uint64_t us = 5000000;
	int ret = options.interval ? parse_interval(options.interval, &us) : 0;

	if (ret < 0)
		return ret;
	return run_events(g, args[0], options.stats ? 0 : us, cmd_print);
}

const struct verb verb_events = {
	.name = "events",
	.args = "ID",
	.help = "Print what a container uses, and OOM kills, as JSON",
	.group = VERB_INSPECT,
	.min = 1,
	.max = 1,
	.opts = opts,
	.options = &options,
	.main = events,
};
