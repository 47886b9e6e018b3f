#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# What runt takes for JSON and for a config, compared with Python's reader and
# with the JSON schema of the runtime-spec: schema/differ.py has the reasons
# for every difference there may be.

# shellcheck disable=SC1091
. "${0%/*}/../lib.sh"

differ=$TESTS/unit/schema/differ.py
unit=${TESTS%/*}/build/$(tap_machine)/tests/unit
python=/usr/bin/python3
[ -x "$python" ] || python=python3
"$python" -c '' 2>/dev/null || skip_all "no python3"

ok "what is JSON, as Python sees it" \
	"$python" "$differ" grammar "$unit/json"
diag "$(tail -n 1 "$OUTPUT")"
ok "every key of the schema, and no other" \
	"$python" "$differ" keys "${TESTS%/*}/src/oci/keys.tbl" "$TESTS/data"
diag "$(tail -n 1 "$OUTPUT")"
if "$python" -c 'import jsonschema' 2>/dev/null; then
	ok "what is a config, as the schema sees it" \
		"$python" "$differ" schema "$unit/config" "$TESTS/data"
	diag "$(tail -n 1 "$OUTPUT")"
else
	skip "what is a config, as the schema sees it" "no python3-jsonschema"
fi
finish
