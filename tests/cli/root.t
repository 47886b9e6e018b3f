#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# --root: where containers are kept, and what can't be meant.

set -eu
. "${0%/*}/../lib.sh"

mkdir "$TMP/here"
cd "$TMP/here"
ln -s / slash

for root in / // /. /.. /proc/.. slash slash/. ../../../../../../../../..; do
	fails "--root $root is refused" "$RUNT" --root "$root" list
	is "says so" "$(cat "$OUTPUT")" "runt: --root must not be \"$root\""
done
fails "an empty --root is refused" "$RUNT" --root= list
is "says so" "$(cat "$OUTPUT")" 'runt: --root must not be ""'

header="ID          PID         STATUS      BUNDLE      CREATED     OWNER"
ok "a root that does not exist holds nothing" "$RUNT" --root none list
is "prints the header only" "$(cat "$OUTPUT")" "$header"
is "and is not made by looking" "$(ls)" slash
fails "nor by a container that is not there" "$RUNT" --root none state x
is "still" "$(ls)" slash
echo >file
fails "a root that is a file" "$RUNT" --root file list
like "says so" "$(cat "$OUTPUT")" "^runt: open $PWD/file: Not a directory$"

# Prints the root that `list` uses, which the failure names, unless it is the
# system's. "$@" comes before runt.
used() {
	"$@" "$RUNT" list 2>&1 >/dev/null | sed -n 's/^runt: open \(.*\): .*/\1/p'
}
mkdir run
echo >run/runt
if [ "$(id -u)" = 0 ]; then
	is "root does not look at XDG_RUNTIME_DIR" \
		"$(used env XDG_RUNTIME_DIR="$PWD/run")" ""
fi
if command -v setpriv >/dev/null && [ "$(id -u)" = 0 ]; then
	cp "$RUNT" runt
	RUNT=$PWD/runt
	user() {
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	}
	is "a user's containers are in \$XDG_RUNTIME_DIR/runt" \
		"$(used user env XDG_RUNTIME_DIR="$PWD/run")" "$PWD/run/runt"
	unlike "unless it is relative" \
		"$(used user env XDG_RUNTIME_DIR=run)" "^($PWD/)?run/runt"
	fails "--root comes first" user env XDG_RUNTIME_DIR="$PWD/run" \
		"$RUNT" --root file list
	like "and is made absolute" "$(cat "$OUTPUT")" "^runt: open $PWD/file: "
else
	skip "a user's root" "needs root and setpriv"
fi

finish
