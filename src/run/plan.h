/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every decision that can be taken before anything is made: the config is
 * read and judged, words become numbers, all of the host's files are open.
 * Nothing needs undoing when a plan fails.
 */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/caps.h"
#include "kern/cgdev.h"
#include "kern/cgset.h"
#include "kern/mempolicy.h"
#include "kern/rootfs.h"
#include "kern/sched.h"
#include "kern/seccomp.h"
#include "kern/systemd.h"
#include "oci/config.h"
#include "run/container.h"

struct plan {
	struct config config;
	const struct spec *spec;                   /* &config.spec */
	const char *bundle;                        /* absolute */
	const char *pid_file;                      /* absolute, or NULL */
	const char *console_socket, *pidfd_socket; /* the same */

	/* Namespaces: what clone3(2) makes, what the child joins, what it
	 * makes itself because clone3 can't do it rightly. */
	uint64_t clone_flags;
	int ns_fd[NS_KINDS]; /* joined ones; owned; -1 */
	bool new_cgroup_ns, new_time_ns;
	unsigned int own_ns; /* 1 << NS_x: new or joined, not the host's */
	/* A user namespace, new or joined. Its maps are those of the config;
	 * where that has none, they are read when it is joined. */
	bool user_ns;
	bool unprivileged; /* we may not write maps of our choice */

	/* Of our caller's descriptors, from 3 upwards. */
	unsigned int listen_fds;                /* LISTEN_FDS */
	unsigned int passed_fds;                /* those, and --preserve-fds */
	char listen_number[24], listen_pid[24]; /* entries of envp */
	bool notify; /* NOTIFY_SOCKET is the caller's, and can be passed on */

	struct rootfs rootfs;

	struct caps caps;
	struct k_sched_attr sched;
	int io_priority;
	uint32_t persona;
	struct mempolicy memory;
	struct seccomp_program seccomp; /* count 0: no filter */

	struct systemd_unit unit; /* no name: the cgroup is our own making */
	char cgroup[PATH_MAX];    /* below the cgroup2 mount; "": none */
	const char *cgroup_dir;   /* the same on the host; NULL */
	const char *no_cgroup;    /* why there is none, for errors */
	struct cgset limits;
	struct cgdev devices; /* no code: no cgroup to put it on */

	/* For execve(2), NULL-terminated; NULL without a process. HOME is
	 * added by the child, which can read the container's passwd. */
	char **argv, **envp;
	size_t nenv;
};

/* The same for a process of exec: p->config is loaded, its process is what is
 * to run. */
int plan_process(struct plan *p);

/* Tells what the record says again, with the place of an entry of mounts. */
int plan_blame_mount(const struct plan *p, size_t i);

/* Compiles linux.seccomp. */
int plan_seccomp(struct plan *p);

int plan_make(struct plan *p, const struct run_global *g,
	      const struct run_options *o);

#endif
