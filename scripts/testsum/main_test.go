package main

import (
	"strings"
	"testing"
)

func TestCounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in             string
		passed, failed int
		shows          string
	}{
		"passed": {in: `{"Action":"run","Package":"a","Test":"T"}
			{"Action":"output","Package":"a","Test":"T","Output":"quiet\n"}
			{"Action":"pass","Package":"a","Test":"T"}
			{"Action":"output","Package":"a","Output":"ok  \ta\t0.1s\n"}
			{"Action":"pass","Package":"a"}`, passed: 1, shows: "ok  \ta\t0.1s\n"},
		"failed": {in: `{"Action":"output","Package":"a","Test":"T","Output":"why\n"}
			{"Action":"fail","Package":"a","Test":"T"}
			{"Action":"fail","Package":"a"}`, failed: 1, shows: "why\n"},
		"raced": {in: `{"Action":"output","Package":"a","Test":"T","Output":"WARNING: DATA RACE\n"}
			{"Action":"pass","Package":"a","Test":"T"}
			{"Action":"fail","Package":"a","Test":"U"}`, passed: 1, failed: 1, shows: "WARNING: DATA RACE\n"},
		"panicked": {in: `{"Action":"output","Package":"a","Test":"T","Output":"panic: x\n"}
			{"Action":"fail","Package":"a"}`, failed: 1, shows: "panic: x\n"},
		"not built": {in: `{"Action":"build-output","ImportPath":"a","Output":"syntax error\n"}
			{"Action":"build-fail","ImportPath":"a"}
			{"Action":"fail","Package":"a","FailedBuild":"a"}`, failed: 1, shows: "syntax error\n"},
		"skipped": {in: `{"Action":"skip","Package":"a","Test":"T"}
			{"Action":"pass","Package":"a"}`, shows: "SKIPPED: a T\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			s := newSummary(&out)
			if err := s.read(strings.NewReader(c.in)); err != nil {
				t.Fatal(err)
			}
			s.finish()
			if s.passed != c.passed || s.failed != c.failed || out.String() != c.shows {
				t.Errorf("got %d passed, %d failed and %q, want %d, %d and %q", s.passed, s.failed, out.String(), c.passed, c.failed, c.shows)
			}
		})
	}
}
