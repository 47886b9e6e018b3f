#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# What podman's options make of the process and of what it may do.
# shellcheck disable=SC2016,SC2086
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

podman_image

# For the container: what /proc/self/status says of $1.
status='status() { sed -n "s/^$1:[	 ]*//p" /proc/self/status; };'

note run -u 12:34 --group-add 77 -w /var/log -e A=1 -e B= --hostname box.local \
	--umask 0077 --oom-score-adj 321 --ulimit nofile=100:200 --shm-size 1m \
	--sysctl net.ipv4.ip_forward=1 --sysctl kernel.msgmax=12345 \
	--security-opt no-new-privileges --entrypoint /bin/sh $IMAGE -c "$status"'
	echo ids="$(id -u):$(id -g):$(id -G)"
	echo cwd="$(pwd)"
	echo env="$A:${B-unset}:$HOME"
	echo hostname="$(hostname)"
	echo umask="$(umask)"
	echo oom="$(cat /proc/self/oom_score_adj)"
	echo ulimit="$(ulimit -n):$(ulimit -Hn)"
	echo shm="$(df -k /dev/shm | awk "END { print \$2 }")"
	echo forward="$(cat /proc/sys/net/ipv4/ip_forward)"
	echo msgmax="$(cat /proc/sys/kernel/msgmax)"
	echo nnp="$(status NoNewPrivs)"
	echo effective="$(status CapEff)"
	echo seccomp="$(status Seccomp)"'
is "--user, --group-add" "$(noted ids)" "12:34:34 77"
is "--workdir" "$(noted cwd)" /var/log
is "--env" "$(noted env)" 1::/var/log
is "--hostname" "$(noted hostname)" box.local
is "--umask" "$(noted umask)" 0077
is "--oom-score-adj" "$(noted oom)" 321
is "--ulimit" "$(noted ulimit)" 100:200
is "--shm-size" "$(noted shm)" 1024
is "--sysctl of the network" "$(noted forward)" 1
is "--sysctl of ipc" "$(noted msgmax)" 12345
is "--security-opt no-new-privileges" "$(noted nnp)" 1
is "a user has no capabilities" "$(noted effective)" 0000000000000000
is "but the default seccomp profile" "$(noted seccomp)" 2

note run --cap-add sys_admin,mknod --cap-drop chown --device /dev/null:/dev/mine \
	--device /dev/vda:/dev/disk:r $IMAGE sh -c "$status"'
	caps=0x$(status CapEff)
	echo admin="$((caps >> 21 & 1))"
	echo chown="$((caps & 1))"
	echo kill="$((caps >> 5 & 1))"
	echo seccomp="$(status Seccomp)"
	echo kcore="$(wc -c </proc/kcore)"
	echo sys="$(echo 1 2>&1 >/proc/sys/vm/overcommit_memory)"
	echo mine="$(stat -c %t:%T /dev/mine; echo x >/dev/mine)"
	echo read="$(dd if=/dev/disk count=1 2>&1 >/dev/null | grep "records in")"
	echo write="$(echo 2>&1 >>/dev/disk)"
	mknod /dev/own c 10 237
	echo own="$(: 2>&1 </dev/own)"'
is "--cap-add" "$(noted admin)" 1
is "--cap-drop" "$(noted chown)" 0
is "what containers have anyway" "$(noted kill)" 1
is "a profile for these capabilities" "$(noted seccomp)" 2
is "/proc/kcore is masked" "$(noted kcore)" 0
like "/proc/sys is read-only" "$(noted sys)" 'Read-only'
is "--device" "$(noted mine)" 1:3
is "--device :r is read" "$(noted read)" "1+0 records in"
like "but not written" "$(noted write)" 'not permitted'
like "a device of one's own making is forbidden" "$(noted own)" 'not permitted'

ok "--device-cgroup-rule allows it" run --cap-add mknod \
	--device-cgroup-rule 'c 10:237 rwm' $IMAGE \
	sh -c 'mknod /dev/own c 10 237 && : </dev/own'
exits "--init, --user NAME" 137 run --init -u nobody $IMAGE \
	sh -c 'echo $$:$(id -un); kill -KILL $$'
is "the program is another's child" "$(cat "$OUTPUT")" 2:nobody

note run --security-opt seccomp=unconfined --cap-drop all \
	--security-opt unmask=/proc/timer_list --security-opt mask=/etc/passwd \
	$IMAGE sh -c "$status"'
	echo seccomp="$(status Seccomp)"
	echo bounding="$(status CapBnd)"
	echo timers="$(grep -c . /proc/timer_list)"
	echo passwd="$(grep -c . /etc/passwd)"'
is "--security-opt seccomp=unconfined" "$(noted seccomp)" 0
is "--cap-drop all" "$(noted bounding)" 0000000000000000
isnt "--security-opt unmask" "$(noted timers)" 0
is "--security-opt mask" "$(noted passwd)" 0

cat >"$TMP/profile" <<'END'
{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
 {"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":95}]}
END
ok "a container with a profile of one's own" pm run -d --name filtered \
	--network none --security-opt "seccomp=$TMP/profile" $IMAGE \
	sh -c 'mkdir /x; touch /y; sleep 1000'
fails "exec has it, too" pm exec filtered mkdir /x
like "and refuses as it says" "$(cat "$OUTPUT")" 'not supported'
like "as it did before" "$(pm logs filtered 2>&1)" 'not supported'
ok "and only that" pm exec filtered test -e /y
pm rm -f -t 0 filtered >/dev/null

note run --privileged $IMAGE sh -c "$status"'
	echo seccomp="$(status Seccomp)"
	echo mount="$(mount -t tmpfs x /mnt && stat -f -c %T /mnt)"
	echo disk="$(stat -c %F /dev/vda)"
	echo effective="$(status CapEff)"'
is "--privileged: no seccomp" "$(noted seccomp)" 0
is "--privileged mounts" "$(noted mount)" tmpfs
is "--privileged sees disks" "$(noted disk)" "block special file"
is "--privileged can all" "$(noted effective)" \
	"$(sed -n 's/^CapEff:[	 ]*//p' /proc/self/status)"

namespaces='for n in pid ipc uts net cgroup user mnt; do
	echo $n=$(readlink /proc/self/ns/$n); done'
note pm run --rm --network host --pid host --ipc host --uts host --cgroupns host \
	$IMAGE sh -c "$namespaces"
for n in pid ipc uts net cgroup user; do
	is "--$n of the host" "$(noted $n)" "$(readlink /proc/self/ns/$n)"
done
isnt "not its mounts" "$(noted mnt)" "$(readlink /proc/self/ns/mnt)"
pm run -d --name first --network none --ipc shareable $IMAGE sleep 1000 >/dev/null
pid=$(field first '{{.State.Pid}}')
note pm run --rm --network container:first --pid container:first \
	--ipc container:first $IMAGE sh -c "$namespaces"'
	echo first="$(tr "\0" " " </proc/1/cmdline)"'
for n in pid ipc net; do
	is "--$n of another container" "$(noted $n)" \
		"$(readlink "/proc/$pid/ns/$n")"
done
isnt "and one of its own of the rest" "$(noted uts)" \
	"$(readlink "/proc/$pid/ns/uts")"
is "it sees the other's process" "$(noted first)" "sleep 1000 "
pm rm -f -t 0 first >/dev/null

ok "--uidmap" pm run -d --name mapped --network none -u 5 \
	--uidmap 0:100000:1000 --gidmap 0:200000:1000 $IMAGE sh -c 'sleep 1000'
pid=$(field mapped '{{.State.Pid}}')
is "its user is another outside" \
	"$(awk '/^[UG]id:/ { print $2 }' "/proc/$pid/status" | tr '\n' ' ')" \
	"100005 200000 "
note pm exec -u 0 mapped sh -c 'echo ids=$(id -u):$(stat -c %u:%g /etc/passwd)
	echo map="$(awk "{ print \$1, \$2, \$3 }" /proc/self/uid_map)"'
is "exec is mapped, too, and so are files" "$(noted ids)" 0:0:0
is "as was asked for" "$(noted map)" "0 100000 1000"
pm rm -f -t 0 mapped >/dev/null

fails "a sysctl of the host" run --sysctl kernel.pid_max=12345 $IMAGE true
is "nothing is left" "$(ls /run/runt)" ""
finish
