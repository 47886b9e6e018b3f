#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
# timeout: 5400
#
# The tests of engines that engines-1.t does not run.

for file in "${0%/*}"/../engines/*.t; do
	case ${file##*/} in
	podman-* | [!m-t]*) ;;
	*)
		echo "Bail out! $file is in neither half"
		exit 1
		;;
	esac
done
exec "${0%/*}/boot" engines --name engines-2 --timeout 5300 \
	--test '[/-][!m-t]'
