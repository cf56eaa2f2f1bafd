package fedhttp_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

func finger(c *testkit.Community, resource string) *testkit.Answer {
	return c.Anonymous().GET("/.well-known/webfinger?resource=" + url.QueryEscape(resource))
}

// TestWebFingerFindsAnAccountByEveryName: facts 1.
func TestWebFingerFindsAnAccountByEveryName(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Domain("web.coterie.test"), testkit.With(func(cfg *instance.Config) { cfg.HandleDomain = "coterie.test" }))
	for _, resource := range []string{
		"acct:alice@coterie.test", "acct:ALICE@Coterie.Test", "ACCT:alice@coterie.test", "alice@coterie.test", "@alice@coterie.test",
		"acct:alice@web.coterie.test", "http://web.coterie.test/users/alice", "http://WEB.coterie.test/users/Alice",
		"http://web.coterie.test/@alice", "http://web.coterie.test/@alice/",
	} {
		a := finger(c, resource).OK()
		if got := a.Header.Get("Content-Type"); !strings.HasPrefix(got, "application/jrd+json") {
			t.Errorf("%s: Content-Type %q", resource, got)
		}
		if a.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: scripts of other sites cannot read it", resource)
		}
		f, err := apub.ParseFinger(a.Body)
		if err != nil {
			t.Fatalf("%s: %v in %s", resource, err, a.Body)
		}
		if f.Subject != "alice@coterie.test" || f.Self != "http://web.coterie.test/users/alice" || f.Profile != "http://web.coterie.test/@alice" {
			t.Errorf("%s: got %+v", resource, f)
		}
		if f.Subscribe != "http://web.coterie.test/authorize_interaction?uri={uri}" {
			t.Errorf("%s: subscribe template %q", resource, f.Subscribe)
		}
	}
}

// TestWebFingerLeadsPeopleHome: it names the avatar, and where its owner acts on
// what they see elsewhere.
func TestWebFingerLeadsPeopleHome(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	links := func() map[string]string {
		var doc struct {
			Links []struct{ Rel, Type, Href, Template string }
		}
		finger(c, "acct:alice@coterie.test").OK().Into(&doc)
		out := map[string]string{}
		for _, l := range doc.Links {
			out[l.Rel] = l.Type + " " + l.Href + l.Template
		}
		return out
	}
	got := links()
	const act = " http://coterie.test/authorize_interaction?uri={object}"
	for rel, want := range map[string]string{
		"https://w3id.org/fep/3b86/Create": " http://coterie.test/share?text={content}", "https://w3id.org/fep/3b86/Follow": act,
		"https://w3id.org/fep/3b86/Like": act, "https://w3id.org/fep/3b86/Announce": act, "https://w3id.org/fep/3b86/Object": act,
		"http://webfinger.net/rel/avatar": "",
	} {
		if got[rel] != want {
			t.Errorf("%s: %q, want %q", rel, got[rel], want)
		}
	}
	own := c.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.Upload(t, map[string][]byte{"avatar": testkit.PNG(t, testkit.Gradient(20, 20))})).Object()
	if got := links()["http://webfinger.net/rel/avatar"]; got != "image/png "+own.Str("avatar") {
		t.Errorf("the avatar: %q, want that at %s", got, own.Str("avatar"))
	}
}

func TestWebFingerRefusesWhatItCannotAnswer(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for resource, want := range map[string]int{
		"":                                      http.StatusBadRequest,
		"acct:alice":                            http.StatusBadRequest,
		"acct:@coterie.test":                    http.StatusBadRequest,
		"acct:alice@":                           http.StatusBadRequest,
		"acct:alice@coterie.test@x":             http.StatusBadRequest,
		"mailto:alice@coterie.test":             http.StatusBadRequest,
		"acct:al ice@coterie.test":              http.StatusBadRequest,
		"http://":                               http.StatusBadRequest,
		strings.Repeat("a", 3000):               http.StatusBadRequest,
		"acct:nobody@coterie.test":              http.StatusNotFound,
		"acct:alice@elsewhere.test":             http.StatusNotFound,
		"http://elsewhere.test/users/alice":     http.StatusNotFound,
		"https://coterie.test/users/alice":      http.StatusNotFound,
		"http://coterie.test/users/alice/inbox": http.StatusNotFound,
		"http://coterie.test/about":             http.StatusNotFound,
		"acct:%00@coterie.test":                 http.StatusNotFound,
	} {
		if got := finger(c, resource).Status; got != want {
			t.Errorf("%.60q: got %d, want %d", resource, got, want)
		}
	}
	if got := c.Anonymous().GET("/.well-known/webfinger").Status; got != http.StatusBadRequest {
		t.Errorf("without a resource: %d", got)
	}
}

// TestDeletedAccountIsGone: Mastodon reads 410 as gone for good (facts 1, 20).
func TestDeletedAccountIsGone(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	if _, err := c.AccountDelete(t.Context(), instance.AccountDelete{Name: "bob"}); err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		finger(c, "acct:bob@coterie.test").Want(http.StatusGone)
		finger(c, "acct:BOB@coterie.test").Want(http.StatusGone)
		for _, path := range []string{"/users/bob", "/users/bob/outbox", "/users/bob/followers", "/@bob"} {
			document(c, path).Want(http.StatusGone)
		}
	}
	check()
	c.Settle()
	check()
}

func TestInstanceActorIsFound(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for _, resource := range []string{"acct:coterie.test@coterie.test", "http://coterie.test/actor", "http://coterie.test", "http://coterie.test/"} {
		f, err := apub.ParseFinger(finger(c, resource).OK().Body)
		if err != nil || f.Self != "http://coterie.test/actor" || f.Subject != "coterie.test@coterie.test" || f.Subscribe == "" {
			t.Errorf("%s: %+v, %v", resource, f, err)
		}
	}
	d := parse(t, document(c, "/actor").OK())
	a := d.Actor
	if a == nil || d.Type != "Application" || d.ID != "http://coterie.test/actor" || a.Username != "coterie.test" || !a.Locked || len(a.Keys) != 1 {
		t.Errorf("actor: %+v", a)
	}
	if parse(t, document(c, a.Outbox).OK()).Collection.Total != 0 {
		t.Error("the outbox is not empty")
	}
}

func TestHostMetaLeadsToWebFinger(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	const want = "http://coterie.test/.well-known/webfinger?resource={uri}"
	a := c.Anonymous().GET("/.well-known/host-meta").OK()
	if got, err := apub.ParseHostMeta(a.Body); err != nil || got != want {
		t.Errorf("host-meta: %q, %v", got, err)
	}
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "application/xrd+xml") {
		t.Errorf("host-meta: Content-Type %q", a.Header.Get("Content-Type"))
	}
	var meta struct {
		Links []struct{ Rel, Template string }
	}
	c.Anonymous().GET("/.well-known/host-meta.json").OK().Into(&meta)
	if len(meta.Links) != 1 || meta.Links[0].Template != want {
		t.Errorf("host-meta.json: %+v", meta)
	}
}

func TestNodeInfoTellsWhoWeAre(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Configure(func(s *testkit.Settings) { s.Registrations, s.Title = domain.RegistrationsOpen, "The burrow" })
	c.Post("alice", "one")
	links, err := apub.ParseNodeLinks(c.Anonymous().GET("/.well-known/nodeinfo").OK().Body)
	if err != nil || links.NodeInfo != "http://coterie.test/nodeinfo/2.1" || links.Application != "http://coterie.test/actor" {
		t.Fatalf("links: %+v, %v", links, err)
	}
	for _, version := range []string{"2.0", "2.1"} {
		a := c.Anonymous().GET("/nodeinfo/" + version).OK()
		if got, want := a.Header.Get("Content-Type"), `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/`+version+`#"`; got != want {
			t.Errorf("Content-Type %q, want %q", got, want)
		}
		n, err := apub.ParseNodeInfo(a.Body)
		if err != nil || n.Software != "coterie" || n.Users != 5 || n.Posts != 1 || !n.Open || n.Name != "The burrow" {
			t.Errorf("%s: %+v, %v", version, n, err)
		}
		o := a.Object()
		if o.Str("version") != version || o.Obj("metadata").Obj("upstream").Str("name") != "mastodon" {
			t.Errorf("%s: %s", version, a.Body)
		}
	}
}
