/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ABIs of this machine's family and the names of their system calls.
 */
#ifndef KERN_SECCOMP_NAMES_H
#define KERN_SECCOMP_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "arch.h"

/* An ABI's index, the machine's own first. */
enum {
#define ABI(abi, ...) ABI_##abi,
	ARCH_ABI(ABI)
#undef ABI
		ABIS
};

/* A call of an ABI: its number, to be read by seccomp_number(), and the index
 * of its name. */
struct seccomp_row {
	uint16_t number, name;
};

struct seccomp_abi {
	char scmp[20];         /* what OCI documents call it */
	uint32_t audit;        /* seccomp_data.arch */
	uint32_t first, end;   /* of its ordinary numbers: see arch.h */
	unsigned int bits;     /* of an argument that are compared */
	uint16_t row, row_end; /* its calls, by number */
};

extern const struct seccomp_abi seccomp_abis[ABIS];

/* A call that does the work of many, which its first argument selects. */
struct seccomp_mux {
	uint8_t abi, selector;
	uint16_t call, name; /* indices of names */
};

/* The i-th, or NULL. */
const struct seccomp_mux *seccomp_mux(size_t i);

const struct seccomp_row *seccomp_row(size_t i);

uint32_t seccomp_number(const struct seccomp_abi *abi,
			const struct seccomp_row *row);

/* How many names there are; an index is smaller. */
size_t seccomp_names(void);

/* The index of a name, or -1. */
int seccomp_name_find(const char *name);

const char *seccomp_name(size_t index);

#endif
