#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
# timeout: 5400
#
# The tests of engines that engines-1.t does not run.

exec "${0%/*}/boot" engines --name engines-2 --timeout 5300 \
	--test '[/-][!lmp]'
