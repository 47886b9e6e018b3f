/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key			is there the key in the session keyring?
 * key join NAME	the same of the session keyring of that name
 * key add PROGRAM...	executes it with the key in its session keyring
 * key new PROGRAM...	the same in a new one
 */
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* keyctl(2) */
enum { JOIN_SESSION_KEYRING = 1, SEARCH = 10, SESSION_KEYRING = -3 };

static void join(const char *name)
{
	if (syscall(SYS_keyctl, JOIN_SESSION_KEYRING, name) < 0)
		perror("join");
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";

	if (strcmp(verb, "join") == 0)
		join(argv[2]);
	else if (strcmp(verb, "new") == 0)
		join(NULL);
	if (*verb && strcmp(verb, "join") != 0) {
		if (syscall(SYS_add_key, "user", "runt-test", "secret", 6,
			    SESSION_KEYRING) < 0)
			perror("add_key");
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		return 1;
	}
	puts(syscall(SYS_keyctl, SEARCH, SESSION_KEYRING, "user", "runt-test",
		     0) < 0 ?
		     "none" :
		     "found");
	return 0;
}
