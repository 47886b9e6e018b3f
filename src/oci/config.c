/* SPDX-License-Identifier: Apache-2.0 */
#include "oci/config.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "oci/check.h"
#include "oci/decode.h"

/* Reads the one document or the other. */
static int read_config(struct config *c)
{
	int ret;

	c->bare = false;
	c->spec = (struct spec){ 0 };
	ret = decode(&c->json, OBJECT_spec, &c->spec);
	return ret < 0 ? ret : check_spec(c);
}

static int read_process(struct config *c)
{
	int ret;

	c->bare = true;
	c->spec = (struct spec){ 0 };
	c->spec.process = arena_get(1, sizeof(*c->spec.process));
	if (!c->spec.process)
		return -err.num;
	ret = decode(&c->json, OBJECT_process, c->spec.process);
	return ret < 0 ? ret : check_process(c);
}

int config_load(struct config *c, int dirfd, const char *path, const char *name)
{
	int ret = json_load(&c->json, dirfd, path, name);

	return ret < 0 ? ret : read_config(c);
}

int config_load_process(struct config *c, int dirfd, const char *path,
			const char *name)
{
	int ret = json_load(&c->json, dirfd, path, name);

	return ret < 0 ? ret : read_process(c);
}

int config_parse(struct config *c, const char *text, size_t len,
		 const char *name)
{
	int ret = json_parse(&c->json, text, len, name);

	return ret < 0 ? ret : read_config(c);
}

int config_parse_process(struct config *c, const char *text, size_t len,
			 const char *name)
{
	int ret = json_parse(&c->json, text, len, name);

	return ret < 0 ? ret : read_process(c);
}

/* In a bare process, paths begin below it. */
static const char *below(const struct config *c, const char *path)
{
	static const char process[] = "process";

	if (!c->bare || !str_starts(path, process))
		return path;
	path += sizeof(process) - 1;
	return path + (*path == '.');
}

int config_error(const struct config *c, const char *path, const char *fmt, ...)
{
	va_list ap;
	int ret;

	path = below(c, path);
	va_start(ap, fmt);
	ret = json_verror(&c->json, json_find(&c->json, path), path, NULL, fmt,
			  ap);
	va_end(ap);
	return ret;
}

int config_expected(const struct config *c, const char *path, const char *what)
{
	return config_error(c, path, "expected %s, found %s", what,
			    json_show(&c->json,
				      json_find(&c->json, below(c, path))));
}
