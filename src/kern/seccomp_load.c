/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_load.h"

#include <errno.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/need.h"
#include "kern/seccomp.h"
#include "kern/seccomp_abi.h"
#include "syscall_nr.h"

struct k_sock_fprog {
	uint16_t len;
	const struct k_sock_filter *filter;
};

static int set_filter(uint32_t flags, const struct k_sock_fprog *program)
{
	int fd = (int)syscall(NR_seccomp, K_SECCOMP_SET_MODE_FILTER, flags,
			      program);

	return fd < 0 ? -errno : fd;
}

/* Flags are looked at before the program is. */
bool seccomp_probe_flag(uint32_t flags)
{
	if (flags & K_SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
		flags |= K_SECCOMP_FILTER_FLAG_NEW_LISTENER;
	return set_filter(flags, NULL) != -EINVAL;
}

bool seccomp_probe_action(uint32_t action)
{
	return syscall(NR_seccomp, K_SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int seccomp_install(const struct seccomp_program *p)
{
	const struct k_sock_fprog program = {
		.len = (uint16_t)p->count,
		.filter = p->insns,
	};
	int ret;

	if (!p->count)
		return 0;
	ret = set_filter(p->flags, &program);
	if (ret >= 0)
		return ret;
	err_sys(ret, "load the seccomp filter");
	if (ret == -EACCES)
		return err_hint(NEED_SECCOMP_PRIVILEGE);
	if (ret == -ENOSYS || ret == -EINVAL)
		return err_hint(NEED_SECCOMP);
	return ret;
}
