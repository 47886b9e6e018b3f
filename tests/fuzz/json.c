/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer on oci/json: whatever is taken is consistent, can be named and
 * found, and is the same document after it was written and read again.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "base/err.h"
#include "base/jsonw.h"
#include "oci/json.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check(bool right)
{
	if (!right)
		abort();
}

/* Containers open in w are closed until the parent of tok is innermost. */
static void write_token(struct jsonw *w, const struct json *j, int tok)
{
	int parent = j->tok[tok].parent;
	const char *key = NULL;

	if (parent >= 0 && j->tok[parent].type == JSON_OBJECT)
		return; /* a key: written with its value */
	if (parent >= 0 && j->tok[parent].type == JSON_STRING)
		key = json_word(j, parent);
	switch (j->tok[tok].type) {
	case JSON_OBJECT:
		jsonw_object(w, key);
		break;
	case JSON_ARRAY:
		jsonw_array(w, key);
		break;
	default:
		jsonw_str(w, key, json_word(j, tok));
	}
}

static void write_document(struct jsonw *w, const struct json *j)
{
	int ends[JSON_DEPTH_MAX], depth = 0;

	for (int i = 0; i < j->ntok; i++) {
		for (; depth && ends[depth - 1] <= i; depth--)
			jsonw_end(w);
		write_token(w, j, i);
		if (j->tok[i].type <= JSON_ARRAY)
			ends[depth++] = json_next(j, i);
	}
	for (; depth; depth--)
		jsonw_end(w);
}

static void check_token(const struct json *j, int tok)
{
	const struct json_token *t = &j->tok[tok];
	int next = json_next(j, tok), found;
	char path[ERR_TEXT_SIZE], *end, *begin;

	check(next > tok && next <= j->ntok && t->parent < tok);
	check(t->start >= 0 && t->start <= t->end && t->end <= (int)j->len);
	if (t->type >= JSON_STRING)
		check(strlen(json_word(j, tok)) <= (size_t)(t->end - t->start));
	check(strlen(json_show(j, tok)) < 64);
	json_error(j, tok, NULL, "|");
	begin = strchr(err.text, ' ');
	strcpy(path, begin ? begin + 1 : "");
	end = strrchr(path, ':');
	if (end)
		*end = '\0';
	found = json_find(j, end ? path : "");
	check(found >= 0 && found < j->ntok);
	/* What is neither cut nor escaped is found again; a key is its
	 * value's name. */
	if (!strchr(err.text, '\\') && !strstr(err.text, "..."))
		check(found == tok || found == tok + 1 || !end);
}

static void check_again(const struct json *j, unsigned int indent)
{
	size_t size = 8 * j->len + 256 * (size_t)j->ntok + 64;
	struct sbuf b = { .p = malloc(size), .size = size };
	struct jsonw w = { .b = &b, .indent = indent };
	struct json again;

	b.p[0] = '\0';
	/* jsonw nests one level less than json. */
	write_document(&w, j);
	check(!b.full);
	check(json_parse(&again, b.p, b.len, "again") == 0);
	check(again.ntok == j->ntok);
	for (int i = 0; i < j->ntok; i++) {
		check(again.tok[i].size == j->tok[i].size);
		check(again.tok[i].parent == j->tok[i].parent);
		if (j->tok[i].type >= JSON_STRING)
			check(strcmp(json_word(&again, i), json_word(j, i)) ==
			      0);
	}
	free(b.p);
}

static bool is_deep(const struct json *j)
{
	for (int i = 0; i < j->ntok; i++) {
		int depth = 0, t;

		if (j->tok[i].type >= JSON_STRING)
			continue;
		for (t = i; t >= 0; t = j->tok[t].parent)
			depth += j->tok[t].type <= JSON_ARRAY;
		if (depth >= JSONW_DEPTH_MAX)
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct json j;

	if (json_parse(&j, (const char *)data, size, "x") == 0) {
		check(memcmp(j.text, data, size) == 0);
		for (int i = 0; i < j.ntok && i < 200; i++)
			check_token(&j, i);
		if (!is_deep(&j)) {
			check_again(&j, 0);
			check_again(&j, JSONW_TAB);
		}
	} else {
		check(strncmp(err.text, "x:", 2) == 0);
	}
	arena_reset();
	return 0;
}
