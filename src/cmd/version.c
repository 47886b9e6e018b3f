/* SPDX-License-Identifier: Apache-2.0 */
/* --version, in the form of runc's, which callers parse. */
#include "cmd/cmd.h"

static const char version[] = "runt version " RUNT_VERSION "\n"
#ifdef RUNT_COMMIT
			      "commit: " RUNT_COMMIT "\n"
#endif
			      "spec: " OCI_VERSION "\n"
			      "arch: " RUNT_ARCH "\n"
			      "+CGROUP2 +CAP +APPARMOR +SELINUX\n";

int cmd_version(void)
{
	return cmd_print(version, sizeof(version) - 1);
}
