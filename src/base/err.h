/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The error record: one per process, filled at the deepest place that knows
 * the name of the object that failed, printed once by cmd/.
 *
 * Functions of base/, oci/, kern/ and run/ return 0, a file descriptor or a
 * count on success and -errno on failure, with the record filled. A caller
 * that tolerates a failure simply goes on: the next failure overwrites it.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

enum {
	/* A record crosses from the child to its parent in one atomic write,
	 * so it must not be larger than PIPE_BUF (4096). */
	ERR_TEXT_SIZE = 4000,
};

struct err {
	int num;      /* errno, positive */
	int hint;     /* row of a table of remedies (kern/need.h), 0 for none */
	int prefixed; /* a stage's name was put in front */
	int pad;
	char text[ERR_TEXT_SIZE];
};

extern struct err err;

/*
 * Record "<fmt>: <strerror(num)>". num is positive or negative errno.
 * Returns -errno, never 0: a num of 0 becomes EINVAL.
 */
int err_sys(int num, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Record "<fmt>" as it stands, for failures that no errno describes. */
int err_say(int num, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Put "<fmt>: " in front of the record, once; later calls do nothing.
 * Returns -errno of the record. */
int err_prefix(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Name the remedy (an enum of kern/need.h). Returns -errno of the record. */
int err_hint(int hint);

#endif
