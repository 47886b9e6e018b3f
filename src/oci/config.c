/* SPDX-License-Identifier: Apache-2.0 */
#include "oci/config.h"

#include <fcntl.h>
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

	c->within = "";
	c->spec = (struct spec){ 0 };
	ret = decode(&c->json, OBJECT_spec, &c->spec);
	return ret < 0 ? ret : check_spec(c);
}

static int read_process(struct config *c)
{
	int ret;

	c->within = "process";
	c->spec = (struct spec){ 0 };
	c->spec.process = arena_get(1, sizeof(*c->spec.process));
	if (!c->spec.process)
		return -err.num;
	ret = decode(&c->json, OBJECT_process, c->spec.process);
	return ret < 0 ? ret : check_process(c);
}

static int read_resources(struct config *c)
{
	struct spec_resources *r = arena_get(1, sizeof(*r));
	int ret;

	if (!r)
		return -err.num;
	c->within = "linux.resources";
	c->spec = (struct spec){ .linux_.resources = r };
	ret = decode(&c->json, OBJECT_resources, r);
	return ret < 0 ? ret : check_resources(c);
}

int config_load(struct config *c, int dirfd, const char *path, const char *name)
{
	int ret = json_load(&c->json, dirfd, path, name);

	return ret < 0 ? ret : read_config(c);
}

int config_load_process(struct config *c, const char *path)
{
	int ret = json_load_given(&c->json, path);

	return ret < 0 ? ret : read_process(c);
}

int config_load_resources(struct config *c, int dirfd, const char *path)
{
	int ret = dirfd == AT_FDCWD ? json_load_given(&c->json, path) :
				      json_load(&c->json, dirfd, path, path);

	return ret < 0 ? ret : read_resources(c);
}

int config_merge_resources(const struct config *c, struct spec_resources *into)
{
	return decode(&c->json, OBJECT_resources, into);
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

int config_parse_resources(struct config *c, const char *text, size_t len,
			   const char *name)
{
	int ret = json_parse(&c->json, text, len, name);

	return ret < 0 ? ret : read_resources(c);
}

/* In a document that is a part of a config, paths begin below that. */
static const char *below(const struct config *c, const char *path)
{
	if (!str_starts(path, c->within))
		return path;
	path += strlen(c->within);
	return path + (*c->within && *path == '.');
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
