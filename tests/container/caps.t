#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: armv6
# shellcheck disable=SC2016
# parallel-safe
#
# process.capabilities: what the kernel says the process has, and what it can
# do with it.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b

KILL=0000000000000020		# CAP_KILL
THREE=0000000020000420		# CAP_KILL CAP_NET_BIND_SERVICE CAP_AUDIT_WRITE
NONE=0000000000000000

# The five sets of the process, one line: inh prm eff bnd amb.
SHOW='set -- $(grep ^Cap /proc/self/status); echo $2 $4 $6 $8 ${10}'

# run_with SETS CMD: with all of process.capabilities as given, or without it.
run_with() {
	sets=
	[ -z "$1" ] ||
		sets=",\"capabilities\":{$(printf %s "$1" | tr -d "\n\t")}"
	ARGS=$(sh_args "$2")
	config
	tr -d '\n' <"$B/config.json" |
		sed "s/, *\"capabilities\":{[^}]*}/$sets/" >"$B/new"
	mv "$B/new" "$B/config.json"
	container_count=$((container_count + 1))
	rt run --bundle "$B" "t$$-$container_count" 2>&1
}

is "the superuser has what is listed" "$(run_in "$SHOW")" \
	"$NONE $THREE $THREE $THREE $NONE"

CAPS=
is "an empty list leaves none" "$(run_in "$SHOW")" \
	"$NONE $NONE $NONE $NONE $NONE"
is "no object at all leaves none" "$(run_with '' "$SHOW")" \
	"$NONE $NONE $NONE $NONE $NONE"

CAPS='"CAP_KILL"'
IDS='"uid":1000,"gid":1000'
is "a user without ambient ones has none, but the bounding set" \
	"$(run_in "$SHOW")" "$NONE $NONE $NONE $KILL $NONE"

# The other sets of the config are lost in execve(2): there a program without
# file capabilities gets the ambient ones, and the superuser the bounding set.
is "ambient ones stay with a user" "$(run_with '"ambient":["CAP_KILL"],
	"bounding":["CAP_KILL","CAP_AUDIT_WRITE"],"inheritable":["CAP_KILL"],
	"permitted":["CAP_KILL","CAP_AUDIT_WRITE"],"effective":["CAP_KILL"]' \
	"$SHOW")" "$KILL $KILL $KILL 0000000020000020 $KILL"
is "inheritable ones alone do nothing" "$(run_with '"bounding":["CAP_KILL"],
	"inheritable":["CAP_KILL"],"permitted":["CAP_KILL"],"effective":["CAP_KILL"]' \
	"$SHOW")" "$KILL $NONE $NONE $KILL $NONE"

IDS='"uid":0,"gid":0'
is "the superuser gets no more than the bounding set" "$(run_with \
	'"bounding":["CAP_KILL"],"permitted":["CAP_KILL","CAP_AUDIT_WRITE"],
	"effective":["CAP_KILL"]' "$SHOW")" "$NONE $KILL $KILL $KILL $NONE"

## What a config can't have

CAPS='"CAP_KILL","CAP_MADE_UP","KILL","cap_kill"'
is "unknown names are left out" "$(run_in "$SHOW")" \
	"$NONE $KILL $KILL $KILL $NONE"
config
rt --log "$TMP/log" --debug run --bundle "$B" "w$$" >/dev/null 2>&1
like "and the log tells which" "$(cat "$TMP/log")" \
	'level=warning .*CAP_MADE_UP, KILL, cap_kill'
CAPS='"CAP_KILL","CAP_MADE_UP",""'
is "an empty one, too, and is not looked for without end" "$(run_in "$SHOW")" \
	"$NONE $KILL $KILL $KILL $NONE"

# All that there are, also those that whoever runs this lacks itself.
own=$(sed -n 's/^CapBnd:.//p' /proc/self/status)
CAPS='"CAP_CHOWN"'
for c in DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID \
	SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN \
	NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE \
	SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME \
	SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP \
	MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ \
	PERFMON BPF CHECKPOINT_RESTORE; do
	CAPS=$CAPS,\"CAP_$c\"
done
is "all that there are is all that runt has" "$(run_in "$SHOW")" \
	"$NONE $own $own $own $NONE"

# Who calls runt may have some that are ambient.
if setpriv --inh-caps +chown --ambient-caps +chown true 2>/dev/null; then
	cat >"$TMP/ambient" <<-END
	#!/bin/sh
	exec setpriv --inh-caps +chown --ambient-caps +chown "$RUNT" "\$@"
	END
	chmod 755 "$TMP/ambient"
	one=0000000000000001
	is "the caller's ambient ones are not the container's" "$(
		RUNT=$TMP/ambient
		run_with '"bounding":["CAP_CHOWN"],"permitted":["CAP_CHOWN"],
		"effective":["CAP_CHOWN"],"inheritable":["CAP_CHOWN"]' "$SHOW"
	)" "$one $one $one $one $NONE"
else
	skip "the caller's ambient ones" "no setpriv, or not allowed"
fi

## What they mean

CAPS='"CAP_CHOWN"'
is "chown works with CAP_CHOWN" \
	"$(run_in 'touch /dev/f; chown 5 /dev/f && stat -c %u /dev/f')" 5
CAPS='"CAP_KILL"'
like "and not without" "$(run_in 'touch /dev/f; chown 5 /dev/f')" \
	'not permitted'

finish
