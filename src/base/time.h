/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdint.h>
#include <time.h>

#include "base/str.h"

/* As the kernel's, whatever libc's is. */
struct time {
	int64_t s, ns;
};

/* Of one of the clocks that there always are, by the system call: the library's
 * way, without it, is as large as ten of our functions. */
struct time time_of(clockid_t clock);

/* The time of day as RFC 3339 in UTC: "2026-01-02T03:04:05Z", or with
 * nanoseconds. */
void time_print(struct sbuf *b, bool nanoseconds);

/* The date so many days after 1970-01-01. */
void time_print_date(struct sbuf *b, int64_t days);

/*
 * A duration as Go writes it, "5s", "1m30s", "1.5h", "-100ms", in nanoseconds;
 * the units are ns, us, ms, s, m and h, and only 0 needs none. Returns 0,
 * -EINVAL or -ERANGE; the error record is left alone.
 */
int time_parse_duration(const char *s, int64_t *ns);

/* Of a clock that only goes forward. */
uint64_t time_us(void);

#endif
