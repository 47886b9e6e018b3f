/* SPDX-License-Identifier: Apache-2.0 */
#include "run/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/ids.h"
#include "kern/sys.h"
#include "run/unfit.h"

int program_make_cwd(const char *cwd)
{
	char part[PATH_MAX];
	size_t len = 0;

	if (access(cwd, F_OK) == 0 || errno != ENOENT)
		return 0;
	while (cwd[len]) {
		len += strspn(cwd + len, "/");
		len += strcspn(cwd + len, "/");
		if (str_fmt(part, sizeof(part), "%.*s", (int)len, cwd) < 0)
			return -ENAMETOOLONG;
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return err_sys(errno, "make process.cwd %s", part);
	}
	return 0;
}

int program_enter_cwd(const char *cwd)
{
	char where[PATH_MAX];

	if (chdir(cwd) < 0)
		return err_sys(errno, "chdir to process.cwd %s", cwd);
	/* A directory that was reached through a descriptor of the host's has
	 * no path from our root: the kernel says "(unreachable)", libc
	 * ENOENT. */
	if (!getcwd(where, sizeof(where)) || where[0] != '/')
		return err_say(EPERM,
			       "process.cwd %s is outside of the container's "
			       "root",
			       cwd);
	return 0;
}

/* Whether the file permissions let the user execute it: a file, not a
 * directory. */
static int check_executable(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return sys_faccessat2(AT_FDCWD, path, X_OK, AT_EACCESS);
}

static const char *get_env(char *const envp[], const char *name)
{
	size_t n = strlen(name);

	for (; *envp; envp++)
		if (strncmp(*envp, name, n) == 0 && (*envp)[n] == '=')
			return *envp + n + 1;
	return NULL;
}

/* Skips what is not there, and what may not be executed unless there is
 * nothing else, as execvp(3) does. */
static int search_path(const char **path, const char *name, const char *dirs)
{
	char candidate[PATH_MAX];
	int worst = -ENOENT, ret;
	size_t n;

	for (;; dirs += n + 1) {
		n = strcspn(dirs, ":");
		ret = str_fmt(candidate, sizeof(candidate), "%.*s%s%s", (int)n,
			      dirs, n ? "/" : "./", name);
		if (ret >= 0)
			ret = check_executable(candidate);
		if (ret == 0) {
			*path = arena_str(candidate);
			return *path ? 0 : -ENOMEM;
		}
		if (ret == -EACCES)
			worst = ret;
		if (!dirs[n])
			return worst;
	}
}

int program_search(const char **path, const char *name)
{
	const char *dirs = getenv("PATH");

	return search_path(path, name, dirs ? dirs : "/usr/bin:/bin");
}

static int find(const char **path, const char *name, char *const envp[])
{
	const char *dirs = get_env(envp, "PATH");

	if (strchr(name, '/')) {
		*path = name;
		return check_executable(name);
	}
	return search_path(path, name,
			   dirs ? dirs : "/usr/local/bin:/bin:/usr/bin");
}

/* With a small letter, which Docker's client looks for. */
static int say(int num, const char *name)
{
	char why[128], more[512];

	num = num < 0 ? -num : num;
	str_cut(why, sizeof(why), strerror(num));
	if (why[0] >= 'A' && why[0] <= 'Z' && why[1] >= 'a')
		why[0] = (char)(why[0] + 'a' - 'A');
	return err_say(num, "exec: \"%s\": %s%s", name, why,
		       unfit_explain(more, sizeof(more), name, num));
}

/* The ids of the file system alone are the user's for this moment; with them go
 * the capabilities that override permissions. */
static int find_as(const char **path, const char *name, char *const envp[],
		   const struct spec_user *user)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int ret;

	if (user->uid == uid && user->gid == gid)
		return find(path, name, envp);
	setfsgid(user->gid);
	setfsuid(user->uid);
	ret = find(path, name, envp);
	setfsuid(uid);
	setfsgid(gid);
	return ret;
}

int program_find(const char **path, const char *name, char *const envp[],
		 const struct spec_user *user)
{
	int ret = ids_set_groups(user);

	if (ret < 0)
		return ret;
	ret = find_as(path, name, envp, user);
	if (ret == 0)
		return 0;
	if (ret == -ENOENT && !strchr(name, '/'))
		return err_say(ENOENT,
			       "exec: \"%s\": executable file not found in "
			       "$PATH",
			       name);
	return say(ret, name);
}

/* The sixth field of the line whose third is the uid. */
static char *home_in(char *line, uint32_t uid)
{
	char *field[6];
	uint32_t id;

	for (int n = 0; n < 6; n++) {
		field[n] = line;
		line = strchr(line, ':');
		if (!line)
			return NULL;
		*line++ = '\0';
	}
	if (str_u32(field[2], &id) < 0 || id != uid || field[5][0] != '/')
		return NULL;
	return field[5];
}

/* Reads the first of it: a passwd that is larger holds the ids of a
 * directory service, not of a container. */
static const char *home_of(uint32_t uid)
{
	static char text[64 * 1024];
	autofd fd = open("/etc/passwd",
			 O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *line = text, *end, *home;
	struct stat st;
	ssize_t n;

	/* A link to /proc/kmsg would take from the host: that is a file of no
	 * size. */
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !st.st_size)
		return "/";
	n = fd_read(fd, text, sizeof(text) - 2, "/etc/passwd");
	if (n <= 0)
		return "/";
	/* The last line may have no end; a NUL follows anyhow. */
	text[n] = '\n';
	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		home = home_in(line, uid);
		if (home)
			return home;
	}
	return "/";
}

int program_add_home(char **envp, size_t n, uint32_t uid)
{
	const char *home = get_env(envp, "HOME");
	size_t i = 0;

	if (home && *home)
		return 0;
	while (i < n && !str_starts(envp[i], "HOME="))
		i++;
	envp[i] = arena_cat("HOME=", home_of(uid), NULL);
	return envp[i] ? 0 : -ENOMEM;
}

int program_exec(const char *path, char *const argv[], char *const envp[])
{
	execve(path, argv, envp);
	return say(errno, path);
}
