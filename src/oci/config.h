/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.json: read once, checked, decoded. See spec.h for what comes out,
 * json.h for how large it may be, keys.tbl for the keys.
 *
 * What comes out is right in itself: paths that must be are absolute, words
 * are known ones, numbers in range, names unique, and what needs a namespace
 * of the container's own has it in linux.namespaces. Whether the machine can
 * do it is not looked at. Two things are put right: a relative destination of
 * a mount gets its '/', and the file type is taken off a device's mode. Our own
 * annotation is read.
 */
#ifndef OCI_CONFIG_H
#define OCI_CONFIG_H

#include <stddef.h>

#include "oci/json.h"
#include "oci/spec.h"

/* With "true", root.readonly holds from the beginning: nothing is made below
 * the root that is not below a mount. */
#define CONFIG_UNTOUCHED "org.runt.root.untouched"

struct config {
	struct json json; /* the document: pristine text, tokens, file name */
	struct spec spec;
	const char *within; /* where in a config it belongs; "": it is one */
};

/*
 * Reads FILE below dirfd, checks and decodes it. name is what errors call it
 * (config.json, or the path that the user gave).
 * Errors: "<name>:<line>:<col>: <json path>: <what>" or "<name>: <strerror>".
 */
int config_load(struct config *c, int dirfd, const char *path,
		const char *name);

/* The same for a bare `process` object (exec --process) in a file, a pipe or,
 * with "-", on standard input. Defaults and checks are those of config.json's
 * process. */
int config_load_process(struct config *c, const char *path);

/* The same for a bare `linux.resources` object (update --resources), which
 * becomes c->spec.linux_.resources. With AT_FDCWD it may be in a pipe, too. */
int config_load_resources(struct config *c, int dirfd, const char *path);

/* What a document of resources has replaces what into has; the rest of it
 * stays. */
int config_merge_resources(const struct config *c, struct spec_resources *into);

/* All for text in memory. */
int config_parse(struct config *c, const char *text, size_t len,
		 const char *name);
int config_parse_process(struct config *c, const char *text, size_t len,
			 const char *name);
int config_parse_resources(struct config *c, const char *text, size_t len,
			   const char *name);

/*
 * An error that a later layer found in the value at a JSON path such as
 * "mounts[3].options[1]": records "<name>:<line>:<col>: <path>: <fmt>" and
 * returns -EINVAL. A path that the document lacks is reported at the deepest
 * part that exists.
 */
int config_error(const struct config *c, const char *path, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same: "expected <what>, found <what stands there>". */
int config_expected(const struct config *c, const char *path, const char *what);

#endif
