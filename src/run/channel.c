/* SPDX-License-Identifier: Apache-2.0 */
#include "run/channel.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "kern/need.h"

/* What has no error in it is sent without the room for one. */
static const size_t short_size = offsetof(struct message, err);

int channel_error(const char *call)
{
	err_sys(errno, "%s", call);
	return err.num == EAFNOSUPPORT || err.num == ENOSYS ?
		       err_hint(NEED_UNIX) :
		       -err.num;
}

int channel_make(int pair[2])
{
	int ret = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);

	return ret < 0 ? channel_error("socketpair") : 0;
}

static int transmit(int fd, const struct message *m, size_t size)
{
	ssize_t n;

	do
		n = send(fd, m, size, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == ECONNRESET)
		errno = EPIPE;
	return n < 0 ? err_sys(errno, "send to the container's init") : 0;
}

size_t channel_word(struct message *m, enum message_kind kind, pid_t pid)
{
	m->kind = kind;
	m->pid = pid;
	return short_size;
}

int channel_say(int fd, enum message_kind kind, pid_t pid)
{
	struct message m;

	return transmit(fd, &m, channel_word(&m, kind, pid));
}

void channel_say_error(int fd)
{
	struct message m;

	m.kind = SAY_ERROR;
	m.pid = 0;
	m.err = err;
	while (write(fd, &m, sizeof(m)) < 0 && errno == EINTR)
		;
}

static int judge(const struct message *m, ssize_t n)
{
	if (n < 0)
		return err_sys((int)n, "receive from the container's init");
	if (n == 0)
		return 0;
	if ((size_t)n < (m->kind == SAY_ERROR ? sizeof(*m) : short_size))
		return err_say(EPROTO, "short message");
	return (int)m->kind;
}

/* That the peer ended without reading all that we said is told once, before what
 * it said itself. */
int channel_hear(int fd, struct message *m)
{
	ssize_t n;

	do
		n = recv(fd, m, sizeof(*m), 0);
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	return judge(m, n < 0 ? -errno : n);
}

int channel_hear_fd(int fd, struct message *m, int *attached)
{
	ssize_t n;

	do
		n = fd_receive(fd, m, sizeof(*m), attached);
	while (n == -ECONNRESET);
	return judge(m, n);
}
