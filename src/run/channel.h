/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container's init and a runtime say to each other while the container
 * is made: whole messages of fixed size over a SOCK_SEQPACKET socket. Its end
 * says that init has executed the container's program, or is dead.
 */
#ifndef RUN_CHANNEL_H
#define RUN_CHANNEL_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum message_kind {
	/* init says: */
	SAY_MOUNTED = 1, /* the hooks of the runtime may run now */
	SAY_UNMAPPED,    /* in its namespaces: its ids may be mapped now */
	SAY_FORKED,      /* by who forked it in the parent's place: pid is it */
	SAY_READY,       /* waiting at the gate */
	SAY_DETACHED,    /* no longer bound to its parent's life */
	SAY_AGENT,       /* about to load a filter that asks an agent */
	SAY_LISTENER,    /* here is the agent's end, attached */
	SAY_ERROR,       /* failed: err; it exits */
	/* the runtime says: */
	SAY_GO,      /* after MOUNTED, UNMAPPED, FORKED, AGENT; put into a unit;
		   make the network namespace yourself */
	SAY_NETWORK, /* here it is, attached */
	SAY_DETACH,  /* created: outlive me, wait for start at the gate */
	SAY_START,   /* through the gate */
};

struct message {
	uint32_t kind;
	pid_t pid;      /* of init, as the host sees it */
	struct err err; /* SAY_ERROR only */
};

/* Records the errno of a call that makes a local socket, and what the kernel
 * may lack for it. Returns -errno. */
int channel_error(const char *call);

/* A pair of connected sockets, close-on-exec. */
int channel_make(int pair[2]);

/* Sends; the peer's death is -EPIPE, never a signal. */
int channel_say(int fd, enum message_kind kind, pid_t pid);

/* What is to be sent to say it, by other means than these. Returns its
 * length. */
size_t channel_word(struct message *m, enum message_kind kind, pid_t pid);

/* Sends the error record; by write(2), which a filter rather lets pass. */
void channel_say_error(int fd);

/* Receives: the kind, 0 at the end, or -errno. */
int channel_hear(int fd, struct message *m);

/* The same, with the descriptor that is attached; owned by the caller; -1. */
int channel_hear_fd(int fd, struct message *m, int *attached);

#endif
