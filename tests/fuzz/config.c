/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer on oci/config and oci/state: whatever is taken can be read to its
 * last string, and keeps the promises of config.h that are simple to look at.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "base/err.h"
#include "oci/config.h"
#include "oci/decode.h"
#include "oci/state.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
size_t LLVMFuzzerCustomMutator(unsigned char *data, size_t size, size_t max,
			       unsigned int seed);
size_t LLVMFuzzerMutate(unsigned char *data, size_t size, size_t max);

static size_t read_so_far; /* so that no compiler leaves a strlen out */

static void check(bool right)
{
	if (!right)
		abort();
}

static void read_string(const char *s, const struct oci_key *k)
{
	check(s);
	read_so_far += strlen(s);
	if (k->flags & KEY_ABSOLUTE)
		check(*s == '/');
	if (k->of)
		check(oci_words_find(k->of, s) >= 0);
}

static void read_object(enum oci_object object, const char *p);

static void read_objects(enum oci_object object, const char *array)
{
	const struct {
		const char *v;
		size_t n;
	} *a = (const void *)array;

	for (size_t i = 0; i < a->n; i++)
		read_object(object, a->v + i * oci_object_size(object));
}

static void read_value(const struct oci_key *k, const char *p)
{
	const struct spec_strs *strs = (const void *)p;
	const struct spec_pairs *pairs = (const void *)p;
	const char *pointer = NULL;
	const struct {
		uint32_t *v;
		size_t n;
	} *u32s = (const void *)p;
	size_t i;

	if (k->kind == KEY_STRING || k->kind == KEY_POINTER)
		pointer = *(const char *const *)(const void *)p;
	switch (k->kind) {
	case KEY_STRING:
		if (pointer || (k->flags & KEY_NEEDED))
			read_string(pointer, k);
		break;
	case KEY_STRINGS:
		for (i = 0; i < strs->n; i++)
			read_string(strs->v[i], k);
		check(!strs->v || !strs->v[strs->n]);
		check(strs->n || !(k->flags & KEY_FILLED));
		break;
	case KEY_PAIRS:
		for (i = 0; i < pairs->n; i++)
			read_so_far += strlen(pairs->v[i].name) +
				       strlen(pairs->v[i].value);
		break;
	case KEY_U32S:
		for (i = 0; i < u32s->n; i++)
			read_so_far += u32s->v[i];
		break;
	case KEY_STRUCT:
		/* Its keys are needed only where it is there. */
		break;
	case KEY_POINTER:
		if (pointer)
			read_object(k->of, pointer);
		break;
	case KEY_ARRAY:
	case KEY_MAP:
		read_objects(k->of, p);
		break;
	}
}

static void read_object(enum oci_object object, const char *p)
{
	const struct oci_key *k;

	for (k = oci_keys(object); k->name; k++)
		read_value(k, p + k->offset);
}

static void read_all(const struct config *c)
{
	const struct spec *s = &c->spec;

	read_object(OBJECT_spec, (const char *)s);
	read_object(OBJECT_hooks, (const char *)&s->hooks);
	read_object(OBJECT_linux_, (const char *)&s->linux_);
	for (size_t i = 0; i < s->mounts.n; i++)
		check(s->mounts.v[i].destination[0] == '/');
	for (size_t i = 0; i < s->linux_.devices.n; i++)
		check(s->linux_.devices.v[i].file_mode.v <= 07777);
	config_error(c, "mounts[1].options[0]", "no");
	config_expected(c, "linux.resources.unified", "no");
}

/* A record that was read is the same when it is written and read again. */
static void try_state(const char *text, size_t size)
{
	static char first[1 << 20], second[1 << 20];
	struct sbuf a = SBUF(first), b = SBUF(second);
	struct state s = { 0 }, t = { 0 };
	struct json j;

	if (json_parse(&j, text, size, "s") < 0 ||
	    decode(&j, OBJECT_state, &s) < 0)
		return;
	state_write(&a, &s);
	if (a.full)
		return;
	check(json_parse(&j, first, a.len, "s") == 0);
	check(decode(&j, OBJECT_state, &t) == 0);
	state_write(&b, &t);
	check(strcmp(first, second) == 0);
}

/* Begin and end of a token with its quotes. */
static size_t begin(const struct json *j, int tok)
{
	return (size_t)j->tok[tok].start - (j->tok[tok].type == JSON_STRING);
}

static size_t end(const struct json *j, int tok)
{
	return (size_t)j->tok[tok].end + (j->tok[tok].type == JSON_STRING);
}

/* Bytes changed at random are seldom JSON: half of the time a value, or a key,
 * takes the place of another one, or a plain one does. */
size_t LLVMFuzzerCustomMutator(unsigned char *data, size_t size, size_t max,
			       unsigned int seed)
{
	static const char *const plain[] = {
		"null",    "true",
		"-1",      "0",
		"1",       "4294967296",
		"1.5",     "\"\"",
		"\"/\"",   "\"a=b\"",
		"[]",      "{}",
		"[\"x\"]", "18446744073709551616",
	};
	static char copy[1 << 16];
	const char *by = plain[seed / 7 % (sizeof(plain) / sizeof(plain[0]))];
	size_t len = strlen(by), from, to;
	struct json j;
	int tok, other;

	if (seed % 2 || size >= sizeof(copy) ||
	    json_parse(&j, (const char *)data, size, "x") < 0)
		return LLVMFuzzerMutate(data, size, max);
	memcpy(copy, data, size);
	tok = (int)(seed / 3 % (unsigned int)j.ntok);
	from = begin(&j, tok);
	to = end(&j, tok);
	if (seed % 3 == 0) {
		other = (int)(seed / 1009 % (unsigned int)j.ntok);
		by = copy + begin(&j, other);
		len = end(&j, other) - begin(&j, other);
	}
	arena_reset();
	if (from + len + size - to > max)
		return LLVMFuzzerMutate(data, size, max);
	memmove(data + from + len, copy + to, size - to);
	memcpy(data + from, by, len);
	return from + len + size - to;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static struct config c;
	const char *text = (const char *)data;

	if (config_parse(&c, text, size, "c") == 0)
		read_all(&c);
	else
		check(strncmp(err.text, "c:", 2) == 0);
	if (config_parse_process(&c, text, size, "p") == 0)
		read_object(OBJECT_process, (const char *)c.spec.process);
	try_state(text, size);
	arena_reset();
	return 0;
}
