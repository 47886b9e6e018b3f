/* SPDX-License-Identifier: Apache-2.0 */
/* --version, in the form of runc's, which callers parse. */
#include "cmd/cmd.h"
#include "run/features.h"

static const char head[] = "runt version " RUNT_VERSION "\n"
#ifdef RUNT_COMMIT
			   "commit: " RUNT_COMMIT "\n"
#endif
			   "spec: " OCI_VERSION "\n"
			   "arch: " RUNT_ARCH "\n";

int cmd_version(void)
{
	char text[512], number[32];
	struct sbuf b = SBUF(text);
	const char *library = features_libseccomp(number, sizeof(number));

	sbuf_str(&b, head);
	if (*library)
		sbuf_fmt(&b, "libseccomp: %s\n", library);
	sbuf_fmt(&b, "+CGROUP2 +CAP %s+APPARMOR +SELINUX\n",
		 RUNT_SECCOMP ? "+SECCOMP " : "");
	return cmd_print(b.p, b.len);
}
