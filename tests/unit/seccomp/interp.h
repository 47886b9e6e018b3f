/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel does with a filter: takes it or not, and runs it. Written
 * from seccomp(2) and the kernel's documentation of BPF.
 */
#ifndef UNIT_SECCOMP_INTERP_H
#define UNIT_SECCOMP_INTERP_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Would the kernel load it? Returns NULL, or what is wrong. */
static inline const char *interp_check(const struct sock_filter *p, size_t n)
{
	if (n == 0 || n > BPF_MAXINSNS)
		return "length";
	for (size_t i = 0; i < n; i++) {
		size_t left = n - 1 - i;

		switch (p[i].code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (p[i].k >= sizeof(struct seccomp_data) || p[i].k % 4)
				return "offset of a load";
			break;
		case BPF_JMP | BPF_JA:
			if (p[i].k >= left)
				return "jump behind the end";
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			if (p[i].jt >= left || p[i].jf >= left)
				return "conditional jump behind the end";
			break;
		case BPF_ALU | BPF_AND | BPF_K:
		case BPF_RET | BPF_K:
			break;
		default:
			return "instruction";
		}
	}
	return p[n - 1].code == (BPF_RET | BPF_K) ? NULL : "end";
}

static inline bool interp_taken(const struct sock_filter *p, uint32_t a)
{
	switch (BPF_OP(p->code)) {
	case BPF_JEQ:
		return a == p->k;
	case BPF_JGT:
		return a > p->k;
	case BPF_JGE:
		return a >= p->k;
	}
	return (a & p->k) != 0;
}

/* For programs that interp_check() passes. */
static inline uint32_t interp_run(const struct sock_filter *p,
				  const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (;; p++) {
		switch (BPF_CLASS(p->code)) {
		case BPF_LD:
			memcpy(&a, (const char *)data + p->k, sizeof(a));
			break;
		case BPF_ALU:
			a &= p->k;
			break;
		case BPF_RET:
			return p->k;
		default:
			if (BPF_OP(p->code) == BPF_JA)
				p += p->k;
			else
				p += interp_taken(p, a) ? p->jt : p->jf;
		}
	}
}

#endif
