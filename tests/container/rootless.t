#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm
# shellcheck disable=SC2016,SC2030,SC2031,SC2046,SC2086,SC2116,SC2154
# timeout: 600
#
# An ordinary user without privileges runs containers: with his own id, with
# more of them by newuidmap, with a cgroup where he has one, and without.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"
. "${0%/*}/users.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root, to become another user"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"
[ -e /proc/self/ns/user ] || skip_all "this kernel has no user namespaces"
user_setup
CLONE=/proc/sys/kernel/unprivileged_userns_clone
[ ! -e $CLONE ] || was=$(cat $CLONE)
[ ! -e $CLONE ] || echo 1 >$CLONE

bundle b
own_root
chown -R 1:1 "$B"
own() {
	users
	maps "$(ranges 0 1 1)"
}
own

# As run_in of common.sh.
user_in() {
	ARGS=$(sh_args "$*")
	config
	container_count=$((container_count + 1))
	user_rt run --bundle "$B" "t$$-$container_count" 2>&1
}

## What spec writes, as it is

mkdir "$TMP/spec"
chown 1:1 "$TMP/spec"
cp -a "$B/rootfs" "$TMP/spec/rootfs"
ok "spec --rootless" user_rt spec --rootless --bundle "$TMP/spec"
sed -i 's/^\([	 ]*\)"sh"/\1"sh", "-c", "id -u; id -g; cat \/proc\/self\/setgroups; cat \/proc\/self\/uid_map"/' \
	"$TMP/spec/config.json"
got=$(user_rt run --bundle "$TMP/spec" s 2>&1)
is "runs, with his id as root's" "$(echo $got)" "0 0 deny 0 1 1"

## Who he is, outside

ARGS='"/bin/sleep","1000"'
config
user_rt run -d --bundle "$B" c </dev/null >/dev/null 2>&1
rt() {
	user_rt "$@"
}
pid=$(pid_of c)
is "the process is his" "$(field "$pid" Uid)" 1
is "the state is in his directory, which is closed to others" \
	"$(stat -c '%a %u' "$USER_DIR/runt") $(ls "$USER_DIR/runt")" "1700 1 c"
like "list" "$(user_rt list)" "^c  *$pid  *running .*daemon *\$"
like "root does not see it" "$("$RUNT" list -q; echo none)" "^none"
is "exec" "$(user_rt exec c sh -c 'echo $(id -u) $$; readlink /proc/self/ns/user')" \
	"0 2
$(readlink "/proc/$pid/ns/user")"
is "exec: oomScoreAdj" "$(cat >"$TMP/p.json" <<-END
	{"args":["cat","/proc/self/oom_score_adj"],"cwd":"/","oomScoreAdj":321,
	 "env":["PATH=/bin"],"user":{"uid":0,"gid":0}}
	END
	chmod 644 "$TMP/p.json"
	user_rt exec --process "$TMP/p.json" c)" 321
ok "kill" user_rt kill c KILL
gone() {
	! [ -d "/proc/$pid" ] || user_rt state c | grep -q '"stopped"'
}
ok "it stops" await gone
ok "delete" user_rt delete c
ARGS='"/bin/true"'
config
here='for n in cgroup ipc mnt net pid user uts; do
	readlink /proc/$1/ns/$n; done'
ok "create" user_rt create --bundle "$B" c </dev/null
like "its state" "$(user_rt state c)" '"status": "created"'
pid=$(pid_of c)
is "exec before its start is in all its namespaces" \
	"$(user_rt exec c sh -c "id -u; $here" x self)" \
	"0
$(sh -c "$here" x "$pid")"
is "and sees nothing of the runt that waits there" "$(user_rt exec c sh -c \
	'cd /proc/1; for f in fd/0 root cwd exe ns/mnt; do readlink $f; done
	cat environ auxv maps 2>/dev/null; echo end')" end
ok "start" user_rt start c
ok "delete --force" user_rt delete --force c
is "nothing is left" "$(ls "$USER_DIR/runt")" ""

## What he may not

echo hidden >"$TMP/secret"
chmod 600 "$TMP/secret"
CAPS='"CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_KILL","CAP_MKNOD","CAP_SETUID",
 "CAP_SETGID","CAP_NET_ADMIN","CAP_SYS_ADMIN"'
MOUNTS=",{\"destination\":\"/secret\",\"source\":\"$TMP/secret\",
	\"options\":[\"bind\"]}"
unlike "read a file of root's" "$(user_in 'cat /secret')" hidden
MOUNTS=
like "set groups" "$(user_in 'grep ^Groups /proc/self/status
	cat /proc/self/setgroups')" deny
like "make devices" "$(user_in 'mknod /tmp/mem c 1 1')" "not permitted"
is "but use the default ones" "$(user_in 'head -c 2 /dev/zero | wc -c')" 2
like "rule in what is his own" "$(user_in 'hostname x && hostname')" "^x"
CAPS='"CAP_KILL"'
IDS='"uid":0,"gid":0,"additionalGids":[0]'
like "additionalGids: why not" "$(user_in 'echo ran')" \
	'additionalGids: without privileges, .* denies setgroups'
IDS='"uid":0,"gid":0'
ARGS='"/bin/sleep","1000"'
config
user_rt run -d --bundle "$B" c </dev/null >/dev/null 2>&1
exits "exec --additional-gids: neither" 255 user_rt exec -g 0 c true
like "for the same reason" "$(cat "$OUTPUT")" "denies setgroups"
user_rt delete --force c
NAMESPACES='{"type":"mount"},{"type":"uts"}'
LINUX=
like "nothing works without a user namespace, and that is said" \
	"$(user_in 'echo ran')" "run it as root, or with a user namespace"
config_defaults
ROOT_PATH='"rootfs"'
own
maps "$(ranges 1000 1 1)"
IDS='"uid":1000,"gid":1000'
is "one id that is not 0" "$(user_in 'id -u; stat -c %u /tmp')" "1000
1000"
IDS='"uid":0,"gid":0'
own
PROCESS=',"oomScoreAdj":-1000'
like "a lower OOM score is not to be had, and done without" \
	"$(user_in 'cat /proc/self/oom_score_adj')" '^[0-9]'
PROCESS=',"oomScoreAdj":500'
is "a higher one is" "$(user_in 'cat /proc/self/oom_score_adj')" 500
PROCESS=
if [ -e /proc/self/ns/time ]; then
	NAMESPACES="$NAMESPACES,{\"type\":\"time\"}"
	LINUX="$LINUX,\"timeOffsets\":{\"boottime\":{\"secs\":1000000}}"
	got=$(user_in 'cut -d . -f 1 /proc/uptime')
	ok "clocks" test "$got" -ge 1000000
	config_defaults
	ROOT_PATH='"rootfs"'
	own
else
	skip "clocks" "not in this kernel"
fi
no_dir() {
	su -s /bin/sh daemon -c "unset XDG_RUNTIME_DIR
		exec '$USER_RUNT' run --bundle '$B' x" </dev/null
}
ARGS='"/bin/true"'
config
rm -rf /run/runt/x
fails "without XDG_RUNTIME_DIR there is no place for the state" no_dir
like "and it is said what to do" "$(cat "$OUTPUT")" "XDG_RUNTIME_DIR"

## Mounts

own_mount() {
	DEFAULT_MOUNTS='{"destination":"/proc","type":"proc","source":"proc"},
	 {"destination":"/dev","type":"tmpfs","source":"tmpfs"},
	 {"destination":"/sys","type":"none","source":"/sys",
	  "options":["rbind","nosuid","noexec","nodev","ro"]}'
	NAMESPACES=$(echo "$NAMESPACES" | sed 's/{"type":"network"},//')
}
like "sysfs in the host's network: what to do instead" "$(
	NAMESPACES=$(echo "$NAMESPACES" | sed 's/{"type":"network"},//')
	user_in 'echo ran')" 'mount sysfs at /sys.*bind /sys instead'
mkdir -m 700 "$USER_DIR/data"
chown 1:1 "$USER_DIR/data"
MOUNTS=",{\"destination\":\"/data\",\"source\":\"$USER_DIR/data\",
	\"options\":[\"rbind\"]}"
user_in 'echo hers >/data/file'
is "a volume of his own, closed to others" \
	"$(stat -c '%u %s' "$USER_DIR/data/file")" "1 5"
mkdir -p "$TMP/top/below"
mount -t tmpfs none "$TMP/top/below"
MOUNTS=",{\"destination\":\"/data\",\"source\":\"$TMP/top\",
	\"options\":[\"bind\"]}"
like "what is mounted below may not be uncovered: rbind is needed" \
	"$(user_in 'echo ran')" 'rbind'
umount "$TMP/top/below"
MOUNTS=
own_mount
like "rbind of /sys" "$(user_in 'ls -d /sys/kernel')" "/sys/kernel"

## Cgroups: none, if it is not his

config_defaults
ROOT_PATH='"rootfs"'
own
mine=$(sed -n 's/^0:://p' /proc/self/cgroup)
ARGS='"/bin/sleep","1000"'
config
user_rt run -d --bundle "$B" c </dev/null >/dev/null 2>&1
is "it stays in the caller's" \
	"$(sed -n 's/^0:://p' "/proc/$(pid_of c)/cgroup")" "$mine"
fails "pause: there is nothing to freeze" user_rt pause c
like "which is said" "$(cat "$OUTPUT")" "c has no cgroup"
user_rt delete --force c
exits "--rootless=false: it is an error" 1 \
	user_rt --rootless=false run --bundle "$B" c </dev/null
like "with its reason" "$(cat "$OUTPUT")" "cgroup .*Permission denied"
plain=$LINUX
LINUX="$plain,\"resources\":{\"pids\":{\"limit\":10}}"
like "limits: as runc says it" "$(user_in 'echo ran')" \
	"rootless needs no limits \+ no cgrouppath when no permission is granted for cgroups: .*Permission denied"
LINUX="$plain,\"cgroupsPath\":\"/runt-none/c\""
like "a path of his choice" "$(user_in 'echo ran')" \
	"cgroup /runt-none.*Permission denied"
LINUX="$plain,\"resources\":{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}]}"
is "device rules are no limit" "$(user_in 'echo ran')" ran
LINUX=$plain

## A delegated one

group=$CGROUPS/runt-test-$$
mkdir -p "$group/leaf"
for file in "" /cgroup.procs /cgroup.threads /cgroup.subtree_control; do
	chown 1:1 "$group$file" "$group/leaf$file"
done
delegated() {
	(
		echo 0 >"$group/leaf/cgroup.procs"
		user_rt "$@"
	)
}
delegated_in() {
	ARGS=$(sh_args "$*")
	config
	delegated run --bundle "$B" "c" 2>&1
}
ARGS='"/bin/sleep","1000"'
config
delegated run -d --bundle "$B" c </dev/null >/dev/null 2>&1
pid=$(pid_of c)
is "a cgroup beside the caller's" "$(sed -n 's/^0:://p' "/proc/$pid/cgroup")" \
	"/runt-test-$$/c"
is "it is the user's" "$(stat -c %u "$group/c")" 1
is "ps" "$(delegated ps -f json c)" "[$pid]"
ok "pause" delegated pause c
like "it is paused" "$(user_rt list)" " paused "
ok "resume" delegated resume c
is "exec is in it" "$(delegated exec c grep ^0: /proc/self/cgroup)" "0::/"
ok "delete" delegated delete --force c
ok "the cgroup is gone" [ ! -e "$group/c" ]
if grep -qw pids "$group/cgroup.controllers"; then
	LINUX="$plain,\"resources\":{\"pids\":{\"limit\":10}}"
	MOUNTS=',{"destination":"/sys/fs/cgroup","type":"cgroup",
	 "source":"cgroup","options":["ro"]}'
	is "limits" "$(delegated_in 'cat /sys/fs/cgroup/pids.max')" 10
	MOUNTS=
else
	skip "limits" "no controller pids on cgroup2"
fi
LINUX="$plain,\"cgroupsPath\":\"/runt-test-$$/a/b\""
MOUNTS=',{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup",
 "options":["rw"]}'
is "an absolute path in it" "$(delegated_in 'echo $(grep ^0: /proc/self/cgroup)
	mkdir /sys/fs/cgroup/x && echo made')" "0::/
made"
ok "is gone with all of it" [ ! -e "$group/a" ]

# CVE-2023-25809: with no cgroup namespace, what the user owns of the hierarchy
# could be written to from inside.
LINUX=$plain
MOUNTS=
own_mount
NAMESPACES=$(echo "$NAMESPACES" | sed 's/,{"type":"cgroup"}//')
try='cd /sys/fs/cgroup; for f in $(find . -name cgroup.procs 2>/dev/null); do
	[ ! -e $f ] || (echo 0 >$f) 2>/dev/null && echo written $f; done; echo end'
is "no file of the user's cgroup can be written" "$(delegated_in "$try")" end
own_mount
MOUNTS=',{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup",
 "options":["ro"]}'
is "nor without a cgroup" "$(
	LINUX="$plain"
	ARGS=$(sh_args "$try")
	config
	delegated --cgroup-manager=disabled run --bundle "$B" c 2>&1)" end
is "nor where spec --rootless writes the config" "$(
	sed -i "s/^\([	 ]*\)\"id -u.*\"/\1\"X\"/" "$TMP/spec/config.json"
	user_rt spec --rootless -b "$TMP/spec" -f x.json
	sed 's/{"type":"cgroup"}//; s/^\([	 ]*\)"sh"/\1"sh","-c","for f in $(find \/sys\/fs\/cgroup -name cgroup.procs); do (echo 0 >$f) 2>\/dev\/null \&\& echo written $f; done; echo end"/' \
		"$TMP/spec/x.json" >"$TMP/spec/config.json"
	delegated run -b "$TMP/spec" c 2>&1)" end
MOUNTS=

# Only the cgroup that he is in.
config_defaults
ROOT_PATH='"rootfs"'
own
for file in "" /cgroup.procs /cgroup.threads /cgroup.subtree_control; do
	chown 0:0 "$group$file"
done
ARGS='"/bin/sleep","1000"'
config
delegated run -d --bundle "$B" c </dev/null >/dev/null 2>&1
is "of no more than the caller's own: one below it" \
	"$(sed -n 's/^0:://p' "/proc/$(pid_of c)/cgroup")" \
	"/runt-test-$$/leaf/c"
ok "which is frozen" delegated pause c
ok "and deleted" delegated delete --force c
ok "and gone" [ ! -e "$group/leaf/c" ]
# A directory in which he may make one, but which would not let him in.
chown 1:1 "$group"
chown 0:0 "$group/leaf/cgroup.procs"
is "where he could make one, and not enter it, there is none" \
	"$(delegated_in "sed -n 's/^0:://p' /proc/self/cgroup; ls /sys/fs/cgroup" |
		head -n 1)" "/"
is "and none is left" "$(find "$group" -mindepth 1 -type d)" "$group/leaf"
LINUX="$plain,\"cgroupsPath\":\"/runt-test-$$/c\""
like "of his choice: why not" "$(delegated_in 'echo ran')" \
	"enter cgroup /runt-test-$$/c: Permission denied; it takes the right to write cgroup.procs"
LINUX=$plain
rmdir "$group/leaf" "$group"

## More ids, by newuidmap

config_defaults
ROOT_PATH='"rootfs"'
users
maps "$(ranges 0 1 1 1 200000 100)" "$(ranges 0 1 1 1 300000 100)"
like "newuidmap is not there" "$(USER_PATH='' && user_in 'echo ran')" \
	'newgidmap is not in \$PATH; install newuidmap and newgidmap'

# Not the real one, which would need privileges of its own: it asks a shell
# that has them, and notes how it was called.
mkdir "$TMP/tools"
mkfifo "$TMP/ask" "$TMP/answer"
chmod 666 "$TMP/ask" "$TMP/answer"
for tool in newuidmap newgidmap; do
	cat >"$TMP/tools/$tool" <<-END
	#!/bin/sh
	echo $tool "\$@" >"$TMP/ask"
	read -r answer <"$TMP/answer"
	[ "\$answer" = ok ] || echo "$tool: \$answer" >&2
	[ "\$answer" = ok ]
	END
	chmod 755 "$TMP/tools/$tool"
done
serve() {
	while read -r tool pid map <"$TMP/ask"; do
		[ "$tool" != end ] || break
		echo "$tool $map" >>"$TMP/asked"
		[ -z "$1" ] || { echo "$1" >"$TMP/answer"; continue; }
		tool=${tool#new}
		# One write.
		echo "$map" | xargs -n 3 >"$TMP/map"
		answer="can't write"
		dd if="$TMP/map" of="/proc/$pid/${tool%map}_map" bs=4k \
			2>/dev/null && answer=ok
		echo "$answer" >"$TMP/answer"
	done
}
serve "" &
got=$(user_in 'echo $(id -u) $(cat /proc/self/uid_map) $(cat /proc/self/gid_map)
	cat /proc/self/setgroups; chown 5:6 /dev/shm && stat -c "%u %g" /dev/shm')
echo end >"$TMP/ask"
wait $!
is "maps of several ranges, and groups" "$got" \
	"0 0 1 1 1 200000 100 0 1 1 1 300000 100
allow
chown: /dev/shm: Operation not permitted"
is "the tools were asked for just that" "$(cat "$TMP/asked")" \
	"newgidmap 0 1 1 1 300000 100
newuidmap 0 1 1 1 200000 100"
serve "uid range [0-1) -> [0-1) not allowed" &
maps "$(ranges 0 0 1)" "$(ranges 0 1 1)"
got=$(user_in 'echo ran')
echo end >"$TMP/ask"
wait $!
like "root of the host is not to be had" "$got" \
	'linux\.uidMappings .*newuidmap: exit status 1: newuidmap: uid range .* not allowed'
rm -r "$TMP/tools"
is "nothing is left of the failures" "$(ls "$USER_DIR/runt")" ""

# The real ones, where they are; what they may do is written into files that
# only they see.
real() {
	printf 'daemon:200000:65536\n' >"$TMP/subid"
	unshare -m sh -c 'mount --bind "$0" /etc/subuid &&
		mount --bind "$0" /etc/subgid && exec "$@"' "$TMP/subid" \
		su -s /bin/sh daemon -c "export XDG_RUNTIME_DIR='$USER_DIR'
			exec '$USER_RUNT' run --bundle '$B' c" </dev/null 2>&1
}
need=$TESTS/../toolchain/need
[ ! -x "$need" ] || "$need" newuidmap:uidmap >/dev/null 2>&1
if command -v newuidmap >/dev/null && [ -e /etc/subuid ] &&
	[ -e /etc/subgid ]; then
	maps "$(ranges 0 200000 1000 1000 1 1)"
	MOUNTS=",{\"destination\":\"/data\",\"source\":\"$USER_DIR/data\",
		\"options\":[\"rbind\"]}"
	IDS='"uid":1000,"gid":1000,"additionalGids":[7]'
	ARGS=$(sh_args 'echo $(id -u) $(cat /proc/self/uid_map); cat /data/file
		sed -n "s/^Groups:[ 	]*//p" /proc/self/status')
	config
	got=$(real)
	is "newuidmap itself; a volume that is closed to root inside" "$got" \
		"1000 0 200000 1000 1000 1 1
hers
7 "
	IDS='"uid":0,"gid":0'
	MOUNTS=
	maps "$(ranges 0 1 1 1 100 10)" "$(ranges 0 1 1 1 200000 10)"
	config
	like "what it does not allow, in its words" "$(real)" \
		'linux\.uidMappings .*newuidmap: uid range .* not allowed'
else
	skip "newuidmap itself" "uidmap or /etc/subuid is missing"
fi

## As root of a user namespace, as rootless podman calls runt

config_defaults
ROOT_PATH='"rootfs"'
inside() {
	ARGS=$(sh_args "$*")
	config
	user unshare -U -r $own_mounts "$USER_RUNT" run --bundle "$B" c 2>&1
}
own_mounts=-m
if unshare -U -r -m true 2>/dev/null; then
	is "without another" "$(inside 'echo $(id -u) $(cat /proc/self/uid_map)
		head -c 1 /dev/zero | wc -c')" "0 0 1 1
1"
	own_mounts=
	is "and without mounts of its own" "$(inside 'echo $(id -u)')" 0
	own_mounts=-m
	# To leave the host's network is to have no way back to it.
	like "lo is up" "$(inside 'ip link show lo')" '<LOOPBACK,UP'
	isnt "in a network of its own" "$(inside 'readlink /proc/self/ns/net')" \
		"$(readlink /proc/self/ns/net)"
	users
	maps "$(ranges 0 0 1)"
	is "with another" "$(inside 'echo $(id -u) $(cat /proc/self/uid_map)')" \
		"0 0 0 1"
	is "the state is the user's" "$(ls "$USER_DIR")" "data
runt"
else
	skip "as root of a user namespace" "unshare does not work"
fi

## Joined: another container of his

own
ARGS='"/bin/sleep","1000"'
config
user_rt run -d --bundle "$B" pod </dev/null >/dev/null 2>&1
pid=$(pid_of pod)
NAMESPACES="{\"type\":\"mount\"}"
for pair in user:user uts:uts ipc:ipc network:net pid:pid; do
	NAMESPACES="$NAMESPACES,{\"type\":\"${pair%:*}\",
		\"path\":\"/proc/$pid/ns/${pair#*:}\"}"
done
LINUX=
got=$(user_in 'for n in user uts ipc net pid; do readlink /proc/self/ns/$n; done
	ls -d /proc/1 && id -u')
is "user, uts, ipc, network and pid" "$got" \
	"$(for n in user uts ipc net pid; do readlink "/proc/$pid/ns/$n"; done)
/proc/1
0"
ARGS='"/bin/sleep","1000"'
config
ok "create one that joins" user_rt create --bundle "$B" c </dev/null
exits "what others may look at is not entered before its start" 255 \
	user_rt exec c true
like "which is said" "$(cat "$OUTPUT")" 'start the container first'
ok "but after it" user_rt start c
is "it is" "$(user_rt exec c readlink /proc/self/ns/user)" \
	"$(readlink "/proc/$pid/ns/user")"
ok "delete --force" user_rt delete --force c
maps "$(ranges 0 1 2)"
like "maps that are not those of the namespace" "$(user_in 'echo ran')" \
	"not those of the user namespace that is joined"
user_rt delete --force pod
config_defaults
ROOT_PATH='"rootfs"'
own

## Where there may be none

if [ -e $CLONE ]; then
	echo 0 >$CLONE
	like "the sysctl that forbids them is named" "$(user_in 'echo ran')" \
		"unprivileged_userns_clone to 1"
	echo "$was" >$CLONE
else
	skip "the sysctl that forbids them is named" "not in this kernel"
fi
is "nothing is left of it" "$(ls "$USER_DIR/runt")" ""
finish
