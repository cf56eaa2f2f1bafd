package fedhttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// TestAcceptChoosesPageOrDocument: facts 2.
func TestAcceptChoosesPageOrDocument(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	id := c.Post("alice", "hello").Str("id")
	for accept, want := range map[string]bool{
		"":                          false,
		"*/*":                       false,
		browser:                     false,
		"text/html":                 false,
		"image/avif, */*":           false,
		"application/activity+json": true,
		"application/ld+json":       true,
		"application/json":          true,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`:                            true,
		`application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`: true,
		"application/activity+json, */*":                       true,
		"*/*, application/activity+json":                       true,
		"APPLICATION/Activity+JSON":                            true,
		"application/activity+json, text/html":                 true,
		"text/html, application/activity+json":                 false,
		"text/html;q=0.9, application/activity+json":           true,
		"text/html, application/activity+json;q=0.9":           false,
		"application/activity+json;q=0, */*":                   false,
		"application/activity+json;q=nonsense":                 false,
		"application/activity+json;q=NaN":                      false,
		",,;;=,application/activity+json":                      true,
		strings.Repeat("a/b,", 1000) + activityJSON:            false,
		strings.Repeat("text/plain;", 500) + "," + "text/html": false,
	} {
		for _, path := range []string{"/@alice", "/@alice/", "/users/alice", "/@alice/" + id, "/users/alice/statuses/" + id} {
			a := c.Anonymous().With("Accept", accept).GET(path)
			got := strings.HasPrefix(a.Header.Get("Content-Type"), "application/activity+json")
			if got != want || a.Status >= 400 {
				t.Errorf("%s with Accept %.70q: %d %s", path, accept, a.Status, a.Header.Get("Content-Type"))
			}
			wantVary(t, a, "Accept", "Signature")
		}
	}
}

// wantVary asks that an answer says what it depends on.
func wantVary(t *testing.T, a *testkit.Answer, names ...string) {
	t.Helper()
	said := strings.Split(strings.ToLower(strings.ReplaceAll(strings.Join(a.Header["Vary"], ","), " ", "")), ",")
	for _, name := range names {
		if !slices.Contains(said, strings.ToLower(name)) {
			t.Errorf("%s %s (%d): Vary %q lacks %s", a.Method, a.Path, a.Status, a.Header["Vary"], name)
		}
	}
}

// TestWhatIsNotSharedIsAPage: feeds, tabs and unknown addresses stay with the
// pages whatever is asked for.
func TestWhatIsNotSharedIsAPage(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for path, want := range map[string]int{"/@alice.rss": 200, "/@alice/with_replies": 200, "/about": 200, "/@nobody.rss": 404, "/nothing": 404} {
		a := document(c, path)
		if a.Status != want || strings.Contains(a.Header.Get("Content-Type"), "activity+json") {
			t.Errorf("%s: %d %s", path, a.Status, a.Header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/@nobody", "/users/nobody", "/@alice/1", "/users/alice/statuses/1", "/users/alice/statuses/x", "/users/%00", "/users/nobody/outbox"} {
		a := document(c, path)
		if a.Status != http.StatusNotFound || !strings.Contains(a.Header.Get("Content-Type"), "json") {
			t.Errorf("%s: %d %s", path, a.Status, a.Header.Get("Content-Type"))
		}
		wantVary(t, a, "Accept", "Signature")
	}
}

// sharedCache is a cache such as stands in front of a server (RFC 9111): it
// keeps what is public, and gives it to whoever asks with the same values of
// the headers that Vary names.
type sharedCache struct {
	c       *testkit.Community
	entries map[string][]cached
	hits    int
}

type cached struct {
	header map[string]string
	answer *testkit.Answer
}

func (s *sharedCache) get(path string, header map[string]string) *testkit.Answer {
	for _, e := range s.entries[path] {
		same := true
		for name, value := range e.header {
			same = same && header[name] == value
		}
		if same {
			s.hits++
			return e.answer
		}
	}
	client := s.c.Anonymous()
	for name, value := range header {
		client = client.With(name, value)
	}
	a := client.GET(path)
	if strings.Contains(a.Header.Get("Cache-Control"), "public") {
		key := map[string]string{}
		for _, name := range strings.Split(strings.Join(a.Header["Vary"], ","), ",") {
			name = http.CanonicalHeaderKey(strings.TrimSpace(name))
			key[name] = header[name]
		}
		s.entries[path] = append(s.entries[path], cached{key, a})
	}
	return a
}

// TestSEC35_CacheMixesNobodyUp: whoever comes first, nobody gets another's answer.
func TestSEC35_CacheMixesNobodyUp(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	id := c.Post("alice", "hello").Str("id")
	cookie := signIn(t, c, "alice")
	readers := []struct {
		name   string
		header map[string]string
		check  func(a *testkit.Answer) bool
	}{
		{"browser", map[string]string{"Accept": browser}, isPage},
		{"member", map[string]string{"Accept": browser, "Cookie": cookie}, isPage},
		{"server", map[string]string{"Accept": activityJSON}, isDocument},
		{"signing server", map[string]string{"Accept": activityJSON, "Signature": `keyId="https://peer.test/a",signature="AA=="`}, func(a *testkit.Answer) bool {
			return isDocument(a) && strings.Contains(a.Header.Get("Cache-Control"), "no-store")
		}},
		{"blocked server", map[string]string{"Accept": activityJSON, "Signature": `keyId="https://blocked.test/a",signature="AA=="`}, func(a *testkit.Answer) bool {
			return a.Status == http.StatusForbidden
		}},
	}
	block(t, c, "blocked.test")
	for _, path := range []string{"/@alice", "/users/alice", "/@alice/" + id, "/users/alice/statuses/" + id} {
		for first := range readers {
			s := &sharedCache{c: c, entries: map[string][]cached{}}
			for n := range 2 * len(readers) {
				r := readers[(first+n)%len(readers)]
				a := s.get(path, r.header)
				if !r.check(a) {
					t.Errorf("%s, %s first: %s got %d %s, %s", path, readers[first].name, r.name, a.Status, a.Header.Get("Content-Type"), a.Header.Get("Cache-Control"))
				}
			}
			if s.hits == 0 {
				t.Errorf("%s: nothing can be kept at all", path)
			}
		}
	}
}

func isPage(a *testkit.Answer) bool {
	return a.Status < 400 && !strings.Contains(a.Header.Get("Content-Type"), "json")
}

func isDocument(a *testkit.Answer) bool {
	return a.Status == http.StatusOK && strings.HasPrefix(a.Header.Get("Content-Type"), "application/activity+json")
}
