/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.terminal: the child makes the terminal and sends its master over a
 * socket, to --console-socket, or else to its parent, who relays between it and
 * the terminal that runt itself was called from (run/relay.h).
 */
#ifndef RUN_TERMINAL_H
#define RUN_TERMINAL_H

#include "run/run.h"

/* The parent's: sees that somebody will take the terminal, and connects. */
int terminal_prepare(struct run *r);

/* The parent's, once the child is ready: takes the terminal if it is ours. */
int terminal_receive(struct run *r);

/* The child's, once it sees the container's files: makes the terminal, sends it
 * off, and has it as its standard streams. console: it is to be /dev/console,
 * too. */
int terminal_make(struct run *r, int root, bool console);

#endif
