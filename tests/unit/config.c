/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oci/config: what comes out of a config.json, and every error that can be in
 * one, with its place.
 *
 * With an argument it is no test but half of one (unit/schema.t): the file has
 * configs, each after its length as four bytes, little-endian; a line says "1"
 * or what is wrong with each.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "oci/config.h"
#include "oci/keys.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct config config;

static const char *data(const char *file)
{
	static char path[512];
	const char *tests = getenv("TESTS");

	snprintf(path, sizeof(path), "%s/data/%s", tests ? tests : "tests",
		 file);
	return path;
}

/* What a row stands in, its text on a line of its own. */
static const char *const frames[] = {
	[0] = "\n%s",
	['c'] = "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},\n%s}",
	['p'] = "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},"
		"\"process\":{\"args\":[\"a\"],\"cwd\":\"/\",\n%s}}",
	['n'] = "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},"
		"\"linux\":{\"namespaces\":[{\"type\":\"user\"},"
		"{\"type\":\"mount\"},{\"type\":\"network\"},"
		"{\"type\":\"uts\"},{\"type\":\"time\"}],\n%s}}",
	['l'] = "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},"
		"\"linux\":{\n%s}}",
	['m'] = "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},"
		"\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]},"
		"\"mounts\":[\n%s]}",
	['r'] = "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},"
		"\"linux\":{\"resources\":{\n%s}}}",
	['s'] = "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},"
		"\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\","
		"\n%s}}}",
};

/* The frame, the text, and the error after "c:2:", NULL for none. */
static const struct row {
	char frame;
	const char *text, *say;
} rows[] = {
	/* The document and its version */
	{ 0, "[]", "1: expected an object, found an array" },
	{ 0, "1", "1: expected an object, found 1" },
	{ 0, "null", "1: expected an object, found null" },
	{ 0, "\"a\"", "1: expected an object, found \"a\"" },
	{ 0, "{}", "1: ociVersion: missing, but required" },
	{ 0, "{\"ociVersion\":null,\"root\":{\"path\":\"r\"}}",
	  "1: ociVersion: missing, but required" },
	{ 0, "{\"ociVersion\":\"1.0.0\"}", "1: root: missing, but required" },
	{ 0, "{\"ociVersion\":1}",
	  "15: ociVersion: expected a string, found 1" },
#define VERSION(v, say)                                                        \
	{                                                                      \
		0, "{\"root\":{\"path\":\"r\"},\"ociVersion\":\"" v "\"}", say \
	}
#define NO_VERSION(v)                                                 \
	VERSION(v, "35: ociVersion: expected a version 1.x.y of the " \
		   "runtime-spec (this is 1.3.0), found \"" v "\"")
	VERSION("1.0.0", NULL),
	VERSION("1.3.0", NULL),
	VERSION("1.99.0", NULL),
	VERSION("1.0.0-rc1", NULL),
	VERSION("1.2.1+dev", NULL),
	VERSION("1.0.2-dev+x", NULL),
	NO_VERSION(""),
	NO_VERSION("1"),
	NO_VERSION("1."),
	NO_VERSION("1.0"),
	NO_VERSION("1.0."),
	NO_VERSION("1.x.0"),
	NO_VERSION("1.0.0.0"),
	NO_VERSION("1.0.0dev"),
	NO_VERSION("0.5.0-dev"),
	NO_VERSION("2.0.0"),
	NO_VERSION("10.0.0"),
	NO_VERSION("v1.0.0"),
	NO_VERSION("next"),
	{ 'c', "\"foo\":1", NULL },
	{ 'c', "\"windows\":[],\"solaris\":1,\"vm\":\"\",\"zos\":null", NULL },
	{ 'c', "\"linux\":null,\"process\":null,\"mounts\":null", NULL },
	{ 'c', "\"root\":{}",
	  "1: root: duplicate key, first at line 1, "
	  "column 23" },
	{ 'c', "\"linux\":[]", "9: linux: expected an object, found an array" },
	{ 'c', "\"process\":\"x\"",
	  "11: process: expected an object, found \"x\"" },
	{ 'c', "\"hostname\":\"a\"",
	  "12: hostname: unable to set hostname without a private UTS "
	  "namespace" },
	{ 'c', "\"domainname\":\"a\"",
	  "14: domainname: unable to set domainname without a private UTS "
	  "namespace" },
	{ 'c', "\"hostname\":\"\",\"domainname\":\"\"", NULL },
	{ 'c',
	  "\"process\":{\"cwd\":\"/\",\"args\":[\"a\"],"
	  "\"apparmorProfile\":\"\"}",
	  NULL },
	{ 'c', "\"hostname\":true",
	  "12: hostname: expected a string, found true" },
	{ 'c', "\"mounts\":[{\"destination\":\"/a\"}]",
	  "10: mounts: only with a namespace of type \"mount\" in "
	  "linux.namespaces" },
	{ 'c', "\"mounts\":[]", NULL },
	{ 'c', "\"annotations\":{\"a\":\"b\",\"c.d\":\"\",\"e\":null}", NULL },
	{ 'c', "\"annotations\":{\"a\":1}",
	  "20: annotations.a: expected a string, found 1" },
	{ 'c', "\"annotations\":{\"a.b\":1}",
	  "22: annotations[\"a.b\"]: expected a string, found 1" },
	{ 'c', "\"annotations\":{\"\":\"\"}",
	  "16: annotations[\"\"]: a key must not be empty" },
	{ 'c', "\"annotations\":[]",
	  "15: annotations: expected an object, found an array" },
	/* Hooks */
	{ 'c', "\"hooks\":{}", NULL },
	{ 'c', "\"hooks\":{\"prestart\":[],\"unknown\":1}", NULL },
	{ 'c',
	  "\"hooks\":{\"poststop\":[{\"path\":\"/a\",\"args\":[],"
	  "\"env\":[],\"timeout\":1}]}",
	  NULL },
	{ 'c', "\"hooks\":{\"poststop\":{}}",
	  "21: hooks.poststop: expected an array, found an object" },
	{ 'c', "\"hooks\":{\"poststop\":[{}]}",
	  "22: hooks.poststop[0].path: missing, but required" },
	{ 'c', "\"hooks\":{\"poststop\":[null]}",
	  "22: hooks.poststop[0]: expected an object, found null" },
	{ 'c', "\"hooks\":{\"prestart\":[{\"path\":\"/a\"},{\"path\":\"a\"}]}",
	  "44: hooks.prestart[1].path: expected an absolute path, found \"a\"" },
	{ 'c', "\"hooks\":{\"prestart\":[{\"path\":\"\"}]}",
	  "30: hooks.prestart[0].path: expected an absolute path, found \"\"" },
	{ 'c', "\"hooks\":{\"poststart\":[{\"path\":\"/a\",\"timeout\":0}]}",
	  "46: hooks.poststart[0].timeout: expected a number from 1 to "
	  "2147483647, found 0" },
	{ 'c',
	  "\"hooks\":{\"poststart\":[{\"path\":\"/a\",\"env\":[\"A=\","
	  "\"B\"]}]}",
	  "48: hooks.poststart[0].env[1]: expected NAME=value, found \"B\"" },
	{ 'c',
	  "\"hooks\":{\"prestart\":[{\"path\":\"/a\",\"env\":[\"A=\"]},"
	  "{\"path\":\"/b\",\"env\":[\"=\"]}]}",
	  "69: hooks.prestart[1].env[0]: expected NAME=value, found \"=\"" },
	/* Process */
	{ 'c', "\"process\":{\"cwd\":\"/\"}",
	  "11: process.args: missing, but required" },
	{ 'c', "\"process\":{\"args\":[\"a\"]}",
	  "11: process.cwd: missing, but required" },
	{ 'c', "\"process\":{\"cwd\":\"/\",\"args\":[]}",
	  "29: process.args: must not be empty" },
	{ 'c', "\"process\":{\"cwd\":\"/\",\"args\":[\"\"]}",
	  "30: process.args[0]: must not be empty" },
	{ 'c', "\"process\":{\"cwd\":\"/\",\"args\":[\"a\",\"\"]}", NULL },
	{ 'c', "\"process\":{\"cwd\":\"/\",\"args\":[\"a\",null]}",
	  "34: process.args[1]: expected a string, found null" },
	{ 'c', "\"process\":{\"cwd\":\"/\",\"args\":\"a b\"}",
	  "29: process.args: expected an array, found \"a b\"" },
	{ 'c', "\"process\":{\"cwd\":\"\",\"args\":[\"a\"]}",
	  "18: process.cwd: expected an absolute path, found \"\"" },
	{ 'c', "\"process\":{\"cwd\":\"a\",\"args\":[\"a\"]}",
	  "18: process.cwd: expected an absolute path, found \"a\"" },
	{ 'p', "\"user\":{\"uid\":\"abc\"}",
	  "15: process.user.uid: expected an unsigned integer, found "
	  "\"abc\"" },
	{ 'p', "\"user\":{\"uid\":-1}",
	  "15: process.user.uid: expected a number from 0 to 4294967295, "
	  "found -1" },
	{ 'p', "\"user\":{\"uid\":4294967296}",
	  "15: process.user.uid: expected a number from 0 to 4294967295, "
	  "found 4294967296" },
	{ 'p', "\"user\":{\"uid\":99999999999999999999999}",
	  "15: process.user.uid: expected a number from 0 to 4294967295, "
	  "found 99999999999999999999999" },
	{ 'p', "\"user\":{\"uid\":4294967294,\"gid\":0}", NULL },
	{ 'p', "\"user\":{\"uid\":4294967295,\"gid\":0}",
	  "15: process.user.uid: expected an id, which is at most 4294967294, "
	  "found 4294967295" },
	{ 'p', "\"user\":{\"gid\":4294967295}",
	  "15: process.user.gid: expected an id, which is at most 4294967294, "
	  "found 4294967295" },
	{ 'p', "\"user\":{\"uid\":1e3}",
	  "15: process.user.uid: expected an unsigned integer without "
	  "fraction and exponent, found 1e3" },
	{ 'p', "\"user\":{\"gid\":1.0}",
	  "15: process.user.gid: expected an unsigned integer without "
	  "fraction and exponent, found 1.0" },
	{ 'p', "\"user\":{\"gid\":true}",
	  "15: process.user.gid: expected an unsigned integer, found true" },
	{ 'p', "\"user\":{\"gid\":[]}",
	  "15: process.user.gid: expected an unsigned integer, found an "
	  "array" },
	{ 'p', "\"user\":{\"umask\":4095}", NULL },
	{ 'p', "\"user\":{\"umask\":4096}",
	  "17: process.user.umask: expected a number from 0 to 4095, found "
	  "4096" },
	{ 'p', "\"user\":{\"additionalGids\":[0,4294967294]}", NULL },
	{ 'p', "\"user\":{\"additionalGids\":[0,4294967295]}",
	  "29: process.user.additionalGids[1]: expected an id, which is at "
	  "most 4294967294, found 4294967295" },
	{ 'p', "\"user\":{\"additionalGids\":[0,4294967296]}",
	  "29: process.user.additionalGids[1]: expected a number from 0 to "
	  "4294967295, found 4294967296" },
	{ 'p', "\"user\":{\"additionalGids\":[0,\"x\"]}",
	  "29: process.user.additionalGids[1]: expected an unsigned integer, "
	  "found \"x\"" },
	{ 'p', "\"user\":{\"additionalGids\":[null]}",
	  "27: process.user.additionalGids[0]: expected an unsigned integer, "
	  "found null" },
	{ 'p', "\"terminal\":1",
	  "12: process.terminal: expected true or "
	  "false, found 1" },
	{ 'p', "\"terminal\":\"true\"",
	  "12: process.terminal: expected true "
	  "or false, found \"true\"" },
	{ 'p', "\"consoleSize\":{\"height\":65535,\"width\":0}", NULL },
	{ 'p', "\"consoleSize\":{\"height\":65536,\"width\":0}",
	  "25: process.consoleSize.height: expected a number from 0 to 65535, "
	  "found 65536" },
	{ 'p', "\"consoleSize\":{\"height\":1}",
	  "15: process.consoleSize.width: missing, but required" },
	{ 'p', "\"env\":[\"A=1\",\"B=\",\"C==\"]", NULL },
	{ 'p', "\"env\":[\"A=1\",\"B\"]",
	  "14: process.env[1]: expected NAME=value, found \"B\"" },
	{ 'p', "\"env\":[\"=1\"]",
	  "8: process.env[0]: expected NAME=value, found \"=1\"" },
	{ 'p', "\"env\":[\"\"]",
	  "8: process.env[0]: expected NAME=value, found \"\"" },
	{ 'p', "\"env\":{\"A\":\"1\"}",
	  "7: process.env: expected an array, found an object" },
	{ 'p', "\"capabilities\":{\"bounding\":[\"CAP_NEW_THING\"]}", NULL },
	{ 'p', "\"capabilities\":{\"bounding\":[1]}",
	  "29: process.capabilities.bounding[0]: expected a string, found 1" },
	{ 'p',
	  "\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":0,\"hard\":"
	  "18446744073709551615}]",
	  NULL },
	{ 'p',
	  "\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":0,\"hard\":"
	  "18446744073709551616}]",
	  "50: process.rlimits[0].hard: expected a number from 0 to "
	  "18446744073709551615, found 18446744073709551616" },
	{ 'p', "\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":2,\"hard\":1}]",
	  "41: process.rlimits[0].soft: 2 is above hard, 1" },
	{ 'p',
	  "\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":1,\"hard\":1},"
	  "{\"type\":\"RLIMIT_CORE\",\"soft\":2,\"hard\":2}]",
	  "53: process.rlimits[1]: RLIMIT_CORE is there already" },
	{ 'p', "\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":1}]",
	  "12: process.rlimits[0].hard: missing, but required" },
	{ 'p', "\"rlimits\":[{\"type\":\"CORE\",\"soft\":1,\"hard\":1}]",
	  "20: process.rlimits[0].type: expected RLIMIT_AS, RLIMIT_CORE, "
	  "RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_LOCKS, "
	  "RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE, RLIMIT_NICE, RLIMIT_NOFILE, "
	  "RLIMIT_NPROC, RLIMIT_RSS, RLIMIT_RTPRIO, RLIMIT_RTTIME, "
	  "RLIMIT_SIGPENDING or RLIMIT_STACK, found \"CORE\"" },
	{ 'p', "\"oomScoreAdj\":-1000", NULL },
	{ 'p', "\"oomScoreAdj\":-1001",
	  "15: process.oomScoreAdj: expected a number from -1000 to 1000, "
	  "found -1001" },
	{ 'p', "\"oomScoreAdj\":1001",
	  "15: process.oomScoreAdj: expected a number from -1000 to 1000, "
	  "found 1001" },
	{ 'p', "\"oomScoreAdj\":\"1\"",
	  "15: process.oomScoreAdj: expected an integer, found \"1\"" },
	{ 'p', "\"scheduler\":{}",
	  "13: process.scheduler.policy: missing, but required" },
	{ 'p', "\"scheduler\":{\"policy\":\"FIFO\"}",
	  "23: process.scheduler.policy: expected SCHED_OTHER, SCHED_FIFO, "
	  "SCHED_RR, SCHED_BATCH, SCHED_ISO, SCHED_IDLE or SCHED_DEADLINE, "
	  "found \"FIFO\"" },
	{ 'p', "\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"nice\":-20}",
	  NULL },
	{ 'p', "\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"nice\":20}",
	  "44: process.scheduler.nice: expected a number from -20 to 19, "
	  "found 20" },
	{ 'p', "\"scheduler\":{\"policy\":\"SCHED_FIFO\",\"priority\":99}",
	  NULL },
	{ 'p', "\"scheduler\":{\"policy\":\"SCHED_FIFO\",\"priority\":100}",
	  "47: process.scheduler.priority: SCHED_FIFO takes one from 1 to "
	  "99" },
	{ 'p',
	  "\"scheduler\":{\"policy\":\"SCHED_FIFO\",\"priority\":1,"
	  "\"nice\":-1}",
	  "56: process.scheduler.nice: SCHED_FIFO has none" },
	{ 'p', "\"scheduler\":{\"policy\":\"SCHED_DEADLINE\",\"nice\":1}",
	  "47: process.scheduler.nice: SCHED_DEADLINE has none" },
	{ 'p', "\"scheduler\":{\"policy\":\"SCHED_RR\"}",
	  "13: process.scheduler.priority: SCHED_RR takes one from 1 to 99" },
	{ 'p', "\"scheduler\":{\"policy\":\"SCHED_BATCH\",\"priority\":1}",
	  "48: process.scheduler.priority: only SCHED_FIFO and SCHED_RR have "
	  "one" },
	{ 'p', "\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"runtime\":1}",
	  "13: process.scheduler: runtime, deadline and period are of "
	  "SCHED_DEADLINE only" },
	{ 'p',
	  "\"scheduler\":{\"policy\":\"SCHED_DEADLINE\",\"runtime\":1,"
	  "\"deadline\":2,\"period\":3,"
	  "\"flags\":[\"SCHED_FLAG_RECLAIM\"]}",
	  NULL },
	{ 'p', "\"scheduler\":{\"policy\":\"SCHED_IDLE\",\"flags\":[\"X\"]}",
	  "45: process.scheduler.flags[0]: expected SCHED_FLAG_RESET_ON_FORK, "
	  "SCHED_FLAG_RECLAIM, SCHED_FLAG_DL_OVERRUN, SCHED_FLAG_KEEP_POLICY, "
	  "SCHED_FLAG_KEEP_PARAMS, SCHED_FLAG_UTIL_CLAMP_MIN or "
	  "SCHED_FLAG_UTIL_CLAMP_MAX, found \"X\"" },
	{ 'p', "\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\",\"priority\":7}",
	  NULL },
	{ 'p', "\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\",\"priority\":8}",
	  "52: process.ioPriority.priority: expected a number from 0 to 7, "
	  "found 8" },
	{ 'p', "\"ioPriority\":{\"class\":\"BE\"}",
	  "23: process.ioPriority.class: expected IOPRIO_CLASS_RT, "
	  "IOPRIO_CLASS_BE or IOPRIO_CLASS_IDLE, found \"BE\"" },
	{ 'p', "\"ioPriority\":{\"priority\":1}",
	  "14: process.ioPriority.class: missing, but required" },
	{ 'p', "\"execCPUAffinity\":{\"initial\":\"0-3,5\",\"final\":\"\"}",
	  NULL },
	{ 'p', "\"execCPUAffinity\":{\"initial\":\"all\"}",
	  "30: process.execCPUAffinity.initial: expected a list of CPUs such "
	  "as \"0-3,5\", found \"all\"" },
	{ 'p', "\"execCPUAffinity\":{\"initial\":\"3-1\"}",
	  "30: process.execCPUAffinity.initial: expected a list of CPUs such "
	  "as \"0-3,5\", found \"3-1\"" },
	{ 'p', "\"execCPUAffinity\":{\"final\":\"0;1\"}",
	  "28: process.execCPUAffinity.final: expected a list of CPUs such "
	  "as \"0-3,5\", found \"0;1\"" },
	/* Root, mounts */
	{ 0, "{\"ociVersion\":\"1.0.0\",\"root\":{}}",
	  "30: root.path: missing, but required" },
	{ 0, "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"\"}}",
	  "38: root.path: must not be empty" },
	{ 0,
	  "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\","
	  "\"readonly\":true}}",
	  "53: root.readonly: only with a namespace of type \"mount\" in "
	  "linux.namespaces" },
	{ 'm', "{}", "1: mounts[0].destination: missing, but required" },
	{ 'm', "{\"destination\":\"\"}",
	  "16: mounts[0].destination: must not be empty" },
	{ 'm', "{\"destination\":\"/a\",\"options\":[\"ro\",1]}",
	  "37: mounts[0].options[1]: expected a string, found 1" },
	{ 'm', "{\"destination\":\"/a\",\"options\":\"ro\"}",
	  "31: mounts[0].options: expected an array, found \"ro\"" },
	{ 'm',
	  "{\"destination\":\"/a\"},{\"destination\":\"/b\",\"source\":"
	  "true}",
	  "51: mounts[1].source: expected a string, found true" },
#define MAPS(u, g)                                                            \
	"{\"destination\":\"/a\",\"uidMappings\":[" u "],\"gidMappings\":[" g \
	"]}"
#define MAP(c, h, n) \
	"{\"containerID\":" #c ",\"hostID\":" #h ",\"size\":" #n "}"
	{ 'm', MAPS("", ""), NULL },
	{ 'm', MAPS(MAP(0, 1, 2), MAP(0, 4294967290, 5)), NULL },
	{ 'm', MAPS(MAP(0, 1, 2), ""),
	  "1: mounts[0]: uidMappings and gidMappings belong together" },
	{ 'm', MAPS("", MAP(0, 1, 2)),
	  "1: mounts[0]: uidMappings and gidMappings belong together" },
	{ 'm', MAPS(MAP(0, 1, 2) "," MAP(1, 8, 2), MAP(0, 1, 2)),
	  "74: mounts[0].uidMappings[1]: overlaps with number 0" },
	{ 'm', MAPS(MAP(0, 1, 2), MAP(0, 1, 2) "," MAP(2, 2, 2)),
	  "128: mounts[0].gidMappings[1]: overlaps with number 0" },
	/* Namespaces */
	{ 'l', "\"namespaces\":[]", NULL },
	{ 'l', "\"namespaces\":[{\"type\":\"pid\",\"path\":\"\"}]", NULL },
	{ 'l', "\"namespaces\":[{}]",
	  "15: linux.namespaces[0].type: missing, but required" },
	{ 'l', "\"namespaces\":[{\"type\":\"net\"}]",
	  "23: linux.namespaces[0].type: expected user, mount, pid, network, "
	  "ipc, uts, cgroup or time, found \"net\"" },
	{ 'l', "\"namespaces\":[{\"type\":\"\"}]",
	  "23: linux.namespaces[0].type: expected user, mount, pid, network, "
	  "ipc, uts, cgroup or time, found \"\"" },
	{ 'l', "\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"pid\"}]",
	  "38: linux.namespaces[1].type: this type is there already" },
	{ 'l', "\"namespaces\":[{\"type\":\"pid\",\"path\":\"proc/1/ns/pid\"}]",
	  "36: linux.namespaces[0].path: expected an absolute path, found "
	  "\"proc/1/ns/pid\"" },
	{ 'l', "\"timeOffsets\":{\"monotonic\":{\"secs\":1}}",
	  "15: linux.timeOffsets: only with a namespace of type \"time\" in "
	  "linux.namespaces" },
	{ 'l',
	  "\"timeOffsets\":{\"boottime\":{\"secs\":1}},\"namespaces\":"
	  "[{\"type\":\"time\",\"path\":\"/t\"}]",
	  "15: linux.timeOffsets: a time namespace that is joined has offsets "
	  "already" },
	{ 'l', "\"timeOffsets\":{}", NULL },
	{ 'l', "\"timeOffsets\":{\"realtime\":{\"secs\":1}}",
	  "16: linux.timeOffsets.realtime: expected monotonic or boottime" },
	{ 'n',
	  "\"timeOffsets\":{\"boottime\":{\"secs\":-9223372036854775808,"
	  "\"nanosecs\":999999999}}",
	  NULL },
	{ 'n', "\"timeOffsets\":{\"boottime\":{\"secs\":-9223372036854775809}}",
	  "35: linux.timeOffsets.boottime.secs: expected a number from "
	  "-9223372036854775808 to 9223372036854775807, found "
	  "-9223372036854775809" },
	{ 'n', "\"timeOffsets\":{\"boottime\":{\"secs\":9223372036854775808}}",
	  "35: linux.timeOffsets.boottime.secs: expected a number from "
	  "-9223372036854775808 to 9223372036854775807, found "
	  "9223372036854775808" },
	{ 'n', "\"timeOffsets\":{\"monotonic\":{\"nanosecs\":1000000000}}",
	  "40: linux.timeOffsets.monotonic.nanosecs: expected a number from 0 "
	  "to 999999999, found 1000000000" },
	{ 'n', "\"timeOffsets\":{\"monotonic\":7}",
	  "28: linux.timeOffsets.monotonic: expected an object, found 7" },
	/* Id mappings */
	{ 'l', "\"uidMappings\":[" MAP(0, 1, 2) "]",
	  "15: linux.uidMappings: only with a namespace of type \"user\" in "
	  "linux.namespaces" },
	{ 'l', "\"gidMappings\":[" MAP(0, 1, 2) "]",
	  "15: linux.gidMappings: only with a namespace of type \"user\" in "
	  "linux.namespaces" },
	{ 'n', "\"uidMappings\":[" MAP(0, 0, 4294967295) "]", NULL },
	{ 'n', "\"uidMappings\":[" MAP(1, 0, 4294967295) "]",
	  "16: linux.uidMappings[0]: goes beyond the last id, 4294967294" },
	{ 'n', "\"uidMappings\":[" MAP(0, 4294967295, 1) "]",
	  "16: linux.uidMappings[0]: goes beyond the last id, 4294967294" },
	{ 'n', "\"uidMappings\":[" MAP(0, 1, 0) "]",
	  "51: linux.uidMappings[0].size: expected a number from 1 to "
	  "4294967295, found 0" },
	{ 'n', "\"uidMappings\":[{\"containerID\":0,\"size\":1}]",
	  "16: linux.uidMappings[0].hostID: missing, but required" },
	{ 'n',
	  "\"uidMappings\":[" MAP(0, 100, 10) "," MAP(10, 200, 10) "," MAP(
		  20, 110, 90) "]",
	  NULL },
	{ 'n',
	  "\"uidMappings\":[" MAP(0, 100, 10) "," MAP(10, 200, 10) "," MAP(
		  19, 300, 1) "]",
	  "99: linux.uidMappings[2]: overlaps with number 1" },
	{ 'n', "\"gidMappings\":[" MAP(0, 100, 10) "," MAP(10, 91, 10) "]",
	  "57: linux.gidMappings[1]: overlaps with number 0" },
/* Devices */
#define DEVICE "\"devices\":[{\"path\":\"/dev/x\",\"type\":"
	{ 'n', DEVICE "\"c\",\"major\":4095,\"minor\":1048575}]", NULL },
	{ 'n', DEVICE "\"p\"}]", NULL },
	{ 'n', DEVICE "\"c\",\"major\":1}]",
	  "12: linux.devices[0]: type \"c\" takes a major and a minor" },
	{ 'n', DEVICE "\"b\"}]",
	  "12: linux.devices[0]: type \"b\" takes a major and a minor" },
	{ 'n', DEVICE "\"a\"}]",
	  "36: linux.devices[0].type: expected c, u, b or p, found \"a\"" },
	{ 'n', DEVICE "\"c\",\"major\":4096,\"minor\":0}]",
	  "48: linux.devices[0].major: expected a number from 0 to 4095, "
	  "found 4096" },
	{ 'n', DEVICE "\"c\",\"major\":0,\"minor\":-1}]",
	  "58: linux.devices[0].minor: expected a number from 0 to 1048575, "
	  "found -1" },
	{ 'n', DEVICE "\"p\",\"fileMode\":65536}]",
	  "51: linux.devices[0].fileMode: expected a number from 0 to 65535, "
	  "found 65536" },
	{ 'n', "\"devices\":[{\"path\":\"dev/x\",\"type\":\"p\"}]",
	  "20: linux.devices[0].path: expected an absolute path, found "
	  "\"dev/x\"" },
	{ 'l', DEVICE "\"p\"}]",
	  "11: linux.devices: only with a namespace of type \"mount\" in "
	  "linux.namespaces" },
	/* Other keys of linux */
	{ 'n',
	  "\"netDevices\":{\"eth0\":{},\"a\":{\"name\":\"b\"},"
	  "\"c\":{\"name\":\"\"},\"d\":null}",
	  NULL },
	{ 'l', "\"netDevices\":{\"eth0\":{}}",
	  "14: linux.netDevices: only with a namespace of type \"network\" in "
	  "linux.namespaces" },
#define NET(path)                                                              \
	"linux.netDevices" path ": a name of 1 to 15 bytes without '/', ':', " \
	"blanks, and '%' but in a final %d is needed"
	{ 'n', "\"netDevices\":{\"eth0\":{\"name\":\"0123456789abcdef\"}}",
	  "22: " NET("[\"eth0\"]") },
	{ 'n', "\"netDevices\":{\"a\":{},\"eth 0\":{}}",
	  "30: " NET("[\"eth 0\"]") },
	{ 'n', "\"netDevices\":{\"\":{}}", "18: " NET("[\"\"]") },
	{ 'n', "\"netDevices\":{\"a\":{\"name\":\"b/c\"}}",
	  "19: " NET("[\"a\"]") },
	{ 'n', "\"netDevices\":{\"a\":{\"name\":\"b%dc\"}}",
	  "19: " NET("[\"a\"]") },
	{ 'n', "\"netDevices\":{\"a\":{\"name\":\"..\"}}",
	  "19: " NET("[\"a\"]") },
	{ 'n', "\"netDevices\":{\"a\":{\"name\":7}}",
	  "27: linux.netDevices.a.name: expected a string, found 7" },
	{ 'n', "\"sysctl\":{\"net.ipv4.ip_forward\":1}",
	  "33: linux.sysctl[\"net.ipv4.ip_forward\"]: expected a string, "
	  "found 1" },
	{ 'n', "\"rootfsPropagation\":\"rslave\"", NULL },
	{ 'l', "\"rootfsPropagation\":\"\"", NULL },
	{ 'n', "\"rootfsPropagation\":\"secret\"",
	  "21: linux.rootfsPropagation: expected shared, slave, private, "
	  "unbindable, rshared, rslave, rprivate or runbindable, found "
	  "\"secret\"" },
	{ 'l', "\"rootfsPropagation\":\"slave\"",
	  "21: linux.rootfsPropagation: only with a namespace of type "
	  "\"mount\" in linux.namespaces" },
	{ 'n', "\"maskedPaths\":[\"/a\",\"b\"]",
	  "21: linux.maskedPaths[1]: expected an absolute path, found \"b\"" },
	{ 'l', "\"maskedPaths\":[\"/a\"]",
	  "15: linux.maskedPaths: only with a namespace of type \"mount\" in "
	  "linux.namespaces" },
	{ 'n', "\"readonlyPaths\":[\"\"]",
	  "18: linux.readonlyPaths[0]: expected an absolute path, found "
	  "\"\"" },
	{ 'l', "\"readonlyPaths\":[\"/a\"]",
	  "17: linux.readonlyPaths: only with a namespace of type \"mount\" "
	  "in linux.namespaces" },
	{ 'l', "\"personality\":{\"domain\":\"LINUX32\",\"flags\":[]}", NULL },
	{ 'l', "\"personality\":{}",
	  "15: linux.personality.domain: missing, but required" },
	{ 'l', "\"personality\":{\"domain\":\"BSD\"}",
	  "25: linux.personality.domain: expected LINUX or LINUX32, found "
	  "\"BSD\"" },
	{ 'l',
	  "\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"0-1\","
	  "\"flags\":[\"MPOL_F_STATIC_NODES\"]}",
	  NULL },
	{ 'l', "\"memoryPolicy\":{\"mode\":\"BIND\"}",
	  "24: linux.memoryPolicy.mode: expected MPOL_DEFAULT, MPOL_BIND, "
	  "MPOL_INTERLEAVE, MPOL_WEIGHTED_INTERLEAVE, MPOL_PREFERRED, "
	  "MPOL_PREFERRED_MANY or MPOL_LOCAL, found \"BIND\"" },
	{ 'l',
	  "\"intelRdt\":{\"closID\":\"a\",\"schemata\":[\"MB:0=1\"],"
	  "\"enableMonitoring\":true}",
	  NULL },
	{ 'l', "\"intelRdt\":{\"enableMonitoring\":1}",
	  "32: linux.intelRdt.enableMonitoring: expected true or false, found "
	  "1" },
	/* Resources */
	{ 'r', "", NULL },
	{ 'r', "\"pids\":{}", NULL },
	{ 'r', "\"pids\":{\"limit\":0}", NULL },
	{ 'r', "\"memory\":{\"limit\":-1,\"swap\":9223372036854775807}", NULL },
	{ 'r', "\"memory\":{\"limit\":\"64M\"}",
	  "19: linux.resources.memory.limit: expected an integer, found "
	  "\"64M\"" },
	{ 'r', "\"memory\":{\"disableOOMKiller\":0}",
	  "30: linux.resources.memory.disableOOMKiller: expected true or "
	  "false, found 0" },
	{ 'r',
	  "\"devices\":[{\"allow\":false,\"access\":\"rwm\"},"
	  "{\"allow\":true,\"type\":\"c\",\"major\":-1,\"minor\":5},"
	  "{\"allow\":true,\"type\":\"\",\"access\":\"\"}]",
	  NULL },
	{ 'r', "\"devices\":[{}]",
	  "12: linux.resources.devices[0].allow: missing, but required" },
	{ 'r', "\"devices\":[{\"allow\":true,\"access\":\"rwx\"}]",
	  "35: linux.resources.devices[0].access: expected letters of "
	  "\"rwm\", found \"rwx\"" },
	{ 'r', "\"devices\":[{\"allow\":true,\"type\":\"p\"}]",
	  "33: linux.resources.devices[0].type: expected a, c or b, found "
	  "\"p\"" },
	{ 'r', "\"devices\":[{\"allow\":true,\"major\":-2}]",
	  "34: linux.resources.devices[0].major: expected a number from -1 to "
	  "4095, found -2" },
	{ 'r',
	  "\"hugepageLimits\":[{\"pageSize\":\"64KB\",\"limit\":1},"
	  "{\"pageSize\":\"1GB\",\"limit\":1}]",
	  NULL },
#define PAGES(s)                                                                           \
	{                                                                                  \
		'r',                                                                       \
			"\"hugepageLimits\":[{\"pageSize\":\"" s                           \
			"\",\"limit\":1}]",                                                \
			"31: linux.resources.hugepageLimits[0].pageSize: expected a size " \
			"such as \"64KB\", \"2MB\", \"1GB\", found \"" s "\""              \
	}
	PAGES("64kB"),
	PAGES("2M"),
	PAGES("02MB"),
	PAGES("MB"),
	PAGES(""),
	PAGES("2"),
	PAGES("2MBs"),
	{ 'r', "\"blockIO\":{\"weight\":65536}",
	  "21: linux.resources.blockIO.weight: expected a number from 0 to "
	  "65535, found 65536" },
	{ 'r',
	  "\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":8,"
	  "\"rate\":1}]}",
	  "37: linux.resources.blockIO.throttleReadBpsDevice[0].minor: "
	  "missing, but required" },
	{ 'r', "\"network\":{\"priorities\":[{\"name\":\"\",\"priority\":1}]}",
	  "34: linux.resources.network.priorities[0].name: must not be "
	  "empty" },
	{ 'r', "\"rdma\":{\"mlx5\":{\"hcaHandles\":3}}", NULL },
	{ 'r', "\"rdma\":{\"mlx5\":{\"hcaHandles\":-3}}",
	  "30: linux.resources.rdma.mlx5.hcaHandles: expected a number from 0 "
	  "to 4294967295, found -3" },
	{ 'r', "\"unified\":{\"memory.high\":\"1\"}", NULL },
	{ 'r', "\"unified\":{\"../x\":\"1\"}",
	  "11: linux.resources.unified: a name of a file, without '/', is "
	  "needed" },
	/* Seccomp */
	{ 'l', "\"seccomp\":{}",
	  "11: linux.seccomp.defaultAction: missing, but required" },
	{ 'l', "\"seccomp\":{\"defaultAction\":\"ALLOW\"}",
	  "28: linux.seccomp.defaultAction: expected SCMP_ACT_KILL, "
	  "SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_TRAP, "
	  "SCMP_ACT_ERRNO, SCMP_ACT_TRACE, SCMP_ACT_ALLOW, SCMP_ACT_LOG or "
	  "SCMP_ACT_NOTIFY, found \"ALLOW\"" },
	{ 'l', "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}",
	  "28: linux.seccomp.defaultAction: SCMP_ACT_NOTIFY is for single "
	  "system calls" },
	{ 's', "\"flags\":[],\"architectures\":[\"SCMP_ARCH_RISCV64\"]", NULL },
	{ 's', "\"flags\":[\"TSYNC\"]",
	  "10: linux.seccomp.flags[0]: expected SECCOMP_FILTER_FLAG_TSYNC, "
	  "SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW or "
	  "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, found \"TSYNC\"" },
	{ 's', "\"listenerMetadata\":\"x\"",
	  "20: linux.seccomp.listenerMetadata: only with listenerPath" },
	{ 's', "\"listenerPath\":\"x\"",
	  "16: linux.seccomp.listenerPath: expected an absolute path, found "
	  "\"x\"" },
#define RULE(more) \
	"\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_LOG\"" more "}]"
#define ARG(i, v, op) \
	",\"args\":[{\"index\":" #i ",\"value\":" #v ",\"op\":\"" op "\"}]"
	{ 's', RULE(""), NULL },
	{ 's', RULE(ARG(5, 18446744073709551615, "SCMP_CMP_EQ")), NULL },
	{ 's', RULE(ARG(6, 0, "SCMP_CMP_EQ")),
	  "69: linux.seccomp.syscalls[0].args[0].index: expected a number "
	  "from 0 to 5, found 6" },
	{ 's', RULE(ARG(0, -1, "SCMP_CMP_EQ")),
	  "79: linux.seccomp.syscalls[0].args[0].value: expected a number "
	  "from 0 to 18446744073709551615, found -1" },
	{ 's', RULE(ARG(0, 1, "EQ")),
	  "86: linux.seccomp.syscalls[0].args[0].op: expected SCMP_CMP_NE, "
	  "SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_EQ, SCMP_CMP_GE, SCMP_CMP_GT or "
	  "SCMP_CMP_MASKED_EQ, found \"EQ\"" },
	{ 's', "\"syscalls\":[{\"names\":[],\"action\":\"SCMP_ACT_LOG\"}]",
	  "22: linux.seccomp.syscalls[0].names: must not be empty" },
	{ 's', "\"syscalls\":[{\"action\":\"SCMP_ACT_LOG\"}]",
	  "13: linux.seccomp.syscalls[0].names: missing, but required" },
	{ 's',
	  "\"syscalls\":[{\"names\":[\"a\"],"
	  "\"action\":\"SCMP_ACT_NOTIFY\"}]",
	  "37: linux.seccomp.syscalls[0].action: SCMP_ACT_NOTIFY takes a "
	  "listenerPath" },
	{ 's',
	  "\"listenerPath\":\"/x\",\"listenerMetadata\":\"y\","
	  "\"syscalls\":[{\"names\":[\"a\"],"
	  "\"action\":\"SCMP_ACT_NOTIFY\"}]",
	  NULL },
};

static int parse(const char *text)
{
	return config_parse(&config, text, strlen(text), "c");
}

static void test_rows(void)
{
	char text[2048], say[2048];

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		bool right;
		int ret;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof(text), frames[(int)r->frame], r->text);
#pragma GCC diagnostic pop
		snprintf(say, sizeof(say), "c:2:%s", r->say ? r->say : "");
		ret = parse(text);
		right = r->say ? ret == -EINVAL && strcmp(err.text, say) == 0 :
				 ret == 0;
		if (ok(right, "%s %s", r->say ? "refuses" : "takes", r->text))
			continue;
		printf("# got      %s\n# expected %s\n",
		       ret ? err.text : "(taken)", r->say ? say : "(taken)");
	}
}

static void test_names(void)
{
	char name[80] = "", text[512];

	for (int n = 64; n <= 65; n++) {
		memset(name, 'a', (size_t)n);
		snprintf(text, sizeof(text),
			 "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},"
			 "\"linux\":{\"namespaces\":[{\"type\":\"uts\"}]},"
			 "\n\"hostname\":\"%s\"}",
			 name);
		is_num(parse(text), n == 64 ? 0 : -EINVAL, "length of a name");
	}
	is_str(err.text, "c:2:12: hostname: longer than 64 bytes",
	       "and says why");
}

static void test_mappings(void)
{
	static char text[32768];
	char *p = text;

	p += sprintf(p, "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},"
			"\"linux\":{\"namespaces\":[{\"type\":\"user\"}],"
			"\n\"uidMappings\":[" MAP(0, 0, 1));
	for (int i = 1; i < 340; i++)
		p += sprintf(p,
			     ",{\"containerID\":%d,\"hostID\":%d,"
			     "\"size\":1}",
			     i, i);
	strcpy(p, "]}}");
	is_num(parse(text), 0, "340 mappings");
	strcpy(p, "," MAP(900, 900, 1) "]}}");
	parse(text);
	is_str(err.text,
	       "c:2:15: linux.uidMappings: more than 340, all that a kernel "
	       "takes",
	       "341 mappings");
}

/* Values */

static bool is_list(const struct spec_strs *s, const char *expected)
{
	char text[512] = "";

	for (size_t i = 0; i < s->n; i++) {
		strcat(text, i ? " " : "");
		strcat(text, s->v[i]);
	}
	if (strcmp(text, expected) == 0 && s->v && !s->v[s->n])
		return true;
	printf("# %zu: %s\n", s->n, text);
	return false;
}

static bool is(const char *got, const char *expected)
{
	if (got == expected || (got && expected && strcmp(got, expected) == 0))
		return true;
	printf("# got      %s\n# expected %s\n", got ? got : "(null)",
	       expected ? expected : "(null)");
	return false;
}

/* The example of the runtime-spec, its version replaced. */
static char *example(void)
{
	static char text[16384];
	FILE *f = fopen(data("spec-schema/test/config/good/spec-example.json"),
			"r");
	char *version;
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = '\0';
	version = strstr(text, "0.5.0-dev");
	if (!version)
		return NULL;
	memcpy(version, "1.0.2-dev", 9);
	fclose(f);
	return text;
}

static void test_example_process(void)
{
	const struct spec_process *p = config.spec.process;
	const struct spec_capabilities *c = p->capabilities;

	ok(is(config.spec.oci_version, "1.0.2-dev"), "ociVersion");
	ok(p->terminal && p->no_new_privileges, "terminal, noNewPrivileges");
	ok(p->user.uid == 1 && p->user.gid == 1 && !p->user.umask.set &&
		   p->user.additional_gids.n == 2 &&
		   p->user.additional_gids.v[0] == 5 &&
		   p->user.additional_gids.v[1] == 6,
	   "user");
	ok(is_list(&p->args, "sh") && is(p->cwd, "/"), "args, cwd");
	ok(is_list(&p->env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
			    "/usr/bin:/sbin:/bin TERM=xterm"),
	   "env");
	ok(is_list(&c->bounding,
		   "CAP_AUDIT_WRITE CAP_KILL CAP_NET_BIND_SERVICE") &&
		   is_list(&c->effective, "CAP_AUDIT_WRITE CAP_KILL") &&
		   is_list(&c->ambient, "CAP_NET_BIND_SERVICE") &&
		   c->inheritable.n == 3 && c->permitted.n == 3,
	   "capabilities");
	ok(p->rlimits.n == 2 && is(p->rlimits.v[0].type, "RLIMIT_CORE") &&
		   p->rlimits.v[1].soft == 1024 && p->rlimits.v[1].hard == 1024,
	   "rlimits");
	ok(is(p->apparmor_profile, "acme_secure_profile") &&
		   is(p->selinux_label,
		      "system_u:system_r:svirt_lxc_net_t:s0:c124,c675"),
	   "labels");
	ok(!p->oom_score_adj.set && !p->scheduler && !p->io_priority &&
		   !p->exec_cpu_affinity,
	   "what is not there");
}

static void test_example_top(void)
{
	const struct spec *s = &config.spec;
	const struct spec_hooks *h = &s->hooks;

	ok(is(s->root.path, "rootfs") && s->root.readonly, "root");
	ok(is(s->hostname, "slartibartfast") &&
		   is(s->domainname, "foobarbaz.test"),
	   "names");
	ok(s->mounts.n == 7 && is(s->mounts.v[2].destination, "/dev/pts") &&
		   is(s->mounts.v[2].type, "devpts") &&
		   is(s->mounts.v[2].source, "devpts") &&
		   is_list(&s->mounts.v[2].options,
			   "nosuid noexec newinstance ptmxmode=0666 mode=0620 "
			   "gid=5"),
	   "mounts");
	ok(!s->mounts.v[0].options.n && !s->mounts.v[0].options.v,
	   "no options");
	ok(h->prestart.n == 2 && h->create_runtime.n == 2 &&
		   h->create_container.n == 1 && h->start_container.n == 1 &&
		   h->poststart.n == 1 && h->poststop.n == 1,
	   "hooks");
	ok(is(h->prestart.v[0].path, "/usr/bin/fix-mounts") &&
		   is_list(&h->prestart.v[0].args, "fix-mounts arg1 arg2") &&
		   is_list(&h->prestart.v[0].env, "key1=value1") &&
		   h->prestart.v[0].env_set && !h->prestart.v[1].env_set &&
		   !h->prestart.v[0].timeout.set,
	   "a hook");
	ok(h->poststart.v[0].timeout.set && h->poststart.v[0].timeout.v == 5,
	   "timeout");
	ok(s->annotations.n == 2 &&
		   is(s->annotations.v[1].name, "com.example.key2") &&
		   is(s->annotations.v[1].value, "value2"),
	   "annotations");
}

static void test_example_linux(void)
{
	const struct spec_linux *l = &config.spec.linux_;
	const struct spec_device *d = l->devices.v;
	int kinds = 0;

	ok(l->devices.n == 2 && is(d[0].path, "/dev/fuse") &&
		   is(d[0].type, "c") && d[0].major.v == 10 &&
		   d[0].minor.v == 229 && d[0].file_mode.set &&
		   d[0].file_mode.v == 0666 && d[1].file_mode.v == 0660 &&
		   d[0].uid.set && d[0].uid.v == 0 && d[0].gid.set,
	   "devices");
	ok(l->uid_mappings.n == 1 && l->uid_mappings.v[0].host_id == 1000 &&
		   l->uid_mappings.v[0].container_id == 0 &&
		   l->gid_mappings.v[0].size == 32000,
	   "mappings");
	ok(l->sysctl.n == 2 && is(l->sysctl.v[0].name, "net.ipv4.ip_forward") &&
		   is(l->sysctl.v[0].value, "1"),
	   "sysctl");
	ok(is(l->cgroups_path, "/myRuntime/myContainer") &&
		   is(l->rootfs_propagation, "slave") &&
		   is(l->mount_label,
		      "system_u:object_r:svirt_sandbox_file_t:s0:c715,c811"),
	   "cgroupsPath, rootfsPropagation, mountLabel");
	ok(l->offset_monotonic->secs == 172800 &&
		   l->offset_boottime->secs == 604800 &&
		   l->offset_boottime->nanosecs == 0,
	   "timeOffsets");
	for (int i = 0; i < NS_KINDS; i++)
		kinds += l->ns[i].wanted && !l->ns[i].path;
	is_num(kinds, NS_KINDS, "namespaces");
	ok(is_list(&l->masked_paths, "/proc/kcore /proc/latency_stats "
				     "/proc/timer_stats /proc/sched_debug") &&
		   l->readonly_paths.n == 6,
	   "maskedPaths, readonlyPaths");
	ok(is(l->seccomp->default_action, "SCMP_ACT_ALLOW") &&
		   is_list(&l->seccomp->architectures,
			   "SCMP_ARCH_X86 SCMP_ARCH_X32") &&
		   !l->seccomp->flags_set && l->seccomp->syscalls.n == 1 &&
		   is_list(&l->seccomp->syscalls.v[0].names, "getcwd chmod") &&
		   is(l->seccomp->syscalls.v[0].action, "SCMP_ACT_ERRNO") &&
		   !l->seccomp->syscalls.v[0].errno_ret.set,
	   "seccomp");
}

static void test_example_resources(void)
{
	const struct spec_resources *r = config.spec.linux_.resources;
	const struct spec_memory *m = r->memory;
	const struct spec_cpu *c = r->cpu;
	const struct spec_block_io *b = r->block_io;

	ok(r->network->class_id.v == 1048577 && r->network->priorities.n == 2 &&
		   is(r->network->priorities.v[1].name, "eth1") &&
		   r->network->priorities.v[1].priority == 1000,
	   "network");
	ok(r->pids_limit.set && r->pids_limit.v == 32771, "pids");
	ok(r->hugepage_limits.n == 2 &&
		   is(r->hugepage_limits.v[0].page_size, "2MB") &&
		   r->hugepage_limits.v[0].limit == 9223372036854772000U,
	   "hugepageLimits");
	ok(m->limit.v == 536870912 && m->swap.set && m->kernel.v == -1 &&
		   m->swappiness.set && m->swappiness.v == 0 &&
		   m->disable_oom_killer.set && !m->disable_oom_killer.v &&
		   m->check_before_update.set,
	   "memory");
	ok(c->shares.v == 1024 && c->quota.v == 1000000 &&
		   c->burst.v == 1000000 && c->period.v == 500000 &&
		   c->realtime_runtime.v == 950000 &&
		   c->realtime_period.v == 1000000 && is(c->cpus, "2-3") &&
		   is(c->mems, "0-7") && !c->idle.set,
	   "cpu");
	ok(r->devices.n == 3 && !r->devices.v[0].allow &&
		   !r->devices.v[0].type && !r->devices.v[0].major.set &&
		   is(r->devices.v[0].access, "rwm") && r->devices.v[1].allow &&
		   is(r->devices.v[1].type, "c") &&
		   r->devices.v[1].minor.v == 229,
	   "devices");
	ok(b->weight.v == 10 && b->leaf_weight.v == 10 &&
		   b->weight_device.n == 2 &&
		   b->weight_device.v[0].leaf_weight.v == 300 &&
		   b->weight_device.v[1].minor == 16 &&
		   !b->weight_device.v[1].leaf_weight.set &&
		   b->read_bps.n == 1 && b->read_bps.v[0].rate == 600 &&
		   b->write_iops.v[0].rate == 300 && !b->write_bps.n,
	   "blockIO");
}

/* What the example has not. */
static const char rest[] =
	"{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"r\"},\"process\":{"
	"\"consoleSize\":{\"height\":24,\"width\":80},\"args\":[\"a\"],"
	"\"cwd\":\"/\",\"user\":{\"uid\":4294967294,\"umask\":18},"
	"\"env\":[],"
	"\"oomScoreAdj\":-999,\"scheduler\":{\"policy\":\"SCHED_DEADLINE\","
	"\"nice\":0,\"runtime\":18446744073709551615,\"deadline\":2,"
	"\"period\":3,\"flags\":[\"SCHED_FLAG_RECLAIM\"]},"
	"\"ioPriority\":{\"class\":\"IOPRIO_CLASS_IDLE\",\"priority\":4},"
	"\"execCPUAffinity\":{\"initial\":\"0\",\"final\":\"1-2\"}},"
	"\"hooks\":{\"poststop\":[{\"path\":\"/h\",\"env\":[]}]},"
	"\"mounts\":[{\"destination\":\"a/b\",\"uidMappings\":[" MAP(1, 2, 3) "],\"gidMappings\":[" MAP(
		4, 5,
		6) "]}],"
		   "\"linux\":{\"namespaces\":[{\"type\":\"time\"},{\"type\":\"network\","
		   "\"path\":\"/proc/1/ns/net\"},{\"type\":\"mount\",\"path\":\"\"}],"
		   "\"devices\":[{\"type\":\"b\",\"path\":\"/b\",\"major\":1,"
		   "\"minor\":2,\"fileMode\":24960}],"
		   "\"netDevices\":{\"eth0\":{\"name\":\"in\"},\"eth1\":{}},"
		   "\"timeOffsets\":{\"boottime\":{\"secs\":-1,\"nanosecs\":7}},"
		   "\"intelRdt\":{\"closID\":\"c\",\"schemata\":[\"s\"],"
		   "\"l3CacheSchema\":\"l\",\"memBwSchema\":\"m\","
		   "\"enableMonitoring\":true},"
		   "\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"0\","
		   "\"flags\":[\"MPOL_F_STATIC_NODES\"]},"
		   "\"personality\":{\"domain\":\"LINUX32\"},"
		   "\"resources\":{\"cpu\":{\"idle\":1},\"rdma\":{\"mlx\":"
		   "{\"hcaHandles\":1},\"rxe\":{\"hcaObjects\":2}},"
		   "\"unified\":{\"memory.high\":\"3\"}},"
		   "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\","
		   "\"defaultErrnoRet\":38,\"flags\":[],\"listenerPath\":\"/l\","
		   "\"listenerMetadata\":\"\",\"syscalls\":[{\"names\":[\"n\"],"
		   "\"action\":\"SCMP_ACT_TRACE\",\"errnoRet\":7,\"args\":[{\"index\":1,"
		   "\"value\":18446744073709551615,\"valueTwo\":2,"
		   "\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}}}";

static void test_rest_process(void)
{
	const struct spec_process *p = config.spec.process;

	ok(p->console_size.height == 24 && p->console_size.width == 80,
	   "consoleSize");
	ok(p->user.uid == UINT32_MAX - 1 && p->user.gid == 0 &&
		   p->user.umask.set && p->user.umask.v == 022,
	   "uid, umask");
	ok(p->env.n == 0 && p->env.v && !p->env.v[0], "an empty array");
	ok(p->oom_score_adj.set && p->oom_score_adj.v == -999, "oomScoreAdj");
	ok(is(p->scheduler->policy, "SCHED_DEADLINE") &&
		   p->scheduler->nice.set && !p->scheduler->nice.v &&
		   p->scheduler->runtime.v == UINT64_MAX &&
		   p->scheduler->deadline.v == 2 &&
		   p->scheduler->period.v == 3 && !p->scheduler->priority.set &&
		   is_list(&p->scheduler->flags, "SCHED_FLAG_RECLAIM"),
	   "scheduler");
	ok(is(p->io_priority->class, "IOPRIO_CLASS_IDLE") &&
		   p->io_priority->priority == 4,
	   "ioPriority");
	ok(is(p->exec_cpu_affinity->initial, "0") &&
		   is(p->exec_cpu_affinity->final, "1-2"),
	   "execCPUAffinity");
	ok(!p->capabilities, "no capabilities");
}

static void test_rest_linux(void)
{
	const struct spec_linux *l = &config.spec.linux_;
	const struct spec_mount *m = config.spec.mounts.v;
	const struct spec_seccomp *s = l->seccomp;

	ok(config.spec.hooks.poststop.v[0].env_set, "env of a hook, empty");
	ok(is(m->destination, "/a/b") && !m->type && !m->source,
	   "a relative destination");
	ok(m->uid_mappings.v[0].container_id == 1 &&
		   m->uid_mappings.v[0].host_id == 2 &&
		   m->gid_mappings.v[0].size == 6,
	   "mappings of a mount");
	ok(l->ns[NS_TIME].wanted && !l->ns[NS_TIME].path &&
		   is(l->ns[NS_NETWORK].path, "/proc/1/ns/net") &&
		   l->ns[NS_MOUNT].wanted && !l->ns[NS_MOUNT].path &&
		   !l->ns[NS_PID].wanted,
	   "namespaces");
	ok(l->devices.v[0].file_mode.v == 0600, "a mode without file type");
	ok(l->net_devices.n == 2 && is(l->net_devices.v[0].host_name, "eth0") &&
		   is(l->net_devices.v[0].name, "in") &&
		   is(l->net_devices.v[1].host_name, "eth1") &&
		   !l->net_devices.v[1].name,
	   "netDevices");
	ok(!l->offset_monotonic && l->offset_boottime->secs == -1 &&
		   l->offset_boottime->nanosecs == 7,
	   "timeOffsets");
	ok(is(l->intel_rdt->clos_id, "c") &&
		   is_list(&l->intel_rdt->schemata, "s") &&
		   is(l->intel_rdt->l3_cache_schema, "l") &&
		   is(l->intel_rdt->mem_bw_schema, "m") &&
		   l->intel_rdt->enable_monitoring,
	   "intelRdt");
	ok(is(l->memory_policy->mode, "MPOL_BIND") &&
		   is(l->memory_policy->nodes, "0") &&
		   is_list(&l->memory_policy->flags, "MPOL_F_STATIC_NODES") &&
		   is(l->personality->domain, "LINUX32"),
	   "memoryPolicy, personality");
	ok(l->resources->cpu->idle.v == 1 && l->resources->rdma.n == 2 &&
		   is(l->resources->rdma.v[1].device, "rxe") &&
		   l->resources->rdma.v[1].hca_objects.v == 2 &&
		   !l->resources->rdma.v[1].hca_handles.set &&
		   is(l->resources->unified.v[0].value, "3") &&
		   !l->resources->pids_limit.set,
	   "resources");
	ok(s->default_errno_ret.v == 38 && s->flags_set && s->flags.n == 0 &&
		   is(s->listener_path, "/l") && !s->listener_metadata,
	   "seccomp");
	ok(s->syscalls.v[0].errno_ret.v == 7 &&
		   s->syscalls.v[0].args.v[0].index == 1 &&
		   s->syscalls.v[0].args.v[0].value == UINT64_MAX &&
		   s->syscalls.v[0].args.v[0].value_two == 2 &&
		   is(s->syscalls.v[0].args.v[0].op, "SCMP_CMP_MASKED_EQ"),
	   "a rule");
}

static void test_values(void)
{
	char *text = example();

	if (ok(text && parse(text) == 0, "the runtime-spec's example")) {
		test_example_process();
		test_example_top();
		test_example_linux();
		test_example_resources();
	}
	if (ok(parse(rest) == 0, "the keys that it has not")) {
		test_rest_process();
		test_rest_linux();
	} else {
		printf("# %s\n", err.text);
	}
	ok(config.json.len == sizeof(rest) - 1 &&
		   memcmp(config.json.text, rest, sizeof(rest) - 1) == 0,
	   "the text is as it was");
	is_num(parse("{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"}}"), 0,
	       "one config after another");
	ok(!config.spec.process && !config.spec.linux_.seccomp &&
		   !config.spec.mounts.n && !config.spec.linux_.ns[0].wanted,
	   "leaves nothing of the first");
}

/* Files */

static void load(const char *file)
{
	bool process = strstr(file, "-process-");
	int ret = process ? config_load_process(&config, data(file)) :
			    config_load(&config, AT_FDCWD, data(file), file);

	if (!ok(ret == 0, "takes %s", file))
		printf("# %s\n", err.text);
}

static void refuse(const char *file, const char *say)
{
	char path[256];

	snprintf(path, sizeof(path), "spec-schema/test/config/%s", file);
	if (config_load(&config, AT_FDCWD, data(path), "c") == 0)
		strcpy(err.text, "(taken)");
	is_str(err.text, say, file);
}

static void test_files(void)
{
	load("configs/containerd-default.json");
	load("configs/containerd-exec.json");
	load("configs/containerd-limits.json");
	load("configs/containerd-privileged.json");
	load("configs/containerd-process-exec.json");
	load("configs/containerd-seccomp.json");
	load("configs/kubernetes-container.json");
	load("configs/kubernetes-sandbox.json");
	load("configs/podman-default.json");
	load("configs/podman-limits.json");
	load("configs/podman-podmember.json");
	load("configs/podman-privileged.json");
	load("configs/podman-tty.json");
	load("configs/podman-user.json");
	load("configs/podman-volumes.json");
	load("spec-schema/test/config/good/minimal.json");
	load("spec-schema/test/config/good/minimal-for-start.json");
	load("spec-schema/test/config/good/linux-rdma.json");

	/* The runtime-spec calls these two good: the one is of a time before
	 * 1.0, the other moves devices to a network namespace that the
	 * container has not got. */
	refuse("good/spec-example.json",
	       "c:2:19: ociVersion: expected a version 1.x.y of the "
	       "runtime-spec (this is 1.3.0), found \"0.5.0-dev\"");
	refuse("good/linux-netdevice.json",
	       "c:7:23: linux.netDevices: only with a namespace of type "
	       "\"network\" in linux.namespaces");
	refuse("bad/invalid-json.json",
	       "c:1:2: expected a key in quotes, or '}', found ']'");
	refuse("bad/linux-hugepage.json",
	       "c:11:33: linux.resources.hugepageLimits[0].pageSize: expected "
	       "a size such as \"64KB\", \"2MB\", \"1GB\", found \"64kB\"");
	refuse("bad/linux-netdevice.json",
	       "c:9:25: linux.netDevices.eth0.name: expected a string, found "
	       "23");
	refuse("bad/linux-rdma.json",
	       "c:10:35: linux.resources.rdma.mlx5_1.hcaHandles: expected an "
	       "unsigned integer, found \"not a uint32\"");
	is_num(config_load(&config, AT_FDCWD, data("none.json"), "config.json"),
	       -ENOENT, "a config that is not there");
	is_str(err.text, "open config.json: No such file or directory",
	       "is called by its name");
}

static void test_process(void)
{
	static const char text[] = "{\"cwd\":\"/\",\"args\":[\"a\"],\n"
				   "\"env\":[\"A=1\"],\"user\":{\"uid\":7}}";
	static const char bad[] = "{\"cwd\":\"/\",\"args\":[\"a\"],\n"
				  "\"env\":[\"A=1\",\"B\"]}";

	is_num(config_parse_process(&config, text, sizeof(text) - 1, "p"), 0,
	       "a bare process");
	ok(config.spec.process && config.spec.process->user.uid == 7 &&
		   is_list(&config.spec.process->args, "a"),
	   "is what it says");
	config_error(&config, "process.user.uid", "no %s", "such user");
	is_str(err.text, "p:2:29: user.uid: no such user",
	       "paths begin below it");
	config_error(&config, "process", "no");
	is_str(err.text, "p:1:1: no", "or are it");
	config_parse_process(&config, bad, sizeof(bad) - 1, "p");
	is_str(err.text, "p:2:14: env[1]: expected NAME=value, found \"B\"",
	       "and is checked");
	config_parse_process(&config, "{}", 2, "p");
	is_str(err.text, "p:1:1: args: missing, but required",
	       "and must be whole");
}

static void test_errors(void)
{
	parse("{\"ociVersion\":\"1.0.0\",\n\"root\":{\"path\":\"r\"}}");
	is_num(config_error(&config, "root.path", "%d is %s", 1, "wrong"),
	       -EINVAL, "an error of a later layer");
	is_str(err.text, "c:2:16: root.path: 1 is wrong", "has the place");
	config_error(&config, "mounts[3].options[1]", "no");
	is_str(err.text, "c:1:1: mounts[3].options[1]: no",
	       "what is not there is called by its name");
	config_error(&config, "root.readonly", "no");
	is_str(err.text, "c:2:8: root.readonly: no",
	       "at the deepest part that is there");
	config_error(&config, "", "no");
	is_str(err.text, "c:1:1: no", "no path");
}

static void test_large(void)
{
	size_t size = 4 << 20;
	char *text = malloc(size + 1), *p = text;

	p += sprintf(p, "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},"
			"\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]},"
			"\"mounts\":[{\"destination\":\"/\"}");
	for (int i = 1; i < 1000; i++)
		p += sprintf(p,
			     ",{\"destination\":\"/%d\",\"type\":\"tmpfs\","
			     "\"options\":[\"ro\"]}",
			     i);
	p += sprintf(p, "],\"process\":{\"cwd\":\"/\",\"args\":[\"a\"],"
			"\"env\":[\"A=\"");
	for (int i = 1; i < 20000; i++)
		p += sprintf(p, ",\"VARIABLE_%d=%0150d\"", i, i);
	p += sprintf(p, "]}}");
	memset(p, ' ', (size_t)(text + size - p));
	text[size] = '\0';
	is_num(parse(text), 0, "4 MiB, 1000 mounts, 20,000 variables");
	ok(config.spec.mounts.n == 1000 && config.spec.process->env.n == 20000,
	   "are all there");
	ok(is(config.spec.mounts.v[999].destination, "/999"), "to the last");
	free(text);
}

/* Rows are counted in 32 bits, and pool offsets in 16. */
static void test_tables(void)
{
	static const char none[] = "none";
	int most = 0, words = 0;

	for (int o = 0; o < OBJECT_COUNT; o++) {
		int n = 0;

		while (oci_keys((enum oci_object)o)[n].name)
			n++;
		most = n > most ? n : most;
	}
	ok(most > 10 && most <= 32, "no object has more than 32 keys");
	is_str(oci_key_name(&oci_keys(OBJECT_hooks)[5]), "poststop",
	       "keys of hooks");
	for (const char *w = oci_words(WORDS_NAMESPACE); *w;
	     w = oci_words_next(w))
		words++;
	is_num(words, NS_KINDS, "kinds of namespaces");
	is_num(oci_words_find(WORDS_NAMESPACE, "uts"), NS_UTS, "by the enum");
	is_num(oci_words_find(WORDS_NAMESPACE, none), -1, "and none other");
}

static int judge(const char *file)
{
	static char text[1 << 20];
	unsigned char head[4];
	FILE *f = fopen(file, "r");
	size_t len;

	if (!f)
		return 2;
	while (fread(head, 1, 4, f) == 4) {
		len = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16;
		if (len > sizeof(text) || fread(text, 1, len, f) != len)
			return 2;
		puts(config_parse(&config, text, len, "x") == 0 ? "1" :
								  err.text);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return judge(argv[1]);
	test_rows();
	test_names();
	test_mappings();
	test_values();
	test_files();
	test_process();
	test_errors();
	test_large();
	test_tables();
	return done();
}
