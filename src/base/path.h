/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

/* The absolute form of a path that is relative to the working directory: in
 * the arena, or path itself. NULL with the record filled on failure. */
const char *path_absolute(const char *path);

#endif
