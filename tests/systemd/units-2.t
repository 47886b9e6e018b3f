#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# After the reset that units-1.t asked for: what was enabled is up.

. "${0%/*}/../lib.sh"
. "${0%/*}/../vm/containers.sh"

[ -e /var/marks/left ] || skip_all "units-1.t did not run before"
is "both ran when it happened" "$(tr '\n' ' ' </var/marks/left)" "told web "
ok "runt@web is up" await systemctl is-active --quiet runt@web
ok "  its container runs" runs web
ok "runt-notify@told is up" await systemctl is-active --quiet runt-notify@told
ok "  its container runs" runs told
ok "disable" systemctl disable --now runt@web runt-notify@told
fails "  ends them" "$RUNT" state web
rm -rf /etc/runt /var/marks /etc/systemd/system/runt*@.service \
	/etc/systemd/system/default.target.wants/runt*
systemctl daemon-reload
finish
