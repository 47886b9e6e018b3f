#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The second boot, after the plug was pulled: /run is as it was, with records,
# pid files and sockets of containers that are no more (tests/board/init.t).

. "${0%/*}/../lib.sh"
. "${0%/*}/containers.sh"

case " $(cat /proc/cmdline) " in
*" runt.once "*) skip_all "no disk, nothing is left of the first boot" ;;
esac

is "the first boot left its records" \
	"$(tr '\n' ' ' </var/marks/left)" "1 2 3 4 5 web "
is "/run is on the disk" "$(stat -c %d /run)" "$(stat -c %d /var)"
is "all is up again" "$(for i in 1 2 3 4 5; do
	runs $i && echo $i
done | tr '\n' ' ')" "1 2 3 4 5 "
ok "and the one of inittab" await runs web
for i in 1 2 3 4 5; do
	is "$i: its runt is the one in the file" \
		"$(tr '\0' ' ' <"/proc/$(cat "/var/run/runt.$i.pid")/cmdline" |
			sed 's/.* \(.*\) $/\1/')" "$i"
	like "$i: its program is in a container" "$("$RUNT" exec $i cat \
		/proc/1/cmdline | tr '\0' ' ')" '^/bin/sh -c trap'
done
echo poweroff >/run/next
finish
