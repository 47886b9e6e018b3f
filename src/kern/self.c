/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/self.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/exefile.h"
#include "kern/need.h"
#include "kern/sys.h"

static const char exe[] = "/proc/self/exe";

enum {
	/* Only what is written nowhere else: a read-only root could be
	 * remounted while runt runs, but is hardly ever all three. */
	MOUNT_FLAGS = K_ST_RDONLY | K_ST_NOSUID | K_ST_NODEV,
	SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE,
};

int self_refuse_setuid(void)
{
	if (!getauxval(AT_SECURE))
		return 0;
	return err_say(EPERM, "runt must not be installed set-user-ID or with "
			      "file capabilities");
}

int self_hide(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_sys(errno, "set not dumpable");
	return 0;
}

/* The kernel gives this name to what execveat(2) starts from a descriptor. */
static bool ran_from_fd(void)
{
	const char *name = (const char *)getauxval(AT_EXECFN);

	return name && str_starts(name, "/dev/fd/");
}

static bool never_written(const struct statfs *fs)
{
	switch ((uint32_t)fs->f_type) {
	case K_SQUASHFS_MAGIC:
	case K_EROFS_SUPER_MAGIC_V1:
	case K_ISOFS_SUPER_MAGIC:
	case K_CRAMFS_MAGIC:
		return true;
	default:
		return false;
	}
}

static bool is_protected(int fd, const struct statfs *fs)
{
	int seals;

	if (!ran_from_fd())
		return false;
	if (((uint32_t)fs->f_flags & MOUNT_FLAGS) == MOUNT_FLAGS)
		return true;
	seals = fcntl(fd, F_GET_SEALS);
	return seals >= 0 && (seals & SEALS) == SEALS;
}

/*
 * A detached mount, in no mount namespace. Its descriptor is the last thing
 * that holds it mounted: execve(2) closes it, and nobody can change the flags
 * of, or copy, a mount that is mounted nowhere.
 */
static int make_mount(const char *path)
{
	autofd fd = sys_open_tree(AT_FDCWD, path, K_OPEN_TREE_CLONE);
	int ret;

	if (fd < 0)
		return fd;
	/* That the root is noexec is of no account where runt runs from
	 * another mount of the same. */
	ret = sys_mount_setattr(fd, 0,
				K_MOUNT_ATTR_RDONLY | K_MOUNT_ATTR_NOSUID |
					K_MOUNT_ATTR_NODEV,
				K_MOUNT_ATTR_NOEXEC, 0);
	return ret < 0 ? ret : fd_take(&fd);
}

static bool same_file(int a, int b)
{
	struct stat sa, sb;

	return fstat(a, &sa) == 0 && fstat(b, &sb) == 0 &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/*
 * In a copy of the root's mount, if runt is there: /proc/PID/exe still names
 * the path then, which Debian's start-stop-daemon looks at. Where the kernel
 * lets us put that file in the other's place, all is ready for it and 0 is
 * returned; else it is executed. Comes back with an error when neither can be
 * had.
 */
static int find_in_root(struct self *s, int own, char *const argv[],
			char *const envp[])
{
	char path[PATH_MAX];
	ssize_t n = readlink(exe, path, sizeof(path) - 1);
	autofd root = -1, fd = -1;

	if (n < 2)
		return -ENOENT;
	path[n] = '\0';
	root = make_mount("/");
	if (root < 0)
		return root;
	fd = sys_openat2(root, path + 1, O_RDONLY,
			 K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);
	if (fd < 0 || !same_file(fd, own))
		return -ENOENT;
	if (!exefile_can_set())
		return sys_execveat(fd, argv, envp);
	s->mount = fd_take(&root);
	s->file = fd_take(&fd);
	return 0;
}

/* From a copy of its own mount, with nothing in it but the file. */
static void exec_from_file(char *const argv[], char *const envp[])
{
	autofd fd = make_mount(exe);

	if (fd >= 0)
		sys_execveat(fd, argv, envp);
}

static int make_memfd(void)
{
	/* Linux 6.3 wants to be told that it is to be executed; older ones do
	 * not know the flag. */
	int fd = sys_memfd_create("runt", MFD_ALLOW_SEALING | K_MFD_EXEC);

	return fd == -EINVAL ? sys_memfd_create("runt", MFD_ALLOW_SEALING) : fd;
}

static int copy_file(int to, int from)
{
	struct stat st;
	off_t done = 0;
	ssize_t n;

	if (fstat(from, &st) < 0)
		return err_sys(errno, "look at %s", exe);
	while (done < st.st_size) {
		n = sendfile(to, from, &done, (size_t)(st.st_size - done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(errno, "copy %s to memory", exe);
		if (n == 0)
			return err_say(EIO, "%s became shorter", exe);
	}
	return 0;
}

static int make_copy(int from)
{
	autofd fd = make_memfd();
	int ret;

	if (fd < 0)
		return err_sys(fd, "make a copy of runt in memory");
	ret = copy_file(fd, from);
	if (ret < 0)
		return ret;
	/* Not all kernels know the first one (Linux 6.3). */
	if (fcntl(fd, F_ADD_SEALS, SEALS | K_F_SEAL_EXEC) < 0 &&
	    fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return err_sys(errno, "seal the copy of runt in memory");
	return fd_take(&fd);
}

int self_protect(struct self *s, char *const argv[], char *const envp[])
{
	autofd own = fd_open(AT_FDCWD, exe, O_RDONLY, 0);
	autofd fd = -1;
	struct statfs fs;

	*s = (struct self)SELF_NONE;
	if (own < 0)
		return own == -ENOENT ? err_hint(NEED_PROC) : own;
	if (fstatfs(own, &fs) < 0)
		return err_sys(errno, "look at %s", exe);
	if (is_protected(own, &fs)) {
		/* It was the number of the descriptor before Linux 6.14. */
		prctl(PR_SET_NAME, "runt", 0, 0, 0);
		return 0;
	}
	if (never_written(&fs))
		return 0;
	if (find_in_root(s, own, argv, envp) == 0)
		return 0;
	exec_from_file(argv, envp);
	fd = make_copy(own);
	if (fd < 0)
		return fd;
	return err_sys(sys_execveat(fd, argv, envp),
		       "execute the protected copy of runt");
}

int self_exchange(struct self *s, char *const argv[], char *const envp[])
{
	int ret = s->file < 0 ? 0 : exefile_set(s->file, argv, envp);

	fd_close(&s->file);
	return ret < 0 ? err_sys(ret, "exchange %s", exe) : 0;
}
