/* SPDX-License-Identifier: Apache-2.0 */
/* A config.json to begin with: what runc's has, less what this version
 * refuses. It runs sh on a bare BusyBox root. */
#include "cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"

static struct options {
	const char *bundle, *file;
	bool rootless;
} options;

#define AT(member) OPT_STORED, offsetof(struct options, member)
static const struct opt opts[] = {
	{ "bundle", 'b', OPT_STRING, AT(bundle),
	  "DIR\0where to write it (working directory)" },
	{ "file", 'f', OPT_STRING, AT(file),
	  "FILE\0its name there (config.json)" },
	{ "rootless", 0, OPT_FLAG, AT(rootless),
	  "\0one for a user without privileges" },
	{ .name = "" },
};
#undef AT

/* <for root|for others>; %u and %g are the caller's ids. */
/* clang-format off */
#define JSON(...) #__VA_ARGS__
static const char template[] = JSON({
	"ociVersion": "1.3.0",
	"process": {
		"terminal": true,
		"user": {"uid": 0, "gid": 0},
		"args": ["sh"],
		"env": [
			"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			"TERM=xterm"
		],
		"cwd": "/",
		"capabilities": {
			"bounding": [
				"CAP_AUDIT_WRITE", "CAP_KILL",
				"CAP_NET_BIND_SERVICE"
			],
			"effective": [
				"CAP_AUDIT_WRITE", "CAP_KILL",
				"CAP_NET_BIND_SERVICE"
			],
			"permitted": [
				"CAP_AUDIT_WRITE", "CAP_KILL",
				"CAP_NET_BIND_SERVICE"
			]
		},
		"rlimits": [
			{
				"type": "RLIMIT_NOFILE",
				"hard": 1024,
				"soft": 1024
			}
		],
		"noNewPrivileges": true
	},
	"root": {"path": "rootfs", "readonly": true},
	"hostname": "runt",
	"mounts": [
		{
			"destination": "/proc",
			"type": "proc",
			"source": "proc"
		},
		{
			"destination": "/dev",
			"type": "tmpfs",
			"source": "tmpfs",
			"options": [
				"nosuid", "strictatime", "mode=755",
				"size=65536k"
			]
		},
		{
			"destination": "/dev/pts",
			"type": "devpts",
			"source": "devpts",
			"options": [
				"nosuid", "noexec", "newinstance",
				"ptmxmode=0666", "mode=0620"
				<, "gid=5"|>
			]
		},
		{
			"destination": "/dev/shm",
			"type": "tmpfs",
			"source": "shm",
			"options": [
				"nosuid", "noexec", "nodev", "mode=1777",
				"size=65536k"
			]
		},
		{
			"destination": "/dev/mqueue",
			"type": "mqueue",
			"source": "mqueue",
			"options": ["nosuid", "noexec", "nodev"]
		},
		{
			"destination": "/sys",
			"type": <"sysfs"|"none">,
			"source": <"sysfs"|"/sys">,
			"options": [
				<|"rbind", "rro",>
				"nosuid", "noexec", "nodev", "ro"
			]
		},
		{
			"destination": "/sys/fs/cgroup",
			"type": "cgroup",
			"source": "cgroup",
			"options": [
				"nosuid", "noexec", "nodev", "relatime", "ro"
			]
		}
	],
	"linux": {
		<
		"resources": {
			"devices": [{"allow": false, "access": "rwm"}]
		}
		|
		"uidMappings": [
			{"containerID": 0, "hostID": %u, "size": 1}
		],
		"gidMappings": [
			{"containerID": 0, "hostID": %g, "size": 1}
		]
		>,
		"namespaces": [
			{"type": "pid"},
			<{"type": "network"}|{"type": "user"}>,
			{"type": "ipc"},
			{"type": "uts"},
			{"type": "mount"},
			{"type": "cgroup"}
		],
		"maskedPaths": [
			"/proc/acpi", "/proc/asound", "/proc/kcore",
			"/proc/keys", "/proc/latency_stats",
			"/proc/timer_list", "/proc/timer_stats",
			"/proc/sched_debug", "/proc/scsi", "/sys/firmware"
		],
		"readonlyPaths": [
			"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
			"/proc/sysrq-trigger"
		]
	}
});
/* clang-format on */

static void print_break(struct sbuf *b, int depth)
{
	sbuf_str(b, "\n");
	for (; depth > 0; depth--)
		sbuf_str(b, "\t");
}

/* Whether the character is JSON of this variant, and not a mark. */
static bool is_wanted(char c, bool *skip)
{
	if (c == '<')
		*skip = options.rootless;
	else if (c == '|')
		*skip = !options.rootless;
	else if (c == '>')
		*skip = false;
	else
		return !*skip;
	return false;
}

/* What the template has outside of strings; returns the depth from there on. */
static int print_mark(struct sbuf *b, const char *json, int depth)
{
	if (*json == '%')
		sbuf_fmt(b, "%u", json[1] == 'u' ? geteuid() : getegid());
	else
		sbuf_add(b, json, 1);
	if (*json == '{' || *json == '[')
		print_break(b, ++depth);
	else if (*json == ',')
		print_break(b, depth);
	else if (*json == ':')
		sbuf_str(b, " ");
	return depth;
}

/* One member to a line, indented with tabs. */
static void print(struct sbuf *b, const char *json)
{
	bool quoted = false, skip = false;
	int depth = 0;

	for (; *json; json += *json == '%' ? 2 : 1) {
		if (!is_wanted(*json, &skip) || (!quoted && *json == ' '))
			continue;
		quoted ^= *json == '"';
		if (!quoted && (*json == '}' || *json == ']'))
			print_break(b, --depth);
		if (quoted || *json == '"')
			sbuf_add(b, json, 1);
		else
			depth = print_mark(b, json, depth);
	}
	sbuf_str(b, "\n");
}

/* A new file, whole or not at all; name is what errors of writing call it. */
static int create(int dir, const char *path, const struct sbuf *b,
		  const char *name)
{
	autofd fd = fd_open(dir, path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	int ret;

	if (fd == -EEXIST)
		return err_say(EEXIST, "File %s exists. Remove it first", path);
	if (fd < 0)
		return fd;
	ret = fd_write(fd, b->p, b->len, name);
	if (ret < 0)
		unlinkat(dir, path, 0);
	return ret;
}

/* A link does not replace what is there, as a rename would; where the file
 * system has no links, the name is there before the text is. */
static int write_file(int dir, const char *name, const struct sbuf *b)
{
	char temporary[PATH_MAX];
	int ret =
		str_fmt(temporary, sizeof(temporary), "%s.%d", name, getpid());

	if (ret >= 0)
		ret = create(dir, temporary, b, name);
	if (ret < 0)
		return ret;
	ret = linkat(dir, temporary, dir, name, 0) < 0 ? errno : 0;
	unlinkat(dir, temporary, 0);
	return ret ? create(dir, name, b, name) : 0;
}

static int spec(const struct run_global *g, char **args)
{
	const char *name = options.file ? options.file : "config.json";
	const char *bundle = options.bundle ? options.bundle : ".";
	char text[4096];
	struct sbuf b = SBUF(text);
	autofd dir = fd_open(AT_FDCWD, bundle, O_DIRECTORY | O_PATH, 0);

	(void)g;
	(void)args;
	if (dir < 0)
		return dir;
	print(&b, template);
	return write_file(dir, name, &b);
}

const struct verb verb_spec = {
	.name = "spec",
	.args = "",
	.help = "Write a config.json to begin with",
	.group = VERB_INSPECT,
	.opts = opts,
	.options = &options,
	.main = spec,
};
