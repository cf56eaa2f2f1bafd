package webui_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"golang.org/x/net/html"

	"coterie/internal/testkit"
)

// FuzzAddresses asks for any path and query: every answer is an answer, and
// none is our fault.
func FuzzAddresses(f *testing.F) {
	for _, path := range []string{
		"/", "/@alice", "/@alice.rss", "/@alice/with_replies", "/@alice/1", "/@alice/tagged/tea.rss", "/tags/tea", "/tags/tea.rss", "/tags/.rss",
		"/@", "/@.rss", "/@alice@coterie.test", "/@alice@other.test", "/users/alice", "/users/alice/statuses/1", "//evil.example/@alice", "/@alice/%00", "/tags/%FF",
	} {
		f.Add(path, "max_id=1&min_id=2&lang=de")
	}
	f.Add("/", "key=&max_id=99999999999999999999&max_id[]=x")
	c := testkit.NewInstance(f)
	c.Post("alice", "some #tea")
	f.Fuzz(func(t *testing.T, path, query string) {
		r := httptest.NewRequest(http.MethodGet, base+"/", nil)
		r.URL = &url.URL{Scheme: "http", Host: "coterie.test", Path: "/" + path, RawQuery: query}
		w := httptest.NewRecorder()
		c.Handler().ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("%q?%q: %d", path, query, w.Code)
		}
		if w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			return
		}
		doc, err := html.Parse(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
				t.Errorf("%q?%q: <%s> on the page", path, query, n.Data)
			}
		}
	})
}
