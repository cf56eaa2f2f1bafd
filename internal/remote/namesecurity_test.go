package remote_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/testkit/dbtest"
)

// Strangers that pass for somebody here are refused, and whom they name stays
// as it is.
func TestSEC07NobodyPassesForSomebodyHere(t *testing.T) {
	t.Parallel()
	const ours = "http://coterie.test/users/alice"
	for name, set := range map[string]func(p *peer, d map[string]any){
		"its id is ours":                 func(_ *peer, d map[string]any) { d["id"] = ours },
		"its id is ours, in capitals":    func(_ *peer, d map[string]any) { d["id"] = "http://COTERIE.test/users/alice" },
		"its handle is ours":             func(_ *peer, d map[string]any) { d["webfinger"] = "alice@coterie.test" },
		"its handle is ours, with a dot": func(_ *peer, d map[string]any) { d["webfinger"] = "alice@coterie.test." },
		"its server says so": func(p *peer, _ map[string]any) {
			p.finger("alice@far.test", "alice@coterie.test", "http://far.test/users/alice")
		},
		"its server sends us to ourselves": func(p *peer, _ map[string]any) {
			p.on("/.well-known/webfinger?resource=acct%3Aalice%40far.test", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "http://coterie.test"+r.URL.RequestURI(), http.StatusFound)
			})
		},
		"its name has a host in it": func(p *peer, d map[string]any) {
			d["preferredUsername"] = "alice@coterie.test"
			p.finger("alice@coterie.test@far.test", "alice@coterie.test@far.test", "http://far.test/users/alice")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, dbtest.SQLite(t))
			alice := l.account(domain.Account{Username: "alice", DisplayName: "Alice"})
			p := l.peer("far.test")
			d := p.person(t, "alice", nil)
			set(p, d)
			p.show("/users/alice", d)
			if a, err := l.s.Actor(t.Context(), "http://far.test/users/alice"); err == nil {
				t.Errorf("taken as %s", a.Acct())
			}
			if _, err := l.st.Reader().AccountByURI(t.Context(), "http://far.test/users/alice"); !domain.Is(err, domain.NotFound) {
				t.Errorf("a row was made: %v", err)
			}
			if a, err := l.st.Reader().AccountByName(t.Context(), "alice", ""); err != nil || a.ID != alice.ID || a.DisplayName != "Alice" {
				t.Errorf("alice is %+v, %v", a, err)
			}
		})
	}
}

// Collections without an end cost no more than a walk may, and nobody asks
// twice for the same page.
func TestSEC60WalksEnd(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		root := w.fetch(w.post("/1", doc{"replies": webHost + "/c/0"}))
		for i := range 20 {
			w.publish(fmt.Sprintf("/c/%d", i), doc{
				"type": "CollectionPage", "id": fmt.Sprintf("%s/c/%d", webHost, i), "next": fmt.Sprintf("%s/c/%d", webHost, i+1),
				"items": []string{webHost + "/1", webHost + "/2"},
			})
		}
		w.post("/2", doc{"inReplyTo": webHost + "/1", "replies": webHost + "/loop"})
		w.publish("/loop", doc{"type": "CollectionPage", "id": webHost + "/loop", "next": webHost + "/loop", "items": []string{webHost + "/2"}})
		if _, err := w.s.WalkReplies(t.Context(), root.ID); err != nil {
			t.Fatal(err)
		}
		w.settle()
		pages := 0
		for path, n := range w.asked {
			if strings.HasPrefix(path, "/c/") {
				pages += n
			}
		}
		if pages == 0 || pages > 10 || w.asked["/loop"] != 1 {
			t.Errorf("%d pages were asked for, the loop %d times", pages, w.asked["/loop"])
		}
	})
}

// Markup in what is no HTML stays text, and names of emoji that are none are
// left out.
func TestSEC54NamesAreText(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	p := l.peer("far.test")
	const hostile = `<img src=x onerror=alert(1)>`
	a := l.actor(p.settle(t, "ann", map[string]any{
		"name": hostile, "summary": hostile,
		"attachment": []any{map[string]any{"type": "PropertyValue", "name": hostile, "value": hostile + `<a href="javascript:alert(1)">x</a>`}},
		"tag":        []any{map[string]any{"type": "Emoji", "name": ":" + hostile + ":", "icon": map[string]any{"type": "Image", "url": "http://far.test/x.png"}}},
	}))
	if a.NoteHTML != "" || len(a.Fields) != 1 || strings.Contains(a.Fields[0].Value, "<img") || strings.Contains(a.Fields[0].Value, "javascript") {
		t.Errorf("note %q, fields %+v", a.NoteHTML, a.Fields)
	}
	emojis, err := l.st.Reader().Emojis(t.Context(), []string{"far.test"}, []string{hostile, ""})
	if err != nil || len(emojis) != 0 {
		t.Errorf("emojis %+v, %v", emojis, err)
	}
}

// Threads and quotes that go round in a circle end, and long ones cost no more
// than one look-up may, however far they go.
func TestSEC60ChainsEnd(t *testing.T) {
	t.Parallel()
	for _, link := range []string{"inReplyTo", "quoteUrl"} {
		t.Run(link, func(t *testing.T) {
			t.Parallel()
			eachWeb(t, func(t *testing.T, w *web) {
				w.post("/a", doc{link: webHost + "/b"})
				w.post("/b", doc{link: webHost + "/a"})
				w.post("/self", doc{link: webHost + "/self"})
				const long = 400
				for i := range long {
					w.post(fmt.Sprintf("/n/%d", i), doc{link: fmt.Sprintf("%s/n/%d", webHost, i+1)})
				}
				for _, path := range []string{"/a", "/self", "/n/0"} {
					if _, err := w.s.Status(t.Context(), webHost+path); err != nil && !domain.Is(err, domain.NotFound) {
						t.Errorf("%s: %v", path, err)
					}
				}
				w.settle()
				most, deep := 0, 0
				for path, n := range w.asked {
					if path == "/a" || path == "/b" || path == "/self" {
						most = max(most, n)
					}
					if strings.HasPrefix(path, "/n/") {
						deep += n
					}
				}
				if most == 0 || most > 3 {
					t.Errorf("posts in a circle are asked for %d times", most)
				}
				if deep == 0 || deep > 101 {
					t.Errorf("of a chain of %d posts %d are asked for", long, deep)
				}
			})
		})
	}
}
