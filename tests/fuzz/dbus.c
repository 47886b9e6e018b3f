/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer on kern/dbus and kern/gvariant: whatever a peer sends is read
 * within its bounds, and a text that is a value makes a message's variant that
 * can be read to its end.
 */
#include <stdlib.h>
#include <string.h>

#include "kern/dbus.h"
#include "kern/gvariant.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check(bool right)
{
	if (!right)
		abort();
}

static void read_message(const uint8_t *data, size_t size)
{
	struct dbus_message m;
	size_t sum;

	if (!dbus_parse(&m, data, size))
		return;
	check(dbus_size(data) == size);
	sum = strlen(m.interface) + strlen(m.member) + strlen(m.error) +
	      strlen(m.signature);
	while (!m.body.bad && m.body.pos < size) {
		sum += dbus_get_u32(&m.body) & 1;
		sum += strlen(dbus_get_str(&m.body));
		sum += strlen(dbus_get_sig(&m.body));
		sum += dbus_get_u8(&m.body) & 1;
	}
	check(m.body.pos <= size && sum <= 2 * size);
}

static void write_value(const uint8_t *data, size_t size)
{
	static char text[4096];
	static uint8_t bytes[64 * 1024];
	struct dbus_out o = { .p = bytes, .size = sizeof(bytes) };
	struct dbus_in in = { .p = bytes };
	uint64_t us;

	if (size >= sizeof(text))
		return;
	memcpy(text, data, size);
	text[size] = '\0';
	gvariant_seconds(&us, text);
	if (gvariant_put(&o, text) < 0)
		return;
	check(!o.full);
	in.len = o.len;
	check(*dbus_get_sig(&in) && !in.bad && in.pos <= o.len);
	/* The smaller buffer is noticed. */
	o.size = o.len - 1;
	o.len = 0;
	gvariant_put(&o, text);
	check(o.full);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	read_message(data, size);
	write_value(data, size);
	return 0;
}
