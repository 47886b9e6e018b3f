#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: riscv64
# shellcheck disable=SC2016,SC2034
# parallel-safe
#
# A root that stays as it was delivered, though its file system can be written
# to: the annotation org.runt.root.untouched.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

ON=',"annotations":{"org.runt.root.untouched":"true"}'

bundle b
own_root
R=$B/rootfs
mkdir -p "$R/dev" "$R/etc/conf"
echo "as delivered" >"$R/etc/conf/file"

# Whatever is made or removed dates a directory, whatever is written a file.
look() {
	find "$R" -type l | sort
	find "$R" ! -type l -exec stat -c '%n %f %Y' {} + | sort
}
delivered() {
	find "$R" ! -type l -exec touch -d '2001-02-03 04:05:06' {} +
	look >"$TMP/before"
}
untouched() {
	look >"$TMP/now"
	ok "  and nothing is written" diff "$TMP/before" "$TMP/now"
}

delivered
READONLY=true TOP=$ON
is "a container with all that it needs" \
	"$(run_in 'echo x >/dev/null && stat -f -c %T /proc /dev /sys |
		tr "\n" " "')" "proc tmpfs sysfs "
untouched

MOUNTS=',{"destination":"/not/there","type":"tmpfs","source":"tmpfs"}'
said=$(run_in true)
like "a mount point that is missing is an error that says which, and where" \
	"$said" '^runt: config\.json:[0-9]+:[0-9]+: mounts\[5\]: make /not/there in the container: Read-only file system; make it in the image'
is "  in one line" "$(printf '%s\n' "$said" | wc -l)" 1
untouched
is "  nothing is left of it" "$(ls "$STATE")" ""
like "  check tells of it" "$(rt check --bundle "$B" 2>&1 | tr -s '\n ' ' ')" \
	'FAIL mount point /not/there is not in the root \(mounts\[5\]\); make it'
MOUNTS=",{\"destination\":\"/etc/key\",\"source\":\"$B/config.json\",
	\"options\":[\"bind\"]}"
like "  a file, too" "$(run_in true)" \
	'mounts\[5\]: make /etc/key in the container: Read-only file system'
untouched
for how in --no-pivot --cgroup-manager=disabled; do
	config
	case $how in
	--no-pivot) said=$(rt run "$how" --bundle "$B" way 2>&1) ;;
	*) said=$(rt "$how" run --bundle "$B" way 2>&1) ;;
	esac
	like "  with $how" "$said" 'make /etc/key in the container: Read-only'
done
MOUNTS=',{"destination":"/mnt","type":"tmpfs","source":"tmpfs"},
	{"destination":"/mnt/deep/in","type":"tmpfs","source":"tmpfs"}'
is "  below a mount it is made" "$(run_in 'stat -f -c %T /mnt/deep/in')" tmpfs
unlike "  as check knows" "$(rt check --bundle "$B" 2>&1)" 'mount point'
MOUNTS=',{"destination":"/etc","type":"tmpfs","source":"tmpfs",
	"options":["tmpcopyup","size=1m"]}'
is "tmpcopyup only reads" "$(run_in 'cat /etc/conf/file')" "as delivered"
MOUNTS=
untouched

CWD='"/home/me"'
like "a working directory that is missing" "$(run_in true)" \
	'make process.cwd /home: Read-only file system; make it in the image'
CWD='"/"' TOP=$ON',"hooks":{"createContainer":[{"path":"/bin/sh",
	"args":["sh","-c","echo x >'$R'/hook"]}]}'
like "a hook in the container's mount namespace" "$(run_in true)" \
	'Read-only file system'
TOP=$ON
untouched

if [ -e /proc/self/ns/user ]; then
	NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
	LINUX=',"uidMappings":[{"containerID":0,"hostID":0,"size":65536}],
		"gidMappings":[{"containerID":0,"hostID":0,"size":65536}]'
	is "in a user namespace" "$(run_in 'cat /etc/conf/file')" "as delivered"
	MOUNTS=',{"destination":"/not/there","type":"tmpfs","source":"tmpfs"}'
	like "  a mount point" "$(run_in true)" \
		'make /not/there in the container: Read-only file system'
	untouched
else
	skip "in a user namespace" "this kernel has none"
fi

## Devices in the image itself

config_defaults
ROOT_PATH='"rootfs"' READONLY=true TOP=$ON
DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"}'
like "devices that are missing" "$(run_in true)" \
	'make device /dev/null: Read-only file system; make it in the image'
untouched
make_dev() {
	mknod -m 666 "$R/dev/null" c 1 3 && mknod -m 666 "$R/dev/zero" c 1 5 &&
		mknod -m 666 "$R/dev/full" c 1 7 &&
		mknod -m 666 "$R/dev/random" c 1 8 &&
		mknod -m 666 "$R/dev/urandom" c 1 9 &&
		mknod -m 666 "$R/dev/tty" c 5 0
}
if make_dev 2>"$TMP/said"; then
	ln -s /proc/self/fd "$R/dev/fd"
	for n in 0:in 1:out 2:err; do
		ln -s "/proc/self/fd/${n%:*}" "$R/dev/std${n#*:}"
	done
	delivered
	like "a link that is missing" "$(run_in true)" \
		'(link|replace) /dev/[a-z]*: Read-only file system; make it'
	ln -s /proc/kcore "$R/dev/core"
	ln -s pts/ptmx "$R/dev/ptmx"
	delivered
	is "all are there" "$(echo | run_in 'test -c /dev/null && echo well')" well
	untouched
	rm "$R/dev/ptmx"
	ln -s /dev/other "$R/dev/ptmx"
	delivered
	like "a link that leads elsewhere stays" "$(run_in true)" \
		'replace /dev/ptmx: Read-only file system; make it'
	untouched
else
	skip "devices in the image" "$(cat "$TMP/said")"
fi

## The annotation

config_defaults
ROOT_PATH='"rootfs"' TOP=$ON
like "only with root.readonly" "$(run_in true)" \
	'^runt: config\.json:[0-9]+:[0-9]+: annotations\["org\.runt\.root\.untouched"\]: only with root\.readonly$'
READONLY=true TOP=',"annotations":{"org.runt.root.untouched":"yes"}'
like "neither true nor false" "$(run_in true)" \
	'untouched"\]: expected "true" or "false", found "yes"$'
untouched
TOP=',"annotations":{"org.runt.root.untouched":"false"}'
MOUNTS=',{"destination":"/not/there","type":"tmpfs","source":"tmpfs"}'
is "without it a mount point is made" \
	"$(run_in 'stat -f -c %T /not/there; ls -d /not/there')" "tmpfs
/not/there"
ok "  in the root" test -d "$R/not/there"
look >"$TMP/now"
fails "  which can be seen" cmp -s "$TMP/before" "$TMP/now"
finish
