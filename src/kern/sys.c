/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "syscall_nr.h"

static long result(long ret)
{
	return ret < 0 ? -errno : ret;
}

pid_t sys_clone3(struct k_clone_args *args)
{
	return (pid_t)result(syscall(NR_clone3, args, sizeof(*args)));
}

pid_t sys_fork(void)
{
	return (pid_t)result(syscall(NR_clone, SIGCHLD, 0, 0, 0, 0));
}

/* Where ids once had 16 bits. */
#ifdef NR_setresuid32
#define NR_OF_IDS(call) NR_##call##32
#else
#define NR_OF_IDS(call) NR_##call
#endif

int sys_setresuid(uid_t real, uid_t effective, uid_t saved)
{
	return (int)result(
		syscall(NR_OF_IDS(setresuid), real, effective, saved));
}

int sys_setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return (int)result(
		syscall(NR_OF_IDS(setresgid), real, effective, saved));
}

int sys_setgroups(size_t n, const gid_t *groups)
{
	return (int)result(syscall(NR_OF_IDS(setgroups), n, groups));
}

int sys_openat2(int dirfd, const char *path, uint64_t flags, uint64_t resolve)
{
	struct k_open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = resolve,
	};
	long ret;

	do
		ret = result(
			syscall(NR_openat2, dirfd, path, &how, sizeof(how)));
	while (ret == -EINTR);
	return (int)ret;
}

int sys_open_below(int dirfd, const char *path, uint64_t flags)
{
	return sys_openat2(dirfd, path, flags,
			   K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS |
				   K_RESOLVE_NO_XDEV);
}

int sys_open_tree(int dirfd, const char *path, unsigned int flags)
{
	return (int)result(syscall(NR_open_tree, dirfd, path,
				   flags | O_CLOEXEC | AT_EMPTY_PATH));
}

int sys_move_mount(int from, int to)
{
	return (int)result(
		syscall(NR_move_mount, from, "", to, "",
			K_MOVE_MOUNT_F_EMPTY_PATH | K_MOVE_MOUNT_T_EMPTY_PATH));
}

int sys_fsopen(const char *fstype)
{
	return (int)result(syscall(NR_fsopen, fstype, K_FSOPEN_CLOEXEC));
}

int sys_fspick(int fd)
{
	return (int)result(syscall(NR_fspick, fd, "",
				   K_FSPICK_CLOEXEC | K_FSPICK_EMPTY_PATH));
}

int sys_fsconfig(int fsfd, unsigned int cmd, const char *key, const char *value)
{
	return (int)result(syscall(NR_fsconfig, fsfd, cmd, key, value, 0));
}

int sys_fsmount(int fsfd, unsigned int attrs)
{
	return (int)result(syscall(NR_fsmount, fsfd, K_FSMOUNT_CLOEXEC, attrs));
}

int sys_mount_setattr(int fd, unsigned int flags, uint64_t set, uint64_t clear,
		      uint64_t propagation)
{
	struct k_mount_attr attr = {
		.attr_set = set,
		.attr_clr = clear,
		.propagation = propagation,
	};

	return (int)result(syscall(NR_mount_setattr, fd, "",
				   flags | AT_EMPTY_PATH, &attr, sizeof(attr)));
}

int sys_mount_idmap(int fd, unsigned int flags, int userns)
{
	struct k_mount_attr attr = {
		.attr_set = K_MOUNT_ATTR_IDMAP,
		.userns_fd = (uint64_t)userns,
	};

	return (int)result(syscall(NR_mount_setattr, fd, "",
				   flags | AT_EMPTY_PATH, &attr, sizeof(attr)));
}

int sys_pivot_root(void)
{
	return (int)result(syscall(NR_pivot_root, ".", "."));
}

int sys_pidfd_open(pid_t pid)
{
	return (int)result(syscall(NR_pidfd_open, pid, 0));
}

int sys_pidfd_send_signal(int pidfd, int sig)
{
	return (int)result(syscall(NR_pidfd_send_signal, pidfd, sig, NULL, 0));
}

int sys_close_range(unsigned int first, unsigned int last, unsigned int flags)
{
	return (int)result(syscall(NR_close_range, first, last, flags));
}

int sys_execveat(int fd, char *const argv[], char *const envp[])
{
	return (int)result(
		syscall(NR_execveat, fd, "", argv, envp, AT_EMPTY_PATH));
}

int sys_memfd_create(const char *name, unsigned int flags)
{
	return (int)result(syscall(NR_memfd_create, name, flags | MFD_CLOEXEC));
}

void sys_exit(int status)
{
	syscall(NR_exit_group, status);
	__builtin_trap();
}

int sys_rename(int dirfd, const char *from, const char *to)
{
	return (int)result(syscall(NR_renameat2, dirfd, from, dirfd, to, 0));
}

int sys_fchmodat(int dirfd, const char *path, mode_t mode)
{
	return (int)result(syscall(NR_fchmodat, dirfd, path, mode));
}

int sys_faccessat2(int dirfd, const char *path, int mode, int flags)
{
	return (int)result(syscall(NR_faccessat2, dirfd, path, mode, flags));
}

int sys_default_signal(int sig)
{
	/* struct sigaction of the kernel differs between machines, but is all
	 * zero for SIG_DFL and nowhere larger. */
	static const uint64_t none[8];

	return (int)result(
		syscall(NR_rt_sigaction, sig, none, NULL, (size_t)(_NSIG / 8)));
}
