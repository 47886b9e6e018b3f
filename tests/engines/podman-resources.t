#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# podman's limits, in the files of the container's cgroup, with each of its
# cgroup managers.
# shellcheck disable=SC2016,SC2086
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

podman_image

# Container $1, with options: its cgroup becomes $dir.
start() {
	name=$1
	shift
	ok "$MANAGER: $name" pm run -d --name "$name" --network none "$@" $IMAGE \
		sleep 1000
	dir=$(cgroup_of "$(field "$name" '{{.State.Pid}}')")
}

end() {
	ok "$MANAGER: rm $name" pm rm -f -t 0 "$name"
	fails "$MANAGER: the cgroup of $name is gone" test -e "$dir"
}

# File of the container's cgroup, what it should say.
says() {
	is "$MANAGER: $1" "$(cat "$dir/$1")" "$2"
}

managed() {
	start limited -m 64m --memory-reservation 32m --memory-swap 96m \
		--cpus 0.5 --cpu-shares 512 --cpuset-cpus 1 --pids-limit 50 \
		--cgroup-conf memory.high=50331648
	like "$MANAGER: where it is" "$dir" "$place"
	says memory.max 67108864
	says memory.low 33554432
	says memory.swap.max 33554432
	says memory.high 50331648
	says cpu.max "50000 100000"
	says cpu.weight 59
	says cpuset.cpus 1
	says pids.max 50
	is "$MANAGER: it sees them" "$(pm exec limited cat /sys/fs/cgroup/pids.max)" \
		50
	ok "$MANAGER: update" pm update -m 80m --memory-swap 80m --cpus 0.25 \
		--pids-limit 60 limited
	says memory.max 83886080
	says memory.swap.max 0
	says cpu.max "25000 100000"
	says pids.max 60
	ok "$MANAGER: pause" pm pause limited
	says cgroup.freeze 1
	ok "$MANAGER: unpause" pm unpause limited
}

MANAGER=cgroupfs place='/libpod_parent/libpod-[0-9a-f]*$'
managed
end
start elsewhere --cgroup-parent /mine --pids-limit -1
like "it is where it was told to be" "$dir" '/cgroup/mine/libpod-[0-9a-f]*$'
says pids.max max
end

exits "a container out of memory is killed" 137 run -m 16m --memory-swap 16m \
	--init $IMAGE dd if=/dev/zero of=/dev/null bs=64M count=1
fails "one that forks too much can't" run --pids-limit 3 $IMAGE \
	sh -c 'sleep 5 & sleep 5 & sleep 5 & sleep 5 & wait'
like "and says so" "$(cat "$OUTPUT")" "can't fork"
is "--cgroups disabled" "$(run --cgroups disabled --cgroupns host $IMAGE \
	cat /proc/self/cgroup)" "$(cat /proc/self/cgroup)"

[ -d /run/systemd/system ] || skip_all "there is no systemd"
MANAGER=systemd place='/machine\.slice/libpod-[0-9a-f]*\.scope'
managed
unit=libpod-$(field limited '{{.Id}}').scope
is "systemd knows the limits" \
	"$(systemctl show -p MemoryMax -p TasksMax "$unit" | sort)" \
	"MemoryMax=83886080
TasksMax=60"
systemctl daemon-reload
says memory.max 83886080
ok "stop" pm stop -t 0 limited
is "the scope is gone" "$(systemctl show -p ActiveState "$unit")" \
	ActiveState=inactive
end
start elsewhere --cgroup-parent some-more.slice
like "systemd: it is where it was told to be" "$dir" \
	'/some.slice/some-more.slice/libpod-[0-9a-f]*\.scope'
end
is "nothing is left" "$(ls /run/runt)" ""
finish
