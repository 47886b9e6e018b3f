#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# linux.memoryPolicy: read back from numa_maps; and what is refused.
# shellcheck disable=SC2034

. "${0%/*}/../lib.sh"
. "${0%/*}/common.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
bundle b

refused() {
	LINUX=",\"memoryPolicy\":{$2}"
	ARGS='"/bin/true"'
	config
	fails "$1" rt run --bundle "$B" "m$$"
	like "  it says so" "$(cat "$OUTPUT")" "$3"
}

refused "no such mode" '"mode":"MPOL_NONE"' \
	'linux\.memoryPolicy\.mode: .*MPOL_NONE'
refused "nodes are missing" '"mode":"MPOL_BIND"' \
	'linux\.memoryPolicy: nodes: MPOL_BIND needs some'
refused "nodes are too many" '"mode":"MPOL_LOCAL","nodes":"0"' \
	'linux\.memoryPolicy: nodes: MPOL_LOCAL takes none'
refused "nodes are no list" '"mode":"MPOL_BIND","nodes":"0-"' \
	'is not a list of nodes'
refused "no such node can be" '"mode":"MPOL_BIND","nodes":"1024"' \
	'linux\.memoryPolicy: nodes: .*they end at 1023'
refused "no such flag" \
	'"mode":"MPOL_BIND","nodes":"0","flags":["MPOL_F_NONE"]' \
	'linux\.memoryPolicy\.flags\[0\]: .*MPOL_F_NONE'
if [ ! -e /proc/self/numa_maps ]; then
	refused "a kernel without NUMA says what it needs" \
		'"mode":"MPOL_BIND","nodes":"0"' 'CONFIG_NUMA=y'
	finish
fi

LINUX=',"memoryPolicy":{"mode":"MPOL_BIND","nodes":"0"}'
like "a policy is that of the program" \
	"$(run_in 'cat /proc/self/numa_maps')" ' bind:0 '
LINUX=',"memoryPolicy":{"mode":"MPOL_INTERLEAVE","nodes":"0",
	"flags":["MPOL_F_STATIC_NODES"]}'
like "with a flag" "$(run_in 'cat /proc/self/numa_maps')" \
	' interleave=static:0 '
ARGS=$(sh_args 'exec sleep 1000')
config
rt run --detach --bundle "$B" c </dev/null >/dev/null 2>&1
like "exec has it, too" "$(rt exec c cat /proc/self/numa_maps)" \
	' interleave=static:0 '
rt delete --force c
refused "a node that is not there" '"mode":"MPOL_BIND","nodes":"1000"' \
	'set the memory policy: Invalid argument'
finish
