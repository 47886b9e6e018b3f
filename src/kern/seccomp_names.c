/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/seccomp_names.h"

#include <string.h>

#include "kern/seccomp_abi.h"
#include "seccomp_names_gen.h"

/* Numbers from PRIVATE on are kept from PRIVATE_CODE on. */
enum { PRIVATE = 0xf0000, PRIVATE_CODE = 0xf000 };

#define ABI(abi, scmp_, audit_, bits_, first_, end_) \
	[ABI_##abi] = {                              \
		.scmp = #scmp_,                      \
		.audit = (audit_),                   \
		.first = (first_),                   \
		.end = (end_),                       \
		.bits = (bits_),                     \
		.row = ROWS_##abi,                   \
		.row_end = ROWS_##abi##_END,         \
	},
const struct seccomp_abi seccomp_abis[ABIS] = { ARCH_ABI(ABI) };
#undef ABI

#define MUX(abi_, call_, name_, selector_) \
	{                                  \
		.abi = ABI_##abi_,         \
		.selector = (selector_),   \
		.call = NAME_##call_,      \
		.name = NAME_##name_,      \
	},
static const struct seccomp_mux muxes[] = { ARCH_MUX(MUX){ .selector = 0 } };
#undef MUX

const struct seccomp_mux *seccomp_mux(size_t i)
{
	return muxes[i].selector ? &muxes[i] : NULL;
}

const struct seccomp_row *seccomp_row(size_t i)
{
	return &rows[i];
}

uint32_t seccomp_number(const struct seccomp_abi *abi,
			const struct seccomp_row *row)
{
	uint32_t n = row->number;

	if (n >= PRIVATE_CODE)
		n += PRIVATE - PRIVATE_CODE;
	return abi->first + n;
}

size_t seccomp_names(void)
{
	return NAMES;
}

/* As bucket() in toolchain/gen-seccomp-names. */
static unsigned int hash(const char *name)
{
	uint32_t h = 0;

	while (*name)
		h = h * 83 + (unsigned char)*name++;
	return (h & 0xffff) / (0x10000 / BUCKETS);
}

int seccomp_name_find(const char *name)
{
	unsigned int h = hash(name);
	const char *p = text + groups[h].text;
	int i;

	for (i = groups[h].index; i < groups[h + 1].index; i++) {
		if (strcmp(p, name) == 0)
			return i;
		p += strlen(p) + 1;
	}
	return -1;
}

const char *seccomp_name(size_t index)
{
	const char *p = text;

	while (index--)
		p += strlen(p) + 1;
	return p;
}
