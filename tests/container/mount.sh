# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests of mounts: sourced after common.sh.
#
#	add_mount DEST TYPE SOURCE [OPTION...]
#				one more entry of `mounts`; TYPE and SOURCE may
#				be empty
#	no_mounts		back to the default ones
#	look			fills $SEEN with the mountinfo of a container
#	flags DEST		of the mount: ro,nosuid...
#	super DEST		of its file system
#	kind DEST		its type and source
#	tags DEST		shared:N, master:N or unbindable

add_mount() {
	MOUNTS="$MOUNTS,{\"destination\":\"$1\""
	[ -z "$2" ] || MOUNTS="$MOUNTS,\"type\":\"$2\""
	[ -z "$3" ] || MOUNTS="$MOUNTS,\"source\":\"$3\""
	shift 3
	mount_words=
	for word in "$@"; do
		mount_words="$mount_words${mount_words:+,}\"$word\""
	done
	MOUNTS="$MOUNTS,\"options\":[$mount_words]}"
}

no_mounts() {
	MOUNTS=
}

look() {
	SEEN=$(run_in 'cat /proc/self/mountinfo')
}

# The topmost mount at $1, as "FLAGS TAGS - TYPE SOURCE SUPER".
mount_line() {
	printf '%s\n' "$SEEN" | awk -v d="$1" '
		$5 == d { line = $6; for (i = 7; i <= NF; i++) line = line " " $i }
		END { print line }'
}

flags() {
	mount_line "$1" | cut -d ' ' -f 1
}

super() {
	mount_line "$1" | sed 's/.* - [^ ]* [^ ]* //'
}

kind() {
	mount_line "$1" | sed 's/.* - \([^ ]* [^ ]*\) .*/\1/'
}

tags() {
	mount_line "$1" | sed 's/ - .*//; s/^[^ ]*//; s/^ //'
}
