package main

import (
	"context"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/mattn/go-mastodon"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// visitor is a browser without scripts, at the pages of one server.
type visitor struct {
	t    *testing.T
	base string
	http *http.Client
	text string
}

func (v *visitor) take(res *http.Response, err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	v.text = string(must(io.ReadAll(res.Body))(v.t))
	if res.StatusCode != http.StatusOK {
		v.t.Fatalf("%s: %d %s", res.Request.URL, res.StatusCode, v.text)
	}
}

var (
	formTag    = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	hiddenTag  = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
	codeInForm = regexp.MustCompile(`class="code" [^>]*value="([^"]*)"`)
)

// submit sends the last form of the page with its hidden fields and filled.
func (v *visitor) submit(filled url.Values) {
	v.t.Helper()
	all := formTag.FindAllStringSubmatchIndex(v.text, -1)
	if len(all) == 0 {
		v.t.Fatalf("no form in %s", v.text)
	}
	last := all[len(all)-1]
	for _, field := range hiddenTag.FindAllStringSubmatch(v.text[last[0]:], -1) {
		filled.Set(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	action := html.UnescapeString(v.text[last[2]:last[3]])
	r := must(http.NewRequest(http.MethodPost, v.base+action, strings.NewReader(filled.Encode())))(v.t)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", v.base)
	v.take(v.http.Do(r))
}

// signIn registers an app, walks the forms as a person would and copies the
// code that the last page shows into the app.
func signIn(t *testing.T, base, login string) *mastodon.Client {
	t.Helper()
	app := must(mastodon.RegisterApp(t.Context(), &mastodon.AppConfig{Server: base, ClientName: "Story", Scopes: "read write follow"}))(t)
	jar := must(cookiejar.New(nil))(t)
	v := &visitor{t: t, base: base, http: &http.Client{Jar: jar}}
	v.take(v.http.Get(app.AuthURI))
	v.submit(url.Values{"login": {login}, "password": {testkit.Password}})
	v.submit(url.Values{"decision": {"allow"}})
	code := codeInForm.FindStringSubmatch(v.text)
	if code == nil {
		t.Fatalf("no code in %s", v.text)
	}
	c := mastodon.NewClient(&mastodon.Config{Server: base, ClientID: app.ClientID, ClientSecret: app.ClientSecret})
	if err := c.AuthenticateToken(t.Context(), code[1], domain.OutOfBand); err != nil {
		t.Fatal(err)
	}
	// Streams are asked for by the server's own name, which nobody resolves here.
	here := strings.TrimPrefix(base, "http://")
	c.Transport = checking{t, &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, here)
	}}}
	return c
}

// filter hides what bob does not want to read, by the first version of
// filters, which is the one that this library speaks.
func (s *story) filter() {
	f := must(s.bob.CreateFilter(s.t.Context(), &mastodon.Filter{Phrase: "spiders", Context: []string{"home"}, WholeWord: true}))(s.t)
	if list := must(s.bob.GetFilters(s.t.Context()))(s.t); len(list) != 1 || list[0].Phrase != "spiders" {
		s.t.Errorf("filters: %+v", list)
	}
	f.Phrase = "snakes"
	if got := must(s.bob.UpdateFilter(s.t.Context(), f.ID, f))(s.t); got.Phrase != "snakes" {
		s.t.Errorf("changed filter: %+v", got)
	}
	if err := s.bob.DeleteFilter(s.t.Context(), f.ID); err != nil {
		s.t.Error(err)
	}
}
