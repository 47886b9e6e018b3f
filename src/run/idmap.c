/* SPDX-License-Identifier: Apache-2.0 */
#include "run/idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/ns.h"
#include "kern/procfs.h"
#include "kern/sys.h"
#include "kern/userns.h"

/* The namespace of the last maps: most configs have the same for all. */
struct maps {
	const struct spec_id_mappings *uids, *gids;
	int fd; /* owned */
};

static int map(pid_t pid, struct maps *m)
{
	autofd proc = procfs_open_host();
	char path[32];
	int ret = proc;

	if (ret >= 0)
		ret = userns_write_map(proc, pid, "gid_map", m->gids);
	if (ret == 0)
		ret = userns_write_map(proc, pid, "uid_map", m->uids);
	if (ret == 0)
		ret = str_fmt(path, sizeof(path), "/proc/%d/ns/user", pid);
	if (ret >= 0)
		ret = m->fd = ns_open(NS_USER, path);
	return ret < 0 ? ret : 0;
}

/* A process that does nothing holds the namespace until we have it. It ends
 * with the pipe, and so with us. */
static int make_namespace(struct maps *m)
{
	struct k_clone_args args = {
		.flags = K_CLONE_NEWUSER,
		.exit_signal = SIGCHLD,
	};
	int ends[2], ret;
	pid_t pid;
	char c;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(errno, "pipe");
	pid = sys_clone3(&args);
	if (pid == 0) {
		close(ends[1]);
		_exit(read(ends[0], &c, 1) != 0);
	}
	close(ends[0]);
	ret = pid < 0 ? ns_explain(pid, args.flags) : map(pid, m);
	close(ends[1]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return ret;
}

static bool is_same(const struct spec_id_mappings *a,
		    const struct spec_id_mappings *b)
{
	return a == b ||
	       (a->n == b->n && memcmp(a->v, b->v, a->n * sizeof(*a->v)) == 0);
}

/* The namespace with these maps, in m->fd. */
static int find_namespace(struct maps *m, const struct spec_id_mappings *uids,
			  const struct spec_id_mappings *gids)
{
	if (m->fd >= 0 && is_same(m->uids, uids) && is_same(m->gids, gids))
		return 0;
	fd_close(&m->fd);
	m->uids = uids;
	m->gids = gids;
	return make_namespace(m);
}

static int refuse(const struct plan *p, size_t i, const char *why)
{
	char path[32];

	if (str_fmt(path, sizeof(path), "mounts[%zu]", i) < 0)
		return -ENAMETOOLONG;
	return config_error(&p->config, path, "%s", why);
}

/* The mount's own maps, or the container's. */
static int open_one(struct plan *p, size_t i, struct maps *maps)
{
	const struct spec_mount *s = &p->spec->mounts.v[i];
	const struct spec_linux *l = &p->spec->linux_;
	struct mount *m = &p->rootfs.mounts[i];
	int joined = s->uid_mappings.n ? -1 : p->ns_fd[NS_USER], ret = 0;

	if (!s->uid_mappings.n && !p->user_ns)
		return refuse(p, i,
			      "an id-mapped mount takes uidMappings and "
			      "gidMappings, of its own or a user "
			      "namespace's");
	if (p->unprivileged)
		return refuse(p, i,
			      "an id-mapped mount takes the privileges of "
			      "root");
	if (s->uid_mappings.n)
		ret = find_namespace(maps, &s->uid_mappings, &s->gid_mappings);
	else if (joined < 0)
		ret = find_namespace(maps, &l->uid_mappings, &l->gid_mappings);
	if (ret == 0)
		ret = mount_open_source(m, p->bundle);
	m->make_slave = true;
	return ret < 0 ? ret : mount_map_ids(m, joined < 0 ? maps->fd : joined);
}

int idmap_open(struct plan *p)
{
	struct maps maps = { .fd = -1 };
	int ret = 0;

	for (size_t i = 0; i < p->spec->mounts.n && ret == 0; i++)
		if (p->rootfs.mounts[i].idmap)
			ret = open_one(p, i, &maps);
	fd_close(&maps.fd);
	return ret;
}
