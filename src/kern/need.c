/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/need.h"

#include <stddef.h>
#include <string.h>

/* All texts, one after the other, so that the table has no pointers. */
static const struct {
	char none[1];
#define NEED(id, remedy) char id[sizeof(remedy)];
#define CHECK(id, level, probe, name, key, linux_, options, remedy) \
	char id[sizeof(remedy)], id##_name[sizeof(name)],           \
		id##_key[sizeof(key)], id##_options[sizeof(options)];
#include "kern/need.tbl"
#undef NEED
#undef CHECK
} texts = {
	"",
#define NEED(id, remedy) remedy,
#define CHECK(id, level, probe, name, key, linux_, options, remedy) \
	remedy, name, key, options,
#include "kern/need.tbl"
#undef NEED
#undef CHECK
};

#define AT(member) offsetof(__typeof__(texts), member)
static const struct {
	uint16_t text, name, key, options, linux_;
	uint8_t level, probe;
} rows[NEED_COUNT] = {
#define NEED(id, remedy) [NEED_##id] = { .text = AT(id) },
#define CHECK(id, level, probe, name, key, linux_, options, remedy)            \
	[NEED_##id] = { AT(id), AT(id##_name), AT(id##_key), AT(id##_options), \
			linux_, LEVEL_##level, PROBE_##probe },
#include "kern/need.tbl"
#undef NEED
#undef CHECK
};
#undef AT

static const char *at(uint16_t offset)
{
	return (const char *)&texts + offset;
}

/* "A B|C": CONFIG_A=y and CONFIG_B=y or CONFIG_C=y */
static void add_options(struct sbuf *b, const char *s)
{
	size_t n;

	for (; *s; s += n) {
		n = strcspn(s, " |");
		sbuf_fmt(b, "CONFIG_%.*s=y", (int)n, s);
		if (s[n])
			sbuf_str(b, s[n++] == '|' ? " or " : " and ");
	}
}

void need_add_text(struct sbuf *b, int need)
{
	const char *separator = "";

	if (need <= 0 || need >= NEED_COUNT)
		return;
	if (rows[need].linux_) {
		sbuf_fmt(b, "it takes Linux %u.%u or newer",
			 rows[need].linux_ / 100u, rows[need].linux_ % 100u);
		separator = "; ";
	}
	if (*at(rows[need].options)) {
		sbuf_fmt(b, "%sthe kernel needs ", separator);
		add_options(b, at(rows[need].options));
		separator = "; ";
	}
	if (*at(rows[need].text))
		sbuf_fmt(b, "%s%s", separator, at(rows[need].text));
}

struct need_check need_check(int need)
{
	return (struct need_check){
		.name = at(rows[need].name),
		.key = at(rows[need].key),
		.options = at(rows[need].options),
		.linux_ = rows[need].linux_,
		.level = rows[need].level,
		.probe = rows[need].probe,
	};
}
