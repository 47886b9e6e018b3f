/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vfork(2) with clone3(2), which libc has not. The child returns from libc's
 * syscall() first, the parent when the child is done: what that function has on
 * the stack must be as it was. So the child leaves it out.
 *
 * The Makefile sees to it that the compiler does not write to what is left out
 * (-ftrivial-auto-var-init).
 */
#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "kern/sys.h"
#include "syscall_nr.h"

/* More than any syscall() has on the stack. Not a constant: that would become a
 * variable, which is there from the start. */
static volatile size_t distance = 1024;

pid_t sys_vfork3(struct k_clone_args *args, void (*child)(void *arg), void *arg)
{
	char *volatile left_out;
	long ret;

	args->flags |= K_CLONE_VM | K_CLONE_VFORK;
	ret = syscall(NR_clone3, args, sizeof(*args));
	if (ret == 0) {
		left_out = __builtin_alloca(distance);
		(void)left_out;
		child(arg);
		__builtin_trap();
	}
	return ret < 0 ? -errno : (pid_t)ret;
}
