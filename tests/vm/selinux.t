#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
# timeout: 900
#
# Labels of SELinux, in a virtual machine with a policy.

exec "${0%/*}/boot" selinux --timeout 800 --test selinux/
