#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
# timeout: 5400
#
# Runs half of the tests of engines in a virtual machine, which has one
# processor's time: the files podman-[m-t]*. engines-2.t has the others. With
# $ENGINES_TEST it runs those whose path contains it, of both.

exec "${0%/*}/boot" engines --name engines-1 --timeout 5300 \
	--test "${ENGINES_TEST:-podman-[m-t]}"
