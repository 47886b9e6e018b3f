/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdint.h>

#include "base/str.h"

/* The time of day as RFC 3339 in UTC: "2026-01-02T03:04:05Z", or with
 * nanoseconds. */
void time_print(struct sbuf *b, bool nanoseconds);

/* The date so many days after 1970-01-01. */
void time_print_date(struct sbuf *b, int64_t days);

/* Of a clock that only goes forward. */
uint64_t time_us(void);

#endif
