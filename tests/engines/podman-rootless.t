#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# podman of an ordinary user. Started by root, it runs itself as that user, in a
# unit of the user's own systemd.
# shellcheck disable=SC2016,SC2086
. "${0%/*}/../lib.sh"

if [ "$(id -u)" = 0 ]; then
	[ -d /run/systemd/system ] || skip_all "there is no systemd"
	id someone >/dev/null 2>&1 || useradd -m -u 1000 someone
	loginctl enable-linger someone
	for _ in $(seq 100); do
		[ ! -S /run/user/1000/bus ] || break
		sleep 0.2
	done
	chown someone "$TMP"
	# As udev does, for pasta.
	chmod 666 /dev/net/tun
	exec systemd-run --user -M someone@ --pipe --wait --collect -q \
		-p Delegate=yes -E "TMP=$TMP" -E "RUNT=$RUNT" "$TESTS/engines/${0##*/}"
fi

. "${0%/*}/common.sh"
cd "$HOME" || exit 1
STATE=$XDG_RUNTIME_DIR/runt
podman_image

rootless() {
	is "$MANAGER: run" "$(run $IMAGE sh -c 'echo hello; id -u')" "hello
0"
	exits "$MANAGER: its status" 7 run $IMAGE sh -c 'exit 7'
	exits "$MANAGER: a missing program" 127 run $IMAGE no-such-program
	is "$MANAGER: root is the caller" "$(run $IMAGE awk 'NR == 1 { print $2 }' \
		/proc/self/uid_map)" 1000
	is "$MANAGER: other users are subordinate ones" "$(run -u 5 $IMAGE id -u)" 5
	is "$MANAGER: --userns keep-id" "$(run --userns keep-id $IMAGE id -u)" 1000
	ok "$MANAGER: run -d" pm run -d --name one --network none $IMAGE sleep 1000
	is "$MANAGER: exec" "$(pm exec one echo inside)" inside
	is "$MANAGER: exec -u" "$(pm exec -u 7 one id -u)" 7
	exits "$MANAGER: exec's status" 9 pm exec one sh -c 'exit 9'
	ok "$MANAGER: runt has it" "$RUNT" state "$(field one '{{.Id}}')"
	like "$MANAGER: top" "$(pm top one)" 'sleep 1000'
	ok "$MANAGER: pause" pm pause one
	is "$MANAGER: it is paused" "$(field one '{{.State.Status}}')" paused
	ok "$MANAGER: unpause" pm unpause one
	ok "$MANAGER: stop" pm stop -t 0 one
	ok "$MANAGER: start" pm start one
	ok "$MANAGER: kill" pm kill one
	is "$MANAGER: its status" "$(pm wait one)" 137
	ok "$MANAGER: rm" pm rm one
	is "$MANAGER: nothing is left" "$(ls "$STATE")" ""
}

MANAGER=systemd
rootless
is "--memory" "$(run -m 64m $IMAGE cat /sys/fs/cgroup/memory.max)" 67108864
is "--pids-limit" "$(run --pids-limit 40 $IMAGE cat /sys/fs/cgroup/pids.max)" 40
MANAGER=cgroupfs
rootless
MANAGER=systemd

echo text >"$TMP/file"
is "-v" "$(run -v "$TMP:/v" $IMAGE sh -c 'cat /v/file; echo new >/v/new'
	stat -c %U "$TMP/new")" "text
someone"
is "a volume" "$(run -v vol:/v $IMAGE sh -c 'echo kept >/v/f'
	run -v vol:/v $IMAGE cat /v/f)" kept
is "--tmpfs" "$(run --tmpfs /t:size=1m $IMAGE df -k /t | awk 'END { print $2 }')" 1024
fails "--read-only" run --read-only $IMAGE touch /x
is "--privileged" "$(run --privileged $IMAGE sh -c \
	'mount -t tmpfs x /mnt && echo mounted')" mounted
is "a device of the host" "$(run --device /dev/null:/dev/mine $IMAGE \
	stat -c %t:%T /dev/mine)" 1:3
is "--sysctl" "$(run --sysctl net.ipv4.ip_forward=1 $IMAGE \
	cat /proc/sys/net/ipv4/ip_forward)" 1
is "seccomp" "$(run $IMAGE sed -n 's/^Seccomp:[	 ]*//p' /proc/self/status)" 2
is "--network host" "$(pm run --rm --network host $IMAGE \
	readlink /proc/self/ns/net)" "$(readlink /proc/self/ns/net)"
is "-t" "$(run -t $IMAGE tty | tr -d '\r')" /dev/pts/0
like "its network" "$(pm run --rm $IMAGE ip link)" 'LOWER_UP.*'
is "--cgroups disabled" "$(run --cgroups disabled $IMAGE echo ok)" ok

ok "pod create" pm pod create --name pod --network none
ok "a member" pm run -d --pod pod --name member $IMAGE sleep 1000
is "they share the network" "$(pm run --rm --pod pod $IMAGE \
	readlink /proc/self/ns/net)" "$(pm exec member readlink /proc/self/ns/net)"
ok "pod rm" pm pod rm -f -t 0 pod

mkdir "$TMP/context"
printf 'FROM %s\nRUN id -u >/uid\n' $IMAGE >"$TMP/context/Containerfile"
ok "podman build" pm build --network none --pull=never -t built "$TMP/context"
is "what it built" "$(run localhost/built cat /uid)" 0
ok "buildah bud --isolation oci" buildah bud --isolation oci --runtime "$RUNT" \
	--network none --pull=never --no-cache -t again "$TMP/context"
is "what it built" "$(run localhost/again cat /uid)" 0
finish
