package mastoapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"coterie/internal/testkit"
)

// verified are the fields of a profile that are known to lead back to it.
func verified(o testkit.Object) string {
	var out []string
	for _, f := range list(o, "fields") {
		if f["verified_at"] != nil {
			out = append(out, f.Str("name"))
		}
	}
	return strings.Join(out, " ")
}

// TestLinksOfProfilesAreVerified: pages that name a profile as their owner's
// (behaviours 7.8).
func TestLinksOfProfilesAreVerified(t *testing.T) {
	t.Parallel()
	for engine, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c := n.Found("one.test", options...)
			const profile = "http://one.test/@alice"
			site := openPaper(n, "site.test")
			site.print("/link", `<head><link href="`+strings.ToUpper(profile)+`" rel="nofollow ME"></head>`)
			site.print("/anchor", `<p>about <a rel="me" href="http://one.test/@bob">not me</a> <a href="`+profile+`" rel="me noopener">me</a>`)
			site.print("/without", `<a href="`+profile+`">me</a>`)
			site.print("/other", `<a rel="me" href="http://one.test/@bob">me</a>`)
			site.print("/short", `<a rel="me" href="http://site.test/go">me</a>`)
			site.print("/go", "to "+profile)
			site.print("/astray", `<a rel="me" href="http://site.test/gone">me</a><a rel="me" href="http://site.test/go">me</a>`)
			site.print("/gone", "to http://one.test/@bob")
			alice := c.As("alice").In(t)
			set := func(pairs ...string) testkit.Object {
				form := testkit.Form{}
				for i := 0; i+1 < len(pairs); i += 2 {
					form.Set(fmt.Sprintf("fields_attributes[%d][name]", i/2), pairs[i])
					form.Set(fmt.Sprintf("fields_attributes[%d][value]", i/2), pairs[i+1])
				}
				o := alice.PATCH("/api/v1/accounts/update_credentials", form).Object()
				c.Settle()
				return o
			}
			now := func() testkit.Object { return c.Anonymous().In(t).GET("/api/v1/accounts/lookup?acct=alice").Object() }
			set("link", "http://site.test/link", "anchor", " http://site.test/anchor ", "without", "http://site.test/without", "other", "http://site.test/other")
			if got := verified(now()); got != "link anchor" {
				t.Errorf("verified: %s", got)
			}
			if at := list(now(), "fields")[0].Str("verified_at"); !moment.MatchString(at) {
				t.Errorf("verified at %s", at)
			}
			// It lasts as long as the value does, under whatever name.
			if got := verified(set("my link", "http://site.test/link", "text", "see http://site.test/anchor", "short", "http://site.test/short", "astray", "http://site.test/astray")); got != "my link" {
				t.Errorf("at once after the change: %s", got)
			}
			if got := verified(now()); got != "my link short" {
				t.Errorf("after the change: %s", got)
			}
			if got := verified(set("no user part", "http://me@site.test/link", "down", "http://down.test/", "here", "http://one.test/@alice", "link", "http://site.test/link#top")); got != "" {
				t.Errorf("of others: %s", got)
			}
			if got := verified(now()); got != "link" {
				t.Errorf("with a fragment: %s", got)
			}
		})
	}
}

// TestLinksOfProfilesElsewhereAreVerified here anew, whatever their server says.
func TestLinksOfProfilesElsewhereAreVerified(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	one, two := n.Found("one.test"), n.Found("two.test")
	site := openPaper(n, "site.test")
	site.print("/mine", `<a rel="me" href="http://two.test/@bob">me</a>`)
	two.As("bob").PATCH("/api/v1/accounts/update_credentials", testkit.F("fields_attributes[0][name]", "mine", "fields_attributes[0][value]", "http://site.test/mine",
		"fields_attributes[1][name]", "claimed", "fields_attributes[1][value]", "http://site.test/claimed")).OK()
	n.Settle()
	o := one.FindAccount("alice", "bob@two.test")
	if got := verified(o); got != "" {
		t.Errorf("before anybody looked: %s", got)
	}
	one.Clock.Add(10 * time.Minute)
	n.Settle()
	if got := verified(one.As("alice").GET("/api/v1/accounts/" + o.Str("id")).Object()); got != "mine" {
		t.Errorf("verified: %s", got)
	}
}
