/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the verbs have in common: each file of cmd/ describes one in a struct
 * verb, main.c lists them. Only cmd/ prints: the answer on standard output,
 * in case of failure one line on standard error and one record in the log.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/opt.h"
#include "run/container.h"

enum verb_group { VERB_LIFECYCLE, VERB_INSPECT };

struct verb {
	const char *name;
	const char *args; /* for --help: "ID [SIGNAL]", "" for none */
	const char *help;
	enum verb_group group;
	int min, max;    /* how many arguments; max -1: any number */
	bool first_ends; /* the first of them ends the options */
	int failure;     /* exit status of our own failures, 0 for 1 */
	const struct opt *opts;
	void *options; /* what the rows of opts fill */
	/* args: min to max of them, NULL-ended. Returns the exit status, or
	 * -errno with the record filled. */
	int (*main)(const struct run_global *g, char **args);
};

extern const struct verb verb_pause, verb_resume, verb_ps, verb_update,
	verb_wait, verb_events, verb_check;
extern const struct verb verb_create, verb_start, verb_run, verb_state,
	verb_kill, verb_delete, verb_list, verb_features, verb_spec, verb_exec;

/* Opens /dev/null for the standard streams that are closed, and remembers
 * that an answer on a closed standard output is an error. */
int cmd_open_stdio(void);

/* Finds a verb; name may be NULL. Returns NULL with the record filled if there
 * is none. */
const struct verb *cmd_find(const struct verb *const *verbs, const char *name);

/* Runs a verb with the words behind its name. Returns what it returns. */
int cmd_run(const struct verb *v, const struct run_global *g, char **argv);

/* Prints to standard output. Returns 0 or -errno. */
int cmd_print(const char *text, size_t len);

/* The exit status for what a call returned: ret itself, or for -errno, which is
 * reported, that of a failure. */
int cmd_status(int ret);

/* What a failure ends with, whatever the verb says. */
void cmd_set_failure(int status);

/* For a record of a wrong usage: the report will point to the help of verb, ""
 * for runt itself. Returns -EINVAL. */
int cmd_usage(const char *verb);

/* Prints the state of a container as JSON (oci/state.h), with before and after
 * around it. */
int cmd_print_state(const struct run_info *info, const char *owner,
		    unsigned int indent, const char *before, const char *after);

/* Adds text with control characters made visible. */
void cmd_add_visible(struct sbuf *b, const char *text);

/* --help of one verb, and of all of them. Return as cmd_print() does. */
int cmd_help(const struct verb *v);
int cmd_help_all(const struct verb *const *verbs, const struct opt *globals);

int cmd_version(void);

#endif
