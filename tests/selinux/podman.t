#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# podman on a host with SELinux: it labels the process, its mounts, volumes.

. "${0%/*}/../lib.sh"
. "${0%/*}/../engines/common.sh"

[ -e /sys/fs/selinux/enforce ] || skip_all "no policy is loaded"

mkdir -p /etc/containers
cat >/etc/containers/containers.conf <<END
[engine]
runtime = "runt"
events_logger = "file"
[engine.runtimes]
runt = ["$RUNT"]
END
ok "the policy binds all but us" setenforce 1
ok "an image" podman_image
mkdir /volume
echo text >/volume/file

type=system_u:system_r:container_t:s0
current='tr -d "\000" </proc/self/attr/current; echo'
note run "$IMAGE" sh -c "echo label=\$($current)
	echo >/dev/null && echo null=written
	touch /dev/shm/made && echo files=made"
like "a container has a label of its own" "$(noted label)" "^$type:c[0-9]*,c[0-9]*$"
is "  it may write to its devices" "$(noted null)" written
is "  and make files" "$(noted files)" made
fails "a volume of the host's is not for it" \
	run -v /volume:/volume "$IMAGE" cat /volume/file
is "  unless it is given to it" \
	"$(run -v /volume:/volume:Z "$IMAGE" cat /volume/file)" text
like "  by a label" "$(stat -c %C /volume/file)" \
	":container_file_t:s0:c[0-9]*,c[0-9]*$"
is "categories, as the kernel does not write them" \
	"$(run --security-opt label=level:s0:c5,c6,c7 "$IMAGE" sh -c "$current")" \
	"$type:c5.c7"
is "without a label" \
	"$(run --security-opt label=disable "$IMAGE" sh -c "$current")" \
	system_u:system_r:kernel_t:s0
ok "one that stays" pm run -d --network none --read-only --name stays "$IMAGE" \
	sleep 1000
label=$(podman inspect --format '{{.ProcessLabel}}' stays)
like "  has a label" "$label" "^$type:c"
is "  exec has the same" "$(pm exec stays sh -c "$current")" "$label"
ok "  it can be removed" pm rm -f -t 0 stays

setenforce 0
finish
