/* SPDX-License-Identifier: Apache-2.0 */
#include "run/features.h"

#include "base/jsonw.h"
#include "kern/caps.h"
#include "kern/mount.h"
#include "kern/ns.h"
#include "oci/keys.h"

static const char *hook(size_t i)
{
	return oci_keys(OBJECT_hooks)[i].name;
}

static const char *namespace(size_t i)
{
	return i < NS_KINDS ? ns_kinds[i].name : "";
}

static const char *capability(size_t i)
{
	return caps_name((unsigned int)i);
}

/* name returns NULL or "" after the last. */
static void put_names(struct jsonw *w, const char *key,
		      const char *(*name)(size_t i))
{
	const char *s;

	jsonw_array(w, key);
	for (size_t i = 0; (s = name(i)) && *s; i++)
		jsonw_str(w, NULL, s);
	jsonw_end(w);
}

static void put_enabled(struct jsonw *w, const char *key, bool enabled)
{
	jsonw_object(w, key);
	jsonw_bool(w, "enabled", enabled);
	jsonw_end(w);
}

static void put_cgroup(struct jsonw *w)
{
	jsonw_object(w, "cgroup");
	jsonw_bool(w, "v1", false);
	jsonw_bool(w, "v2", true);
	jsonw_bool(w, "systemd", false);
	jsonw_bool(w, "systemdUser", false);
	jsonw_bool(w, "rdma", true);
	jsonw_end(w);
}

static void put_linux(struct jsonw *w)
{
	jsonw_object(w, "linux");
	put_names(w, "namespaces", namespace);
	put_names(w, "capabilities", capability);
	put_cgroup(w);
	put_enabled(w, "seccomp", false);
	put_enabled(w, "apparmor", true);
	put_enabled(w, "selinux", true);
	put_enabled(w, "intelRdt", false);
	jsonw_object(w, "mountExtensions");
	put_enabled(w, "idmap", false);
	jsonw_end(w);
	put_enabled(w, "netDevices", false);
	jsonw_end(w);
}

void features_print(struct sbuf *b)
{
	struct jsonw w = { .b = b, .indent = 4 };

	jsonw_object(&w, NULL);
	jsonw_str(&w, "ociVersionMin", OCI_VERSION_MIN);
	jsonw_str(&w, "ociVersionMax", OCI_VERSION);
	put_names(&w, "hooks", hook);
	put_names(&w, "mountOptions", mount_option_name);
	put_linux(&w);
	jsonw_end(&w);
	sbuf_str(b, "\n");
}
