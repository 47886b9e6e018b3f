/* SPDX-License-Identifier: Apache-2.0 */
#include "run/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "kern/dir.h"
#include "kern/need.h"
#include "kern/proc.h"
#include "kern/sys.h"
#include "run/id.h"

enum { PATIENCE_MS = 10000 };

static const char record_name[] = "state.json";

void store_close(struct store *s)
{
	fd_close(&s->dir);
	fd_close(&s->root);
}

static int can_not_make(int num, const char *what)
{
	err_sys(num, "make state directory %s", what);
	return num == EACCES ? err_hint(NEED_STATE_ROOT) : -num;
}

/* mkdir -p, every part private to us. In $XDG_RUNTIME_DIR the sticky bit keeps
 * what is old from being cleaned away. */
static int make_parents(const char *path)
{
	mode_t mode = geteuid() == 0 ? 0700 : 01700;
	char part[4096];
	size_t len = 0;

	while (path[len]) {
		len += strspn(path + len, "/");
		len += strcspn(path + len, "/");
		if (str_fmt(part, sizeof(part), "%.*s", (int)len, path) < 0)
			return -ENAMETOOLONG;
		if (mkdir(part, mode) == 0 || errno == EEXIST)
			continue;
		return can_not_make(errno, part);
	}
	return 0;
}

int store_open_root(const char *root, bool make)
{
	int fd = fd_open(AT_FDCWD, root, O_PATH | O_DIRECTORY, 0);
	int ret;

	if (fd != -ENOENT || !make)
		return fd;
	ret = make_parents(root);
	if (ret < 0)
		return ret;
	return fd_open(AT_FDCWD, root, O_PATH | O_DIRECTORY, 0);
}

/* Never through a link. */
static int open_dir(struct store *s)
{
	s->dir = openat(s->root, s->id,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (s->dir >= 0)
		return 0;
	if (errno == ENOENT)
		return err_say(ENOENT, "container does not exist: %s", s->id);
	return err_sys(errno, "state directory of %s", s->id);
}

int store_open(struct store *s, const char *root, const char *id)
{
	int ret = id_check(id);

	if (ret < 0)
		return ret;
	s->root = store_open_root(root, false);
	if (s->root == -ENOENT)
		return err_say(ENOENT, "container does not exist: %s", id);
	s->id = id;
	return s->root < 0 ? s->root : open_dir(s);
}

int store_look(struct store *s, const char *id)
{
	s->id = id;
	return id_check(id);
}

/* A lock on a directory that was removed before we got it guards nothing. */
int store_trylock(const struct store *s)
{
	struct stat st;
	int ret;

	do
		ret = flock(s->dir, LOCK_EX | LOCK_NB);
	while (ret < 0 && errno == EINTR);
	if (ret < 0) {
		err_sys(errno, "lock state directory of %s", s->id);
		return err.num == ENOSYS ? err_hint(NEED_FILE_LOCKING) :
					   -err.num;
	}
	if (fstat(s->dir, &st) < 0)
		return err_sys(errno, "state directory of %s", s->id);
	if (st.st_nlink == 0)
		return err_say(ENOENT, "container does not exist: %s", s->id);
	return 0;
}

/* Who holds it is soon done, or hangs: a hook may, and one that calls us waits
 * for itself. */
int store_lock(const struct store *s)
{
	const struct timespec nap = { .tv_nsec = 2 * 1000000 };
	int ret, ms;

	for (ms = 0;; ms += 2) {
		ret = store_trylock(s);
		if (ret != -EWOULDBLOCK)
			return ret;
		if (ms >= PATIENCE_MS)
			return err_say(EBUSY,
				       "container %s is in use by another "
				       "runt: it creates, starts or deletes it",
				       s->id);
		nanosleep(&nap, NULL);
	}
}

void store_unlock(const struct store *s)
{
	flock(s->dir, LOCK_UN);
}

int store_claim(struct store *s, const char *root, const char *id, bool *locked)
{
	bool made;
	int ret = id_check(id);

	*locked = false;
	if (ret < 0)
		return ret;
	s->id = id;
	s->root = store_open_root(root, true);
	if (s->root < 0)
		return s->root;
	for (;;) {
		made = mkdirat(s->root, id, 0700) == 0;
		if (!made && errno != EEXIST)
			return can_not_make(errno, id);
		ret = open_dir(s);
		if (ret == 0)
			ret = store_trylock(s);
		/* Between mkdir and lock it may have been taken for the rest
		 * of a killed runtime and removed: begin again. */
		if (ret == -ENOENT) {
			fd_close(&s->dir);
			continue;
		}
		if (ret < 0 && ret != -EWOULDBLOCK) {
			if (made)
				unlinkat(s->root, id, AT_REMOVEDIR);
			return ret;
		}
		*locked = ret == 0;
		if (made && *locked)
			return 0;
		return err_say(EEXIST,
			       "container with given ID already exists: %s",
			       id);
	}
}

/* Under the lock nobody else writes it; what a killed runtime left of it is cut
 * off. */
static int write_new(int dir, const char *name, const char *text, size_t len)
{
	autofd fd = fd_open(dir, ".new",
			    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);

	if ((fd < 0 ? fd : fd_write(fd, text, len, name)) >= 0)
		return 0;
	return err_prefix("state directory");
}

static int rename_new(int dir, const char *name)
{
	int ret = sys_rename(dir, ".new", name);

	return ret < 0 ? err_sys(ret, "rename to %s", name) : 0;
}

static int save(int dir, const char *name, const char *text, size_t len)
{
	int ret = write_new(dir, name, text, len);

	return ret < 0 ? ret : rename_new(dir, name);
}

int store_prepare(const struct store *s, const struct state *state)
{
	struct sbuf b = SBUF(state_text);

	state_write(&b, state);
	if (b.full)
		return err_say(E2BIG,
			       "the state of %s is larger than %d bytes: fewer "
			       "or shorter annotations are needed",
			       s->id, STATE_TEXT_MAX);
	return write_new(s->dir, record_name, b.p, b.len);
}

int store_commit(const struct store *s)
{
	return rename_new(s->dir, record_name);
}

int store_save(const struct store *s, const struct state *state)
{
	int ret = store_prepare(s, state);

	return ret < 0 ? ret : store_commit(s);
}

const char *store_boot(const struct store *s)
{
	struct statfs fs;

	if (fstatfs(s->dir, &fs) < 0 || (uint32_t)fs.f_type == K_TMPFS_MAGIC ||
	    (uint32_t)fs.f_type == K_RAMFS_MAGIC)
		return NULL;
	return proc_boot_id();
}

static bool is_of_this_boot(const struct state *state)
{
	const char *now = state->boot ? proc_boot_id() : NULL;

	return !now || str_eq(now, state->boot);
}

/*
 * A record is complete before it gets its name; but when the power is cut, a
 * disk may have the name and not yet what was written: nothing, or zeros. Of
 * that boot nothing runs.
 */
static int judge_bad_record(const struct store *s, const char *path)
{
	autofd fd = openat(s->root, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char c = 0;

	if (fd >= 0 && read(fd, &c, 1) >= 0 && c == 0)
		return err_say(ENOENT, "the record of %s is empty", s->id);
	err_prefix("container %s", s->id);
	/* Not if it could not be read for a reason of ours. */
	return err.num == EINVAL ? err_hint(NEED_RECORD) : -err.num;
}

int store_load(const struct store *s, struct state *state)
{
	/* A look needs no descriptor of the directory. */
	const char *path = arena_cat(s->id, "/", record_name, NULL);
	int ret = path ? state_read(state, s->root, path) : -ENOMEM;

	if (ret < 0 && ret != -ENOENT)
		return judge_bad_record(s, path);
	if (ret < 0 || is_of_this_boot(state))
		return ret;
	/* Its processes and its cgroup are gone: what has their names now is
	 * somebody else's. It is as one whose creator was killed. */
	state->phase = PHASE_CREATING;
	state->init = state->keeper = (struct state_process){ 0 };
	state->cgroup = NULL;
	return 0;
}

int store_save_config(const struct store *s, const char *text, size_t len)
{
	return save(s->dir, "config.json", text, len);
}

int store_save_resources(const struct store *s, const char *text, size_t len)
{
	static const char name[] = "resources.json";

	if (text)
		return save(s->dir, name, text, len);
	if (unlinkat(s->dir, name, 0) < 0 && errno != ENOENT)
		return err_sys(errno, "remove %s of %s", name, s->id);
	return 0;
}

bool store_has_resources(const struct store *s)
{
	return sys_faccessat2(s->dir, "resources.json", F_OK, 0) == 0;
}

bool store_has_gate(const struct store *s)
{
	const char *path = arena_cat(s->id, "/gate", NULL);

	return path && sys_faccessat2(s->root, path, F_OK, 0) == 0;
}

static int unlink_entry(int dirfd, const struct dir_entry *e, void *arg)
{
	const char *name = e->name;
	bool own = str_eq(name, "notify");

	(void)arg;
	if (own || e->type == DT_DIR) {
		if (own)
			unlinkat(dirfd, "notify/notify.sock", 0);
		return unlinkat(dirfd, name, AT_REMOVEDIR) < 0 ?
			       err_sys(errno, "remove %s", name) :
			       0;
	}
	/* The record goes last: as long as it is there, delete knows what else
	 * is left to be removed. */
	if (!str_eq(name, record_name))
		unlinkat(dirfd, name, 0);
	return 0;
}

int store_remove(const struct store *s)
{
	int ret = dir_each(s->dir, unlink_entry, NULL);

	if (ret < 0)
		return err_prefix("state directory of %s", s->id);
	unlinkat(s->dir, record_name, 0);
	if (unlinkat(s->root, s->id, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return err_sys(errno, "remove state directory of %s", s->id);
	return 0;
}
