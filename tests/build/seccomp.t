#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 900
#
# The knob SECCOMP: without libseccomp what only that could take is refused by
# name, and without any seccomp every filter is. Nothing runs without the filter
# that its config asks for.

# shellcheck disable=SC1091
. "${0%/*}/../lib.sh"
# shellcheck disable=SC1091
. "${0%/*}/../container/common.sh"

top=${TESTS%/*}
machine=$(uname -m)
[ "$machine" = "$RUNT_ARCH" ] || skip_all "tests the machine's own build"
[ -e "${RUNT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/runt}/sysroot/$machine" ] ||
	skip_all "run make first"
[ "$(id -u)" = 0 ] || skip_all "needs root"
[ "$CGROUPS" ] || skip_all "no cgroup2 is mounted"

# build KNOB: $RUNT is that build from here on.
build() {
	ok "SECCOMP=$1 is built" make -s -C "$top" -j2 BUILD="$TMP/$1" \
		SECCOMP="$1" WERROR=1 all
	RUNT=$TMP/$1/$machine/runt
	[ -x "$RUNT" ] || finish
}
bundle b
plain='"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],
	"action":"SCMP_ACT_ERRNO","errnoRet":28}]'
# Two rules that both apply, and no order between them.
overlap='"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
	{"names":["getpriority"],"action":"SCMP_ACT_ERRNO",
	"args":[{"index":0,"value":5,"op":"SCMP_CMP_GT"}]},
	{"names":["getpriority"],"action":"SCMP_ACT_KILL",
	"args":[{"index":0,"value":9,"op":"SCMP_CMP_LT"}]}]'

build tables
unlike "it says that it has no libseccomp" "$("$RUNT" --version)" libseccomp
like "but filters" "$("$RUNT" features | tr -d ' \n')" \
	'"seccomp":\{"enabled":true,"actions":\["SCMP_ACT_ALLOW"'
unlike "features: no libseccomp" "$("$RUNT" features)" libseccomp
LINUX=",\"seccomp\":{$plain}"
like "a profile works" "$(run_in 'mkdir /tmp/d')" 'No space left on device'
LINUX=",\"seccomp\":{$overlap}"
like "what it can't take is refused, by its name" "$(run_in true)" \
	'^runt: config.json:[0-9:]+ linux\.seccomp: rules for getpriority .* libseccomp'

build 0
unlike "it says that it has no seccomp" "$("$RUNT" --version)" '(SEC|lib)COMP'
like "and does not filter" "$("$RUNT" features | tr -d ' \n')" \
	'"seccomp":\{"enabled":false\}'
LINUX=
is "a container without a filter runs" "$(run_in 'echo yes')" yes
LINUX=",\"seccomp\":{$plain}"
like "a filter is refused" "$(run_in 'mkdir /tmp/d; echo yes')" \
	'^runt: config.json:[0-9:]+ linux\.seccomp: this runt was built without'
LINUX=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW"}'
like "one that lets all pass, too" "$(run_in 'echo yes')" \
	'^runt: config.json:[0-9:]+ linux\.seccomp: this runt was built without'
is "nothing is left" "$(ls "$STATE")" ""
finish
