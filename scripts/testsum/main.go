// Command testsum reads the output of go test -json, prints what a person
// wants to read (a line per package, the output of what failed, the names of
// what was skipped) and writes the numbers of passed and failed tests, one a
// line, to the file it is given. Only scripts/test runs it.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// event is a line of go test -json (go doc test2json).
type event struct {
	Action  string
	Package string
	Test    string // empty for the package itself
	Output  string
}

// summary counts tests and keeps the output of those that may yet fail.
type summary struct {
	out            io.Writer
	passed, failed int
	pending        map[string][]string
	skipped        []string
	blamed         map[string]bool // packages with a failed test
}

func newSummary(out io.Writer) *summary {
	return &summary{out: out, pending: map[string][]string{}, blamed: map[string]bool{}}
}

func main() {
	s := newSummary(os.Stdout)
	if err := s.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		os.Exit(1)
	}
	s.finish()
	totals := fmt.Sprintf("%d\n%d\n", s.passed, s.failed)
	if err := os.WriteFile(os.Args[1], []byte(totals), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		os.Exit(1)
	}
	if s.failed > 0 {
		os.Exit(1)
	}
}

func (s *summary) read(r io.Reader) error {
	dec := json.NewDecoder(r)
	for {
		var e event
		switch err := dec.Decode(&e); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read the output of go test: %w", err)
		}
		s.add(e)
	}
}

func (s *summary) add(e event) {
	name := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(s.out, e.Output)
	case "output":
		s.output(name, e)
	case "pass":
		if e.Test != "" {
			s.passed++
		}
		// The race detector may speak in a test that passes and fail another.
		if slices.ContainsFunc(s.pending[name], func(line string) bool { return strings.Contains(line, "DATA RACE") }) {
			s.show(name)
		}
		delete(s.pending, name)
	case "skip":
		if e.Test != "" {
			s.skipped = append(s.skipped, name)
		}
		delete(s.pending, name)
	case "fail":
		// A package fails with its tests, or by itself: it does not build, panics or runs too long.
		if e.Test == "" {
			s.showPending(e.Package)
		}
		if e.Test != "" || !s.blamed[e.Package] {
			s.failed++
		}
		s.blamed[e.Package] = true
		s.show(name)
	}
}

// output prints the lines of a package at once and keeps those of a test.
func (s *summary) output(name string, e event) {
	switch {
	case e.Test != "":
		s.pending[name] = append(s.pending[name], e.Output)
	case strings.Contains(e.Output, "[no test files]"), e.Output == "PASS\n", e.Output == "FAIL\n":
	default:
		fmt.Fprint(s.out, e.Output)
	}
}

// showPending shows what the tests of a package said that never ended.
func (s *summary) showPending(pkg string) {
	for name := range s.pending {
		if strings.HasPrefix(name, pkg+" ") {
			s.show(name)
		}
	}
}

func (s *summary) show(name string) {
	fmt.Fprint(s.out, strings.Join(s.pending[name], ""))
	delete(s.pending, name)
}

func (s *summary) finish() {
	for _, name := range s.skipped {
		fmt.Fprintln(s.out, "SKIPPED:", name)
	}
}
