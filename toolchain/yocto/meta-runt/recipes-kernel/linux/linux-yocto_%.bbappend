# SPDX-License-Identifier: Apache-2.0
require runt-kernel.inc
