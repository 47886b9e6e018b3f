#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A container on a board that has as little memory as it can (tests/board/small.t).

. "${0%/*}/../lib.sh"

meminfo() {
	awk -v key="$1:" '$1 == key { print $2 }' /proc/meminfo
}

echo "# $(meminfo MemTotal) kB for programs and files, of which" \
	"$(meminfo MemAvailable) kB are free"
sed -i 's/"terminal": true/"terminal": false/
	s/"sh"/"sh", "-c", "echo in a container; exit 7"/' /bundle/config.json
exits "a container as runt spec writes it" 7 "$RUNT" run -b /bundle small
is "  has run" "$(cat "$OUTPUT")" "in a container"
two() {
	for id in a b; do
		sed "s/echo.*7/exec sleep 1000/" /bundle/config.json \
			>/bundle/$id.json
		"$RUNT" run --detach -b /bundle --config $id.json $id || return
	done </dev/null
}
ok "two at once" two
is "  run" "$("$RUNT" list -q | tr '\n' ' ')" "a b "
for id in a b; do
	ok "  delete" "$RUNT" delete --force $id
done
is "nobody ran out of memory" "$(dmesg | grep -ci 'out of memory')" 0
finish
