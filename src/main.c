/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs, and the options that stand before them. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "cmd/cmd.h"
#include "cmd/global.h"

static const struct verb *const verbs[] = {
	&verb_create, &verb_run,      &verb_start,  &verb_kill,   &verb_wait,
	&verb_pause,  &verb_resume,   &verb_update, &verb_delete, &verb_exec,
	&verb_list,   &verb_ps,       &verb_events, &verb_state,  &verb_check,
	&verb_spec,   &verb_features, NULL,
};

#define AT(member) OPT_STORED, offsetof(struct global, member)
static const struct opt opts[] = {
	{ "root", 0, OPT_TEXT, AT(root),
	  "DIR\0where the state is kept (/run/runt)" },
	{ "log", 0, OPT_STRING, AT(log), "FILE\0append errors to FILE, too" },
	{ "log-format", 0, OPT_CHOICE, AT(log_format),
	  "text|json\0form of the log (text)" },
	{ "log-level", 0, OPT_CHOICE, AT(log_level),
	  "error|warning|info|debug\0how much is logged (error)" },
	{ "debug", 0, OPT_FLAG, AT(debug), "\0as --log-level debug" },
	{ "cgroup-manager", 0, OPT_CHOICE, AT(cgroup_manager),
	  "cgroupfs|systemd|disabled\0who makes cgroups (cgroupfs)" },
	{ "device-rules", 0, OPT_CHOICE, AT(device_rules),
	  "required|optional\0or none if the kernel cannot (required)" },
	{ "failure-status", 0, OPT_UINT, AT(failure_status),
	  "N\0end with N when runt itself fails (1)" },
	{ "systemd-cgroup", 0, OPT_FLAG, AT(systemd_cgroup),
	  "\0as --cgroup-manager systemd" },
	{ "rootless", 0, OPT_CHOICE, AT(rootless),
	  "true|false|auto\0do without cgroups that are denied (auto)" },
	{ "criu", 0, OPT_STRING, OPT_HARMLESS, 0,
	  "PATH\0no effect: there is no checkpoint" },
	{ "version", 'v', OPT_FLAG, AT(version), "\0show the version" },
	{ .name = "" },
};
#undef AT

static bool is_help(const char *word)
{
	return str_eq(word, "help") || str_eq(word, "h") ||
	       str_eq(word, "--help") || str_eq(word, "-h");
}

static int help(const char *name)
{
	const struct verb *v;

	if (!name || is_help(name))
		return cmd_help_all(verbs, opts);
	v = cmd_find(verbs, name);
	return v ? cmd_help(v) : -EINVAL;
}

static int run(const struct global *o, char **words, char **argv)
{
	struct run_global g;
	const struct verb *v;
	int ret;

	if (o->version)
		return cmd_version();
	if (words[0] && is_help(words[0]))
		return help(words[1]);
	v = cmd_find(verbs, words[0]);
	if (!v)
		return -EINVAL;
	ret = global_resolve(o, &g);
	g.argv = argv;
	return ret < 0 ? ret : cmd_run(v, &g, words + 1);
}

static int read_and_run(char **words, char **argv)
{
	struct global o = {
		.cgroup_manager = -1,
		.device_rules = -1,
		.failure_status = UINT_MAX,
		.rootless = ROOTLESS_AUTO,
	};
	int ret, n = opt_parse(opts, &o, words, true);

	/* What was read up to an error is enough to log and end with it. */
	ret = global_begin(&o);
	if (ret < 0)
		return ret;
	if (n == OPT_HELP)
		return help(NULL);
	if (n < 0)
		return cmd_usage("");
	return run(&o, words, argv);
}

int main(int argc, char **argv)
{
	char **words;
	int ret = run_begin();

	if (ret == 0)
		ret = cmd_open_stdio();
	/* The parser reorders its words; argv stays as it came. */
	words = arena_get((size_t)argc + 1, sizeof(*words));
	if (!words)
		ret = -ENOMEM;
	if (ret == 0) {
		memcpy(words, argv, (size_t)argc * sizeof(*words));
		ret = read_and_run(words + (argc > 0), argv);
	}
	return cmd_status(ret);
}
