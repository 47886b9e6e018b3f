/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the compiler of seccomp profiles takes for Docker's default
 * profile, with libseccomp taking turns. Both are asked for CPU time, the
 * least of many tries, which a busy machine does not change much.
 */
#include <fcntl.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include "kern/seccomp.h"
#include "kern/seccomp_table.h"
#include "oci/config.h"
#include "seccomp/library.h"
#include "tap.h"

enum { ROUNDS = 200, ROUNDS_OF_LIBRARY = 10 };

static struct library theirs;

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Nanoseconds of one compilation. */
static long long time_ours(const struct spec_seccomp *s)
{
	struct seccomp_program p;
	long long start = now();

	if (seccomp_compile(&p, s) < 0 || p.count == 0)
		abort();
	return now() - start;
}

static long long time_theirs(const struct spec_seccomp *s)
{
	long long start = now();

	library_export(&theirs, s, NULL);
	if (theirs.count <= 0)
		abort();
	return now() - start;
}

int main(void)
{
	static struct config c;
	char name[40], dir[500];
	long long ours = LLONG_MAX, library = LLONG_MAX, took;
	int fd;

	read_tables();
	if (emulated()) {
		puts("1..0 # SKIP an emulator's time says nothing");
		return 0;
	}
	seccomp_table_use();
	library_begin();
	snprintf(dir, sizeof(dir), "%s/data/seccomp", tests_dir());
	snprintf(name, sizeof(name), "docker-%s.json",
		 !strcmp(RUNT_ARCH, "x86_64")  ? "amd64" :
		 !strcmp(RUNT_ARCH, "aarch64") ? "arm64" :
						 RUNT_ARCH);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!ok(config_load(&c, fd, name, name) == 0, "%s is read", name))
		return done();
	for (int i = 0; i < ROUNDS; i++) {
		took = time_ours(c.spec.linux_.seccomp);
		ours = took < ours ? took : ours;
		if (i % (ROUNDS / ROUNDS_OF_LIBRARY))
			continue;
		took = time_theirs(c.spec.linux_.seccomp);
		library = took < library ? took : library;
	}
	printf("# microseconds: %lld, libseccomp %lld\n", ours / 1000,
	       library / 1000);
	ok(ours < 100000, "it takes less than 0.1 ms");
	ok(ours < library / 10, "and less than a tenth of libseccomp's");
	return done();
}
