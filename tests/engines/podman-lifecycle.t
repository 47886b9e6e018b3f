#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# podman makes, watches and ends containers.
# shellcheck disable=SC2016,SC2086
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

podman_image
like "podman reads the version" \
	"$(podman info --format '{{.Host.OCIRuntime.Version}}')" \
	"^runt version $("$RUNT" --version | sed -n '1s/.* //p')"

status=0
echo there | run -i $IMAGE sh -c 'cat; echo err >&2; exit 7' >"$TMP/out" \
	2>"$TMP/err" || status=$?
is "run's status is the container's" $status 7
is "it prints what the container prints" "$(cat "$TMP/out")" there
is "both streams stay apart" "$(cat "$TMP/err")" err
exits "a program that is missing is 127" 127 run $IMAGE no-such-program
like "and podman says why" "$(cat "$OUTPUT")" \
	'no-such-program.*(not found|No such file)'
exits "one that can't be executed is 126" 126 run $IMAGE /etc/passwd
like "and podman says why that is" "$(cat "$OUTPUT")" 'ermission denied'
exits "an absolute one that is missing is 127" 127 run $IMAGE /no/such
is "nothing is left of all these" "$(pm ps -aq)$(ls /run/runt)" ""

ok "run -d" pm run -d --name one --network none -e WHERE=outside --init=false \
	$IMAGE sh -c 'trap "echo usr1" USR1; trap "echo term; exit 3" TERM
		echo ready; while :; do sleep 0.1; done'
pid=$(field one '{{.State.Pid}}')
is "it is running" "$(field one '{{.State.Status}}')" running
is "ps has it" "$(pm ps --format '{{.Names}} {{.State}}')" "one running"
is "runt has it" "$("$RUNT" state "$(field one '{{.Id}}')" |
	sed -n 's/.*"pid": \([0-9]*\).*/\1/p')" "$pid"
wait_for sh -c 'podman logs one | grep -q ready'
is "logs" "$(pm logs one)" ready
like "top lists its processes" "$(pm top one)" 'sleep 0.1'
like "the runtime is runt" "$(field one '{{.OCIRuntime}}')" '^runt$'

is "exec prints" "$(pm exec one echo inside)" inside
exits "exec's status is the program's" 9 pm exec one sh -c 'exit 9'
exits "and that of its signal, too" 143 pm exec one sh -c 'kill -TERM $$'
exits "exec of a missing program is 127" 127 pm exec one no-such-program
exits "exec of a data file is 126" 126 pm exec one /etc/passwd
is "exec has the container's environment and its own" \
	"$(pm exec -e MORE=more one sh -c 'echo $WHERE $MORE')" "outside more"
is "exec -w, -u, -i, in the container's cgroup" \
	"$(echo text | pm exec -i -w /tmp -u 12:34 one sh -c \
		'echo $(pwd) $(id -u) $(id -g) $(cat /proc/self/cgroup); cat')" \
	"/tmp 12 34 0::/
text"
is "exec --privileged has every capability" \
	"$(pm exec --privileged one grep CapEff /proc/self/status)" \
	"$(grep CapEff /proc/self/status)"
ok "exec -d" pm exec -d one sh -c 'echo detached >/tmp/detached'
ok "and it runs" wait_for pm exec one grep -q detached /tmp/detached

ok "kill -s USR1" pm kill -s USR1 one
ok "the container sees it" wait_for sh -c 'podman logs one | grep -q usr1'

ok "pause" pm pause one
is "it is paused" "$(field one '{{.State.Status}}')" paused
is "its cgroup is frozen" "$(cat "$(cgroup_of "$pid")/cgroup.freeze")" 1
fails "exec into it fails" pm exec one true
ok "unpause" pm unpause one
is "it runs again" "$(field one '{{.State.Status}}')" running
is "exec into it works" "$(pm exec one echo back)" back

like "stats" "$(pm stats --no-stream --format '{{.Name}} {{.PIDs}} {{.MemUsage}}' \
	one)" '^one [1-9][0-9]* [1-9]'

fails "a checkpoint is refused" pm container checkpoint one
like "in words" "$(cat "$OUTPUT")" '[Cc]heckpoint|criu'
is "and the container goes on" "$(pm exec one echo alive)" alive

ok "stop" pm stop -t 20 one
is "the container was asked" "$(pm wait one)" 3
like "and had its last word" "$(pm logs one)" '^term$'
is "its state is gone" "$(ls /run/runt)" ""
ok "start again" pm start one
isnt "it is another process" "$(field one '{{.State.Pid}}')" "$pid"
ok "restart" pm restart -t 20 one
is "it is running again" "$(field one '{{.State.Status}}')" running
ok "kill" pm kill one
is "by signal 9" "$(pm wait one)" 137
fails "a dead one can't be killed" pm kill one
fails "or executed into" pm exec one true
ok "rm" pm rm one
fails "it is gone" pm inspect one

ok "create" pm create --name two --network none $IMAGE sh -c 'echo two; exit 4'
exits "start -a prints and waits" 4 pm start -a two
is "what it prints" "$(cat "$OUTPUT")" two
ok "rm of a stopped one" pm rm two

ok "a container that ignores SIGTERM" pm run -d --name deaf --network none $IMAGE \
	sh -c 'trap "" TERM; while :; do sleep 1; done'
ok "is killed in the end" pm stop -t 1 deaf
is "with its status" "$(field deaf '{{.State.ExitCode}}')" 137
ok "start it again" pm start deaf
ok "rm -f" pm rm -f -t 0 deaf

ok "--restart" pm run -d --name again --network none --restart on-failure:2 \
	-v "$TMP:/out" $IMAGE sh -c 'echo x >>/out/starts; exit 1'
ok "starts it again" wait_for sh -c "[ \$(wc -l <$TMP/starts) = 3 ]"
ok "rm it" pm rm -f -t 0 again

ok "a health check" pm run -d --name well --network none \
	--health-cmd 'test ! -e /ill' --health-interval disable \
	--health-retries 1 $IMAGE sleep 1000
ok "finds it well" pm healthcheck run well
ok "makes it ill" pm exec well touch /ill
fails "finds it ill" pm healthcheck run well
is "and says so" "$(field well '{{.State.Health.Status}}')" unhealthy
ok "rm the ill one" pm rm -f -t 0 well

mkdir "$TMP/hooks"
cat >"$TMP/hook" <<END
#!/bin/sh
cat >$TMP/state
END
chmod +x "$TMP/hook"
cat >"$TMP/hooks/hook.json" <<END
{"version":"1.0.0","hook":{"path":"$TMP/hook"},"when":{"always":true},
 "stages":["createRuntime"]}
END
run --hooks-dir "$TMP/hooks" --preserve-fds 1 $IMAGE sh -c 'echo three >&3' \
	3>"$TMP/three"
is "--preserve-fds" "$(cat "$TMP/three")" three
like "a hook of podman's sees the state" "$(cat "$TMP/state")" \
	'"status": *"creating"'
finish
