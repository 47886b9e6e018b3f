/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/bus.h"
#include "kern/need.h"
#include "kern/sys.h"
#include "kern/unitprop.h"

#define SERVICE "org.freedesktop.systemd1"
#define MANAGER SERVICE ".Manager"
#define MANAGER_PATH "/org/freedesktop/systemd1"
#define PROPERTIES "org.freedesktop.DBus.Properties"

enum { PATIENCE_MS = 30000 /* as runc's */ };

/* Where systemd is if it is process 1. */
static const char booted[] = "/run/systemd/system";

/* Not initialized, since that would put its buffers into the binary. */
static struct bus bus;
static bool connected;

/* The job that is waited for, from when it is asked for: its end may be told
 * before its name. */
static struct {
	const char *unit;
	char path[128], result[32]; /* of the last that ended */
} job;

/* Root is a user's if systemd belongs to another one, outside the namespace. */
static bool is_users(void)
{
	struct stat st;

	return geteuid() != 0 || stat(booted, &st) < 0 || st.st_uid != 0;
}

/* "a-b.slice", each part not empty; or the root, "-.slice". */
static bool is_slice_name(const char *s)
{
	size_t n = strlen(s);

	if (str_eq(s, "-.slice"))
		return true;
	return str_ends(s, ".slice") && n < NAME_MAX && *s != '-' &&
	       !strchr(s, '/') && !strstr(s, "--") && s[n - 7] != '-' && n > 6;
}

/* What systemd takes for a unit's name, but for '@', which means templates. */
static bool is_name(const char *s)
{
	return s[strspn(s,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789:-_.\\")] == '\0';
}

static int check_unit(const struct systemd_unit *u)
{
	if (!is_slice_name(u->slice))
		return err_say(EINVAL, "invalid slice name: %s", u->slice);
	if (strlen(u->name) > NAME_MAX || !is_name(u->name))
		return err_say(EINVAL, "invalid unit name: %s", u->name);
	if (systemd_is_scope(u) || is_slice_name(u->name))
		return 0;
	return err_say(EINVAL, "invalid slice name: %s", u->name);
}

static int name_unit(struct systemd_unit *u, const char *prefix,
		     const char *name)
{
	if (str_ends(name, ".slice"))
		u->name = name;
	else
		u->name = arena_cat(prefix, *prefix ? "-" : "", name, ".scope",
				    NULL);
	return u->name && u->slice ? check_unit(u) : -ENOMEM;
}

int systemd_name_unit(struct systemd_unit *u, const char *cgroups_path,
		      const char *id)
{
	const char *wanted = cgroups_path;
	char *prefix, *name;

	u->slice = is_users() ? "user.slice" : "system.slice";
	if (!wanted || !*wanted)
		return name_unit(u, "runt", id);
	prefix = strchr(wanted, ':');
	name = prefix ? strchr(prefix + 1, ':') : NULL;
	if (!name || !name[1] || strchr(name + 1, ':'))
		return err_say(EINVAL,
			       "expected cgroupsPath to be of format "
			       "\"slice:prefix:name\" for systemd cgroups, got "
			       "\"%s\" instead",
			       wanted);
	prefix = arena_str(prefix);
	if (!prefix)
		return -ENOMEM;
	name = strchr(prefix + 1, ':');
	*name++ = '\0';
	if (*wanted != ':') {
		u->slice = arena_str(wanted);
		if (u->slice)
			*strchr(u->slice, ':') = '\0';
	}
	return name_unit(u, prefix + 1, name);
}

bool systemd_is_scope(const struct systemd_unit *u)
{
	return str_ends(u->name, ".scope");
}

/* Not a word of the message is wanted beyond the job's. */
static void on_signal(const struct dbus_message *m, void *arg)
{
	struct dbus_in body = m->body;
	const char *path, *unit, *result;

	(void)arg;
	if (!job.unit || !str_eq(m->interface, MANAGER) ||
	    !str_eq(m->member, "JobRemoved") || !str_eq(m->signature, "uoss"))
		return;
	dbus_get_u32(&body);
	path = dbus_get_str(&body);
	unit = dbus_get_str(&body);
	result = dbus_get_str(&body);
	if (body.bad || !str_eq(unit, job.unit))
		return;
	str_cut(job.path, sizeof(job.path), path);
	str_cut(job.result, sizeof(job.result), result);
}

/* The sockets of our manager, the nearest first: its own, then a bus. */
static const char *addresses(void)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	const char *session = getenv("DBUS_SESSION_BUS_ADDRESS");
	char text[32];

	if (!is_users())
		return "unix:path=/run/systemd/private;"
		       "unix:path=/run/dbus/system_bus_socket";
	if (!dir || *dir != '/') {
		if (str_fmt(text, sizeof(text), "/run/user/%u", geteuid()) < 0)
			return NULL;
		dir = text;
	}
	return arena_cat("unix:path=", dir, "/systemd/private;",
			 session ? session : "", ";unix:path=", dir, "/bus",
			 NULL);
}

static void begin(const char *member, const char *signature)
{
	const struct dbus_call c = { MANAGER_PATH, MANAGER, member, signature };

	bus_begin(&bus, &c);
}

/* Calls what was begun; the record of an error says what was meant. */
static int call(struct dbus_message *reply, const char *action,
		const char *unit)
{
	char what[NAME_MAX + 64];

	if (str_fmt(what, sizeof(what), "systemd: %s%s", action, unit) < 0)
		return -ENAMETOOLONG;
	return bus_call(&bus, reply, what);
}

/* A bus passes signals on to who asks, and systemd sends them there if
 * somebody has subscribed. */
static int join_bus(void)
{
	int ret;

	bus.destination = SERVICE;
	ret = bus_join(&bus, "type='signal',sender='" SERVICE
			     "',interface='" MANAGER "',member='JobRemoved'");
	if (ret < 0)
		return ret;
	begin("Subscribe", "");
	return call(NULL, "subscribe to signals", "");
}

int systemd_open(const char *address)
{
	const char *where = address ? address : addresses();
	int ret;

	if (connected)
		return 0;
	if (!where)
		return -ENOMEM;
	if (!address && sys_faccessat2(AT_FDCWD, booted, F_OK, 0) < 0) {
		err_say(ENOTSUP,
			"this host does not run systemd: %s is not "
			"there",
			booted);
		return err_hint(NEED_SYSTEMD);
	}
	bus.patience_ms = PATIENCE_MS;
	bus.destination = NULL;
	bus.on_signal = on_signal;
	ret = bus_open(&bus, where);
	if (ret == -ENOENT && is_users())
		return err_hint(NEED_USER_MANAGER);
	if (ret < 0)
		return ret;
	connected = true;
	if (!str_ends(bus.address, "/systemd/private"))
		ret = join_bus();
	if (ret < 0)
		systemd_close();
	return ret;
}

void systemd_close(void)
{
	if (connected)
		bus_close(&bus);
	connected = false;
}

const char *systemd_address(void)
{
	return bus.address;
}

/* A property of the manager that is a string; valid until the next call. */
static int get_property(const char *name, const char **value)
{
	const struct dbus_call c = { MANAGER_PATH, PROPERTIES, "Get", "ss" };
	struct dbus_message reply;
	int ret;

	bus_begin(&bus, &c);
	dbus_put_str(&bus.out, MANAGER);
	dbus_put_str(&bus.out, name);
	ret = call(&reply, "get property ", name);
	if (ret < 0)
		return ret;
	if (!str_eq(reply.signature, "v") ||
	    !str_eq(dbus_get_sig(&reply.body), "s"))
		return err_say(EPROTO, "systemd: %s is no string", name);
	*value = dbus_get_str(&reply.body);
	return 0;
}

int systemd_locate(char *buf, size_t size, const struct systemd_unit *u)
{
	const char *root = "";
	const char *slice = systemd_is_scope(u) ? u->slice : u->name;
	struct sbuf b = { .p = buf, .size = size };
	int ret = get_property("ControlGroup", &root), i;

	if (ret < 0)
		return ret;
	if (*root == '/' && root[1])
		sbuf_str(&b, root);
	for (i = 1; slice[0] != '-' && slice[i]; i++)
		if (slice[i] == '-')
			sbuf_fmt(&b, "/%.*s.slice", i, slice);
	if (slice[0] != '-')
		sbuf_fmt(&b, "/%s", slice);
	if (systemd_is_scope(u))
		sbuf_fmt(&b, "/%s", u->name);
	return b.full ? err_sys(ENAMETOOLONG, "cgroup of %s", u->name) : 0;
}

/* The number in front: "257.9-1". 0 if nobody knows. */
static unsigned int version(void)
{
	const char *text = "";
	unsigned int v = 0;

	if (get_property("Version", &text) < 0)
		return 0;
	text += *text == 'v';
	for (; *text >= '0' && *text <= '9' && v < 100000; text++)
		v = v * 10 + (unsigned int)(*text - '0');
	return v;
}

static void put_pids(struct dbus_out *o, pid_t pid)
{
	struct dbus_array a = dbus_open_array(o, 4);

	dbus_put_u32(o, (uint32_t)pid);
	dbus_close_array(o, a);
}

static void put_process(struct dbus_out *o, pid_t pid)
{
	dbus_align(o, 8);
	dbus_put_str(o, "PIDs");
	dbus_put_sig(o, "au");
	put_pids(o, pid);
}

/* What the annotations say comes last, and so has the last word. */
static int put_properties(const struct systemd_unit *u,
			  const struct systemd_start *s, unsigned int v)
{
	struct dbus_out *o = &bus.out;

	unitprop_put_str(o, "Description", s->description);
	if (systemd_is_scope(u)) {
		unitprop_put_str(o, "Slice", u->slice);
		unitprop_put_bool(o, "Delegate", true);
		put_process(o, s->pid);
	} else {
		unitprop_put_strs(o, "Wants", u->slice);
	}
	/* At a shutdown, who started it ends it, before systemd does. */
	unitprop_put_bool(o, "DefaultDependencies", false);
	unitprop_put_bool(o, "CPUAccounting", true);
	unitprop_put_bool(o, "IOAccounting", true);
	unitprop_put_bool(o, "MemoryAccounting", true);
	unitprop_put_bool(o, "TasksAccounting", true);
	/* A failure that nobody asks about is forgotten. */
	if (v >= 236)
		unitprop_put_str(o, "CollectMode", "inactive-or-failed");
	unitprop_put_limits(o, s->limits, v);
	return unitprop_put_annotations(o, s->annotations);
}

int systemd_check_annotations(const struct spec_pairs *annotations)
{
	bus.out = (struct dbus_out){ .p = bus.sent, .size = sizeof(bus.sent) };
	return unitprop_put_annotations(&bus.out, annotations);
}

/* The answer is the path of a job. */
static int call_job(char *path, size_t size, const char *action,
		    const char *unit)
{
	struct dbus_message reply;
	int ret;

	job.unit = unit;
	*job.path = '\0';
	ret = call(&reply, action, unit);
	if (ret == 0)
		str_cut(path, size,
			*reply.signature == 'o' ? dbus_get_str(&reply.body) :
						  "");
	return ret;
}

static int wait_job(const char *path, const char *action)
{
	int ret = 0;

	while (ret == 0 && !str_eq(job.path, path))
		ret = bus_hear(&bus);
	if (ret == -ETIMEDOUT)
		return err_say(ETIMEDOUT, "systemd: %s%s: not done in %d s",
			       action, job.unit, PATIENCE_MS / 1000);
	return ret;
}

static bool is_error(const char *name)
{
	return str_starts(bus.error, SERVICE ".") &&
	       str_eq(bus.error + sizeof(SERVICE), name);
}

static const char start_action[] = "start unit ";

static int start(const struct systemd_unit *u, const struct systemd_start *s,
		 unsigned int v, char *path, size_t size)
{
	struct dbus_out *o = &bus.out;
	struct dbus_array properties;
	int ret;

	begin("StartTransientUnit", "ssa(sv)a(sa(sv))");
	dbus_put_str(o, u->name);
	dbus_put_str(o, "replace");
	properties = dbus_open_array(o, 8);
	ret = put_properties(u, s, v);
	if (ret < 0)
		return ret;
	dbus_close_array(o, properties);
	dbus_close_array(o, dbus_open_array(o, 8));
	return call_job(path, size, start_action, u->name);
}

static int reset_failed(const char *unit)
{
	begin("ResetFailedUnit", "s");
	dbus_put_str(&bus.out, unit);
	return call(NULL, "reset failed unit ", unit);
}

int systemd_start(const struct systemd_unit *u, const struct systemd_start *s,
		  bool *made)
{
	char path[sizeof(job.path)];
	unsigned int v = version();
	int ret = start(u, s, v, path, sizeof(path));

	/* One that failed may be there still. */
	if (ret == -EREMOTEIO && is_error("UnitExists")) {
		ret = reset_failed(u->name);
		if (ret == 0 || ret == -EREMOTEIO)
			ret = start(u, s, v, path, sizeof(path));
	}
	/* What was not answered may have been done. */
	*made = ret == 0 || ret == -ETIMEDOUT;
	if (ret == 0)
		ret = wait_job(path, start_action);
	if (ret < 0 || str_eq(job.result, "done"))
		return ret;
	err_say(EREMOTEIO, "systemd: %s%s: %s", start_action, u->name,
		job.result);
	return err_hint(NEED_JOURNAL);
}

/* systemd answers first, and writes before it reads what comes next. */
static int settle(void)
{
	const struct dbus_call ping = { "/", "org.freedesktop.DBus.Peer",
					"Ping", "" };

	bus_begin(&bus, &ping);
	return call(NULL, "ping", "");
}

int systemd_set(const char *unit, const struct cgset *limits)
{
	struct dbus_out *o = &bus.out;
	unsigned int v = version();
	struct dbus_array properties;
	int ret;

	begin("SetUnitProperties", "sba(sv)");
	dbus_put_str(o, unit);
	dbus_put_bool(o, true); /* not for the next boot */
	properties = dbus_open_array(o, 8);
	unitprop_put_limits(o, limits, v);
	if (o->len == properties.start)
		return 0;
	dbus_close_array(o, properties);
	ret = call(NULL, "set properties of unit ", unit);
	return ret < 0 ? ret : settle();
}

int systemd_attach(const char *unit, const char *below, pid_t pid)
{
	begin("AttachProcessesToUnit", "ssau");
	dbus_put_str(&bus.out, unit);
	dbus_put_str(&bus.out, below);
	put_pids(&bus.out, pid);
	return call(NULL, "attach a process to unit ", unit);
}

int systemd_remove(const char *unit)
{
	static const char action[] = "stop unit ";
	char path[sizeof(job.path)];
	int ret;

	begin("StopUnit", "ss");
	dbus_put_str(&bus.out, unit);
	dbus_put_str(&bus.out, "replace");
	ret = call_job(path, sizeof(path), action, unit);
	if (ret == 0)
		ret = wait_job(path, action);
	else if (ret == -EREMOTEIO && is_error("NoSuchUnit"))
		ret = 0;
	if (ret < 0)
		return ret;
	/* Where CollectMode did not see to it. */
	ret = reset_failed(unit);
	return ret == -EREMOTEIO ? 0 : ret;
}
