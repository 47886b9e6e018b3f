/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TAP for tests in C: one program per file, linked with all of runt but
 * main.o. int main(void) { ok(1 + 1 == 2, "adds"); return done(); }
 */
#ifndef UNIT_TAP_H
#define UNIT_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 2, 3))) static inline bool
ok(bool passed, const char *fmt, ...)
{
	va_list ap;

	tap_count++;
	tap_failed += !passed;
	printf("%sok %d - ", passed ? "" : "not ", tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	return passed;
}

/* Two numbers that should be equal. */
static inline bool is_num(long long got, long long expected, const char *name)
{
	if (ok(got == expected, "%s", name))
		return true;
	printf("# got %lld, expected %lld\n", got, expected);
	return false;
}

static inline bool is_str(const char *got, const char *expected,
			  const char *name)
{
	if (ok(strcmp(got, expected) == 0, "%s", name))
		return true;
	printf("# got      \"%s\"\n# expected \"%s\"\n", got, expected);
	return false;
}

static inline void skip(const char *name, const char *reason)
{
	tap_count++;
	printf("ok %d - %s # SKIP %s\n", tap_count, name, reason);
}

/* User-mode emulators lack new system calls; they are told by their own
 * executable, which they show where they don't look. */
static inline bool emulated(void)
{
	char path[4096];
	struct stat a, b;
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n < 0)
		return false;
	path[n] = '\0';
	return stat("/proc/self/exe", &a) == 0 && stat(path, &b) == 0 &&
	       (a.st_ino != b.st_ino || a.st_dev != b.st_dev);
}

/* How many of the n that a machine tries: fewer where each takes an emulator
 * twenty times as long. */
static inline int some_of(int n)
{
	return emulated() || access("/etc/board", F_OK) == 0 ? n / 20 : n;
}

static inline int done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
