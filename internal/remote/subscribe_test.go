package remote_test

import (
	"net/http"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/testkit/dbtest"
)

const (
	bareFinger = "/.well-known/webfinger?resource=http%3A%2F%2Ffar.test"
	annFinger  = "/.well-known/webfinger?resource=acct%3Aann%40far.test"
)

// jrd is a WebFinger answer with a template.
func jrd(self, template string) string {
	return encode(map[string]any{"subject": "acct:ann@far.test", "links": []any{
		map[string]any{"rel": "self", "type": "application/activity+json", "href": self},
		map[string]any{"rel": "http://ostatus.org/schema/1.0/subscribe", "template": template},
	}})
}

// software has a peer say by NodeInfo what it runs.
func (p *peer) software(name string) {
	p.say("/.well-known/nodeinfo", "application/json", encode(map[string]any{"links": []any{
		map[string]any{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": "http://" + p.host + "/nodeinfo"},
	}}))
	p.say("/nodeinfo", "application/json", encode(map[string]any{"version": "2.0", "software": map[string]any{"name": name, "version": "1"}}))
}

func TestSubscribeTemplateOfWhatPeopleType(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	p := l.peer("far.test")
	p.say(annFinger, "application/jrd+json", jrd("http://far.test/users/ann", "http://far.test/ostatus_subscribe?acct={uri}"))
	p.say(bareFinger, "application/jrd+json", jrd("http://far.test/actor", "http://far.test/authorize?u={uri}"))
	for typed, want := range map[string][2]string{
		"ann@far.test":             {"ann@far.test", "http://far.test/ostatus_subscribe?acct={uri}"},
		" @ann@FAR.test ":          {"ann@far.test", "http://far.test/ostatus_subscribe?acct={uri}"},
		"acct:ann@far.test":        {"ann@far.test", "http://far.test/ostatus_subscribe?acct={uri}"},
		"https://far.test/@ann":    {"ann@far.test", "http://far.test/ostatus_subscribe?acct={uri}"},
		"far.test":                 {"far.test", "http://far.test/authorize?u={uri}"},
		"@far.test":                {"far.test", "http://far.test/authorize?u={uri}"},
		"http://far.test/explore":  {"far.test", "http://far.test/authorize?u={uri}"},
		"coterie.test":             {"coterie.test", "http://coterie.test/authorize_interaction?uri={uri}"},
		"@somebody@coterie.test":   {"somebody@coterie.test", "http://coterie.test/authorize_interaction?uri={uri}"},
		"https://coterie.test/@me": {"me@coterie.test", "http://coterie.test/authorize_interaction?uri={uri}"},
	} {
		h, err := l.s.SubscribeTemplate(t.Context(), typed)
		if err != nil || h.Named != want[0] || h.Template != want[1] {
			t.Errorf("%q: %+v, %v", typed, h, err)
		}
	}
	for _, typed := range []string{"", "  ", "a b", "ann@", "@", "ann@far.test/x", "javascript:alert(1)", "https://", "far.test/path", "a@b@far.test", `<x>@far.test`, strings.Repeat("a", 400)} {
		if h, err := l.s.SubscribeTemplate(t.Context(), typed); !domain.Is(err, domain.Invalid) {
			t.Errorf("%q: %+v, %v", typed, h, err)
		}
	}
}

// A server can send its people nowhere but home (SEC-65).
func TestSEC65SubscribeTemplateStaysAtHome(t *testing.T) {
	t.Parallel()
	for template, fine := range map[string]bool{
		"http://far.test/s?u={uri}":                  true,
		"https://far.test/s?u={uri}":                 true,
		"http://social.far.test/s?u={uri}":           true, // where its actor lives
		"http://evil.test/s?u={uri}":                 false,
		"http://far.test.evil.test/s?u={uri}":        false,
		"http://far.test@evil.test/s?u={uri}":        false,
		"http://evil.test\\@far.test/s?u={uri}":      false,
		"http://{uri}.far.test/":                     false,
		"http://far.test{uri}":                       false,
		"//far.test/s?u={uri}":                       false,
		"javascript://far.test/s?u={uri}":            false,
		"ftp://far.test/s?u={uri}":                   false,
		"http://far.test/s\r\nSet-Cookie: a=b?{uri}": false,
		"http://coterie.test/s?u={uri}":              false,
		"http://far.test/s":                          false,
	} {
		l := newLab(t, dbtest.SQLite(t))
		l.peer("far.test").say(annFinger, "application/jrd+json", jrd("http://social.far.test/users/ann", template))
		h, err := l.s.SubscribeTemplate(t.Context(), "ann@far.test")
		if fine && (err != nil || h.Template != template) || !fine && !domain.Is(err, domain.NotFound) {
			t.Errorf("%q: %+v, %v", template, h, err)
		}
	}
}

// A path is assumed only of software that has it, on the host that says so
// itself.
func TestSubscribeTemplateOfServersThatDoNotSay(t *testing.T) {
	t.Parallel()
	for software, fine := range map[string]bool{"mastodon": true, "Mastodon": true, "coterie": true, "gotosocial": false, "": false} {
		l := newLab(t, dbtest.SQLite(t))
		p := l.peer("far.test")
		p.fail(annFinger, http.StatusNotFound)
		p.software(software)
		for _, typed := range []string{"far.test", "ann@far.test"} {
			h, err := l.s.SubscribeTemplate(t.Context(), typed)
			if fine && (err != nil || h.Template != "http://far.test/authorize_interaction?uri={uri}") || !fine && !domain.Is(err, domain.NotFound) {
				t.Errorf("%q, %s: %+v, %v", software, typed, h, err)
			}
		}
	}
	l := newLab(t, dbtest.SQLite(t))
	far, other := l.peer("far.test"), l.peer("other.test")
	other.software("mastodon")
	far.say("/.well-known/nodeinfo", "application/json", strings.ReplaceAll(encode(map[string]any{"links": []any{
		map[string]any{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": "http://other.test/nodeinfo"},
	}}), "\n", ""))
	if h, err := l.s.SubscribeTemplate(t.Context(), "far.test"); !domain.Is(err, domain.NotFound) {
		t.Errorf("what another host says is taken: %+v, %v", h, err)
	}
}

func TestSubscribeTemplateLeavesHostsAlone(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	p := l.peer("far.test")
	l.decide("far.test", domain.DomainPolicy{Domain: "far.test", Severity: domain.SeveritySuspend})
	for _, typed := range []string{"far.test", "ann@far.test"} {
		if _, err := l.s.SubscribeTemplate(t.Context(), typed); !domain.Is(err, domain.Forbidden) || p.hits("") != 0 {
			t.Errorf("%s: a refused host is asked: %v, %d requests", typed, err, p.hits(""))
		}
	}
	l.decide("far.test", domain.DomainPolicy{})
	for range 100 {
		_, _ = l.s.SubscribeTemplate(t.Context(), "far.test")
	}
	if n := p.hits(bareFinger); n == 0 || n > 60 {
		t.Errorf("one host is asked %d times in a window", n)
	}
	l.peer("down.test").setDown(true)
	if _, err := l.s.SubscribeTemplate(t.Context(), "down.test"); !domain.Is(err, domain.Unavailable) {
		t.Errorf("a host that does not answer: %v", err)
	}
}
