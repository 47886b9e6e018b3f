/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command-line options from tables: one row is parsed, printed by --help and,
 * by a test, compared with the manual.
 *
 * Taken: --name VALUE, --name=VALUE, -l VALUE, -l=VALUE, a single dash before
 * a long name (callers do that), --flag=false; options may follow arguments;
 * "--" ends them; the last of several wins. No abbreviations.
 */
#ifndef CMD_OPT_H
#define CMD_OPT_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum opt_kind {
	OPT_FLAG,   /* bool */
	OPT_STRING, /* const char *; an empty one is as none, as in runc */
	OPT_UINT,   /* unsigned int */
	OPT_CHOICE, /* int: index of the word in arg, "first|second" */
	OPT_WORDS,  /* struct spec_strs: one more each time; OPT_STORED */
	OPT_TEXT,   /* as OPT_STRING, but an empty one counts */
};

enum opt_effect {
	OPT_STORED,   /* at offset */
	OPT_HARMLESS, /* checked, then forgotten: nothing to do for it here */
};

/* Text inline: a table without pointers needs no relocation at start. */
struct opt {
	char name[20]; /* "" ends a table, NULL is an empty one */
	char letter;   /* 0 for none */
	uint8_t kind, effect;
	uint16_t offset; /* into the struct that opt_parse() fills */
	char text[60];   /* what --help calls the value, a NUL, and the help */
};

enum { OPT_HELP = -ECANCELED };

/*
 * Reads argv up to its NULL, and leaves the arguments that are no options in
 * argv[0..n), NULL-ended. first_ends: the first of these ends the options.
 * Returns n, or OPT_HELP when --help or -h was met, or -errno with the record
 * filled: -EINVAL for a wrong usage.
 */
int opt_parse(const struct opt *rows, void *out, char **argv, bool first_ends);

/* The rows as aligned lines for --help, --help itself at the end. */
void opt_print(struct sbuf *b, const struct opt *rows);

/* Adds spaces up to column col of the line that began at start. */
void opt_column(struct sbuf *b, size_t start, size_t col);

#endif
