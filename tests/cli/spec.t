#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# runt spec: a valid config to begin with, that never replaces another.

set -eu
. "${0%/*}/../lib.sh"

mkdir "$TMP/here"
cd "$TMP/here"
ok "writes a config" "$RUNT" spec
is "and prints nothing" "$(cat "$OUTPUT")" ""
is "mode 0666 less the umask" "$(stat -c %a config.json)" \
	"$(printf '%o' $((0666 & ~0$(umask))))"
is "nothing else is left there" "$(ls -A)" config.json
is "the file ends with a newline" "$(tail -c 1 config.json | od -An -c)" \
	"  \\n"
is "indented with tabs" "$(grep -c '^	"process": {$' config.json)" 1

echo mine >config.json
fails "does not replace one" "$RUNT" spec
is "says so in runc's words" "$(cat "$OUTPUT")" \
	"runt: File config.json exists. Remove it first"
is "and has not touched it" "$(cat config.json)" mine
rm config.json
ln -s nowhere config.json
fails "nor a link to nothing" "$RUNT" spec
is "which is not followed" "$(readlink config.json)" nowhere
is "nothing was left behind" "$(ls -A)" config.json
rm config.json

mkdir dir
ok "in another directory" "$RUNT" spec --bundle dir
ok "under another name" "$RUNT" spec --bundle dir --file x
ok "of the same text" cmp dir/x dir/config.json
ok "at an absolute path" "$RUNT" spec --file "$PWD/dir/y"
ok "of the same text" cmp dir/x dir/y
fails "in a directory that is not there" "$RUNT" spec --bundle none
is "says so" "$(cat "$OUTPUT")" "runt: open none: No such file or directory"
fails "in a file" "$RUNT" spec --bundle dir/x
like "says so" "$(cat "$OUTPUT")" "^runt: .*dir/x: Not a directory$"

if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	cat >full.sh <<-'END'
		set -e
		mount -t tmpfs -o size=4k,nr_inodes=8 none full
		echo filled >full/x
		status=0
		"$RUNT" spec -b full || status=$?
		ls full
		exit $status
	END
	mkdir full
	exits "on a full disk" 1 unshare -m sh full.sh
	is "says so, and leaves nothing" "$(cat "$OUTPUT")" \
		"runt: write config.json: No space left on device
x"
else
	skip "on a full disk" "needs root and mount namespaces"
fi

if command -v jq >/dev/null; then
	get() {
		jq -cr "$1" dir/config.json
	}
	is "process.args" "$(get .process.args)" '["sh"]'
	is "process.terminal" "$(get .process.terminal)" true
	is "root" "$(get .root)" '{"path":"rootfs","readonly":true}'
	is "the namespaces" "$(get '[.linux.namespaces[].type]|join(" ")')" \
		"pid network ipc uts mount cgroup"
	is "the mounts" "$(get '[.mounts[].destination]|join(" ")')" \
		"/proc /dev /dev/pts /dev/shm /dev/mqueue /sys /sys/fs/cgroup"
	is "no_new_privs" "$(get .process.noNewPrivileges)" true
	is "no inheritable or ambient capabilities" \
		"$(get '.process.capabilities|keys|join(" ")')" \
		"bounding effective permitted"
	is "nothing that is refused" \
		"$(get '.linux|keys|join(" ")')" \
		"maskedPaths namespaces readonlyPaths resources"
	is "no devices but the usual ones" "$(get .linux.resources)" \
		'{"devices":[{"allow":false,"access":"rwm"}]}'

	chmod 755 .
	mkdir user
	cp dir/config.json plain
	ok "--rootless" "$RUNT" spec --rootless --bundle user
	get() {
		jq -cr "$1" user/config.json
	}
	is "the caller's ids are root's" \
		"$(get '.linux|[.uidMappings, .gidMappings]')" \
		"[[{\"containerID\":0,\"hostID\":$(id -u),\"size\":1}],[{\"containerID\":0,\"hostID\":$(id -g),\"size\":1}]]"
	is "the namespaces" "$(get '[.linux.namespaces[].type]|join(" ")')" \
		"pid user ipc uts mount cgroup"
	is "no ids that are not mapped" \
		"$(get '[.mounts[].options//[]|.[]|select(startswith("gid="))]')" "[]"
	is "the host's /sys, read-only" \
		"$(get '.mounts[]|select(.destination=="/sys")|[.source,.options]')" \
		'["/sys",["rbind","rro","nosuid","noexec","nodev","ro"]]'
	is "no resources" "$(get '.linux|has("resources")')" false
	is "the rest is the same" "$(get 'del(.linux,.mounts)')" \
		"$(jq -c 'del(.linux,.mounts)' plain)"
else
	skip "the values" "no jq"
fi

finish
