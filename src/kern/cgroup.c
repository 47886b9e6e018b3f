/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "base/time.h"
#include "kern/cgctl.h"
#include "kern/cgstat.h"
#include "kern/dir.h"
#include "kern/mountinfo.h"
#include "kern/need.h"
#include "kern/proc.h"
#include "kern/procfs.h"
#include "kern/sys.h"

enum {
	PATIENCE_MS = 10000, /* for the freezer, as runc's */
	FREEZE_MS = 500,     /* before a signal goes out anyhow */
	ROUND_MS = 100,      /* for the killed to die */
	KILL_ROUNDS = 100,
};

enum { EVENTS_SIZE = 512 };

/* A directory below the mount: never through a link, never out of it. */
static int open_below(int dirfd, const char *path)
{
	return sys_open_below(dirfd, *path ? path : ".", O_PATH | O_DIRECTORY);
}

static int open_if_cgroup2(const char *path)
{
	autofd fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return -errno;
	return fs.f_type == K_CGROUP2_SUPER_MAGIC ? fd_take(&fd) : -ENOENT;
}

static int open_mount(const struct mountinfo *m, void *where)
{
	autofd fd = -1;

	if (!m->whole || !str_eq(m->type, "cgroup2"))
		return 0;
	fd = open_if_cgroup2(m->path);
	if (fd < 0)
		return 0;
	*(const char **)where = arena_str(m->path);
	return *(const char **)where ? fd_take(&fd) : -ENOMEM;
}

static int search_mountinfo(const char **where)
{
	autofd proc = procfs_open_host();
	int ret = proc < 0 ? proc : mountinfo_each(proc, open_mount, where);

	if (ret)
		return ret;
	err_say(ENOENT, "no cgroup2 file system is mounted");
	return err_hint(NEED_CGROUP2);
}

/* Found once, and open until the end: -1 before. */
static struct {
	int fd;
	const char *path;
} mounted = { .fd = -1 };

static int find_mount(void)
{
	static const char *const usual[] = { "/sys/fs/cgroup",
					     "/sys/fs/cgroup/unified" };
	size_t i;

	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		mounted.fd = open_if_cgroup2(usual[i]);
		if (mounted.fd >= 0) {
			mounted.path = usual[i];
			return mounted.fd;
		}
	}
	return mounted.fd = search_mountinfo(&mounted.path);
}

int cgroup_mount(const char **where)
{
	int fd = mounted.fd < 0 ? find_mount() : mounted.fd;

	if (where)
		*where = mounted.path;
	return fd;
}

void cgroup_unmount(void)
{
	fd_close(&mounted.fd);
}

/* Are we in the cgroup that is mounted, as an init script is? */
static bool in_root(void)
{
	int mount = cgroup_mount(NULL);
	struct stat st;

	return mount >= 0 && fstat(mount, &st) == 0 &&
	       st.st_ino == proc_cgroup(proc_self());
}

/* From the line "0::/path" of /proc/PID/cgroup. */
static int read_path(const char *file, char *buf, size_t size)
{
	char text[PATH_MAX + 512], *p;
	ssize_t n = fd_read_text(AT_FDCWD, file, text, sizeof(text));

	if (n == -ENOENT)
		return err_hint(access("/proc/self", F_OK) < 0 ? NEED_PROC :
								 NEED_CGROUP2);
	if (n < 0)
		return (int)n;
	p = str_starts(text, "0::") ? text : strstr(text, "\n0::");
	if (!p) {
		err_say(ENOENT, "%s has no line \"0::\"", file);
		return err_hint(NEED_CGROUP2);
	}
	p = strchr(p, '/');
	if (!p)
		return err_say(EINVAL, "%s: no path", file);
	p[strcspn(p, "\n")] = '\0';
	return str_fmt(buf, size, "%s", p);
}

/* Our own cgroup. The line takes the kernel ten times as long to write as to
 * tell where that is. */
static int own_path(char *buf, size_t size)
{
	if (in_root())
		return str_fmt(buf, size, "/");
	return read_path("/proc/self/cgroup", buf, size);
}

static bool has_dotdot(const char *path)
{
	size_t n;

	for (; *path; path += n + (path[n] == '/')) {
		n = strcspn(path, "/");
		if (n == 2 && path[0] == '.' && path[1] == '.')
			return true;
	}
	return false;
}

/* base, then the components of tail. */
static int join(char *buf, size_t size, const char *base, const char *tail)
{
	struct sbuf b = { .p = buf, .size = size };
	size_t n;

	sbuf_str(&b, base);
	for (; *tail; tail += n + (tail[n] == '/')) {
		n = strcspn(tail, "/");
		if (n > 1 || (n == 1 && *tail != '.'))
			sbuf_fmt(&b, "/%.*s", (int)n, tail);
	}
	return b.full ? err_sys(ENAMETOOLONG, "cgroup path") : 0;
}

/* One that the cgroup namespace does not reach is shown with "..". */
static int reachable_path(char *buf, size_t size)
{
	int ret = own_path(buf, size);

	if (ret >= 0 && has_dotdot(buf))
		return err_say(EINVAL,
			       "runt's own cgroup, %s, is outside of its "
			       "cgroup namespace: linux.cgroupsPath must be "
			       "absolute",
			       buf);
	return ret < 0 ? ret : 0;
}

int cgroup_resolve_below(char *buf, size_t size, const char *id)
{
	char own[PATH_MAX];
	int ret = reachable_path(own, sizeof(own));

	buf[0] = '\0';
	return ret < 0 ? ret : join(buf, size, own, id);
}

int cgroup_resolve(char *buf, size_t size, const char *cgroups_path,
		   const char *id)
{
	const char *tail = cgroups_path && *cgroups_path ? cgroups_path : id;
	char own[PATH_MAX] = "";
	int ret = 0;

	if (has_dotdot(tail))
		return err_say(EINVAL, "cgroup path %s: \"..\" is not allowed",
			       tail);
	if (*tail != '/') {
		ret = reachable_path(own, sizeof(own));
		if (ret < 0)
			return ret;
		*strrchr(own, '/') = '\0';
	}
	buf[0] = '\0';
	ret = join(buf, size, own, tail);
	if (ret == 0 && str_eq(buf, own))
		return err_say(
			EINVAL,
			"cgroup path %s: the root, or runt's own parent, "
			"can't be a container's cgroup",
			tail);
	return ret;
}

bool cgroup_may_enter(const char *path)
{
	int mount = cgroup_mount(NULL);
	char own[PATH_MAX], procs[PATH_MAX];
	size_t i, common = 0;

	if (mount < 0 || own_path(own, sizeof(own)) < 0)
		return false;
	for (i = 0; own[i] == path[i] && path[i]; i++)
		if (path[i] == '/')
			common = i;
	if ((!own[i] || own[i] == '/') && (!path[i] || path[i] == '/'))
		common = i;
	if (str_fmt(procs, sizeof(procs), ".%.*s/cgroup.procs", (int)common,
		    path) < 0)
		return false;
	return sys_faccessat2(mount, procs, W_OK, AT_EACCESS) == 0;
}

bool cgroup_may_make(const char *path)
{
	int mount = cgroup_mount(NULL);
	char above[PATH_MAX];

	if (mount < 0 || str_fmt(above, sizeof(above), ".%.*s",
				 (int)(strrchr(path, '/') - path), path) < 0)
		return false;
	return sys_faccessat2(mount, above, W_OK, AT_EACCESS) == 0 &&
	       cgroup_may_enter(path);
}

int cgroup_open(const char *path)
{
	int mount = cgroup_mount(NULL);
	int fd;

	if (mount < 0)
		return mount;
	fd = open_below(mount, path + 1);
	return fd < 0 ? err_sys(fd, "cgroup %s", path) : fd;
}

/* The end of the component of path that follows its first len bytes; len, if
 * there is none. */
static size_t next_component(const char *path, size_t len)
{
	while (path[len] == '/')
		len++;
	return len + strcspn(path + len, "/");
}

size_t cgroup_existing(const char *path)
{
	int mount = cgroup_mount(NULL);
	char part[PATH_MAX];
	struct stat st;
	size_t len = 0, next;

	if (mount < 0)
		return 0;
	while (path[len]) {
		next = next_component(path, len);
		if (next == len || str_fmt(part, sizeof(part), "%.*s",
					   (int)next - 1, path + 1) < 0)
			break;
		if (*part && fstatat(mount, part, &st, 0) < 0)
			break;
		len = next;
	}
	return len;
}

/* The tree is often read-only in a container, and not a user's elsewhere. */
static int remedy(int num)
{
	return num == EROFS || num == EACCES || num == EPERM ?
		       NEED_CGROUP_WRITE :
		       NEED_NOTHING;
}

/* 1: the last of them is new. */
static int make_parts(int mount, const char *path)
{
	char part[PATH_MAX];
	size_t len = 0, next;
	int made = 0, tries = 10;

	for (; path[len]; len = next) {
		next = next_component(path, len);
		if (next == len)
			break;
		if (str_fmt(part, sizeof(part), "%.*s", (int)next - 1,
			    path + 1) < 0)
			return -ENAMETOOLONG;
		made = mkdirat(mount, part, 0755) == 0;
		/* Somebody has removed what was empty: begin again. */
		if (!made && errno == ENOENT && tries--) {
			next = 0;
			continue;
		}
		if (!made && errno == EAGAIN)
			return err_say(EAGAIN,
				       "make cgroup /%s: cgroup.max.depth or "
				       "cgroup.max.descendants of one above is "
				       "reached",
				       part);
		if (!made && errno != EEXIST) {
			err_sys(errno, "make cgroup /%s", part);
			return err_hint(remedy(err.num));
		}
	}
	return made;
}

int cgroup_each(int mount, const char *path,
		int (*visit)(int dir, const char *name, bool leaf,
			     const void *arg),
		const void *arg)
{
	char part[PATH_MAX];
	size_t len = 0, next;
	int ret = visit(mount, "/", false, arg);

	for (; path[len] && ret == 0; len = next) {
		autofd dir = -1;

		next = next_component(path, len);
		if (next == len)
			break;
		if (str_fmt(part, sizeof(part), "%.*s", (int)next, path) < 0)
			return -ENAMETOOLONG;
		dir = open_below(mount, part + 1);
		ret = dir < 0 ? err_sys(dir, "cgroup %s", part) :
				visit(dir, part,
				      next_component(path, next) == next, arg);
	}
	return ret;
}

int cgroup_open_of(pid_t pid, const char *top)
{
	char file[32], path[PATH_MAX];
	int ret = str_fmt(file, sizeof(file), "/proc/%d/cgroup", pid);

	if (ret >= 0)
		ret = read_path(file, path, sizeof(path));
	if (ret < 0)
		return ret;
	/* What follows is "/", or the end. */
	return str_starts(path, top) && strchr("/", path[strlen(top)]) ?
		       cgroup_open(path) :
		       err_say(ENOENT, "process %d is not in cgroup %s", pid,
			       top);
}

/* Others may live in one that was there before, and a runtime that was killed
 * may have left it frozen: what is made in it would never run. */
static int check_leaf(int fd, const char *path)
{
	char text[EVENTS_SIZE];
	ssize_t n = fd_read_text(fd, "cgroup.events", text, sizeof(text));
	int ret;

	if (n < 0)
		return (int)n;
	if (cgstat_key(text, "populated", 0))
		return err_say(EBUSY,
			       "cgroup %s is not empty: processes live in it",
			       path);
	if (!cgstat_key(text, "frozen", 0))
		return 0;
	ret = cgroup_freeze(fd, false);
	return ret < 0 ? err_prefix("cgroup %s is frozen", path) : 0;
}

int cgroup_make(const char *path, size_t kept)
{
	int mount = cgroup_mount(NULL), made, ret;
	autofd fd = -1;

	if (mount < 0)
		return mount;
	ret = made = make_parts(mount, path);
	if (ret >= 0)
		ret = fd = cgroup_open(path);
	/* What is new is empty, and not frozen. */
	if (ret >= 0)
		ret = made ? 0 : check_leaf(fd, path);
	if (ret == 0)
		ret = cgctl_enable(mount, path, fd);
	if (ret == 0)
		return fd_take(&fd);
	/* Undo, and report what went wrong first. */
	struct err first = err;

	fd_close(&fd);
	if (ret != -EBUSY)
		cgroup_remove(path, kept);
	err = first;
	return ret;
}

static int give(int fd, const char *name, uid_t uid)
{
	if (fchownat(fd, name, uid, (gid_t)-1,
		     AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0 &&
	    errno != ENOENT)
		return err_sys(errno, "change the owner of %s",
			       *name ? name : "the cgroup");
	return 0;
}

int cgroup_delegate(int fd, uid_t uid)
{
	static const char least[] = "cgroup.procs\ncgroup.subtree_control\n"
				    "cgroup.threads";
	char text[1024], *name = text, *end;
	int ret;

	if (fd_read_text(AT_FDCWD, "/sys/kernel/cgroup/delegate", text,
			 sizeof(text)) < 0)
		memcpy(text, least, sizeof(least));
	ret = give(fd, "", uid);
	for (; name && ret == 0; name = end ? end + 1 : NULL) {
		end = strchr(name, '\n');
		if (end)
			*end = '\0';
		ret = give(fd, name, uid);
	}
	return ret;
}

uint64_t cgroup_oom_kills(int fd)
{
	char text[512];

	if (fd_read_text(fd, "memory.events", text, sizeof(text)) < 0)
		return 0;
	return cgstat_key(text, "oom_kill", 0);
}

int cgroup_populated(int fd)
{
	char text[EVENTS_SIZE];
	ssize_t n = fd_read_text(fd, "cgroup.events", text, sizeof(text));

	return n < 0 ? (int)n : cgstat_key(text, "populated", 0) > 0;
}

int cgroup_frozen(const char *path)
{
	char file[PATH_MAX], text[EVENTS_SIZE];
	int mount = cgroup_mount(NULL);
	autofd fd = -1;
	ssize_t n;

	if (mount < 0 ||
	    str_fmt(file, sizeof(file), "%s/cgroup.events", path + 1) < 0)
		return -err.num;
	fd = sys_open_below(mount, file, O_RDONLY);
	n = fd < 0 ? fd : read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return fd < 0 ? fd : err_sys(errno, "read %s", file);
	text[n] = '\0';
	return cgstat_key(text, "frozen", 0) > 0;
}

/* The names of processes, or threads, one per line. */
static int each_line(int fd, const char *name,
		     int (*each)(pid_t pid, void *arg), void *arg)
{
	char text[4096 + 1];
	size_t have = 0;
	uint32_t pid;
	ssize_t n;
	char *p, *end;
	int ret;

	for (;;) {
		n = read(fd, text + have, sizeof(text) - 1 - have);
		if (n < 0)
			return err_sys(errno, "read %s", name);
		if (n == 0)
			return 0;
		text[have + (size_t)n] = '\0';
		for (p = text; (end = strchr(p, '\n')); p = end + 1) {
			*end = '\0';
			/* 0 is a process of another pid namespace: kill(0)
			 * would be ourselves. */
			if (str_u32(p, &pid) < 0 || pid == 0)
				continue;
			ret = each((pid_t)pid, arg);
			if (ret)
				return ret;
		}
		have = strlen(p);
		memmove(text, p, have);
	}
}

static int each_in(int cgroup, const char *name,
		   int (*each)(pid_t pid, void *arg), void *arg)
{
	autofd fd = fd_open(cgroup, name, O_RDONLY, 0);

	return fd < 0 ? fd : each_line(fd, name, each, arg);
}

/*
 * The way through all cgroups below one, without a stack, which a container's
 * nesting could fill: those below a cgroup come before itself, and where it
 * goes on is known from the inode number of where it was.
 */
struct walk {
	int (*visit)(int dir, const char *name, void *arg);
	void *arg;
	ino_t after; /* visited now; 0: nothing in this directory was */
	int next;    /* one that was not; owned */
	int stop;    /* what visit returned */
};

enum { STEPS_MAX = 1 << 20 }; /* who goes on making cgroups is left behind */

/* Returns 1 when there is nothing more to look for here. A container may make
 * thousands of cgroups in one: what it costs to find the last of them again is
 * a comparison for each, and those with none below, which is two links, are
 * visited on the way. */
static int walk_entry(int dir, const struct dir_entry *e, void *arg)
{
	struct walk *w = arg;
	struct stat st;

	if (e->type != DT_DIR)
		return 0;
	if (w->after) {
		if (e->ino != w->after)
			return 0;
		w->after = 0;
	} else if (fstatat(dir, e->name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		return 0;
	} else if (st.st_nlink != 2) {
		w->next = open_below(dir, e->name);
		/* It may be removed at any time, by who made it. */
		return w->next == -ENOENT || w->next == -ENODEV ? 0 : 1;
	}
	w->stop = w->visit(dir, e->name, w->arg);
	return w->stop != 0;
}

static int walk_up(struct walk *w, int *dir)
{
	struct stat st;
	int up;

	if (fstat(*dir, &st) < 0)
		return err_sys(errno, "walk through cgroups");
	up = fd_open(*dir, "..", O_PATH | O_DIRECTORY, 0);
	if (up < 0)
		return up;
	w->after = st.st_ino;
	fd_close(dir);
	*dir = up;
	return 0;
}

/* Calls visit, until it returns other than 0, with each by its name and the
 * cgroup that it is in. */
static int walk(int top, int (*visit)(int dir, const char *name, void *arg),
		void *arg)
{
	struct walk w = { .visit = visit, .arg = arg };
	autofd dir = -1;
	int depth = 0, steps, ret;

	for (steps = 0; steps < STEPS_MAX; steps++) {
		w.next = -1;
		ret = dir_each(depth ? dir : top, walk_entry, &w);
		if (w.stop)
			return w.stop;
		if (ret == 1 && w.next < 0)
			return err_sys(w.next, "walk through cgroups");
		if (ret < 0 && ret != -ENOENT && ret != -ENODEV)
			return ret;
		if (ret == 1) {
			fd_close(&dir);
			dir = fd_take(&w.next);
			depth++;
			continue;
		}
		if (depth-- == 0)
			return 0;
		ret = walk_up(&w, &dir);
		if (ret < 0)
			return ret;
	}
	return err_say(ELOOP, "there are too many cgroups");
}

struct each {
	const char *file;
	int (*each)(pid_t pid, void *arg);
	void *arg;
};

static int visit_pids(int dir, const char *name, void *arg)
{
	const struct each *e = arg;
	autofd fd = open_below(dir, name);
	int ret = fd < 0 ? fd : each_in(fd, e->file, e->each, e->arg);

	/* What has threads only has them of processes told above it. */
	return ret == -ENOENT || ret == -ENODEV || ret == -EOPNOTSUPP ? 0 : ret;
}

int cgroup_pids(int fd, int (*each)(pid_t pid, void *arg), void *arg)
{
	struct each e = { "cgroup.procs", each, arg };
	int ret = each_in(fd, e.file, each, arg);

	/* All of a threaded cgroup are, and what it has is parts of processes. */
	if (ret == -EOPNOTSUPP) {
		e.file = "cgroup.threads";
		ret = each_in(fd, e.file, each, arg);
	}
	return ret ? ret : walk(fd, visit_pids, &e);
}

static void nap(unsigned int ms)
{
	struct timespec t = { .tv_nsec = (long)ms * 1000000 };

	nanosleep(&t, NULL);
}

/* The kernel says with POLLPRI that cgroup.events changed. */
static int wait_event(int fd, const char *key, unsigned int value,
		      unsigned int ms)
{
	autofd events = fd_open(fd, "cgroup.events", O_RDONLY, 0);
	uint64_t end = time_us() / 1000 + ms, now;
	struct pollfd p = { .fd = events, .events = POLLPRI };
	char text[512];
	ssize_t n;

	if (events < 0)
		return events;
	for (;;) {
		n = pread(events, text, sizeof(text) - 1, 0);
		if (n < 0) /* ENODEV: removed meanwhile */
			return errno == ENODEV ?
				       0 :
				       err_sys(errno, "read cgroup.events");
		text[n] = '\0';
		if (cgstat_key(text, key, value) == value)
			return 0;
		now = time_us() / 1000;
		if (now >= end)
			return err_sys(ETIMEDOUT, "cgroup: wait for %s %d", key,
				       value);
		poll(&p, 1, (int)(end - now));
	}
}

int cgroup_wait_empty(int fd, unsigned int ms)
{
	return wait_event(fd, "populated", 0, ms);
}

bool cgroup_is_freezing(int fd)
{
	char text[16];

	return fd_read_text(fd, "cgroup.freeze", text, sizeof(text)) > 0 &&
	       text[0] == '1';
}

/* True if we froze it, and not somebody else before. A part of it that can't be
 * frozen soon is no reason to wait for long. */
static bool freeze_briefly(int fd)
{
	if (cgroup_is_freezing(fd) ||
	    fd_write_text(fd, "cgroup.freeze", "1") < 0)
		return false;
	wait_event(fd, "frozen", 1, FREEZE_MS);
	return true;
}

static int send(pid_t pid, void *arg)
{
	kill(pid, *(int *)arg);
	return 0;
}

/* A process that is frozen dies of SIGKILL all the same. Those that forked
 * before they were frozen are met in the next round. */
static int kill_rounds(int fd)
{
	int sig = SIGKILL, ret, round;

	for (round = 0; round < KILL_ROUNDS; round++) {
		ret = cgroup_pids(fd, send, &sig);
		if (ret < 0 || wait_event(fd, "populated", 0, ROUND_MS) == 0)
			return ret;
	}
	return 0;
}

int cgroup_signal(int fd, int sig, bool freeze)
{
	bool thaw;
	int ret;

	if (sig == SIGKILL) {
		ret = fd_write_text(fd, "cgroup.kill", "1");
		/* Before Linux 5.14; in a threaded cgroup. */
		if (ret != -ENOENT && ret != -EOPNOTSUPP)
			return ret;
	}
	thaw = freeze && freeze_briefly(fd);
	ret = sig == SIGKILL ? kill_rounds(fd) : cgroup_pids(fd, send, &sig);
	if (thaw)
		fd_write_text(fd, "cgroup.freeze", "0");
	return ret;
}

int cgroup_freeze(int fd, bool frozen)
{
	int ret = fd_write_text(fd, "cgroup.freeze", frozen ? "1" : "0");

	if (ret == 0)
		ret = wait_event(fd, "frozen", frozen, PATIENCE_MS);
	if (ret < 0 && frozen) {
		struct err first = err;

		fd_write_text(fd, "cgroup.freeze", "0");
		err = first;
	}
	return ret;
}

static int visit_remove(int dir, const char *name, void *arg)
{
	(void)arg;
	unlinkat(dir, name, AT_REMOVEDIR);
	return 0;
}

/* A cgroup stays busy for a moment after its last process was reaped. */
static int remove_leaf(int mount, const char *path)
{
	unsigned int try;

	for (try = 1;; try *= 2) {
		autofd fd = -1;

		if (unlinkat(mount, path + 1, AT_REMOVEDIR) == 0 ||
		    errno == ENOENT)
			return 0;
		if ((errno != ENOTEMPTY && errno != EBUSY) || try > 512)
			return err_sys(errno, "remove cgroup %s", path);
		fd = open_below(mount, path + 1);
		if (fd >= 0)
			walk(fd, visit_remove, NULL);
		nap(try);
	}
}

bool cgroup_remove_empty(const char *path)
{
	int mount = cgroup_mount(NULL);

	return mount >= 0 && unlinkat(mount, path + 1, AT_REMOVEDIR) == 0;
}

int cgroup_remove(const char *path, size_t kept)
{
	int mount = cgroup_mount(NULL);
	char part[PATH_MAX];
	char *slash;
	int ret;

	if (mount < 0)
		return mount;
	ret = remove_leaf(mount, path);
	if (ret < 0)
		return ret;
	if (str_fmt(part, sizeof(part), "%s", path) < 0)
		return -ENAMETOOLONG;
	for (;;) {
		slash = strrchr(part, '/');
		if (!slash || slash == part || (size_t)(slash - part) <= kept)
			return 0;
		*slash = '\0';
		if (unlinkat(mount, part + 1, AT_REMOVEDIR) < 0 &&
		    errno != ENOENT)
			return 0;
	}
}
