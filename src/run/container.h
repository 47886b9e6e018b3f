/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lifecycle of containers: what the verbs call. Everything that forks,
 * waits or orders stages is in run/; nothing here prints.
 */
#ifndef RUN_CONTAINER_H
#define RUN_CONTAINER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"
#include "oci/state.h"

enum cgroup_manager {
	CGROUP_CGROUPFS,
	CGROUP_SYSTEMD,  /* a unit of systemd's for each container */
	CGROUP_DISABLED, /* touch no cgroup at all */
};

enum device_rules {
	DEVICE_RULES_REQUIRED,
	DEVICE_RULES_OPTIONAL, /* do without where the kernel can't */
};

enum rootless {
	ROOTLESS_TRUE,
	ROOTLESS_FALSE,
	ROOTLESS_AUTO,
};

/* What the global options say. */
struct run_global {
	const char *root; /* absolute path of the state directory */
	enum cgroup_manager cgroup_manager;
	enum device_rules device_rules;
	enum rootless rootless;
	char **argv; /* of main(), in its order: runt may execute itself */
};

/* First thing in main(): refuses to run set-user-ID, closes itself to the eyes
 * of others. */
int run_begin(void);

/* Whether all of us is in a user namespace other than the first. */
bool run_in_user_namespace(void);

/* Whether what only the host's root may do is done without: to lower the OOM
 * score, to make cgroups and device rules that nobody asked for. */
bool run_is_rootless(const struct run_global *g);

#define RUN_NO_FD (~0U)

/* What the options of create and run say. */
struct run_options {
	const char *id;
	const char *bundle; /* NULL: the working directory */
	const char *config; /* file name below the bundle, NULL: config.json */
	const char *pid_file;                      /* NULL: none */
	const char *console_socket, *pidfd_socket; /* paths; NULL: none */
	unsigned int preserve_fds;
	unsigned int ready_fd; /* gets a newline; RUN_NO_FD: none */
	bool no_pivot;
	bool no_new_keyring;
	/* run only: */
	bool detach;
	bool keep;
	bool no_subreaper;
};

int run_create(const struct run_global *g, const struct run_options *o);

/* ready_fd: as for run. */
int run_start(const struct run_global *g, const char *id,
	      unsigned int ready_fd);

/* create and start; unless o->detach, waits for the container and deletes it.
 * *status gets the exit status for our caller: the container's own, or 128+N
 * if signal N killed it; 0 when detached. */
int run_run(const struct run_global *g, const struct run_options *o,
	    int *status);

/* A container as users see it. */
struct run_info {
	struct state state;
	const char *status; /* creating, created, running, paused, stopped */
	pid_t pid;          /* 0 when stopped */
};

/* -ENOENT: "container does not exist". */
int run_state(const struct run_global *g, const char *id,
	      struct run_info *info);

/*
 * Calls each with every container below the root, in name order; a root that
 * does not exist holds none. A directory that is being created or deleted at
 * this moment is passed over; for one whose record can't be read each gets
 * NULL, and the error record says why. each returns 0 to go on.
 */
int run_list(const struct run_global *g,
	     int (*each)(const struct run_info *info));

/* all: every process of the container's cgroup; a stopped container is no
 * error then, but "container not running" otherwise. */
int run_kill(const struct run_global *g, const char *id, int sig, bool all);

/* Stops all processes of a container, which is "paused" then, and lets them go
 * on. -EBUSY if it is paused already, -EINVAL if it is not. */
int run_pause(const struct run_global *g, const char *id);
int run_resume(const struct run_global *g, const char *id);

enum { RUN_WAIT_FOREVER = UINT32_MAX };

/*
 * Waits for a container to end. *status gets its own exit status, or 128+N if
 * signal N killed it; of a container that has ended, if anybody saw that.
 * -ETIMEDOUT: it has not within so many seconds. -ECHILD: it has ended, and
 * nobody knows how.
 */
int run_wait(const struct run_global *g, const char *id, uint32_t seconds,
	     int *status);

/* New limits and device rules, in JSON as in linux.resources; what they do not
 * name stays. What the options say comes after what the file says. */
struct run_update {
	const char *file;    /* "-": standard input; NULL: none */
	const char *options; /* a text; NULL: none */
	/* Schemata of its resctrl group; NULL: as before. */
	const char *l3_cache, *mem_bw;
};

/* All or nothing: after a failure the container is as it was before. */
int run_update(const struct run_global *g, const char *id,
	       const struct run_update *o);

/* Calls each with every process of a container, as the host numbers them, from
 * the lowest pid on. A stopped container has none. */
int run_processes(const struct run_global *g, const char *id,
		  int (*each)(pid_t pid, void *arg), void *arg);

/* A process as a table shows it. */
struct run_process {
	pid_t pid, ppid;
	uint32_t uid;
	uint64_t started; /* seconds after 1970 */
	uint64_t age;     /* seconds */
	uint64_t cpu;     /* seconds of CPU time used */
	char tty[16];     /* "?" without a terminal */
	char command[1024];
};

/* -ESRCH if there is no such process (any more). */
int run_process(struct run_process *out, pid_t pid);

/* Runs the host's ps(1), found in $PATH, and points text to what it printed,
 * which stays mapped. argv begins with "ps". Why it failed ps says itself. */
int run_host_ps(char **argv, const char **text);

/*
 * Prints what a container uses as an event of type "stats", one line of JSON:
 * once, or with an interval (in microseconds, not 0) again and again until the
 * container ends. Then there is also an event of type "oom", at once, whenever
 * the OOM killer has killed in it.
 */
int run_events(const struct run_global *g, const char *id, uint64_t interval,
	       int (*print)(const char *text, size_t len));

/* force: kills what lives first; a container that does not exist is no
 * error then. */
int run_delete(const struct run_global *g, const char *id, bool force);

#endif
