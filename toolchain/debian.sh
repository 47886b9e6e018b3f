#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Packages of any Debian suite and architecture, on any Debian machine, without
# touching its own package lists: a private apt whose state is in the cache.
# Mirror and proxy are the ones of the machine's apt configuration; signatures
# are checked with Debian's keyring. What is in the cache already is used when
# the network is gone; lists are refreshed once a day (RUNT_APT_REFRESH=1:
# now), and when the mirror no longer has the revision they name.

set -eu

usage() {
	cat >&2 <<-'END'
	usage: debian.sh deb SUITE ARCH PACKAGE        download, print the path
	       debian.sh depends SUITE ARCH PACKAGE    print its Depends line
	       debian.sh version SUITE ARCH|source PACKAGE
	       debian.sh source SUITE PACKAGE DIR      unpack into DIR (new)
	       debian.sh upstream SUITE PACKAGE DIR    the same, but without
	                                               Debian's changes
	       debian.sh root SUITE ARCH DIR PACKAGE...
	                                               install into DIR (new)
	SUITE: bullseye bookworm trixie sid bookworm-backports trixie-backports
	ARCH: amd64 arm64 armhf armel riscv64
	END
	exit 2
}

die() {
	echo "debian.sh: $*" >&2
	exit 1
}

note() {
	echo "debian.sh: $suite $arch: $*" >&2
}

## The private apt

# Prints the address of the repository with label $1 in apt's configuration.
site() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(LABEL)|$(REPO_URI)' \
		"Created-By: Packages" "Origin: Debian" 2>/dev/null |
		sed -n "s/^$1|//p" | head -n 1
}

# A machine whose lists were never fetched knows no labels: read the sources.
site_of_sources() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(REPO_URI)' "Created-By: Packages" |
		grep -E '/debian/?$' | head -n 1
}

# Source lines for the release called $1 (of suite $suite).
sources() {
	main=$(site Debian)
	[ "$main" ] || main=$(site_of_sources)
	[ "$main" ] || die "apt's configuration names no Debian mirror"
	security=$(site Debian-Security)
	[ "$security" ] || security="${main%/}-security/"
	options="signed-by=$keyring check-valid-until=no"
	echo "$type [$options] $main $1 main"
	case $suite in
	sid | *-backports) ;;
	*) echo "$type [$options] $security $suite-security main" ;;
	esac
}

# Other names of a suite: a mirror that is half updated may still serve one
# name's index whole. They move on with each release, so what is fetched under
# them counts only if it says that it is $suite.
names() {
	case $suite in
	bullseye) echo bullseye oldoldstable oldstable ;;
	bookworm) echo bookworm oldstable stable ;;
	trixie) echo trixie stable ;;
	sid) echo sid unstable ;;
	*) echo "$suite" ;;
	esac
}

# The settings that decide how things are fetched are the machine's; its hooks,
# preferences and installed packages are not.
configuration() {
	apt-config dump | grep '^Acquire::' | grep -v '^Acquire::IndexTargets'
	cat <<-END
	Acquire::Languages "none";
	Acquire::Retries "3";
	Acquire::http::Timeout "30";
	APT::Architecture "$1";
	APT::Architectures { "$1"; };
	APT::Get::List-Cleanup "false";
	APT::Sandbox::User "root";
	APT::Update::Error-Mode "any";
	Dir::Cache "$state/cache";
	Dir::Etc::main "/dev/null";
	Dir::Etc::parts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Dir::Etc::sourcelist "$state/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Log "$state/log";
	Dir::State "$state";
	Dir::State::lists "$state/lists";
	Dir::State::status "$state/status";
	END
}

native() {
	case $arch in
	source) dpkg --print-architecture ;;
	*) echo "$arch" ;;
	esac
}

configure() {
	unset APT_CONFIG
	sources "$1" >"$state/sources.list.new"
	configuration "$(native)" >"$state/apt.conf.new"
	mv "$state/sources.list.new" "$state/sources.list"
	mv "$state/apt.conf.new" "$state/apt.conf"
	export APT_CONFIG="$state/apt.conf"
}

fresh() {
	[ -e "$state/updated" ] && [ "${RUNT_APT_REFRESH:-0}" != 1 ] &&
		[ "$(find "$state/updated" -mmin -1440)" ]
}

# Is there a list of $suite itself, from whatever update?
listed() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(CODENAME)|$(FILENAME)' |
		sed -n "s/^$suite|//p" >"$state/targets"
	while read -r target; do
		for file in "$target"*; do
			[ ! -s "$file" ] || return 0
		done
	done <"$state/targets"
	return 1
}

# Security updates are welcome but not needed, and old lists are better than
# none: all that has to be there is a signed list of the suite.
update() {
	for name in $(names); do
		configure "$name"
		rc=0
		apt-get -qq update >"$state/log/update" 2>&1 || rc=$?
		if listed; then
			[ $rc = 0 ] || note "some lists are missing or old," \
				"see $state/log/update"
			touch "$state/updated"
			return
		fi
	done
	sed 's/^/debian.sh: /' "$state/log/update" >&2
	die "$suite $arch: the package lists can't be fetched"
}

# Makes the private apt of suite $1 and architecture $2 (or source) current.
enter() {
	suite=$1 arch=$2
	case $suite in
	bullseye | bookworm | trixie | sid) ;;
	bookworm-backports | trixie-backports) ;;
	*) die "$suite: unknown suite" ;;
	esac
	case $arch in
	amd64 | arm64 | armhf | armel | riscv64) type=deb ;;
	source) type=deb-src ;;
	*) die "$arch: unknown architecture" ;;
	esac
	state=$cache/apt/$suite-$arch
	pool=$cache/apt/pool/$suite-$arch
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial" \
		"$state/log" "$pool"
	exec 9>"$state/lock"
	flock 9
	: >"$state/status"
	export APT_CONFIG="$state/apt.conf"
	fresh || update
}

## Packages

# Orders versions, newest first, by insertion: lists have two or three.
newest_first() {
	sorted=
	while read -r new; do
		head='' tail=''
		for v in $sorted; do
			if dpkg --compare-versions "$v" gt "$new"; then
				head="$head $v"
			else
				tail="$tail $v"
			fi
		done
		sorted="$head $new $tail"
	done
	for v in $sorted; do
		echo "$v"
	done
}

# Prints the versions of package $1 that the lists have, newest first.
versions() {
	if [ "$arch" = source ]; then
		apt-cache showsrc --only-source "$1" 2>/dev/null
	else
		apt-cache show --all-versions "$1" 2>/dev/null
	fi | sed -n 's/^Version: //p' | sort -u | newest_first
}

# Fetches version $2 of package $1 into the pool and sets path.
fetch_deb() {
	file=$1_$(printf %s "$2" | sed 's/:/%3a/')
	path=$(find "$pool" -name "${file}_*.deb" | head -n 1)
	[ -z "$path" ] || return 0
	(cd "$pool" && apt-get -qq download "$1=$2") \
		>"$state/log/fetch" 2>&1 || return 1
	path=$(find "$pool" -name "${file}_*.deb" | head -n 1)
	[ "$path" ]
}

fetch_dsc() {
	path=$pool/$1_${2#*:}.dsc
	[ ! -e "$path" ] || return 0
	rm -rf "$pool/partial" && mkdir "$pool/partial"
	(cd "$pool/partial" && apt-get -qq --download-only source "$1=$2") \
		>"$state/log/fetch" 2>&1 || return 1
	# The .dsc last: its presence says that all of it is there.
	find "$pool/partial" -type f ! -name '*.dsc' -exec mv {} "$pool" \;
	mv "$pool/partial"/*.dsc "$path"
}

# The upstream source alone: one file, whose checksum is in the signed list.
fetch_orig() {
	file=$1_$(echo "${2#*:}" | sed 's/-[^-]*$//')
	path=$(find "$pool" -name "$file.orig.tar.*" | head -n 1)
	[ -z "$path" ] || return 0
	rm -rf "$pool/partial" && mkdir "$pool/partial"
	(cd "$pool/partial" &&
		apt-get -qq --download-only --tar-only source "$1=$2") \
		>"$state/log/fetch" 2>&1 || return 1
	mv "$pool/partial/$file".orig.tar.* "$pool"
	path=$(find "$pool" -name "$file.orig.tar.*" | head -n 1)
}

# Mirrors are not always whole: the newest version that can be had will do.
fetch_newest() {
	missing=
	for v in $(versions "$2"); do
		if "fetch_$1" "$2" "$v"; then
			[ -z "$missing" ] ||
				note "no $2 $missing here, using $v"
			return 0
		fi
		missing=$v
	done
	return 1
}

# Sets path. Lists may be older than the mirror, so renew them before giving
# up; without a network, an older revision that was fetched before will do.
fetch() {
	[ "$(versions "$2")" ] || die "$suite $arch has no package $2"
	fetch_newest "$1" "$2" && return
	update
	fetch_newest "$1" "$2" && return
	path=$(find "$pool" -name "$2_*.$1*" -printf '%T@ %p\n' | sort -n |
		sed -n '$s/^[^ ]* //p')
	[ "$path" ] && note "can't fetch $2, using ${path##*/}" && return
	sed 's/^/debian.sh: /' "$state/log/fetch" >&2
	die "$suite $arch: $2 can't be fetched"
}

# Makes a root file system in $1 of the essential packages and $2..., without
# documentation.
install_root() {
	command -v mmdebstrap >/dev/null ||
		die "mmdebstrap is missing: apt-get install mmdebstrap"
	dir=$1
	shift
	configuration "$arch" | grep '^Acquire::' >"$state/root.conf"
	unset APT_CONFIG
	mmdebstrap --mode=root --variant=essential --keyring="$keyring" \
		--aptopt="$state/root.conf" --skip=check/signed-by \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--include="$*" "$suite" "$dir" "$state/sources.list" \
		>"$state/log/root" 2>&1
}

candidate() {
	version=$(versions "$1" | head -n 1)
	[ "$version" ] || die "$suite $arch has no package $1"
}

[ $# -ge 1 ] || usage
command -v flock >/dev/null || die "flock is missing: install util-linux"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keyring ] || die "$keyring is missing: install debian-archive-keyring"
cache=${RUNT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/runt}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)

case $1:$# in
deb:4)
	enter "$2" "$3"
	fetch deb "$4"
	echo "$path"
	;;
depends:4)
	enter "$2" "$3"
	candidate "$4"
	apt-cache show "$4=$version" | sed -n 's/^Depends: //p' | head -n 1
	;;
version:4)
	enter "$2" "$3"
	candidate "$4"
	echo "$version"
	;;
root:[5-9] | root:[1-9][0-9])
	[ ! -e "$4" ] || die "$4 exists already"
	enter "$2" "$3"
	shift 3
	RUNT_APT_REFRESH=1 update
	install_root "$@" || {
		tail -n 20 "$state/log/root" | sed 's/^/debian.sh: /' >&2
		die "$suite $arch: no root file system of $*"
	}
	;;
upstream:4)
	[ ! -e "$4" ] || die "$4 exists already"
	enter "$2" source
	fetch orig "$3"
	mkdir "$4"
	tar -x -C "$4" --strip-components=1 -f "$path"
	;;
source:4)
	command -v dpkg-source >/dev/null ||
		die "dpkg-source is missing: install dpkg-dev"
	[ ! -e "$4" ] || die "$4 exists already"
	enter "$2" source
	fetch dsc "$3"
	dpkg-source --no-check -x "$path" "$4" >"$state/log/unpack" 2>&1 ||
		die "$path can't be unpacked: $(tail -n 1 "$state/log/unpack")"
	;;
*)
	usage
	;;
esac
