/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a cgroup that say how much it uses: texts of numbers, of which
 * no kernel has all. What a file or a key is missing for, be it an old kernel or
 * a controller that is not enabled, it counts as nothing.
 */
#ifndef KERN_CGSTAT_H
#define KERN_CGSTAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A cgroup, and the caller's buffer for one file at a time. */
struct cgstat {
	int cgroup; /* borrowed */
	char *text;
	size_t size;
};

/* Reads a file into the buffer, or makes that empty if there is none. Returns
 * true if it is not empty. */
bool cgstat_read(const struct cgstat *s, const char *file);

/* The one number in a file; "max" is UINT64_MAX, no file is 0. Leaves another
 * buffer alone. */
uint64_t cgstat_number(const struct cgstat *s, const char *file);

/* The number in the line "KEY NUMBER" of a text; fallback if there is none. */
uint64_t cgstat_key(const char *text, const char *key, uint64_t fallback);

/*
 * Takes the next line "KEY NUMBER" off *text, which it changes. False at the
 * end; lines of another form are passed over.
 */
bool cgstat_next(char **text, const char **key, uint64_t *value);

/* The value of "KEY=VALUE" among the words of a line: its length, 0 if there is
 * none. */
size_t cgstat_word(const char *line, const char *key, const char **value);

#endif
