/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/keyring.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "base/err.h"
#include "kern/need.h"
#include "syscall_nr.h"

int keyring_join(void)
{
	enum { JOIN_SESSION_KEYRING = 1 }; /* keyctl(2) */

	if (syscall(NR_keyctl, JOIN_SESSION_KEYRING, NULL) >= 0 ||
	    errno == ENOSYS || errno == EPERM)
		return 0;
	err_sys(errno, "join a new session keyring");
	return err.num == EDQUOT ? err_hint(NEED_KEYS) : -err.num;
}
