# SPDX-License-Identifier: Apache-2.0
#
# Makes TAP of what a board's console said (the lines that
# rootfs-test/board/etc/init.d/tests prints). Variables: board; start, the
# seconds from the emulator's start to its first line; and ended, how the
# emulator did, empty for by itself.

function result(ok, text)
{
	if (!ok)
		failed++
	printf "%sok %d - %s: %s\n", ok ? "" : "not ", ++count, board, text
}

function diag(text)
{
	print "# " text
}

# A line that a test printed.
function test_line(text,		ok, words)
{
	if (text ~ /^(not )?ok( |$)/) {
		ok = text !~ /^not/
		sub(/^(not )?ok *[0-9]* *-* */, "", text)
		result(ok, file ": " text)
		results++
		if (!ok)
			failures++
	} else if (text ~ /^1\.\.[0-9]+/) {
		plans++
		split(text, words, /[. \t]+/)
		plan = words[2] + 0
		if (plan == 0 && match(text, /# *[Ss][Kk][Ii][Pp] */)) {
			result(1, file " # SKIP " \
				substr(text, RSTART + RLENGTH))
			skipped = 1
		}
	} else if (text ~ /^#/) {
		print text
	} else {
		diag(text)
	}
}

function test_start(name)
{
	file = name
	results = failures = plans = skipped = 0
	plan = -1
	started++
}

function test_end(status, seconds,		why)
{
	if (status == 124)
		why = "ran out of time after " seconds " s"
	else if (status != 0 && !(status == 1 && failures))
		why = "ended with status " status
	else if (plans != 1)
		why = "printed " plans + 0 " plans"
	else if (plan != results)
		why = "planned " plan " tests, ran " results
	else if (plan == 0 && !skipped)
		why = "tests nothing"
	if (why)
		result(0, file ": " why)
	if (left)
		result(0, file ": left behind:" left)
	left = file = ""
}

{
	sub(/\r+$/, "")
	console[NR] = $0
}

/^\| / || $0 == "|" {
	test_line(substr($0, 3))
	next
}

$1 != "@@" { next }

$2 == "up" {
	up++
	diag(sprintf("%s: Linux %s on %s, / is %s; shell after %s s, %s s " \
		"by its own clock", board, $4, $5, $6, start, $3))
}
$2 == "test" { test_start($3) }
$2 == "exit" { test_end($3 + 0, $4) }
$2 == "left" { left = left " " substr($0, 9) ";" }
$2 == "kernel" { complaints = complaints "# " substr($0, 11) "\n" }
$2 == "done" { done = 1; files = $3 + 0 }

/^@@ done/ && files == 0 { result(0, "no test matches") }

END {
	if (!done || file) {
		why = up ? "" : "did not come up; "
		why = why (ended ? ended : "the machine stopped")
		result(0, (file ? file ": " : "") why)
		for (i = NR > 40 ? NR - 40 : 1; i <= NR; i++)
			diag("  " console[i])
	} else {
		result(!complaints, "nothing in the kernel's log to worry about")
		printf "%s", complaints
	}
	print "1.." count
	exit failed > 0
}
