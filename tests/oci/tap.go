// SPDX-License-Identifier: Apache-2.0

// Package tap prints the Test Anything Protocol. It stands in for the package
// github.com/mndrix/tap-go, which Debian has not got, with what of it the
// programs of runtime-tools call.
package tap

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A T counts the tests of a program as it prints them.
type T struct {
	count *int
	todo  string
}

// New returns a counter at zero.
func New() *T {
	return &T{count: new(int)}
}

// Header begins the output, with a plan if it is known how many tests come.
func (t *T) Header(count int) {
	fmt.Printf("TAP version 13\n")
	if count > 0 {
		fmt.Printf("1..%d\n", count)
	}
}

// The first line of a text: a test has no more.
func line(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return first
}

// Ok prints that a test passed, or that it did not.
func (t *T) Ok(passed bool, description string) {
	not := "not "
	if passed {
		not = ""
	}
	*t.count++
	fmt.Printf("%sok %d - %s%s\n", not, *t.count, line(description), t.todo)
}

// Pass prints that a test passed.
func (t *T) Pass(description string) {
	t.Ok(true, description)
}

// Fail prints that a test did not pass.
func (t *T) Fail(description string) {
	t.Ok(false, description)
}

// Skip prints that so many tests were not made, and why.
func (t *T) Skip(count int, reason string) {
	for i := 0; i < count; i++ {
		*t.count++
		fmt.Printf("ok %d # SKIP %s\n", *t.count, line(reason))
	}
}

// Todo returns the same counter for a test that is not expected to pass.
func (t *T) Todo() *T {
	return &T{count: t.count, todo: " # TODO"}
}

// AutoPlan ends the output with a plan of as many tests as there were.
func (t *T) AutoPlan() {
	fmt.Printf("1..%d\n", *t.count)
}

// Diagnostic prints a comment.
func (t *T) Diagnostic(message string) {
	for _, line := range strings.Split(strings.TrimRight(message, "\n"), "\n") {
		fmt.Printf("# %s\n", line)
	}
}

// Diagnosticf prints a comment that it formats.
func (t *T) Diagnosticf(format string, args ...interface{}) {
	t.Diagnostic(fmt.Sprintf(format, args...))
}

// YAML prints more about the last test, indented as a block of YAML, of which
// JSON is a part.
func (t *T) YAML(message interface{}) error {
	text, err := json.MarshalIndent(message, "  ", "  ")
	if err != nil {
		return err
	}
	fmt.Printf("  ---\n  %s\n  ...\n", text)
	return nil
}
