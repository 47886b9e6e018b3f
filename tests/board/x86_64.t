#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
# timeout: 900
#
# Boots the board that this file is called after and runs all tests that are
# for boards, or those whose path contains $BOARD_TEST.

name=${0##*/}
exec "${0%/*}/boot" "${name%.t}" --timeout 840 --test "${BOARD_TEST-}"
