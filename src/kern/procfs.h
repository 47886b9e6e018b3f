/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of procfs, reached from a descriptor of its root in a way that nothing
 * mounted over them and no link can lead elsewhere (CVE-2019-16884,
 * CVE-2025-52881). Paths are relative: "self/attr/exec".
 */
#ifndef KERN_PROCFS_H
#define KERN_PROCFS_H

#include <stddef.h>
#include <sys/types.h>

/* /proc of the host, and a procfs indeed. Returns an fd or -errno, with the
 * remedy when it is not mounted. */
int procfs_open_host(void);

/* O_RDONLY, O_WRONLY or O_RDWR. Returns an fd. */
int procfs_open(int proc, const char *path, int flags);

/* The text of a file, without final newlines. Returns its length; -EFBIG when
 * size is too small. */
ssize_t procfs_read(int proc, const char *path, char *buf, size_t size);

/* One write(2) of the whole text. */
int procfs_write(int proc, const char *path, const char *text);

#endif
