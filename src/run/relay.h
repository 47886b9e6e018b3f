/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the terminal of a process in the foreground and the streams that runt
 * was called with. A terminal among these is in raw mode from relay_begin() to
 * relay_end(), so that it is the container's that echoes and edits, and gives
 * the container's its size.
 *
 * Nothing is read that can't be passed on, and nothing of it blocks. When our
 * terminal hangs up, or nobody reads the output any more, the container's
 * terminal hangs up, too.
 */
#ifndef RUN_RELAY_H
#define RUN_RELAY_H

#include <poll.h>

struct relay;

enum { RELAY_POLLS = 3 };

/* Takes both sides of a terminal; there can be one in a process. */
struct relay *relay_open(int master, int slave);

/* At first, and again when we were stopped meanwhile (SIGCONT). Stops us as
 * long as we are in the background of our terminal, as any other program. */
void relay_begin(struct relay *r);

/* What to wait for, into p[RELAY_POLLS], and how long, in ms or -1; and what to
 * do then. */
void relay_want(const struct relay *r, struct pollfd *p);
int relay_timeout(const struct relay *r);
void relay_move(struct relay *r, const struct pollfd *p);

/* Our terminal has another size (SIGWINCH). */
void relay_resize(struct relay *r);

/* The process has ended: passes on what it wrote last. A signal that asks us to
 * end (signals: our signalfd) gives up. */
void relay_drain(struct relay *r, int signals);

/* Our terminal is as it was before. */
void relay_end(struct relay *r);

void relay_close(struct relay *r);

#endif
