#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016
# parallel-safe
#
# process.user: ids, groups, umask.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b

# Real, effective, saved, file system: all four.
SHOW='grep -E "^(Uid|Gid|Groups):" /proc/self/status | tr -s "\t " " "'

is "the superuser" "$(run_in "$SHOW")" "Uid: 0 0 0 0
Gid: 0 0 0 0
Groups: "
IDS='"uid":1000,"gid":2000,"additionalGids":[7,5,70000]'
is "a user with groups" "$(run_in "$SHOW" | sed 's/ $//')" \
	"Uid: 1000 1000 1000 1000
Gid: 2000 2000 2000 2000
Groups: 5 7 70000"
# 16 bits are not enough: an id cut to them would be 0.
IDS='"uid":65536,"gid":131072'
is "large ids" "$(run_in "$SHOW")" "Uid: 65536 65536 65536 65536
Gid: 131072 131072 131072 131072
Groups: "
IDS='"uid":4294967294,"gid":4294967294'
like "the largest id" "$(run_in "$SHOW")" '^Uid: 4294967294 4294967294'
IDS='"uid":4294967295,"gid":0'
unlike "the id that stands for none is refused" "$(run_in 'echo ran')" '^ran'
IDS='"uid":4294967296,"gid":0'
unlike "an id that would wrap to 0 is refused" "$(run_in 'echo ran')" '^ran'
IDS='"uid":-1,"gid":0'
unlike "a negative id is refused" "$(run_in 'echo ran')" '^ran'

# What /etc/passwd makes of a number is not asked (CVE-2016-3697).
(
	own_root
	echo '1000:x:0:0:evil:/:/bin/sh' >"$B/rootfs/etc/passwd"
	echo '2000:x:0:' >"$B/rootfs/etc/group"
	IDS='"uid":1000,"gid":2000'
	run_in "$SHOW" >"$TMP/evil"
)
like "numbers are not looked up as names" "$(cat "$TMP/evil")" \
	'^Uid: 1000 1000 1000 1000'

# It is the user, not who starts it, that has to reach the program.
(
	own_root
	mkdir -m 700 "$B/rootfs/closed"
	printf '#!/bin/sh\necho closed\n' >"$B/rootfs/closed/prog"
	printf '#!/bin/sh\necho open\n' >"$B/rootfs/bin/prog"
	chmod 755 "$B/rootfs/closed/prog" "$B/rootfs/bin/prog"
	IDS='"uid":1000,"gid":2000'
	ENVIRON='"PATH=/closed:/bin"'
	ARGS='"prog"'
	config
	rt run --bundle "$B" "u$$" >"$TMP/which"
	ENVIRON='"PATH=/closed"'
	config
	rt run --bundle "$B" "u$$" >"$TMP/none" 2>&1
)
is "a program in a directory closed to the user is passed over" \
	"$(cat "$TMP/which")" open
like "  and alone is an error, before a start" "$(cat "$TMP/none")" \
	'^runt: exec: "prog": permission denied'

IDS='"uid":1000,"gid":1000'
CAPS='"CAP_CHOWN","CAP_SETUID"'
like "a user can't become the superuser" \
	"$(run_in 'chown 0 /dev/null; echo status $?')" 'status 1'

## umask

IDS='"uid":0,"gid":0'
is "umask is 0022 by default" "$(umask 077; run_in umask)" 0022
IDS='"uid":0,"gid":0,"umask":63'
is "umask 077" "$(run_in 'umask; umask 022; umask')" "0077
0022"
is "files are made with it" \
	"$(run_in 'touch /dev/f; stat -c %a /dev/f')" 600
IDS='"uid":0,"gid":0,"umask":0'
is "umask 0" "$(run_in 'umask; touch /dev/f; stat -c %a /dev/f')" "0000
666"

finish
