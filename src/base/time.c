/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "syscall_nr.h"

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

/* Where time_t once had 32 bits. */
#ifdef NR_clock_gettime64
#define NR_CLOCK_GETTIME NR_clock_gettime64
#else
#define NR_CLOCK_GETTIME NR_clock_gettime
#endif

struct time time_of(clockid_t clock)
{
	struct time t = { 0, 0 };

	syscall(NR_CLOCK_GETTIME, clock, &t);
	return t;
}

void time_print(struct sbuf *b, bool nanoseconds)
{
	struct time t = time_of(CLOCK_REALTIME);
	unsigned int s;

	if (t.s < 0)
		t.s = 0;
	s = (unsigned int)(t.s % 86400);
	time_print_date(b, t.s / 86400);
	sbuf_fmt(b, "T%02u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
	if (nanoseconds)
		sbuf_fmt(b, ".%09ld", (long)t.ns);
	sbuf_str(b, "Z");
}

/* The nanoseconds of a unit, of which *len gets the length; 0 for none. */
static uint64_t unit_of(const char *s, size_t *len)
{
	static const struct {
		char name[4];
		uint64_t ns;
	} units[] = {
		/* The longer of two that begin alike comes first. "\u00b5s" and
		 * "\u03bcs" are one to the eye. */
		{ "ns", 1 },           { "us", 1000 },
		{ "\xc2\xb5s", 1000 }, { "\xce\xbcs", 1000 },
		{ "ms", 1000000 },     { "s", 1000000000 },
		{ "m", 60000000000 },  { "h", 3600000000000 },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (str_starts(s, units[i].name)) {
			*len = strlen(units[i].name);
			return units[i].ns;
		}
	}
	return 0;
}

/* Digits with a point in them or not, and a unit. Fractions beyond the sixth
 * digit are of no weight. */
static int parse_part(const char **s, uint64_t *ns)
{
	uint64_t whole = 0, fraction = 0, scale = 1, unit;
	const char *p = *s;
	size_t digits = 0, len = 0;

	for (; *p >= '0' && *p <= '9'; p++, digits++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, (uint64_t)(*p - '0'), &whole))
			return -ERANGE;
	if (*p == '.') {
		for (p++; *p >= '0' && *p <= '9'; p++, digits++) {
			if (scale < 1000000) {
				fraction = fraction * 10 + (uint64_t)(*p - '0');
				scale *= 10;
			}
		}
	}
	unit = unit_of(p, &len);
	if (!digits || !unit)
		return -EINVAL;
	*s = p + len;
	if (__builtin_mul_overflow(whole, unit, &whole) ||
	    __builtin_add_overflow(whole, fraction * unit / scale, ns))
		return -ERANGE;
	return 0;
}

int time_parse_duration(const char *s, int64_t *ns)
{
	uint64_t sum = 0, part;
	bool negative = *s == '-';
	int ret;

	s += *s == '-' || *s == '+';
	if (str_eq(s, "0")) {
		*ns = 0;
		return 0;
	}
	do {
		ret = parse_part(&s, &part);
		if (ret < 0)
			return ret;
		if (__builtin_add_overflow(sum, part, &sum) || sum > INT64_MAX)
			return -ERANGE;
	} while (*s);
	*ns = negative ? -(int64_t)sum : (int64_t)sum;
	return 0;
}

uint64_t time_us(void)
{
	struct time t = time_of(CLOCK_MONOTONIC);

	return (uint64_t)t.s * 1000000 + (uint64_t)t.ns / 1000;
}
