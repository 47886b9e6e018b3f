/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What we need of the kernel's interface and what older headers of musl and
 * glibc lack: numbers and layouts as Linux documents them, under names of
 * our own. No <linux/...> header is included anywhere: they clash with libc's
 * and tie the build to a version of them.
 */
#ifndef KERN_UAPI_H
#define KERN_UAPI_H

#include <stdint.h>

/* clone3(2), struct clone_args of Linux 5.7 (size VER2) */
struct k_clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal;
	uint64_t stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};
#define K_CLONE_PIDFD 0x00001000ULL
#define K_CLONE_PARENT 0x00008000ULL
#define K_CLONE_INTO_CGROUP 0x200000000ULL
#define K_CLONE_NEWTIME 0x00000080
#define K_CLONE_NEWNS 0x00020000
#define K_CLONE_NEWCGROUP 0x02000000
#define K_CLONE_NEWUTS 0x04000000
#define K_CLONE_NEWIPC 0x08000000
#define K_CLONE_NEWUSER 0x10000000
#define K_CLONE_NEWPID 0x20000000
#define K_CLONE_NEWNET 0x40000000

/* openat2(2) */
struct k_open_how {
	uint64_t flags, mode, resolve;
};
#define K_RESOLVE_NO_XDEV 0x01
#define K_RESOLVE_NO_MAGICLINKS 0x02
#define K_RESOLVE_NO_SYMLINKS 0x04
#define K_RESOLVE_BENEATH 0x08
#define K_RESOLVE_IN_ROOT 0x10

/* open_tree(2), move_mount(2), fsmount(2), mount_setattr(2) */
#define K_OPEN_TREE_CLONE 1
#define K_AT_RECURSIVE 0x8000
#define K_MOVE_MOUNT_F_EMPTY_PATH 0x04
#define K_MOVE_MOUNT_T_EMPTY_PATH 0x40
#define K_FSOPEN_CLOEXEC 1
#define K_FSMOUNT_CLOEXEC 1
#define K_FSPICK_CLOEXEC 1
#define K_FSPICK_EMPTY_PATH 8
#define K_FSCONFIG_SET_FLAG 0
#define K_FSCONFIG_SET_STRING 1
#define K_FSCONFIG_CMD_CREATE 6
#define K_FSCONFIG_CMD_RECONFIGURE 7

struct k_mount_attr {
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};
#define K_MOUNT_ATTR_RDONLY 0x00000001
#define K_MOUNT_ATTR_NOSUID 0x00000002
#define K_MOUNT_ATTR_NODEV 0x00000004
#define K_MOUNT_ATTR_NOEXEC 0x00000008
#define K_MOUNT_ATTR__ATIME 0x00000070
#define K_MOUNT_ATTR_RELATIME 0x00000000
#define K_MOUNT_ATTR_NOATIME 0x00000010
#define K_MOUNT_ATTR_STRICTATIME 0x00000020
#define K_MOUNT_ATTR_NODIRATIME 0x00000080
#define K_MOUNT_ATTR_IDMAP 0x00100000
#define K_MOUNT_ATTR_NOSYMFOLLOW 0x00200000

/* close_range(2) */
#define K_CLOSE_RANGE_CLOEXEC 4

/* waitid(2) */
#define K_P_PIDFD 3

/* ioctl(2) on a pidfd: Linux 6.11 and 6.13 (struct pidfd_info, VER0) */
#define K_PIDFD_GET_NET_NAMESPACE 0xff04
#define K_PIDFD_GET_INFO 0xc040ff0b
#define K_PIDFD_INFO_CGROUPID 0x04
#define K_PIDFD_INFO_EXIT 0x08 /* Linux 6.15 */
struct k_pidfd_info {
	uint64_t mask, cgroupid;
	uint32_t ids[11];
	int32_t exit_code;
};

/* f_type of statfs(2) */
#define K_CGROUP2_SUPER_MAGIC 0x63677270
#define K_PROC_SUPER_MAGIC 0x9fa0
#define K_SYSFS_MAGIC 0x62656572
#define K_TMPFS_MAGIC 0x01021994
#define K_RAMFS_MAGIC 0x858458f6
#define K_DEVPTS_SUPER_MAGIC 0x1cd1
#define K_PIPEFS_MAGIC 0x50495045
#define K_PID_FS_MAGIC 0x50494446
#define K_NSFS_MAGIC 0x6e736673
#define K_SQUASHFS_MAGIC 0x73717368
#define K_EROFS_SUPER_MAGIC_V1 0xe0f5e1e2
#define K_ISOFS_SUPER_MAGIC 0x9660
#define K_CRAMFS_MAGIC 0x28cd3d45
#define K_SELINUX_MAGIC 0xf97cff8c
/* f_flags of statfs(2) */
#define K_ST_RDONLY 0x0001
#define K_ST_NOSUID 0x0002
#define K_ST_NODEV 0x0004
#define K_ST_NOEXEC 0x0008
#define K_ST_NOATIME 0x0400
#define K_ST_NODIRATIME 0x0800
#define K_ST_RELATIME 0x1000
#define K_ST_NOSYMFOLLOW 0x2000

/* mount(2) */
#define K_MS_NOSYMFOLLOW 0x00000100
#define K_MS_LAZYTIME 0x02000000

/* memfd_create(2), F_ADD_SEALS, Linux 6.3 */
#define K_MFD_EXEC 0x0010
#define K_F_SEAL_EXEC 0x0020

#endif
