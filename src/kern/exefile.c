/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/exefile.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/relro.h"

/* Defined by the linker: the first byte of the program in memory. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

struct range {
	uintptr_t start, end;
};

/* The pages of a segment that the kernel mapped from the file. */
static struct range pages_of(const ElfW(Phdr) * ph)
{
	uintptr_t page = getauxval(AT_PAGESZ);
	uintptr_t at = (uintptr_t)&__ehdr_start + ph->p_vaddr;

	return (struct range){ at & -page,
			       (at + ph->p_filesz + page - 1) & -page };
}

/* The same pages of the same file: under the code that runs, nothing changes. */
static int map_again(struct range r, const ElfW(Phdr) * ph, int fd)
{
	int prot = PROT_READ | (ph->p_flags & PF_X ? PROT_EXEC : 0);
	off_t offset = (off_t)(ph->p_offset & -getauxval(AT_PAGESZ));

	return mmap((void *)r.start, r.end - r.start, prot,
		    MAP_PRIVATE | MAP_FIXED, fd, offset) == MAP_FAILED ?
		       -errno :
		       0;
}

/* Variables: a copy that is no file's takes their place at once. Nothing writes
 * to them between the two calls. */
static int copy(struct range r)
{
	size_t len = r.end - r.start;
	void *new;

	if (!r.start)
		return 0;
	new = mmap(NULL, len, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (new == MAP_FAILED)
		return -errno;
	memcpy(new, (void *)r.start, len);
	if (mremap(new, len, len, MREMAP_MAYMOVE | MREMAP_FIXED,
		   (void *)r.start) != MAP_FAILED)
		return 0;
	munmap(new, len);
	return -ENOMEM;
}

/* Those of one segment follow those of the other, where pages are small. */
static int copy_next(struct range *variables, struct range next)
{
	struct range before = *variables;

	if (next.start == before.end) {
		variables->end = next.end;
		return 0;
	}
	*variables = next;
	return copy(before);
}

static int leave_file(int fd)
{
	const ElfW(Phdr) *ph =
		(const void *)((uintptr_t)&__ehdr_start + __ehdr_start.e_phoff);
	struct range variables = { 0, 0 };
	int ret = 0;

	for (unsigned int i = 0; i < __ehdr_start.e_phnum && ret == 0; i++)
		if (ph[i].p_type == PT_LOAD)
			ret = ph[i].p_flags & PF_W ?
				      copy_next(&variables, pages_of(&ph[i])) :
				      map_again(pages_of(&ph[i]), &ph[i], fd);
	if (ret == 0)
		ret = copy(variables);
	return ret == 0 ? relro_protect() : ret;
}

/* From the first string of a list to the end of the last. */
static struct range strings(char *const list[])
{
	struct range r = { (uintptr_t)list[0], (uintptr_t)list[0] };

	for (; *list; list++)
		r.end = (uintptr_t)*list + strlen(*list) + 1;
	return r.start ? r : (struct range){ (uintptr_t)list, (uintptr_t)list };
}

/* All that the kernel knows of a program's memory is set by this; it has to
 * stay as it is. */
static int set_with_map(int fd, char *const argv[], char *const envp[])
{
	struct range args = strings(argv), env = strings(envp);
	uintptr_t start = (uintptr_t)&__ehdr_start;
	uintptr_t brk = (uintptr_t)sbrk(0);
	struct prctl_mm_map map = {
		.start_code = start,
		.end_code = start + 1,
		.start_data = start,
		.end_data = start,
		.start_brk = brk,
		.brk = brk,
		.start_stack = (uintptr_t)argv,
		.arg_start = args.start,
		.arg_end = args.end,
		.env_start = env.start,
		.env_end = env.end,
		.exe_fd = (uint32_t)fd,
	};

	return prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0) < 0 ?
		       -errno :
		       0;
}

bool exefile_can_set(void)
{
	unsigned int size;

	/* A kernel of 64 bits reads its own layout from programs of 32. */
	if (sizeof(long) == 8 &&
	    prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, &size, 0, 0) == 0)
		return size == sizeof(struct prctl_mm_map);
	return prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, -1, 0, 0) < 0 &&
	       errno == EBADF;
}

int exefile_set(int fd, char *const argv[], char *const envp[])
{
	int ret = leave_file(fd);

	if (ret < 0)
		return ret;
	if (prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, fd, 0, 0) == 0)
		return 0;
	return errno == EPERM ? set_with_map(fd, argv, envp) : -errno;
}
