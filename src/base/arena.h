/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for what a config.json decides the size of: anonymous mappings that
 * live as long as the process. Never freed, never moved, zero-filled; a child
 * made without CLONE_VM sees the same pointers.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

/* n objects of size bytes, zeroed and aligned for any type.
 * Returns NULL with the record filled (ENOMEM) when there is no memory. */
void *arena_get(size_t n, size_t size);

/* A copy of a string. */
char *arena_str(const char *s);

/* Concatenation of the strings up to NULL. */
char *arena_cat(const char *s, ...) __attribute__((sentinel));

#endif
