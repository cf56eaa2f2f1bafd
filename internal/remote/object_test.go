package remote_test

import (
	"net/http"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/testkit/dbtest"
)

const victimNote = "http://good.test/notes/1"

// Only the host in the id, at the final address, may say what the object is.
func TestSEC01ObjectsComeFromTheirOwnID(t *testing.T) {
	t.Parallel()
	type world struct{ good, evil *peer }
	forged := map[string]any{"id": victimNote, "type": "Note", "content": "forged", "attributedTo": "http://good.test/users/ann"}
	genuine := map[string]any{"id": victimNote, "type": "Note", "content": "genuine", "attributedTo": "http://good.test/users/ann"}
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
	}
	for _, c := range []struct {
		name, ask string
		set       func(w world)
		want      string // content, "" is refused
	}{
		{"its id", victimNote, func(world) {}, "genuine"},
		{"a copy elsewhere", "http://evil.test/x", func(w world) { w.evil.show("/x", forged) }, "genuine"},
		{"a copy of what is not there", "http://evil.test/x", func(w world) { w.evil.show("/x", forged); w.good.fail("/notes/1", 404) }, ""},
		{"the id redirects elsewhere", victimNote, func(w world) { w.good.on("/notes/1", redirect("http://evil.test/x")); w.evil.show("/x", forged) }, ""},
		{"another path of the same host", "http://good.test/@ann/1", func(w world) { w.good.show("/@ann/1", genuine) }, "genuine"},
		{"a redirect to the id", "http://good.test/@ann/1", func(w world) { w.good.on("/@ann/1", redirect(victimNote)) }, "genuine"},
		{"an id that calls itself another", "http://good.test/@ann/1", func(w world) {
			w.good.show("/@ann/1", map[string]any{"id": "http://good.test/2", "type": "Note"})
			w.good.show("/2", map[string]any{"id": "http://good.test/3", "type": "Note"})
		}, ""},
		{"no id", "http://evil.test/x", func(w world) { w.evil.show("/x", map[string]any{"type": "Note", "url": victimNote}) }, ""},
		{"an id of ours", "http://evil.test/x", func(w world) {
			w.evil.show("/x", map[string]any{"id": "http://coterie.test/users/alice", "type": "Person"})
		}, ""},
		{"only the url matches", "http://evil.test/x", func(w world) {
			w.evil.show("/x", map[string]any{"id": "http://evil.test/y", "url": victimNote, "type": "Note", "content": "forged"})
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, dbtest.SQLite(t))
			w := world{l.peer("good.test"), l.peer("evil.test")}
			w.good.show("/notes/1", genuine)
			c.set(w)
			doc, err := l.s.Object(t.Context(), c.ask)
			if c.want == "" {
				if err == nil {
					t.Errorf("got %s", doc.Raw)
				}
				return
			}
			if err != nil || doc.Note == nil || doc.Note.Content != c.want || doc.ID != victimNote {
				t.Errorf("%+v: %v", doc, err)
			}
		})
	}
}

// The right bytes under another media type are nothing.
func TestSEC03ObjectsHaveTheRightMediaType(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	p := l.peer("far.test")
	body := encode(map[string]any{"id": "http://far.test/1", "type": "Note", "attributedTo": "http://far.test/users/ann"})
	for kind, want := range map[string]bool{
		"application/activity+json; charset=utf-8":                             true,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`: true,
		"application/json":         false,
		"application/ld+json":      false,
		"text/plain":               false,
		"text/html":                false,
		"application/octet-stream": false,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams.evil"`: false,
		"application/activity+json-not":                                             false,
		`text/html; profile="https://www.w3.org/ns/activitystreams"`:                false,
		"image/png; application/activity+json":                                      false,
		`application/json; profile="https://www.w3.org/ns/activitystreams"`:         false,
	} {
		p.say("/1", kind, body)
		if _, err := l.s.Object(t.Context(), "http://far.test/1"); (err == nil) != want || err != nil && !domain.Is(err, domain.Invalid) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestObjectKinds(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	p, refused := l.peer("far.test"), l.peer("refused.test")
	l.decide("refused.test", domain.DomainPolicy{Severity: domain.SeveritySuspend})
	refused.settle(t, "ann", nil)
	for path, status := range map[string]int{"/404": 404, "/410": 410, "/403": 403, "/401": 401, "/500": 500, "/400": 400} {
		p.fail(path, status)
	}
	p.show("/tombstone", map[string]any{"id": "http://far.test/tombstone", "type": "Tombstone"})
	p.say("/broken", "application/activity+json", "{")
	p.say("/huge", "application/activity+json", `{"a":"`+strings.Repeat("x", 2<<20)+`"}`)
	p.on("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://refused.test/users/ann", http.StatusFound)
	})
	for address, want := range map[string]domain.Kind{
		"http://far.test/404": domain.NotFound, "http://far.test/410": domain.Gone, "http://far.test/tombstone": domain.Gone,
		"http://far.test/403": domain.Forbidden, "http://far.test/401": domain.Forbidden, "http://refused.test/users/ann": domain.Forbidden,
		"http://far.test/500": domain.Unavailable, "http://nowhere.test/1": domain.Unavailable, "http://far.test/400": domain.Invalid,
		"http://far.test/broken": domain.Invalid, "http://far.test/huge": domain.Invalid, "http://coterie.test/users/alice": domain.Invalid,
		"ftp://far.test/1": domain.Invalid, "http://far.test/away": domain.Forbidden,
	} {
		if _, err := l.s.Object(t.Context(), address); err == nil || domain.KindOf(err) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	if n := refused.hits("/users/ann"); n > 1 { // the redirect alone, whose answer is thrown away
		t.Errorf("a refused host was asked %d times", n)
	}
	if _, err := l.s.Actor(t.Context(), "http://refused.test/users/ann"); !domain.Is(err, domain.Forbidden) {
		t.Errorf("an actor of a refused host: %v", err)
	}
}

// A host that takes only one kind of signature is asked in that kind from
// then on (facts 4.4).
func TestDoubleKnock(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		body := encode(map[string]any{"id": "http://far.test/1", "type": "Note"})
		old := 0
		p.on("/1", func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Signature-Input") == "" {
				old++
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			w.Header().Set("Content-Type", "application/activity+json")
			_, _ = w.Write([]byte(body))
		})
		for range 3 {
			if _, err := l.s.Object(t.Context(), "http://far.test/1"); err != nil {
				t.Fatal(err)
			}
		}
		h, err := l.st.Reader().Host(t.Context(), "far.test")
		if old != 1 || err != nil || h.Signatures != fetch.RFC9421.String() {
			t.Errorf("%d in the old form; %+v: %v", old, h, err)
		}
	})
}
