/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include <errno.h>
#include <signal.h>
#include <strings.h>

#include "base/err.h"

static struct options {
	bool all, quiet;
} options;

#define AT(member) OPT_STORED, offsetof(struct options, member)
static const struct opt opts[] = {
	{ "all", 'a', OPT_FLAG, AT(all),
	  "\0all processes of the container's cgroup" },
	{ "quiet", 'q', OPT_FLAG, AT(quiet),
	  "\0that it has ended, or is not there, is no error" },
	{ .name = "" },
};
#undef AT

/* The real-time signals as programs know them, not as libc's macros say:
 * musl and glibc keep different numbers for themselves. */
enum { RT_MIN = 34, RT_MAX = 64 };

static const struct {
	char name[7];
	uint8_t number;
} signals[] = {
	{ "HUP", SIGHUP },       { "INT", SIGINT },   { "QUIT", SIGQUIT },
	{ "ILL", SIGILL },       { "TRAP", SIGTRAP }, { "ABRT", SIGABRT },
	{ "IOT", SIGABRT },      { "BUS", SIGBUS },   { "FPE", SIGFPE },
	{ "KILL", SIGKILL },     { "USR1", SIGUSR1 }, { "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 },     { "PIPE", SIGPIPE }, { "ALRM", SIGALRM },
	{ "TERM", SIGTERM },     { "STKFLT", 16 },    { "CHLD", SIGCHLD },
	{ "CLD", SIGCHLD },      { "CONT", SIGCONT }, { "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP },     { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU },
	{ "URG", SIGURG },       { "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ },
	{ "VTALRM", SIGVTALRM }, { "PROF", SIGPROF }, { "WINCH", SIGWINCH },
	{ "IO", SIGIO },         { "POLL", SIGIO },   { "PWR", SIGPWR },
	{ "SYS", SIGSYS },
};

/* RTMIN, RTMIN+n, RTMAX-n, RTMAX. Returns 0 for anything else. */
static int realtime_signal(const char *name)
{
	bool max = strncasecmp(name, "RTMAX", 5) == 0;
	uint32_t n = 0;

	if (!max && strncasecmp(name, "RTMIN", 5) != 0)
		return 0;
	name += 5;
	if (*name && *name != (max ? '-' : '+'))
		return 0;
	if (*name && (str_u32(name + 1, &n) < 0 || n > RT_MAX - RT_MIN))
		return 0;
	return (int)(max ? RT_MAX - n : RT_MIN + n);
}

static int find_signal(const char *word)
{
	const char *name = strncasecmp(word, "SIG", 3) == 0 ? word + 3 : word;
	uint32_t n;

	if (str_u32(word, &n) == 0 && n <= RT_MAX)
		return (int)n;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcasecmp(name, signals[i].name) == 0)
			return signals[i].number;
	n = (uint32_t)realtime_signal(name);
	return n ? (int)n : err_say(EINVAL, "unknown signal \"%s\"", word);
}

static int kill_verb(const struct run_global *g, char **args)
{
	int sig = args[1] && *args[1] ? find_signal(args[1]) : SIGTERM;
	int ret = sig < 0 ? sig : run_kill(g, args[0], sig, options.all);

	if (options.quiet && (ret == -ESRCH || ret == -ENOENT))
		return 0;
	return ret;
}

const struct verb verb_kill = {
	.name = "kill",
	.args = "ID [SIGNAL]",
	.help = "Send a signal (TERM) to the container's init",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = 2,
	.opts = opts,
	.options = &options,
	.main = kill_verb,
};
