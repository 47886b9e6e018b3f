#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards: arm
# shellcheck disable=SC2016,SC2030,SC2031
# parallel-safe
#
# process: args, env, cwd, no_new_privs, and what the program finds itself in:
# descriptors, signals, session.

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
own_root

# Runs what is in ARGS.
run_args() {
	config
	container_count=$((container_count + 1))
	rt run --bundle "$B" "t$$-$container_count" 2>&1
}

## args

ARGS='"/bin/printf","<%s>","a b","","*","\"q\"","\\","\u00e9","$HOME"'
is "arguments arrive as they are" "$(run_args)" \
	'<a b><><*><"q"><\><é><$HOME>'
ARGS='"printf","%s","found"'
is "the program is found by PATH" "$(run_args)" found
ENVIRON='"PATH=/nowhere"'
like "and only by the container's" "$(run_args)" \
	'exec: "printf": executable file not found in \$PATH'
ENVIRON='"PATH=/bin:/usr/bin"'
ARGS='"no-such-program"'
like "a program that is not there" "$(run_args)" \
	'exec: "no-such-program": executable file not found in \$PATH'
ARGS='"/no/such/program"'
like "a path that is not there" "$(run_args)" \
	'/no/such/program.*[Nn]o such file or directory'
ARGS='"/etc/passwd"'
like "a file that is no program" "$(run_args)" \
	'/etc/passwd.*[Pp]ermission denied'
printf '#!/bin/sh\necho "$0" "$@"\n' >"$B/rootfs/script"
chmod 755 "$B/rootfs/script"
ARGS='"/script","a","b"'
is "a script" "$(run_args)" "/script a b"
printf '#!/bin/no-such-shell\n' >"$B/rootfs/broken"
chmod 755 "$B/rootfs/broken"
ARGS='"/broken"'
unlike "a script without its interpreter fails" "$(run_args; echo "rc=$?")" \
	'^rc=0'
is "the name of the process is the program's" \
	"$(run_in 'read -r name </proc/$$/comm; echo "$name"')" sh

## env

ENVIRON='"PATH=/bin","B=two","A=one","EMPTY=","SPACE=a b","X=1=2"'
is "the environment is the config's, and HOME" \
	"$(SECRET=1 run_in 'env | grep -v "^PWD=\|^SHLVL=\|^_=" | sort')" \
"A=one
B=two
EMPTY=
HOME=/root
PATH=/bin
SPACE=a b
X=1=2"
printf 'u:x:1000:1000::/home/u:/bin/sh' >"$TMP/passwd"
MOUNTS=",{\"destination\":\"/etc/passwd\",\"source\":\"$TMP/passwd\",
	\"options\":[\"bind\"]}"
IDS='"uid":1000,"gid":1000'
is "HOME of a last line without an end" "$(run_in 'echo $HOME')" /home/u
rm "$TMP/passwd"
(
	# A file of no size may give what is not the image's, such as /proc/kmsg.
	B=$TMP/linked MOUNTS=
	ARGS=$(sh_args 'echo $HOME')
	mkdir "$B"
	own_root
	ln -sf /proc/self/environ "$B/rootfs/etc/passwd"
	env -i "A=
u:x:1000:1000::/leak:/bin/sh
" "$RUNT" --root "$STATE" run --bundle "$B" "t$$-linked" >"$TMP/linked/out" 2>&1
)
is "HOME where passwd is a link into /proc" "$(cat "$TMP/linked/out")" /
mkfifo "$TMP/passwd"
{ sleep 3 && echo 'u:x:1000:1000::/late:/bin/sh'; } >"$TMP/passwd" &
is "HOME where passwd is a FIFO: nobody is waited for" \
	"$(run_in 'echo $HOME')" /
wait $!
IDS='"uid":0,"gid":0'
MOUNTS=
ENVIRON='"PATH=/bin","HOME=/tmp"'
is "HOME stays when it is given" "$(run_in 'echo $HOME')" /tmp
ENVIRON='"PATH=/bin","A=1","A=2"'
is "the last of a name counts" "$(run_in 'env | grep ^A=')" "A=2"
ENVIRON='"PATH=/bin","NOVALUE"'
unlike "an entry without = is refused" "$(run_in 'echo ran')" '^ran'

## cwd

ENVIRON='"PATH=/bin:/usr/bin"'
CWD='"/etc"'
is "cwd" "$(run_in 'pwd; ls passwd')" "/etc
passwd"
CWD='"/made/by/runt"'
is "cwd is made" "$(run_in 'pwd; stat -c %a .')" "/made/by/runt
755"
ok "in the root" test -d "$B/rootfs/made/by/runt"
ln -s /etc "$B/rootfs/link"
CWD='"/link"'
is "cwd may be a link inside" "$(run_in '/bin/pwd -P; ls passwd')" "/etc
passwd"
CWD='"etc"'
unlike "a relative cwd is refused" "$(run_in 'echo ran')" '^ran'
CWD='"/etc/passwd"'
unlike "a file is no cwd" "$(run_in 'echo ran')" '^ran'
CWD='"/"'

## no_new_privs

is "no_new_privs is off" "$(run_in 'grep NoNew /proc/self/status')" \
	"NoNewPrivs:	0"
PROCESS=',"noNewPrivileges":true'
is "no_new_privs is on" "$(run_in 'grep NoNew /proc/self/status')" \
	"NoNewPrivs:	1"
PROCESS=

## Where the program finds itself

# The shell's own descriptors, without one for the directory that is read.
FDS='for f in /proc/$$/fd/*; do [ ! -e $f ] || echo ${f##*/}; done'
is "descriptors 0, 1 and 2 are open" "$(run_in "$FDS" | sort -n |
	tr '\n' ' ')" "0 1 2 "
is "and none of the caller's" "$(exec 5</etc 7</ 9<"$B"
	run_in "$FDS" | sort -n | tr '\n' ' ')" "0 1 2 "
ARGS=$(sh_args "$FDS; cat <&3")
config
echo preserved >"$TMP/kept"
is "but those that are to be preserved" "$(rt run --preserve-fds 1 \
	--bundle "$B" "p$$" 3<"$TMP/kept" 4</dev/null | tr '\n' ' ')" \
	"0 1 2 3 preserved "
is "standard input" "$(echo through | run_in cat)" through
is "standard error" "$(ARGS=$(sh_args 'echo out; echo err >&2'); config
	rt run --bundle "$B" "e$$" 2>&1 >/dev/null)" err
is "a closed standard input is the host's /dev/null" \
	"$(run_in 'stat -L -c %t:%T /proc/$$/fd/0; cat' <&-)" 1:3

# As a service's script starts it, whose log is root's.
IDS='"uid":1000,"gid":1000'
for name in log in theirs; do
	echo "$name" >"$TMP/$name"
	chmod 600 "$TMP/$name"
done
chown 77 "$TMP/theirs"
run_in 'echo out >>/dev/stdout; echo err >>/dev/stderr' >>"$TMP/log"
is "a file for output can be opened again" "$(cat "$TMP/log")" "log
out
err"
is "it is the user's" "$(stat -c %u "$TMP/log")" 1000
is "a file for input" "$(run_in cat <"$TMP/in")" in
is "stays whose it is" "$(stat -c %u "$TMP/in")" 0
run_in 'echo out' >>"$TMP/theirs"
is "and so does one that is not the caller's" \
	"$(stat -c %u "$TMP/theirs") $(tail -n 1 "$TMP/theirs")" "77 out"
IDS='"uid":0,"gid":0'

SIGNALS='grep -E "^Sig(Blk|Ign)|^ShdPnd" /proc/self/status | tr -d "\t"'
is "no signal is blocked or ignored" "$(
	trap '' INT TERM HUP PIPE USR1 CHLD
	run_in "$SIGNALS")" "ShdPnd:0000000000000000
SigBlk:0000000000000000
SigIgn:0000000000000000"
is "it leads a session of its own" \
	"$(run_in 'set -- $(cat /proc/$$/stat); echo $1 $5 $6')" "1 1 1"
# shellcheck disable=SC3045
is "the caller's resource limits are inherited" \
	"$(ulimit -n 123; run_in 'ulimit -n')" 123

# A FIFO in the host's files is somebody's.
mkfifo "$TMP/named"
cat "$TMP/named" >/dev/null &
config_defaults
IDS='"uid":1000,"gid":1000'
run_in 'echo x' >"$TMP/named"
wait $!
is "a FIFO that has a name stays whose it is" "$(stat -c %u "$TMP/named")" 0

finish
