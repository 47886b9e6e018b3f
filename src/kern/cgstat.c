/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/cgstat.h"

#include <string.h>

#include "base/fd.h"
#include "base/str.h"

bool cgstat_read(const struct cgstat *s, const char *file)
{
	if (fd_read_text(s->cgroup, file, s->text, s->size) > 0)
		return true;
	s->text[0] = '\0';
	return false;
}

uint64_t cgstat_number(const struct cgstat *s, const char *file)
{
	char text[32];
	uint64_t v;

	if (fd_read_text(s->cgroup, file, text, sizeof(text)) <= 0)
		return 0;
	if (str_eq(text, "max"))
		return UINT64_MAX;
	return str_u64(text, &v) < 0 ? 0 : v;
}

/* The digits at text. */
static uint64_t number(const char *text)
{
	uint64_t v = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		v = v * 10 + (uint64_t)(*text - '0');
	return v;
}

uint64_t cgstat_key(const char *text, const char *key, uint64_t fallback)
{
	size_t len = strlen(key);

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, key, len) == 0 && text[len] == ' ')
			return number(text + len + 1);
	}
	return fallback;
}

bool cgstat_next(char **text, const char **key, uint64_t *value)
{
	char *line = *text, *space;

	while (*line) {
		*text = line + strcspn(line, "\n");
		if (**text)
			*(*text)++ = '\0';
		space = strchr(line, ' ');
		if (space && str_u64(space + 1, value) == 0) {
			*space = '\0';
			*key = line;
			return true;
		}
		line = *text;
	}
	return false;
}

size_t cgstat_word(const char *line, const char *key, const char **value)
{
	size_t len = strlen(key), n;

	for (; *line && *line != '\n'; line += n + (line[n] == ' ')) {
		n = strcspn(line, " \n");
		if (n > len && line[len] == '=' &&
		    strncmp(line, key, len) == 0) {
			*value = line + len + 1;
			return n - len - 1;
		}
	}
	return 0;
}
