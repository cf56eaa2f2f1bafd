package testkit

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Evidence is that a test got what it asked for.
type Evidence struct {
	Method string
	Path   string // without its query
	Test   string // the function, without its subtests
}

// evidence is what the tests of this process have shown so far.
var evidence = &struct {
	sync.Mutex
	all map[Evidence]bool
}{all: map[Evidence]bool{}}

// Shown is what the tests of this process have shown so far, in no order.
func Shown() []Evidence {
	evidence.Lock()
	defer evidence.Unlock()
	list := make([]Evidence, 0, len(evidence.all))
	for e := range evidence.all {
		list = append(list, e)
	}
	return list
}

func show(t testing.TB, method, path string) {
	path, _, _ = strings.Cut(path, "?")
	test, _, _ := strings.Cut(t.Name(), "/")
	evidence.Lock()
	defer evidence.Unlock()
	evidence.all[Evidence{Method: method, Path: path, Test: test}] = true
}

// Witness is h for the servers of tests that use a client of their own, which
// look at each answer themselves.
func Witness(t testing.TB, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		show(t, r.Method, r.URL.Path)
		h.ServeHTTP(w, r)
	})
}
