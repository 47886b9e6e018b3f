/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire format of D-Bus, in buffers that somebody else owns: messages are
 * written value by value, in the order of their signature, and read the same
 * way. Nothing of what is read is believed: a length beyond the message, a
 * string without its end or a type that was not expected spoils the rest, and
 * no reader gets anything any more. Little-endian only, as all our machines
 * and hence the peers on them are.
 */
#ifndef KERN_DBUS_H
#define KERN_DBUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DBUS_HEAD_SIZE = 16, /* the part of fixed length */
	/* Of a message, of the specification: 128 MiB. */
	DBUS_SIZE_MAX = 1 << 27,
};

enum dbus_type {
	DBUS_CALL = 1,
	DBUS_REPLY = 2,
	DBUS_ERROR = 3,
	DBUS_SIGNAL = 4,
};

/* A message under construction; full once something did not fit. */
struct dbus_out {
	uint8_t *p;
	size_t len, size;
	bool full;
	size_t body; /* where the body begins */
};

struct dbus_call {
	const char *path, *interface, *member;
	const char *signature; /* of the body; "": none */
};

/* Writes the header of a method call; the body is what is put after it. The
 * destination is NULL if there is no broker; serial is not 0. */
void dbus_begin(struct dbus_out *o, const struct dbus_call *c,
		const char *destination, uint32_t serial);
/* The message is whole, unless it is full. */
void dbus_end(struct dbus_out *o);

/* Zeros up to a multiple of n: 8 before every struct and dict entry. */
void dbus_align(struct dbus_out *o, size_t n);
void dbus_put_u8(struct dbus_out *o, uint8_t v);
void dbus_put_u16(struct dbus_out *o, uint16_t v);
void dbus_put_u32(struct dbus_out *o, uint32_t v);
void dbus_put_u64(struct dbus_out *o, uint64_t v);
void dbus_put_bool(struct dbus_out *o, bool v);
void dbus_put_str(struct dbus_out *o, const char *s); /* s, o */
void dbus_put_sig(struct dbus_out *o, const char *s); /* g, and of a variant */

/* An array: what is put between open and close, align being its elements'. */
struct dbus_array {
	size_t length_at, start;
};
struct dbus_array dbus_open_array(struct dbus_out *o, size_t align);
void dbus_close_array(struct dbus_out *o, struct dbus_array a);

/* Where a reader is in a message. Once bad, everything it gives is 0 or "". */
struct dbus_in {
	const uint8_t *p;
	size_t len, pos;
	bool bad;
};

uint8_t dbus_get_u8(struct dbus_in *in);
uint32_t dbus_get_u32(struct dbus_in *in);
const char *dbus_get_str(struct dbus_in *in);
const char *dbus_get_sig(struct dbus_in *in);

/* What of a message anybody here asks for. No string is NULL. */
struct dbus_message {
	enum dbus_type type;
	uint32_t reply_serial;
	const char *interface, *member, *error, *signature;
	struct dbus_in body;
};

/* The size of the whole message from its first DBUS_HEAD_SIZE bytes; 0 if they
 * are none of a message. */
size_t dbus_size(const uint8_t *head);

/* Takes a whole message apart; strings point into it. False: it is none. */
bool dbus_parse(struct dbus_message *m, const uint8_t *p, size_t len);

#endif
