#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
# timeout: 1800
#
# Boots the board that this file is called after and runs the tests that it was
# dealt (see boot), or with $BOARDS_ALL all of them; of these those whose path
# contains $BOARD_TEST.

name=${0##*/}
[ "${BOARDS_ALL-}" ] || set -- --dealt
exec "${0%/*}/boot" "${name%.t}" --timeout 1700 --test "${BOARD_TEST-}" "$@"
