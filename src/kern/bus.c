/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/bus.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "base/time.h"

void bus_close(struct bus *b)
{
	fd_close(&b->fd);
}

static int bad_peer(const struct bus *b, const char *what)
{
	return err_say(EPROTO, "D-Bus at %s: %s", b->address, what);
}

static int send_all(struct bus *b, const void *p, size_t n)
{
	const char *bytes = p;
	ssize_t sent;

	for (; n; n -= (size_t)sent, bytes += sent) {
		sent = send(b->fd, bytes, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EPIPE)
			return bad_peer(b, "closed the connection");
		if (sent < 0 && errno != EINTR)
			return err_sys(errno, "send to D-Bus at %s",
				       b->address);
		sent = sent < 0 ? 0 : sent;
	}
	return 0;
}

static void set_deadline(struct bus *b)
{
	b->deadline = time_us() + b->patience_ms * UINT64_C(1000);
}

/* Receives something, size bytes at most. */
static ssize_t receive(struct bus *b, uint8_t *p, size_t size)
{
	struct pollfd ready = { .fd = b->fd, .events = POLLIN };
	uint64_t now;
	ssize_t n;

	for (;;) {
		n = recv(b->fd, p, size, MSG_DONTWAIT);
		if (n > 0)
			return n;
		if (n == 0 || errno == ECONNRESET)
			return bad_peer(b, "closed the connection");
		if (errno != EAGAIN && errno != EINTR)
			return err_sys(errno, "receive from D-Bus at %s",
				       b->address);
		now = time_us();
		if (now >= b->deadline)
			return err_say(ETIMEDOUT,
				       "D-Bus at %s: no answer in %u ms",
				       b->address, b->patience_ms);
		poll(&ready, 1, (int)((b->deadline - now) / 1000 + 1));
	}
}

static int receive_until(struct bus *b, size_t wanted)
{
	ssize_t n;

	while (b->have < wanted) {
		n = receive(b, b->received + b->have,
			    sizeof(b->received) - b->have);
		if (n < 0)
			return (int)n;
		b->have += (size_t)n;
	}
	return 0;
}

/* Throws size bytes away, the first of which have been received. */
static int skip(struct bus *b, size_t size)
{
	size_t here;
	int ret;

	while (size) {
		ret = receive_until(b, 1);
		if (ret < 0)
			return ret;
		here = b->have < size ? b->have : size;
		b->have -= here;
		memmove(b->received, b->received + here, b->have);
		size -= here;
	}
	return 0;
}

/* What is too large for us is nothing that we asked for: a signal about
 * somebody else's business. */
static int next_message(struct bus *b, struct dbus_message *m)
{
	size_t size;
	int ret = skip(b, b->taken);

	b->taken = 0;
	while (ret == 0) {
		ret = receive_until(b, DBUS_HEAD_SIZE);
		if (ret < 0)
			break;
		size = dbus_size(b->received);
		if (!size)
			return bad_peer(b, "not a D-Bus message");
		if (size > sizeof(b->received)) {
			ret = skip(b, size);
			continue;
		}
		ret = receive_until(b, size);
		if (ret < 0)
			break;
		b->taken = size;
		if (!dbus_parse(m, b->received, size))
			return bad_peer(b, "a malformed message");
		return 0;
	}
	return ret;
}

/* One line of the authentication, without its end. */
static int read_line(struct bus *b, char *line, size_t size)
{
	const uint8_t *end;
	size_t n;
	int ret;

	while (!(end = memchr(b->received, '\n', b->have)) && b->have < size) {
		ret = receive_until(b, b->have + 1);
		if (ret < 0)
			return ret;
	}
	n = end ? (size_t)(end - b->received) : 0;
	if (!n || n > size || end[-1] != '\r' || memchr(b->received, 0, n))
		return bad_peer(b, "not the authentication of D-Bus");
	ret = str_fmt(line, size, "%.*s", (int)n - 1,
		      (const char *)b->received);
	return ret < 0 ? ret : skip(b, n + 1);
}

/*
 * No identity is claimed: inside a user namespace we know only a number that
 * the peer would not believe. An old peer is content before DATA. All is sent
 * at once, since systemd forgets to look at what it has received together with
 * BEGIN.
 */
static int authenticate(struct bus *b)
{
	static const char all[] = "\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n";
	char first[256], second[256];
	const char *last = first;
	int ret;

	set_deadline(b);
	ret = send_all(b, all, sizeof(all) - 1);
	if (ret == 0)
		ret = read_line(b, first, sizeof(first));
	if (ret == 0 && !str_starts(first, "REJECTED"))
		ret = read_line(b, second, sizeof(second));
	if (ret < 0)
		return ret;
	if (str_eq(first, "DATA"))
		last = second;
	return str_starts(last, "OK ") ?
		       0 :
		       err_say(EACCES, "D-Bus at %s: refuses us (%s)",
			       b->address, last);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of a key of an address, with its %XX decoded; returns the length,
 * or -1. */
static int unescape(char *to, size_t size, const char *s)
{
	size_t n = 0;
	int high, low;

	for (; *s && *s != ',' && *s != ';'; s++) {
		if (n + 1 >= size)
			return -1;
		if (*s != '%') {
			to[n++] = *s;
			continue;
		}
		high = hex(s[1]);
		low = high < 0 ? -1 : hex(s[2]);
		if (low < 0)
			return -1;
		to[n++] = (char)(high << 4 | low);
		s += 2;
	}
	to[n] = '\0';
	return (int)n;
}

/* "unix:path=/run/x,guid=1" up to its end or ';'. Returns the length of the
 * name, 0 if this is no address that we can do. */
static socklen_t parse_address(struct sockaddr_un *name, const char *s)
{
	size_t offset;
	int n;

	if (!str_starts(s, "unix:"))
		return 0;
	for (s += 4; *s && *s != ';'; s += 1 + strcspn(s + 1, ",;")) {
		if (str_starts(s + 1, "path="))
			offset = 0;
		else if (str_starts(s + 1, "abstract="))
			offset = 1;
		else
			continue;
		n = unescape(name->sun_path + offset,
			     sizeof(name->sun_path) - offset,
			     strchr(s, '=') + 1);
		return n <= 0 ? 0 :
				(socklen_t)(offsetof(struct sockaddr_un,
						     sun_path) +
					    offset + (size_t)n + !offset);
	}
	return 0;
}

static int connect_to(struct bus *b, const char *address)
{
	const struct timeval patience = {
		.tv_sec = b->patience_ms / 1000,
		.tv_usec = b->patience_ms % 1000 * 1000,
	};
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t size = parse_address(&name, address);

	str_cut(b->address, sizeof(b->address), address);
	b->address[strcspn(b->address, ";")] = '\0';
	if (!size)
		return err_say(ENOENT, "D-Bus: not an address of a socket: %s",
			       b->address);
	b->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (b->fd < 0)
		return err_sys(errno, "socket");
	setsockopt(b->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(b->fd, (struct sockaddr *)&name, size) == 0)
		return 0;
	err_sys(errno == ECONNREFUSED ? ENOENT : errno,
		"connect to D-Bus at %s", b->address);
	bus_close(b);
	return -err.num;
}

int bus_open(struct bus *b, const char *addresses)
{
	int ret = err_say(ENOENT, "D-Bus: no address");

	b->have = b->taken = 0;
	for (; *addresses; addresses += *addresses == ';') {
		ret = connect_to(b, addresses);
		if (ret != -ENOENT && ret != -EACCES)
			break;
		addresses += strcspn(addresses, ";");
	}
	if (ret == 0)
		ret = authenticate(b);
	if (ret < 0)
		bus_close(b);
	return ret;
}

void bus_begin(struct bus *b, const struct dbus_call *c)
{
	b->out = (struct dbus_out){ .p = b->sent, .size = sizeof(b->sent) };
	b->serial += b->serial == UINT32_MAX ? 2 : 1;
	dbus_begin(&b->out, c, b->destination, b->serial);
}

/* An error's text is one line for people, whoever wrote it. */
static int refused(struct bus *b, struct dbus_message *m, const char *what)
{
	const char *text = *m->signature == 's' ? dbus_get_str(&m->body) : "";
	char line[512];
	char *p;

	str_cut(b->error, sizeof(b->error), m->error);
	str_cut(line, sizeof(line), text);
	for (p = line; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	if (*line)
		return err_say(EREMOTEIO, "%s: %s (%s)", what, line, b->error);
	return err_say(EREMOTEIO, "%s: %s", what, b->error);
}

int bus_hear(struct bus *b)
{
	struct dbus_message m;
	int ret = next_message(b, &m);

	if (ret == 0 && m.type == DBUS_SIGNAL && b->on_signal)
		b->on_signal(&m, b->arg);
	return ret;
}

int bus_call(struct bus *b, struct dbus_message *reply, const char *what)
{
	struct dbus_message m;
	int ret;

	*b->error = '\0';
	dbus_end(&b->out);
	if (b->out.full)
		return err_say(E2BIG, "%s: too much for one message", what);
	set_deadline(b);
	ret = send_all(b, b->out.p, b->out.len);
	while (ret == 0) {
		ret = next_message(b, &m);
		if (ret < 0)
			break;
		if (m.type == DBUS_SIGNAL && b->on_signal)
			b->on_signal(&m, b->arg);
		if (m.reply_serial != b->serial)
			continue;
		if (m.type == DBUS_ERROR)
			return refused(b, &m, what);
		if (m.type != DBUS_REPLY)
			continue;
		if (reply)
			*reply = m;
		return 0;
	}
	return ret;
}

int bus_join(struct bus *b, const char *rule)
{
	static const char name[] = "org.freedesktop.DBus";
	static const char path[] = "/org/freedesktop/DBus";
	const struct dbus_call hello = { path, name, "Hello", "" };
	const struct dbus_call match = { path, name, "AddMatch", "s" };
	const char *destination = b->destination;
	int ret;

	b->destination = name;
	bus_begin(b, &hello);
	ret = bus_call(b, NULL, "D-Bus: Hello");
	if (ret == 0) {
		bus_begin(b, &match);
		dbus_put_str(&b->out, rule);
		ret = bus_call(b, NULL, "D-Bus: AddMatch");
	}
	b->destination = destination;
	return ret;
}
