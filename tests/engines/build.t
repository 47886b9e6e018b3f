#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# buildah and podman build images: each RUN is a container of runt's.
# shellcheck disable=SC2016,SC2086
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

podman_image
mkdir "$TMP/context"
cd "$TMP/context" || exit 1
echo data >data

bud() {
	buildah bud --isolation oci --runtime "$RUNT" --network none \
		--pull=never "$@" .
}

cat >Containerfile <<END
FROM $IMAGE
COPY data /data
ENV WORD=word
RUN cat /data >/copy && echo \$WORD >/word
USER 12:34
WORKDIR /tmp
RUN id -u >/tmp/uid && pwd >/tmp/pwd
USER 0
RUN --mount=type=tmpfs,target=/scratch touch /scratch/x && \\
	grep ' /scratch ' /proc/mounts | cut -d ' ' -f 3 >/tmp/scratch
RUN --mount=type=secret,id=key cat /run/secrets/key >/tmp/key
RUN --mount=type=bind,source=data,target=/bound cat /bound >/tmp/bound
CMD cat /copy /word /tmp/uid /tmp/pwd /tmp/scratch /tmp/key /tmp/bound
END
echo s3cret >"$TMP/key"
expected="data
word
12
/tmp
tmpfs
s3cret
data"
ok "buildah bud" bud -t built --secret "id=key,src=$TMP/key"
is "what it built" "$(run localhost/built)" "$expected"
ok "podman build" podman build --isolation oci --network none --pull=never \
	--layers=false --runtime "$RUNT" -t again --secret "id=key,src=$TMP/key" .
is "what podman built" "$(run localhost/again)" "$expected"

printf 'FROM %s\nRUN exit 5\n' $IMAGE >Containerfile
fails "a step that fails" bud
like "says its status" "$(cat "$OUTPUT")" 'exit status 5'
printf 'FROM %s\nRUN ["no-such-program"]\n' $IMAGE >Containerfile
fails "a program that is missing" bud
like "is named" "$(cat "$OUTPUT")" 'no-such-program'
is "nothing is left" "$(ls /run/runt)" ""

cat >Containerfile <<END
FROM $IMAGE
RUN cat /sys/fs/cgroup/memory.max; ulimit -n; cat /proc/sys/kernel/hostname; \\
	cat /v/data; grep '^Seccomp:' /proc/self/status
END
like "bud with limits" "$(bud --memory 64m --ulimit nofile=77:77 \
	-v "$TMP/context:/v:ro" 2>&1 | tr '\n' ' ')" \
	' 67108864 77 .* data Seccomp:	2 '

ok "from scratch" buildah from --name work scratch
ok "copy" buildah copy -q work /bundle/rootfs /
is "buildah run" "$(buildah run --isolation oci --runtime "$RUNT" --network none \
	work echo hello)" hello
exits "its status" 6 buildah run --isolation oci --runtime "$RUNT" \
	--network none work sh -c 'exit 6'
like "buildah run -t" "$(on_tty buildah run -t --isolation oci --runtime "$RUNT" \
	--network none work tty)" '/dev/pts/0$'
is "buildah run --user, --env" "$(buildah run --isolation oci --runtime "$RUNT" \
	--network none --user 5 --env A=b work sh -c 'echo $(id -u) $A')" "5 b"
ok "commit" buildah commit -q work made
is "podman runs it" "$(run localhost/made echo made)" made
ok "rm" buildah rm work
finish
