/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our tables of system calls in place of libseccomp's.
 *
 * The library's own, of all calls on 18 architectures, is a third of a static
 * binary. All access to it goes through functions in an object of its own; here
 * they are once more, with the ABIs of this machine's family, so that a linker
 * leaves the library's object where it is. A shared library keeps its own.
 * What the library makes of it is tried like all else (seccomp_check.h).
 */
#ifndef KERN_SECCOMP_TABLE_H
#define KERN_SECCOMP_TABLE_H

/* To be called once, before the library is asked about any call. */
void seccomp_table_use(void);

#endif
