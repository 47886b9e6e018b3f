#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# podman's terminals. script(1) gives podman one of its own.
# shellcheck disable=SC2016,SC2086
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

podman_image
podman="podman --cgroup-manager $MANAGER"

note run -u 55 -t $IMAGE sh -c 'echo tty=$(tty)
	echo owner=$(stat -c %u /dev/pts/0)
	echo console=ok >/dev/console
	sleep 1'
is "-t makes a terminal" "$(noted tty | tr -d '\r')" /dev/pts/0
is "it belongs to the user" "$(noted owner | tr -d '\r')" 55
is "/dev/console is it" "$(noted console | tr -d '\r')" ok

printf 'echo $((6 * 7))\nstty size\nexit 5\n' >"$TMP/typed"
status=0
script -qec "stty rows 33 cols 99
	$podman run -it --rm --network none $IMAGE sh" /dev/null \
	<"$TMP/typed" >"$TMP/output" || status=$?
is "-it: the status" $status 5
like "-it: what was typed is done" "$(tr -d '\r' <"$TMP/output")" '^42$'
like "-it: its size is the terminal's" "$(tr -d '\r' <"$TMP/output")" '^33 99$'

ok "a container with a terminal, detached" pm run -dt --name term \
	--network none $IMAGE sh -c 'tty; while read -r x; do echo got "$x"; done'
ok "its log" wait_for sh -c 'podman logs term | grep -q /dev/pts/0'
like "exec -it" "$(on_tty "$podman exec -it term tty" </dev/null)" '/dev/pts/1$'
exits "exec -t: the status" 6 pm exec -t term sh -c 'exit 6'
# The keys that detach are podman's only once it has the terminal, and only one
# at a time.
like "attach" "$( (echo word
	wait_for sh -c 'podman logs term | grep -q "got word"'
	printf '\020'
	sleep 2
	printf '\021'
	wait_for test -e "$TMP/detached") |
	on_tty "$podman attach term"; touch "$TMP/detached")" '^got word$'
is "it still runs after the keys that detach" \
	"$(field term '{{.State.Status}}')" running
ok "rm" pm rm -f -t 0 term
finish
