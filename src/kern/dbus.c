/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/dbus.h"

#include <string.h>

#include "base/str.h"

/* Codes of the header's fields. */
enum field {
	FIELD_PATH = 1,
	FIELD_INTERFACE = 2,
	FIELD_MEMBER = 3,
	FIELD_ERROR = 4,
	FIELD_REPLY_SERIAL = 5,
	FIELD_DESTINATION = 6,
	FIELD_SIGNATURE = 8,
};

static void put(struct dbus_out *o, const void *p, size_t n)
{
	if (o->full || n > o->size - o->len) {
		o->full = true;
		return;
	}
	memcpy(o->p + o->len, p, n);
	o->len += n;
}

static void put_number(struct dbus_out *o, uint64_t v, size_t size)
{
	uint8_t bytes[8];
	size_t i;

	for (i = 0; i < size; i++)
		bytes[i] = (uint8_t)(v >> 8 * i);
	dbus_align(o, size);
	put(o, bytes, size);
}

void dbus_align(struct dbus_out *o, size_t n)
{
	static const uint8_t zeros[8];

	put(o, zeros, -o->len & (n - 1));
}

void dbus_put_u8(struct dbus_out *o, uint8_t v)
{
	put(o, &v, 1);
}

void dbus_put_u16(struct dbus_out *o, uint16_t v)
{
	put_number(o, v, 2);
}

void dbus_put_u32(struct dbus_out *o, uint32_t v)
{
	put_number(o, v, 4);
}

void dbus_put_u64(struct dbus_out *o, uint64_t v)
{
	put_number(o, v, 8);
}

void dbus_put_bool(struct dbus_out *o, bool v)
{
	dbus_put_u32(o, v);
}

void dbus_put_str(struct dbus_out *o, const char *s)
{
	size_t n = strlen(s);

	dbus_put_u32(o, (uint32_t)n);
	put(o, s, n + 1);
}

void dbus_put_sig(struct dbus_out *o, const char *s)
{
	size_t n = strlen(s);

	if (n > UINT8_MAX)
		o->full = true;
	dbus_put_u8(o, (uint8_t)n);
	put(o, s, n + 1);
}

/* A number that was put before, now that it is known. */
static void amend(struct dbus_out *o, size_t at, size_t v)
{
	struct dbus_out there = { .p = o->p + at, .size = 4 };

	if (!o->full)
		dbus_put_u32(&there, (uint32_t)v);
}

struct dbus_array dbus_open_array(struct dbus_out *o, size_t align)
{
	struct dbus_array a;

	dbus_put_u32(o, 0);
	a.length_at = o->len - 4;
	/* The padding is there even if no element is, and does not count. */
	dbus_align(o, align);
	a.start = o->len;
	return a;
}

void dbus_close_array(struct dbus_out *o, struct dbus_array a)
{
	amend(o, a.length_at, o->len - a.start);
}

static void put_field(struct dbus_out *o, enum field code, const char *type,
		      const char *value)
{
	dbus_align(o, 8);
	dbus_put_u8(o, (uint8_t)code);
	dbus_put_sig(o, type);
	if (*type == 'g')
		dbus_put_sig(o, value);
	else
		dbus_put_str(o, value);
}

void dbus_begin(struct dbus_out *o, const struct dbus_call *c,
		const char *destination, uint32_t serial)
{
	struct dbus_array fields;

	o->len = 0;
	o->full = false;
	dbus_put_u8(o, 'l');
	dbus_put_u8(o, DBUS_CALL);
	dbus_put_u8(o, 0); /* flags */
	dbus_put_u8(o, 1); /* the protocol's version */
	dbus_put_u32(o, 0);
	dbus_put_u32(o, serial);
	fields = dbus_open_array(o, 8);
	put_field(o, FIELD_PATH, "o", c->path);
	put_field(o, FIELD_INTERFACE, "s", c->interface);
	put_field(o, FIELD_MEMBER, "s", c->member);
	if (destination)
		put_field(o, FIELD_DESTINATION, "s", destination);
	if (*c->signature)
		put_field(o, FIELD_SIGNATURE, "g", c->signature);
	dbus_close_array(o, fields);
	dbus_align(o, 8);
	o->body = o->len;
}

void dbus_end(struct dbus_out *o)
{
	amend(o, 4, o->len - o->body);
}

/* The next n bytes at a multiple of align, or NULL. */
static const uint8_t *take(struct dbus_in *in, size_t n, size_t align)
{
	size_t gap = -in->pos & (align - 1);
	const uint8_t *p;

	if (in->bad || gap > in->len - in->pos || n > in->len - in->pos - gap) {
		in->bad = true;
		return NULL;
	}
	p = in->p + in->pos + gap;
	in->pos += gap + n;
	return p;
}

static uint32_t number(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

uint8_t dbus_get_u8(struct dbus_in *in)
{
	const uint8_t *p = take(in, 1, 1);

	return p ? *p : 0;
}

uint32_t dbus_get_u32(struct dbus_in *in)
{
	const uint8_t *p = take(in, 4, 4);

	return p ? number(p) : 0;
}

/* n bytes and a NUL, which is the only one. */
static const char *get_text(struct dbus_in *in, size_t n)
{
	const uint8_t *p = n < in->len ? take(in, n + 1, 1) : NULL;

	if (p && memchr(p, 0, n + 1) == p + n)
		return (const char *)p;
	in->bad = true;
	return "";
}

const char *dbus_get_str(struct dbus_in *in)
{
	return get_text(in, dbus_get_u32(in));
}

const char *dbus_get_sig(struct dbus_in *in)
{
	return get_text(in, dbus_get_u8(in));
}

size_t dbus_size(const uint8_t *head)
{
	size_t body = number(head + 4), fields = number(head + 12);

	if (head[0] != 'l' || head[3] != 1 || body > DBUS_SIZE_MAX ||
	    fields > DBUS_SIZE_MAX)
		return 0;
	fields = (DBUS_HEAD_SIZE + fields + 7) & ~(size_t)7;
	return fields + body > DBUS_SIZE_MAX ? 0 : fields + body;
}

/* All fields that there are have one of these types; one of another type is
 * of no version of the protocol that we speak. */
static void get_field(struct dbus_in *in, struct dbus_message *m)
{
	uint8_t code;
	const char *type, *text = "";
	uint32_t v = 0;

	take(in, 0, 8);
	code = dbus_get_u8(in);
	type = dbus_get_sig(in);
	if (str_eq(type, "s") || str_eq(type, "o"))
		text = dbus_get_str(in);
	else if (str_eq(type, "g"))
		text = dbus_get_sig(in);
	else if (str_eq(type, "u"))
		v = dbus_get_u32(in);
	else
		in->bad = true;
	switch (code) {
	case FIELD_INTERFACE:
		m->interface = text;
		break;
	case FIELD_MEMBER:
		m->member = text;
		break;
	case FIELD_ERROR:
		m->error = text;
		break;
	case FIELD_REPLY_SERIAL:
		m->reply_serial = v;
		break;
	case FIELD_SIGNATURE:
		m->signature = text;
		break;
	default:
		break;
	}
}

bool dbus_parse(struct dbus_message *m, const uint8_t *p, size_t len)
{
	struct dbus_in fields = { .p = p, .pos = DBUS_HEAD_SIZE };

	*m = (struct dbus_message){ .interface = "",
				    .member = "",
				    .error = "",
				    .signature = "",
				    .body = { .p = p, .len = len } };
	if (len < DBUS_HEAD_SIZE || dbus_size(p) != len)
		return false;
	m->type = p[1];
	m->body.pos = len - number(p + 4);
	fields.len = DBUS_HEAD_SIZE + number(p + 12);
	while (fields.pos < fields.len && !fields.bad)
		get_field(&fields, m);
	/* Without a signature there is no body. */
	return !fields.bad && m->type >= DBUS_CALL &&
	       (*m->signature || m->body.pos == len);
}
