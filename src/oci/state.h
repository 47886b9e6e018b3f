/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two documents about a container: the record that runt keeps in its state
 * directory (state.json, with runc's names for what runc's has too), and the
 * state of the runtime-spec that `runt state` prints and hooks read.
 */
#ifndef OCI_STATE_H
#define OCI_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"
#include "oci/spec.h"

/* What the record says was reached. The status that users see is computed from
 * this and from the processes that live (run/container.h). */
enum state_phase {
	PHASE_CREATING, /* claimed; the creator is at work, or was killed */
	PHASE_CREATED,  /* init waits at the start gate, or went through */
	PHASE_RUNNING,  /* there is none */
};

/* Who a process is, safe against reuse of its pid: by the inode of its pidfd or,
 * where that is 0, by its start time, field 22 of /proc/PID/stat, in clock
 * ticks after boot. pid 0: nobody. */
struct state_process {
	pid_t pid;
	uint64_t start;
	uint64_t inode;
};

struct state {
	const char *id;
	enum state_phase phase;
	const char *bundle;  /* absolute */
	const char *rootfs;  /* absolute */
	const char *created; /* RFC 3339 with nanoseconds, UTC */
	uint32_t owner;      /* uid of who created it */
	struct state_process init;
	/* Whose death makes the id free for the taking: the process that
	 * creates, or the monitor of a foreground run; nobody otherwise. */
	struct state_process keeper;
	const char *cgroup;   /* below the cgroup2 mount, "/a/b"; NULL: none */
	uint64_t cgroup_kept; /* the first bytes of it that were there before */
	/* The unit that the cgroup belongs to, and the D-Bus address of the
	 * systemd that has it; NULL: none. */
	const char *systemd_unit, *systemd_address;
	/* Below the resctrl file system, to be removed; NULL: nothing. */
	const char *intel_rdt;
	bool private_pidns; /* init's death takes all processes along */
	bool no_new_keyring;
	const char
		*boot; /* kern/proc.h; NULL where no boot survives the root */
	struct opt_u32 exit_status; /* once it is known to whom the kernel
				     * tells it */
	struct spec_pairs annotations;
};

/* More than a state has, unless its annotations are very large. */
enum { STATE_TEXT_MAX = 1024 * 1024 };

/* Room for the text of one, for whoever writes it and is done with it: what
 * was there is overwritten. */
extern char state_text[STATE_TEXT_MAX];

/* The record as JSON text. Too long for the buffer: b->full is set. */
void state_write(struct sbuf *b, const struct state *s);

/* Reads the record at path below dirfd into s; strings live as long as the
 * process. Errors call it state.json. EPERM: it is neither the
 * caller's nor root's. */
int state_read(struct state *s, int dirfd, const char *path);

/*
 * The runtime-spec's state as `runt state` prints it (indent 2) or in one
 * line as hooks get it (indent 0). status is one of creating, created,
 * running, paused, stopped; pid is printed as given.
 * owner, if not NULL, adds what runc has beyond the spec: rootfs, created and
 * owner, which is "" in `state` and the user's name in `list`.
 */
void state_print(struct sbuf *b, const struct state *s, const char *status,
		 pid_t pid, const char *owner, unsigned int indent);

/*
 * The ContainerProcessState of the runtime-spec, in one line, as an agent gets
 * it with its listener: pid is the process that the listener is about, which
 * is init or, as in exec, another one. metadata may be NULL.
 */
void state_print_process(struct sbuf *b, const struct state *s, pid_t pid,
			 const char *metadata);

#endif
