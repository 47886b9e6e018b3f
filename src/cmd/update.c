/* SPDX-License-Identifier: Apache-2.0 */
/* The options become one more document of resources, so that there is one way
 * only to read and to merge them. */
#include "cmd/cmd.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/jsonw.h"

enum kind { UNSIGNED, SIGNED, SIZE, TEXT };

enum {
#define OPTION(id, ...) AT_##id,
#include "cmd/update.tbl"
#undef OPTION
	COUNT,
};

static struct options {
	const char *resources, *l3_cache, *mem_bw;
	const char *v[COUNT]; /* in the table's order */
} options;

static const struct opt opts[] = {
	{ "resources", 'r', OPT_STRING, OPT_STORED,
	  offsetof(struct options, resources),
	  "FILE\0JSON as in linux.resources; - is standard input" },
#define OPTION(id, name, kind, object, key, arg, help)                  \
	{ name,                                                         \
	  0,                                                            \
	  OPT_TEXT,                                                     \
	  OPT_STORED,                                                   \
	  offsetof(struct options, v) + AT_##id * sizeof(const char *), \
	  arg "\0" help },
#include "cmd/update.tbl"
#undef OPTION
	{ "l3-cache-schema", 0, OPT_STRING, OPT_STORED,
	  offsetof(struct options, l3_cache),
	  "SCHEMA\0of the cache, for a container with linux.intelRdt" },
	{ "mem-bw-schema", 0, OPT_STRING, OPT_STORED,
	  offsetof(struct options, mem_bw),
	  "SCHEMA\0of the memory bandwidth, the same" },
	{ "kernel-memory", 0, OPT_STRING, OPT_HARMLESS, 0,
	  "BYTES\0no effect: it is part of the memory" },
	{ "kernel-memory-tcp", 0, OPT_STRING, OPT_HARMLESS, 0,
	  "BYTES\0no effect: it is part of the memory" },
	{ .name = "" },
};

static const struct row {
	char name[20], object[8], key[16];
	uint8_t kind;
} rows[] = {
#define OPTION(id, name, kind, object, key, arg, help) \
	{ name, object, key, kind },
#include "cmd/update.tbl"
#undef OPTION
};

/* The factor that a suffix means, 0 for none that there is: k, kb, kib and so
 * on, all of 1024 as Docker has it. */
static uint64_t factor(const char *suffix)
{
	static const char letters[] = "bkmgt";
	const char *p;

	suffix += *suffix == ' ';
	if (!*suffix)
		return 1;
	p = strchr(letters, *suffix | 0x20);
	if (!p)
		return 0;
	if (suffix[1] && (p == letters || (strcasecmp(suffix + 1, "b") != 0 &&
					   strcasecmp(suffix + 1, "ib") != 0)))
		return 0;
	return UINT64_C(1) << 10 * (p - letters);
}

/* "N", "N.FRACTION", with a suffix. Digits beyond the sixth after the point
 * are of no weight. */
static int parse_size(const char *s, int64_t *out)
{
	uint64_t whole = 0, fraction = 0, scale = 1, unit;
	const char *p = s;

	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, (uint64_t)(*p - '0'), &whole))
			return -ERANGE;
	if (p == s)
		return -EINVAL;
	if (*p == '.') {
		for (p++; *p >= '0' && *p <= '9'; p++) {
			if (scale < 1000000) {
				fraction = fraction * 10 + (uint64_t)(*p - '0');
				scale *= 10;
			}
		}
	}
	unit = factor(p);
	if (!unit)
		return -EINVAL;
	if (__builtin_mul_overflow(whole, unit, &whole))
		return -ERANGE;
	/* At most 10^6 * 2^40. */
	fraction = fraction * unit / scale;
	if (__builtin_add_overflow(whole, fraction, &whole) ||
	    whole > INT64_MAX)
		return -ERANGE;
	*out = (int64_t)whole;
	return 0;
}

static int add(struct jsonw *w, const struct row *row, const char *value)
{
	uint64_t u = 0;
	int64_t i = 0;
	int ret = 0;

	switch (row->kind) {
	case TEXT:
		jsonw_str(w, row->key, value);
		return 0;
	case UNSIGNED:
		ret = str_u64(value, &u);
		jsonw_u64(w, row->key, u);
		break;
	case SIGNED:
		ret = str_i64(value, &i);
		jsonw_i64(w, row->key, i);
		break;
	default:
		ret = str_eq(value, "-1") ? str_i64(value, &i) :
					    parse_size(value, &i);
		jsonw_i64(w, row->key, i);
	}
	if (ret == 0)
		return 0;
	return err_say(EINVAL, "invalid value for %s: \"%s\": %s", row->name,
		       value, ret == -ERANGE ? "out of range" : "not a number");
}

/* Scripts give runc options with nothing in them, where it lets them. */
static bool is_given(size_t i)
{
	const char *value = options.v[i];

	return value && (*value || rows[i].kind == TEXT || i == AT_pids_limit ||
			 i == AT_blkio_weight);
}

/* Sets b to the document, or leaves it empty if no option was given. */
static int make_document(struct sbuf *b)
{
	struct jsonw w = { .b = b };
	const char *open = NULL;
	int ret = 0;

	for (size_t i = 0; i < COUNT && ret == 0; i++) {
		if (!is_given(i))
			continue;
		if (!open)
			jsonw_object(&w, NULL);
		if (!open || !str_eq(open, rows[i].object)) {
			if (open)
				jsonw_end(&w);
			open = rows[i].object;
			jsonw_object(&w, open);
		}
		ret = add(&w, &rows[i], options.v[i]);
	}
	if (open) {
		jsonw_end(&w);
		jsonw_end(&w);
	}
	if (ret == 0 && b->full)
		ret = err_sys(E2BIG, "options");
	return ret;
}

static int update(const struct run_global *g, char **args)
{
	char text[4096] = "";
	struct sbuf b = SBUF(text);
	int ret = make_document(&b);
	struct run_update o = {
		.file = options.resources,
		.options = b.len ? text : NULL,
		.l3_cache = options.l3_cache,
		.mem_bw = options.mem_bw,
	};

	return ret < 0 ? ret : run_update(g, args[0], &o);
}

const struct verb verb_update = {
	.name = "update",
	.args = "ID",
	.help = "Change the limits of a container",
	.group = VERB_LIFECYCLE,
	.min = 1,
	.max = 1,
	.opts = opts,
	.options = &options,
	.main = update,
};
