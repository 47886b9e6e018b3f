#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm riscv64
# shellcheck disable=SC2016,SC2034 # common.sh reads the variables
#
# mounts: sources, mount points, file systems. The options are in
# mount-options.t.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"
. "${0%/*}/mount.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root
R=$B/rootfs
host_mounts() {
	awk '{ print $4, $5, $6 }' /proc/self/mountinfo
}
before=$(host_mounts)

## Sources

mkdir -p "$TMP/dir" "$B/near/by"
echo data >"$TMP/dir/file"
echo near >"$B/near/by/file"
no_mounts
add_mount /d '' "$TMP/dir" bind
add_mount /f '' "$TMP/dir/file" bind ro
add_mount /near '' near/by bind
add_mount /typed tmpfs "$TMP/dir" bind
add_mount relative '' "$TMP/dir" bind
add_mount /a//b/./c/../ '' "$TMP/dir" bind
is "directories, files, relative ones; the type of a bind is nothing" \
	"$(run_in 'cat /d/file /f /near/file /typed/file /relative/file \
		/a/b/file' | tr '\n' ' ')" "data data near data data data "
is "a bind can be written to" "$(run_in 'echo new >/d/new; cat /d/new')" new
is "it is the source" "$(cat "$TMP/dir/new")" new
like "a read-only one can't" "$(run_in 'echo x >/f')" 'Read-only file system'
no_mounts
add_mount /x '' "$TMP/nothing" bind
like "a source that is not there" "$(run_in true)" \
	"open $TMP/nothing, to be mounted at /x: No such file or directory"
no_mounts
add_mount /x '' "$TMP/dir/file" bind
add_mount /x/y '' "$TMP/dir" bind
like "a mount point below a file" "$(run_in true)" 'Not a directory'
no_mounts
add_mount /etc/passwd '' "$TMP/dir" bind
like "a directory on a file" "$(run_in true)" \
	"mount $TMP/dir at /etc/passwd: Not a directory"
no_mounts
add_mount /etc '' "$TMP/dir/file" bind
like "a file on a directory" "$(run_in true)" \
	"mount $TMP/dir/file at /etc: Not a directory"

## Mount points that are missing

is "they are made for all to read, whatever the umask" "$(
	no_mounts
	add_mount /new/deep/dir tmpfs t
	add_mount /new/deep/file '' "$TMP/dir/file" bind
	umask 077
	run_in true
	stat -c '%a %F' "$R/new/deep/dir" "$R/new/deep/file" | tr '\n' ' '
)" "755 directory 755 regular empty file "
ln -s ../run/later/file "$R/etc/link"
ln -s /var/later "$R/mnt/link"
ln -s mnt/link "$R/chain"
no_mounts
add_mount /etc/link '' "$TMP/dir/file" bind
add_mount /chain/sub tmpfs t size=1m
is "links to nothing are followed inside the root" \
	"$(run_in 'cat /etc/link; grep -c " /var/later/sub " /proc/mounts' |
		tr '\n' ' ')" "data 1 "
is "to where they point" "$(stat -c %F "$R/run/later/file" "$R/var/later/sub" |
	tr '\n' ' ')" "regular empty file directory "
ln -s loop "$R/loop"
no_mounts
add_mount /loop/x tmpfs t
like "a link to itself" "$(run_in true)" \
	'open /loop/x in the container: .*Too many|Symbolic link loop'
long=$(printf '%0256d' 0)
no_mounts
add_mount "/$long" tmpfs t
like "a name that is too long" "$(run_in true)" 'File ?name too long'

mkdir "$TMP/ro"
cp -a "$R/." "$TMP/ro"
mount --bind "$TMP/ro" "$TMP/ro"
mount -o remount,bind,ro "$TMP/ro"
(
	ROOT_PATH="\"$TMP/ro\""
	no_mounts
	add_mount /not/there tmpfs t
	run_in true >"$TMP/said"
)
like "none is made in a root that is read-only" "$(cat "$TMP/said")" \
	'make /not/there in the container: Read-only file system; make it in'
(
	ROOT_PATH="\"$TMP/ro\""
	no_mounts
	add_mount /mnt tmpfs t
	add_mount /mnt/there tmpfs t size=1m
	run_in 'stat -f -c %T /mnt/there' >"$TMP/said"
)
is "but in a mount in it" "$(cat "$TMP/said")" tmpfs
umount "$TMP/ro"

## tmpfs

chmod 1777 "$R/mnt"
no_mounts
add_mount /mnt tmpfs t
add_mount /srv tmpfs t
add_mount /opt tmpfs t mode=711
add_mount /media tmpfs t ro
add_mount /media/in tmpfs t
is "its mode: of what it covers, the default, of the option" \
	"$(run_in 'stat -c %a /mnt /srv /opt' | tr '\n' ' ')" "1777 1777 711 "
like "a read-only one can have mounts in it" "$(run_in 'touch /media/in/x &&
	echo done; touch /media/x')" 'done'
like "and is read-only" "$(run_in 'touch /media/x')" 'Read-only file system'

chmod 2711 "$R/mnt"
no_mounts
add_mount /mnt tmpfs t iversion ro
add_mount /mnt/in tmpfs t
is "by mount(2) as well" "$(run_in 'stat -c %a /mnt')" 2711
like "  read-only at the end" "$(run_in 'ls /mnt | tr "\n" " "
	touch /mnt/x')" '^in .*Read-only file system'

# A kernel without CONFIG_SHMEM: fstatfs(2) tells ramfs' magic, once, of what was
# just mounted. By the mounts before it, no other process has called it as often.
if command -v strace >/dev/null; then
	traced() {
		timeout 60 strace -f -qq -o "$TMP/calls" -e "$1" \
			"$RUNT" --root "$STATE" run --bundle "$B" "r$$"
	}
	on_ramfs() {
		no_mounts
		for dir in 1 2 3 4 5 6 7 8; do
			add_mount "/mnt/$dir" tmpfs t
		done
		add_mount /mnt tmpfs t "$@"
		ARGS='"/bin/true"'
		config
		traced trace=fsmount,fstatfs || return
		n=$(awk '/ fsmount.*, 0\)/ { new[$1] = 1 }
			/ fstatfs/ {
				n[$1]++
				if (new[$1] && /TMPFS_MAGIC/)
					print n[$1]
				new[$1] = 0
			}' "$TMP/calls")
		traced "inject=fstatfs:poke_exit=@arg2=f658848500000000:when=${n:-100}"
	}
	fails "size= of a tmpfs that is a ramfs" on_ramfs size=1m
	is "  is told" "$(cat "$OUTPUT")" "runt: mount tmpfs at /mnt: this \
kernel's tmpfs is a ramfs, which no size= limits; the kernel needs \
CONFIG_SHMEM=y and CONFIG_TMPFS=y"
	fails "nr_inodes= too" on_ramfs nr_inodes=5
	ok "one without a limit is not looked at" on_ramfs mode=755
else
	skip "a tmpfs that is a ramfs" "no strace"
fi

mkdir -p "$R/up/d/e"
echo deep >"$R/up/d/e/f"
echo top >"$R/up/file"
chmod 4750 "$R/up/file"
chown 1000:5 "$R/up/d"
chmod 711 "$R/up/d"
chmod 1777 "$R/up"
ln -s file "$R/up/link"
ln -s /etc "$R/up/etc"
mknod "$R/up/null" c 1 3
mkfifo "$R/up/fifo"
touch -d '2001-02-03 04:05:06' "$R/up/file"
no_mounts
add_mount /up tmpfs t tmpcopyup
is "tmpcopyup: files and directories" \
	"$(run_in 'cat /up/d/e/f /up/link; stat -c "%a %u:%g" /up /up/d \
		/up/file; ls /up' | tr '\n' ' ')" \
	"deep top 1777 0:0 711 1000:5 4750 0:0 d etc fifo file link null "
is "tmpcopyup: links, devices, times" \
	"$(run_in 'readlink /up/etc; stat -c "%F %t:%T" /up/null
		stat -c %F /up/fifo; stat -c %Y /up/file' | tr '\n' ' ')" \
	"/etc character special file 1:3 fifo $(stat -c %Y "$R/up/file") "
run_in 'rm -r /up/d; echo changed >/up/file' >/dev/null
is "tmpcopyup: the original stays" "$(cat "$R/up/d/e/f" "$R/up/file" |
	tr '\n' ' ')" "deep top "
no_mounts
add_mount /up tmpfs t tmpcopyup iversion
is "tmpcopyup, by mount(2)" "$(run_in 'cat /up/d/e/f /up/file; stat -c %a /up' |
	tr '\n' ' ')" "deep top 1777 "
no_mounts
add_mount /up tmpfs t tmpcopyup ro
like "tmpcopyup, read-only" "$(run_in 'cat /up/file; echo x >/up/file')" \
	'Read-only file system'
no_mounts
add_mount /up tmpfs t tmpcopyup nr_inodes=3
like "tmpcopyup into too little" "$(run_in true)" \
	'tmpcopyup of /up: [a-z]+: No space left on device'

## The file systems of the kernel

no_mounts
look
is "proc" "$(kind /proc)" "proc proc"
is "devpts" "$(kind /dev/pts) $(flags /dev/pts)" \
	"devpts devpts rw,nosuid,noexec,relatime"
like "devpts: a new instance" "$(super /dev/pts)" 'mode=620,ptmxmode=666'
is "sysfs" "$(kind /sys) $(flags /sys)" \
	"sysfs sysfs ro,nosuid,nodev,noexec,relatime"
no_mounts
add_mount /dev/mqueue mqueue mqueue nosuid noexec nodev
look
is "mqueue" "$(kind /dev/mqueue)" "mqueue mqueue"
if grep -q overlay /proc/filesystems || modprobe -q overlay 2>/dev/null; then
	mkdir -p "$TMP/o/upper" "$TMP/o/work" "$TMP/o/low"
	echo low >"$TMP/o/low/file"
	no_mounts
	add_mount /o overlay overlay "lowerdir=$TMP/o/low" \
		"upperdir=$TMP/o/upper,workdir=$TMP/o/work"
	is "overlay" "$(run_in 'cat /o/file; echo up >/o/file')" low
	is "overlay: its upper layer" "$(cat "$TMP/o/upper/file")" up
	layers=$TMP/o/low
	for i in 1 2 3 4 5 6; do
		dir=$TMP/o/a-name-that-takes-some-room-in-the-option-$i
		mkdir "$dir"
		echo $i >"$dir/$i"
		layers=$layers:$dir
	done
	no_mounts
	add_mount /o overlay overlay "lowerdir=$layers" ro nosuid
	is "overlay: more than 255 bytes of layers" \
		"$(run_in 'cat /o/1 /o/6; touch /o/x 2>&1' | tr '\n' ' ')" \
		"1 6 touch: /o/x: Read-only file system "
	look
	like "with its flags" "$(flags /o)" '^ro,nosuid'
	no_mounts
	add_mount /o overlay overlay "lowerdir=$layers" rshared
	look
	like "and propagation" "$(tags /o)" '^shared:[0-9]+$'

	# Relative layers are the bundle's, whatever the image has there.
	names=
	for i in 1 2 3 4 5; do
		name=layer-$i-$(printf '%060d' 0)
		names=$names${names:+:}$name
		mkdir -p "$B/$name" "$R/o/$name" "$TMP/o/low/$name"
		echo bundle >"$B/$name/$i"
		echo image >"$R/o/$name/$i"
		echo layer >"$TMP/o/low/$name/$i"
	done
	no_mounts
	add_mount /o overlay overlay "lowerdir=$names"
	is "overlay: relative layers in more than 255 bytes" \
		"$(run_in 'cat /o/1 /o/5' | tr '\n' ' ')" "bundle bundle "
	no_mounts
	add_mount /s '' "$TMP/o/low" bind ro
	add_mount /p overlay overlay "lowerdir=$layers"
	add_mount /o overlay overlay "lowerdir=${names%%:*}:$TMP/o/low"
	is "overlay: a relative layer after other mounts" \
		"$(run_in 'cat /o/1')" bundle
	mkdir "$TMP/o/a,b"
	echo comma >"$TMP/o/a,b/file"
	no_mounts
	add_mount /o overlay overlay "lowerdir=$TMP/o/a\\\\,b:$TMP/o/low"
	is "overlay: a comma in a layer's name" "$(run_in 'cat /o/file')" comma
	rm -r "$R/o"
else
	skip "overlay" "not in this kernel"
fi

## cgroup

no_mounts
add_mount /sys/fs/cgroup cgroup cgroup nosuid noexec nodev relatime ro
look
is "cgroup is cgroup2" "$(kind /sys/fs/cgroup) $(flags /sys/fs/cgroup)" \
	"cgroup2 cgroup ro,nosuid,nodev,noexec,relatime"
is "its root is the container's" \
	"$(run_in 'cat /sys/fs/cgroup/cgroup.procs | head -n 1')" 1
NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"uts"}'
own=$(run_in 'sed -n "s/^0:://p" /proc/self/cgroup')
look
is "without a cgroup namespace: the container's own, bound" \
	"$(printf '%s\n' "$SEEN" | awk '$5 == "/sys/fs/cgroup" { print $4 }' |
		sed 's/-[0-9]*$//')" "$(echo "$own" | sed 's/-[0-9]*$//')"
is "and read-only" "$(flags /sys/fs/cgroup | cut -d , -f 1)" ro
NAMESPACES='{"type":"pid"},{"type":"network"},{"type":"ipc"},
	 {"type":"uts"},{"type":"mount"},{"type":"cgroup"}'

## Order and number

no_mounts
add_mount /over tmpfs first
add_mount /over/a tmpfs a
add_mount /over tmpfs second
look
is "they are made in their order, the last one is on top" "$(kind /over)" \
	"tmpfs second"
mkdir "$R/many"
no_mounts
i=0
while [ $i -lt 1000 ]; do
	i=$((i + 1))
	MOUNTS="$MOUNTS,{\"destination\":\"/many/$i\",\"source\":\"$TMP/dir\",
	 \"options\":[\"bind\",\"ro\"]}"
done
is "a thousand of them, with few descriptors" "$(
	# shellcheck disable=SC3045 # every shell that there is has it
	ulimit -n 64
	run_in 'grep -c " /many/" /proc/mounts; cat /many/1000/file' |
		tr '\n' ' '
)" "1000 data "

is "nothing is mounted on the host" "$(host_mounts)" "$before"
finish
