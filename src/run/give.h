/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container is given of the host's: network devices, and a share of
 * caches and memory bandwidth. Stages of the parent; they do nothing where the
 * config does not ask for it.
 */
#ifndef RUN_GIVE_H
#define RUN_GIVE_H

#include "run/run.h"

/* The resctrl group, once the record says what there is to remove. */
int give_rdt_group(struct run *r);

/* Puts init, or the process of exec, into the group. */
int give_rdt(struct run *r);

int give_network_devices(struct run *r);

#endif
