package instance_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"coterie/internal/testkit"
)

// browse is a browser that goes from community to community: each keeps its
// own cookies, and it follows links between them.
type browse struct {
	f       *fediverse
	at      *testkit.Community
	page    *html.Node
	cookies map[*testkit.Community]map[string]string
}

func (f *fediverse) browse() *browse {
	return &browse{f: f, cookies: map[*testkit.Community]map[string]string{f.one: {}, f.two: {}}}
}

// open goes to an address of one of the communities, and on to where that
// sends it.
func (b *browse) open(address string) {
	b.f.Helper()
	b.visit(http.MethodGet, address, nil)
}

func (b *browse) visit(method, address string, body any) {
	b.f.Helper()
	for range 5 {
		for _, c := range []*testkit.Community{b.f.one, b.f.two} {
			if path, ok := strings.CutPrefix(address, c.Config.BaseURL()); ok {
				b.at, address = c, path
			}
		}
		a := b.client().Do(method, address, body)
		for _, c := range (&http.Response{Header: a.Header}).Cookies() {
			b.cookies[b.at][c.Name] = c.Value
		}
		if a.Status != http.StatusSeeOther {
			a.OK()
			page, err := html.Parse(bytes.NewReader(a.Body))
			if err != nil {
				b.f.Fatal(err)
			}
			b.page = page
			return
		}
		method, address, body = http.MethodGet, a.Header.Get("Location"), nil
	}
	b.f.Fatalf("%s never arrives", address)
}

func (b *browse) client() *testkit.Client {
	var pairs []string
	for name, value := range b.cookies[b.at] {
		pairs = append(pairs, name+"="+value)
	}
	return b.at.Anonymous().In(b.f.T).With("Cookie", strings.Join(pairs, "; "))
}

// submit sends the form of the page that goes to action, filled in with what
// the page says and these.
func (b *browse) submit(action string, pairs ...string) {
	b.f.Helper()
	for n := range b.page.Descendants() {
		if n.Data != "form" || attr(n, "action") != action {
			continue
		}
		values := testkit.Form{}
		for field := range n.Descendants() {
			if field.Data == "input" {
				values.Set(attr(field, "name"), attr(field, "value"))
			}
		}
		for name, list := range testkit.F(pairs...) {
			values[name] = list
		}
		b.visit(http.MethodPost, action, values)
		return
	}
	b.f.Fatalf("there is no form to %s", action)
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestActingFromElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"a visitor follows through their own server": func(f *fediverse) {
			post := f.post("alice", "Come in, the burrow is warm")
			b := f.browse()
			b.open("http://one.test/@alice")
			b.submit("/remote_interaction", "server", "@carol@two.test")
			b.submit("/auth/sign_in", "login", "carol", "password", testkit.Password)
			b.submit("/authorize_interaction", "verb", "follow")
			f.settle()
			f.hears(f.one, "alice", "follow", 1)
			f.stands(f.two, "carol", f.two.FindAccount("carol", "alice@one.test").Str("id"), "following")

			// The next time the server need not be typed, and carol is signed in.
			b.open(post.Str("url"))
			b.submit("/remote_interaction")
			b.submit("/authorize_interaction", "verb", "favourite")
			b.submit("/authorize_interaction", "verb", "boost")
			f.settle()
			f.hears(f.one, "alice", "favourite", 1)
			f.hears(f.one, "alice", "reblog", 1)
		},
		"a visitor asks somebody who is locked": func(f *fediverse) {
			lock(f.one, "alice")
			b := f.browse()
			b.open("http://one.test/@alice")
			b.submit("/remote_interaction", "server", "two.test")
			b.submit("/auth/sign_in", "login", "carol", "password", testkit.Password)
			b.submit("/authorize_interaction", "verb", "follow")
			f.settle()
			f.hears(f.one, "alice", "follow_request", 1)
			f.stands(f.two, "carol", f.two.FindAccount("carol", "alice@one.test").Str("id"), "requested")
		},
	})
}
