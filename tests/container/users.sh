# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests of user namespaces: sourced after common.sh.
#
#	ranges C H N ...	prints id mappings
#	users			gives the container a user namespace of its own,
#				with the ids from $BASE up: sets NAMESPACES, LINUX
#	field PID NAME		of /proc/PID/status: its first value
#	pid_of ID		the host's pid of a container's init

BASE=100000

ranges() {
	ranges_text=
	while [ $# -ge 3 ]; do
		ranges_text="$ranges_text${ranges_text:+,}{\"containerID\":$1,"
		ranges_text="$ranges_text\"hostID\":$2,\"size\":$3}"
		shift 3
	done
	echo "[$ranges_text]"
}

users() {
	case $NAMESPACES in
	*'"user"'*) ;;
	*) NAMESPACES="$NAMESPACES,{\"type\":\"user\"}" ;;
	esac
	maps "$(ranges 0 $BASE 65536)"
}

maps() {
	LINUX=",\"uidMappings\":$1,\"gidMappings\":${2-$1}"
}

field() {
	sed -n "s/^$2:[	 ]*\([^	 ]*\).*/\1/p" "/proc/$1/status"
}

pid_of() {
	rt state "$1" | sed -n 's/^  "pid": \([0-9]*\).*/\1/p'
}

# user CMD ARG...	runs it as an ordinary user, uid $USER_ID, with a directory
#			of his own, $USER_DIR, as $XDG_RUNTIME_DIR
# user_rt ARGS...	runt as that user

USER_ID=1 # daemon, who is known everywhere

user_setup() {
	[ "$(id -u daemon)$(id -g daemon)" = 11 ] ||
		skip_all "no user daemon with uid and gid 1"
	USER_DIR=$TMP/user
	mkdir -m 700 "$USER_DIR"
	chown 1:1 "$USER_DIR"
	# The way to the tree that is tested may be closed to him.
	USER_RUNT=$TMP/bin/runt
	mkdir -p "$TMP/bin"
	cp "$RUNT" "$USER_RUNT"
}

USER_PATH=:$PATH
user() {
	user_line=
	for user_word; do
		user_line="$user_line '$(printf '%s' "$user_word" |
			sed "s/'/'\\\\''/g")'"
	done
	su -s /bin/sh daemon -c "export XDG_RUNTIME_DIR='$USER_DIR' \
		PATH='$TMP/tools$USER_PATH'; exec $user_line"
}

user_rt() {
	user "$USER_RUNT" "$@"
}
