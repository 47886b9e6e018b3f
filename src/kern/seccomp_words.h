/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of linux.seccomp. These functions leave the error record alone.
 */
#ifndef KERN_SECCOMP_WORDS_H
#define KERN_SECCOMP_WORDS_H

#include <stdint.h>

enum seccomp_op {
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_MASKED_EQ,
};

/* Each returns 0, or -EINVAL for a word that is none. */
int seccomp_parse_action(const char *word, uint32_t *action);
int seccomp_parse_op(const char *word, enum seccomp_op *op);
/* The bit that is to be passed to seccomp(2), if any. */
int seccomp_parse_flag(const char *word, uint32_t *flag);
/* Its index in seccomp_abis[], or ABIS if it is of another family. */
int seccomp_parse_arch(const char *word, unsigned int *abi);

#endif
