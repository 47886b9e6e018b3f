/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's view of files: its root, mounts, devices, masks. Below the
 * root nothing is ever resolved as a host path: every object is reached by
 * openat2(2) from the descriptor of the root, whatever links are there.
 *
 * rootfs_open() and rootfs_close() are called by the parent, in the host's
 * mount namespace; the others by the child, in the container's, in the order in
 * which they stand here, and before it gives up any privilege. They set the
 * umask to 0 and leave the working directory anywhere; rootfs_enter() leaves it
 * at the container's root.
 *
 * Without a mount namespace of its own (none listed in the config) a container
 * gets no mount at all: its root is entered by chroot(2), and the config's
 * checks refuse what would need one.
 */
#ifndef KERN_ROOTFS_H
#define KERN_ROOTFS_H

#include <stdbool.h>
#include <stddef.h>

#include "kern/mount.h"
#include "oci/spec.h"

struct rootfs {
	/* Decided by the caller before rootfs_open(): */
	const struct spec *spec;
	struct mount *mounts;  /* parsed, spec->mounts.n of them */
	const char *bundle;    /* absolute; relative bind sources are below */
	const char *root_path; /* absolute */
	bool new_mount_ns;     /* else joined by path, or the host's */
	bool new_cgroup_ns; /* or joined: "/" of cgroup2 is the container's */
	bool user_ns;       /* the child is in another one than the parent */
	bool no_pivot;
	bool needs_proc;         /* the stages after the mounts do */
	const char *cgroup_path; /* of the container, on the host; or NULL */

	/* Filled by rootfs_open() and used by the stages; owned: */
	int root; /* the root; after rootfs_attach() in the container's ns */
	bool deferred; /* the parent may not open it: rootfs_attach() does */
	bool covers;   /* it lies on "/", since there is no way to its path */
	/* A procfs of the container's pid namespace that nobody else can see
	 * or mount over: -1 until all mounts are made, and where it is not needed,
	 * since to unmount it takes the kernel 50 us. */
	int proc;
	bool no_devices;   /* leave /dev alone: it is bind-mounted whole */
	bool devices_made; /* by rootfs_devices(), which may come twice */
	int null;          /* the host's /dev/null, for masks */
	int empty;         /* an empty read-only directory, for masks */
	unsigned long propagation; /* rootfsPropagation as MS_ flags, or 0 */
	size_t at; /* the entry of mounts that is next, or failed */
};

/*
 * Opens root.path and what else the child could not reach: the null device and,
 * where it cannot see the host's mounts or may not open all files, the sources
 * of binds. Who has no right to copy mounts outside of the container's user
 * namespace leaves that to rootfs_attach().
 */
int rootfs_open(struct rootfs *r);

/* Closes all of them. For the parent, once the child has its own: a
 * descriptor of a tree keeps the host from unmounting what is in it. */
void rootfs_close(struct rootfs *r);

/* Cuts the propagation from and to the host (rootfsPropagation) and attaches
 * the root, which is read-only from here on if it is to be untouched. Still with
 * the ids of the parent, to whom its paths are open. */
int rootfs_attach(struct rootfs *r);

/* `mounts`, in order; missing mount points are made inside the root. Unless it
 * is to be all of them, it ends before the first that could depend on the
 * network namespace, and the next call goes on there. -EROFS: the root, or what
 * lies on it, does not let that of r->at be made. */
int rootfs_mount(struct rootfs *r, bool all);

/* r->proc, opened if it is not yet. */
int rootfs_proc(struct rootfs *r);

/* Default devices and links, linux.devices, /dev/ptmx: once no mount that is
 * still to be made has to do with them. */
int rootfs_devices(struct rootfs *r);

/* pivot_root(2), or the safe way on an initramfs, or --no-pivot. Afterwards
 * "/" and the working directory are the container's root and no mount of the
 * host is in the namespace. */
int rootfs_enter(struct rootfs *r);

/* readonlyPaths, maskedPaths, final read-only remounts, the propagation of the
 * root. */
int rootfs_finish(struct rootfs *r);

#endif
