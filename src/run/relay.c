/* SPDX-License-Identifier: Apache-2.0 */
#include "run/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"
#include "base/time.h"
#include "run/signals.h"

enum {
	CHUNK = 4096,
	/* More than a terminal holds back (64 KiB and a line). */
	DRAIN_MAX = 128 * 1024,
	TYPE_MS = 100,
	TYPE_MS_MAX = 5000,
};

/* What was read and not written yet. */
struct flow {
	size_t at, len;
	char buf[CHUNK];
};

static struct relay {
	int master, slave; /* owned; -1 after a hangup */
	int input, output; /* our own; owned if above 2; input -1: ended */
	bool raw;          /* before is what our terminal was like */
	struct termios before;
	bool told;     /* a program in raw mode, of the end of the input */
	int pause;     /* the input has ended: ms from one try to the next */
	uint64_t next; /* and when that is, in us */
	struct flow in, out;
} the_relay;

/* Non-blocking for us alone: the open file that we were given is also our
 * caller's. What can't be opened again (a socket), or has a position (a file),
 * stays as it is: it is written to in small pieces, when poll(2) says so. */
static int reopen(int fd, int flags)
{
	char path[32];
	struct stat st;
	int own;

	if (fstat(fd, &st) < 0 ||
	    !(S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode)) ||
	    str_fmt(path, sizeof(path), "/proc/self/fd/%d", fd) < 0)
		return fd;
	own = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return own < 0 ? fd : own;
}

/* Where no terminal shows the output, nobody wants its lines to end in CR. */
static void keep_lines(int master)
{
	struct termios t;

	if (isatty(1) || tcgetattr(master, &t) < 0)
		return;
	t.c_oflag &= ~(tcflag_t)ONLCR;
	tcsetattr(master, TCSANOW, &t);
}

struct relay *relay_open(int master, int slave)
{
	struct relay *r = &the_relay;

	r->master = master;
	r->slave = slave;
	r->input = reopen(0, O_RDONLY);
	r->output = reopen(1, O_WRONLY);
	fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
	keep_lines(master);
	relay_resize(r);
	return r;
}

void relay_close(struct relay *r)
{
	if (!r)
		return;
	fd_close(&r->master);
	fd_close(&r->slave);
	if (r->input > 2)
		fd_close(&r->input);
	if (r->output > 2)
		fd_close(&r->output);
}

void relay_begin(struct relay *r)
{
	struct termios t;
	sigset_t stop;

	if (!r->raw && tcgetattr(0, &r->before) < 0)
		return;
	if (r->input < 0)
		r->input = reopen(0, O_RDONLY);
	t = r->before;
	cfmakeraw(&t);
	/* In the background this call stops us, if the signal can. */
	sigemptyset(&stop);
	sigaddset(&stop, SIGTTOU);
	sigprocmask(SIG_UNBLOCK, &stop, NULL);
	r->raw |= tcsetattr(0, TCSANOW, &t) == 0;
	sigprocmask(SIG_BLOCK, &stop, NULL);
}

void relay_end(struct relay *r)
{
	/* Not after what is in the terminal was shown: that may be never. */
	if (r->raw)
		tcsetattr(0, TCSANOW, &r->before);
	r->raw = false;
}

void relay_resize(struct relay *r)
{
	struct winsize size;
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (ioctl(fd, TIOCGWINSZ, &size) == 0)
			break;
	/* A serial line has none. */
	if (fd <= 2 && size.ws_row && size.ws_col)
		ioctl(r->master, TIOCSWINSZ, &size);
}

static bool is_pending(const struct flow *f)
{
	return f->at < f->len;
}

static void hang_up(struct relay *r)
{
	fd_close(&r->master);
	fd_close(&r->slave);
	r->in.len = r->out.len = 0;
}

/* Takes in what there is: 0 if there is nothing now, -1 at the end. */
static int fill(struct flow *f, int fd)
{
	ssize_t n = read(fd, f->buf, sizeof(f->buf));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	f->at = 0;
	f->len = n > 0 ? (size_t)n : 0;
	return n > 0 ? 1 : -1;
}

static int flush(struct flow *f, int fd)
{
	ssize_t n = write(fd, f->buf + f->at, f->len - f->at);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		return -1;
	f->at += (size_t)n;
	return 0;
}

/*
 * At the end of an input that is no terminal, all who read from the container's
 * find its end, one after the other, as they would in a file: whenever nothing
 * is left to be read, the end is typed again. There is no event for that. In raw
 * mode it is a character as any other: once may end a shell at its prompt, again
 * would be what nobody has typed.
 */
static void type_end(struct relay *r)
{
	struct pollfd left = { .fd = r->slave, .events = POLLIN };
	struct termios t;

	if (!r->pause || r->master < 0 || is_pending(&r->in) ||
	    time_us() < r->next)
		return;
	r->pause = r->pause < TYPE_MS_MAX / 2 ? 2 * r->pause : TYPE_MS_MAX;
	if (poll(&left, 1, 0) == 0 && tcgetattr(r->master, &t) == 0 &&
	    t.c_cc[VEOF] && !(r->told && !(t.c_lflag & ICANON))) {
		r->told = !(t.c_lflag & ICANON);
		r->in.buf[0] = (char)t.c_cc[VEOF];
		r->in.at = 0;
		r->in.len = 1;
		r->pause = TYPE_MS;
	}
	r->next = time_us() + (uint64_t)r->pause * 1000;
}

int relay_timeout(const struct relay *r)
{
	uint64_t now;

	if (!r->pause || r->master < 0)
		return -1;
	now = time_us();
	return now < r->next ? (int)((r->next - now + 999) / 1000) : 0;
}

static void end_input(struct relay *r)
{
	pid_t foreground = tcgetpgrp(0);
	bool terminal = r->raw || isatty(0);

	if (r->input > 2)
		close(r->input);
	r->input = -1;
	if (!terminal)
		r->pause = TYPE_MS;
	/* A terminal that is somebody else's now may become ours again. */
	else if (foreground < 0 || foreground == getpgrp())
		hang_up(r);
}

void relay_want(const struct relay *r, struct pollfd *p)
{
	bool in = is_pending(&r->in), out = is_pending(&r->out);

	p[0] = (struct pollfd){ .fd = in ? -1 : r->input, .events = POLLIN };
	p[1] = (struct pollfd){
		.fd = out && !in ? -1 : r->master,
		.events = (short)((in ? POLLOUT : 0) | (out ? 0 : POLLIN)),
	};
	p[2] = (struct pollfd){ .fd = out ? r->output : -1, .events = POLLOUT };
	if (r->master < 0)
		p[0].fd = p[2].fd = -1;
}

void relay_move(struct relay *r, const struct pollfd *p)
{
	const short broken = POLLHUP | POLLERR | POLLNVAL;

	if (p[0].revents && fill(&r->in, r->input) < 0)
		end_input(r);
	if (p[2].revents && flush(&r->out, r->output) < 0)
		hang_up(r);
	if (r->master < 0)
		return;
	if (p[1].revents & (POLLOUT | broken) && is_pending(&r->in) &&
	    flush(&r->in, r->master) < 0)
		r->in.len = 0;
	if (p[1].revents & (POLLIN | broken) && !is_pending(&r->out) &&
	    fill(&r->out, r->master) < 0)
		hang_up(r);
	type_end(r);
}

/* False if it can't be written any more. */
static bool write_out(struct relay *r, int signals)
{
	struct pollfd p[] = {
		{ .fd = r->output, .events = POLLOUT },
		{ .fd = signals, .events = POLLIN },
	};
	int sig;

	while (is_pending(&r->out)) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return false;
		if (p[0].revents && flush(&r->out, r->output) < 0)
			return false;
		while ((sig = signals_next(signals)))
			if (signals_ends(sig))
				return false;
	}
	return true;
}

void relay_drain(struct relay *r, int signals)
{
	size_t left = DRAIN_MAX;

	while (r->master >= 0 && write_out(r, signals)) {
		if (fill(&r->out, r->master) <= 0 || left < r->out.len)
			break;
		left -= r->out.len;
	}
}
