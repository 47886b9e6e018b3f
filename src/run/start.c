/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start: opens the gate of a created container. The gate's name is removed
 * before the word is said, so that a container starts once; an init that hears
 * nothing more than the end of the connection exits.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/sys.h"
#include "oci/config.h"
#include "run/channel.h"
#include "run/container.h"
#include "run/destroy.h"
#include "run/hooks.h"
#include "run/inherit.h"
#include "run/launch.h"
#include "run/notify.h"
#include "run/start.h"
#include "run/status.h"
#include "run/store.h"

static int connect_gate(const struct store *s)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "gate" };
	autofd fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	int ret;

	if (fd < 0)
		return err_sys(errno, "socket");
	/* Init ends with a connection that has no word. */
	ret = sys_faccessat2(s->dir, ".", W_OK, 0);
	if (ret < 0)
		return err_sys(ret, "remove the gate of %s", s->id);
	if (fchdir(s->dir) < 0 ||
	    connect(fd, (struct sockaddr *)&name, sizeof(name)) < 0)
		return err_sys(errno, "connect to the gate of %s", s->id);
	if (unlinkat(s->dir, "gate", 0) < 0)
		return err_sys(errno, "remove the gate of %s", s->id);
	return fd_take(&fd);
}

static int check_startable(const char *id, enum status status)
{
	if (status == STATUS_CREATED)
		return 0;
	if (status == STATUS_STOPPED)
		return err_say(EINVAL,
			       "cannot start a container that has stopped: %s",
			       id);
	if (status == STATUS_CREATING)
		return err_say(EBUSY, "container is being created: %s", id);
	if (status == STATUS_PAUSED)
		return err_say(EBUSY, "cannot start a paused container: %s",
			       id);
	return err_say(EINVAL, "cannot start an already running container: %s",
		       id);
}

static int open_gate(const struct store *s, const struct state *state,
		     const struct config *c, int pidfd)
{
	autofd gate = connect_gate(s);
	struct launch l = {
		.seccomp = c->spec.linux_.seccomp,
		.state = state,
		.channel = gate,
		.pidfd = pidfd,
		.pid = state->init.pid,
		.agent = -1,
	};
	int ret;

	if (gate < 0)
		return gate;
	ret = channel_say(gate, SAY_START, l.pid);
	if (ret == -EPIPE)
		return check_startable(s->id, STATUS_STOPPED);
	/* It may be paused just now: that is no reason to keep others off. */
	store_unlock(s);
	if (ret == 0)
		do
			ret = launch_hear(&l);
		while (ret > 0);
	launch_close(&l);
	return ret;
}

int start_poststart(const struct store *s, const struct state *state,
		    const struct config *c, int bundle)
{
	struct err first;
	int ret;

	/* It runs: a hook may want to do something with it. */
	store_unlock(s);
	ret = hooks_run(&c->spec.hooks.poststart, "poststart", bundle, state,
			"running", state->init.pid, NULL);
	if (ret == 0)
		return 0;
	first = err;
	/* The spec of 1.3: the container is stopped and deleted, unless one has
	 * done that, or is at work on it. */
	if (store_lock(s) < 0) {
		err = first;
		return ret;
	}
	destroy(s, state);
	hooks_run_poststop(&c->spec, bundle, state);
	err = first;
	return ret;
}

static int poststart(const struct store *s, const struct state *state,
		     const struct config *c)
{
	autofd bundle = -1;

	if (!c->spec.hooks.poststart.n)
		return 0;
	bundle = fd_open(AT_FDCWD, state->bundle, O_PATH | O_DIRECTORY, 0);
	return bundle < 0 ? bundle : start_poststart(s, state, c, bundle);
}

/* Before the container can say a word. None if nobody waits for it, or the
 * container was made without. */
static int open_notify(const struct store *s, int *fd)
{
	*fd = notify_is_wanted() ? notify_open(s) : -ENOENT;
	return *fd < 0 && *fd != -ENOENT ? *fd : 0;
}

int run_start(const struct run_global *g, const char *id, unsigned int ready_fd)
{
	autostore s = STORE_NONE;
	static struct config config;
	struct state state;
	enum status status;
	autofd pidfd = -1, notify = -1;
	int ret;

	ret = inherit_check_ready(ready_fd, 0);
	if (ret == 0)
		ret = store_open(&s, g->root, id);
	if (ret == 0)
		ret = store_lock(&s);
	if (ret == 0)
		ret = status_load(&s, &state, &status, &pidfd);
	if (ret == -ENOENT)
		return err_say(ENOENT, "container does not exist: %s", id);
	if (ret == 0)
		ret = check_startable(id, status);
	if (ret == 0)
		ret = config_load(&config, s.dir, "config.json", "config.json");
	/* Behind the gate it would be too late: it is to stay created. */
	if (ret == 0 && !config.spec.process)
		ret = err_say(EINVAL, "the container has no process to start");
	if (ret == 0)
		ret = open_notify(&s, &notify);
	if (ret == 0)
		ret = open_gate(&s, &state, &config, pidfd);
	if (ret == 0)
		ret = poststart(&s, &state, &config);
	if (ret < 0)
		return ret;
	inherit_say_ready(ready_fd);
	if (notify < 0)
		return 0;
	store_unlock(&s);
	return notify_wait(notify, pidfd, -1, state.init.pid);
}
