# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests of init systems: containers to be run by them.
#
#	bundle DIR CMD		writes DIR/config.json, whose program is a shell
#				with the command CMD. It has its name in $name,
#				/var/marks of the host as /mnt, and the root file
#				system of boards and virtual machines, read-only.
#	$ON_TERM $FOREVER	commands: at TERM leave a line in /mnt/stopped and
#				end with status 7; wait
#	state, pid, runs ID	of a container
#	again ID		it runs, with another pid than $old

# shellcheck disable=SC2034
ON_TERM="trap 'echo \$name >>/mnt/stopped; exit 7' TERM"
# shellcheck disable=SC2034
FOREVER='while :; do sleep 1000 & wait; done'

bundle() {
	mkdir -p "$1"
	cat >"$1/config.json" <<-END
	{ "ociVersion": "1.3.0",
	  "process": {
	    "args": ["/bin/sh", "-c", "$2"],
	    "env": ["PATH=/bin", "name=${1##*/}"],
	    "cwd": "/", "user": { "uid": 0, "gid": 0 }
	  },
	  "root": { "path": "/bundle/rootfs", "readonly": true },
	  "annotations": { "org.runt.root.untouched": "true" },
	  "mounts": [
	    { "destination": "/proc", "type": "proc", "source": "proc" },
	    { "destination": "/dev", "type": "tmpfs", "source": "tmpfs",
	      "options": ["nosuid", "mode=755", "size=64k"] },
	    { "destination": "/mnt", "source": "/var/marks",
	      "options": ["bind"] }
	  ],
	  "linux": {
	    "namespaces": [
	      { "type": "pid" }, { "type": "mount" }, { "type": "uts" },
	      { "type": "ipc" }, { "type": "network" }, { "type": "cgroup" }
	    ]
	  }
	}
	END
}

state() {
	"$RUNT" state "$1" 2>/dev/null
}

pid() {
	state "$1" | sed -n 's/^.*"pid": \([0-9]*\).*/\1/p'
}

runs() {
	state "$1" | grep -q '"status": "running"'
}

again() {
	new=$(pid "$1")
	[ "$new" ] && [ "$new" != "${old:?}" ] && runs "$1"
}

gone() {
	! kill -0 "$1"
}
