/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.json: read once, checked, decoded. See spec.h for what comes out.
 */
#ifndef OCI_CONFIG_H
#define OCI_CONFIG_H

#include <stddef.h>

#include "oci/json.h"
#include "oci/spec.h"

struct config {
	struct json json; /* the document: pristine text, tokens, file name */
	struct spec spec;
};

/*
 * Reads FILE below dirfd, checks and decodes it. name is what errors call it
 * (config.json, or the path that the user gave).
 * Errors: "<name>:<line>:<col>: <json path>: <what>" or "<name>: <strerror>".
 */
int config_load(struct config *c, int dirfd, const char *path,
		const char *name);

/* The same for a bare `process` object (exec --process). Defaults and checks
 * are those of config.json's process. */
int config_load_process(struct config *c, int dirfd, const char *path,
			const char *name);

/*
 * An error that a later layer found in the value at a JSON path such as
 * "mounts[3].options[1]": records "<name>:<line>:<col>: <path>: <fmt>" and
 * returns -EINVAL. A path that the document lacks is reported at the deepest
 * part that exists.
 */
int config_error(const struct config *c, const char *path, const char *fmt,
		 ...) __attribute__((format(printf, 3, 4)));

#endif
