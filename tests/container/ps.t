#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# ps: the processes of a container, in its cgroup and below.
# shellcheck disable=SC2016,SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

bundle b
C=/rt-ps-$$
LINUX=",\"cgroupsPath\":\"$C\""
IDS='"uid":12345,"gid":0'
ARGS=$(sh_args 'sleep 1001 & sleep 1002 & exec sleep 1003')
config
ok "a container" rt run --detach --pid-file "$TMP/pid" --bundle "$B" c \
	</dev/null
pid=$(cat "$TMP/pid")
all_three() {
	rt ps c >"$TMP/table"
	[ "$(grep -c '[0-9] sleep 100[123]$' "$TMP/table")" = 3 ]
}
await all_three

## The table

is "a line for each, and one above" "$(wc -l <"$TMP/table" | tr -d ' ')" 4
is "which has the names" "$(head -n 1 "$TMP/table" | tr -s ' ')" \
	"UID PID PPID C STIME TTY TIME CMD"
line=$(grep " $pid .* sleep 1003$" "$TMP/table")
like "init's" "$line" \
	"^#12345 +$pid +[0-9]+ +[0-9]+ +[0-2][0-9]:[0-5][0-9] +\? +00:00:0[0-9] sleep 1003$"
is "the parent of the others" \
	"$(awk -v p="$pid" '$3 == p' "$TMP/table" | wc -l | tr -d ' ')" 2
# But for the time used, and its part of the time there was.
still() {
	awk '{ $4 = $7 = ""; print }'
}
is "--format table is the same" "$(rt ps --format table c | still)" \
	"$(still <"$TMP/table")"

## JSON

numbers=$(awk 'NR > 1 { print $2 }' "$TMP/table" | tr '\n' ',')
is "the same numbers" "$(rt ps --format json c)" "[${numbers%,}]"
is "-f json" "$(rt ps -f json c)" "[${numbers%,}]"

mkdir "$CGROUPS$C/threads"
echo threaded >"$CGROUPS$C/threads/cgroup.type"
echo "$pid" >"$CGROUPS$C/threads/cgroup.threads"
is "one whose threads are in a threaded cgroup below" \
	"$(cat "$CGROUPS$C/threads/cgroup.threads")" "$pid"
is "  is there once" "$(rt ps --format json c)" "[${numbers%,}]"
echo "$pid" >"$CGROUPS$C/cgroup.procs"
rmdir "$CGROUPS$C/threads"

mkdir "$CGROUPS$C/below"
echo "$pid" >"$CGROUPS$C/below/cgroup.procs"
is "one that moved to a cgroup below is among them" \
	"$(rt ps --format json c)" "[${numbers%,}]"

## Thousands of cgroups, which a container may make: once through them

hundredths() {
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}"
}
before=$(hundredths)
seq 2000 | sed "s,^,$CGROUPS$C/," | xargs mkdir
made=$(($(hundredths) - before))
mkdir -p "$CGROUPS$C/1/x/y" "$CGROUPS$C/1/z" "$CGROUPS$C/2000/x"
echo "$pid" >"$CGROUPS$C/1/x/y/cgroup.procs"
child=$(awk -v p="$pid" '$3 == p { print $2; exit }' "$TMP/table")
echo "$child" >"$CGROUPS$C/2000/x/cgroup.procs"
before=$(hundredths)
listed=$(rt ps --format json c)
took=$(($(hundredths) - before))
is "thousands of cgroups: all processes are found" "$listed" "[${numbers%,}]"
ok "  in not much more time than it took to make them" \
	[ "$took" -le $((made * 8 + 50)) ]
diag "made in $made/100 s, listed in $took/100 s"

## With options of the host's ps, which runt only filters

mkdir "$TMP/bin"
cat >"$TMP/bin/ps" <<END
#!/bin/sh
printf '%s.' "\$@" >"$TMP/options"
echo "X  PPID     PID NAME OF IT"
echo "x     1 4194303 other"
echo "x     0       1 $pid"
printf 'x     1 %7d a  name' $pid
END
chmod +x "$TMP/bin/ps"
host_ps() {
	PATH="$TMP/bin:$PATH" rt ps c "$@"
}
is "options of ps: the header, and the container's lines" \
	"$(host_ps -e 'a b' --format json | head -n 2)" \
	"X  PPID     PID NAME OF IT
x     1 $(printf %7d "$pid") a  name"
is "  they are passed on" "$(cat "$TMP/options")" "-e.a b.--format.json."
printf '#!/bin/sh\necho A B; echo 1 2\n' >"$TMP/bin/ps"
fails "  a ps without a column PID" host_ps -e
like "  it says so" "$(cat "$OUTPUT")" "^runt: ps prints no column PID$"
printf '#!/bin/sh\nprintf "%%4095s\\n" PID\n' >"$TMP/bin/ps"
is "  one that fills a page" "$(host_ps -e | tr -d ' ')" PID
printf '#!/bin/sh\necho PID; exit 3\n' >"$TMP/bin/ps"
fails "  one that fails" host_ps -e
like "  it says so" "$(cat "$OUTPUT")" "^runt: ps ended with status 3$"
rm "$TMP/bin/ps"
no_ps() {
	PATH="$TMP/bin" rt ps c -e
}
fails "  none" no_ps
like "  it says so" "$(cat "$OUTPUT")" "^runt: there is no ps in .PATH$"
fails "  with JSON" rt ps -f json c -e
like "  it says so" "$(cat "$OUTPUT")" "do not go with --format json"

ok "kill it" rt kill c KILL
has_stopped() {
	rt state c | grep -q '"stopped"'
}
await has_stopped
is "a stopped one has none" "$(rt ps --format json c)" null
is "  in the table, too" "$(rt ps c | wc -l | tr -d ' ')" 1
ok "delete it" rt delete c
ok "  with all its cgroups" [ ! -e "$CGROUPS$C" ]
fails "one that is not there" rt ps c
like "  it says so" "$(cat "$OUTPUT")" "container does not exist: c"
fails "options of ps come after the id" rt ps -ef c

config
rt --cgroup-manager disabled run --detach --pid-file "$TMP/pid" --bundle "$B" \
	c </dev/null >/dev/null
fails "without a cgroup" rt ps c
like "  it says why" "$(cat "$OUTPUT")" "ps: c has no cgroup"
rt delete --force c
finish
