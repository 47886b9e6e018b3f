#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# The layers of the source and its format; and the layer check against sources
# that break its rules. The compilers and analysers of `make lint` take minutes:
# CI runs them beside the tests.

# shellcheck disable=SC1091
. "${0%/*}/../lib.sh"

lint=${TESTS%/*}/toolchain/lint
layers=${TESTS%/*}/toolchain/layers

ok layers "$lint" layers
if command -v clang-format >/dev/null; then
	ok format "$lint" format
else
	skip format "no clang-format here"
fi

# Expects a breach that says $1 of a file $2 with the content $3.
breach() {
	rm -rf "$TMP/src"
	mkdir -p "$TMP/src/base" "$TMP/src/oci" "$TMP/src/kern" \
		"$TMP/src/run" "$TMP/src/cmd"
	printf '%b\n' "$3" >"$TMP/src/$2"
	like "layers: $1" "$("$layers" "$TMP/src" 2>&1)" "^src/$2:[0-9]+: .*$1"
}
innocent() {
	rm -rf "$TMP/src"
	mkdir -p "$TMP/src/${2%/*}"
	printf '%b\n' "$3" >"$TMP/src/$2"
	is "layers: $1" "$("$layers" "$TMP/src" 2>&1)" ""
}

breach "must not include" base/a.c '#include "kern/sys.h"'
breach "must not include" oci/a.c '#include "kern/sys.h"'
breach "must not include" kern/a.c '#include "run/run.h"'
breach "must not include" kern/a.c '#include "oci/json.h"'
breach "must not include" run/a.c '#include "cmd/cmd.h"'
breach "must not include" cmd/a.c '#include "kern/sys.h"'
breach "kernel headers" kern/a.c '#include <linux/fs.h>'
breach "no #if on an arch" run/a.c '#if defined(__aarch64__)\n#endif'
breach "only cmd/ prints" run/a.c 'void f(void) { write(2, "x", 1); }'
breach "only cmd/ prints" kern/a.c 'int f(void) { return STDOUT_FILENO; }'
breach "only run/ makes proc" kern/a.c 'int f(void) { return fork(); }'
breach "only run/ makes proc" cmd/a.c 'int f(void) { return waitpid(1, 0, 0); }'
breach "never exits" kern/a.c 'void f(void) { _exit(1); }'
breach "never exits" oci/a.c 'void f(void) { abort(); }'
breach "no heap" base/a.c 'void *f(void) { return malloc(1); }'
breach "no stdio" run/a.c '#include <stdio.h>'
breach "banned" cmd/a.c 'void f(char *s) { strcpy(s, s); }'
breach "no such layer" other.c 'int x;'
innocent "a comment calls nothing" kern/a.c '/* fork(2),\n * exit(3) */\n// fork()'
innocent "a string calls nothing" kern/a.c 'const char *s = "fork() \\" exit()";'
innocent "a member is no function" kern/a.c 'int f(struct s *s) { return s->wait(1); }'
innocent "the plain structs of the config" kern/a.c '#include "oci/spec.h"'

rm -rf "$TMP/src"
mkdir -p "$TMP/src/run"
echo '#include "run/b.h"' >"$TMP/src/run/a.h"
echo '#include "run/a.h"' >"$TMP/src/run/b.h"
like "layers: a circle" "$("$layers" "$TMP/src" 2>&1)" 'through others'

finish
