/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capabilities: the five sets of `process.capabilities`, capabilities(7).
 *
 * In the child, in this order: caps_limit(), caps_bound() while it is still
 * root, ids_set(), caps_apply(). What is set is read back: the process has
 * what was asked for or the call fails.
 */
#ifndef KERN_CAPS_H
#define KERN_CAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "oci/spec.h"

struct caps {
	uint64_t bounding, effective, permitted, inheritable, ambient;
};

/* "CAP_CHOWN" for bit 0 and so on; NULL after the last. */
const char *caps_name(unsigned int bit);

/* The bit of a name in the spec's spelling, or -1. */
int caps_find(const char *name);

/* Whether this process may use it, in its own user namespace. */
bool caps_have(const char *name);

/*
 * Reads the sets; s may be NULL: none. A name that nobody knows is left out,
 * as the spec wants, and added to ignored ("CAP_A, CAP_B"), for a warning;
 * ignored may be NULL.
 */
void caps_parse(struct caps *c, const struct spec_capabilities *s,
		struct sbuf *ignored);

/*
 * Takes out of the sets what this process can't have or give: what it lacks
 * itself, what the kernel does not know, ambient ones that are not permitted
 * and inheritable. What was taken out is added to ignored (may be NULL). To
 * be called by the process that will drop them, in its user namespace.
 */
int caps_limit(struct caps *c, struct sbuf *ignored);

/* Drops all others from the bounding set. */
int caps_bound(uint64_t bounding);

/* Sets the other four sets of c, which caps_limit() has seen. */
int caps_apply(const struct caps *c);

#endif
