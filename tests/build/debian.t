#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel-safe
#
# What toolchain/debian.sh does when Debian has moved on: package lists that
# are older than the mirror, mirrors that lack what their lists name, no
# network. apt's part is played by scripts: $TMP/has has the versions that the
# mirror has, $TMP/lists those that a list of it names, and $TMP/listed those
# that the last update brought.

# shellcheck disable=SC1091
. "${0%/*}/../lib.sh"

[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || skip_all "no Debian"
debian=${TESTS%/*}/toolchain/debian.sh

mkdir "$TMP/bin"
script() {
	{
		echo '#!/bin/sh'
		echo "cd=\$PWD TMP='$TMP'"
		cat
	} >"$TMP/bin/$1"
	chmod +x "$TMP/bin/$1"
}

script apt-get <<'END'
last=
for word; do last=$word; done
package=${last%%=*} version=${last#*=}
can() {
	[ ! -e "$TMP/offline" ] && grep -qx "$1" "$TMP/has" && return
	echo "E: Failed to fetch $last  404  Not Found"
	exit 100
}
case $* in
*indextargets*CODENAME*) echo "sid|$TMP/listed" ;;
*indextargets*LABEL*) echo "Debian|http://mirror.invalid/debian/" ;;
*update*)
	echo "update" >>"$TMP/log"
	[ ! -e "$TMP/offline" ] || exit 100
	cp "$TMP/lists" "$TMP/listed"
	;;
*download-only*source*)
	can "$version"
	echo "$version" >"${package}_$version.dsc"
	echo "$version" >"${package}_$version.orig.tar.gz"
	echo "fetch $version" >>"$TMP/log"
	;;
*download*)
	can "$version"
	: >"${package}_${version}_arm64.deb"
	echo "fetch $version" >>"$TMP/log"
	;;
esac
END
script apt-cache <<'END'
sed 's/^/Version: /' "$TMP/listed"
END
script dpkg-source <<'END'
for last; do dir=$last; done
mkdir "$dir" && cp "$3" "$dir"
END
PATH=$TMP/bin:$PATH
export RUNT_CACHE="$TMP/cache"

# The mirror has $1, a list of it names $2.
mirror() {
	echo "$1" >"$TMP/has"
	echo "$2" | tr ' ' '\n' >"$TMP/lists"
}

# Fetches; sets got to the version, and did to what it took.
deb() {
	: >"$TMP/log"
	got=$("$debian" deb sid arm64 thing 2>"$TMP/err") || got=none
	got=${got##*/thing_}
	got=${got%_arm64.deb}
	did=$(tr '\n' ' ' <"$TMP/log")
}
src() {
	: >"$TMP/log"
	rm -rf "$TMP/tree"
	got=none
	"$debian" source sid thing "$TMP/tree" 2>"$TMP/err" &&
		got=$(cat "$TMP/tree"/*.dsc)
	did=$(tr '\n' ' ' <"$TMP/log")
}

for what in deb src; do
	rm -rf "$TMP/cache" "$TMP/offline"
	mirror "1.0-1" "1.0-1"
	$what
	is "$what: the first time" "$got: $did" "1.0-1: update fetch 1.0-1 "
	$what
	is "$what: what is there is taken" "$got: $did" "1.0-1: "

	mirror "1.0-2" "1.0-2"
	$what
	is "$what: and goes on being taken" "$got: $did" "1.0-1: "
	export RUNT_APT_REFRESH=1
	$what
	is "$what: until somebody asks for newer ones" "$got: $did" \
		"1.0-2: update fetch 1.0-2 "
	unset RUNT_APT_REFRESH

	rm -rf "$TMP/cache/apt/pool"
	mirror "1.1-1" "1.1-1"
	$what
	is "$what: a revision that is gone: its successor" "$got: $did" \
		"1.1-1: update fetch 1.1-1 "

	rm -rf "$TMP/cache/apt/pool"
	mirror "1.1-1" "1.1-10 1.1-9 1.1-1"
	touch -d '2 days ago' "$TMP/cache/apt/sid-"*/updated
	$what
	is "$what: lists are renewed once a day, versions ordered, gaps passed" \
		"$got: $did" "1.1-1: update fetch 1.1-1 "
	like "$what: a gap is told" "$(cat "$TMP/err")" \
		'no thing 1.1-9 here, using 1.1-1'

	mirror "none" "1.2-1"
	export RUNT_APT_REFRESH=1
	$what
	is "$what: no version of a list is there: one that was fetched before" \
		"$got: $did" "1.1-1: update update "
	like "$what: that is told" "$(cat "$TMP/err")" \
		"can't fetch thing, using thing_1.1-1"
	unset RUNT_APT_REFRESH

	mirror "1.1-1" "1.1-1"
	: >"$TMP/offline"
	touch -d '2 days ago' "$TMP/cache/apt/sid-"*/updated
	$what
	is "$what: without a network, what was fetched before" \
		"$got: $did" "1.1-1: update update "
	like "$what: that is told" "$(cat "$TMP/err")" 'lists are missing or old'
	rm -rf "$TMP/cache/apt/pool"
	$what
	is "$what: and with nothing fetched before, nothing" "$got" none
	like "$what: in a line that names it" "$(cat "$TMP/err")" \
		'^debian.sh: sid [a-z0-9]*: thing can.t be fetched$'
done
finish
