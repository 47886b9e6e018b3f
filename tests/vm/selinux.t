#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
# timeout: 900
#
# SELinux in a virtual machine with a policy: labels, and podman with them.

exec "${0%/*}/boot" selinux --timeout 800 --test selinux/
