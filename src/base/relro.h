/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes what the linker marked as read-only after relocation (PT_GNU_RELRO:
 * tables of pointers, the GOT) read-only, before main. A dynamic loader does
 * this; in a static PIE nothing does, musl's start code included.
 */
#ifndef BASE_RELRO_H
#define BASE_RELRO_H

/* Once more, after those pages were exchanged. Returns 0 or -errno. */
int relro_protect(void);

#endif
