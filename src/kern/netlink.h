/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is needed of <linux/netlink.h>, <linux/rtnetlink.h>, <linux/if_link.h>
 * and <linux/if_addr.h>. Lengths are in bytes and count the header; padding
 * to 4 bytes follows each message and each attribute.
 */
#ifndef KERN_NETLINK_H
#define KERN_NETLINK_H

#include <stdint.h>

#define K_NETLINK_ROUTE 0

struct k_nlmsghdr {
	uint32_t len;
	uint16_t type, flags;
	uint32_t seq, pid;
};
#define K_NLM_F_REQUEST 0x0001
#define K_NLM_F_ACK 0x0004
#define K_NLM_F_EXCL 0x0200
#define K_NLM_F_DUMP 0x0300
#define K_NLM_F_CREATE 0x0400

#define K_NLMSG_ERROR 2
#define K_NLMSG_DONE 3
#define K_RTM_NEWLINK 16
#define K_RTM_NEWADDR 20
#define K_RTM_GETADDR 22

struct k_nlmsgerr {
	int32_t error; /* -errno, or 0 */
	struct k_nlmsghdr request;
};

struct k_ifinfomsg {
	uint8_t family, pad;
	uint16_t type;
	int32_t index;
	uint32_t flags, change;
};

struct k_ifaddrmsg {
	uint8_t family, prefixlen, flags, scope;
	uint32_t index;
};

struct k_rtattr {
	uint16_t len, type;
	char data[];
};
#define K_IFLA_IFNAME 3
#define K_IFLA_NET_NS_FD 28
#define K_IFA_ADDRESS 1
#define K_IFA_LOCAL 2
#define K_IFA_BROADCAST 4
#define K_IFA_FLAGS 8
#define K_IFA_F_PERMANENT 0x80
#define K_RT_SCOPE_UNIVERSE 0

#endif
