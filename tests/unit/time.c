/* SPDX-License-Identifier: Apache-2.0 */
/* base/time.c: durations as Go's time.ParseDuration takes them, and dates. */
#include "base/time.h"

#include <errno.h>

#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *text;
	int ret;
	int64_t ns;
} durations[] = {
	{ "5s", 0, 5000000000 },
	{ "100ms", 0, 100000000 },
	{ "1m30s", 0, 90000000000 },
	{ "1h2m3s4ms5us6ns", 0, 3723004005006 },
	{ "1.5h", 0, 5400000000000 },
	{ ".5s", 0, 500000000 },
	{ "2.s", 0, 2000000000 },
	{ "0.000001s", 0, 1000 },
	{ "0.1234567891s", 0, 123456000 },
	{ "7\xc2\xb5s", 0, 7000 },
	{ "7\xce\xbcs", 0, 7000 },
	{ "0", 0, 0 },
	{ "-0", 0, 0 },
	{ "+0", 0, 0 },
	{ "0s", 0, 0 },
	{ "-3s", 0, -3000000000 },
	{ "+3s", 0, 3000000000 },
	{ "2562047h47m16.854775s", 0, 9223372036854775000 },
	{ "2562048h", -ERANGE, 0 },
	{ "9223372036854775807ns", 0, INT64_MAX },
	{ "9223372036854775808ns", -ERANGE, 0 },
	{ "99999999999999999999s", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ "5", -EINVAL, 0 },
	{ "s", -EINVAL, 0 },
	{ ".s", -EINVAL, 0 },
	{ "5x", -EINVAL, 0 },
	{ "5s3", -EINVAL, 0 },
	{ "5 s", -EINVAL, 0 },
	{ " 5s", -EINVAL, 0 },
	{ "--5s", -EINVAL, 0 },
	{ "5S", -EINVAL, 0 },
	{ "1d", -EINVAL, 0 },
	{ "-", -EINVAL, 0 },
};

static const struct {
	int64_t days;
	const char *date;
} dates[] = {
	{ 0, "1970-01-01" },     { -1, "1969-12-31" },
	{ 58, "1970-02-28" },    { 59, "1970-03-01" },
	{ 789, "1972-02-29" },   { 10956, "1999-12-31" },
	{ 11016, "2000-02-29" }, { 47540, "2100-02-28" },
	{ 47541, "2100-03-01" },
};

int main(void)
{
	char name[64], text[16];

	for (size_t i = 0; i < COUNT(durations); i++) {
		int64_t ns = 0;
		int ret = time_parse_duration(durations[i].text, &ns);

		ok(ret == durations[i].ret && ns == durations[i].ns, "\"%s\"",
		   durations[i].text);
		if (ret != durations[i].ret || ns != durations[i].ns)
			printf("# %d, %lld ns\n", ret, (long long)ns);
	}
	for (size_t i = 0; i < COUNT(dates); i++) {
		struct sbuf b = SBUF(text);

		time_print_date(&b, dates[i].days);
		snprintf(name, sizeof(name), "day %lld",
			 (long long)dates[i].days);
		is_str(text, dates[i].date, name);
	}
	return done();
}
