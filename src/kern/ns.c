/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/ns.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/need.h"
#include "kern/procfs.h"
#include "kern/uapi.h"
#include "kern/userns.h"

const struct ns_kind ns_kinds[NS_KINDS] = {
	[NS_USER] = { "user", "user", K_CLONE_NEWUSER, NEED_USER_NS },
	[NS_MOUNT] = { "mount", "mnt", K_CLONE_NEWNS, NEED_MOUNT_NS },
	[NS_PID] = { "pid", "pid", K_CLONE_NEWPID, NEED_PID_NS },
	[NS_NETWORK] = { "network", "net", K_CLONE_NEWNET, NEED_NET_NS },
	[NS_IPC] = { "ipc", "ipc", K_CLONE_NEWIPC, NEED_IPC_NS },
	[NS_UTS] = { "uts", "uts", K_CLONE_NEWUTS, NEED_UTS_NS },
	[NS_CGROUP] = { "cgroup", "cgroup", K_CLONE_NEWCGROUP, NEED_CGROUP_NS },
	[NS_TIME] = { "time", "time", K_CLONE_NEWTIME, NEED_TIME_NS },
};

/* _IO(0xb7, 3), ioctl_ns(2) */
#define NS_GET_NSTYPE 0xb703

static int open_at(enum spec_ns_kind kind, int dirfd, const char *path)
{
	/* To open a device may do something: a look before. */
	autofd fd = fd_open(dirfd, path, O_PATH, 0);
	struct statfs fs;

	if (fd < 0)
		return fd;
	if (fstatfs(fd, &fs) < 0 || fs.f_type != K_NSFS_MAGIC)
		return err_say(EINVAL, "%s: not a %s namespace", path,
			       ns_kinds[kind].name);
	fd_close(&fd);
	fd = fd_open(dirfd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0)
		return fd;
	if (ioctl(fd, NS_GET_NSTYPE) != (int)ns_kinds[kind].flag)
		return err_say(EINVAL, "%s: not a %s namespace", path,
			       ns_kinds[kind].name);
	return fd_take(&fd);
}

int ns_open(enum spec_ns_kind kind, const char *path)
{
	return open_at(kind, AT_FDCWD, path);
}

int ns_is_ours(enum spec_ns_kind kind, int fd, int proc)
{
	struct stat own, other;
	char path[24];
	int ret =
		str_fmt(path, sizeof(path), "self/ns/%s", ns_kinds[kind].file);

	if (ret < 0)
		return ret;
	if (fstat(fd, &other) < 0 || fstatat(proc, path, &own, 0) < 0)
		return err_sys(errno, "compare %s namespaces",
			       ns_kinds[kind].name);
	return own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

int ns_join(enum spec_ns_kind kind, int fd)
{
	if (setns(fd, (int)ns_kinds[kind].flag) < 0)
		return err_sys(errno, "join the %s namespace",
			       ns_kinds[kind].name);
	return 0;
}

static bool kernel_has(const struct ns_kind *k)
{
	char path[32];

	return str_fmt(path, sizeof(path), "/proc/self/ns/%s", k->file) < 0 ||
	       access(path, F_OK) == 0;
}

int ns_explain(int num, uint64_t flags)
{
	bool proc = access("/proc/self/ns", F_OK) == 0;
	char list[80];
	struct sbuf wanted = SBUF(list);

	list[0] = '\0';
	for (size_t i = 0; i < NS_KINDS; i++) {
		const struct ns_kind *k = &ns_kinds[i];

		if (!(flags & k->flag))
			continue;
		if (proc && !kernel_has(k)) {
			err_say(num ? num : EINVAL,
				"this kernel has no %s namespaces", k->name);
			return err_hint(k->need);
		}
		sbuf_fmt(&wanted, "%s%s", wanted.len ? ", " : "", k->name);
	}
	if (wanted.len)
		err_sys(num, "make namespaces (%s)", sbuf_cut(&wanted));
	else
		err_sys(num, "fork");
	if (flags & K_CLONE_NEWUSER)
		userns_explain();
	/* The kernel has them: then who says this is a filter. */
	if (!err.hint && err.num == ENOSYS)
		return err_hint(NEED_SECCOMP_HERE);
	if (err.hint || (err.num != ENOSPC && err.num != EPERM))
		return -err.num;
	return err_hint(err.num == ENOSPC       ? NEED_NS_LIMIT :
			flags & K_CLONE_NEWUSER ? NEED_USERNS :
						  NEED_ROOT);
}

static void add_offset(struct sbuf *b, const char *clock,
		       const struct spec_time_offset *o)
{
	if (o)
		sbuf_fmt(b, "%s %lld %u\n", clock, (long long)o->secs,
			 o->nanosecs);
}

int ns_new_time(void)
{
	return unshare(K_CLONE_NEWTIME) < 0 ?
		       ns_explain(errno, K_CLONE_NEWTIME) :
		       0;
}

int ns_set_clocks(int proc, const char *who,
		  const struct spec_time_offset *monotonic,
		  const struct spec_time_offset *boottime)
{
	char text[96] = "", path[32];
	struct sbuf b = SBUF(text);
	int ret = str_fmt(path, sizeof(path), "%s/timens_offsets", who);

	add_offset(&b, "monotonic", monotonic);
	add_offset(&b, "boottime", boottime);
	if (ret < 0 || !b.len)
		return ret < 0 ? ret : 0;
	ret = procfs_write(proc, path, text);
	return ret == -ERANGE ?
		       err_say(ERANGE, "timeOffsets: a clock would be before "
				       "0 or too far ahead") :
		       ret;
}

int ns_enter_time(int proc)
{
	autofd fd = open_at(NS_TIME, proc, "self/ns/time_for_children");

	return fd < 0 ? fd : ns_join(NS_TIME, fd);
}

int ns_set_names(const char *hostname, const char *domainname)
{
	if (hostname && sethostname(hostname, strlen(hostname)) < 0)
		return err_sys(errno, "set hostname \"%s\"", hostname);
	if (domainname && setdomainname(domainname, strlen(domainname)) < 0)
		return err_sys(errno, "set domainname \"%s\"", domainname);
	return 0;
}

int ns_loopback(void)
{
	struct ifreq req = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	/* Requests for interfaces are answered by sockets of every family;
	 * this one is there without CONFIG_INET. */
	autofd fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_sys(errno, "make a socket");
	if (ioctl(fd, SIOCSIFFLAGS, &req) == 0)
		return 0;
	err_sys(errno, "bring lo up");
	return err.num == EPERM ? err_hint(NEED_NET_ADMIN) : -err.num;
}
