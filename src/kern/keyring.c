/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/keyring.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "kern/need.h"
#include "syscall_nr.h"

/* keyctl(2) */
enum { JOIN_SESSION_KEYRING = 1, SETPERM = 5, DESCRIBE = 6 };
/* What is joined, where joining it again says no more than 0. */
enum { SESSION_KEYRING = -3 };
enum { USER_SEARCH = 0x80000, OTHER_SEARCH = 0x8 };

/* The permissions, fourth field of "keyring;uid;gid;perm;name". */
static int read_permissions(const char *text, uint32_t *perm)
{
	uint32_t v = 0;
	int n = 0;

	for (int field = 0; field < 3; field++) {
		text = strchr(text, ';');
		if (!text)
			return -EINVAL;
		text++;
	}
	for (; *text != ';'; text++, n++) {
		const char *digit = strchr("0123456789abcdef", *text);

		if (!*text || !digit || n == 8)
			return -EINVAL;
		v = v << 4 | (uint32_t)(digit - "0123456789abcdef");
	}
	*perm = v;
	return n ? 0 : -EINVAL;
}

static int permit(long ring, const char *name, uint32_t more)
{
	char text[512];
	uint32_t perm;
	long n = syscall(NR_keyctl, DESCRIBE, ring, text, sizeof(text));

	if (n < 0)
		return err_sys(errno, "look at session keyring %s", name);
	if ((size_t)n > sizeof(text) || read_permissions(text, &perm) < 0)
		return err_say(EINVAL, "session keyring %s: unreadable", name);
	if (syscall(NR_keyctl, SETPERM, ring, perm | more) < 0)
		return err_sys(errno, "set permissions of session keyring %s",
			       name);
	return 0;
}

int keyring_join(const char *id, bool user_ns)
{
	char name[300];
	long ring;
	int ret = str_fmt(name, sizeof(name), "_ses.%s", id);

	if (ret < 0)
		return ret;
	ring = syscall(NR_keyctl, JOIN_SESSION_KEYRING, name);
	if (ring < 0 && (errno == ENOSYS || errno == EPERM))
		return 0;
	if (ring < 0) {
		err_sys(errno, "join session keyring %s", name);
		return err.num == EDQUOT ? err_hint(NEED_KEYS) : -err.num;
	}
	return permit(ring ? ring : SESSION_KEYRING, name,
		      user_ns ? OTHER_SEARCH : USER_SEARCH);
}
