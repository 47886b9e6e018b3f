/* SPDX-License-Identifier: Apache-2.0 */
/* The program of the containers that are measured; with an argument it stays. */
#include <unistd.h>

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		pause();
	return 0;
}
