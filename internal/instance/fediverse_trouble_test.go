package instance_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

const day = 24 * time.Hour

// policy decides about a domain, as "coterie domain" does.
func (f *fediverse) policy(c *testkit.Community, p instance.DomainPolicy) {
	f.Helper()
	if err := c.SetDomainPolicy(f.Context(), p); err != nil {
		f.Fatal(err)
	}
	f.settle()
}

// recorded notes what is posted to a community's inboxes, so that it can be
// sent once more, or in another order.
type recorded struct {
	mu      sync.Mutex
	handler http.Handler
	hold    bool
	letters []*http.Request
	bodies  [][]byte
}

// record puts itself between a community and the network.
func (f *fediverse) record(c *testkit.Community) *recorded {
	r := &recorded{handler: c.Handler()}
	f.net.Serve(c.Config.Domain, r)
	return r
}

func (r *recorded) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Method != http.MethodPost {
		r.handler.ServeHTTP(w, q)
		return
	}
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	r.letters, r.bodies = append(r.letters, q.Clone(q.Context())), append(r.bodies, body)
	hold := r.hold
	r.mu.Unlock()
	if hold {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	q.Body = io.NopCloser(bytes.NewReader(body))
	r.handler.ServeHTTP(w, q)
}

// again delivers the i-th letter and returns the answer's status.
func (r *recorded) again(f *fediverse, i int) int {
	f.Helper()
	old := r.letters[i]
	q := httptest.NewRequest(http.MethodPost, "http://"+old.Host+old.URL.RequestURI(), bytes.NewReader(r.bodies[i]))
	q.Header, q.Host, q.RemoteAddr = old.Header.Clone(), old.Host, "127.0.0.1:40000"
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, q)
	f.settle()
	return w.Code
}

func TestTroubleElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"a peer that is down gets it later": func(f *fediverse) {
			f.carolFollowsAlice()
			f.net.Down("two.test", true)
			p := f.post("alice", "while you were out")
			f.absent(f.two, "carol", p)
			f.net.Down("two.test", false)
			f.after(10 * time.Minute)
			f.at(f.two, "carol", p)
		},
		"a peer that was away for a week gets all of it": func(f *fediverse) {
			f.carolFollowsAlice()
			f.net.Down("two.test", true)
			var posts []testkit.Object
			for range 7 {
				posts = append(posts, f.post("alice", "one more day"))
				for range 4 {
					f.after(day / 4)
				}
			}
			f.net.Down("two.test", false)
			f.after(13 * time.Hour)
			for _, p := range posts {
				f.at(f.two, "carol", p)
			}
		},
		"a peer that restarts reads what it had been sent": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.one.Post("alice", "@carol@two.test, just before you went")
			if _, err := f.one.Instance.Step(context.Background()); err != nil {
				f.Fatal(err)
			}
			f.absent(f.two, "carol", p) // it lies in the inbox
			f.two.Restart()
			f.settle()
			f.at(f.two, "carol", p)
			f.hears(f.two, "carol", "mention", 1)
		},
		"who restarts sends what it had not": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.one.Post("alice", "written just before the end")
			f.one.Restart()
			f.settle()
			f.at(f.two, "carol", p)
		},
		"a follow waits for a peer that is down": func(f *fediverse) {
			alice := f.two.FindAccount("carol", "alice@one.test")
			f.net.Down("one.test", true)
			f.on(f.two, "carol", accountPath(alice.Str("id"), follow))
			f.stands(f.two, "carol", alice.Str("id"), "requested")
			f.net.Down("one.test", false)
			f.after(10 * time.Minute)
			f.stands(f.two, "carol", alice.Str("id"), "following")
		},
		"a letter that comes twice counts once": func(f *fediverse) {
			f.carolFollowsAlice()
			r := f.record(f.two)
			p := f.post("alice", "once @carol@two.test")
			n := len(r.letters)
			for i := range n {
				if got := r.again(f, i); got != http.StatusAccepted {
					f.Errorf("the second time it is answered %d", got)
				}
			}
			f.at(f.two, "carol", p)
			f.hears(f.two, "carol", "mention", 1)
			f.counts(f.two.FindAccount("carol", "alice@one.test"), map[string]float64{"statuses_count": 1})
		},
		"an edit that comes before its post": func(f *fediverse) {
			f.carolFollowsAlice()
			r := f.record(f.two)
			r.hold = true
			p := f.post("alice", "before")
			f.net.Clock.Add(time.Second)
			f.one.As("alice").PUT(statusPath(p.Str("id"), ""), testkit.F("status", "after")).OK()
			f.settle()
			r.hold = false
			r.again(f, 1)
			r.again(f, 0)
			f.after(time.Hour)
			if got := f.at(f.two, "carol", p).Str("content"); got != "<p>after</p>" && got != "<p>before</p>" {
				f.Errorf("it reads %s", got)
			}
		},
		"a deletion that comes before its post": func(f *fediverse) {
			f.carolFollowsAlice()
			r := f.record(f.two)
			r.hold = true
			p := f.post("alice", "never mind")
			f.one.As("alice").DELETE(statusPath(p.Str("id"), ""), nil).OK()
			f.settle()
			r.hold = false
			r.again(f, 1)
			r.again(f, 0)
			f.absent(f.two, "carol", p)
		},
		"an unfollow that comes before its follow": func(f *fediverse) {
			r := f.record(f.one)
			r.hold = true
			alice := f.two.FindAccount("carol", "alice@one.test").Str("id")
			f.on(f.two, "carol", accountPath(alice, follow))
			f.on(f.two, "carol", accountPath(alice, unfollow))
			r.hold = false
			r.again(f, 1)
			r.again(f, 0)
			f.counts(me(f.one, "alice"), map[string]float64{"followers_count": 0})
		},
		"an old letter is refused": func(f *fediverse) {
			f.carolFollowsAlice()
			r := f.record(f.two)
			r.hold = true
			f.post("alice", "kept for later")
			r.hold = false
			f.net.Clock.Add(2 * day)
			if got := r.again(f, 0); got != http.StatusUnauthorized {
				f.Errorf("it is answered %d", got)
			}
		},
		"many look one account up at once": func(f *fediverse) {
			var wg sync.WaitGroup
			ids := make([]string, 8)
			for i := range ids {
				wg.Go(func() { ids[i] = f.two.FindAccount("carol", "alice@one.test").Str("id") })
			}
			wg.Wait()
			for _, id := range ids {
				if id != ids[0] {
					f.Errorf("one account has the ids %s and %s", ids[0], id)
				}
			}
		},
		"both demand signatures": func(f *fediverse) {
			secure := func(s *testkit.Settings) { s.SecureMode = true }
			f.one.Configure(secure)
			f.two.Configure(secure)
			f.carolFollowsAlice()
			p := f.post("alice", "signed and sealed")
			f.at(f.two, "carol", p)
			f.on(f.two, "carol", statusPath(f.at(f.two, "carol", p).Str("id"), "/favourite"))
			f.hears(f.one, "alice", "favourite", 1)
			f.two.FindStatus("dave", f.post("bob", "by address").Str("uri"))
		},
		"lists of followers that differ are mended": func(f *fediverse) {
			f.carolFollowsAlice()
			f.two.FollowElsewhere("dave", "alice@one.test")
			r := f.record(f.two)
			dave := f.one.FindAccount("alice", "dave@two.test").Str("id")
			r.hold = true // the Reject is lost
			f.on(f.one, "alice", accountPath(dave, "/remove_from_followers"))
			r.hold = false
			alice := f.two.FindAccount("dave", "alice@one.test").Str("id")
			f.stands(f.two, "dave", alice, "following")
			p := f.post("alice", "for those who are left", "visibility", "private")
			f.stands(f.two, "dave", alice)
			f.at(f.two, "carol", p)
		},
	})
}

func TestReportsElsewhere(t *testing.T) {
	t.Parallel()
	report := func(f *fediverse, forward string) {
		f.Helper()
		p := f.two.FindStatus("carol", f.post("bob", "rude words").Str("uri"))
		f.two.As("carol").POST("/api/v1/reports", testkit.F("account_id", p.Obj("account").Str("id"), "status_ids[]", p.Str("id"),
			"comment", "not nice", "category", "spam", "forward", forward)).OK()
		f.settle()
	}
	tell(t, map[string]func(f *fediverse){
		"a forwarded report reaches the staff there": func(f *fediverse) {
			report(f, "true")
			n := f.hears(f.one, "alice", "admin.report", 1)[0]
			if got := n.Obj("report").Str("comment"); got != "not nice" {
				f.Errorf("the comment is %q", got)
			}
			if got := n.Obj("account").Str("acct"); got == "carol@two.test" {
				f.Error("the reporter is named")
			}
			f.hears(f.two, "alice", "admin.report", 1)
			f.hears(f.one, "bob", "admin.report", 0)
		},
		"a report goes to the servers that were chosen, among those concerned": func(f *fediverse) {
			three := f.found()
			asked := three.Post("erin", "what do you think?")
			f.settle()
			answered := f.one.FindStatus("bob", asked.Str("uri"))
			p := f.two.FindStatus("carol", f.post("bob", "rude words", "in_reply_to_id", answered.Str("id")).Str("uri"))
			f.settle() // carol's server fetches what it answers
			send := func(pairs ...string) {
				f.two.As("carol").POST("/api/v1/reports", testkit.F(append([]string{
					"account_id", p.Obj("account").Str("id"), "status_ids[]", p.Str("id"), "forward", "true",
				}, pairs...)...)).OK()
				f.settle()
			}
			send("forward_to_domains[]", "Three.test", "forward_to_domains[]", "four.test")
			f.hears(f.one, "alice", "admin.report", 0)
			f.hears(three, "alice", "admin.report", 1)
			send("forward_to_domains[]", "one.test")
			f.hears(f.one, "alice", "admin.report", 1)
			f.hears(three, "alice", "admin.report", 1)
		},
		"a report that is not forwarded stays": func(f *fediverse) {
			report(f, "false")
			f.hears(f.one, "alice", "admin.report", 0)
			f.hears(f.two, "alice", "admin.report", 1)
		},
		"reports of a domain are not taken": func(f *fediverse) {
			f.policy(f.one, instance.DomainPolicy{Domain: "two.test", Severity: domain.SeverityLimit, RejectReports: true})
			report(f, "true")
			f.hears(f.one, "alice", "admin.report", 0)
		},
	})
}

// TestCommunitiesAtPorts: the community's own actor is called after the domain,
// port included, and signs what it asks of others and reports to them.
func TestCommunitiesAtPorts(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	one, two := n.Found("one.test:3000"), n.Found("two.test:4000", testkit.Postgres())
	for _, c := range []*testkit.Community{one, two} {
		c.Configure(func(s *domain.Settings) { s.SecureMode = true })
	}
	bob := two.FollowElsewhere("carol", "bob@one.test:3000")
	if got := bob.Str("acct"); got != "bob@one.test:3000" {
		t.Errorf("bob is %s", got)
	}
	n.Settle()
	one.Post("bob", "rude words")
	n.Settle()
	home := two.Home("carol")
	if len(home) != 1 {
		t.Fatalf("carol reads %v", home)
	}
	two.As("carol").POST("/api/v1/reports", testkit.F("account_id", bob.Str("id"), "status_ids[]", home[0].Str("id"), "forward", "true")).OK()
	n.Settle()
	if got := one.Heard("alice", "admin.report"); len(got) != 1 {
		t.Errorf("the staff of bob's community heard %v", got)
	}
}

func TestQuotesElsewhere(t *testing.T) {
	t.Parallel()
	// quote has carol quote a post of alice's.
	quote := func(f *fediverse, policy string) (quoted, quoting testkit.Object) {
		f.Helper()
		quoted = f.post("alice", "quote me", "quote_approval_policy", policy)
		got := f.two.FindStatus("carol", quoted.Str("uri"))
		quoting = f.two.Post("carol", "see this", "quoted_status_id", got.Str("id"))
		f.settle()
		return quoted, quoting
	}
	state := func(f *fediverse, quoting testkit.Object, want string) {
		f.Helper()
		if got := status(f.two, "carol", quoting).Object().Obj("quote").Str("state"); got != want {
			f.Errorf("the quote is %s, want %s", got, want)
		}
	}
	tell(t, map[string]func(f *fediverse){
		"everybody may quote": func(f *fediverse) {
			quoted, quoting := quote(f, "public")
			state(f, quoting, "accepted")
			f.hears(f.one, "alice", "quote", 1)
			there := f.one.FindStatus("bob", quoting.Str("uri"))
			if there.Obj("quote").Str("state") != "accepted" || there.Obj("quote").Obj("quoted_status").Str("id") != quoted.Str("id") {
				f.Errorf("at one.test the quote is %v", there.Obj("quote"))
			}
		},
		"nobody may quote": func(f *fediverse) {
			quoted := f.post("alice", "do not quote me", "quote_approval_policy", "nobody")
			got := f.two.FindStatus("carol", quoted.Str("uri"))
			a := f.two.As("carol").POST("/api/v1/statuses", testkit.F("status", "see this", "quoted_status_id", got.Str("id")))
			f.settle()
			if a.Status == http.StatusOK {
				var quoting testkit.Object
				a.Into(&quoting)
				state(f, quoting, "rejected")
			}
			f.hears(f.one, "alice", "quote", 0)
		},
		"a quote is revoked": func(f *fediverse) {
			quoted, quoting := quote(f, "public")
			there := f.one.FindStatus("alice", quoting.Str("uri"))
			f.on(f.one, "alice", statusPath(quoted.Str("id"), "/quotes/"+there.Str("id")+"/revoke"))
			state(f, quoting, "revoked")
		},
		"a quote for followers only is allowed": func(f *fediverse) {
			f.two.Follow("dave", "carol")
			quoted := f.post("alice", "quote me", "quote_approval_policy", "public")
			got := f.two.FindStatus("carol", quoted.Str("uri"))
			quoting := f.two.Post("carol", "between us", "quoted_status_id", got.Str("id"), "visibility", "private")
			f.settle()
			state(f, quoting, "accepted")
		},
		"a third server sees that a quote is allowed, and revoked": func(f *fediverse) {
			three := f.found()
			three.FollowElsewhere("erin", "carol@two.test")
			quoted, quoting := quote(f, "public")
			f.after(time.Hour)
			q := by(three.Home("erin"), quoting.Str("uri")).Obj("quote")
			if q.Str("state") != "accepted" || q.Obj("quoted_status").Str("uri") != quoted.Str("uri") {
				f.Errorf("at three.test the quote is %v", q)
			}
			there := f.one.FindStatus("alice", quoting.Str("uri"))
			f.on(f.one, "alice", statusPath(quoted.Str("id"), "/quotes/"+there.Str("id")+"/revoke"))
			if q := by(three.Home("erin"), quoting.Str("uri")).Obj("quote"); q.Str("state") != "revoked" {
				f.Errorf("once it is revoked, at three.test the quote is %v", q)
			}
		},
	})
}

// severed fails unless somebody was told once of the follows that ended.
func (f *fediverse) severed(c *testkit.Community, name, kind string, followers, following float64) {
	f.Helper()
	id := f.hears(c, name, "severed_relationships", 1)[0].Str("id")
	n := c.As(name).GET("/api/v1/notifications/" + id).Object()
	e := n.Obj("event")
	if e.Str("type") != kind || e.Str("target_name") != "two.test" || e.Bool("purged") {
		f.Errorf("the event is %v", e)
	}
	f.counts(e, map[string]float64{"followers_count": followers, "following_count": following})
	if n.Obj("account").Str("id") != me(c, name).Str("id") {
		f.Errorf("somebody else is named: %v", n.Obj("account").Str("acct"))
	}
	var page struct {
		Groups []testkit.Object `json:"notification_groups"`
	}
	c.As(name).GET("/api/v2/notifications?types[]=severed_relationships&supported_types[]=mention").OK().Into(&page)
	if len(page.Groups) != 1 || page.Groups[0].Obj("event").Str("id") != e.Str("id") || page.Groups[0].Obj("fallback").Str("title") == "" {
		f.Errorf("in groups: %v", page.Groups)
	}
}

func TestPoliciesElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"a suspended domain is cut off": func(f *fediverse) {
			f.carolFollowsAlice()
			carol := f.one.FollowElsewhere("alice", "carol@two.test")
			f.policy(f.one, instance.DomainPolicy{Domain: "two.test", Severity: domain.SeveritySuspend})
			f.counts(me(f.one, "alice"), map[string]float64{"followers_count": 0, "following_count": 0})
			f.absent(f.two, "carol", f.post("alice", "not for two.test"))
			f.two.Post("carol", "@alice@one.test hello?")
			f.settle()
			f.hears(f.one, "alice", "mention", 0)
			if list := f.one.As("bob").GET(accountPath(carol.Str("id"), "/statuses")).List(); len(list) != 0 {
				f.Errorf("%d posts of carol are shown", len(list))
			}
			if found := f.one.Search("bob", "accounts", "dave@two.test"); len(found) != 0 {
				f.Error("dave is found all the same")
			}
			f.stands(f.one, "alice", carol.Str("id"))
			// What the suspension ended comes back with its end.
			f.policy(f.one, instance.DomainPolicy{Domain: "two.test"})
			f.stands(f.one, "alice", f.one.FindAccount("alice", "carol@two.test").Str("id"), "following", "followed_by")
		},
		"people hear which follows a suspension cost them": func(f *fediverse) {
			f.carolFollowsAlice()
			f.two.FollowElsewhere("dave", "alice@one.test")
			f.one.FollowElsewhere("alice", "carol@two.test")
			suspend := instance.DomainPolicy{Domain: "two.test", Severity: domain.SeveritySuspend}
			f.policy(f.one, suspend)
			f.policy(f.one, suspend) // ends nothing more
			f.severed(f.one, "alice", "domain_block", 2, 1)
			f.hears(f.one, "bob", "severed_relationships", 0)
			f.policy(f.one, instance.DomainPolicy{Domain: "two.test"})
			f.one.FollowElsewhere("alice", "carol@two.test")
			f.policy(f.one, suspend)
			f.hears(f.one, "alice", "severed_relationships", 2)
		},
		"who hides a domain hears which follows that cost": func(f *fediverse) {
			f.carolFollowsAlice()
			f.one.FollowElsewhere("alice", "dave@two.test")
			f.on(f.one, "alice", "/api/v1/domain_blocks", "domain", "two.test")
			f.severed(f.one, "alice", "user_domain_block", 1, 1)
			f.counts(me(f.two, "dave"), map[string]float64{"followers_count": 0})
			f.counts(me(f.two, "carol"), map[string]float64{"following_count": 0})
		},
		"a limited domain has to ask": func(f *fediverse) {
			f.policy(f.one, instance.DomainPolicy{Domain: "two.test", Severity: domain.SeverityLimit})
			f.carolFollowsAlice()
			f.hears(f.one, "alice", "follow", 0)
			carol := f.one.FindAccount("alice", "carol@two.test")
			if !carol.Bool("limited") {
				f.Error("carol is not limited")
			}
			f.stands(f.one, "alice", carol.Str("id"), "requested_by")
			p := f.two.Post("carol", "to the whole world")
			f.one.FindStatus("bob", p.Str("uri"))
			if by(f.one.Anonymous().GET("/api/v1/timelines/public").List(), p.Str("uri")) != nil {
				f.Error("it is on the public timeline")
			}
			f.policy(f.one, instance.DomainPolicy{Domain: "two.test"})
			if f.one.FindAccount("alice", "carol@two.test").Bool("limited") {
				f.Error("carol is limited for ever")
			}
		},
		"only allowed domains are talked to": func(f *fediverse) {
			f.one.Configure(func(s *testkit.Settings) { s.LimitedFederation = true })
			if found := f.two.Search("carol", "accounts", "alice@one.test"); len(found) != 0 {
				f.Error("alice is found")
			}
			if a := f.one.Anonymous().With("Accept", activity).GET("/users/alice/outbox"); a.Status != http.StatusUnauthorized {
				f.Errorf("whoever does not sign reads: %d", a.Status)
			}
			f.policy(f.one, instance.DomainPolicy{Domain: "two.test", Severity: domain.SeverityAllow})
			f.after(time.Hour)
			f.carolFollowsAlice()
			f.at(f.two, "carol", f.post("alice", "among friends"))
		},
	})
}

func TestMovingElsewhere(t *testing.T) {
	t.Parallel()
	move := func(f *fediverse) error {
		f.Helper()
		_, err := f.one.AccountMove(f.Context(), instance.AccountMove{Name: "alice", To: "dave@two.test"})
		f.settle()
		return err
	}
	alias := func(f *fediverse) {
		f.Helper()
		if _, err := f.two.AccountAlias(f.Context(), instance.AccountAlias{Name: "dave", Of: "http://one.test/users/alice"}); err != nil {
			f.Fatal(err)
		}
		f.settle()
	}
	tell(t, map[string]func(f *fediverse){
		"followers go along": func(f *fediverse) {
			three := f.found()
			three.FollowElsewhere("erin", "alice@one.test")
			f.one.Follow("bob", "alice")
			f.carolFollowsAlice()
			alias(f)
			if err := move(f); err != nil {
				f.Fatal(err)
			}
			dave := three.FindAccount("erin", "dave@two.test")
			f.stands(three, "erin", dave.Str("id"), "following")
			f.stands(three, "erin", three.FindAccount("erin", "alice@one.test").Str("id"))
			f.stands(f.one, "bob", f.one.FindAccount("bob", "dave@two.test").Str("id"), "following")
			f.stands(f.two, "carol", f.two.Person("dave").ID.String(), "following")
			f.stands(f.two, "carol", f.two.FindAccount("carol", "alice@one.test").Str("id"))
			if moved := three.FindAccount("erin", "alice@one.test").Obj("moved"); moved.Str("acct") != "dave@two.test" {
				f.Errorf("alice has moved to %q", moved.Str("acct"))
			}
		},
		"a locked account is asked by those who go along": func(f *fediverse) {
			f.carolFollowsAlice()
			f.two.As("dave").PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
			alias(f)
			if err := move(f); err != nil {
				f.Fatal(err)
			}
			f.stands(f.two, "carol", f.two.Person("dave").ID.String(), "requested")
			f.hears(f.two, "dave", "follow_request", 1)
		},
		"without an alias nobody goes along": func(f *fediverse) {
			f.carolFollowsAlice()
			if err := move(f); err == nil {
				f.Error("the move is accepted")
			}
			f.stands(f.two, "carol", f.two.FindAccount("carol", "alice@one.test").Str("id"), "following")
		},
		"who moved cannot be followed": func(f *fediverse) {
			alias(f)
			if err := move(f); err != nil {
				f.Fatal(err)
			}
			alice := f.two.FindAccount("carol", "alice@one.test").Str("id")
			f.two.As("carol").POST(accountPath(alice, follow), nil)
			f.settle()
			f.counts(me(f.one, "alice"), map[string]float64{"followers_count": 0})
		},
	})
}
