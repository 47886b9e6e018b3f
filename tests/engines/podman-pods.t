#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# podman's pods, and its network.
# shellcheck disable=SC2016,SC2086
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

podman_image

# Notes the namespaces of a new container of pod "pod", and its parent.
another() {
	note pm run --rm --pod pod $IMAGE sh -c 'echo parent=$PPID
		for n in net ipc uts mnt pid; do
			echo $n=$(readlink /proc/self/ns/$n)
		done'
}

pods() {
	ok "$MANAGER: pod create" pm pod create --name pod --network none \
		--hostname podhost --sysctl net.ipv4.ip_forward=1 $share
	ok "$MANAGER: a member" pm run -d --pod pod --name member -m 64m $IMAGE \
		sleep 1000
	pid=$(field member '{{.State.Pid}}')
	another
	for n in net ipc uts; do
		is "$MANAGER: members share $n" "$(noted $n)" \
			"$(readlink "/proc/$pid/ns/$n")"
		isnt "$MANAGER: not the host's" "$(noted $n)" \
			"$(readlink /proc/self/ns/$n)"
	done
	for n in mnt pid; do
		isnt "$MANAGER: members don't share $n" "$(noted $n)" \
			"$(readlink "/proc/$pid/ns/$n")"
	done
	is "$MANAGER: the pod's name and sysctl, the member's limit" \
		"$(pm exec member sh -c 'hostname
		cat /proc/sys/net/ipv4/ip_forward /sys/fs/cgroup/memory.max')" \
		"podhost
1
67108864"
	like "$MANAGER: the pod's cgroup" "$(cgroup_of "$pid")" "$expected"
	ok "$MANAGER: pod pause" pm pod pause pod
	is "$MANAGER: the member is paused" "$(field member '{{.State.Status}}')" \
		paused
	ok "$MANAGER: pod unpause" pm pod unpause pod
	ok "$MANAGER: pod stop" pm pod stop -t 0 pod
	ok "$MANAGER: pod start" pm pod start pod
	ok "$MANAGER: the member is back" pm exec member true
	ok "$MANAGER: pod rm" pm pod rm -f -t 0 pod
	is "$MANAGER: nothing is left" "$(ls /run/runt)" ""
}

share=
MANAGER=cgroupfs expected='/libpod_parent/[0-9a-f]*/libpod-[0-9a-f]*$'
pods
share="--share +pid"
ok "a pod that shares processes" pm pod create --name pod --network none $share
ok "a member" pm run -d --pod pod --name member $IMAGE sleep 1000
another
is "its pid namespace is the pod's" "$(noted pid)" \
	"$(readlink "/proc/$(field member '{{.State.Pid}}')/ns/pid")"
is "its parent is outside" "$(noted parent)" 0
ok "pod rm" pm pod rm -f -t 0 pod
if [ -d /run/systemd/system ]; then
	share=
	MANAGER=systemd
	expected='/machine.slice/.*pod_[0-9a-f]*\.slice/libpod-[0-9a-f]*\.scope'
	pods
fi
MANAGER=cgroupfs

like "a bridge" "$(pm run --rm $IMAGE ip -4 addr show eth0)" 'inet 10\.88\.'
ok "a server" pm run -d --name web -p 127.0.0.1:8080:80 $IMAGE \
	sh -c 'echo page >/tmp/index.html; exec httpd -f -h /tmp'
address=$(field web '{{.NetworkSettings.IPAddress}}')
is "answers others" "$(pm run --rm $IMAGE wget -q -O - "http://$address/")" page
is "and the host" "$(/bundle/rootfs/bin/busybox wget -q -O - \
	http://127.0.0.1:8080/)" page
ok "rm" pm rm -f -t 0 web
ok "network create" pm network create --subnet 10.99.0.0/24 --disable-dns net
like "--ip" "$(pm run --rm --network net --ip 10.99.0.7 $IMAGE \
	ip -4 addr show eth0)" 'inet 10\.99\.0\.7/24'
ok "network rm" pm network rm net
finish
