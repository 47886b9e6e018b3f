/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's program: found, and its directory entered, before the start
 * gate, so that what is wrong with it is seen when the container is created;
 * executed after. By a process that is inside the container's root already.
 */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include "oci/spec.h"

/* Makes process.cwd if it is missing, as runc does. */
int program_make_cwd(const char *cwd);

/*
 * Enters process.cwd and makes sure that it is inside the root
 * (CVE-2024-21626).
 */
int program_enter_cwd(const char *cwd);

/*
 * Finds what argv[0] means: as it is with a '/' in it, else in the PATH of
 * envp. Whether it may be executed is judged with the file permissions that
 * the user will have. Returns 0 with *path set, or
 * -ENOENT: exec: "X": executable file not found in $PATH
 */
int program_find(const char **path, const char *name, char *const envp[],
		 const struct spec_user *user);

/* Finds a program of the host's in our own PATH. Returns 0 or -errno; the error
 * record is left alone. */
int program_search(const char **path, const char *name);

/* Adds HOME to envp, which has room for it, if it has none: from the
 * container's /etc/passwd, else "/". */
int program_add_home(char **envp, size_t n, uint32_t uid);

/* execve(2), with an error that tells what may be wrong. Returns -errno. */
int program_exec(const char *path, char *const argv[], char *const envp[]);

#endif
