package remote_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/remote"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

var ours = domain.URLs{Base: "https://coterie.test", Host: "coterie.test"}

// house is a community with a store of its own.
type house struct {
	t     *testing.T
	st    *store.Store
	clock *dbtest.Clock
	s     *remote.Service
	// policies are what the staff decided, by host.
	policies map[string]domain.DomainPolicy
}

func eachHouse(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) { f(t, newHouse(t, o)) })
}

func newHouse(t *testing.T, o store.Options) *house {
	t.Helper()
	h := &house{t: t, clock: dbtest.NewClock(), policies: map[string]domain.DomainPolicy{}}
	o.Now = h.clock.Now
	h.st = dbtest.Open(t, o)
	h.s = remote.New(remote.Config{
		Store: h.st, URLs: ours, Signer: signer(t), Now: h.clock.Now,
		Policy: func(host string) domain.DomainPolicy { return h.policies[host] }, Log: slog.New(slog.DiscardHandler),
	})
	return h
}

// signer gives everybody one key, Ed25519 since it is made at once.
func signer(t *testing.T) func(context.Context, domain.ID) (fetch.Key, error) {
	t.Helper()
	k, err := fetch.GenerateEd25519()
	if err != nil {
		t.Fatal(err)
	}
	return func(context.Context, domain.ID) (fetch.Key, error) {
		return fetch.Key{ID: ours.KeyID(ours.InstanceActor()), Private: k}, nil
	}
}

func (h *house) write(f func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.st.Write(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) account(a domain.Account) domain.Account {
	h.t.Helper()
	h.write(func(tx *store.Tx) error { return tx.InsertAccount(&a) })
	return a
}

func (h *house) status(s domain.Status, more ...func(tx *store.Tx, s *domain.Status) error) domain.Status {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		if err := tx.InsertStatus(&s, ""); err != nil {
			return err
		}
		for _, f := range more {
			if err := f(tx, &s); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func (h *house) describe(s domain.Status) *apub.Note {
	h.t.Helper()
	doc, err := h.s.DescribeStatus(h.t.Context(), s)
	if err != nil {
		h.t.Fatal(err)
	}
	d, err := apub.Parse(apub.Encode(doc))
	if err != nil || d.Note == nil {
		h.t.Fatalf("what we say cannot be read: %v\n%s", err, apub.Encode(doc))
	}
	return d.Note
}

func TestDescribeStatusAddressesEachVisibility(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		alice := h.account(domain.Account{Username: "alice"})
		bob := h.account(domain.Account{Username: "Bob", Domain: "far.test", URI: "https://far.test/u/1", URL: "https://far.test/@Bob"})
		followers := "https://coterie.test/users/alice/followers"
		for v, want := range map[domain.Visibility][2][]string{
			domain.Public:   {{apub.Public}, {followers, bob.URI}},
			domain.Unlisted: {{followers}, {apub.Public, bob.URI}},
			domain.Private:  {{followers}, {bob.URI}},
			domain.Direct:   {{bob.URI}, nil},
		} {
			s := h.status(domain.Status{Account: alice.ID, Local: true, Visibility: v, Text: "Hello @Bob@far.test", Language: "en"},
				func(tx *store.Tx, s *domain.Status) error { return tx.Mention(s.ID, []domain.ID{bob.ID}) })
			n := h.describe(s)
			if !slices.Equal(n.To, want[0]) || !slices.Equal(n.Cc, want[1]) {
				t.Errorf("%s: to %q, cc %q", v, n.To, n.Cc)
			}
			if got, limited := n.Visibility(followers); got != v || limited {
				t.Errorf("%s is read as %s, limited %v", v, got, limited)
			}
			if !slices.Equal(n.Mentions, []apub.Mention{{Href: bob.URI, Name: "@Bob@far.test"}}) {
				t.Errorf("mentions %+v", n.Mentions)
			}
			if !strings.Contains(n.Content, `href="https://far.test/@Bob"`) || n.Language != "en" || n.Author != "https://coterie.test/users/alice" {
				t.Errorf("%+v", n)
			}
		}
	})
}

func TestDescribeStatusWithEverything(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		alice := h.account(domain.Account{Username: "alice"})
		bob := h.account(domain.Account{Username: "bob", Domain: "far.test", URI: "https://far.test/u/1"})
		parent := h.status(domain.Status{Account: bob.ID, URI: "https://far.test/p/1", Content: "<p>far</p>"})
		quoted := h.status(domain.Status{Account: bob.ID, URI: "https://far.test/p/2", Content: "<p>far</p>"})
		end := h.clock.Now().Add(time.Hour)
		s := h.status(domain.Status{
			Account: alice.ID, Local: true, Text: "Which :cat:? #Coffee", Spoiler: "cw", Sensitive: true, Poll: 77, Quote: quoted.ID,
			InReplyTo: parent.ID, QuotePolicy: domain.QuoteFollowers,
		}, func(tx *store.Tx, s *domain.Status) error {
			return tx.InsertPoll(&domain.Poll{
				ID: 77, Status: s.ID, Account: alice.ID, Multiple: true, ExpiresAt: end,
				Options: []domain.PollOption{{Title: "a"}, {Title: "b"}},
			})
		}, func(tx *store.Tx, s *domain.Status) error {
			return tx.TagStatus(s.ID, []domain.Tag{{Name: "coffee", Display: "Coffee"}})
		}, func(tx *store.Tx, s *domain.Status) error {
			return tx.SaveEmojis([]domain.Emoji{{Shortcode: "cat", URL: "/media/cat.png"}, {Shortcode: "cat", Domain: "far.test", URL: "https://far.test/no.png"}})
		}, func(tx *store.Tx, s *domain.Status) error {
			return tx.SaveQuote(domain.Quote{
				Status: s.ID, Account: alice.ID, Quoted: quoted.ID, QuotedAccount: bob.ID, State: domain.QuoteAccepted, ApprovalURI: "https://far.test/ok/1",
			})
		})
		n := h.describe(s)
		if n.Type != "Question" || n.Poll == nil || !n.Poll.Multiple || len(n.Poll.Options) != 2 || !n.Poll.EndTime.Equal(end) || n.Poll.Closed {
			t.Errorf("poll %+v", n.Poll)
		}
		if n.InReplyTo != parent.URI || n.Quote != (apub.Quote{State: apub.QuoteAuthorized, Target: quoted.URI, Authorization: "https://far.test/ok/1"}) {
			t.Errorf("reply to %q, quote %+v", n.InReplyTo, n.Quote)
		}
		if len(n.Hashtags) != 1 || n.Hashtags[0] != (apub.Hashtag{Name: "Coffee", Href: "https://coterie.test/tags/coffee"}) {
			t.Errorf("hashtags %+v", n.Hashtags)
		}
		if len(n.Emojis) != 1 || n.Emojis[0].URL != "https://coterie.test/media/cat.png" {
			t.Errorf("emojis %+v", n.Emojis)
		}
		if !strings.HasPrefix(n.Content, `<p class="quote-inline">RE: <a href="https://far.test/p/2"`) || n.Summary != "cw" || !n.Sensitive {
			t.Errorf("content %s", n.Content)
		}
		if g := apub.Grants(n.Policy.Quote.Automatic, n.Author, n.Author+"/followers", ""); !g.Followers || g.Public {
			t.Errorf("policy %+v", n.Policy.Quote)
		}
		if n.Replies.ID != n.ID+"/replies" || n.Likes.Total != 0 || n.ID != ours.StatusURI(&s, &alice) {
			t.Errorf("%+v", n)
		}
	})
}

func TestDescribeStatusesTakesAFixedNumberOfStatements(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	alice := h.account(domain.Account{Username: "alice"})
	var list []domain.Status
	for i := range 20 {
		bob := h.account(domain.Account{Username: "bob" + string(rune('a'+i)), Domain: "far.test", URI: "https://far.test/u/" + string(rune('a'+i))})
		s := domain.Status{Account: alice.ID, Local: true, Text: "Hi"}
		if i > 0 {
			s.InReplyTo = list[i-1].ID
		}
		list = append(list, h.status(s, func(tx *store.Tx, s *domain.Status) error { return tx.Mention(s.ID, []domain.ID{bob.ID}) }))
	}
	ctx, n := store.CountStatements(t.Context())
	docs, err := h.s.DescribeStatuses(ctx, list)
	if err != nil || len(docs) != 20 || n.Load() > 9 {
		t.Errorf("%d documents in %d statements: %v", len(docs), n.Load(), err)
	}
}

func TestDescribeActor(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		to := h.account(domain.Account{Username: "new", Domain: "far.test", URI: "https://far.test/u/9"})
		alice := h.account(domain.Account{
			Username: "alice", DisplayName: "Alice", Note: "Hi #Tea <b>", Fields: []domain.Field{{Name: "web", Value: "https://alice.test/"}},
			Locked: true, Discoverable: true, Indexable: true, HideMedia: true, AttributionDomains: []string{"alice.test"},
		})
		alice.MovedTo = to.ID
		d, err := h.s.DescribeActor(t.Context(), alice)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := apub.Parse(apub.Encode(d))
		if err != nil || doc.Actor == nil || doc.Actor.Check() != nil {
			t.Fatalf("%v\n%s", err, apub.Encode(d))
		}
		a := doc.Actor
		if a.ID != "https://coterie.test/users/alice" || a.Type != "Person" || a.Webfinger != "alice@coterie.test" || a.URL != "https://coterie.test/@alice" {
			t.Errorf("%+v", a)
		}
		if !a.Locked || !a.Discoverable || !a.Indexable || *a.ShowMedia || !*a.ShowFeatured || a.MovedTo != to.URI || a.Published.Hour() != 0 {
			t.Errorf("%+v", a)
		}
		if !strings.Contains(a.Summary, "&lt;b&gt;") || len(a.Hashtags) != 1 || len(a.Fields) != 1 || !strings.Contains(a.Fields[0].Value, `rel="me`) {
			t.Errorf("%+v", a)
		}
		if len(a.Keys) != 1 || a.Keys[0].Owner != a.ID || !apub.Grants(a.CanFeature.Automatic, a.ID, a.Followers, "").Followers {
			t.Errorf("%+v %+v", a.Keys, a.CanFeature)
		}
		alice.SuspendedAt = h.clock.Now()
		d, err = h.s.DescribeActor(t.Context(), alice)
		if err != nil || !d.Suspended || d.Name != "alice" || d.Summary != "" || len(d.Fields) != 0 || d.MovedTo != "" {
			t.Errorf("suspended: %+v %v", d, err)
		}
	})
}
