/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An assembler for BPF programs, from their end to their start: what a jump
 * leads to is always there already, and a target out of a jump's reach gets a
 * stepping stone behind the jump.
 *
 * A label is the number of instructions from it to the end of the program.
 */
#ifndef KERN_SECCOMP_BPF_H
#define KERN_SECCOMP_BPF_H

#include <stdbool.h>
#include <stdint.h>

#include "kern/seccomp.h"
#include "kern/seccomp_plan.h"

struct seccomp_bpf {
	struct k_sock_filter *insns; /* SECCOMP_INSNS_MAX, filled from behind */
	unsigned int len;
	bool full; /* something was left out */
	struct {
		uint32_t value;
		unsigned int label;
	} rets[8]; /* the latest copies of some RETs */
	unsigned int ret_next;
};

/* Numbers from start on, up to the next segment's, have one outcome: an action
 * if label is 0. */
struct seccomp_segment {
	uint32_t start;
	uint32_t action;
	unsigned int label;
};

/* Each returns the label of what it has put in front of the program. */
unsigned int bpf_load(struct seccomp_bpf *b, uint32_t offset);
unsigned int bpf_ret(struct seccomp_bpf *b, uint32_t value);
unsigned int bpf_jump(struct seccomp_bpf *b, uint16_t op, uint32_t k,
		      unsigned int yes, unsigned int no);

/* Comparisons of one call's arguments; the clauses are tried in their order,
 * the first that applies decides, no where none does. */
unsigned int bpf_clauses(struct seccomp_bpf *b, const struct seccomp_plan *plan,
			 unsigned int bits, const struct seccomp_clause *v,
			 size_t n, unsigned int no);

/* A binary search for the number that has been loaded. Segments are in order;
 * the first starts at 0, or nothing is below it. */
unsigned int bpf_search(struct seccomp_bpf *b, const struct seccomp_segment *s,
			size_t n);

#endif
