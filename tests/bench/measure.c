/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures commands in turn, A B C A B C ..., so that whatever else the machine
 * does is the same for all of them.
 *
 *	measure ROUNDS FILE [PAUSE]
 *
 * PAUSE is in milliseconds, before each of them: what the kernel puts off until
 * later is then not in the next one's time.
 * A line of FILE is a command: fields with tabs between them,
 *
 *	name	at once	before	after	program	arguments...
 *
 * of which `at once` is how many are started together, `before` and `after`
 * are shell commands that are not measured, or empty, and a @ in an argument is
 * a number that no other start has. Prints a line for each:
 *
 *	name	rounds	median	lower quartile	upper quartile	least	CPU	RSS
 *
 * in nanoseconds, from fork to exit (of all that were started at once, divided
 * by their number); CPU is the median of the processor time that it took
 * together with all processes that it waited for, and RSS the largest resident
 * set of any of them in KiB. The first round is not counted. A command that
 * fails ends it all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS = 64, ARGS = 40, TOGETHER = 64 };

struct command {
	char *name, *before, *after;
	int together;
	char *argv[ARGS];
	uint64_t *times, *cpu;
	long rss;
};

static struct command commands[COMMANDS];
static int n_commands, serial, nowhere, pause_ms;

static void die(const char *what)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static uint64_t nanoseconds(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_usec * 1000U;
}

static void read_commands(FILE *f)
{
	char *line = NULL, *field;
	size_t size = 0, i;

	while (getline(&line, &size, f) > 0 && n_commands < COMMANDS) {
		struct command *c = &commands[n_commands++];
		char *rest = strdup(line);

		rest[strcspn(rest, "\n")] = '\0';
		c->name = strsep(&rest, "\t");
		field = strsep(&rest, "\t");
		c->together = field ? atoi(field) : 0;
		c->before = strsep(&rest, "\t");
		c->after = strsep(&rest, "\t");
		for (i = 0; i < ARGS - 1 && rest; i++)
			c->argv[i] = strsep(&rest, "\t");
		errno = EINVAL;
		if (!i || rest || c->together < 1 || c->together > TOGETHER)
			die(line);
	}
	free(line);
}

static void shell(const struct command *c, const char *text)
{
	if (*text && system(text) != 0) {
		fprintf(stderr, "measure: %s: this failed: %s\n", c->name,
			text);
		exit(1);
	}
}

/* Puts the number in for each @. The copies are the child's. */
static void number(char **argv, int n)
{
	char *at, *text;

	for (; *argv; argv++) {
		at = strchr(*argv, '@');
		if (!at)
			continue;
		text = malloc(strlen(*argv) + 12);
		if (!text)
			_exit(126);
		sprintf(text, "%.*s%d%s", (int)(at - *argv), *argv, n, at + 1);
		*argv = text;
	}
}

static void start(struct command *c)
{
	pid_t pid = fork();

	serial++;
	if (pid < 0)
		die("fork");
	if (pid > 0)
		return;
	number(c->argv, serial);
	dup2(nowhere, STDOUT_FILENO);
	execv(c->argv[0], c->argv);
	_exit(127);
}

static void once(struct command *c, int round)
{
	struct rusage usage;
	uint64_t began, cpu = 0;
	int i, status;

	shell(c, c->before);
	if (pause_ms)
		usleep((useconds_t)pause_ms * 1000);
	began = now();
	for (i = 0; i < c->together; i++)
		start(c);
	for (i = 0; i < c->together; i++) {
		if (wait4(-1, &status, 0, &usage) < 0)
			die("wait");
		if (status != 0) {
			fprintf(stderr, "measure: %s: status %#x\n", c->name,
				status);
			exit(1);
		}
		cpu += nanoseconds(usage.ru_utime) +
		       nanoseconds(usage.ru_stime);
		if (usage.ru_maxrss > c->rss)
			c->rss = usage.ru_maxrss;
	}
	if (round >= 0) {
		c->times[round] = (now() - began) / (uint64_t)c->together;
		c->cpu[round] = cpu / (uint64_t)c->together;
	}
	shell(c, c->after);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void print(struct command *c, size_t n)
{
	qsort(c->times, n, sizeof(c->times[0]), compare);
	qsort(c->cpu, n, sizeof(c->cpu[0]), compare);
	printf("%s\t%zu\t%llu\t%llu\t%llu\t%llu\t%llu\t%ld\n", c->name, n,
	       (unsigned long long)c->times[n / 2],
	       (unsigned long long)c->times[n / 4],
	       (unsigned long long)c->times[n * 3 / 4],
	       (unsigned long long)c->times[0],
	       (unsigned long long)c->cpu[n / 2], c->rss);
}

int main(int argc, char **argv)
{
	int rounds = argc == 3 || argc == 4 ? atoi(argv[1]) : 0, round, i;
	FILE *f = rounds > 0 ? fopen(argv[2], "re") : NULL;

	if (rounds < 1) {
		fprintf(stderr, "usage: measure ROUNDS FILE [PAUSE]\n");
		return 2;
	}
	if (!f)
		die(argv[2]);
	read_commands(f);
	pause_ms = argc == 4 ? atoi(argv[3]) : 0;
	nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	for (i = 0; i < n_commands; i++) {
		commands[i].times = calloc((size_t)rounds, sizeof(uint64_t));
		commands[i].cpu = calloc((size_t)rounds, sizeof(uint64_t));
		if (!commands[i].times || !commands[i].cpu)
			die("memory");
	}
	for (round = -1; round < rounds; round++)
		for (i = 0; i < n_commands; i++)
			once(&commands[i], round);
	for (i = 0; i < n_commands; i++)
		print(&commands[i], (size_t)rounds);
	return 0;
}
