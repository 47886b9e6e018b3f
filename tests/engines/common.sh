# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests of engines: sourced after tests/lib.sh.
#
#	pm ARGS...		podman with the cgroup manager $MANAGER
#	podman_image		gives podman the image $IMAGE, of /bundle/rootfs
#	run ARGS...		pm run --rm without a network
#	note CMD...		keeps the lines KEY=VALUE that a command prints
#	noted KEY		prints the value
#	field ID TEMPLATE	what `podman inspect` says
#	wait_for CMD...		waits until the command succeeds, 30 seconds
#	cgroup_of PID		the directory of the process's cgroup
#	on_tty WORDS...		runs a command on a terminal of its own
#
# An engine takes seconds to start a container on an emulated machine: one
# container answers many questions. The limits of the files are of that machine's
# clock, on which it is soon late when its disk is slow.

MANAGER=${MANAGER:-cgroupfs}
IMAGE=localhost/box

pm() {
	podman --cgroup-manager "$MANAGER" "$@"
}

podman_image() {
	podman image exists $IMAGE ||
		tar -C /bundle/rootfs -c . | podman import -q - $IMAGE >&2
}

run() {
	pm run --rm --network none "$@"
}

note() {
	"$@" >"$TMP/noted" 2>&1 || echo "status=$?" >>"$TMP/noted"
}

noted() {
	if grep -q "^$1=" "$TMP/noted"; then
		sed -n "s/^$1=//p" "$TMP/noted"
	else
		sed 's/^/no such line: /' "$TMP/noted"
	fi
}

field() {
	podman inspect --format "$2" "$1"
}

wait_for() {
	for _ in $(seq 150); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.2
	done
	echo "waited in vain for: $*"
	return 1
}

cgroup_of() {
	echo "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$1/cgroup")"
}

on_tty() {
	script -qec "$*" /dev/null | tr -d '\r\0'
}
