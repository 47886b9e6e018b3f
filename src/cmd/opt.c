/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/opt.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/err.h"
#include "oci/spec.h"

enum { HELP_COLUMN = 29 };

static const struct opt help_row = { .name = "help",
				     .letter = 'h',
				     .text = "\0show this help" };

static bool is_called(const struct opt *o, const char *name, size_t len)
{
	if (len == 1 && o->letter == *name)
		return true;
	return strlen(o->name) == len && memcmp(o->name, name, len) == 0;
}

static const struct opt *find(const struct opt *rows, const char *name,
			      size_t len)
{
	for (; rows && rows->name[0]; rows++)
		if (is_called(rows, name, len))
			return rows;
	return is_called(&help_row, name, len) ? &help_row : NULL;
}

static int bad_value(const struct opt *o, const char *value)
{
	static const char expected[][16] = {
		[OPT_FLAG] = "true or false", [OPT_UINT] = "a number"
	};

	return err_say(EINVAL, "invalid value \"%s\" for --%s, expected %s",
		       value, o->name,
		       o->kind == OPT_CHOICE ? o->text : expected[o->kind]);
}

/* The words that runc takes for a flag, here in any case. */
static int read_flag(const struct opt *o, const char *value, bool *out)
{
	static const char words[][6] = { "false", "f", "0", "true", "t", "1" };

	*out = true;
	if (!value)
		return 0;
	for (size_t i = 0; i < 6; i++) {
		*out = i >= 3;
		if (strcasecmp(value, words[i]) == 0)
			return 0;
	}
	return bad_value(o, value);
}

static int read_choice(const struct opt *o, const char *value, int *out)
{
	const char *word = o->text;
	size_t len;

	for (*out = 0;; ++*out, word += len + 1) {
		len = strcspn(word, "|");
		if (strlen(value) == len && memcmp(value, word, len) == 0)
			return 0;
		if (!word[len])
			return bad_value(o, value);
	}
}

/* No caller gives so many of them that doubling would matter. */
static int add_word(const char *value, void *list)
{
	struct spec_strs *words = list;
	const char **v = arena_get(words->n + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	if (words->n)
		memcpy(v, words->v, words->n * sizeof(*v));
	v[words->n++] = value;
	words->v = v;
	return 0;
}

static int read_value(const struct opt *o, const char *value, void *out)
{
	union {
		bool flag;
		const char *string;
		unsigned int number;
		int choice;
	} v = { .string = value };
	size_t size = sizeof(v.string);
	int ret = 0;

	if (o->kind == OPT_WORDS)
		return add_word(value, (char *)out + o->offset);
	if (o->kind == OPT_FLAG) {
		ret = read_flag(o, value, &v.flag);
		size = sizeof(v.flag);
	} else if (o->kind == OPT_UINT) {
		if (str_u32(value, &v.number) < 0)
			ret = bad_value(o, value);
		size = sizeof(v.number);
	} else if (o->kind == OPT_CHOICE) {
		ret = read_choice(o, value, &v.choice);
		size = sizeof(v.choice);
	} else if (o->kind == OPT_STRING && !*value) {
		v.string = NULL;
	}
	if (ret < 0)
		return ret;
	if (o->effect == OPT_STORED)
		memcpy((char *)out + o->offset, &v, size);
	return 0;
}

/* Reads the option at **argv, and moves *argv to the last word it took. */
static int read_option(const struct opt *rows, void *out, char ***argv)
{
	const char *arg = **argv;
	const char *name = arg + (arg[1] == '-' ? 2 : 1);
	size_t len = strcspn(name, "=");
	const char *value = name[len] ? name + len + 1 : NULL;
	const struct opt *o = find(rows, name, len);

	if (!o)
		return err_say(EINVAL, "unknown option %.*s",
			       (int)(name + len - arg), arg);
	if (o == &help_row)
		return OPT_HELP;
	if (!value && o->kind != OPT_FLAG) {
		value = *++*argv;
		if (!value)
			return err_say(EINVAL, "flag needs an argument: --%s",
				       o->name);
	}
	return read_value(o, value, out);
}

int opt_parse(const struct opt *rows, void *out, char **argv, bool first_ends)
{
	char **first = argv, **to = argv;
	bool ended = false;
	int ret;

	for (; *argv; argv++) {
		if (ended || argv[0][0] != '-' || !argv[0][1]) {
			ended = ended || first_ends;
			*to++ = *argv;
		} else if (str_eq(*argv, "--")) {
			ended = true;
		} else {
			ret = read_option(rows, out, &argv);
			if (ret < 0)
				return ret;
		}
	}
	*to = NULL;
	return (int)(to - first);
}

void opt_column(struct sbuf *b, size_t start, size_t col)
{
	while (b->len < start + col && !b->full)
		sbuf_str(b, " ");
}

static void print_row(struct sbuf *b, const struct opt *o)
{
	size_t start = b->len;

	if (o->letter)
		sbuf_fmt(b, "  -%c, --%s", o->letter, o->name);
	else
		sbuf_fmt(b, "      --%s", o->name);
	if (o->text[0])
		sbuf_fmt(b, " %s", o->text);
	if (b->len - start > HELP_COLUMN - 2) {
		sbuf_str(b, "\n");
		start = b->len;
	}
	opt_column(b, start, HELP_COLUMN);
	sbuf_fmt(b, "%s\n", o->text + strlen(o->text) + 1);
}

void opt_print(struct sbuf *b, const struct opt *rows)
{
	for (; rows && rows->name[0]; rows++)
		print_row(b, rows);
	print_row(b, &help_row);
}
