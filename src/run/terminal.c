/* SPDX-License-Identifier: Apache-2.0 */
#include "run/terminal.h"

#include <errno.h>

#include "base/err.h"
#include "base/fd.h"
#include "kern/pty.h"
#include "run/channel.h"

static const char receiver[] = "the console socket";

static bool is_wanted(const struct run *r)
{
	const struct spec_process *p = r->plan.spec->process;

	return p && p->terminal;
}

static int make_pair(struct run *r)
{
	int pair[2];
	int ret = channel_make(pair);

	if (ret < 0)
		return ret;
	r->terminal = pair[0];
	r->console = pair[1];
	return 0;
}

int terminal_prepare(struct run *r)
{
	bool detach = !r->start_now || r->o->detach;
	const char *socket = r->plan.console_socket;

	if (is_wanted(r) && detach && !socket)
		return err_say(EINVAL,
			       "cannot allocate tty if runt will detach "
			       "without setting console socket; "
			       "or set process.terminal to false");
	if (socket && !(is_wanted(r) && detach))
		return err_say(EINVAL, "cannot use console socket if runt will "
				       "not detach or allocate tty");
	if (!is_wanted(r))
		return 0;
	if (!socket)
		return make_pair(r);
	r->console = fd_connect(socket, receiver);
	return r->console < 0 ? r->console : 0;
}

static int receive(const struct run *r, int *fd)
{
	char text[sizeof(PTY_NAME)];
	ssize_t n = fd_receive(r->terminal, text, sizeof(text), fd);

	if (n < 0)
		return err_sys((int)n, "receive the terminal");
	return *fd < 0 ? err_say(EPROTO, "init sent no terminal") : 0;
}

int terminal_receive(struct run *r)
{
	autofd master = -1, slave = -1;
	int ret;

	if (r->terminal < 0)
		return 0;
	ret = receive(r, &master);
	if (ret == 0)
		ret = receive(r, &slave);
	fd_close(&r->terminal);
	if (ret == 0)
		r->relay = relay_open(fd_take(&master), fd_take(&slave));
	return ret;
}

static int send_side(const struct run *r, int fd)
{
	int ret = fd_send(r->console, PTY_NAME, sizeof(PTY_NAME) - 1, fd);

	return ret < 0 ? err_sys(ret, "send to %s", receiver) : 0;
}

/* The one who relays keeps the slave open, too: the terminal is no less there
 * while no process of the container has it open. */
static int send_off(const struct run *r, const struct pty *p)
{
	int ret = send_side(r, p->master);

	return ret < 0 || r->plan.console_socket ? ret : send_side(r, p->slave);
}

static int set_up(const struct run *r, const struct pty *p, int root,
		  bool console)
{
	const struct spec_process *proc = r->plan.spec->process;
	const struct spec_console_size *size = &proc->console_size;
	int ret = 0;

	if (console)
		ret = pty_bind_console(p->slave, root);
	if (ret == 0 && size->height && size->width)
		ret = pty_set_size(p->slave, size->height, size->width);
	if (ret == 0)
		ret = send_off(r, p);
	return ret == 0 ? pty_take(p->slave, proc->user.uid) : ret;
}

int terminal_make(struct run *r, int root, bool console)
{
	struct pty p;
	int ret;

	ret = pty_open(&p, root);
	if (ret < 0)
		return ret;
	ret = set_up(r, &p, root, console);
	fd_close(&p.master);
	fd_close(&p.slave);
	fd_close(&r->console);
	return ret;
}
