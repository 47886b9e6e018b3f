/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.netDevices: network devices of the host's that become a container's.
 * A device that moves loses its addresses and goes down; it gets the permanent
 * ones of global scope back, as the runtime-spec has it, and goes up. When the
 * container's network namespace ends, a physical device goes back to the first
 * namespace, and a virtual one ends with it: that is the kernel's work.
 */
#ifndef KERN_NETDEV_H
#define KERN_NETDEV_H

#include <stddef.h>

#include "oci/spec.h"

/*
 * Moves n devices from the caller's network namespace to the one that netns is
 * a descriptor of. All names are looked at before the first one moves; what ends
 * in "%d" becomes the first one with a number that is free there.
 * Errors name the device; *bad is its index.
 */
int netdev_move(struct spec_net_device *v, size_t n, int netns, size_t *bad);

#endif
