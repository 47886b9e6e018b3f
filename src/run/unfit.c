/* SPDX-License-Identifier: Apache-2.0 */
#include "run/unfit.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"
#include "kern/uapi.h"

enum {
	HEAD_SIZE = 4096, /* linkers put the name of the interpreter there */
	NAME_MAX_SHOWN = 127,
};

struct head {
	size_t len;
	char text[HEAD_SIZE + 1]; /* a NUL after it */
};

static const struct {
	uint16_t number;
	char name[10];
} machines[] = {
	{ EM_386, "i386" },      { EM_ARM, "arm" },
	{ EM_X86_64, "x86_64" }, { EM_AARCH64, "aarch64" },
	{ EM_RISCV, "riscv" },
};

static bool read_head(struct head *h, const char *path)
{
	/* A filter may not have the older open(2). */
	autofd fd = openat(AT_FDCWD, path,
			   O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n = fd < 0 ? -1 : read(fd, h->text, HEAD_SIZE);

	h->len = n < 0 ? 0 : (size_t)n;
	h->text[h->len] = '\0';
	return n >= 0;
}

static bool is_elf(const struct head *h)
{
	return h->len >= sizeof(Elf32_Ehdr) &&
	       memcmp(h->text, ELFMAG, SELFMAG) == 0;
}

/* A number of size bytes; 0 if it is not within. */
static uint64_t number(const struct head *h, uint64_t at, size_t size)
{
	uint64_t v = 0;

	if (at > h->len || size > h->len - at)
		return 0;
	while (size--)
		v = v << 8 | (unsigned char)h->text[at + size];
	return v;
}

/* PT_INTERP of a program of 32 or 64 bits. */
static const char *elf_interpreter(const struct head *h)
{
	bool is_64 = h->text[EI_CLASS] == ELFCLASS64;
	size_t word = is_64 ? 8 : 4;
	uint64_t at = number(h, is_64 ? 32 : 28, word);
	uint64_t entry = number(h, is_64 ? 54 : 42, 2);
	uint64_t n = number(h, is_64 ? 56 : 44, 2);

	for (; n--; at += entry)
		if (number(h, at, 4) == PT_INTERP) {
			at = number(h, at + word, word);
			return at < h->len ? h->text + at : NULL;
		}
	return NULL;
}

/* Its interpreter's name, of *n bytes; none if that is 0. */
static const char *interpreter(const struct head *h, size_t *n)
{
	const char *name = NULL;

	*n = 0;
	if (is_elf(h)) {
		name = elf_interpreter(h);
		*n = name ? strlen(name) : 0;
	} else if (str_starts(h->text, "#!")) {
		name = h->text + 2 + strspn(h->text + 2, " \t");
		*n = strcspn(name, " \t\n");
	}
	return name;
}

/* Of a script, the interpreter may be there and lack its own. */
static void explain_missing(struct sbuf *b, struct head *h)
{
	char path[NAME_MAX_SHOWN + 1];
	const char *name;
	size_t n;
	int depth = 0;

	do {
		name = interpreter(h, &n);
		if (!n || n >= sizeof(path) || depth++ == 5)
			return;
		memcpy(path, name, n);
		path[n] = '\0';
	} while (read_head(h, path));
	sbuf_fmt(b, "; the interpreter %s is not there%s", path,
		 path[n - 1] == '\r' ? ": the line ends in a carriage return" :
				       "");
}

static void explain_format(struct sbuf *b, const struct head *h)
{
	uint64_t machine = number(h, 18, 2);

	if (!is_elf(h)) {
		sbuf_str(b, "; it is neither an ELF program nor a script that "
			    "begins with #!");
		return;
	}
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].number == machine) {
			if (str_starts(RUNT_ARCH, machines[i].name))
				sbuf_str(b, "; it is damaged, or no program");
			else
				sbuf_fmt(b,
					 "; it is a program for %s, and this "
					 "is %s",
					 machines[i].name, RUNT_ARCH);
			return;
		}
	sbuf_str(b, "; it is a program for another machine than " RUNT_ARCH);
}

const char *unfit_explain(char *buf, size_t size, const char *path, int num)
{
	static struct head h;
	struct sbuf b = { .p = buf, .size = size };
	struct statfs fs;

	*buf = '\0';
	if (num == EACCES && statfs(path, &fs) == 0 &&
	    (unsigned long)fs.f_flags & K_ST_NOEXEC)
		sbuf_str(&b, "; it is on a mount that is noexec");
	else if (num == ENOENT && read_head(&h, path))
		explain_missing(&b, &h);
	else if (num == ENOEXEC && read_head(&h, path))
		explain_format(&b, &h);
	return buf;
}
