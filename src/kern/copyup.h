/* SPDX-License-Identifier: Apache-2.0 */
/* tmpcopyup: a tmpfs that starts with what lies where it is mounted. */
#ifndef KERN_COPYUP_H
#define KERN_COPYUP_H

/*
 * Copies what is in directory from to the empty directory to, which nobody
 * else can see: files, directories, links, devices, with their owner, mode and
 * times, without extended attributes (as runc). No link is followed.
 * where: what messages call the directory.
 */
int copyup(int from, int to, const char *where);

#endif
