/* SPDX-License-Identifier: Apache-2.0 */
#include "base/path.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"

const char *path_absolute(const char *path)
{
	char cwd[PATH_MAX];

	if (*path == '/')
		return path;
	if (getcwd(cwd, sizeof(cwd)))
		return arena_cat(cwd, "/", path, NULL);
	err_sys(errno, "working directory");
	return NULL;
}
