/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <time.h>

/* The Gregorian calendar by arithmetic, with years that begin in March so that
 * the leap day is the last: libc's would bring time zones along. */
void time_print_date(struct sbuf *b, int64_t days)
{
	int64_t era, year, month;
	unsigned int day_of_era, year_of_era, day, shifted;

	days += 719468; /* from 0000-03-01 to 1970-01-01 */
	era = days / 146097;
	day_of_era = (unsigned int)(days - era * 146097);
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
		       day_of_era / 146096) /
		      365;
	day = day_of_era -
	      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	shifted = (5 * day + 2) / 153;
	month = shifted < 10 ? shifted + 3 : shifted - 9;
	year = (int64_t)year_of_era + era * 400 + (month <= 2);
	sbuf_fmt(b, "%04lld-%02lld-%02u", (long long)year, (long long)month,
		 day - (153 * shifted + 2) / 5 + 1);
}

void time_print(struct sbuf *b, bool nanoseconds)
{
	struct timespec t;
	unsigned int s;

	clock_gettime(CLOCK_REALTIME, &t);
	if (t.tv_sec < 0)
		t.tv_sec = 0;
	s = (unsigned int)(t.tv_sec % 86400);
	time_print_date(b, t.tv_sec / 86400);
	sbuf_fmt(b, "T%02u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
	if (nanoseconds)
		sbuf_fmt(b, ".%09ld", (long)t.tv_nsec);
	sbuf_str(b, "Z");
}

uint64_t time_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}
