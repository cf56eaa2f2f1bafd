package account

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func newService(t testing.TB, st *store.Store) *Service {
	t.Helper()
	s, err := New(st, Config{
		Hashing: Hashing{MemoryKiB: 8, Passes: 1}, Domains: []string{"coterie.test"}, Origin: "https://coterie.test", Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func join(t testing.TB, s *Service, name string) domain.Account {
	t.Helper()
	a, err := s.Create(context.Background(), SignUp{Username: name, Email: name + "@example.org", Password: "prairie dogs", Confirmed: true})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Known or not, by name or address, with a password of any length: the same
// work and the same answer.
func TestSEC48_SignInTellsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		s := newService(t, st)
		join(t, s, "alice")
		type cost struct {
			hashes     int64
			statements int64
			answer     string
		}
		var first, firstCode *cost
		for _, in := range []SignIn{
			{Login: "alice", Password: "wrong"},
			{Login: "alice@example.org", Password: "wrong"},
			{Login: "@ALICE", Password: "wrong"},
			{Login: "nobody", Password: "wrong"},
			{Login: "nobody@example.org", Password: "wrong"},
			{Login: "", Password: ""},
			{Login: "alice", Password: ""},
			{Login: "alice", Password: strings.Repeat("long", 1000)},
			{Login: "nobody", Password: strings.Repeat("long", 1000)},
		} {
			before := s.hash.made.Load()
			ctx, statements := store.CountStatements(t.Context())
			_, err := s.SignIn(ctx, in)
			if !domain.Is(err, domain.Unauthenticated) {
				t.Fatalf("%+v: %v", in, err)
			}
			c := &cost{s.hash.made.Load() - before, statements.Load(), err.Error()}
			if first == nil {
				first = c
			}
			if *c != *first || c.hashes != 1 {
				t.Errorf("%q took %+v, the first took %+v", in.Login, *c, *first)
			}
			before = s.hash.made.Load()
			ctx, statements = store.CountStatements(t.Context())
			if _, err = s.SignInByRecoveryCode(ctx, in); !domain.Is(err, domain.Unauthenticated) {
				t.Fatalf("a code of %+v: %v", in, err)
			}
			c = &cost{s.hash.made.Load() - before, statements.Load(), err.Error()}
			if firstCode == nil {
				firstCode = c
			}
			if *c != *firstCode || c.hashes != 1 {
				t.Errorf("a code of %q took %+v, the first took %+v", in.Login, *c, *firstCode)
			}
		}
	})
}

// A token used a moment ago costs no statement; what revokes it bites at once.
func TestBearerRemembers(t *testing.T) {
	t.Parallel()
	dbtest.EachClock(t, func(t *testing.T, st *store.Store, clock *dbtest.Clock) {
		s := newService(t, st)
		a := join(t, s, "alice")
		secret, token, err := s.IssueToken(t.Context(), a.ID, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		look := func() (int64, error) {
			ctx, n := store.CountStatements(t.Context())
			_, err := s.Bearer(ctx, secret)
			return n.Load(), err
		}
		if n, err := look(); err != nil || n == 0 {
			t.Fatalf("cold: %d statements, %v", n, err)
		}
		if n, err := look(); err != nil || n != 0 {
			t.Errorf("warm: %d statements, %v", n, err)
		}
		if s.hash.made.Load() != 1 {
			t.Error("checking a token hashed a password")
		}
		clock.Add(grantLife)
		if n, err := look(); err != nil || n == 0 {
			t.Errorf("after %s: %d statements, %v", grantLife, n, err)
		}
		if err := s.st.Write(t.Context(), func(tx *store.Tx) error {
			return tx.Revoke(a.ID, store.Revocation{Token: token.ID})
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := look(); !domain.Is(err, domain.Unauthenticated) {
			t.Errorf("revoked: %v", err)
		}
	})
}

func TestGrantCacheIsBounded(t *testing.T) {
	t.Parallel()
	c, now := newGrantCache(), time.Unix(1, 0)
	_, age, _ := c.get("x", now)
	for i := range maxGrants + 10 {
		c.put(string(rune(i)), Grant{}, age, now)
	}
	if len(c.held) > maxGrants {
		t.Errorf("holds %d", len(c.held))
	}
	c.drop()
	c.put("old", Grant{}, age, now)
	if _, _, ok := c.get("old", now); ok {
		t.Error("kept what was looked up before access changed")
	}
}

func TestSeenIsNotedOnceADay(t *testing.T) {
	t.Parallel()
	dbtest.EachClock(t, func(t *testing.T, st *store.Store, clock *dbtest.Clock) {
		s := newService(t, st)
		a := join(t, s, "alice")
		secret, token, err := s.IssueToken(t.Context(), a.ID, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		used := func() time.Time {
			t.Helper()
			if _, err := s.Bearer(t.Context(), secret); err != nil {
				t.Fatal(err)
			}
			if err := s.Sweep(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			row, err := st.Reader().TokenByHash(t.Context(), domain.HashSecret(secret))
			if err != nil || row.ID != token.ID {
				t.Fatal(err)
			}
			return row.UsedAt
		}
		first := used()
		if first.IsZero() {
			t.Fatal("the use was not noted")
		}
		clock.Add(time.Hour)
		if again := used(); !again.Equal(first) {
			t.Error("noted twice on one day")
		}
		clock.Add(24 * time.Hour)
		if next := used(); !next.After(first) {
			t.Error("not noted on the next day")
		}
	})
}

func BenchmarkSignIn(b *testing.B) {
	o := dbtest.SQLite(b)
	o.Now = time.Now
	s, err := New(dbtest.Open(b, o), Config{Domains: []string{"coterie.test"}, Origin: "https://coterie.test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	join(b, s, "alice")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.SignIn(b.Context(), SignIn{Login: "alice", Password: "prairie dogs"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBearerWarm(b *testing.B) {
	o := dbtest.SQLite(b)
	o.Now = time.Now
	s := newService(b, dbtest.Open(b, o))
	secret, _, err := s.IssueToken(b.Context(), join(b, s, "alice").ID, 0, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Bearer(b.Context(), secret); err != nil {
			b.Fatal(err)
		}
	}
}
