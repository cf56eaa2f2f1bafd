package moderation_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/moderation"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// world is a store with a local account and some from elsewhere.
type world struct {
	*testing.T
	st     *store.Store
	s      *moderation.Service
	runner *job.Runner
	events *[]domain.Event
}

func newWorld(t *testing.T, st *store.Store) world {
	w := world{t, st, moderation.New(st, moderation.Config{}), job.NewRunner(st, job.Options{}), &[]domain.Event{}}
	w.runner.Handle(domain.JobPolicy, w.s.ApplyPolicy, job.HandlerOptions{})
	w.runner.Handle(domain.JobFanout, func(_ context.Context, j *job.Job) error {
		var e domain.Event
		err := j.Decode(&e)
		*w.events = append(*w.events, e)
		return err
	}, job.HandlerOptions{})
	return w
}

func (w world) account(name, host string) domain.Account {
	w.Helper()
	a := domain.Account{Username: name, Domain: host}
	if host != "" {
		a.URI = "https://" + host + "/" + name
	}
	w.write(func(tx *store.Tx) error {
		if err := tx.InsertAccount(&a); err != nil || host == "" {
			return err
		}
		return tx.SaveActor(domain.Actor{Account: a.ID, Host: host, Inbox: a.URI + "/inbox"})
	})
	return a
}

func (w world) write(fn func(*store.Tx) error) {
	w.Helper()
	if err := w.st.Write(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

func (w world) settle() {
	w.Helper()
	for ran := 1; ran > 0; {
		var err error
		if ran, err = w.runner.Step(w.Context()); err != nil {
			w.Fatal(err)
		}
	}
}

func (w world) decide(p domain.DomainPolicy) {
	w.Helper()
	if err := w.s.SetPolicy(w.Context(), p); err != nil {
		w.Fatal(err)
	}
	w.settle()
}

func (w world) again(a domain.Account) domain.Account {
	w.Helper()
	got, err := w.st.Reader().Account(w.Context(), a.ID)
	if err != nil {
		w.Fatal(err)
	}
	return got
}

// TestSEC38_TheMostSpecificPolicyWins decides about a domain, its parent and
// its child, in turn, and looks at who is suspended and limited by that.
func TestSEC38_TheMostSpecificPolicyWins(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		top, sub, port := w.account("a", "far.test"), w.account("b", "deep.far.test"), w.account("c", "far.test:8080")
		other, split := w.account("d", "notfar.test"), w.account("e", "handles.test")
		w.write(func(tx *store.Tx) error {
			return tx.SaveActor(domain.Actor{Account: split.ID, Host: "ap.far.test", Inbox: "https://ap.far.test/inbox"})
		})
		for _, step := range []struct {
			host     string
			severity domain.Severity
			want     string // of top, sub, port, other, split: suspended, limited or neither
		}{
			{"far.test", domain.SeverityLimit, "lll.l"},
			{"far.test", domain.SeveritySuspend, "sss.s"},
			{"deep.far.test", domain.SeverityAllow, "s.s.s"},
			{"test", domain.SeverityLimit, "s.sls"},
			{"far.test", domain.SeverityNone, "l.lll"},
			{"deep.far.test", domain.SeveritySuspend, "lslll"},
			{"test", domain.SeverityNone, ".s..."},
			{"deep.far.test", domain.SeverityNone, "....."},
		} {
			w.decide(domain.DomainPolicy{Domain: step.host, Severity: step.severity})
			got := ""
			for _, a := range []domain.Account{top, sub, port, other, split} {
				switch a = w.again(a); {
				case a.SuspendedBy == domain.ByDomain:
					got += "s"
				case a.SilencedBy == domain.ByDomain:
					got += "l"
				case a.SuspendedBy|a.SilencedBy == 0:
					got += "."
				default:
					got += "?"
				}
			}
			if got != step.want {
				t.Errorf("%s of %s: %s, want %s", step.severity, step.host, got, step.want)
			}
		}
	})
}

func TestSuspendingADomainEndsFollowsForGood(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		ann, bob, zoe := w.account("ann", ""), w.account("bob", ""), w.account("zoe", "far.test")
		w.write(func(tx *store.Tx) error {
			for _, f := range []domain.Follow{
				{Account: ann.ID, Target: zoe.ID},
				{Account: zoe.ID, Target: ann.ID, URI: "https://far.test/follows/1"},
				{Account: bob.ID, Target: zoe.ID, Pending: true},
				{Account: ann.ID, Target: bob.ID},
			} {
				if err := tx.SaveFollow(&f); err != nil {
					return err
				}
				if !f.Pending {
					if err := tx.CountFollow(f.Account, f.Target, 1); err != nil {
						return err
					}
				}
			}
			return tx.Suspend(zoe.ID, domain.ByStaff)
		})
		w.decide(domain.DomainPolicy{Domain: "far.test", Severity: domain.SeveritySuspend})
		if a := w.again(ann); a.FollowingCount != 1 || a.FollowersCount != 0 {
			t.Errorf("ann follows %d and has %d followers", a.FollowingCount, a.FollowersCount)
		}
		if ties, err := st.Reader().Ties(t.Context(), zoe.ID, 9); err != nil || len(ties) != 0 {
			t.Errorf("left: %v, %v", ties, err)
		}
		kinds := map[domain.EventKind]int{}
		for _, e := range *w.events {
			kinds[e.Kind]++
			if e.Kind == domain.EventFollowRejected && (e.Actor != ann.ID || e.Target != zoe.ID || e.URI != "https://far.test/follows/1") {
				t.Errorf("rejected: %+v", e)
			}
		}
		if kinds[domain.EventFollowRejected] != 1 || kinds[domain.EventUnfollowed] != 2 || kinds[domain.EventSevered] != 1 || len(kinds) != 3 {
			t.Errorf("told: %v", kinds)
		}
		w.decide(domain.DomainPolicy{Domain: "far.test"})
		if z := w.again(zoe); z.SuspendedBy != domain.ByStaff || !z.Suspended() {
			t.Errorf("the staff's own decision: %b", z.SuspendedBy)
		}
	})
}

func TestManyAccountsAndFollowsAreGoneThroughInBatches(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		var far []domain.Account
		w.write(func(tx *store.Tx) error {
			for i := range 230 {
				a := domain.Account{Username: "u" + strconv.Itoa(i), Domain: "far.test", URI: "https://far.test/" + strconv.Itoa(i)}
				if err := tx.InsertAccount(&a); err != nil {
					return err
				}
				far = append(far, a)
			}
			for _, a := range far[:30] {
				for _, b := range far[60:80] {
					if err := tx.SaveFollow(&domain.Follow{Account: a.ID, Target: b.ID}); err != nil {
						return err
					}
				}
			}
			return nil
		})
		w.decide(domain.DomainPolicy{Domain: "far.test", Severity: domain.SeveritySuspend})
		for _, a := range far {
			if a = w.again(a); a.SuspendedBy != domain.ByDomain || a.FollowersCount > 0 {
				t.Fatalf("%s is left", a.Acct())
			}
		}
		if len(*w.events) != 600 {
			t.Errorf("%d follows ended", len(*w.events))
		}
	})
}

// A long list goes in piece by piece, and only where somebody is known is
// anything left to do.
func TestImportOfALongList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		far, deep := w.account("a", "far12.test"), w.account("b", "x.far230.test:8080")
		var list strings.Builder
		for i := range 250 {
			fmt.Fprintf(&list, "far%d.test\n", i)
		}
		done, _, err := w.s.ImportBlocks(t.Context(), 0, []byte(list.String()), false)
		if err != nil || len(done) != 250 {
			t.Fatalf("%d done, %v", len(done), err)
		}
		if ran, err := w.runner.Step(t.Context()); err != nil || ran != 2 {
			t.Errorf("%d jobs, %v", ran, err)
		}
		if a, b := w.again(far), w.again(deep); !a.Suspended() || !b.Suspended() {
			t.Error("those who are known are not suspended")
		}
		if all, err := w.s.Policies(t.Context()); err != nil || len(all) != 250 {
			t.Errorf("%d policies, %v", len(all), err)
		}
	})
}

func TestLimitedFederationAllowsByName(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		if err := w.s.SaveSettings(t.Context(), domain.Settings{Title: "Burrow", Registrations: domain.RegistrationsClosed, LimitedFederation: true}); err != nil {
			t.Fatal(err)
		}
		w.decide(domain.DomainPolicy{Domain: "friend.test", Severity: domain.SeverityAllow})
		w.decide(domain.DomainPolicy{Domain: "bad.friend.test", Severity: domain.SeveritySuspend})
		for host, want := range map[string]domain.Severity{
			"friend.test": domain.SeverityAllow, "sub.FRIEND.test:80": domain.SeverityAllow,
			"bad.friend.test": domain.SeveritySuspend, "stranger.test": domain.SeveritySuspend,
		} {
			if p, err := w.s.Policy(t.Context(), host); err != nil || p.Severity != want {
				t.Errorf("%s: %q, %v", host, p.Severity, err)
			}
		}
		if err := w.s.SetPolicy(t.Context(), domain.DomainPolicy{Domain: "a.test", Severity: "odd"}); !domain.Is(err, domain.Invalid) {
			t.Errorf("an unknown severity: %v", err)
		}
		if err := w.s.SetPolicy(t.Context(), domain.DomainPolicy{Domain: "a.test"}); !domain.Is(err, domain.NotFound) {
			t.Errorf("nothing to take back: %v", err)
		}
	})
}
