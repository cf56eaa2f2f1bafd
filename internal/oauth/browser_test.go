package oauth_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

// browser is somebody with a web browser: it keeps cookies and knows which
// page it is on.
type browser struct {
	t       testing.TB
	in      *testkit.Community
	cookies map[string]string
	page    *testkit.Answer
	headers map[string]string
}

func newBrowser(t testing.TB, in *testkit.Community) *browser {
	return &browser{t: t, in: in, cookies: map[string]string{}, headers: map[string]string{}}
}

func (b *browser) client() *testkit.Client {
	cl := b.in.Anonymous().In(b.t).With("Sec-Fetch-Site", "same-origin")
	var pairs []string
	for k, v := range b.cookies {
		pairs = append(pairs, k+"="+v)
	}
	if len(pairs) > 0 {
		cl = cl.With("Cookie", strings.Join(pairs, "; "))
	}
	for k, v := range b.headers {
		cl = cl.With(k, v)
	}
	return cl
}

func (b *browser) keep(a *testkit.Answer) *testkit.Answer {
	res := http.Response{Header: a.Header}
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	b.page = a
	return a
}

// open asks for a page and follows redirects as long as they stay here.
func (b *browser) open(path string) *testkit.Answer {
	b.t.Helper()
	return b.follow(b.keep(b.client().GET(path)))
}

func (b *browser) follow(a *testkit.Answer) *testkit.Answer {
	b.t.Helper()
	for range 10 {
		to := a.Header.Get("Location")
		if a.Status < 300 || a.Status > 399 || !strings.HasPrefix(to, "/") {
			return a
		}
		a = b.keep(b.client().GET(to))
	}
	b.t.Fatalf("redirects without end at %s", a.Path)
	return nil
}

var (
	formPattern  = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	inputPattern = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// submit fills in the form on the page and sends it.
func (b *browser) submit(pairs ...string) *testkit.Answer {
	b.t.Helper()
	form := formPattern.FindSubmatch(b.page.Body)
	if form == nil {
		b.t.Fatalf("there is no form on %s: %s", b.page.Path, b.page.Body)
	}
	values := url.Values{}
	for _, m := range inputPattern.FindAllSubmatch(b.page.Body, -1) {
		values.Set(html.UnescapeString(string(m[1])), html.UnescapeString(string(m[2])))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return b.follow(b.keep(b.client().POST(html.UnescapeString(string(form[1])), values)))
}

// signIn signs somebody of the cast in.
func (b *browser) signIn(name string) *testkit.Answer {
	b.t.Helper()
	b.open("/auth/sign_in?again=1")
	return b.submit("login", name, "password", testkit.Password)
}

// app is a registered client.
type app struct {
	in         *testkit.Community
	t          testing.TB
	id, secret string
	redirect   string
	scopes     string
}

func register(t testing.TB, in *testkit.Community, redirect, scopes string) app {
	t.Helper()
	o := in.Anonymous().In(t).POST("/api/v1/apps", testkit.F(
		"client_name", "Burrow", "redirect_uris", redirect, "scopes", scopes, "website", "https://burrow.example")).Object()
	return app{in: in, t: t, id: o.Str("client_id"), secret: o.Str("client_secret"), redirect: redirect, scopes: scopes}
}

// authorize is the address the app sends a browser to.
func (a app) authorize(pairs ...string) string {
	q := url.Values{
		"response_type": {"code"}, "client_id": {a.id}, "redirect_uri": {a.redirect},
		"scope": {a.scopes}, "state": {"s t&te"},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/oauth/authorize?" + q.Encode()
}

// exchange asks for a token.
func (a app) exchange(code string, pairs ...string) *testkit.Answer {
	a.t.Helper()
	f := testkit.F("grant_type", "authorization_code", "client_id", a.id, "client_secret", a.secret,
		"redirect_uri", a.redirect, "code", code)
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return a.in.Anonymous().In(a.t).POST("/oauth/token", f)
}

// answered is what the app finds in the address it was called at.
func answered(t testing.TB, a *testkit.Answer) (at string, q url.Values) {
	t.Helper()
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil || a.Status < 300 || a.Status > 399 {
		t.Fatalf("%s %s did not lead to the app: %d %s %s", a.Method, a.Path, a.Status, a.Header.Get("Location"), a.Body)
	}
	q = u.Query()
	u.RawQuery = ""
	return u.String(), q
}

// code walks a signed-in browser through the consent form.
func (a app) code(b *browser, pairs ...string) string {
	a.t.Helper()
	got := b.open(a.authorize(pairs...))
	if got.Status == http.StatusOK {
		got = b.submit("decision", "allow")
	}
	_, q := answered(a.t, got)
	if q.Get("code") == "" {
		a.t.Fatalf("no code in %v", q)
	}
	return q.Get("code")
}
