/* SPDX-License-Identifier: Apache-2.0 */
#include "run/features.h"

#include "base/jsonw.h"
#include "kern/caps.h"
#include "kern/mount.h"
#include "kern/ns.h"
#include "kern/seccomp.h"
#include "kern/seccomp_lib.h"
#include "oci/config.h"
#include "oci/keys.h"

static const char *hook(size_t i)
{
	return oci_key_name(&oci_keys(OBJECT_hooks)[i]);
}

static const char *namespace(size_t i)
{
	return i < NS_KINDS ? ns_kinds[i].name : "";
}

static const char *capability(size_t i)
{
	return caps_name((unsigned int)i);
}

/* Those that change what runt does. */
static const char *annotation(size_t i)
{
	return i == 0 ? "org.systemd.property." :
	       i == 1 ? CONFIG_UNTOUCHED :
			NULL;
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

static void put_enabled(struct jsonw *w, const char *key)
{
	jsonw_object(w, key);
	jsonw_bool(w, "enabled", true);
	jsonw_end(w);
}

static void put_cgroup(struct jsonw *w)
{
	jsonw_object(w, "cgroup");
	jsonw_bool(w, "v1", false);
	jsonw_bool(w, "v2", true);
	jsonw_bool(w, "systemd", true);
	jsonw_bool(w, "systemdUser", true);
	jsonw_bool(w, "rdma", true);
	jsonw_end(w);
}

static void put_seccomp_set(struct jsonw *w, const char *key,
			    enum seccomp_words kind, bool works)
{
	const char *s;

	jsonw_array(w, key);
	for (size_t i = 0; (s = seccomp_word(kind, i)); i++)
		if (!works || seccomp_flag_works(i))
			jsonw_str(w, NULL, s);
	jsonw_end(w);
}

static void put_seccomp_words(struct jsonw *w)
{
	put_seccomp_set(w, "actions", SECCOMP_ACTIONS, false);
	put_seccomp_set(w, "operators", SECCOMP_OPERATORS, false);
	put_seccomp_set(w, "archs", SECCOMP_ARCHS, false);
	put_seccomp_set(w, "knownFlags", SECCOMP_FLAGS, false);
	put_seccomp_set(w, "supportedFlags", SECCOMP_FLAGS, true);
}

static void put_seccomp(struct jsonw *w)
{
	jsonw_object(w, "seccomp");
	jsonw_bool(w, "enabled", RUNT_SECCOMP != 0);
	if (RUNT_SECCOMP != 0)
		put_seccomp_words(w);
	jsonw_end(w);
}

static void put_intel_rdt(struct jsonw *w)
{
	jsonw_object(w, "intelRdt");
	jsonw_bool(w, "enabled", true);
	jsonw_bool(w, "schemata", true);
	jsonw_bool(w, "monitoring", true);
	jsonw_end(w);
}

static void put_words(struct jsonw *w, const char *key, enum oci_words set)
{
	const char *word;

	jsonw_array(w, key);
	for (word = oci_words(set); *word; word = oci_words_next(word))
		jsonw_str(w, NULL, word);
	jsonw_end(w);
}

static void put_memory_policy(struct jsonw *w)
{
	jsonw_object(w, "memoryPolicy");
	put_words(w, "modes", WORDS_MEMORY_POLICY);
	put_words(w, "flags", WORDS_MEMORY_POLICY_FLAG);
	jsonw_end(w);
}

static void put_linux(struct jsonw *w)
{
	jsonw_object(w, "linux");
	put_names(w, "namespaces", namespace);
	put_names(w, "capabilities", capability);
	put_cgroup(w);
	put_seccomp(w);
	put_enabled(w, "apparmor");
	put_enabled(w, "selinux");
	put_intel_rdt(w);
	put_memory_policy(w);
	jsonw_object(w, "mountExtensions");
	put_enabled(w, "idmap");
	jsonw_end(w);
	put_enabled(w, "netDevices");
	jsonw_end(w);
}

static void put_annotations(struct jsonw *w)
{
	char text[32];
	const char *version = features_libseccomp(text, sizeof(text));

	if (!*version)
		return;
	jsonw_object(w, "annotations");
	jsonw_str(w, "io.github.seccomp.libseccomp.version", version);
	jsonw_end(w);
}

const char *features_libseccomp(char *buf, size_t size)
{
	return seccomp_lib_version(buf, size);
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
	put_annotations(&w);
	put_names(&w, "potentiallyUnsafeConfigAnnotations", annotation);
	jsonw_end(&w);
	sbuf_str(b, "\n");
}
