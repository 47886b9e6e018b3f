#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# runt features, which callers read at their start to know what they may ask
# for.

set -eu
. "${0%/*}/../lib.sh"

cd "$TMP"
manual=$TESTS/../src/runt.8
status=0
"$RUNT" --root "$TMP/none" features >doc 2>err || status=$?
is "exits with 0 and says nothing else" "$status $(cat err)" "0 "
is "indented by four" "$(grep -c '^    "ociVersionMin": "1\.0\.0",$' doc)" 1

# valid NAME SCHEMA FILE
valid() {
	status=0
	"$TESTS/cli/schema.py" "$2" <"$3" >out 2>&1 || status=$?
	case $status in
	0) pass "$1" ;;
	77) skip "$1" "no python3 with jsonschema" ;;
	127) skip "$1" "no python3" ;;
	*)
		fail "$1"
		diag "$(cat out)"
		;;
	esac
}
valid "is what the specification's schema wants" features doc
"$RUNT" spec --file config.json
valid "so is what spec writes" config config.json

command -v jq >/dev/null || skip_all "no jq"
get() {
	jq -cr "$1" doc
}
is "versions" "$(get '[.ociVersionMin, .ociVersionMax]')" '["1.0.0","1.3.0"]'
is "hooks" "$(get '.hooks|join(" ")')" "prestart createRuntime\
 createContainer startContainer poststart poststop"
is "no option twice" "$(get '.mountOptions|length - (unique|length)')" 0
for option in ro rw bind rbind nosuid rro rnosymfollow private runbindable \
	tmpcopyup idmap ridmap; do
	is "mount option $option" \
		"$(get ".mountOptions|index(\"$option\") != null")" true
done
is "namespaces" "$(get '.linux.namespaces|sort|join(" ")')" \
	"cgroup ipc mount network pid time user uts"
is "cgroups" "$(get '.linux.cgroup|to_entries|map(select(.value).key)')" \
	'["v2","systemd","systemdUser","rdma"]'
is "annotations that change what is done" \
	"$(get '.potentiallyUnsafeConfigAnnotations')" \
	'["org.systemd.property.","org.runt.root.untouched"]'
for what in seccomp apparmor selinux mountExtensions.idmap netDevices \
	intelRdt; do
	is "$what" "$(get ".linux.$what.enabled")" true
done
is "seccomp: all actions" "$(get '.linux.seccomp.actions|join(" ")')" \
	"SCMP_ACT_ALLOW SCMP_ACT_ERRNO SCMP_ACT_KILL SCMP_ACT_KILL_PROCESS\
 SCMP_ACT_KILL_THREAD SCMP_ACT_LOG SCMP_ACT_NOTIFY SCMP_ACT_TRACE SCMP_ACT_TRAP"
is "seccomp: all operators" "$(get '.linux.seccomp.operators|join(" ")')" \
	"SCMP_CMP_EQ SCMP_CMP_GE SCMP_CMP_GT SCMP_CMP_LE SCMP_CMP_LT\
 SCMP_CMP_MASKED_EQ SCMP_CMP_NE"
# shellcheck disable=SC2016
is "seccomp: architectures" "$(get '.linux.seccomp.archs as $a |
	[("AARCH64", "ARM", "RISCV64", "X86_64", "X86", "X32", "S390X") |
	"SCMP_ARCH_" + . | select(IN($a[]))] | length')" 7
is "seccomp: flags" "$(get '.linux.seccomp.knownFlags|join(" ")')" \
	"SECCOMP_FILTER_FLAG_LOG SECCOMP_FILTER_FLAG_SPEC_ALLOW\
 SECCOMP_FILTER_FLAG_TSYNC SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"
is "seccomp: the kernel has known ones" \
	"$(get '.linux.seccomp|.supportedFlags - .knownFlags')" "[]"
is "the version of libseccomp is the one of --version" \
	"$(get '.annotations["io.github.seccomp.libseccomp.version"] // ""')" \
	"$("$RUNT" --version | sed -n 's/^libseccomp: //p')"
is "resctrl: schemata and monitoring" \
	"$(get '.linux.intelRdt|[.schemata,.monitoring]')" '[true,true]'
is "memory policies" "$(get '.linux.memoryPolicy.modes|length')" 7
is "  and their flags" "$(get '.linux.memoryPolicy.flags|length')" 3
is "all capabilities have names" \
	"$(get '.linux.capabilities|map(select(startswith("CAP_")))|length')" \
	"$(get '.linux.capabilities|length')"
is "the first, and the last one that every kernel has" \
	"$(get '.linux.capabilities|[.[0], .[40]]')" \
	'["CAP_CHOWN","CAP_CHECKPOINT_RESTORE"]'

if [ -f "$manual" ]; then
	get '.mountOptions[]' | sort >options
	sed -n '/^\.Ss Mount options/,/^\.S[hs] /p' "$manual" |
		sed -n 's/^\.It Cm //p' | tr ' ' '\n' | sort >documented
	is "the manual lists the same mount options" "$(cat documented)" \
		"$(cat options)"
else
	skip "the manual lists the same mount options" "no manual here"
fi

finish
