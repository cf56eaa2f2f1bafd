package webui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// browser is somebody with a window on one community; what it is sent to at
// another is the test's matter.
type browser struct {
	t      *testing.T
	c      *testkit.Community
	client *testkit.Client
}

func guest(t *testing.T, c *testkit.Community) browser {
	return browser{t, c, c.Anonymous().In(t)}
}

func signedIn(t *testing.T, c *testkit.Community, name string) browser {
	t.Helper()
	return browser{t, c, c.Anonymous().In(t).With("Cookie", signIn(t, c, name))}
}

func (b browser) open(path string) document {
	b.t.Helper()
	return parse(b.t, b.client.GET(path).OK())
}

// send posts the form of a page that goes to action, with its hidden fields
// and these.
func (b browser) send(d document, action string, pairs ...string) *testkit.Answer {
	b.t.Helper()
	for n := range d.root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "form" || attribute(n, "action") != action {
			continue
		}
		for field := range n.Descendants() {
			if field.Data == "input" && attribute(field, "type") == "hidden" {
				pairs = append(pairs, attribute(field, "name"), attribute(field, "value"))
			}
		}
		return b.client.POST(action, testkit.F(pairs...))
	}
	b.t.Fatalf("%s has no form to %s", d.res.Path, action)
	return nil
}

// button reports whether the page has a button with that verb.
func (d document) button(verb string) bool { return d.attr("value", verb, "name") == "verb" }

// refuse has a community have nothing to do with a host.
func refuse(t *testing.T, c *testkit.Community, host string) {
	t.Helper()
	if err := c.SetDomainPolicy(t.Context(), instance.DomainPolicy{Domain: host, Severity: domain.SeveritySuspend}); err != nil {
		t.Fatal(err)
	}
}

const (
	interaction = "/authorize_interaction"
	homeward    = "/remote_interaction"
)

func about(uri string) string { return interaction + "?uri=" + url.QueryEscape(uri) }

func TestSomebodyElsewhereIsFollowed(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	for _, uri := range []string{"acct:alice@" + one.Config.Domain, "@alice@" + one.Config.Domain, "alice@" + one.Config.Domain, one.Config.BaseURL() + "/users/alice", one.Config.BaseURL() + "/@alice"} {
		d := signedIn(t, two, "carol").open(about(uri))
		d.has("alice", "@alice@"+one.Config.Domain)
		d.wantAttr("class", "btn sec", "href", one.Config.BaseURL()+"/@alice")
		if !d.button("follow") {
			t.Errorf("%s: no way to follow", uri)
		}
	}
	b := signedIn(t, two, "carol")
	uri := about("acct:alice@" + one.Config.Domain)
	if got := b.send(b.open(uri), interaction, "verb", "follow").Want(http.StatusSeeOther).Header.Get("Location"); got != uri {
		t.Errorf("sent to %q, not %q", got, uri)
	}
	if d := b.open(uri); d.button("follow") || !strings.Contains(d.text, "asked to follow") {
		t.Errorf("after asking: %s", d.text)
	}
	one.Settle()
	two.Settle()
	one.Settle()
	if d := b.open(uri); d.button("follow") || !strings.Contains(d.text, "You follow") {
		t.Errorf("after the answer: %s", d.text)
	}
	if heard := one.Heard("alice", "follow"); len(heard) != 1 {
		t.Errorf("alice hears of %d follows", len(heard))
	}
	b.open(about("@carol@" + two.Config.Domain)).has("This is you.")
}

func TestPostElsewhereIsFavouritedAndBoosted(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	p := one.Post("alice", "hello from the <marsh>")
	b := signedIn(t, two, "carol")
	uri := about(p.Str("url"))
	d := b.open(uri)
	d.has("hello from the <marsh>")
	d.wantAttr("class", "btn sec", "href", p.Str("url"))
	for _, verb := range []string{"favourite", "boost"} {
		if d = b.open(uri); !d.button(verb) {
			t.Fatalf("no way to %s", verb)
		}
		b.send(d, interaction, "verb", verb).Want(http.StatusSeeOther)
		if b.open(uri).button(verb) {
			t.Errorf("%s is offered twice", verb)
		}
	}
	two.Settle()
	one.Settle()
	got := one.As("alice").GET("/api/v1/statuses/" + p.Str("id")).Object()
	if got.Num("favourites_count") != 1 || got.Num("reblogs_count") != 1 {
		t.Errorf("%v favourites, %v boosts", got.Num("favourites_count"), got.Num("reblogs_count"))
	}
	b.send(d, interaction, "verb", "eat").Want(http.StatusBadRequest)
}

// What is of here is found, too, and only by those whom it is for.
func TestSEC28_FindingShowsWhatTheViewerMaySee(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	secret := c.Post("alice", "SECRET", "visibility", "private")
	public := c.Post("alice", "for all")
	bob := signedIn(t, c, "bob")
	for _, key := range []string{"uri", "url"} {
		bob.open(about(public.Str(key))).has("for all")
		a := bob.client.GET(about(secret.Str(key))).Want(http.StatusNotFound)
		if strings.Contains(string(a.Body), "SECRET") {
			t.Error("a post for followers is shown to others")
		}
		alice := signedIn(t, c, "alice").open(about(secret.Str(key)))
		alice.has("SECRET")
		if !alice.button("boost") {
			t.Error("nobody can boost their own")
		}
	}
	c.Follow("bob", "alice")
	d := bob.open(about(secret.Str("uri")))
	d.has("SECRET")
	if d.button("boost") || !d.button("favourite") {
		t.Error("a post for followers can be boosted by one")
	}
	bob.send(d, interaction, "verb", "boost").Want(http.StatusForbidden)
	c.As("bob").POST("/api/v1/accounts/"+c.Person("alice").ID.String()+"/unfollow", nil).OK()
	bob.send(d, interaction, "verb", "favourite").Want(http.StatusNotFound)
}

func TestSignedOutPeopleSignInFirst(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	b := guest(t, c)
	uri := about("acct:alice@coterie.test")
	to := b.client.GET(uri).Want(http.StatusSeeOther).Header.Get("Location")
	if want := "/auth/sign_in?return_to=" + url.QueryEscape(uri); to != want {
		t.Fatalf("sent to %q, not %q", to, want)
	}
	a := b.send(b.open(to), "/auth/sign_in", "login", "bob", "password", testkit.Password).Want(http.StatusSeeOther)
	if got := a.Header.Get("Location"); got != uri {
		t.Errorf("came back to %q, not %q", got, uri)
	}
	b.client.POST(interaction, testkit.F("uri", "acct:alice@coterie.test", "id", c.Person("alice").ID.String(), "verb", "follow")).Want(http.StatusSeeOther)
	if c.Relation("bob", c.Person("alice").ID.String()).Bool("following") {
		t.Error("somebody who is signed out follows")
	}
}

func TestFindingSaysWhyNot(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	one, two := n.Found("one.test"), n.Found("two.test")
	b := signedIn(t, two, "carol")
	n.Found("down.test")
	n.Down("down.test", true)
	n.Serve("odd.test", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/activity+json")
		_, _ = w.Write([]byte(`{"id":"http://odd.test/x","type":`))
	}))
	refuse(t, two, "bad.test")
	for uri, want := range map[string]int{
		"": 400, "nobody": 400, "javascript:alert(1)": 400, "https://" + strings.Repeat("a", 3000): 400, "mailto:x": 400,
		"acct:nobody@one.test": 404, "http://one.test/users/nobody": 404, "@nobody@two.test": 404, "http://two.test/users/carol/statuses/9": 404,
		one.Config.BaseURL() + "/about": 404,
		"http://bad.test/users/x":       403, "acct:x@bad.test": 403,
		"http://down.test/users/x": 503, "acct:x@down.test": 503,
		"http://odd.test/x": 422,
	} {
		d := parse(t, b.client.GET(about(uri)))
		if d.res.Status != want {
			t.Errorf("%.60q: %d, want %d: %s", uri, d.res.Status, want, d.text)
		}
		if want != http.StatusBadRequest {
			d.wantAttr("action", "/auth/sign_out", "method", "post")
		}
	}
}

// The form of a public page leads home, and remembers the way.
func TestVisitorsGoHome(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	p := one.Post("alice", "hello")
	id := p.Str("id")
	b := guest(t, one)
	for path, uri := range map[string]string{"/@alice": one.Config.BaseURL() + "/users/alice", "/@alice/" + id: p.Str("uri")} {
		d := b.open(path)
		d.wantAttr("id", "f-server", "value", "")
		for typed, named := range map[string]string{"@carol@" + two.Config.Domain: "carol@" + two.Config.Domain, two.Config.Domain: two.Config.Domain, two.Config.BaseURL() + "/@carol": "carol@" + two.Config.Domain} {
			a := b.send(d, homeward, "server", typed).Want(http.StatusSeeOther)
			if got, want := a.Header.Get("Location"), two.Config.BaseURL()+about(uri); got != want {
				t.Errorf("%s from %s: sent to %q, not %q", typed, path, got, want)
			}
			cookie := a.Header.Get("Set-Cookie")
			if !strings.HasPrefix(cookie, "home="+named+";") || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
				t.Errorf("cookie %q", cookie)
			}
			again := parse(t, b.client.With("Cookie", "home="+named).GET(path).OK())
			again.wantAttr("id", "f-server", "value", named)
			if got := again.res.Header.Get("Cache-Control"); got != "private, no-store" {
				t.Errorf("a page that remembers somebody: Cache-Control %q", got)
			}
		}
		// an account here after all
		a := b.send(d, homeward, "server", one.Config.Domain).Want(http.StatusSeeOther)
		if got, want := a.Header.Get("Location"), one.Config.BaseURL()+about(uri); got != want {
			t.Errorf("sent to %q, not %q", got, want)
		}
		signedIn(t, one, "bob").open(path).hasNot(homeward)
	}
	own := guest(t, one).open(homeward + "?uri=" + url.QueryEscape(p.Str("uri")))
	own.has("@alice@" + one.Config.Domain)
	to := signedIn(t, one, "bob").client.GET(homeward + "?uri=" + url.QueryEscape(p.Str("uri"))).Want(http.StatusSeeOther)
	if got := to.Header.Get("Location"); got != about(p.Str("uri")) {
		t.Errorf("who is signed in is sent to %q", got)
	}
}

func TestVisitorsAreToldWhyTheyCannotGo(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	one := n.Found("one.test")
	n.Found("down.test")
	n.Down("down.test", true)
	n.Serve("mute.test", http.NotFoundHandler())
	n.Serve("bad.test", http.NotFoundHandler())
	n.Serve("sly.test", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jrd+json")
		_, _ = w.Write([]byte(`{"subject":"acct:x@sly.test","links":[{"rel":"self","type":"application/activity+json","href":"http://sly.test/x"},` +
			`{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"http://evil.test/?{uri}"}]}`))
	}))
	refuse(t, one, "bad.test")
	b := guest(t, one)
	d := b.open("/@alice")
	for typed, want := range map[string]string{
		"": "neither a server", "not a server": "neither a server", "ftp://x.test": "neither a server",
		"down.test": "does not answer", "x@nowhere.test": "does not answer",
		"mute.test": "does not say", "x@mute.test": "does not say", "sly.test": "does not say", "x@sly.test": "does not say", "bad.test": "does not say",
	} {
		a := parse(t, b.send(d, homeward, "server", typed).Want(http.StatusUnprocessableEntity))
		a.has(want, "@alice@one.test")
		a.wantAttr("id", "f-server", "value", typed)
		a.wantAttr("id", "f-server", "aria-invalid", "true")
		if a.res.Header.Get("Set-Cookie") != "" {
			t.Errorf("%q is remembered", typed)
		}
	}
	secret := one.Post("alice", "SECRET", "visibility", "private")
	for _, uri := range []string{"", "http://elsewhere.test/users/alice", "http://one.test/users/nobody", "http://one.test/about", "http://one.test/users/alice/inbox", secret.Str("uri")} {
		b.client.POST(homeward, testkit.F("uri", uri, "server", "mute.test")).Want(http.StatusNotFound)
		b.client.GET(homeward + "?uri=" + url.QueryEscape(uri)).Want(http.StatusNotFound)
	}
}

// Forms of other sites follow nobody and send nobody anywhere.
func TestSEC64_InteractionsAreOfOurOwnForms(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	alice := two.FindAccount("carol", "alice@"+one.Config.Domain)
	stranger := signedIn(t, two, "carol").client.With("Sec-Fetch-Site", "cross-site").With("Origin", "http://evil.test")
	stranger.POST(interaction, testkit.F("uri", alice.Str("uri"), "id", alice.Str("id"), "verb", "follow")).Want(http.StatusForbidden)
	if r := two.Relation("carol", alice.Str("id")); r.Bool("following") || r.Bool("requested") {
		t.Error("another site follows for her")
	}
	a := guest(t, one).client.With("Sec-Fetch-Site", "cross-site").POST(homeward, testkit.F("uri", one.Config.BaseURL()+"/users/alice", "server", two.Config.Domain)).Want(http.StatusForbidden)
	if a.Header.Get("Location") != "" || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("another site sends visitors on: %v", a.Header)
	}
}

func TestSEC47_FindingIsLimited(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Limited())
	b := signedIn(t, c, "bob")
	for i := range 100 {
		if a := b.client.GET(about("@nobody@coterie.test")); a.Status == http.StatusTooManyRequests {
			if i < 20 {
				t.Errorf("limited after %d", i)
			}
			return
		}
	}
	t.Error("never limited")
}
