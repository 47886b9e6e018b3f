# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests that boot boards: sourced after tests/lib.sh.
#
#	relay BOARD FILE	makes the results ours that tests/board/boot
#				wrote to FILE; fails if the board can't be had

relay() {
	while IFS= read -r line; do
		case $line in
		"1..0 # SKIP "*)
			skip "$1" "${line#1..0 # SKIP }"
			return 1
			;;
		1..*) ;;
		"not ok "*) fail "${line#* - }" ;;
		"ok "*"# SKIP"*)
			line=${line#* - }
			skip "${line%% # SKIP*}" "${line#*# SKIP }"
			;;
		"ok "*) pass "${line#* - }" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done <"$2"
}
