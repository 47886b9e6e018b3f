#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# linux.maskedPaths, linux.readonlyPaths, root.readonly.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"
. "${0%/*}/mount.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root
R=$B/rootfs

## maskedPaths

mkdir -p "$R/hidden/deep" "$R/other"
echo secret >"$R/hidden/deep/file"
echo secret >"$R/file"
echo secret >"$R/second"
ln -s hidden/deep "$R/link"
ln -s nowhere "$R/broken"
LINUX=',"maskedPaths":["/file","/second","/hidden","/other","/not/there",
	"/broken","/proc/timer_list","/proc/irq","/proc/bus"]'
is "a file is empty" "$(run_in 'cat /file /second | wc -c')" 0
is "and the null device" \
	"$(run_in 'stat -c "%F %t:%T" /file /second /proc/timer_list')" \
	"character special file 1:3
character special file 1:3
character special file 1:3"
is "it takes what is written" "$(run_in 'echo x >/file; cat /file')" ""
is "the file is what it was" "$(cat "$R/file")" secret
is "a directory is empty" \
	"$(run_in 'ls -A /hidden /other /proc/irq /proc/bus | grep -v : |
		tr -d "\n"')" ""
for dir in /hidden /proc/irq; do
	like "$dir can't be written to" "$(run_in "touch $dir/x")" \
		'Read-only file system'
done
look
is "all directories are the same one" "$(printf '%s\n' "$SEEN" |
	awk '$5 ~ /^\/(hidden|other|proc\/(irq|bus))$/ { print $3 }' |
	sort | uniq -c | awk '{ print $1 }')" 4
LINUX=',"maskedPaths":["/link"]'
is "a link: what it points to" "$(run_in 'ls -A /hidden/deep')" ""
LINUX=',"maskedPaths":["/file/below"]'
like "a path through a file" "$(run_in true)" 'mask /file/below: Not a dir'
ln -s loop "$R/loop"
LINUX=',"maskedPaths":["/loop"]'
like "a path that can't be opened is not passed over" "$(run_in true)" \
	'mask /loop: .*'
LINUX=',"maskedPaths":["/mnt/volume/secret"]'
mkdir "$TMP/volume"
echo secret >"$TMP/volume/secret"
add_mount /mnt/volume '' "$TMP/volume" bind
is "in a volume" "$(run_in 'cat /mnt/volume/secret')" ""
no_mounts

## readonlyPaths

mkdir -p "$R/ro/sub" "$TMP/below"
mount -t tmpfs below "$TMP/below"
add_mount /ro/sub '' "$TMP/below" bind
LINUX=',"readonlyPaths":["/ro","/file","/not/there","/proc/sys","/broken"]'
for path in /ro/x /ro/sub/x /file /proc/sys/kernel/hostname; do
	like "$path can't be written to" "$(run_in "echo x >$path")" \
		'Read-only file system'
done
echo below >"$TMP/below/file"
is "what is mounted below is still there" "$(run_in 'cat /ro/sub/file')" below
is "it can be read" "$(run_in 'cat /file')" secret
umount "$TMP/below"
no_mounts
LINUX=',"readonlyPaths":["/ro"],"maskedPaths":["/ro/sub"]'
look
is "one in the other" "$(kind /ro/sub) $(flags /ro | cut -d , -f 1)" \
	"tmpfs none ro"

## The root, by any name: what covers it is not seen from inside

ln -s / "$R/slash"
for path in / /hidden/.. /slash /proc/..; do
	for key in readonlyPaths maskedPaths; do
		LINUX=",\"$key\":[\"/file\",\"$path\"]"
		like "$key: $path is refused" "$(run_in 'echo x >/written')" \
			"$key .*use root.readonly"
	done
done
ok "and nothing has run" [ ! -e "$R/written" ]

## After the hooks

cat >"$TMP/hook" <<END
#!/bin/sh
mount -t tmpfs hook "$R/other"
echo secret >"$R/other/file"
END
chmod +x "$TMP/hook"
TOP=",\"hooks\":{\"createContainer\":[{\"path\":\"$TMP/hook\"}]}"
LINUX=
is "(what a hook mounts is there)" "$(run_in 'cat /other/file')" secret
LINUX=',"maskedPaths":["/other/file"]'
is "what a hook mounts is masked, too" "$(run_in 'cat /other/file')" ""
TOP=

## root.readonly

LINUX=
READONLY=true
add_mount /mnt/new/tmp tmpfs t
like "the root can't be written to" "$(run_in 'touch /x')" \
	'Read-only file system'
is "what is mounted in it can" "$(run_in 'echo y >/mnt/new/tmp/x &&
	cat /mnt/new/tmp/x')" y
look
is "only the container's mount is read-only" \
	"$(touch "$R/host-can" && ls "$R/host-can")" "$R/host-can"
is "it is" "$(flags / | cut -d , -f 1)" ro
CAPS='"CAP_SYS_ADMIN"'
ENVIRON='"PATH=/bin"'
is "the null device of a mask is the host's" \
	"$(LINUX=',"maskedPaths":["/file"]'
	run_in 'umount /file; cat /file')" secret
finish
