package account

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// Whatever is accepted as a redirect address leads away from us only in ways
// that run nothing in our pages.
func FuzzRedirectURI(f *testing.F) {
	for _, s := range []string{"https://a.example/b?c=d", "app://x", "app:x", domain.OutOfBand, "javascript:x", "JAVASCRIPT:x", " data:x", "//x", "x\n:y", "http:///"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if badRedirect(s) != "" {
			return
		}
		u, err := url.Parse(s)
		if err != nil || u.Scheme == "" || strings.ContainsAny(s, " \t\r\n\x00#") {
			t.Fatalf("%q was taken", s)
		}
		if slices.Contains([]string{"javascript", "data", "vbscript"}, strings.ToLower(u.Scheme)) {
			t.Fatalf("%q was taken", s)
		}
	})
}

// One who changes the own password keeps the session that asked, and loses
// every other session and token (SEC-40).
func TestSEC40_ChangePassword(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		s := newService(t, st)
		a := join(t, s, "alice")
		open := func() (string, SignedIn) {
			t.Helper()
			o, err := s.SignIn(t.Context(), SignIn{Login: "alice", Password: "prairie dogs", UserAgent: "test\x00\xff", IP: "192.0.2.1"})
			if err != nil {
				t.Fatal(err)
			}
			in, err := s.Session(t.Context(), o.Session)
			if err != nil || in.Account.ID != a.ID {
				t.Fatal(err)
			}
			return o.Session, in
		}
		mine, kept := open()
		other, _ := open()
		token, _, err := s.IssueToken(t.Context(), a.ID, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Bearer(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		for _, wrong := range []string{"wrong", "", strings.Repeat("long", 1000)} {
			if err := s.Prove(t.Context(), a.ID, Proof{Password: wrong}); !domain.Is(err, domain.Invalid) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		if err := s.Prove(t.Context(), a.ID, Proof{Password: "prairie dogs"}); err != nil {
			t.Error(err)
		}
		if err := s.SetPassword(t.Context(), a.ID, kept.Session.Token, "short"); !domain.Is(err, domain.Invalid) {
			t.Errorf("a short password: %v", err)
		}
		if err := s.SetPassword(t.Context(), a.ID, kept.Session.Token, "prairie dogs 2"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Session(t.Context(), mine); err != nil {
			t.Errorf("the session that asked: %v", err)
		}
		if _, err := s.Session(t.Context(), other); !domain.Is(err, domain.Unauthenticated) {
			t.Errorf("another session: %v", err)
		}
		if _, err := s.Bearer(t.Context(), token); !domain.Is(err, domain.Unauthenticated) {
			t.Errorf("a token: %v", err)
		}
		if _, err := s.SignIn(t.Context(), SignIn{Login: "alice", Password: "prairie dogs"}); !domain.Is(err, domain.Unauthenticated) {
			t.Errorf("the old password: %v", err)
		}
		// A chosen session of one's own ends; those of others stay.
		b := join(t, s, "bob")
		if err := s.EndSession(t.Context(), b.ID, kept.Session.ID); err != nil {
			t.Fatal(err)
		}
		if list, err := s.Sessions(t.Context(), a.ID); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
		if err := s.EndSession(t.Context(), a.ID, kept.Session.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Session(t.Context(), mine); !domain.Is(err, domain.Unauthenticated) {
			t.Errorf("the session that was ended: %v", err)
		}
	})
}

func TestSessionsEndUnused(t *testing.T) {
	t.Parallel()
	dbtest.EachClock(t, func(t *testing.T, st *store.Store, clock *dbtest.Clock) {
		s := newService(t, st)
		join(t, s, "alice")
		opened, err := s.SignIn(t.Context(), SignIn{Login: "alice", Password: "prairie dogs"})
		if err != nil {
			t.Fatal(err)
		}
		secret := opened.Session
		for range 3 {
			clock.Add(domain.SessionLife / 2)
			if _, err := s.Session(t.Context(), secret); err != nil {
				t.Fatalf("a session in use ended: %v", err)
			}
			if err := s.Sweep(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
		}
		clock.Add(domain.SessionLife + time.Second)
		if _, err := s.Session(t.Context(), secret); !domain.Is(err, domain.Unauthenticated) {
			t.Errorf("an old session opens: %v", err)
		}
	})
}
