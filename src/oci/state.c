/* SPDX-License-Identifier: Apache-2.0 */
#include "oci/state.h"

#include <errno.h>
#include <unistd.h>

#include "base/err.h"
#include "base/jsonw.h"
#include "oci/decode.h"

/* The largest by far. A static binary has it behind all else, so that nothing
 * is far from the code that uses it. */
char state_text[STATE_TEXT_MAX] __attribute__((section(".bss..last")));

static void write_annotations(struct jsonw *w, const struct spec_pairs *p)
{
	size_t i;

	if (!p->n)
		return;
	jsonw_object(w, "annotations");
	for (i = 0; i < p->n; i++)
		jsonw_str(w, p->v[i].name, p->v[i].value);
	jsonw_end(w);
}

/* What is not written is 0, and takes no time to be read. */
static void write_number(struct jsonw *w, const char *key, uint64_t v)
{
	if (v)
		jsonw_u64(w, key, v);
}

void state_write(struct sbuf *b, const struct state *s)
{
	struct jsonw w = { .b = b };

	jsonw_object(&w, NULL);
	jsonw_str(&w, "id", s->id);
	jsonw_i64(&w, "init_process_pid", s->init.pid);
	jsonw_u64(&w, "init_process_start", s->init.start);
	write_number(&w, "init_process_inode", s->init.inode);
	jsonw_str(&w, "created", s->created);
	jsonw_str(&w, "phase", oci_words_at(WORDS_PHASE, s->phase));
	jsonw_str(&w, "bundle", s->bundle);
	jsonw_str(&w, "rootfs", s->rootfs);
	write_number(&w, "owner", s->owner);
	write_number(&w, "keeper_pid", (uint64_t)s->keeper.pid);
	write_number(&w, "keeper_start", s->keeper.start);
	write_number(&w, "keeper_inode", s->keeper.inode);
	if (s->cgroup)
		jsonw_str(&w, "cgroup", s->cgroup);
	write_number(&w, "cgroup_kept", s->cgroup_kept);
	if (s->systemd_unit) {
		jsonw_str(&w, "systemd_unit", s->systemd_unit);
		jsonw_str(&w, "systemd_address", s->systemd_address);
	}
	if (s->intel_rdt)
		jsonw_str(&w, "intel_rdt", s->intel_rdt);
	jsonw_bool(&w, "private_pidns", s->private_pidns);
	if (s->no_new_keyring)
		jsonw_bool(&w, "no_new_keyring", true);
	if (s->boot)
		jsonw_str(&w, "boot", s->boot);
	if (s->exit_status.set)
		jsonw_u64(&w, "exit_status", s->exit_status.v);
	write_annotations(&w, &s->annotations);
	jsonw_end(&w);
}

int state_read(struct state *s, int dirfd, const char *path)
{
	struct json j;
	int ret = json_load(&j, dirfd, path, "state.json");

	*s = (struct state){ 0 };
	if (ret < 0)
		return ret;
	/* It names hooks to run and processes to kill. */
	if (j.owner != geteuid() && j.owner != 0)
		return err_say(EPERM,
			       "state.json belongs to uid %u, and is not for "
			       "other users",
			       j.owner);
	return decode(&j, OBJECT_state, s);
}

static void write_state(struct jsonw *w, const char *key, const struct state *s,
			const char *status, pid_t pid, const char *owner)
{
	jsonw_object(w, key);
	jsonw_str(w, "ociVersion", OCI_VERSION);
	jsonw_str(w, "id", s->id);
	/* The order of runc's two documents. */
	if (!owner)
		jsonw_str(w, "status", status);
	jsonw_i64(w, "pid", pid);
	if (owner)
		jsonw_str(w, "status", status);
	jsonw_str(w, "bundle", s->bundle);
	if (owner) {
		jsonw_str(w, "rootfs", s->rootfs);
		jsonw_str(w, "created", s->created);
	}
	write_annotations(w, &s->annotations);
	if (owner)
		jsonw_str(w, "owner", owner);
	jsonw_end(w);
}

void state_print(struct sbuf *b, const struct state *s, const char *status,
		 pid_t pid, const char *owner, unsigned int indent)
{
	struct jsonw w = { .b = b, .indent = indent };

	write_state(&w, NULL, s, status, pid, owner);
}

/* To runc a container is being created until its init executes the program. */
void state_print_process(struct sbuf *b, const struct state *s, pid_t pid,
			 const char *metadata)
{
	struct jsonw w = { .b = b };

	jsonw_object(&w, NULL);
	jsonw_str(&w, "ociVersion", OCI_VERSION);
	jsonw_array(&w, "fds");
	jsonw_str(&w, NULL, "seccompFd");
	jsonw_end(&w);
	jsonw_i64(&w, "pid", pid);
	if (metadata)
		jsonw_str(&w, "metadata", metadata);
	write_state(&w, "state", s, pid == s->init.pid ? "creating" : "running",
		    s->init.pid, NULL);
	jsonw_end(&w);
}
