/* SPDX-License-Identifier: Apache-2.0 */
/* base/jsonw and base/utf8: what is written is what Go's encoder would write,
 * and reads back as it was. */
#include "base/jsonw.h"
#include "base/utf8.h"
#include "oci/json.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A bit of everything. */
static void write_all(struct jsonw *w)
{
	jsonw_object(w, NULL);
	jsonw_str(w, "s", "v");
	jsonw_object(w, "empty");
	jsonw_end(w);
	jsonw_array(w, "none");
	jsonw_end(w);
	jsonw_array(w, "a");
	jsonw_u64(w, NULL, UINT64_MAX);
	jsonw_i64(w, NULL, INT64_MIN);
	jsonw_raw(w, NULL, "0.50,", 4);
	jsonw_array(w, NULL);
	jsonw_object(w, NULL);
	jsonw_bool(w, "t", true);
	jsonw_bool(w, "f", false);
	jsonw_end(w);
	jsonw_end(w);
	jsonw_end(w);
	jsonw_str(w, "last", "");
	jsonw_end(w);
}

static const struct {
	unsigned int indent;
	const char *expected, *name;
} forms[] = {
	{ 0,
	  "{\"s\":\"v\",\"empty\":{},\"none\":[],\"a\":[18446744073709551615,"
	  "-9223372036854775808,0.50,[{\"t\":true,\"f\":false}]],\"last\":\"\"}",
	  "one line" },
	{ 2,
	  "{\n"
	  "  \"s\": \"v\",\n"
	  "  \"empty\": {},\n"
	  "  \"none\": [],\n"
	  "  \"a\": [\n"
	  "    18446744073709551615,\n"
	  "    -9223372036854775808,\n"
	  "    0.50,\n"
	  "    [\n"
	  "      {\n"
	  "        \"t\": true,\n"
	  "        \"f\": false\n"
	  "      }\n"
	  "    ]\n"
	  "  ],\n"
	  "  \"last\": \"\"\n"
	  "}",
	  "two spaces" },
	{ JSONW_TAB,
	  "{\n"
	  "\t\"s\": \"v\",\n"
	  "\t\"empty\": {},\n"
	  "\t\"none\": [],\n"
	  "\t\"a\": [\n"
	  "\t\t18446744073709551615,\n"
	  "\t\t-9223372036854775808,\n"
	  "\t\t0.50,\n"
	  "\t\t[\n"
	  "\t\t\t{\n"
	  "\t\t\t\t\"t\": true,\n"
	  "\t\t\t\t\"f\": false\n"
	  "\t\t\t}\n"
	  "\t\t]\n"
	  "\t],\n"
	  "\t\"last\": \"\"\n"
	  "}",
	  "a tab" },
};

static void test_forms(void)
{
	char text[1024];

	for (size_t i = 0; i < COUNT(forms); i++) {
		struct sbuf b = SBUF(text);
		struct jsonw w = { .b = &b, .indent = forms[i].indent };
		struct json j;

		write_all(&w);
		is_str(text, forms[i].expected, forms[i].name);
		is_num(json_parse(&j, text, b.len, "x"), 0, "is JSON");
		is_num(w.depth, 0, "all is closed");
	}
}

static void test_scalars(void)
{
	char text[64];
	struct sbuf b = SBUF(text);
	struct jsonw w = { .b = &b, .indent = 2 };

	jsonw_str(&w, NULL, "alone");
	is_str(text, "\"alone\"", "a document need not be an object");
}

static const struct {
	const char *in, *out;
} strings[] = {
	{ "", "\"\"" },
	{ "a/b", "\"a/b\"" },
	{ "\"\\", "\"\\\"\\\\\"" },
	{ "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
	{ "\x01\x1b\x1f\x7f", "\"\\u0001\\u001b\\u001f\\u007f\"" },
	{ "<a> & 'b'", "\"<a> & 'b'\"" },
	{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	  "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
	{ "\xff", "\"\\ufffd\"" },
	{ "a\xc3", "\"a\\ufffd\"" },
	{ "\xc3z", "\"\\ufffdz\"" },
	{ "\xe2\x82z", "\"\\ufffd\\ufffdz\"" },
	{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
	{ "\xc0\x80", "\"\\ufffd\\ufffd\"" },
};

static void test_strings(void)
{
	char text[64];
	struct json j;

	for (size_t i = 0; i < COUNT(strings); i++) {
		struct sbuf b = SBUF(text);
		struct jsonw w = { .b = &b };

		jsonw_str(&w, NULL, strings[i].in);
		is_str(text, strings[i].out, "a string");
		is_num(json_parse(&j, text, b.len, "x"), 0, "is JSON");
	}
}

/* Every string of one and of two bytes is written as JSON; what is UTF-8 comes
 * back. */
static void test_all_strings(void)
{
	char text[64];
	long wrong = 0, same = 0;
	struct json j;

	for (unsigned int c = 1; c < 0x10000; c++) {
		char in[] = { (char)(c & 0xff), (char)(c >> 8), '\0' };
		struct sbuf b = SBUF(text);
		struct jsonw w = { .b = &b };

		jsonw_object(&w, NULL);
		jsonw_str(&w, in, in);
		jsonw_end(&w);
		if (json_parse(&j, text, b.len, "x") < 0)
			wrong++;
		else if (strcmp(json_word(&j, 1), in) == 0)
			same += strcmp(json_word(&j, 2), in) == 0;
	}
	is_num(wrong, 0, "all strings of two bytes");
	/* One byte; two of ASCII; nothing, where the first byte is 0; 30 lead
	 * bytes with 64 that may follow. */
	is_num(same, 127 + 127 * 127 + 255 + 30 * 64,
	       "those of UTF-8 come back");
}

static void test_full(void)
{
	char text[16];
	struct sbuf b = SBUF(text);
	struct jsonw w = { .b = &b };

	write_all(&w);
	ok(b.full, "what does not fit is seen");
	is_num((long long)strlen(text), 15, "the buffer is a string");
}

static void test_utf8(void)
{
	long wrong = 0;
	char text[8];

	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		size_t n = utf8_put(text, c), expected;

		text[n] = '\0';
		expected = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		wrong += n != expected;
		if (c >= 0xd800 && c <= 0xdfff)
			expected = 0;
		wrong += utf8_length(text) != expected;
		/* A character that is cut off is none. */
		text[n - 1] = '\0';
		wrong += n > 1 && utf8_length(text) != 0;
	}
	is_num(wrong, 0, "every code point");
}

int main(void)
{
	test_forms();
	test_scalars();
	test_strings();
	test_all_strings();
	test_full();
	test_utf8();
	return done();
}
