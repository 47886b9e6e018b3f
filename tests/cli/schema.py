#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: schema.py NAME <document

Validates a document with tests/data/spec-schema/NAME-schema.json. Exits with
77 where the module jsonschema is missing.
"""
import json
import pathlib
import sys
import warnings

try:
    import jsonschema
except ImportError:
    sys.exit(77)

warnings.simplefilter("ignore")
folder = pathlib.Path(__file__).resolve().parent.parent / "data/spec-schema"
path = folder / (sys.argv[1] + "-schema.json")
schema = json.loads(path.read_text())
resolver = jsonschema.RefResolver(path.as_uri(), schema)
validator = jsonschema.Draft4Validator(schema, resolver=resolver)
errors = list(validator.iter_errors(json.load(sys.stdin)))
for error in errors:
    print("/".join(map(str, error.path)) + ": " + error.message)
sys.exit(1 if errors else 0)
