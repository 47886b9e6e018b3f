/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oci/encode.c: what is written is what was read; and how a document of
 * resources changes others (oci/config.h).
 */
#include "base/err.h"
#include "oci/config.h"
#include "oci/encode.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *text_of(const struct spec_resources *r)
{
	static char text[4096];
	struct sbuf b = SBUF(text);
	struct jsonw w = { .b = &b };

	encode(&w, NULL, OBJECT_resources, r);
	return text;
}

/* Keys in the order of the tables, nothing that is not set. */
static const char *const documents[] = {
	"{}",
	"{\"devices\":[{\"allow\":false,\"access\":\"rwm\"},{\"allow\":true,"
	"\"type\":\"c\",\"major\":1,\"minor\":-1,\"access\":\"r\"}]}",
	"{\"memory\":{\"limit\":-1,\"reservation\":4096,"
	"\"swap\":9223372036854775807,\"kernel\":-9223372036854775808,"
	"\"swappiness\":0,\"disableOOMKiller\":false,"
	"\"checkBeforeUpdate\":true}}",
	"{\"cpu\":{\"shares\":18446744073709551615,\"quota\":-1,"
	"\"period\":100000,\"burst\":0,\"idle\":1,"
	"\"cpus\":\"0-3,\\\"\\n\"}}",
	"{\"pids\":{\"limit\":0}}",
	"{\"blockIO\":{\"weight\":10,\"weightDevice\":[{\"major\":8,"
	"\"minor\":0,\"weight\":500}],\"throttleReadBpsDevice\":[{\"major\":8,"
	"\"minor\":16,\"rate\":1}]}}",
	"{\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":0}]}",
	"{\"network\":{\"classID\":1,\"priorities\":[{\"name\":\"eth0\","
	"\"priority\":5}]}}",
	"{\"rdma\":{\"mlx5_0\":{\"hcaHandles\":1,\"hcaObjects\":2},"
	"\"b\":{\"hcaHandles\":3}}}",
	"{\"unified\":{\"memory.high\":\"1000\",\"io.max\":\"a\\nb\"}}",
};

static void test_round_trip(void)
{
	struct config c;

	for (size_t i = 0; i < COUNT(documents); i++) {
		const char *text = documents[i];

		if (config_parse_resources(&c, text, strlen(text), "x") < 0)
			ok(false, "%s: %s", text, err.text);
		else
			is_str(text_of(c.spec.linux_.resources), text,
			       "the same again");
	}
}

static const struct {
	const char *name, *before, *update, *after;
} merges[] = {
	{ "what is not named stays",
	  "{\"cpu\":{\"quota\":1000,\"period\":2000},\"pids\":{\"limit\":5}}",
	  "{\"cpu\":{\"quota\":3000}}",
	  "{\"cpu\":{\"quota\":3000,\"period\":2000},\"pids\":{\"limit\":5}}" },
	{ "what was not there comes", "{\"memory\":{\"limit\":4096}}",
	  "{\"memory\":{\"swap\":8192},\"cpu\":{\"shares\":2}}",
	  "{\"memory\":{\"limit\":4096,\"swap\":8192},\"cpu\":{\"shares\":2}}" },
	{ "an array replaces an array",
	  "{\"devices\":[{\"allow\":true,\"access\":\"r\"},"
	  "{\"allow\":true,\"access\":\"w\"}]}",
	  "{\"devices\":[{\"allow\":false,\"access\":\"m\"}]}",
	  "{\"devices\":[{\"allow\":false,\"access\":\"m\"}]}" },
	{ "null changes nothing",
	  "{\"cpu\":{\"quota\":1000},\"pids\":{\"limit\":5}}",
	  "{\"cpu\":{\"quota\":null},\"pids\":null}",
	  "{\"cpu\":{\"quota\":1000},\"pids\":{\"limit\":5}}" },
	{ "nothing changes nothing", "{\"cpu\":{\"quota\":1000}}", "{}",
	  "{\"cpu\":{\"quota\":1000}}" },
	{ "onto nothing", "{}", "{\"pids\":{\"limit\":1}}",
	  "{\"pids\":{\"limit\":1}}" },
};

static void test_merge(void)
{
	struct config before, update;

	for (size_t i = 0; i < COUNT(merges); i++) {
		const char *a = merges[i].before, *b = merges[i].update;

		if (config_parse_resources(&before, a, strlen(a), "a") < 0 ||
		    config_parse_resources(&update, b, strlen(b), "b") < 0 ||
		    config_merge_resources(&update,
					   before.spec.linux_.resources) < 0) {
			ok(false, "%s: %s", merges[i].name, err.text);
			continue;
		}
		is_str(text_of(before.spec.linux_.resources), merges[i].after,
		       merges[i].name);
		is_str(text_of(update.spec.linux_.resources),
		       strstr(b, "null") ? "{\"cpu\":{}}" : b,
		       "  and the update is as it was");
	}
}

static void test_errors(void)
{
	static const char type[] = "{\"cpu\":{\"quota\":\"x\"}}";
	static const char access[] =
		"{\"devices\":[{\"allow\":true,\"access\":\"q\"}]}";
	struct config c;

	config_parse_resources(&c, type, sizeof(type) - 1, "u");
	is_str(err.text, "u:1:17: cpu.quota: expected an integer, found \"x\"",
	       "a wrong type has its place");
	config_parse_resources(&c, access, sizeof(access) - 1, "u");
	is_str(err.text,
	       "u:1:36: devices[0].access: expected letters of \"rwm\", "
	       "found \"q\"",
	       "so has a wrong value");
	config_error(&c, "linux.resources.devices[0]", "%s", "no");
	is_str(err.text, "u:1:13: devices[0]: no",
	       "and what is found wrong later");
}

int main(void)
{
	test_round_trip();
	test_merge();
	test_errors();
	return done();
}
