/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_run.h"

#include <string.h>

#include "kern/seccomp_abi.h"

bool seccomp_run(const struct k_sock_filter *p, size_t n,
		 const struct k_seccomp_data *d, uint32_t *outcome)
{
	uint32_t a = 0;
	bool yes;
	size_t i;

	for (i = 0; i < n; i++) {
		switch (p[i].code) {
		case K_BPF_LD:
			if (p[i].k > sizeof(*d) - sizeof(a))
				return false;
			memcpy(&a, (const char *)d + p[i].k, sizeof(a));
			continue;
		case K_BPF_AND:
			a &= p[i].k;
			continue;
		case K_BPF_JA:
			if (p[i].k >= n)
				return false;
			i += p[i].k;
			continue;
		case K_BPF_JEQ:
			yes = a == p[i].k;
			break;
		case K_BPF_JGT:
			yes = a > p[i].k;
			break;
		case K_BPF_JGE:
			yes = a >= p[i].k;
			break;
		case K_BPF_JSET:
			yes = (a & p[i].k) != 0;
			break;
		case K_BPF_RET:
			*outcome = p[i].k;
			return true;
		default:
			return false;
		}
		i += yes ? p[i].jt : p[i].jf;
	}
	return false;
}
