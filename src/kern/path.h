/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only ways to a file below the container's root. Whatever links lie
 * there, and whoever renames things meanwhile, openat2(2) (Linux 5.6) does not
 * leave the root; no path is resolved twice.
 *
 * resolve: K_RESOLVE_NO_SYMLINKS refuses links in every component, 0 follows
 * them inside the root. Magic links are never followed. Paths may or may not
 * begin with a slash.
 */
#ifndef KERN_PATH_H
#define KERN_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Opens what is there. flags is O_PATH, with O_NOFOLLOW for the last component
 * itself, or O_DIRECTORY. Returns an fd or -errno; the error record is left
 * alone, since callers tolerate -ENOENT.
 */
int path_open(int root, const char *path, int flags, uint64_t resolve);

/*
 * The same, and makes what is missing: directories (0755) and, if type is
 * S_IFREG, an empty file (0755, as runc does) at the end. A link that points
 * to nothing is followed and its target made. *made tells whether the last
 * component is new. Returns an fd or -errno.
 */
int path_make(int root, const char *path, mode_t type, int flags,
	      uint64_t resolve, bool *made);

/* Opens the directory that holds path, made if missing, and puts the last
 * component into name. */
int path_parent(int root, const char *path, uint64_t resolve, char *name,
		size_t size);

/* Writes path without leading, double and trailing slashes, "." and ".."
 * to buf; "" is the root itself. No file is looked at. */
int path_clean(char *buf, size_t size, const char *path);

#endif
