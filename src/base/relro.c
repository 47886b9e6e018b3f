/* SPDX-License-Identifier: Apache-2.0 */
#include "base/relro.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/* Defined by the linker: the first byte of the program in memory. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

static int protect(uintptr_t start, uintptr_t end)
{
	uintptr_t page = getauxval(AT_PAGESZ);

	start &= -page;
	end &= -page;
	return start < end ? mprotect((void *)start, end - start, PROT_READ) :
			     0;
}

int relro_protect(void)
{
	uintptr_t base = (uintptr_t)&__ehdr_start;
	const ElfW(Phdr) *ph = (const void *)(base + __ehdr_start.e_phoff);

	for (unsigned int i = 0; i < __ehdr_start.e_phnum; i++)
		if (ph[i].p_type == PT_GNU_RELRO &&
		    protect(base + ph[i].p_vaddr,
			    base + ph[i].p_vaddr + ph[i].p_memsz) < 0)
			return -errno;
	return 0;
}

__attribute__((constructor)) static void protect_first(void)
{
	static const char why[] = "runt: mprotect: out of memory\n";

	if (relro_protect() == 0)
		return;
	(void)!write(2, why, sizeof(why) - 1);
	_exit(1);
}
