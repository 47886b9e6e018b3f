#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeout: 5400
#
# Runs the tests of engines in their virtual machine: all, or those whose path
# contains $ENGINES_TEST.

exec "${0%/*}/boot" engines --timeout 5300 --test "${ENGINES_TEST-}"
