/* SPDX-License-Identifier: Apache-2.0 */
#include "run/features.h"

#include "kern/caps.h"
#include "kern/mount.h"
#include "kern/ns.h"

/* A document under construction: the next member's level, and whether it is
 * the first of its object or array. */
struct writer {
	struct sbuf *b;
	int depth;
	bool first;
};

static void next(struct writer *w)
{
	sbuf_str(w->b, w->first ? "\n" : ",\n");
	for (int i = 0; i < w->depth; i++)
		sbuf_str(w->b, "    ");
	w->first = false;
}

static void open(struct writer *w, const char *key, const char *bracket)
{
	next(w);
	sbuf_fmt(w->b, "\"%s\": %s", key, bracket);
	w->depth++;
	w->first = true;
}

static void close(struct writer *w, const char *bracket)
{
	w->depth--;
	w->first = true;
	next(w);
	sbuf_str(w->b, bracket);
}

static void put_string(struct writer *w, const char *key, const char *value)
{
	next(w);
	sbuf_fmt(w->b, "\"%s\": \"%s\"", key, value);
}

static void put_bool(struct writer *w, const char *key, bool value)
{
	next(w);
	sbuf_fmt(w->b, "\"%s\": %s", key, value ? "true" : "false");
}

/* An object whose one member says whether there is such a thing. */
static void put_enabled(struct writer *w, const char *key, bool value)
{
	open(w, key, "{");
	put_bool(w, "enabled", value);
	close(w, "}");
}

static const char *hook_name(size_t i)
{
	static const char names[][16] = { "prestart",        "createRuntime",
					  "createContainer", "startContainer",
					  "poststart",       "poststop" };

	return i < sizeof(names) / sizeof(names[0]) ? names[i] : NULL;
}

/* User namespaces are refused by this version. */
static const char *namespace_name(size_t i)
{
	return i + 1 < NS_KINDS ? ns_kinds[i + 1].name : NULL;
}

static const char *capability_name(size_t i)
{
	return caps_name((unsigned int)i);
}

/* name returns NULL after the last. */
static void put_names(struct writer *w, const char *key,
		      const char *(*name)(size_t i))
{
	const char *s;

	open(w, key, "[");
	for (size_t i = 0; (s = name(i)); i++) {
		next(w);
		sbuf_fmt(w->b, "\"%s\"", s);
	}
	close(w, "]");
}

static void put_linux(struct writer *w)
{
	static const char cgroup[][12] = { "v1", "v2", "systemd", "systemdUser",
					   "rdma" };

	open(w, "linux", "{");
	put_names(w, "namespaces", namespace_name);
	put_names(w, "capabilities", capability_name);
	open(w, "cgroup", "{");
	for (size_t i = 0; i < sizeof(cgroup) / sizeof(cgroup[0]); i++)
		put_bool(w, cgroup[i], i == 1);
	close(w, "}");
	put_enabled(w, "seccomp", false);
	put_enabled(w, "apparmor", true);
	put_enabled(w, "selinux", true);
	put_enabled(w, "intelRdt", false);
	open(w, "mountExtensions", "{");
	put_enabled(w, "idmap", false);
	close(w, "}");
	put_enabled(w, "netDevices", false);
	close(w, "}");
}

void features_print(struct sbuf *b)
{
	struct writer w = { .b = b, .depth = 1, .first = true };

	sbuf_str(b, "{");
	put_string(&w, "ociVersionMin", "1.0.0");
	put_string(&w, "ociVersionMax", "1.3.0");
	put_names(&w, "hooks", hook_name);
	put_names(&w, "mountOptions", mount_option_name);
	put_linux(&w);
	close(&w, "}");
	sbuf_str(b, "\n");
}
