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
 * The host's files, read-only, in a detached mount, and the running executable
 * there; owned; -1. To let go of the mount takes the kernel 50 us (it waits for
 * RCU): time that a process has that waits for another. Nobody needs it to stay
 * protected.
 */
struct self {
	int mount;
	int file; /* until self_exchange() */
};

#define SELF_NONE      \
	{              \
		-1, -1 \
	}

/*
 * Makes sure that the running executable can never be written through this
 * process, after self_exchange(). When it lies on a file system that has no
 * writes, or is protected already, that will have nothing to do. Else the same
 * file in a detached read-only mount is to take its place; or runt is executed
 * from there, with the same arguments and environment, or from a sealed copy in
 * memory where the caller may not mount. Returns -errno when none of them can
 * be had. To be called before anything else is opened or made.
 */
int self_protect(struct self *s, char *const argv[], char *const envp[]);

/*
 * To be called before a container's program can see this process; a forked
 * child has to call it for itself. argv and envp are main()'s.
 */
int self_exchange(struct self *s, char *const argv[], char *const envp[]);

#endif
