/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The length of the character at s, 1 to 4, or 0 where s is not UTF-8 (RFC
 * 3629: nothing overlong, no surrogates, nothing beyond U+10FFFF). Reads no
 * further than the first byte that does not belong there, so a NUL ends it. */
size_t utf8_length(const char *s);

/* Writes the character and returns its length, 1 to 4. */
size_t utf8_put(char *out, uint32_t c);

#endif
