#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# The tarball of a release: the same bytes each time, all that git has and no
# more, and it can do what the source can.

# shellcheck disable=SC1091
. "${0%/*}/../lib.sh"

top=${TESTS%/*}
git -C "$top" rev-parse HEAD >/dev/null 2>&1 || skip_all "no git repository"
version=$(sed -n 's/^VERSION = //p' "$top/config.mk")
tarball=runt-$version.tar.gz

ok "make dist" make -s -C "$top" CC=false BUILD="$TMP/one" dist
umask 077
TZ=Asia/Tokyo LC_ALL=C make -s -C "$top" CC=false BUILD="$TMP/two" dist
ok "makes the same bytes again" cmp "$TMP/one/$tarball" "$TMP/two/$tarball"
is "of what git has" \
	"$(tar -tzf "$TMP/one/$tarball" | grep -v '/$' | sort)" \
	"$(git -C "$top" ls-tree -r --name-only HEAD |
		sed "s|^|runt-$version/|" | sort)"
is "which belongs to nobody in particular" \
	"$(tar -tvzf "$TMP/one/$tarball" | awk '{ print $2 }' | sort -u)" root/root
tar -xzf "$TMP/one/$tarball" -C "$TMP"
ok "it makes" make -s -C "$TMP/runt-$version" CC=false help
ok "  what needs no compiler" make -s -C "$TMP/runt-$version" CC=false \
	DESTDIR="$TMP/dest" install-man install-completion
finish
