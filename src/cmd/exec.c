/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "cmd/cmd.h"
#include "run/exec.h"

static struct exec_options options;

#define AT(member) OPT_STORED, offsetof(struct exec_options, member)
static const struct opt opts[] = {
	{ "detach", 'd', OPT_FLAG, AT(detach),
	  "\0leave it running, do not wait" },
	{ "pid-file", 0, OPT_STRING, AT(pid_file),
	  "FILE\0write the process's pid to FILE" },
	{ "process", 'p', OPT_STRING, AT(process),
	  "FILE\0a process object as in config.json, instead of all" },
	{ "cwd", 0, OPT_STRING, AT(cwd), "DIR\0working directory" },
	{ "env", 'e', OPT_WORDS, AT(env),
	  "NAME=VALUE\0one more variable; repeatable" },
	{ "user", 'u', OPT_STRING, AT(user), "UID[:GID]\0numbers, no names" },
	{ "additional-gids", 'g', OPT_WORDS, AT(groups),
	  "GID\0one more group; repeatable" },
	{ "cap", 'c', OPT_WORDS, AT(caps),
	  "CAP\0one more capability; repeatable" },
	{ "no-new-privs", 0, OPT_FLAG, AT(no_new_privs), "\0set no_new_privs" },
	{ "apparmor", 0, OPT_STRING, AT(apparmor),
	  "PROFILE\0AppArmor profile" },
	{ "process-label", 0, OPT_STRING, AT(label), "LABEL\0SELinux label" },
	{ "preserve-fds", 0, OPT_UINT, AT(preserve_fds),
	  "N\0pass N descriptors on, from 3 upwards" },
	{ "cgroup", 0, OPT_STRING, AT(cgroup),
	  "PATH\0a cgroup below the container's" },
	{ "ignore-paused", 0, OPT_FLAG, AT(ignore_paused),
	  "\0also in a paused container" },
	{ "tty", 't', OPT_FLAG, AT(tty), "\0with a terminal" },
	{ "console-socket", 0, OPT_STRING, AT(console_socket),
	  "SOCKET\0send the terminal's master there" },
	{ "pidfd-socket", 0, OPT_STRING, AT(pidfd_socket),
	  "SOCKET\0send a pidfd of the process there" },
	{ .name = "" },
};
#undef AT

static int exec_verb(const struct run_global *g, char **args)
{
	int status, ret;

	options.id = args[0];
	options.args = args + 1;
	if (!options.process && !args[1]) {
		err_say(EINVAL, "exec: missing argument, expected a command "
				"or --process");
		return cmd_usage("exec");
	}
	if (options.process && args[1]) {
		err_say(EINVAL, "exec: a command does not go with --process");
		return cmd_usage("exec");
	}
	ret = run_exec(g, &options, &status);
	return ret < 0 ? ret : status;
}

const struct verb verb_exec = {
	.name = "exec",
	.args = "ID COMMAND...",
	.help = "Run one more process in a container",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = -1,
	.first_ends = true,
	.failure = 255,
	.opts = opts,
	.options = &options,
	.main = exec_verb,
};
