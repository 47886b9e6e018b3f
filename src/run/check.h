/* SPDX-License-Identifier: Apache-2.0 */
/* check: can this machine run containers, or what a bundle or the kernel of a
 * configuration asks for? */
#ifndef RUN_CHECK_H
#define RUN_CHECK_H

#include "run/container.h"

enum check_status { CHECK_OK, CHECK_WARN, CHECK_FAIL };

struct check_line {
	enum check_status status;
	const char *name;   /* of the facility: "namespace pid" */
	const char *found;  /* what was found */
	const char *key;    /* of config.json that needs it; "": every one does;
			  * NULL: it is no need */
	const char *remedy; /* "" if there is none, or nothing is missing */
};

struct check_options {
	const char *bundle;        /* what its config asks for; NULL: all */
	const char *kernel_config; /* of another kernel; NULL: this one */
};

/* Calls each with every line; it returns 0 to go on. */
int run_check(const struct run_global *g, const struct check_options *o,
	      int (*each)(const struct check_line *line, void *arg), void *arg);

#endif
