/* SPDX-License-Identifier: Apache-2.0 */
/* Signals of runt itself: taken in by a signalfd(2), never by handlers. */
#ifndef RUN_SIGNALS_H
#define RUN_SIGNALS_H

#include <stdbool.h>

/* Blocks every signal that can be blocked and returns a signalfd(2) of them.
 * SIGPIPE, SIGTTIN and SIGTTOU stay blocked and are not reported, nor are
 * SIGHUP, SIGINT and SIGQUIT if our caller ignored them. */
int signals_open(void);

/* Takes one signal off the descriptor: its number, 0 if there is none. */
int signals_next(int fd);

/* In a child before exec: everything to its default, nothing blocked, whatever
 * our caller had ignored. */
void signals_reset(void);

/* True for those that ask us to stop. */
bool signals_ends(int sig);

#endif
