/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File descriptors. Every descriptor is close-on-exec from birth. A local that
 * owns one is an `autofd`, closed when its scope ends; ownership moves only by
 * fd_take(); a parameter is borrowed.
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stddef.h>
#include <sys/types.h>

/* Closes *fd unless it is negative, and forgets it. */
void fd_close(int *fd);

/* The same for what nobody uses again; by value, so that an autofd can be in a
 * register. */
void fd_end(int fd);

static inline __attribute__((always_inline)) void fd_end_scope(const int *fd)
{
	fd_end(*fd);
}
#define autofd __attribute__((cleanup(fd_end_scope))) int

/* Takes what *fd owns: the caller of fd_take() owns it from here on. */
static inline int fd_take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/*
 * openat(2) with O_CLOEXEC added. For paths of the host only: what lies below
 * a container's root is opened by kern/ with openat2(2).
 * Returns an fd or -errno ("open PATH: ...").
 */
int fd_open(int dirfd, const char *path, int flags, mode_t mode);

/* Whole transfers, EINTR handled. name is for the error record.
 * fd_read returns the count, less than size only at the end of the file. */
ssize_t fd_read(int fd, void *buf, size_t size, const char *name);
int fd_write(int fd, const void *buf, size_t size, const char *name);

/*
 * Small files of the kernel (not lists of its): reads PATH below dirfd into buf
 * as a string, without a trailing newline. Returns the length, or -EFBIG when
 * size is too small, or -errno.
 */
ssize_t fd_read_text(int dirfd, const char *path, char *buf, size_t size);

/* Opens PATH below dirfd for writing and writes text in one write(2), as
 * files of procfs, sysfs and cgroupfs want it. Returns 0 or -errno. */
int fd_write_text(int dirfd, const char *path, const char *text);

/* A stream socket that is connected to the one at PATH. what is for the error
 * record: "connect to WHAT PATH: ...". Returns an fd or -errno. */
int fd_connect(const char *path, const char *what);

/*
 * A message on a connected socket of AF_UNIX with a descriptor attached to its
 * first byte. fd_send sends all of it; fd_receive takes what one recvmsg(2)
 * gives, and *fd is the descriptor, owned by the caller, or -1 without one.
 * They return 0, the size (0 at the end), or -errno; the record is left alone.
 */
int fd_send(int sock, const void *buf, size_t size, int fd);
ssize_t fd_receive(int sock, void *buf, size_t size, int *fd);

/* Makes sure that 0, 1 and 2 are open, so that no later descriptor can be
 * mistaken for a standard stream: those that are closed, or open only as a
 * place (O_PATH), get /dev/null. */
int fd_fill_stdio(void);

#endif
