/* SPDX-License-Identifier: Apache-2.0 */
/* base/arena.c again, for programs that parse millions of documents: every
 * piece is a malloc of its own, so that AddressSanitizer guards its ends. */
#ifndef FUZZ_ARENA_H
#define FUZZ_ARENA_H

/* Frees all pieces. */
void arena_reset(void);

#endif
