/* SPDX-License-Identifier: Apache-2.0 */
/* race A B: exchanges what the two names are, as fast as it can, until it is
 * killed or its parent dies. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

int main(int argc, char **argv)
{
	if (argc != 3 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return 2;
	while (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2],
			 RENAME_EXCHANGE) == 0)
		;
	perror("race");
	return 1;
}
