/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/netdev.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/netlink.h"
#include "kern/ns.h"

enum {
	ADDRESSES = 32, /* of one device */
	REPLY = 16 * 1024,
};

/* What of an address is kept. */
static const unsigned short kept[] = { K_IFA_ADDRESS, K_IFA_LOCAL,
				       K_IFA_BROADCAST };

/* A message to the kernel while it is made. */
struct request {
	struct k_nlmsghdr head;
	union {
		struct k_ifinfomsg link;
		struct k_ifaddrmsg address;
	};
	char attributes[128];
};

/* A device on its way. */
struct move {
	const char *name, *new_name;
	int index;
	struct request addresses[ADDRESSES];
	size_t n;
};

/* The place of what follows n bytes. */
static size_t aligned(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static void put(struct request *r, unsigned short type, const void *data,
		size_t size)
{
	size_t at = aligned(r->head.len);
	struct k_rtattr a = { (uint16_t)(sizeof(a) + size), type };

	memcpy((char *)r + at, &a, sizeof(a));
	memcpy((char *)r + at + sizeof(a), data, size);
	r->head.len = (uint32_t)(at + a.len);
}

static int open_socket(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, K_NETLINK_ROUTE);

	return fd < 0 ? err_sys(errno, "make a socket for network devices") :
			fd;
}

/* Sends, and waits for what the kernel says. Returns 0 or -errno. */
static int call(int fd, struct request *r)
{
	struct {
		struct k_nlmsghdr head;
		struct k_nlmsgerr err;
		char rest[1024];
	} reply;
	ssize_t n;

	r->head.flags |= K_NLM_F_REQUEST | K_NLM_F_ACK;
	if (send(fd, r, r->head.len, 0) < 0)
		return -errno;
	do
		n = recv(fd, &reply, sizeof(reply), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n < sizeof(reply.head) + sizeof(reply.err) ||
	    reply.head.type != K_NLMSG_ERROR)
		return -EPROTO;
	return reply.err.error;
}

/* Requests for interfaces are answered by sockets of every family. */
static int ask(unsigned long what, struct ifreq *r, const char *name)
{
	autofd fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || str_fmt(r->ifr_name, sizeof(r->ifr_name), "%s", name) < 0)
		return fd < 0 ? -errno : -ENAMETOOLONG;
	return ioctl(fd, (int)what, r) < 0 ? -errno : 0;
}

static int index_of(const char *name)
{
	struct ifreq r = { .ifr_ifindex = 0 };
	int ret = ask(SIOCGIFINDEX, &r, name);

	return ret < 0 ? ret : r.ifr_ifindex;
}

/* The runtime-spec's: permanent, of global scope. */
static bool is_to_keep(const struct k_ifaddrmsg *a, uint32_t flags, int index)
{
	return a->index == (uint32_t)index && a->scope == K_RT_SCOPE_UNIVERSE &&
	       flags & K_IFA_F_PERMANENT;
}

static void start_address(struct request *r, const struct k_ifaddrmsg *a)
{
	memset(r, 0, sizeof(*r));
	r->head.len = sizeof(r->head) + sizeof(r->address);
	r->head.type = K_RTM_NEWADDR;
	r->head.flags = K_NLM_F_CREATE | K_NLM_F_EXCL;
	r->address.family = a->family;
	r->address.prefixlen = a->prefixlen;
}

static int note_address(struct move *m, const struct k_nlmsghdr *h)
{
	const struct k_ifaddrmsg *a = (const void *)(h + 1);
	uint32_t flags = a->flags;
	struct request r;
	const struct k_rtattr *t;

	start_address(&r, a);
	for (size_t at = sizeof(*h) + sizeof(*a); at + sizeof(*t) <= h->len;
	     at += aligned(t->len)) {
		size_t size;

		t = (const void *)((const char *)h + at);
		if (t->len < sizeof(*t) || t->len > h->len - at)
			break;
		size = t->len - sizeof(*t);
		if (t->type == K_IFA_FLAGS && size == sizeof(flags))
			memcpy(&flags, t->data, sizeof(flags));
		for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
			if (t->type == kept[i] && size <= 16)
				put(&r, kept[i], t->data, size);
	}
	if (!is_to_keep(a, flags, m->index))
		return 0;
	if (m->n == ADDRESSES)
		return err_say(E2BIG,
			       "network device %s has more than %d "
			       "addresses",
			       m->name, ADDRESSES);
	m->addresses[m->n++] = r;
	return 0;
}

/* 1 at the end of what the kernel has to say. */
static int note_addresses(struct move *m, const char *reply, size_t size)
{
	const struct k_nlmsghdr *h;
	int ret = 0;

	for (size_t at = 0; ret == 0 && at + sizeof(*h) <= size;
	     at += aligned(h->len)) {
		h = (const void *)(reply + at);
		if (h->len < sizeof(*h) || h->len > size - at)
			break;
		if (h->type == K_NLMSG_DONE)
			return 1;
		if (h->type == K_NLMSG_ERROR)
			return err_sys(EPROTO, "read addresses of %s", m->name);
		if (h->type == K_RTM_NEWADDR)
			ret = note_address(m, h);
	}
	return ret;
}

static int read_addresses(struct move *m, int fd)
{
	static char reply[REPLY] __attribute__((aligned(4)));
	struct request r = {
		.head = { .len = sizeof(r.head) + sizeof(r.address),
			  .type = K_RTM_GETADDR,
			  .flags = K_NLM_F_REQUEST | K_NLM_F_DUMP },
	};
	ssize_t n = send(fd, &r, r.head.len, 0);
	int ret = 0;

	while (n >= 0 && ret == 0) {
		n = recv(fd, reply, sizeof(reply), 0);
		if (n > 0)
			ret = note_addresses(m, reply, (size_t)n);
		else if (n < 0 && errno == EINTR)
			n = 0;
	}
	if (n < 0)
		return err_sys(errno, "read addresses of %s", m->name);
	return ret < 0 ? ret : 0;
}

/* Takes its new name on arrival. */
static int leave(const struct move *m, int fd, int netns)
{
	struct request r = {
		.head = { .len = sizeof(r.head) + sizeof(r.link),
			  .type = K_RTM_NEWLINK },
		.link = { .index = m->index },
	};
	int ret;

	put(&r, K_IFLA_NET_NS_FD, &netns, sizeof(netns));
	put(&r, K_IFLA_IFNAME, m->new_name, strlen(m->new_name) + 1);
	ret = call(fd, &r);
	return ret < 0 ? err_sys(ret, "move network device %s", m->name) : 0;
}

static int go_up(const char *name)
{
	struct ifreq r = { .ifr_flags = 0 };
	int ret = ask(SIOCGIFFLAGS, &r, name);

	if (ret == 0) {
		r.ifr_flags |= IFF_UP;
		ret = ask(SIOCSIFFLAGS, &r, name);
	}
	return ret < 0 ? err_sys(ret, "bring up network device %s", name) : 0;
}

/* In its new namespace. */
static int arrive(struct move *m, int fd)
{
	int index = index_of(m->new_name), ret;

	if (index < 0)
		return err_sys(index, "network device %s", m->new_name);
	ret = go_up(m->new_name);
	for (size_t i = 0; i < m->n && ret == 0; i++) {
		m->addresses[i].address.index = (uint32_t)index;
		ret = call(fd, &m->addresses[i]);
		if (ret < 0)
			ret = err_sys(ret,
				      "give network device %s its "
				      "addresses",
				      m->new_name);
	}
	return ret;
}

static const char *new_name(const struct spec_net_device *d)
{
	return d->name ? d->name : d->host_name;
}

static bool is_free(const struct spec_net_device *v, size_t n, const char *name)
{
	while (n-- > 0)
		if (str_eq(new_name(&v[n]), name))
			return false;
	return index_of(name) < 0;
}

/* The runtime-spec's template: the kernel would choose the number, but not say
 * which. */
static int choose_name(struct spec_net_device *v, size_t n, size_t i)
{
	const char *name = new_name(&v[i]);
	char chosen[IFNAMSIZ];
	int k = 0;

	do
		if (str_fmt(chosen, sizeof(chosen), "%.*s%d",
			    (int)strlen(name) - 2, name, k++) < 0)
			return err_sys(ENAMETOOLONG, "%s", name);
	while (!is_free(v, n, chosen));
	v[i].name = arena_str(chosen);
	return v[i].name ? 0 : -ENOMEM;
}

/* In the container's namespace: no name that is to come is there. */
static int check_new_names(struct spec_net_device *v, size_t n, size_t *bad)
{
	for (*bad = 0; *bad < n; ++*bad) {
		const char *name = new_name(&v[*bad]);

		if (str_ends(name, "%d")) {
			int ret = choose_name(v, n, *bad);

			if (ret < 0)
				return ret;
			continue;
		}
		if (index_of(name) >= 0)
			return err_say(EEXIST,
				       "the container has a network device %s "
				       "already",
				       name);
		for (size_t i = 0; i < *bad; i++)
			if (str_eq(new_name(&v[i]), name))
				return err_say(EEXIST,
					       "two network devices would be "
					       "called %s",
					       name);
	}
	return 0;
}

static int check_names(const struct spec_net_device *v, size_t n, size_t *bad)
{
	for (*bad = 0; *bad < n; ++*bad) {
		int ret = index_of(v[*bad].host_name);

		if (ret < 0)
			return err_sys(ret, "network device %s",
				       v[*bad].host_name);
	}
	return 0;
}

static int move_one(const struct spec_net_device *d, const int sockets[2],
		    int own, int netns)
{
	static struct move m;
	int ret;

	m.name = d->host_name;
	m.new_name = new_name(d);
	m.n = 0;
	m.index = index_of(m.name);
	if (m.index < 0)
		return err_sys(m.index, "network device %s", m.name);
	ret = read_addresses(&m, sockets[0]);
	if (ret == 0)
		ret = leave(&m, sockets[0], netns);
	if (ret == 0)
		ret = ns_join(NS_NETWORK, netns);
	if (ret == 0)
		ret = arrive(&m, sockets[1]);
	/* Wherever we are. */
	if (setns(own, CLONE_NEWNET) < 0 && ret == 0)
		ret = err_sys(errno, "return to the network namespace");
	return ret;
}

int netdev_move(struct spec_net_device *v, size_t n, int netns, size_t *bad)
{
	autofd own = fd_open(AT_FDCWD, "/proc/self/ns/net", O_RDONLY, 0);
	autofd here = own < 0 ? -1 : open_socket(), there = -1;
	int ret = here < 0 ? -err.num : check_names(v, n, bad);

	if (ret < 0)
		return ret;
	ret = ns_join(NS_NETWORK, netns);
	if (ret < 0)
		return ret;
	ret = there = open_socket();
	if (ret >= 0)
		ret = check_new_names(v, n, bad);
	if (setns(own, CLONE_NEWNET) < 0)
		return err_sys(errno, "return to the network namespace");
	for (*bad = ret < 0 ? *bad : 0; ret == 0 && *bad < n; ++*bad) {
		ret = move_one(&v[*bad], (const int[]){ here, there }, own,
			       netns);
		if (ret < 0)
			break;
	}
	return ret;
}
