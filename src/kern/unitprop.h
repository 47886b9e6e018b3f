/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Properties of systemd's units, as elements of the array a(sv) that is open
 * in a call: those that say for systemd what a list of cgroup files says for
 * the kernel, so that it does not write other values there whenever it is
 * reloaded, and those that users ask for by annotations.
 */
#ifndef KERN_UNITPROP_H
#define KERN_UNITPROP_H

#include "kern/cgset.h"
#include "kern/dbus.h"

void unitprop_put_str(struct dbus_out *o, const char *name, const char *value);
/* An array of one. */
void unitprop_put_strs(struct dbus_out *o, const char *name, const char *value);
void unitprop_put_bool(struct dbus_out *o, const char *name, bool value);

/* What systemd has no property for, or not in this version, is left to the
 * files. */
void unitprop_put_limits(struct dbus_out *o, const struct cgset *s,
			 unsigned int version);

/* "org.systemd.property.NAME": its value is GVariant text; one whose NAME ends
 * in Sec is a number of seconds and becomes NAME with USec. -EINVAL, with the
 * record filled, for what is no such name or value. */
int unitprop_put_annotations(struct dbus_out *o, const struct spec_pairs *all);

#endif
