/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values in GVariant's text format, of which systemd's properties need: true
 * and false, whole numbers, strings, arrays and tuples, with or without their
 * types ("uint32 5", "@as []"). A number without one is an int32.
 */
#ifndef KERN_GVARIANT_H
#define KERN_GVARIANT_H

#include "kern/dbus.h"

/* Puts the value as a variant: its signature, then itself. -EINVAL, with the
 * record filled, if the text is none of the above. */
int gvariant_put(struct dbus_out *o, const char *text);

/* A number of seconds, with a fraction or not, in microseconds. */
int gvariant_seconds(uint64_t *us, const char *text);

#endif
