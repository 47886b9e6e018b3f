# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests of the cgroup manager systemd: sourced after tests/lib.sh.
#
#	bundle NAME PATH MORE	makes the bundle $B, whose program sleeps, with
#				linux.cgroupsPath PATH ("": none) and MORE
#				members of linux; $ANNOTATIONS, $RESOURCES and
#				$NAMESPACES are pieces of JSON
#	rt ARGS...		runt with a state root of this test's own
#	show UNIT PROPERTY	its value
#	has UNIT PROPERTY VALUE	tests that
#	file NAME		what a file of cgroup $CGROUP has
#	gone ID UNIT CGROUP	tests that all of a container is gone

STATE=$TMP/state
ROOTFS=${BUNDLE:-/bundle}/rootfs
SYSTEMCTL=systemctl
NAMESPACES='{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"uts"},
 {"type":"mount"},{"type":"cgroup"}'
ARGS='"/bin/sleep","1000"'
ANNOTATIONS=
RESOURCES=

config() {
	cat >"$B/config.json" <<-END
	{"ociVersion":"1.3.0",
	 "process":{"args":[$ARGS],"env":["PATH=/bin"],"cwd":"/",
	  "user":{"uid":0,"gid":0}},
	 "root":{"path":"$ROOTFS"},
	 "mounts":[{"destination":"/proc","type":"proc","source":"proc"}],
	 "annotations":{$ANNOTATIONS},
	 "linux":{"namespaces":[$NAMESPACES],"resources":{$RESOURCES}
	  ${1:+,\"cgroupsPath\":\"$1\"}${2-}}}
	END
}

bundle() {
	B=$TMP/$1
	mkdir -p "$B"
	config "${2-}" "${3-}"
}

rt() {
	"$RUNT" --root "$STATE" "$@"
}

show() {
	$SYSTEMCTL show --value -p "$2" -- "$1"
}

has() {
	is "  $2 is $3" "$(show "$1" "$2")" "$3"
}

file() {
	cat "/sys/fs/cgroup$CGROUP/$1"
}

gone() {
	fails "  its state is gone" ls -d "$STATE/$1"
	is "  its unit is gone" "$(show "$2" LoadState)" not-found
	fails "  its cgroup is gone" ls -d "/sys/fs/cgroup$3"
}
