#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# --systemd-cgroup where there is no systemd: what is wrong with a config is
# still told first, and nothing is left. What systemd does is tested where it
# runs (tests/engines).

set -eu
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ ! -d /run/systemd/system ] || skip_all "systemd runs here"
bundle b

# refused NAME ERE runs the container and wants one line that matches.
refused() {
	config
	fails "$1" rt --systemd-cgroup run --bundle "$B" x
	is "  in one line" "$(grep -vc '^Hint: ' "$OUTPUT")" 1
	like "  that says why" "$(cat "$OUTPUT")" "$2"
	fails "  and nothing is left" ls -d "$STATE/x"
}

refused "no systemd" "^runt: this host does not run systemd: "
LINUX=',"cgroupsPath":"/a/b"'
refused "a path in place of a unit" \
	'linux.cgroupsPath: expected cgroupsPath to be of format "slice:prefix:name"'
LINUX=',"cgroupsPath":"a:b:c"'
refused "no slice" 'config.json:[0-9]+:[0-9]+: linux.cgroupsPath: invalid slice'
LINUX=
TOP=',"annotations":{"org.systemd.property.TimeoutStopSec":"soon"}'
refused "a value that is none" \
	'config.json:[0-9]+:.*annotations: org.systemd.property.TimeoutStopSec: not a number of seconds: soon'
TOP=
config
ok "without the option it runs" rt run --bundle "$B" x

finish
