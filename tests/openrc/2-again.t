#!/bin/sh
# SPDX-License-Identifier: Apache-2.0

. "${0%/*}/../lib.sh"
. "${0%/*}/../vm/containers.sh"
. "${0%/*}/functions.sh"
. "${0%/*}/../vm/supervise.sh"

second_boot
finish
