/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to a D-Bus socket, for one call at a time. At the other end is a
 * service itself or a broker (a message bus). What it sends is bounded in size,
 * and in time by when the answer to a call is due; what is malformed is an
 * error.
 */
#ifndef KERN_BUS_H
#define KERN_BUS_H

#include "kern/dbus.h"

enum {
	BUS_ADDRESS_SIZE = 256,
	BUS_NAME_SIZE = 256,
	BUS_MESSAGE_MAX = 32 * 1024,
};

struct bus {
	unsigned int patience_ms; /* for each answer */
	int fd;                   /* owned; -1 */
	const char *destination;  /* of all calls; NULL: who is at the end */
	void (*on_signal)(const struct dbus_message *m, void *arg);
	void *arg;

	char address[BUS_ADDRESS_SIZE]; /* "unix:path=/run/..." */
	char error[BUS_NAME_SIZE];      /* the last answer's, "" for none */
	struct dbus_out out;            /* the call */

	uint32_t serial;
	uint64_t deadline; /* microseconds of time_us() */
	/* Of what was received, taken bytes are of the last message. */
	size_t have, taken;
	uint8_t sent[BUS_MESSAGE_MAX], received[BUS_MESSAGE_MAX];
};

/*
 * Connects to the first of the addresses ("unix:path=/run/x;unix:...") where
 * somebody lets us in, and lets the socket's credentials say who we are.
 * Returns 0, -ENOENT (nobody is there) or -errno.
 */
int bus_open(struct bus *b, const char *addresses);
void bus_close(struct bus *b);

/* Makes us known to a broker, which serves nobody else, and asks it for the
 * signals that match a rule. */
int bus_join(struct bus *b, const char *rule);

/* Begins a call, in the destination's name; its body is put into b->out. */
void bus_begin(struct bus *b, const struct dbus_call *c);

/*
 * Sends it and waits for the answer; signals that come before go to on_signal.
 * reply may be NULL; it is valid until the next message is received. An error
 * as the answer is recorded as "WHAT: its text (its name)", -EREMOTEIO; its
 * name is in b->error.
 */
int bus_call(struct bus *b, struct dbus_message *reply, const char *what);

/* Waits for one more signal, as long as the last call might have taken:
 * -ETIMEDOUT then. */
int bus_hear(struct bus *b);

#endif
