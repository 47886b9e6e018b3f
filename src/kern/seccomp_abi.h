/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The constants of <linux/seccomp.h>, <linux/filter.h> and <linux/audit.h>,
 * and those that the rows of arch.h name. Not to be mixed with these headers.
 */
#ifndef KERN_SECCOMP_ABI_H
#define KERN_SECCOMP_ABI_H

/* seccomp(2) */
#define K_SECCOMP_SET_MODE_FILTER 1
#define K_SECCOMP_GET_ACTION_AVAIL 2
#define K_SECCOMP_FILTER_FLAG_LOG 0x02
#define K_SECCOMP_FILTER_FLAG_SPEC_ALLOW 0x04
#define K_SECCOMP_FILTER_FLAG_NEW_LISTENER 0x08
#define K_SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV 0x20

/* What a filter returns: an action, and 16 bits of data for some. */
#define K_SECCOMP_RET_KILL_PROCESS 0x80000000U
#define K_SECCOMP_RET_KILL_THREAD 0x00000000U
#define K_SECCOMP_RET_TRAP 0x00030000U
#define K_SECCOMP_RET_ERRNO 0x00050000U
#define K_SECCOMP_RET_USER_NOTIF 0x7fc00000U
#define K_SECCOMP_RET_TRACE 0x7ff00000U
#define K_SECCOMP_RET_LOG 0x7ffc0000U
#define K_SECCOMP_RET_ALLOW 0x7fff0000U
#define K_SECCOMP_RET_ACTION 0xffff0000U
#define K_SECCOMP_RET_DATA 0x0000ffffU

/* Offsets into struct seccomp_data; the low half of an argument is first on
 * all machines that we have. */
#define K_DATA_NR 0
#define K_DATA_ARCH 4
#define K_DATA_ARG(i) (16 + 8 * (i))

/* BPF */
#define K_BPF_LD 0x20 /* a 32-bit word at k */
#define K_BPF_AND 0x54
#define K_BPF_JA 0x05
#define K_BPF_JEQ 0x15
#define K_BPF_JGT 0x25
#define K_BPF_JGE 0x35
#define K_BPF_JSET 0x45
#define K_BPF_RET 0x06

/* seccomp_data.arch */
#define AUDIT_ARCH_AARCH64 0xc00000b7U
#define AUDIT_ARCH_ARM 0x40000028U
#define AUDIT_ARCH_I386 0x40000003U
#define AUDIT_ARCH_RISCV64 0xc00000f3U
#define AUDIT_ARCH_X86_64 0xc000003eU

/* What socketcall(2) does, */
enum {
	SYS_SOCKET = 1,
	SYS_BIND,
	SYS_CONNECT,
	SYS_LISTEN,
	SYS_ACCEPT,
	SYS_GETSOCKNAME,
	SYS_GETPEERNAME,
	SYS_SOCKETPAIR,
	SYS_SEND,
	SYS_RECV,
	SYS_SENDTO,
	SYS_RECVFROM,
	SYS_SHUTDOWN,
	SYS_SETSOCKOPT,
	SYS_GETSOCKOPT,
	SYS_SENDMSG,
	SYS_RECVMSG,
	SYS_ACCEPT4,
	SYS_RECVMMSG,
	SYS_SENDMMSG,
};

/* and ipc(2). */
enum {
	SEMOP = 1,
	SEMGET,
	SEMCTL,
	SEMTIMEDOP,
	MSGSND = 11,
	MSGRCV,
	MSGGET,
	MSGCTL,
	SHMAT = 21,
	SHMDT,
	SHMGET,
	SHMCTL,
};

#endif
