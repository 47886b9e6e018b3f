/* SPDX-License-Identifier: Apache-2.0 */
/* What the tables of keys.tbl can't say: how values belong together. */
#ifndef OCI_CHECK_H
#define OCI_CHECK_H

#include "oci/config.h"

int check_spec(struct config *c);
int check_process(struct config *c);
int check_resources(const struct config *c);

#endif
