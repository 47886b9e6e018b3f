#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# linux.netDevices: devices of the host's that move into a container.
# shellcheck disable=SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
command -v ip >/dev/null || skip_all "no ip(8) here"
h=rt$(($$ % 10000))
# The other end of a pair has a name of the kernel's.
link() {
	ip link add "$1" type dummy 2>/dev/null ||
		ip link add "$1" type veth 2>/dev/null
}
link "${h}a" || skip_all "this kernel makes no dummy interfaces, and no veth"

bundle b
gone() {
	! ip link show "$1" >/dev/null 2>&1
}

ip addr add 192.0.2.7/24 dev "${h}a"
ip addr add 198.51.100.9/32 dev "${h}a"
six=yes
ip addr add 2001:db8::7/64 dev "${h}a" 2>/dev/null || six=
link "${h}b"
LINUX=",\"netDevices\":{\"${h}a\":{\"name\":\"eth7\"},\"${h}b\":{}}"
out=$(run_in "ip addr show dev eth7; ip addr show dev ${h}b")
like "a device moves, renamed, and is up" "$out" 'eth7(@[^:]*)?: <.*[<,]UP[,>]'
like "  it has its address" "$out" 'inet 192\.0\.2\.7/24'
like "  and its second one" "$out" 'inet 198\.51\.100\.9/32'
if [ "$six" ]; then
	like "  and that of IPv6" "$out" 'inet6 2001:db8::7/64'
else
	skip "  and that of IPv6" "this kernel has no IPv6"
fi
like "another keeps its name, and is up" "$out" "${h}b(@[^:]*)?: <.*[<,]UP[,>]"
ok "they are gone from the host" gone "${h}a"
ok "  with the container, both" gone "${h}b"

# A pair of which one end stays.
if ip link add "${h}c" type veth 2>/dev/null; then
	# Not every ip(8) can name the other end.
	peer=$(grep -lx "$(cat "/sys/class/net/${h}c/iflink")" \
		/sys/class/net/*/ifindex)
	peer=${peer%/*}
	peer=${peer##*/}
	ip link set "$peer" name "${h}d"
	ip addr add 203.0.113.1/24 dev "${h}c"
	ip link set "${h}c" up
	ip addr add 203.0.113.2/24 dev "${h}d"
	LINUX=",\"netDevices\":{\"${h}d\":{\"name\":\"eth0\"}}"
	CAPS='"CAP_NET_RAW"'
	like "packets go through one that moved" \
		"$(run_in 'ping -c 1 -W 5 203.0.113.1')" '1 packets received'
	ip link del "${h}c" 2>/dev/null
else
	skip "packets go through one that moved" "this kernel has no veth"
fi

refused() {
	LINUX=",\"netDevices\":{$2}"
	ARGS=${3:-'"/bin/true"'}
	config
	fails "$1" rt run --bundle "$B" "n$$"
}

link "${h}a"
link "${h}b"
LINUX=",\"netDevices\":{\"${h}a\":{\"name\":\"lan%d\"},
	\"${h}b\":{\"name\":\"lan%d\"}}"
is "the first numbers that are free" "$(run_in 'ls /sys/class/net |
	grep -E "^lan" | tr "\n" " "')" "lan0 lan1 "
link "${h}a"
link "${h}b"
refused "one that is not there" "\"${h}a\":{},\"${h}x\":{}"
like "  it says which" "$(cat "$OUTPUT")" \
	"linux\.netDevices\[\\\\?\"${h}x\\\\?\"\]: network device ${h}x: No such device"
ok "  the other did not move" ip link show "${h}a"
refused "a name that is taken" "\"${h}a\":{\"name\":\"lo\"}"
like "  it says which" "$(cat "$OUTPUT")" 'has a network device lo already'
refused "two of one name" "\"${h}a\":{\"name\":\"x\"},\"${h}b\":{\"name\":\"x\"}"
like "  it says so" "$(cat "$OUTPUT")" 'two network devices would be called x'
ok "  none of them moved" ip link show "${h}a"
NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"uts"}'
refused "without a network namespace" "\"${h}a\":{}"
like "  it says so" "$(cat "$OUTPUT")" 'linux\.netDevices'

## A container that fails leaves them where they are

at_home() {
	ip addr show dev "$1" | grep -q "inet $2"
}
stays_if_nosuch() {
	NAMESPACES="{\"type\":\"mount\"},{\"type\":\"uts\"},
	 {\"type\":\"network\"$2}"
	refused "no such program, $1 namespace" \
		"\"${h}a\":{\"name\":\"eth7\"},\"${h}b\":{}" '"nosuch"'
	like "  it says so" "$(cat "$OUTPUT")" nosuch
	ok "  the device stays, with its address" at_home "${h}a" 192.0.2.7/24
	ok "  the other, too" ip link show "${h}b"
}
ip addr add 192.0.2.7/24 dev "${h}a"
stays_if_nosuch "a new" ''
if unshare -n true 2>/dev/null; then
	unshare -n sleep 1000 &
	joined=$!
	entered() {
		[ "$(readlink "/proc/$joined/ns/net")" != \
			"$(readlink /proc/self/ns/net)" ]
	}
	await entered
	stays_if_nosuch "a joined" ",\"path\":\"/proc/$joined/ns/net\""
	kill "$joined"
else
	skip "no such program, a joined namespace" "no unshare -n here"
fi

# The last, since it moves.
cat >"$TMP/hook" <<END
#!/bin/sh
pid=\$(sed 's/.*"pid": *\([0-9]*\).*/\1/')
nsenter -t "\$pid" -n ip addr show dev eth7 >"$TMP/seen"
END
chmod +x "$TMP/hook"
NAMESPACES='{"type":"mount"},{"type":"uts"},{"type":"network"}'
LINUX=",\"netDevices\":{\"${h}a\":{\"name\":\"eth7\"}}"
TOP=",\"hooks\":{\"createRuntime\":[{\"path\":\"$TMP/hook\",
 \"env\":[\"PATH=$PATH\"]}]}"
run_in true
like "a hook of createRuntime sees them in the container" \
	"$(cat "$TMP/seen")" 'inet 192\.0\.2\.7/24'
is "no container is left" "$(rt list -q)" ""
ip link del "${h}b"
finish
