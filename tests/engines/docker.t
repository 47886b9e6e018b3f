#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# Docker, whose default runtime is runt: by containerd's shim, and systemd as
# the one who makes cgroups.
# shellcheck disable=SC2016,SC2086
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

command -v dockerd >/dev/null || skip_all "Docker is not here"
[ -d /run/systemd/system ] || skip_all "there is no systemd"
systemd-run -q --unit runt-docker -p Delegate=yes dockerd --bridge none \
	--iptables=false --ip6tables=false --add-runtime "runt=$RUNT" \
	--default-runtime runt
trap 'systemctl kill -s KILL runt-docker' EXIT
if ! wait_for docker version; then
	diag "$(journalctl -n 20 -u runt-docker)"
	fail "Docker starts"
	finish
fi
IMAGE=box
STATE=/run/docker/runtime-runc/moby

run() {
	docker run --rm --network none "$@"
}

field() {
	docker inspect --format "$2" "$1"
}

ok "import an image" sh -c "tar -C /bundle/rootfs -c . | docker import - $IMAGE"
is "its default" "$(docker info --format '{{ .DefaultRuntime }}')" runt
like "it reads runt's features" "$(docker info --format '{{ json .Runtimes }}')" \
	'ociVersionMin'

status=0
echo there | run -i $IMAGE sh -c 'cat; echo err >&2; exit 7' >"$TMP/out" \
	2>"$TMP/err" || status=$?
is "run: status and streams" "$status $(cat "$TMP/out" "$TMP/err")" "7 there
err"
exits "a program that is missing is 127" 127 run $IMAGE no-such-program
like "and Docker says why" "$(cat "$OUTPUT")" \
	'no-such-program.*executable file not found in \$PATH'
exits "one that can't be executed is 126" 126 run $IMAGE /etc/passwd
like "and Docker says why that is" "$(cat "$OUTPUT")" '[Pp]ermission denied'
exits "a directory is 126, too" 126 run $IMAGE /etc

ok "run -d" docker run -d --name one --network none -m 64m --memory-swap 96m \
	--cpus 0.5 --cpu-shares 512 --pids-limit 50 $IMAGE sh -c \
	'trap "echo usr1" USR1; trap "exit 3" TERM; while :; do sleep 0.1; done'
pid=$(field one '{{ .State.Pid }}')
is "runt has it" "$("$RUNT" --root "$STATE" state "$(field one '{{ .Id }}')" |
	sed -n 's/.*"pid": \([0-9]*\).*/\1/p')" "$pid"
dir=$(cgroup_of "$pid")
like "a scope of systemd's" "$dir" '/system\.slice/docker-[0-9a-f]*\.scope$'
is "its limits" "$(cd "$dir" && cat memory.max memory.swap.max cpu.max \
	cpu.weight pids.max | tr '\n' ' ')" "67108864 33554432 50000 100000 59 50 "
is "exec -u -w -e" "$(docker exec -u 12:34 -w /tmp -e A=b one \
	sh -c 'echo $(id -u):$(id -g) $(pwd) $A')" "12:34 /tmp b"
exits "exec's status" 9 docker exec one sh -c 'exit 9'
exits "exec of a missing program is 127" 127 docker exec one no-such-program
exits "exec of a data file is 126" 126 docker exec one /etc/passwd
like "exec -t" "$(on_tty docker exec -t one tty)" '/dev/pts/0$'
like "top" "$(docker top one)" 'sleep 0.1'
like "stats" "$(docker stats --no-stream --format '{{ .Name }} {{ .PIDs }}' one)" \
	'^one [1-9]'
ok "update" docker update -m 80m --memory-swap 80m --pids-limit 60 one
is "the new limits" "$(cd "$dir" && cat memory.max memory.swap.max pids.max |
	tr '\n' ' ')" "83886080 0 60 "
ok "pause" docker pause one
is "its cgroup is frozen" "$(cat "$dir/cgroup.freeze")" 1
ok "unpause" docker unpause one
ok "kill -s USR1" docker kill -s USR1 one
ok "the container sees it" wait_for sh -c 'docker logs one | grep -q usr1'
ok "stop" docker stop -t 20 one
is "the container was asked" "$(docker wait one)" 3
ok "restart" docker restart -t 20 one
is "it is running again" "$(field one '{{ .State.Status }}')" running
ok "kill" docker kill one
is "by signal 9" "$(docker wait one)" 137
ok "rm" docker rm one
is "nothing is left" "$(ls $STATE)" ""

mkdir "$TMP/dir"
echo text >"$TMP/dir/file"
note run -u 12 --read-only --tmpfs /t:size=1m -v "$TMP/dir:/v:ro" --shm-size 1m \
	--ulimit nofile=77:88 --sysctl net.ipv4.ip_forward=1 --hostname other \
	--device /dev/null:/dev/mine --security-opt no-new-privileges --init \
	$IMAGE sh -c 'status() { sed -n "s/^$1:[	 ]*//p" /proc/self/status; }
	echo id=$(id -u) pid=$$
	echo root="$(touch /x 2>&1)"
	echo tmp=$(df -k /t | awk "END { print \$2 }")
	echo volume="$(cat /v/file; touch /v/x 2>&1)"
	echo limit=$(ulimit -n):$(ulimit -Hn)
	echo forward=$(cat /proc/sys/net/ipv4/ip_forward)
	echo host=$(hostname)
	echo mine=$(stat -c %t:%T /dev/mine)
	echo status=$(status NoNewPrivs) $(status Seccomp)
	echo kcore=$(wc -c </proc/kcore)'
is "--user, --init" "$(noted id)" "12 pid=2"
like "--read-only" "$(noted root)" 'Read-only'
is "--tmpfs" "$(noted tmp)" 1024
like "-v :ro" "$(noted volume)" "^text"
is "--ulimit" "$(noted limit)" 77:88
is "--sysctl" "$(noted forward)" 1
is "--hostname" "$(noted host)" other
is "--device" "$(noted mine)" 1:3
is "no new privileges, and the default profile" "$(noted status)" "1 2"
is "what is masked" "$(noted kcore)" 0
like "-t" "$(on_tty docker run --rm -t --network none $IMAGE tty)" '/dev/pts/0$'
ok "--privileged" run --privileged $IMAGE mount -t tmpfs x /mnt
finish
