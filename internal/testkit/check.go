package testkit

import (
	"strings"

	"coterie/internal/testkit/schema"
)

// check holds every JSON answer of the client API to what all of them owe:
// the content type, a request id, and the schema of Mastodon's API.
func (a *Answer) check() {
	a.t.Helper()
	if err := schema.Check(a.Method, a.Path, a.Status, a.Body); err != nil {
		a.t.Error(err)
	}
	if !strings.HasPrefix(a.Path, "/api/") {
		return
	}
	if a.Header.Get("X-Request-Id") == "" {
		a.t.Errorf("%s %s: no X-Request-Id", a.Method, a.Path)
	}
	if a.Path == "/api/v1/streaming/health" {
		return // plain text (behaviours 14.9)
	}
	if strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
		return // a file to keep
	}
	if ct := a.Header.Get("Content-Type"); len(a.Body) > 0 && ct != "application/json; charset=utf-8" {
		a.t.Errorf("%s %s: Content-Type is %q", a.Method, a.Path, ct)
	}
}
