/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runt protects itself from the containers it starts: no one can look into
 * it, and its executable can't be reached for writing through /proc/PID/exe
 * (CVE-2019-5736).
 */
#ifndef KERN_SELF_H
#define KERN_SELF_H

/* First thing in main(): refuses to run with more privilege than its caller
 * has (set-user-ID, file capabilities). */
int self_refuse_setuid(void);

/* Not dumpable: /proc/PID/{fd,exe,root,mem} and ptrace(2) are closed to those
 * without CAP_SYS_PTRACE over the user namespace that runt was started in. */
int self_hide(void);

/*
 * Makes sure that the running executable can never be written through this
 * process: goes on (returns 0) when it lies on a file system that has no
 * writes, or is protected already. Else it goes on from a detached read-only
 * mount of the same file, or executes that, with the same arguments and
 * environment, or a sealed copy in memory where the caller may not mount.
 * Returns -errno when none of them can be had. To be called before anything
 * else is opened or made.
 *
 * *mount: the host's files, read-only, or -1; owned by the caller. Protection
 * does not need it, but to let go of it takes the kernel 50 us (it waits for
 * RCU): time that a process has that waits for another.
 */
int self_protect(int *mount, char *const argv[], char *const envp[]);

#endif
