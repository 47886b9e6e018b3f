#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: aarch64 armv6
#
# linux.resources.devices: what a container may open and make. The device is a
# loop device, or the memory device 1:11 (kmsg), which every kernel has.
# shellcheck disable=SC2016,SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
C=/rt-devices-$$
CAPS='"CAP_MKNOD","CAP_SYSLOG"'

# Runs shell command $2 with the rules $1 of linux.resources.devices.
with() {
	LINUX=",\"cgroupsPath\":\"$C\",\"resources\":{\"devices\":[$1]}"
	run_in "$2"
}

DENY='{"allow":false,"access":"rwm"}'

# Prints "r" and "w" as kmsg can be opened.
try='mknod /dev/k c 1 11
	exec 2>/dev/null
	(: </dev/k) && printf r
	(: >/dev/k) && printf w
	echo .'

is "nothing is allowed" "$(with "$DENY" "$try")" .
is "no rules" "$(with '' "$try")" .
is "all is allowed" "$(with '{"allow":true,"access":"rwm"}' "$try")" rw.
is "the device is allowed" \
	"$(with "$DENY"',{"allow":true,"type":"c","major":1,"minor":11,"access":"rw"}' \
		"$try")" rw.
is "reading it" \
	"$(with '{"allow":true,"type":"c","major":1,"minor":11,"access":"r"}' \
		"$try")" r.
is "writing it" \
	"$(with '{"allow":true,"type":"c","major":1,"minor":11,"access":"w"}' \
		"$try")" w.
is "both, by two rules" \
	"$(with '{"allow":true,"type":"c","major":1,"minor":11,"access":"w"},
		{"allow":true,"type":"c","major":1,"minor":11,"access":"r"}' '
		mknod /dev/k c 1 11; exec 3<>/dev/k && echo yes')" yes
is "a block device of the same number" \
	"$(with '{"allow":true,"type":"b","major":1,"minor":11,"access":"rw"}' \
		"$try")" .
is "another minor number" \
	"$(with '{"allow":true,"type":"c","major":1,"minor":10,"access":"rw"}' \
		"$try")" .
is "any minor number" \
	"$(with '{"allow":true,"type":"c","major":1,"access":"rw"}' "$try")" rw.
is "any but this" \
	"$(with '{"allow":true,"type":"c","major":1,"access":"rw"},
		{"allow":false,"type":"c","major":1,"minor":11,"access":"w"}' \
		"$try")" r.
is "a refusal that is taken back" \
	"$(with '{"allow":false,"type":"c","major":1,"minor":11,"access":"w"},
		{"allow":true,"type":"c","major":1,"access":"rw"}' "$try")" rw.
is "all but this" \
	"$(with '{"allow":true,"access":"rwm"},
		{"allow":false,"type":"c","major":1,"minor":11,"access":"w"}' \
		"$try")" r.
is "what is always allowed" "$(with "$DENY" '
	for name in null zero full random urandom; do
		head -c 1 </dev/$name >/dev/null && printf "%s " $name
	done
	echo >/dev/null && echo >/dev/zero && (: </dev/ptmx) && echo ptmx')" \
	"null zero full random urandom ptmx"
is "nodes may be made" \
	"$(with "$DENY" 'mknod /dev/x b 240 7 && stat -c %t:%T /dev/x')" f0:7

## Refusals

like "no such type" \
	"$(with '{"allow":true,"type":"x","access":"r"}' true)" \
	'config\.json:.*: linux\.resources\.devices\[0\]'
like "no such access" \
	"$(with "$DENY"',{"allow":true,"type":"c","access":"rx"}' true)" \
	'config\.json:.*: linux\.resources\.devices\[1\]'
like "no access" "$(with "$DENY"',{"allow":true,"type":"c"}' true)" \
	'config\.json:.*: linux\.resources\.devices\[1\]'
rules=
i=0
while [ $i -lt 1000 ]; do
	rules="$rules{\"allow\":true,\"type\":\"c\",\"major\":$i,\"access\":\"r\"},"
	i=$((i + 1))
done
like "too many rules" "$(with "$rules$DENY" true)" "too many device rules"

## Without device rules: a kernel, or a user, that can't have any. strace makes
## bpf(2) fail.

if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	LINUX=",\"cgroupsPath\":\"$C\",\"resources\":{\"devices\":[$DENY]}"
	ARGS=$(sh_args "$try")
	config
	without() {
		error=$1
		shift
		strace -f -o /dev/null -e "inject=bpf:error=$error" \
			"$RUNT" --root "$STATE" "$@" run --bundle "$B" w 2>&1
	}
	for error in EINVAL ENOSYS; do
		is "a kernel without them: $error" "$(without $error)" \
			"runt: device rules are not supported by the kernel; the kernel needs CONFIG_BPF_SYSCALL=y and CONFIG_CGROUP_BPF=y; --device-rules=optional does without"
		is "  done without" \
			"$(without $error --device-rules=optional)" rw.
	done
	like "a user without the right" "$(without EPERM)" \
		'^runt: load the program of the device rules: Operation not permitted; it takes CAP_SYS_ADMIN.*; --device-rules=optional does without$'
	is "  done without" "$(without EPERM --device-rules optional)" rw.
	like "  with a warning" "$(without EPERM --log-level warning \
		--device-rules optional)" 'level=warning msg="no device rules: '
	is "  what else goes wrong is no excuse" \
		"$(without ENOMEM --device-rules optional | grep -c memory)" 1
else
	skip "a kernel without device rules" "no strace"
fi
ok "no cgroup is left" [ ! -e "$CGROUPS$C" ]
finish
