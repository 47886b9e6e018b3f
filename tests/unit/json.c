/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oci/json: what is a document and what is not, where it says so, what comes
 * out, and which files it reads.
 *
 * With an argument it is no test but half of one (unit/json.t): the file has
 * documents, each after its length as four bytes, little-endian; a line says
 * "1" or what is wrong with each.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "oci/json.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A literal that may contain NUL. */
#define TEXT(s) s, sizeof(s) - 1

struct text {
	const char *s;
	size_t len;
	const char *say; /* the error after the name, NULL for none */
};

static const struct text good[] = {
	{ TEXT("{}"), NULL },
	{ TEXT("[]"), NULL },
	{ TEXT("0"), NULL },
	{ TEXT("-0"), NULL },
	{ TEXT("\"\""), NULL },
	{ TEXT("null"), NULL },
	{ TEXT("true"), NULL },
	{ TEXT("false"), NULL },
	{ TEXT(" \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n"), NULL },
	{ TEXT("{\"a\":1,\"b\":[1,{\"a\":1}],\"c\":{}}"), NULL },
	{ TEXT("{ \"a\" : 1 , \"b\" : 2 }"), NULL },
	{ TEXT("[0,-1,10,1.5,-0.0,1e3,1E+3,1e-3,123.456e789]"), NULL },
	{ TEXT("[[[[[[]]]]]]"), NULL },
	{ TEXT("[[],[],{},{}]"), NULL },
	{ TEXT("{\"\":1}"), NULL },
	{ TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\""), NULL },
	{ TEXT("\"\\ud83d\\ude00\\uD83D\\uDE00\""), NULL },
	{ TEXT("\"\x7f\""), NULL },
	{ TEXT("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""), NULL },
	{ TEXT("\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\""), NULL },
	{ TEXT("\"\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80"
	       "\xf4\x8f\xbf\xbf\""),
	  NULL },
	{ TEXT("{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}"), NULL },
	{ TEXT("[{\"a\":1},{\"a\":1}]"), NULL },
	{ TEXT("{\"a\":1,\"A\":1,\"aa\":1,\"\":1}"), NULL },
	{ TEXT("[\"\",\"\",\"a\",\"\"]"), NULL },
	{ TEXT("{\"a\":\"\",\"b\":\"\",\"c\":[],\"d\":\"\"}"), NULL },
};

#define MEMBER "expected ',' or '}' after a member of an object, found "
#define ELEMENT "expected ',' or ']' after an element of an array, found "
#define ESCAPE                                                         \
	"unknown escape in a string: there are \\\" \\\\ \\/ \\b \\f " \
	"\\n \\r \\t and \\u"

static const struct text bad[] = {
	/* What jsmn lets through. */
	{ TEXT("{\"a\":1,}"),
	  "1:8: expected a key in quotes after ',', found '}'" },
	{ TEXT("{\"a\"}"), "1:5: expected ':' after a key, found '}'" },
	{ TEXT("{\"a\",\"b\":1}"), "1:5: expected ':' after a key, found ','" },
	{ TEXT("{\"a\":}"), "1:6: expected a value, found '}'" },
	{ TEXT("{\"a\" \"b\"}"), "1:6: expected ':' after a key, found '\"'" },
	{ TEXT("{\"a\":::1}"), "1:6: expected a value, found ':'" },
	{ TEXT("{\"a\":1 \"b\":2}"), "1:8: " MEMBER "'\"'" },
	{ TEXT("{}{}"), "1:3: expected the end after the document, found '{'" },
	{ TEXT("{,}"), "1:2: expected a key in quotes, or '}', found ','" },
	{ TEXT("[1 2]"), "1:4: " ELEMENT "'2'" },
	{ TEXT("[1,,2]"), "1:4: expected a value, found ','" },
	{ TEXT("[1,]"), "1:4: expected a value, found ']'" },
	{ TEXT(":,:,:{},:,"), "1:1: expected a value, found ':'" },
	{ TEXT("{\"a\":tru}"), "1:6: expected a value, found 't'" },
	{ TEXT("{\"a\":nan}"), "1:6: expected a value, found 'n'" },
	{ TEXT("{\"a\":01}"), "1:6: a number must not begin with 0" },
	{ TEXT("{\"a\":1e}"), "1:8: expected a digit, found '}'" },
	{ TEXT("{\"a\":-}"), "1:7: expected a digit, found '}'" },
	{ TEXT("\"\\ud800\""), "1:2: \\ud800: half of a surrogate pair" },
	{ TEXT("\"\x01\""),
	  "1:2: control character 0x01 in a string: escape it" },
	{ TEXT("\"\xff\""), "1:2: invalid UTF-8 (byte 0xff)" },
	{ TEXT("{\"a\":1,\n \"a\":2}"),
	  "2:2: a: duplicate key, first at line 1, column 2" },
	/* Nothing, and what is not JSON at all. */
	{ TEXT(""), "1:1: expected a value, found the end" },
	{ TEXT(" \n "), "2:2: expected a value, found the end" },
	{ TEXT("\xef\xbb\xbf{}"),
	  "1:1: a byte order mark: save the file as UTF-8 without one" },
	{ TEXT("\xff\xfe{\0}\0"),
	  "1:1: expected a value, found the byte 0xff" },
	{ TEXT("\0"), "1:1: expected a value, found the byte 0x00" },
	{ TEXT("hello"), "1:1: expected a value, found 'h'" },
	{ TEXT("'a'"), "1:1: expected a value, found '''" },
	{ TEXT("// {}"), "1:1: expected a value, found '/'" },
	{ TEXT("{} // x"),
	  "1:4: expected the end after the document, found '/'" },
	{ TEXT("{}\0"),
	  "1:3: expected the end after the document, found the byte 0x00" },
	{ TEXT("{}\v"),
	  "1:3: expected the end after the document, found the byte 0x0b" },
	{ TEXT("}"), "1:1: expected a value, found '}'" },
	{ TEXT("]"), "1:1: expected a value, found ']'" },
	/* Containers */
	{ TEXT("{"), "1:2: expected a key in quotes, or '}', found the end" },
	{ TEXT("["), "1:2: expected a value, found the end" },
	{ TEXT("[\n\n"), "3:1: expected a value, found the end" },
	{ TEXT("[1"), "1:3: " ELEMENT "the end" },
	{ TEXT("{]"), "1:2: expected a key in quotes, or '}', found ']'" },
	{ TEXT("[}"), "1:2: expected a value, found '}'" },
	{ TEXT("[1}"), "1:3: " ELEMENT "'}'" },
	{ TEXT("{\"a\":1]"), "1:7: " MEMBER "']'" },
	{ TEXT("{a:1}"), "1:2: expected a key in quotes, or '}', found 'a'" },
	{ TEXT("{1:1}"), "1:2: expected a key in quotes, or '}', found '1'" },
	{ TEXT("{null:1}"),
	  "1:2: expected a key in quotes, or '}', found 'n'" },
	{ TEXT("{[]:1}"), "1:2: expected a key in quotes, or '}', found '['" },
	{ TEXT("{\"a\":1,,\"b\":2}"),
	  "1:8: expected a key in quotes after ',', found ','" },
	{ TEXT("{\"a\":1,b:2}"),
	  "1:8: expected a key in quotes after ',', found 'b'" },
	{ TEXT("{\"a\":1:2}"), "1:7: " MEMBER "':'" },
	{ TEXT("[1:2]"), "1:3: " ELEMENT "':'" },
	{ TEXT("[\"a\" \"b\"]"), "1:6: " ELEMENT "'\"'" },
	{ TEXT("[][]"), "1:3: expected the end after the document, found '['" },
	{ TEXT("[1],"), "1:4: expected the end after the document, found ','" },
	{ TEXT("1 2"), "1:3: expected the end after the document, found '2'" },
	{ TEXT("\"a\" \"b\""),
	  "1:5: expected the end after the document, found '\"'" },
	{ TEXT("[1,\0002]"), "1:4: expected a value, found the byte 0x00" },
	{ TEXT("[1\0,2]"), "1:3: " ELEMENT "the byte 0x00" },
	{ TEXT("[1\xc2\xa0,2]"), "1:3: " ELEMENT "the byte 0xc2" },
	/* Words */
	{ TEXT("[True]"), "1:2: expected a value, found 'T'" },
	{ TEXT("[truefalse]"), "1:6: " ELEMENT "'f'" },
	{ TEXT("[nul]"), "1:2: expected a value, found 'n'" },
	{ TEXT("[NaN]"), "1:2: expected a value, found 'N'" },
	{ TEXT("[Infinity]"), "1:2: expected a value, found 'I'" },
	{ TEXT("[undefined]"), "1:2: expected a value, found 'u'" },
	/* Numbers */
	{ TEXT("[00]"), "1:2: a number must not begin with 0" },
	{ TEXT("[-01]"), "1:3: a number must not begin with 0" },
	{ TEXT("[+1]"), "1:2: expected a value, found '+'" },
	{ TEXT("[.5]"), "1:2: expected a value, found '.'" },
	{ TEXT("[1.]"), "1:4: expected a digit, found ']'" },
	{ TEXT("[1.e3]"), "1:4: expected a digit, found 'e'" },
	{ TEXT("[1e+]"), "1:5: expected a digit, found ']'" },
	{ TEXT("[1e1.5]"), "1:5: " ELEMENT "'.'" },
	{ TEXT("[--1]"), "1:3: expected a digit, found '-'" },
	{ TEXT("[-Infinity]"), "1:3: expected a digit, found 'I'" },
	{ TEXT("[0x10]"), "1:3: " ELEMENT "'x'" },
	{ TEXT("[1_000]"), "1:3: " ELEMENT "'_'" },
	{ TEXT("[1.2.3]"), "1:5: " ELEMENT "'.'" },
	{ TEXT("-"), "1:2: expected a digit, found the end" },
	{ TEXT("1e"), "1:3: expected a digit, found the end" },
	/* Strings */
	{ TEXT("\""), "1:1: this string has no end" },
	{ TEXT("[\"a"), "1:2: this string has no end" },
	{ TEXT("[\"a\\\""), "1:2: this string has no end" },
	{ TEXT("{\"a"), "1:2: this string has no end" },
	{ TEXT("\"\\"), "1:2: " ESCAPE },
	{ TEXT("\"a\nb\""),
	  "1:3: control character 0x0a in a string: escape it" },
	{ TEXT("\"\x1f\""),
	  "1:2: control character 0x1f in a string: escape it" },
	{ TEXT("\"a\0b\""), "1:3: control character 0x00 in a string" },
	{ TEXT("{\"a\0\":1}"), "1:4: control character 0x00 in a string" },
	{ TEXT("\"\\x41\""), "1:2: " ESCAPE },
	{ TEXT("\"\\'\""), "1:2: " ESCAPE },
	{ TEXT("\"\\\0\""), "1:2: " ESCAPE },
	{ TEXT("\"\\a\""), "1:2: " ESCAPE },
	{ TEXT("\"\\U0041\""), "1:2: " ESCAPE },
	{ TEXT("\"\\u\""), "1:2: expected four hexadecimal digits after \\u" },
	{ TEXT("\"\\u004\""),
	  "1:2: expected four hexadecimal digits after \\u" },
	{ TEXT("\"\\u00g1\""),
	  "1:2: expected four hexadecimal digits after \\u" },
	{ TEXT("\"\\u00"), "1:2: expected four hexadecimal digits after \\u" },
	{ TEXT("\"\\u0000\""),
	  "1:2: \\u0000: a string must not contain a NUL" },
	{ TEXT("{\"a\\u0000b\":1}"),
	  "1:4: \\u0000: a string must not contain a NUL" },
	{ TEXT("\"\\udc00\""), "1:2: \\udc00: half of a surrogate pair" },
	{ TEXT("\"\\ud800\\ud800\""),
	  "1:2: \\ud800: half of a surrogate pair" },
	{ TEXT("\"\\ud800\\u0041\""),
	  "1:2: \\ud800: half of a surrogate pair" },
	{ TEXT("\"\\ud800x\""), "1:2: \\ud800: half of a surrogate pair" },
	{ TEXT("\"\\ud800\\"), "1:2: \\ud800: half of a surrogate pair" },
	/* UTF-8 */
	{ TEXT("\"\x80\""), "1:2: invalid UTF-8 (byte 0x80)" },
	{ TEXT("\"a\xc3\""), "1:3: invalid UTF-8 (byte 0xc3)" },
	{ TEXT("\"\xc3"), "1:2: invalid UTF-8 (byte 0xc3)" },
	{ TEXT("\"\xc0\xaf\""), "1:2: invalid UTF-8 (byte 0xc0)" },
	{ TEXT("\"\xc1\xbf\""), "1:2: invalid UTF-8 (byte 0xc1)" },
	{ TEXT("\"\xe0\x9f\xbf\""), "1:2: invalid UTF-8 (byte 0xe0)" },
	{ TEXT("\"\xed\xa0\x80\""), "1:2: invalid UTF-8 (byte 0xed)" },
	{ TEXT("\"\xe2\x82\""), "1:2: invalid UTF-8 (byte 0xe2)" },
	{ TEXT("\"\xf0\x8f\xbf\xbf\""), "1:2: invalid UTF-8 (byte 0xf0)" },
	{ TEXT("\"\xf4\x90\x80\x80\""), "1:2: invalid UTF-8 (byte 0xf4)" },
	{ TEXT("\"\xf5\x80\x80\x80\""), "1:2: invalid UTF-8 (byte 0xf5)" },
	{ TEXT("\"\xf0\x9f\x98\""), "1:2: invalid UTF-8 (byte 0xf0)" },
	{ TEXT("{\"\xff\":1}"), "1:3: invalid UTF-8 (byte 0xff)" },
	/* Duplicate keys */
	{ TEXT("{\"a\":1,\"b\":2,\"a\":3}"),
	  "1:14: a: duplicate key, first at line 1, column 2" },
	{ TEXT("{\"a\":1,\"\\u0061\":2}"),
	  "1:8: \\u0061: duplicate key, first at line 1, column 2" },
	{ TEXT("[{\"x\":{\"\":1,\"\":2}}]"),
	  "1:13: [0].x[\"\"]: duplicate key, first at line 1, column 8" },
	{ TEXT("{\"a.b\":{\"c\":{},\"c\":[]}}"),
	  "1:16: [\"a.b\"].c: duplicate key, first at line 1, column 9" },
};

static int parse(struct json *j, const struct text *t)
{
	return json_parse(j, t->s, t->len, "x");
}

/* For the name of a test: one line of ASCII. */
static const char *name(const struct text *t)
{
	static char buf[256];
	size_t n = 0;

	for (size_t i = 0; i < t->len && n < sizeof(buf) - 8; i++) {
		unsigned char c = (unsigned char)t->s[i];

		if (c >= ' ' && c < 0x7f && c != '#' && c != '\\')
			buf[n++] = (char)c;
		else
			n += (size_t)sprintf(buf + n, "<%02x>", c);
	}
	buf[n] = '\0';
	return buf;
}

static void test_grammar(void)
{
	struct json j;

	for (size_t i = 0; i < COUNT(good); i++)
		if (!ok(parse(&j, &good[i]) == 0, "takes %s", name(&good[i])))
			printf("# %s\n", err.text);
	for (size_t i = 0; i < COUNT(bad); i++) {
		int ret = parse(&j, &bad[i]);
		bool right = ret == -EINVAL && err.num == EINVAL &&
			     strncmp(err.text, "x:", 2) == 0 &&
			     strcmp(err.text + 2, bad[i].say) == 0;

		if (ok(right, "refuses %s", name(&bad[i])))
			continue;
		printf("# got      %s\n# expected x:%s\n",
		       ret ? err.text : "(taken)", bad[i].say);
	}
}

/* Every prefix of a document is none. */
static void test_prefixes(void)
{
	static const char text[] =
		"{\"a\":[1,-2.5e3,true,null,\"\\u00e9\\n\xc3\xa9\"],\"b\":{}}";
	struct json j;
	size_t taken = 0, n;

	for (n = 0; n < sizeof(text) - 1; n++)
		taken += json_parse(&j, text, n, "x") == 0;
	is_num((long long)taken, 0, "no prefix of a document is one");
	is_num(json_parse(&j, text, n, "x"), 0, "the whole is");
}

static char *repeat(const char *s, size_t times)
{
	size_t n = strlen(s);
	char *p = malloc(n * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(p + i * n, s, n);
	p[n * times] = '\0';
	return p;
}

static void test_nesting(void)
{
	static const char *const open[] = { "[", "{\"a\":" };
	static const char *const close[] = { "]", "}" };
	struct json j;
	char text[8192];

	for (int i = 0; i < 2; i++) {
		sprintf(text, "%s%s%s", repeat(open[i], 64), i ? "1" : "",
			repeat(close[i], 64));
		is_num(json_parse(&j, text, strlen(text), "x"), 0,
		       "64 levels are taken");
		sprintf(text, "%s%s%s", repeat(open[i], 65), i ? "1" : "",
			repeat(close[i], 65));
		is_num(json_parse(&j, text, strlen(text), "x"), -EINVAL,
		       "65 are not");
		is_str(err.text,
		       i ? "x:1:321: nested more than 64 deep" :
			   "x:1:65: nested more than 64 deep",
		       "and says where");
	}
	sprintf(text, "%s", repeat("[", 500));
	is_num(json_parse(&j, text, 500, "x"), -EINVAL, "nor 500 without end");
	sprintf(text, "[%s1]", repeat("[],", 200));
	is_num(json_parse(&j, text, strlen(text), "x"), 0,
	       "but 200 beside each other");
}

static void test_tokens(void)
{
	static const char text[] =
		"{\"a\":[1,\"b\\n\",{}],\"c\":{\"\":true},\"d\":\"\","
		"\"e\":-2.5e3}";
	static const struct json_token expected[] = {
		{ JSON_OBJECT, 0, 54, 4, -1 },
		{ JSON_STRING, 2, 3, 1, 0 },
		{ JSON_ARRAY, 5, 17, 3, 1 },
		{ JSON_PRIMITIVE, 6, 7, 0, 2 },
		{ JSON_STRING, 9, 12, 0, 2 },
		{ JSON_OBJECT, 14, 16, 0, 2 },
		{ JSON_STRING, 19, 20, 1, 0 },
		{ JSON_OBJECT, 22, 31, 1, 6 },
		{ JSON_STRING, 24, 24, 1, 7 },
		{ JSON_PRIMITIVE, 26, 30, 0, 8 },
		{ JSON_STRING, 33, 34, 1, 0 },
		{ JSON_STRING, 37, 37, 0, 10 },
		{ JSON_STRING, 40, 41, 1, 0 },
		{ JSON_PRIMITIVE, 43, 49, 0, 12 },
	};
	static const char *const words[COUNT(expected)] = {
		[1] = "a",  [3] = "1",       [4] = "b\n", [6] = "c",
		[8] = "",   [9] = "true",    [10] = "d",  [11] = "",
		[12] = "e", [13] = "-2.5e3",
	};
	static const int next[COUNT(expected)] = { 14, 6,  6,  4,  5,  6,  10,
						   10, 10, 10, 12, 12, 14, 14 };
	struct json j;
	size_t wrong = 0;

	is_num(json_parse(&j, text, sizeof(text) - 1, "x"), 0, "parses");
	is_num(j.ntok, COUNT(expected), "all tokens");
	for (int i = 0; i < j.ntok; i++) {
		struct json_token t = expected[i];

		if (i == 0)
			t.end = (int)sizeof(text) - 1;
		if (memcmp(&t, &j.tok[i], sizeof(t)) != 0 ||
		    json_next(&j, i) != next[i] ||
		    (words[i] && strcmp(words[i], json_word(&j, i)) != 0)) {
			printf("# token %d: type %d, %d to %d, size %d, parent "
			       "%d, next %d, \"%s\"\n",
			       i, j.tok[i].type, j.tok[i].start, j.tok[i].end,
			       j.tok[i].size, j.tok[i].parent, json_next(&j, i),
			       json_word(&j, i));
			wrong++;
		}
	}
	is_num((long long)wrong, 0, "each is what it should be");
	ok(j.len == sizeof(text) - 1 && memcmp(j.text, text, j.len) == 0,
	   "the text is as it was");
}

static void test_unescape(void)
{
	static const char text[] =
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t|\\u0001\\u007f\\u0080\\u07ff"
		"\\u0800\\uFfFf\\ud800\\udc00\\uDBFF\\uDFFF|\xc3\xa9\"";
	struct json j;

	is_num(json_parse(&j, text, sizeof(text) - 1, "x"), 0, "all escapes");
	is_str(json_word(&j, 0),
	       "\"\\/\b\f\n\r\t|\x01\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80"
	       "\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf|\xc3\xa9",
	       "become what they stand for");
}

/* Every code point that may be written, by escape and by itself. */
static void test_code_points(void)
{
	struct json j;
	char text[32];
	long wrong = 0;

	for (unsigned int c = 1; c <= 0x10ffff; c += c < 0x300 ? 1 : 97) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		if (c < 0x10000)
			sprintf(text, "\"\\u%04x\"", c);
		else
			sprintf(text, "\"\\u%04X\\u%04x\"",
				0xd800 + ((c - 0x10000) >> 10),
				0xdc00 + ((c - 0x10000) & 0x3ff));
		if (json_parse(&j, text, strlen(text), "x") < 0) {
			wrong++;
			continue;
		}
		sprintf(text, "\"%s\"", json_word(&j, 0));
		if (c < ' ' || c == '"' || c == '\\')
			continue;
		wrong += json_parse(&j, text, strlen(text), "x") < 0;
	}
	is_num(wrong, 0, "every code point, escaped and plain");
}

static void test_find(void)
{
	static const char text[] =
		"{\"a\":[{\"b\":1},[2,3]],\n\"c.d\":{\"e\":\"x\"},\n\"f\":{}}";
	static const struct {
		const char *path, *shown;
	} rows[] = {
		{ "", "an object" },
		{ "a", "an array" },
		{ "a[0]", "an object" },
		{ "a[0].b", "1" },
		{ "a[1][1]", "3" },
		{ "[\"c.d\"]", "an object" },
		{ "[\"c.d\"].e", "\"x\"" },
		{ "f", "an object" },
		{ "f.g.h", "an object" },
		{ "a[7]", "an array" },
		{ "a[0].b.c[1]", "1" },
		{ "nothing", "an object" },
		{ "a[99999999999]", "an array" },
		{ "]", "an object" },
		{ "a..[", "an array" },
	};
	struct json j;

	json_parse(&j, text, sizeof(text) - 1, "x");
	for (size_t i = 0; i < COUNT(rows); i++)
		is_str(json_show(&j, json_find(&j, rows[i].path)),
		       rows[i].shown, rows[i].path);
	json_error(&j, json_find(&j, "a[1][1]"), NULL, "no");
	is_str(err.text, "x:1:18: a[1][1]: no", "path and place of an element");
	json_error(&j, json_find(&j, "[\"c.d\"].e"), NULL, "no");
	is_str(err.text, "x:2:12: [\"c.d\"].e: no", "and of a member");
	json_error(&j, json_find(&j, "f"), "g", "missing");
	is_str(err.text, "x:3:5: f.g: missing", "and of what is not there");
	json_error(&j, 0, NULL, "no");
	is_str(err.text, "x:1:1: no", "and of the document");
}

static void test_show(void)
{
	struct json j;
	char text[200];

	sprintf(text, "[\"%s\",%s]", repeat("a", 60), repeat("1", 60));
	json_parse(&j, text, strlen(text), "x");
	sprintf(text, "\"%s...\"", repeat("a", 48));
	is_str(json_show(&j, 1), text, "a long string is cut");
	sprintf(text, "%s...", repeat("1", 48));
	is_str(json_show(&j, 2), text, "a long number is cut");
	sprintf(text, "\"%s\"", repeat("\xe2\x82\xac", 17));
	json_parse(&j, text, strlen(text), "x");
	sprintf(text, "\"%s...\"", repeat("\xe2\x82\xac", 16));
	is_str(json_show(&j, 0), text, "between characters");
	sprintf(text, "\"x%s\"", repeat("\xe2\x82\xac", 17));
	json_parse(&j, text, strlen(text), "x");
	sprintf(text, "\"x%s...\"", repeat("\xe2\x82\xac", 15));
	is_str(json_show(&j, 0), text, "never inside of one");
	json_parse(&j, TEXT("\"a\\u001b[31m\\n\""), "x");
	is_str(json_show(&j, 0), "\"a\\u001b[31m\\n\"", "escapes stay");
}

/* Files */

static char dir[256];

static const char *path(const char *file)
{
	static char buf[512];

	sprintf(buf, "%s/%s", dir, file);
	return buf;
}

static void write_file(const char *file, const char *text, size_t len)
{
	FILE *f = fopen(path(file), "w");

	fwrite(text, 1, len, f);
	fclose(f);
}

static void load(const char *file, const char *say, const char *what)
{
	struct json j;
	int dirfd = open(dir, O_RDONLY | O_DIRECTORY);
	int ret = json_load(&j, dirfd, file, file);

	close(dirfd);
	is_str(ret < 0 ? err.text : "", say, what);
}

static void remove_files(void)
{
	static const char *const names[] = { "good", "empty",   "fifo", "link",
					     "loop", "largest", "large" };

	for (size_t i = 0; i < COUNT(names); i++)
		unlink(path(names[i]));
	rmdir(path("dir"));
	rmdir(dir);
}

static void test_files(void)
{
	const char *tmp = getenv("TMP");
	char *big, loop[128];
	struct json j;
	int fd, saved;

	snprintf(dir, sizeof(dir), "%s/json.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		exit(1);
	write_file("good", "{\"a\":1}", 7);
	write_file("empty", "", 0);
	mkdir(path("dir"), 0700);
	mkfifo(path("fifo"), 0600);
	symlink("good", path("link"));
	symlink("loop", path("loop"));
	alarm(100);
	load("good", "", "a file");
	load("link", "", "a link to it");
	load("empty", "empty:1:1: expected a value, found the end",
	     "an empty one");
	load("none", "open none: No such file or directory", "none");
	load("dir", "dir: Is a directory", "a directory");
	load("fifo", "fifo: not a regular file", "a FIFO nobody writes to");
	load("/dev/zero", "/dev/zero: not a regular file", "a device");
	is_num(json_load_given(&j, "/dev/zero"), -EINVAL, "one that is given");
	sprintf(loop, "open loop: %s", strerror(ELOOP));
	load("loop", loop, "a link to itself");
	load("good/x", "open good/x: Not a directory", "a file as directory");

	big = repeat(" ", JSON_SIZE_MAX + 1);
	big[0] = '1';
	write_file("largest", big, JSON_SIZE_MAX);
	load("largest", "", "the largest");
	write_file("large", big, JSON_SIZE_MAX + 1);
	load("large",
	     "large: larger than 16777216 bytes, the most that is read",
	     "one byte more");
	truncate(path("large"), 20 << 20);
	load("large",
	     "large: larger than 16777216 bytes, the most that is read",
	     "20 MiB");

	/* Files that say 0 and have more: they grow while they are read. */
	load("/proc/self/status",
	     "/proc/self/status:1:1: expected a value, found 'N'",
	     "a file of procfs");

	saved = dup(0);
	close(0);
	fd = open(path("good"), O_RDONLY);
	is_num(fd, 0, "standard input is a file");
	is_num(json_load_given(&j, "-"), 0, "and is read");
	ok(j.len == 7 && j.ntok == 3, "to its end");
	dup2(saved, 0);

	if (fork() == 0) {
		usleep(50000);
		write_file("fifo", "[1]", 3);
		_exit(0);
	}
	is_num(json_load_given(&j, path("fifo")), 0, "a FIFO is waited for");
	is_num(j.ntok, 2, "and read");
	wait(NULL);
	remove_files();
}

/* More than the first buffer holds, through a pipe, in pieces. */
static void test_pipe(void)
{
	char *item = repeat("12345678,", 10000);
	struct json j;
	int fds[2], saved = dup(0), status;
	pid_t pid;

	pipe(fds);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		if (write(fds[1], "[", 1) != 1)
			_exit(1);
		for (int i = 0; i < 10; i++)
			if (write(fds[1], item, 90000) != 90000)
				_exit(1);
		_exit(write(fds[1], "0]", 2) != 2);
	}
	close(fds[1]);
	dup2(fds[0], 0);
	is_num(json_load_given(&j, "-"), 0, "a pipe");
	waitpid(pid, &status, 0);
	is_num(status, 0, "is read to its end");
	is_num(j.ntok, 100002, "all of it");
	ok(memcmp(j.text + 90001, "12345678,", 9) == 0, "without a gap");
	dup2(saved, 0);
}

static void test_large(void)
{
	char *text = malloc(5 << 20), *p;
	struct json j;

	p = text + sprintf(text, "{");
	for (int i = 0; i < 100000; i++)
		p += sprintf(p, "\"com.example.key%d\":\"value%d\",\n", i, i);
	sprintf(p, "\"last\":1}");
	is_num(json_parse(&j, text, strlen(text), "x"), 0, "100,000 keys");
	sprintf(p, "\"com.example.key7\":1}");
	json_parse(&j, text, strlen(text), "x");
	is_str(err.text,
	       "x:100001:1: [\"com.example.key7\"]: duplicate key, first at "
	       "line 8, column 1",
	       "the one that is there twice");

	text[0] = '[';
	for (p = text + 1; p < text + 2 * JSON_TOKENS_MAX; p += 2)
		memcpy(p, "1,", 2);
	strcpy(text + 2 * JSON_TOKENS_MAX - 2, "]");
	is_num(json_parse(&j, text, strlen(text), "x"), 0,
	       "as many values as there may be");
	is_num(j.ntok, JSON_TOKENS_MAX, "to the last");
	strcpy(text + 2 * JSON_TOKENS_MAX - 2, ",1]");
	json_parse(&j, text, strlen(text), "x");
	is_str(err.text, "x:1:2097152: more than 1048576 keys and values",
	       "and one more");
}

static int judge(const char *file)
{
	static char text[1 << 20];
	unsigned char head[4];
	FILE *f = fopen(file, "r");
	struct json j;
	size_t len;

	if (!f)
		return 2;
	while (fread(head, 1, 4, f) == 4) {
		len = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16;
		if (len > sizeof(text) || fread(text, 1, len, f) != len)
			return 2;
		puts(json_parse(&j, text, len, "x") == 0 ? "1" : err.text);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return judge(argv[1]);
	test_grammar();
	test_prefixes();
	test_nesting();
	test_tokens();
	test_unescape();
	test_code_points();
	test_find();
	test_show();
	test_files();
	test_pipe();
	test_large();
	return done();
}
