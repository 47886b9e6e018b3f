/* SPDX-License-Identifier: Apache-2.0 */
#include "run/id.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

int id_check(const char *id)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+.-";
	size_t len = strlen(id);

	/* 255 is NAME_MAX: the id is a directory's name. */
	if (!len || len > 255 || strspn(id, allowed) != len ||
	    str_eq(id, ".") || str_eq(id, ".."))
		return err_say(EINVAL,
			       "invalid container ID format: \"%s\" (letters, "
			       "digits and _+.- are allowed, 255 at most)",
			       id);
	return 0;
}
