#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1078,SC1079,SC2013,SC2016,SC2086,SC2094,SC2317
#
# What bash, zsh and fish complete, asked of these shells: commands, options
# and their values, ids of containers. The tables that they are made from are
# those that --help prints.

. "${0%/*}/../lib.sh"

gen=$TESTS/../toolchain/gen-completion
[ -x "$gen" ] || skip_all "the source is not here"
cd "$TMP" || exit 1
mkdir -p bin files/dir root
touch files/file
for shell in tables bash zsh fish; do
	"$gen" $shell >made.$shell
done

## The tables

"$RUNT" --help >help
is "the commands, in their order" \
	"$(sed -n 's/^verb	\([a-z]*\).*/\1/p' made.tables | sort)" \
	"$(sed -n '/^Lifecycle:/,/^Options:/s/^  \([a-z]*\).*/\1/p' help |
		grep -vx help | sort)"

# The long options of a help text, and of a verb in the tables.
of_help() {
	awk '
		/^  (-., |    )--/ {
			name = substr($0, 9)
			sub(/ .*/, "", name)
			names[name] = 1
		}
		/not supported by this version/ { delete names[name] }
		END { for (n in names) print n }' | grep -vx help | sort
}
of_tables() {
	awk -F '\t' -v verb="$1" '$1 == "opt" && $2 == verb { print $3 }' \
		made.tables | sort
}
is "the global options" "$(of_tables -)" "$(of_help <help)"
for verb in $(sed -n 's/^verb	\([a-z]*\).*/\1/p' made.tables); do
	"$RUNT" help "$verb" >help
	is "the options of $verb" "$(of_tables "$verb")" "$(of_help <help)"
done
is "every awk reads the same" "$(
	for awk in mawk gawk "busybox awk"; do
		command -v ${awk%% *} >/dev/null || continue
		printf '#!/bin/sh\nexec %s "$@"\n' "$awk" >bin/awk
		chmod +x bin/awk
		PATH=$TMP/bin:$PATH "$gen" zsh | cksum
	done | sort -u | wc -l | tr -d ' ')" 1
rm -f bin/awk

## The shells

# Containers there are in /run/runt of another root: a runt that says so.
cat >bin/runt <<'END'
#!/bin/sh
case "$*" in
"list -q") printf '%s\n' web db-1 ;;
"--root /other list -q" | "--root=/other list -q") echo elsewhere ;;
*) exit 1 ;;
esac
END
chmod +x bin/runt
PATH=$TMP/bin:$PATH
export PATH

# Each of these prints what may stand in place of the last word of "$@".
in_bash() {
	bash --norc -c '. ./made.bash
		COMP_WORDS=("$@")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_runt
		printf "%s\n" "${COMPREPLY[@]}"' bash "$@" 2>&1 | sort
}

in_fish() {
	fish --no-config -c 'source made.fish
		complete -C "$argv"' "$@" 2>&1 | cut -f 1 | sort
}

# A shell in a terminal, which says where it is: READY, once its line editor reads
# keys (before that they are the terminal's, which takes some for itself), and
# what its line has become at a tab. With HITS it adds no word but prints all.
mkdir -p zsh functions
cp made.zsh functions/_runt
cat >zsh/.zshrc <<'END'
PROMPT= RPROMPT=
fpath=($PWD/functions $fpath)
autoload -Uz compinit
compinit -C -d $PWD/dump
zstyle ":completion:*" verbose no
zstyle ":completion:*" format ""
unsetopt list_beep
zle-line-init() {
	print READY
}
zle -N zle-line-init
tab() {
	zle complete-word
	print -r -- "LINE=$BUFFER;"
}
zle -N tab
bindkey "^I" tab
[ -z "$HITS" ] || compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "$@"
		return
	fi
	local -a hits
	builtin compadd -A hits "$@"
	print -l -- "<"${^hits}">"
}
END

# typed_in_zsh HITS WORD...
typed_in_zsh() {
	hits=$1
	shift
	HITS=$hits ZDOTDIR=$PWD/zsh zsh -f -c 'zmodload zsh/zpty
	zpty z zsh -d -i
	zpty -r -m z out "*READY*"
	zpty -w -n z "$*"$'"'\t'"'
	zpty -r -m z out "*LINE=*;*"
	print -r -- "$out"
	zpty -d z' zsh "$@" 2>&1 | tr -d '\r'
}

# The last word that the line becomes.
word_in_zsh() {
	typed_in_zsh '' "$@" | sed -n 's/^.*LINE=\([^;]* \)*\([^;]*\);.*/\2/p'
}

in_zsh() {
	typed_in_zsh 1 "$@" | grep -o '<[^<>]*>' | tr -d '<>' | sort -u
}

# completes NAME EXPECTED WORD...: the same in every shell.
completes() {
	name=$1 expected=$(printf '%s\n' $2 | sort)
	shift 2
	for shell in $shells; do
		is "$shell: $name" "$(in_$shell "$@")" "$expected"
	done
}

shells=
for shell in bash zsh fish; do
	if command -v $shell >/dev/null; then
		shells="$shells $shell"
	else
		skip "$shell" "it is not installed"
	fi
done

completes "a command" "start state" runt sta
completes "a command after an option with a value" "start state" \
	runt --root /other sta
completes "one after help" "delete" runt help de
completes "no verb twice" "" runt list li
completes "ids" "db-1 web" runt kill ""
completes "ids that begin so" "db-1" runt delete d
completes "ids after a flag that has a value elsewhere" "db-1 web" \
	runt delete -f ""
completes "ids after an option" "db-1 web" runt wait --timeout 10 ""
completes "ids below another root" "elsewhere" runt --root /other state ""
for shell in $shells; do
	unlike "$shell: no second id" "$(in_$shell runt state web "")" '^(web|db-1)'
done
completes "signals behind the id" "TERM TRAP TSTP TTIN TTOU" runt kill web T
completes "words that are values" "json" runt list --format j
completes "of global options, too" "debug" runt --log-level d
for shell in $shells; do
	# Of zsh it can only be asked what the line becomes.
	case $shell in
	zsh) got=$(word_in_zsh runt spec --bundle files/) ;;
	*) got=$(in_$shell runt spec --bundle files/) ;;
	esac
	is "$shell: directories" "${got%/}" files/dir
	is "$shell: files" "$(in_$shell runt --log files/ | tr -d / |
		sed 's/^files//' | tr '\n' ' ')" "dir file "
	is "$shell: options of a command" \
		"$(in_$shell runt run -- | grep -oe '--[a-z-]*' | sort -u)" \
		"$({ of_tables run; echo help; } | sed 's/^/--/' | sort)"
	is "$shell: global options" \
		"$(in_$shell runt -- | grep -oe '--[a-z-]*' | sort -u)" \
		"$({ of_tables -; echo help; } | sed 's/^/--/' | sort)"
done
case $shells in
*bash*)
	is "bash: a value behind =" "$(in_bash runt list --format = js)" json
	is "bash: nothing behind it yet" \
		"$(in_bash runt list --format = | tr '\n' ' ')" "json table "
	is "bash: a root behind =" "$(in_bash runt --root = /other ps "")" \
		elsewhere
	;;
esac

## Installed

if [ -f "$TESTS/../Makefile" ] && command -v make >/dev/null; then
	ok "make install-completion" make -s -C "$TESTS/.." CC=false \
		BUILD="$TMP/build" PREFIX=/usr DESTDIR="$TMP/dest" \
		install-completion
	is "  one for each shell" \
		"$(cd dest && find . -type f | sort | tr '\n' ' ')" \
		"./usr/share/bash-completion/completions/runt \
./usr/share/fish/vendor_completions.d/runt.fish \
./usr/share/zsh/site-functions/_runt "
	ok "  as it was made" \
		cmp made.zsh dest/usr/share/zsh/site-functions/_runt
else
	skip "make install-completion" "no make here"
fi
finish
