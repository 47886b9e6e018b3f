/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container while it is made: what the parent's stages (create.c) and the
 * child's (init.c) share. The child is a copy of the parent made by clone3(2),
 * so it finds everything where the parent left it.
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "kern/self.h"
#include "run/container.h"
#include "run/plan.h"
#include "run/relay.h"
#include "run/store.h"

/* For the end of who was killed to be seen, or that nothing moves. */
enum { RUN_DYING_MS = 1000 };

struct run {
	const struct run_global *g;
	const struct run_options *o;
	bool start_now; /* run: no gate, the channel carries the start */
	bool tied;      /* init dies with us (foreground run) */
	bool hurries;   /* run: the child goes on until it is to execute */
	bool alone;     /* exec: nobody has anything to do before that */
	bool late_net;  /* made by the parent, meanwhile (run/network.h) */
	bool bounded;   /* the bounding set is as the program is to have it */
	bool keep_cpus; /* the CPU affinity was chosen, not inherited */

	struct plan plan;
	struct store store;
	struct state state;

	struct self own; /* its mount is closed when there is time */
	int bundle;      /* the bundle's directory, for hooks; owned */
	int cgroup;      /* the container's; owned; -1 */
	bool claimed;    /* the id is ours */
	bool told;       /* the child has said what is wrong */
	bool unit_made;  /* systemd has begun to make the unit */
	bool pid_file_made;
	bool poststop_due; /* created, or the hooks of creation began */
	int signals;       /* signalfd of the parent; owned */
	int channel;       /* our end, the parent's or the child's; owned */
	int peer;          /* the child's end, until the child is made; owned */
	int gate;          /* listening socket of a created container; owned */
	int pidfd;         /* init; owned */
	pid_t pid;         /* init, as we see it; 0: none yet */

	int console;      /* takes the terminal's master; owned */
	int terminal;     /* where it arrives for ourselves; owned */
	int pidfd_socket; /* takes the pidfd; owned */
	int notify;       /* what the container says it is ready by; owned */
	struct mount notify_mount; /* and where it finds that */
	struct relay *relay;       /* between its terminal and our own; NULL */
};

/* One step of a lifecycle, and its name for --debug and errors. */
struct stage {
	char name[16];
	int (*run)(struct run *r);
};

/* Runs the stages in order until one fails; says on the debug log how many
 * microseconds each took. */
int stage_run(const struct stage *stages, size_t n, struct run *r,
	      const char *who);

/* Gives the container's cgroup to its user, if it is to make others in it. */
int run_delegate(const struct run *r);

/* Some stages of the parent's that exec has, too (create.c). */
int run_protect(struct run *r);
int run_exchange(struct run *r);
int run_let_go(struct run *r);
int run_open_signals(struct run *r);
int run_open_sockets(struct run *r);
int run_send_pidfd(struct run *r, const char *how);
int run_write_pid_file(struct run *r);

/* Says how the child ended that should have become the program, and is not
 * reaped. Returns -ECHILD or, of the OOM killer, -ENOMEM. */
int run_child_died(const struct run *r);

/* Kills the child, if there is one, and reaps it. */
void run_reap(struct run *r);

/* Puts -1 where a descriptor will be. */
void run_init(struct run *r);

/* The child: makes itself the container's init. Does not return. */
void init_main(struct run *r) __attribute__((noreturn));

/*
 * The parent's wait for a word of the child's. wanted is a message_kind.
 * On SAY_ERROR the child's record becomes ours. The child's death, or a signal
 * that asks us to end, is an error.
 */
int run_hear(struct run *r, int wanted);

/* Everything up to a child that is ready at its gate. On failure all of it is
 * undone. */
int run_prepare(struct run *r);

/* Undoes what was made; the error record stays. */
void run_undo(struct run *r);

/* Lets the child execute the program, and waits until it has. */
int run_go(struct run *r);

/* The container is its own keeper from now on. */
int run_release(struct run *r);

void run_close(struct run *r);

#endif
