#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 3600
#
# The same commands with runc, which containerd brings along, and with runt: the
# statuses, the answers and what callers look for in the errors are the same.
# shellcheck disable=SC2016
. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

peer=$(command -v runc) || skip_all "runc is not here"
B=$TMP/b
mkdir "$B"
cd "$B" || exit 1

# edit FILE SED...: a config of the template, with a program that stays.
edit() {
	file=$1
	shift
	sed -e 's|"terminal": true|"terminal": false|' -e 's|"runc"|"runt"|' \
		-e 's|"rootfs"|"/bundle/rootfs"|' -e "$@" template >"$file"
}

# What programs and people look for in errors.
cat >"$TMP/phrases" <<'END'
container does not exist
container not running
container with given ID already exists
invalid container ID format
cannot exec in a stopped container
cannot exec in a paused container (use --ignore-paused to override)
executable file not found in $PATH
permission denied
is a directory
no such file or directory
cannot start an already running container
cannot start a container that has stopped
cannot delete container c that is not stopped: running
container not paused
cannot allocate tty if
cannot use console socket if
expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups
invalid slice name
memory+swap limit should be >= memory limit
must be greater than 0
unknown signal "NONE"
exists. Remove it first
END

# Runs a command with each argument of $RT and tells how that went: numbers,
# times and widths of columns differ, as do the words of other errors.
try() {
	status=0
	"$RT" --root "$TMP/root" "$@" >"$TMP/o" 2>"$TMP/e" </dev/null || status=$?
	echo "$* = $status" | sed 's/pid-file [^ ]*/pid-file/'
	[ "$status" = 0 ] || sed 's/\\//g' "$TMP/e" |
		grep -oiFf "$TMP/phrases" | tr '[:upper:]' '[:lower:]' |
		sort -u | sed 's/^/    says: /'
	[ "$status" != 0 ] || awk '{
			gsub(/[0-9]+/, "N")
			gsub(/ +/, " ")
			print "    " $0
		}' "$TMP/o"
}

# Of those that answer at length: the keys, of which runt may have more.
keys() {
	"$RT" --root "$TMP/root" "$@" 2>&1 </dev/null |
		grep -o '"[A-Za-z]*":' | sed "s/^/$1 /" >>"$TMP/${RT##*/}.keys"
}

at() {
	try state c | sed -n 's/^ *"status"/    &/p'
}

all() {
	for verb in state start kill delete "delete --force" pause resume ps \
		"events --stats" "update --memory 1m"
	do
		# shellcheck disable=SC2086
		try $verb none
	done
	try kill --all none KILL
	try exec none true
	try state
	try state a b
	cp good.json config.json
	try state a/b
	try run a/b
	try run ..
	try create --none c
	try restore --lsm-mount-context
	for file in none data dir no-root; do
		cp $file.json config.json
		try create c
		try run c
		try run -d c
		try state c
	done

	cp good.json config.json
	try create --pid-file "$TMP/pid" c
	echo "the pid file ends in a newline: $(wc -l <"$TMP/pid")"
	try state c
	try list
	try list --quiet
	try list --format=json
	try ps --format json c
	try create c
	try run c
	try exec c true
	try pause c
	try state c
	try exec c true
	try start c
	try resume c
	try resume c
	try start c
	at
	try ps c -e -o pid,comm
	try ps c -o comm
	try start c
	try delete c
	try exec c sh -c 'exit 7'
	try exec c sh -c 'kill -9 $$'
	try exec c none
	try exec c /etc/passwd
	try exec c /etc
	try exec --cwd relative c true
	try exec --cwd /none c true
	try exec --cwd /tmp -e A=b -u 5:6 c sh -c 'pwd; echo $A; id -u; id -g'
	try exec -e A=b -e A=c -e TERM= c sh -c 'env | sort'
	try exec --user root c true
	try exec --env A c true
	try exec --cap CAP_SYS_ADMIN c grep Cap /proc/self/status
	try exec --cap NONE c true
	try exec --cgroup none c true
	try exec --cgroup ../.. c true
	try exec -t -d c true
	try exec --console-socket /none c true
	try exec -d -t --console-socket /none c true
	try exec -p /none c
	try exec -p "$TMP/process.json" c
	try exec --process "$TMP/process.json" --detach --pid-file "$TMP/pid" c
	keys events --stats c
	try events --interval 0s c
	try update --memory 20m --pids-limit 30 --cpu-quota 5000 c
	try exec c sh -c 'cd /sys/fs/cgroup; cat memory.max pids.max cpu.max'
	try update --memory 20m --memory-swap 10m c
	try update --cpu-quota 1 c
	try update --resources /none c
	for signal in 0 CONT SIGCONT sigcont 18 999 NONE; do
		try kill c $signal
	done
	try kill --all c CONT
	try kill c CONT -a
	try kill c KILL
	sleep 1
	at
	try list
	try kill c KILL
	try kill --all c KILL
	try exec c true
	try start c
	try pause c
	try ps --format=json c
	try events --stats c
	try update --memory 20m c
	try create c
	try delete c
	try delete c
	try delete -f c

	try run -d c
	try run -d c
	try delete -f c
	try state c
	cp true.json config.json
	try run -no-subreaper --detach=false c
	try run --keep c
	at
	try delete c
	for file in path two slice no-slice slash; do
		cp $file.json config.json
		try --systemd-cgroup run -d c
		try exec c cat /proc/1/cgroup
		try delete --force c
	done
	try spec
	try run --bundle /none c
	for format in text json; do
		rm -f "$TMP/log"
		try --log "$TMP/log" --log-format $format state c
		sed -E 's/ c"|: c//g; s/[0-9]+/N/g' "$TMP/log"
	done
	try --log-format xml state c
	try --root / list
	keys features
}

echo '{"args":["id"],"cwd":"/","user":{"uid":5,"gid":6,"additionalGids":[7]},
 "env":["PATH=/bin"]}' >"$TMP/process.json"
"$RUNT" spec -f template
edit good.json 's|"sh"$|"sleep", "1000"|'
edit true.json 's|"sh"$|"true"|'
edit none.json 's|"sh"$|"none"|'
edit data.json 's|"sh"$|"/etc/passwd"|'
edit dir.json 's|"sh"$|"/etc"|'
edit no-root.json 's|/bundle/rootfs|/none|'
cgroup() {
	edit "$1.json" 's|"sh"$|"sleep", "1000"|' \
		-e "s|\"linux\": {|&\"cgroupsPath\": \"$2\",|"
}
cgroup path /a/b
cgroup two a:b
cgroup slice a-b.slice:x:y
cgroup no-slice none:x:y
cgroup slash a/b.slice:x:y

for RT in "$peer" "$RUNT"; do
	all >"$TMP/${RT##*/}.all"
done
ok "runc did what was asked" grep -q '^run -d c = 0' "$TMP/runc.all"
is "both say the same" "$(diff "$TMP/runc.all" "$TMP/runt.all")" ""
sort -u "$TMP/runt.keys" >"$TMP/ours"
# It is left out where it is 0, as it mostly is with runt.
is "every key of runc's answers" "$(sort -u "$TMP/runc.keys" |
	comm -23 - "$TMP/ours" | grep -v '"cache"')" ""
finish
