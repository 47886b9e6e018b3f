/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ABIs that x86_64 kernels run: data for the seccomp compiler. Whoever
 * expands a row includes kern/seccomp_abi.h, which has the constants that it
 * names, or takes no more than the words.
 *
 * ARCH_ABI rows, the native ABI first:
 *   abi    whose calls are in syscall.tbl if it is native, in <abi>.tbl beside
 *          it if no native machine of ours has it, else in arch/<abi>/
 *   scmp   its name in OCI documents and its constant in <seccomp.h>
 *   audit  seccomp_data.arch of its calls
 *   bits   of an argument that count. The registers of x32 have 64, of which
 *          libseccomp compares the low half
 *   first, end
 *          bounds of its numbers, first <= number < end, where a higher one
 *          is a newer call. Outside are another ABI's and a machine's private
 *          ones (arm's cacheflush), which tell nothing of a profile's age
 *
 * ARCH_MUX rows: an older way to a call, by the ABI's call mux with the
 * selector as its first argument; a rule for the call is a rule for both.
 * Selectors are those of <linux/net.h> and <linux/ipc.h>, as kern/seccomp_abi.h
 * has them.
 */
#ifndef ARCH_H
#define ARCH_H

#define ARCH_ABI(X)                                                       \
	X(x86_64, SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, 64, 0, 0x40000000) \
	X(i386, SCMP_ARCH_X86, AUDIT_ARCH_I386, 32, 0, 0xffffffff)        \
	X(x32, SCMP_ARCH_X32, AUDIT_ARCH_X86_64, 32, 0x40000000, 0xffffffff)

/* ABIs of others: the names that libseccomp has for them. */
#define ARCH_NOT(X) X(aarch64) X(arm) X(riscv64)

#define ARCH_MUX(X)                                       \
	X(i386, socketcall, socket, SYS_SOCKET)           \
	X(i386, socketcall, bind, SYS_BIND)               \
	X(i386, socketcall, connect, SYS_CONNECT)         \
	X(i386, socketcall, listen, SYS_LISTEN)           \
	X(i386, socketcall, accept, SYS_ACCEPT)           \
	X(i386, socketcall, getsockname, SYS_GETSOCKNAME) \
	X(i386, socketcall, getpeername, SYS_GETPEERNAME) \
	X(i386, socketcall, socketpair, SYS_SOCKETPAIR)   \
	X(i386, socketcall, send, SYS_SEND)               \
	X(i386, socketcall, recv, SYS_RECV)               \
	X(i386, socketcall, sendto, SYS_SENDTO)           \
	X(i386, socketcall, recvfrom, SYS_RECVFROM)       \
	X(i386, socketcall, shutdown, SYS_SHUTDOWN)       \
	X(i386, socketcall, setsockopt, SYS_SETSOCKOPT)   \
	X(i386, socketcall, getsockopt, SYS_GETSOCKOPT)   \
	X(i386, socketcall, sendmsg, SYS_SENDMSG)         \
	X(i386, socketcall, recvmsg, SYS_RECVMSG)         \
	X(i386, socketcall, accept4, SYS_ACCEPT4)         \
	X(i386, socketcall, recvmmsg, SYS_RECVMMSG)       \
	X(i386, socketcall, sendmmsg, SYS_SENDMMSG)       \
	X(i386, ipc, semop, SEMOP)                        \
	X(i386, ipc, semget, SEMGET)                      \
	X(i386, ipc, semctl, SEMCTL)                      \
	X(i386, ipc, semtimedop, SEMTIMEDOP)              \
	X(i386, ipc, msgsnd, MSGSND)                      \
	X(i386, ipc, msgrcv, MSGRCV)                      \
	X(i386, ipc, msgget, MSGGET)                      \
	X(i386, ipc, msgctl, MSGCTL)                      \
	X(i386, ipc, shmat, SHMAT)                        \
	X(i386, ipc, shmdt, SHMDT)                        \
	X(i386, ipc, shmget, SHMGET)                      \
	X(i386, ipc, shmctl, SHMCTL)

#endif
