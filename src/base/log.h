/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of --log, --log-format and --debug, in logrus' formats, which
 * callers parse:
 *	time="2026-01-02T03:04:05Z" level=error msg="..."
 *	{"level":"error","msg":"...","time":"2026-01-02T03:04:05Z"}
 * One write(2) per line, appended. Without --log it goes to standard error.
 * Without --debug only the final error is logged: callers take a log with
 * more than one object in it for broken, and standard error for a failure.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* path NULL: standard error. Relative paths are opened at once. */
int log_open(const char *path, bool json, enum log_level most);

/* True if a line of this level would be written: saves building it. */
bool log_wants(enum log_level level);

void log_line(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The log's descriptor, to be kept open across the closing of all others;
 * -1 when it is standard error. */
int log_fd(void);

#endif
