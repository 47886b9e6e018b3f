/* SPDX-License-Identifier: Apache-2.0 */
#include "run/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "kern/attach.h"
#include "kern/sys.h"
#include "kern/uapi.h"
#include "run/signals.h"

static const char dir_name[] = "notify", sock_name[] = "notify.sock";

enum {
	BARRIER_MS = 30000, /* as runc */
	AT_ONCE = 16,       /* messages, before others have their turn */
};

static const char *address(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	return path && *path ? path : NULL;
}

bool notify_is_wanted(void)
{
	return address() != NULL;
}

/* The container's users connect to it, through a mount that lets nobody change
 * what is there. */
static int bind_in(int dir)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	autofd fd =
		socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return err_sys(errno, "socket");
	memcpy(name.sun_path, sock_name, sizeof(sock_name));
	unlinkat(dir, sock_name, 0);
	if (fchdir(dir) < 0 ||
	    bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0 ||
	    sys_fchmodat(dir, sock_name, 0777) < 0)
		return err_sys(errno, "make the socket for READY=1");
	return fd_take(&fd);
}

static int open_dir(const struct store *s)
{
	return openat(s->dir, dir_name,
		      O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int notify_open(const struct store *s)
{
	autofd dir = open_dir(s);

	return dir < 0 ? -ENOENT : bind_in(dir);
}

static int plan_mount(struct run *r)
{
	static struct spec_mount spec = { .destination = "/run/notify" };
	struct mount *m = &r->notify_mount;
	int ret;

	spec.source = arena_cat(r->g->root, "/", r->o->id, "/", dir_name, NULL);
	if (!spec.source)
		return -ENOMEM;
	*m = (struct mount){
		.spec = &spec,
		.bind = true,
		.flags = MOUNT_BIND,
		.attrs.set = K_MOUNT_ATTR_RDONLY | K_MOUNT_ATTR_NOSUID |
			     K_MOUNT_ATTR_NODEV | K_MOUNT_ATTR_NOEXEC,
		.tree = -1,
		.make_slave = true,
	};
	ret = mount_open_source(m, r->plan.bundle);
	/* The child can, where we have not the right to. */
	return ret == -EPERM && r->plan.rootfs.deferred ? 0 : ret;
}

int notify_make(struct run *r)
{
	int ret;

	if (!r->plan.notify)
		return 0;
	if (mkdirat(r->store.dir, dir_name, 0755) < 0)
		return err_sys(errno, "make a directory for READY=1");
	ret = plan_mount(r);
	if (ret < 0 || !r->start_now)
		return ret;
	ret = r->notify = notify_open(&r->store);
	if (fchdir(r->bundle) < 0 && ret >= 0)
		ret = err_sys(errno, "bundle %s", r->plan.bundle);
	return ret < 0 ? ret : 0;
}

int notify_mount(struct run *r)
{
	return r->plan.notify ?
		       attach_mount(&r->plan.rootfs, &r->notify_mount) :
		       0;
}

static int connect_caller(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	const char *path = address();
	size_t len = path ? strlen(path) : 0;
	autofd fd = -1;

	if (!len || !strchr("/@", path[0]) || len >= sizeof(name.sun_path))
		return err_say(EINVAL,
			       "NOTIFY_SOCKET=%s: expected an absolute path or "
			       "an abstract name, of at most %zu bytes",
			       len ? path : "", sizeof(name.sun_path) - 1);
	memcpy(name.sun_path, path, len);
	if (path[0] == '@')
		name.sun_path[0] = '\0';
	len += offsetof(struct sockaddr_un, sun_path) + (path[0] == '/');
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(errno, "socket");
	if (connect(fd, (struct sockaddr *)&name, (socklen_t)len) < 0)
		return err_sys(errno, "connect to NOTIFY_SOCKET %s", path);
	return fd_take(&fd);
}

/* A descriptor that the other side closes when it comes to this message, after
 * those of before. */
static int send_barrier(int caller, bool settle)
{
	static const char text[] = "BARRIER=1";
	int pair[2], ret;
	autofd read_end = -1, write_end = -1;
	struct pollfd p = { .events = POLLIN };

	if (pipe2(pair, O_CLOEXEC) < 0)
		return err_sys(errno, "pipe");
	read_end = pair[0];
	write_end = pair[1];
	ret = fd_send(caller, text, sizeof(text) - 1, write_end);
	fd_close(&write_end);
	if (ret < 0)
		return err_sys(ret, "send to NOTIFY_SOCKET");
	/* Whatever comes of it: the message itself was taken. */
	p.fd = read_end;
	if (settle)
		poll(&p, 1, BARRIER_MS);
	return 0;
}

static int pass_on(pid_t pid, bool settle)
{
	char text[64];
	autofd caller = connect_caller();
	int len;

	if (caller < 0)
		return caller;
	len = str_fmt(text, sizeof(text), "MAINPID=%d\nREADY=1", pid);
	if (len < 0)
		return len;
	if (send(caller, text, (size_t)len, MSG_NOSIGNAL) < 0)
		return err_sys(errno, "send to NOTIFY_SOCKET");
	return send_barrier(caller, settle);
}

static bool says_ready(const char *text)
{
	static const char ready[] = "READY=1";
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, "\n");
		if (len == sizeof(ready) - 1 && memcmp(text, ready, len) == 0)
			return true;
		if (!text[len])
			return false;
	}
}

int notify_hear(int fd, pid_t pid, bool settle)
{
	char text[4096];
	ssize_t n;
	int i, ret;

	for (i = 0; i < AT_ONCE; i++) {
		/* Descriptors that come along (a barrier's) are closed. */
		n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
		if (n < 0)
			break;
		text[n] = '\0';
		if (!says_ready(text))
			continue;
		ret = pass_on(pid, settle);
		return ret < 0 ? ret : 1;
	}
	return 0;
}

static int check_signals(int signals)
{
	int sig;

	while (signals >= 0 && (sig = signals_next(signals)))
		if (signals_ends(sig))
			return err_say(EINTR, "interrupted by signal %d", sig);
	return 0;
}

int notify_wait(int fd, int pidfd, int signals, pid_t pid)
{
	struct pollfd p[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	int ret;

	for (;;) {
		if (poll(p, 3, -1) < 0 && errno != EINTR)
			return err_sys(errno, "poll");
		ret = p[0].revents ? notify_hear(fd, pid, true) : 0;
		if (ret == 0 && p[1].revents && !p[0].revents)
			return err_say(ECHILD, "the container ended before it "
					       "said READY=1 to NOTIFY_SOCKET");
		if (ret == 0)
			ret = check_signals(signals);
		if (ret)
			return ret < 0 ? ret : 0;
	}
}
