# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034
#
# For tests that run containers: sourced after tests/lib.sh.
#
#	bundle NAME		makes the bundle $TMP/NAME and its config.json
#	config			(re)writes ./config.json from the variables below
#	run_in CMD...		runs a shell command in a new container of $B and
#				prints what it prints
#	rt ARGS...		runt with a state root of this test's own
#	has_controller NAME	true if cgroup2 has it; else a test is skipped
#	own_root		gives $B a root file system of its own to change
#
# The root file system is shared by all tests: on a board /bundle/rootfs, else
# made once by rootfs-test/make-bundle. Every variable is a piece of JSON; what
# a test does not set has the value of `config_defaults`.

STATE=$TMP/state
CGROUPS=
for dir in /sys/fs/cgroup /sys/fs/cgroup/unified; do
	if [ -f "$dir/cgroup.procs" ] && [ -f "$dir/cgroup.subtree_control" ]; then
		CGROUPS=$dir
		break
	fi
done

# " cpu memory pids ", for case.
CONTROLLERS=" $(cat "${CGROUPS:-/none}/cgroup.controllers" 2>/dev/null) "

has_controller() {
	case $CONTROLLERS in
	*" $1 "*) return 0 ;;
	esac
	skip "$1" "no controller $1 on cgroup2"
	return 1
}

rt() {
	"$RUNT" --root "$STATE" "$@"
}

# Prints the directory of a root file system to share.
shared_root() {
	if [ -d /bundle/rootfs ]; then
		echo /bundle/rootfs
		return
	fi
	shared=${TMPDIR:-/tmp}/runt-test-rootfs.$(id -u)
	(
		flock 9
		[ -d "$shared/rootfs/bin" ] ||
			"$TESTS/../rootfs-test/make-bundle" "$shared"
	) 9>"$shared.lock" >&2 || return 1
	echo "$shared/rootfs"
}

config_defaults() {
	ARGS='"/bin/true"'
	ENVIRON='"PATH=/bin:/usr/bin","TERM=dumb"'
	CWD='"/"'
	IDS='"uid":0,"gid":0'
	CAPS='"CAP_KILL","CAP_AUDIT_WRITE","CAP_NET_BIND_SERVICE"'
	PROCESS=	# ,"key":value... more members of process
	READONLY=false
	ROOT_PATH="\"$ROOT\""
	DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"},
	 {"destination":"/dev","type":"tmpfs","source":"tmpfs",
	  "options":["nosuid","strictatime","mode=755","size=65536k"]},
	 {"destination":"/dev/pts","type":"devpts","source":"devpts",
	  "options":["nosuid","noexec","newinstance","ptmxmode=0666","mode=0620"]},
	 {"destination":"/dev/shm","type":"tmpfs","source":"shm",
	  "options":["nosuid","noexec","nodev","mode=1777","size=65536k"]},
	 {"destination":"/sys","type":"sysfs","source":"sysfs",
	  "options":["nosuid","noexec","nodev","ro"]}'
	MOUNTS=		# ,{...} more mounts
	NAMESPACES='{"type":"pid"},{"type":"network"},{"type":"ipc"},
	 {"type":"uts"},{"type":"mount"},{"type":"cgroup"}'
	LINUX=		# ,"key":value... more members of linux
	TOP=		# ,"key":value... more members of the whole
}

# Without any process: on an emulated board each takes a while.
config() {
	printf '%s\n' "{\"ociVersion\":\"1.3.0\",
 \"process\":{\"args\":[$ARGS],\"env\":[$ENVIRON],\"cwd\":$CWD,\"user\":{$IDS},
  \"capabilities\":{\"bounding\":[$CAPS],\"effective\":[$CAPS],
   \"permitted\":[$CAPS]}$PROCESS},
 \"root\":{\"path\":$ROOT_PATH,\"readonly\":$READONLY},
 \"hostname\":\"testhost\",
 \"mounts\":[$DEFAULT_MOUNTS$MOUNTS],
 \"linux\":{\"namespaces\":[$NAMESPACES]$LINUX}$TOP}" >"$B/config.json"
}

bundle() {
	B=$TMP/$1
	mkdir -p "$B"
	ROOT=${ROOT:-$(shared_root)}
	config_defaults
	config
}

own_root() {
	cp -a "$ROOT" "$B/rootfs"
	ROOT_PATH='"rootfs"'
	config
}

# Sets quoted to $1 as it is inside a string of JSON.
json_quote() {
	quoted=
	rest=$1
	while [ "$rest" ]; do
		plain=${rest%%[\\\"	
]*}
		quoted=$quoted$plain
		rest=${rest#"$plain"}
		case $rest in
		[\\\"]*) quoted=$quoted\\${rest%"${rest#?}"} ;;
		'	'*) quoted=$quoted\\t ;;
		'
'*) quoted=$quoted\\n ;;
		esac
		rest=${rest#?}
	done
}

# A shell command as args.
sh_args() {
	json_quote "$*"
	printf '"/bin/sh","-c","%s"' "$quoted"
}

container_count=0
run_in() {
	json_quote "$*"
	ARGS="\"/bin/sh\",\"-c\",\"$quoted\""
	config
	container_count=$((container_count + 1))
	rt run --bundle "$B" "t$$-$container_count" 2>&1
}
