/* SPDX-License-Identifier: Apache-2.0 */
#include "run/give.h"

#include <errno.h>
#include <fcntl.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/netdev.h"
#include "kern/resctrl.h"

int give_rdt_group(struct run *r)
{
	const struct spec_intel_rdt *s = r->plan.spec->linux_.intel_rdt;
	autofd root = -1;

	if (!s)
		return 0;
	root = resctrl_open();
	return root < 0 ? root : resctrl_make(root, s, r->o->id);
}

int give_rdt(struct run *r)
{
	const struct spec_intel_rdt *s = r->plan.spec->linux_.intel_rdt;
	autofd root = -1;

	if (!s)
		return 0;
	root = resctrl_open();
	return root < 0 ? root : resctrl_join(root, s, r->o->id, r->pid);
}

int give_network_devices(struct run *r)
{
	const struct spec_linux *l = &r->plan.spec->linux_;
	size_t bad = 0;
	char path[64];
	autofd netns = -1;
	int ret;

	if (!l->net_devices.n)
		return 0;
	/* Ours is the only process that reaps it, so the pid is its own. */
	if (str_fmt(path, sizeof(path), "/proc/%d/ns/net", r->pid) < 0)
		return -ENAMETOOLONG;
	netns = l->ns[NS_NETWORK].path ?
			fd_open(AT_FDCWD, l->ns[NS_NETWORK].path, O_RDONLY, 0) :
			fd_open(AT_FDCWD, path, O_RDONLY, 0);
	/* It failed already: what it has to say comes next. */
	if (netns == -ENOENT && !l->ns[NS_NETWORK].path)
		return 0;
	if (netns < 0)
		return netns;
	ret = netdev_move(l->net_devices.v, l->net_devices.n, netns, &bad);
	return ret < 0 && bad < l->net_devices.n ?
		       err_prefix("linux.netDevices[\"%s\"]",
				  l->net_devices.v[bad].host_name) :
		       ret;
}
