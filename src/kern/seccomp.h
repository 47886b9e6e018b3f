/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seccomp filters, SECCOMP_SET_MODE_FILTER of seccomp(2): linux.seccomp
 * compiled to one BPF program in the parent, loaded by the child.
 *
 * What a profile means:
 * - The machine's own ABI is always filtered; of the others of its family
 *   those that the profile lists. A call of any other ABI kills its thread.
 * - A rule whose action is the default one does nothing, and neither does a
 *   name that no ABI knows.
 * - Of the rules of one call, the first without a condition decides alone.
 *   Otherwise a rule applies when all of its conditions hold; one that has
 *   two conditions on the same argument is as many rules as it has conditions.
 * - Two rules with different actions that both apply: where all conditions of
 *   both are EQ, but for a last NE, the one that starts with the higher
 *   argument comes first, then the one with the higher value there, and so
 *   on through the arguments. It is the order in which libseccomp looks at
 *   them. What it does with other conditions is not worth describing: the
 *   calls concerned are left to it.
 * - On 32-bit ABIs, comparisons are of the low 32 bits, of both sides.
 * - Where the default action denies, a call with a number above all that the
 *   profile mentions fails with ENOSYS, as if the kernel lacked it.
 */
#ifndef KERN_SECCOMP_H
#define KERN_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oci/spec.h"

/* As in <linux/filter.h>. */
struct k_sock_filter {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

enum { SECCOMP_INSNS_MAX = 4096 };

struct seccomp_program {
	const struct k_sock_filter *insns;
	unsigned int count; /* 0: the profile asks for nothing */
	unsigned int flags; /* of seccomp(2) */
	bool notifies;      /* loading it returns a listener */
	char engine[200];   /* what compiled it, and why: for --debug */
	char path[64];      /* on -EINVAL: what is wrong, as a JSON path below
			     * linux.seccomp; "" for all of it */
};

/*
 * Compiles a profile. The instructions are in memory of this file's, until the
 * next call. -EINVAL: the profile is wrong at p->path, the record says how.
 */
int seccomp_compile(struct seccomp_program *p, const struct spec_seccomp *s);

/*
 * Filters the calling thread and all that come of it, for good. Takes
 * no_new_privs or CAP_SYS_ADMIN. Returns the listener, an fd that closes on
 * exec, if p->notifies (kern/seccomp_notify.h); else 0.
 */
int seccomp_install(const struct seccomp_program *p);

/* The words that profiles are made of, for `features`. */
enum seccomp_words {
	SECCOMP_ACTIONS,
	SECCOMP_ARCHS,
	SECCOMP_FLAGS,
	SECCOMP_OPERATORS,
};

/* The i-th word, in alphabetical order, or NULL. */
const char *seccomp_word(enum seccomp_words kind, size_t i);

/* Does the running kernel take the i-th flag, do the i-th action? */
bool seccomp_flag_works(size_t i);
bool seccomp_action_works(size_t i);

#endif
