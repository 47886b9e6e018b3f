#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016
# parallel-safe
#
# AppArmor profiles and SELinux labels: put on where the kernel has the module,
# refused where it has not.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b

## AppArmor

PROCESS=',"apparmorProfile":"unconfined"'
if [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ]; then
	is "a profile is put on" "$(run_in 'cat /proc/self/attr/current')" \
		unconfined
	PROCESS=',"apparmorProfile":"no-such-profile"'
	got=$(run_in 'echo ran')
	unlike "a profile that is not loaded is refused" "$got" '^ran'
	like "by name" "$got" 'apparmor profile "no-such-profile" is not loaded'
else
	got=$(run_in 'echo ran')
	unlike "a profile is refused without AppArmor" "$got" '^ran'
	like "with the reason" "$got" \
		'apparmor: config provided but apparmor not supported'
fi
PROCESS=',"apparmorProfile":""'
is "an empty profile is none" "$(run_in 'echo ran')" ran

## SELinux

PROCESS=',"selinuxLabel":"system_u:system_r:container_t:s0:c1,c2"'
if [ -e /sys/fs/selinux/enforce ]; then
	skip "selinuxLabel" "tests/selinux knows the policy"
else
	got=$(run_in 'echo ran')
	unlike "a label is refused without SELinux" "$got" '^ran'
	like "as runc says it" "$got" "selinux label is specified in config, \
but selinux is disabled or not supported"
	PROCESS=
	LINUX=',"mountLabel":"system_u:object_r:container_file_t:s0"'
	got=$(run_in 'echo ran')
	unlike "a label of mounts, too" "$got" '^ran'
	like "in the same words" "$got" "^runt: selinux label is specified"
	LINUX=
fi
PROCESS=',"selinuxLabel":""'
is "an empty label is none" "$(run_in 'echo ran')" ran
PROCESS=

finish
