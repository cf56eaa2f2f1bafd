package remote_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/remote"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func (l *lab) actor(uri string) domain.Account {
	l.t.Helper()
	a, err := l.s.Actor(l.t.Context(), uri)
	if err != nil {
		l.t.Fatal(err)
	}
	return a
}

func TestActorKeepsEverything(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		target := l.account(domain.Account{Username: "new", Domain: "else.test", URI: "http://else.test/u/9"})
		uri := p.settle(t, "Ann.B-c", map[string]any{
			"type": "Service", "name": "Ann :cat:", "summary": `<p onclick="x">Hi <script>no</script><b>you</b></p>`, "url": "http://far.test/@ann",
			"outbox": "http://far.test/out", "following": "http://far.test/fg", "featured": "http://far.test/feat",
			"endpoints": map[string]any{"sharedInbox": "http://far.test/inbox"}, "manuallyApprovesFollowers": true, "discoverable": true, "indexable": true,
			"memorial": true, "published": "2020-02-03T00:00:00Z", "showMedia": false, "attributionDomains": []any{"ann.test"},
			"icon": map[string]any{"type": "Image", "url": "http://far.test/a.png"}, "image": map[string]any{"type": "Image", "url": "http://far.test/h.png"},
			"alsoKnownAs": []any{"http://old.test/u/1"}, "movedTo": target.URI,
			"attachment": []any{map[string]any{"type": "PropertyValue", "name": "web", "value": `<a href="https://ann.test/" onclick="x">ann</a>`}},
			"tag":        []any{map[string]any{"type": "Emoji", "name": ":cat:", "icon": map[string]any{"type": "Image", "url": "http://far.test/cat.png"}}},
		})
		a := l.actor(uri)
		if a.Acct() != "Ann.B-c@far.test" || a.URI != uri || a.URL != "http://far.test/@ann" || a.DisplayName != "Ann :cat:" || a.NoteHTML != "<p>Hi <b>you</b></p>" {
			t.Errorf("%+v", a)
		}
		if !a.Locked || !a.Bot || a.Group || !a.Discoverable || !a.Indexable || !a.Memorial || !a.HideMedia || a.MovedTo != target.ID || a.CreatedAt.Year() != 2020 {
			t.Errorf("%+v", a)
		}
		if len(a.Fields) != 1 || !strings.Contains(a.Fields[0].Value, `href="https://ann.test/"`) || strings.Contains(a.Fields[0].Value, "onclick") || !slices.Equal(a.AttributionDomains, []string{"ann.test"}) {
			t.Errorf("fields %+v, domains %v", a.Fields, a.AttributionDomains)
		}
		r := l.st.Reader()
		x, err := r.Actor(t.Context(), a.ID)
		if err != nil || x.Host != "far.test" || x.SharedInbox != "http://far.test/inbox" || x.Inbox != uri+"/inbox" || x.Outbox != "http://far.test/out" ||
			x.Featured != "http://far.test/feat" || x.Avatar != "http://far.test/a.png" || x.Header != "http://far.test/h.png" || !slices.Equal(x.AlsoKnownAs, []string{"http://old.test/u/1"}) {
			t.Errorf("%+v: %v", x, err)
		}
		if e, err := r.Emojis(t.Context(), []string{"far.test"}, []string{"cat"}); err != nil || len(e) != 1 || e[0].URL != "http://far.test/cat.png" {
			t.Errorf("emojis %+v: %v", e, err)
		}
		before := p.hits("")
		if again := l.actor(uri); again.ID != a.ID || p.hits("") != before {
			t.Errorf("a known actor was asked for again")
		}
		if p.hits("/a.png")+p.hits("/h.png") > 0 {
			t.Error("pictures were fetched")
		}
	})
}

// Every kind of software whose actors we have samples of can be found.
func TestActorOfEverySoftware(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	files, err := filepath.Glob("../apub/testdata/fixtures/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	met := 0
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := apub.Parse(body)
		if err != nil || doc.Actor == nil || strings.Contains(file, "malformed") {
			continue
		}
		host := apub.Host(doc.ID)
		if doc, err = apub.Parse([]byte(strings.ReplaceAll(string(body), "https://"+host, "http://"+host))); err != nil || doc.Actor.Check() != nil {
			continue
		}
		l.mu.Lock()
		p := l.peers[host]
		l.mu.Unlock()
		if p == nil {
			p = l.peer(host)
		}
		p.say(strings.TrimPrefix(doc.ID, "http://"+host), "application/activity+json", string(doc.Raw))
		user, at := doc.Actor.Handle()
		if at != host {
			continue // a split domain, which has a test of its own
		}
		p.finger(user+"@"+at, user+"@"+at, doc.ID)
		met++
		a, err := l.s.Actor(t.Context(), doc.ID)
		if err != nil || a.Username != user || a.Domain != host {
			t.Errorf("%s: %s: %v", file, a.Acct(), err)
		}
	}
	if met < 25 {
		t.Errorf("only %d actors", met)
	}
}

func TestConcurrentLookUpsStoreOneRow(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		uri := p.settle(t, "ann", nil)
		ids := make([]domain.ID, 16)
		var wait sync.WaitGroup
		for i := range ids {
			wait.Go(func() {
				a, err := l.s.Actor(t.Context(), uri)
				if err != nil {
					t.Error(err)
				}
				ids[i] = a.ID
			})
		}
		wait.Wait()
		if slices.Min(ids) != slices.Max(ids) || ids[0] == 0 {
			t.Errorf("ids %v", ids)
		}
	})
}

func TestHandles(t *testing.T) {
	t.Parallel()
	type setting struct {
		name   string
		claim  map[string]any
		finger func(p, q *peer, id string)
		want   string // "" is refused
	}
	for _, c := range []setting{
		{"its own", nil, func(p, _ *peer, id string) { p.finger("ann@ap.test", "ann@ap.test", id) }, "ann@ap.test"},
		{"another spelling", nil, func(p, _ *peer, id string) { p.finger("ann@ap.test", "Ann@ap.test", id) }, "Ann@ap.test"},
		{"split domain", nil, func(p, q *peer, id string) {
			p.finger("ann@ap.test", "ann@big.test", id)
			q.finger("ann@big.test", "ann@big.test", id)
		}, "ann@big.test"},
		{"the other domain knows nothing", nil, func(p, _ *peer, id string) { p.finger("ann@ap.test", "ann@big.test", id) }, ""},
		{"the other domain names another actor", nil, func(p, q *peer, id string) {
			p.finger("ann@ap.test", "ann@big.test", id)
			q.finger("ann@big.test", "ann@big.test", "http://big.test/users/ann")
		}, ""},
		{"a second turn", nil, func(p, q *peer, id string) {
			p.finger("ann@ap.test", "ann@big.test", id)
			q.finger("ann@big.test", "ann@huge.test", id)
		}, ""},
		{"another actor", nil, func(p, _ *peer, _ string) { p.finger("ann@ap.test", "ann@ap.test", "http://ap.test/users/eve") }, ""},
		{"stated (FEP-2c59)", map[string]any{"webfinger": "annie@big.test"}, func(_, q *peer, id string) { q.finger("annie@big.test", "annie@big.test", id) }, "annie@big.test"},
		{"stated, elsewhere denied", map[string]any{"webfinger": "annie@big.test"}, func(_, q *peer, id string) { q.finger("annie@big.test", "ann@ap.test", id) }, ""},
		{"stated as ours", map[string]any{"webfinger": "alice@coterie.test"}, func(_, _ *peer, _ string) {}, ""},
		{"host-meta", nil, func(p, _ *peer, id string) {
			p.say("/.well-known/host-meta", "application/xrd+xml", `<XRD><Link rel="lrdd" template="http://ap.test/find?r={uri}"/></XRD>`)
			p.say("/find?r=acct%3Aann%40ap.test", "application/jrd+json", encode(map[string]any{
				"subject": "acct:ann@ap.test", "links": []any{map[string]any{"rel": "self", "type": "application/activity+json", "href": id}},
			}))
		}, "ann@ap.test"},
		{"no type of the link", nil, func(p, _ *peer, id string) {
			p.say("/.well-known/webfinger?resource=acct%3Aann%40ap.test", "application/jrd+json", encode(map[string]any{
				"subject": "acct:ann@ap.test", "links": []any{map[string]any{"rel": "self", "href": id}},
			}))
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, dbtest.SQLite(t))
			p, q := l.peer("ap.test"), l.peer("big.test")
			d := p.person(t, "ann", c.claim)
			p.show("/users/ann", d)
			id, _ := d["id"].(string)
			c.finger(p, q, id)
			a, err := l.s.Actor(t.Context(), id)
			if (err == nil) != (c.want != "") || err == nil && a.Acct() != c.want {
				t.Errorf("%q: %v", a.Acct(), err)
			}
			if _, err := l.st.Reader().AccountByURI(t.Context(), id); c.want == "" && !domain.Is(err, domain.NotFound) {
				t.Errorf("a row was made: %v", err)
			}
		})
	}
}

func TestAHandleGoesToWhomWebFingerNames(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		old := l.actor(p.settle(t, "ann", nil))
		eve := p.person(t, "ann", map[string]any{"id": "http://far.test/2/ann"})
		eve["publicKey"] = nil
		p.show("/2/ann", eve)
		if _, err := l.s.Actor(t.Context(), "http://far.test/2/ann"); !domain.Is(err, domain.Invalid) {
			t.Errorf("taken without WebFinger: %v", err)
		}
		l.clock.Add(time.Hour)
		p.finger("ann@far.test", "ann@far.test", "http://far.test/2/ann")
		a := l.actor("http://far.test/2/ann")
		if a.Acct() != "ann@far.test" || a.ID == old.ID {
			t.Errorf("%+v", a)
		}
		before, err := l.st.Reader().Account(t.Context(), old.ID)
		if err != nil || before.URI != old.URI || before.Acct() == a.Acct() {
			t.Errorf("%+v: %v", before, err)
		}
	})
}

func TestRefreshRenamesOnlyWhenConfirmed(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		uri := p.settle(t, "ann", nil)
		a := l.actor(uri)
		p.show("/users/ann", p.person(t, "ann", map[string]any{"preferredUsername": "bea", "name": "Bea"}))
		got, err := l.s.Refresh(t.Context(), uri)
		if err != nil || got.ID != a.ID || got.Username != "ann" || got.DisplayName != "Bea" {
			t.Errorf("%+v: %v", got, err)
		}
		p.finger("bea@far.test", "bea@far.test", uri)
		if got, err = l.s.Refresh(t.Context(), uri); err != nil || got.Username != "bea" {
			t.Errorf("%+v: %v", got, err)
		}
		if found, err := l.st.Reader().AccountByName(t.Context(), "bea", "far.test"); err != nil || found.ID != a.ID {
			t.Errorf("%+v: %v", found, err)
		}
	})
}

func TestBareActorsOverwriteNothing(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		uri := p.settle(t, "ann", nil)
		a := l.actor(uri)
		p.show("/users/ann", map[string]any{"id": uri, "type": "Person", "preferredUsername": "ann", "inbox": uri + "/in2"})
		if _, err := l.s.Refresh(t.Context(), uri); err != nil {
			t.Fatal(err)
		}
		got, err := l.st.Reader().Account(t.Context(), a.ID)
		if err != nil || got.DisplayName != "The ann" || got.NoteHTML != "<p>hi</p>" {
			t.Errorf("%+v: %v", got, err)
		}
		if x, err := l.st.Reader().Actor(t.Context(), a.ID); err != nil || x.Inbox != uri+"/in2" || x.Followers == "" {
			t.Errorf("%+v: %v", x, err)
		}
	})
}

func TestSuspendedByOriginAndLimitedByDomain(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		l.decide("far.test", domain.DomainPolicy{Severity: domain.SeverityLimit, RejectMedia: true})
		more := map[string]any{"suspended": true, "icon": map[string]any{"type": "Image", "url": "http://far.test/a.png"}}
		uri := p.settle(t, "ann", more)
		a := l.actor(uri)
		x, err := l.st.Reader().Actor(t.Context(), a.ID)
		if a.SuspendedBy != domain.ByOrigin || a.SilencedBy != domain.ByDomain || !a.Suspended() || !a.Silenced() || err != nil || x.Avatar != "" {
			t.Errorf("%+v, avatar %q: %v", a, x.Avatar, err)
		}
		l.write(func(tx *store.Tx) error { return tx.Suspend(a.ID, domain.ByStaff) })
		l.decide("far.test", domain.DomainPolicy{})
		l.decide("media.test", domain.DomainPolicy{RejectMedia: true})
		p.settle(t, "ann", map[string]any{
			"icon":  map[string]any{"type": "Image", "url": "http://media.test/a.png"},
			"image": map[string]any{"type": "Image", "url": "http://far.test/h.png"},
		})
		a, err = l.s.Refresh(t.Context(), uri)
		if err != nil || a.SuspendedBy != domain.ByStaff || a.Silenced() {
			t.Errorf("%+v: %v", a, err)
		}
		if x, err = l.st.Reader().Actor(t.Context(), a.ID); err != nil || x.Avatar != "" || x.Header != "http://far.test/h.png" {
			t.Errorf("avatar %q, header %q: %v", x.Avatar, x.Header, err)
		}
	})
}

func TestMovedToIsLookedUp(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		l.handleJobs()
		p := l.peer("far.test")
		uri := p.settle(t, "ann", map[string]any{"movedTo": "http://far.test/users/bea"})
		p.settle(t, "bea", nil)
		a := l.actor(uri)
		l.settle()
		got, err := l.st.Reader().Account(t.Context(), a.ID)
		if err != nil || got.MovedTo != l.actor("http://far.test/users/bea").ID {
			t.Errorf("%+v: %v", got, err)
		}
	})
}

func TestGoneActors(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		uri := p.settle(t, "ann", nil)
		a := l.actor(uri)
		p.fail("/users/ann", http.StatusGone)
		if _, err := l.s.Refresh(t.Context(), uri); !domain.Is(err, domain.Gone) {
			t.Errorf("refreshed: %v", err)
		}
		if err := l.s.Gone(t.Context(), a); err != nil {
			t.Errorf("a second time: %v", err)
		}
		got, err := l.st.Reader().Account(t.Context(), a.ID)
		if err != nil || !got.Suspended() || got.SuspendedBy != domain.ByErasure || got.DisplayName != "" {
			t.Errorf("%+v: %v", got, err)
		}
		if _, _, err := l.s.Key(t.Context(), uri+"#main-key"); !domain.Is(err, domain.Gone) {
			t.Errorf("its key: %v", err)
		}
		p.settle(t, "ann", nil)
		if _, err := l.s.Refresh(t.Context(), uri); !domain.Is(err, domain.Gone) {
			t.Errorf("back before it was erased: %v", err)
		}
	})
}

func TestByHandle(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		p.finger("Ann@far.test", "ann@far.test", p.settle(t, "ann", nil))
		find := func() domain.Account {
			t.Helper()
			a, err := l.s.ByHandle(t.Context(), "Ann", "FAR.test")
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		a := find()
		asked := p.hits("")
		if find(); p.hits("") != asked {
			t.Error("a fresh one was asked for again")
		}
		l.clock.Add(25 * time.Hour)
		p.show("/users/ann", p.person(t, "ann", map[string]any{"name": "Anew"}))
		if got := find(); got.ID != a.ID || got.DisplayName != "Anew" {
			t.Errorf("%+v", got)
		}
		l.clock.Add(25 * time.Hour)
		p.setDown(true)
		if got := find(); got.ID != a.ID {
			t.Errorf("while it was down: %+v", got)
		}
		if _, err := l.s.ByHandle(t.Context(), "nobody", "far.test"); !domain.Is(err, domain.Unavailable) {
			t.Errorf("while it was down: %v", err)
		}
		alice := l.account(domain.Account{Username: "alice"})
		if got, err := l.s.ByHandle(t.Context(), "alice", "coterie.test"); err != nil || got.ID != alice.ID {
			t.Errorf("ours: %+v %v", got, err)
		}
	})
}

func TestSaveActorAsksTheOriginForOtherKeys(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		uri := p.settle(t, "ann", nil)
		old, a, err := l.s.Key(t.Context(), uri+"#main-key")
		if err != nil {
			t.Fatal(err)
		}
		forged, err := apub.Parse([]byte(encode(p.person(t, "ann", map[string]any{"name": "Forged"}))))
		if err != nil {
			t.Fatal(err)
		}
		got, err := l.s.SaveActor(t.Context(), forged.Actor)
		if err != nil || got.ID != a.ID || got.DisplayName != "The ann" {
			t.Errorf("%+v: %v", got, err)
		}
		if key, _, err := l.s.Key(t.Context(), uri+"#main-key"); err != nil || !equalKeys(old, key) {
			t.Errorf("the key changed: %v", err)
		}
		p.settle(t, "ann", map[string]any{"name": "Rotated"})
		if got, err = l.s.SaveActor(t.Context(), forged.Actor); err != nil || got.DisplayName != "Rotated" {
			t.Errorf("%+v: %v", got, err)
		}
		if key, _, err := l.s.Key(t.Context(), uri+"#main-key"); err != nil || equalKeys(old, key) {
			t.Errorf("the key stayed: %v", err)
		}
	})
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	p := l.peer("far.test")
	ctx := remote.WithBudget(t.Context(), 2)
	inner := remote.WithBudget(ctx, 100)
	for i, want := range []domain.Kind{domain.Internal, domain.Internal, domain.RateLimited} {
		uri := p.settle(t, "ann"+string(rune('a'+i)), nil)
		if _, err := l.s.Actor(inner, uri); domain.KindOf(err) != want {
			t.Errorf("look-up %d: %v", i, err)
		}
	}
	var err error
	for i := 0; i < 12 && err == nil; i++ {
		q := l.peer("h" + string(rune('a'+i)) + ".wild.test")
		_, err = l.s.Actor(t.Context(), q.settle(t, "eve", nil))
		if i < 10 && err != nil {
			t.Errorf("sub-domain %d: %v", i, err)
		}
	}
	if !domain.Is(err, domain.RateLimited) {
		t.Errorf("any number of sub-domains: %v", err)
	}
	l.clock.Add(11 * time.Minute)
	if _, err := l.s.Actor(context.WithoutCancel(t.Context()), l.peer("hz.wild.test").settle(t, "eve", nil)); err != nil {
		t.Errorf("later: %v", err)
	}
}
