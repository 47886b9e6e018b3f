/* SPDX-License-Identifier: Apache-2.0 */
/* From structs to JSON, as the tables of keys.h say: the reverse of decode.h.
 * What is not set is left out. */
#ifndef OCI_ENCODE_H
#define OCI_ENCODE_H

#include "base/jsonw.h"
#include "oci/keys.h"

/* Writes the struct of an object, as the value of key (NULL for a document or
 * an element of an array). */
void encode(struct jsonw *w, const char *key, enum oci_object object,
	    const void *from);

#endif
