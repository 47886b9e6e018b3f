/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/str.h"

struct err err;

static int record(int num, const char *text)
{
	err.num = num < 0 ? -num : num;
	if (!err.num)
		err.num = EINVAL;
	err.hint = 0;
	err.prefixed = 0;
	str_cut(err.text, sizeof(err.text), text);
	return -err.num;
}

int err_sys(int num, const char *fmt, ...)
{
	char text[ERR_TEXT_SIZE];
	struct sbuf b = SBUF(text);
	va_list ap;

	va_start(ap, fmt);
	sbuf_vfmt(&b, fmt, ap);
	va_end(ap);
	sbuf_fmt(&b, ": %s", strerror(num < 0 ? -num : num));
	return record(num, sbuf_cut(&b));
}

int err_say(int num, const char *fmt, ...)
{
	char text[ERR_TEXT_SIZE];
	struct sbuf b = SBUF(text);
	va_list ap;

	va_start(ap, fmt);
	sbuf_vfmt(&b, fmt, ap);
	va_end(ap);
	return record(num, sbuf_cut(&b));
}

int err_prefix(const char *fmt, ...)
{
	char text[ERR_TEXT_SIZE];
	struct sbuf b = SBUF(text);
	va_list ap;

	if (err.prefixed)
		return -err.num;
	va_start(ap, fmt);
	sbuf_vfmt(&b, fmt, ap);
	va_end(ap);
	sbuf_fmt(&b, ": %s", err.text);
	str_cut(err.text, sizeof(err.text), sbuf_cut(&b));
	err.prefixed = 1;
	return -err.num;
}

int err_hint(int hint)
{
	err.hint = hint;
	return -err.num;
}
