/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with containers that exist: state, list, kill, delete. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sort.h"
#include "kern/cgroup.h"
#include "kern/dir.h"
#include "kern/sys.h"
#include "oci/config.h"
#include "run/container.h"
#include "run/destroy.h"
#include "run/hooks.h"
#include "run/status.h"
#include "run/store.h"

static int load_info(const struct store *s, struct run_info *info, int *pidfd)
{
	enum status status;
	int ret = status_load(s, &info->state, &status, pidfd);

	if (ret < 0)
		return ret;
	info->status = status_word(status);
	info->pid = status == STATUS_STOPPED ? 0 : info->state.init.pid;
	return (int)status;
}

/* A directory without a record is one that is being made, or was abandoned
 * before anything was. */
static int does_not_exist(int ret, const char *id)
{
	return ret == -ENOENT ?
		       err_say(ENOENT, "container does not exist: %s", id) :
		       ret;
}

int run_state(const struct run_global *g, const char *id, struct run_info *info)
{
	autostore s = STORE_NONE;
	int ret = store_open(&s, g->root, id);

	if (ret == 0)
		ret = does_not_exist(load_info(&s, info, NULL), id);
	return ret < 0 ? ret : 0;
}

/* Names in a list, to be sorted. */
struct names {
	const char *name;
	struct names *next;
};

static int note_name(int dirfd, const struct dir_entry *e, void *arg)
{
	struct names **head = arg, *one;

	(void)dirfd;
	if (e->type == DT_LNK)
		return 0;
	one = arena_get(1, sizeof(*one));
	if (!one)
		return -ENOMEM;
	one->name = arena_str(e->name);
	one->next = *head;
	*head = one;
	return one->name ? 0 : -ENOMEM;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int run_list(const struct run_global *g,
	     int (*each)(const struct run_info *info))
{
	autostore s = STORE_NONE;
	struct names *list = NULL, *one;
	const char **sorted;
	size_t n = 0, i;
	int ret;

	s.root = store_open_root(g->root, false);
	if (s.root == -ENOENT)
		return 0;
	if (s.root < 0)
		return s.root;
	ret = dir_each(s.root, note_name, &list);
	if (ret < 0)
		return err_sys(ret, "read the state directory %s", g->root);
	for (one = list; one; one = one->next)
		n++;
	sorted = arena_get(n, sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	for (one = list, i = 0; one; one = one->next)
		sorted[i++] = one->name;
	sort(sorted, n, sizeof(*sorted), compare);
	ret = status_keep_proc();
	for (i = 0; i < n && ret == 0; i++) {
		struct run_info info;
		int status;

		/* Whatever is no container of ours, or is none any more. */
		if (store_look(&s, sorted[i]) < 0)
			continue;
		status = load_info(&s, &info, NULL);
		if (status != -ENOENT && status != -ENOTDIR)
			ret = each(status < 0 ? NULL : &info);
	}
	return ret;
}

static int not_running(const char *id)
{
	return err_say(ESRCH, "container not running: %s", id);
}

/* -ESRCH if the cgroup is gone: who removes it does so once it is empty. */
static int kill_all(const struct store *s, const struct state *state, int sig)
{
	autofd fd = -1;
	bool freeze;
	int ret;

	if (!state->cgroup)
		return err_say(ENOTSUP, "kill --all: %s has no cgroup",
			       state->id);
	fd = cgroup_open(state->cgroup);
	/* A pause is not to be undone by us. */
	freeze = sig == SIGKILL || store_trylock(s) == 0;
	ret = fd < 0 ? fd : cgroup_signal(fd, sig, freeze);
	store_unlock(s);
	return ret == -ENOENT || ret == -ENODEV ? not_running(state->id) : ret;
}

int run_kill(const struct run_global *g, const char *id, int sig, bool all)
{
	autostore s = STORE_NONE;
	struct run_info info;
	autofd pidfd = -1;
	bool some = false, rest;
	int ret = store_open(&s, g->root, id);

	if (ret == 0)
		ret = does_not_exist(load_info(&s, &info, &pidfd), id);
	if (ret < 0)
		return ret;
	/* Without a pid namespace of its own, the rest would live on. With one,
	 * nothing of it is left when it has stopped, and what lives in its
	 * cgroup is another's. */
	rest = sig == SIGKILL && !info.state.private_pidns;
	if ((all || rest) && ret == STATUS_STOPPED) {
		if (!info.state.private_pidns)
			kill_all(&s, &info.state, sig);
		return 0;
	}
	if (ret == STATUS_STOPPED || pidfd < 0)
		return not_running(id);
	if (all || (rest && info.state.cgroup)) {
		ret = kill_all(&s, &info.state, sig);
		/* Init may have left the cgroup, which may be gone then. */
		if (ret != -ESRCH && !(ret == 0 && sig == SIGKILL))
			return ret;
		some = ret == 0;
	}
	ret = sys_pidfd_send_signal(pidfd, sig);
	if (ret == -ESRCH)
		return some ? 0 : not_running(id);
	return ret < 0 ? err_sys(ret, "send signal %d to %s", sig, id) : 0;
}

/* The state as it was before; nothing but the hooks is left to be done. */
static void run_poststop(const struct config *c, const struct state *state)
{
	autofd bundle = -1;

	if (!c->spec.hooks.poststop.n)
		return;
	bundle = fd_open(AT_FDCWD, state->bundle, O_PATH | O_DIRECTORY, 0);
	if (bundle < 0)
		bundle = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	hooks_run_poststop(&c->spec, bundle, state);
}

static int delete_locked(struct store *s, bool force)
{
	static struct config config;
	struct run_info info;
	int ret = load_info(s, &info, NULL);

	if (ret == -ENOENT)
		return store_remove(s);
	if (ret < 0)
		return ret;
	if (!force && ret != STATUS_STOPPED && ret != STATUS_CREATED)
		return err_say(EBUSY,
			       "cannot delete container %s that is not "
			       "stopped: %s",
			       s->id, info.status);
	/* A config that can't be read any more was written by a runtime that
	 * was killed then: its hooks have not run either. */
	if (config_load(&config, s->dir, "config.json", "config.json") < 0)
		config.spec.hooks.poststop.n = 0;
	ret = destroy(s, &info.state);
	if (ret == 0)
		run_poststop(&config, &info.state);
	return ret;
}

int run_delete(const struct run_global *g, const char *id, bool force)
{
	autostore s = STORE_NONE;
	int ret = store_open(&s, g->root, id);

	if (ret == 0)
		ret = store_lock(&s);
	if (ret < 0)
		return ret == -ENOENT && force ? 0 : ret;
	return delete_locked(&s, force);
}
