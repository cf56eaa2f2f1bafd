package account

import (
	"strings"
	"sync"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
	"coterie/internal/text"
)

// Addresses that mail servers read in different ways are refused, and the
// rest is compared in one form.
func TestSEC45_Addresses(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a@b.example", "a.b+c@b.example", "o'neil@b.example", "a@bücher.example", "A@B.EXAMPLE", "a@localhost"} {
		if !validEmail(good) {
			t.Errorf("%q was refused", good)
		}
	}
	for _, bad := range []string{
		"", "a", "@b.example", "a@", "a@b@c.example", `"a"@b.example`, `"a@evil.example"@b.example`, "a%evil.example@b.example",
		"a,b@b.example", "a(comment)@b.example", "a@b.example(c)", "a b@b.example", "a@b .example", "a\n@b.example", "a@b.example\r\nBcc: x",
		"<a@b.example>", "A <a@b.example>", "a@[127.0.0.1]", "a@b..example", "a@.b.example", ".a@b.example", "a.@b.example", "a..b@b.example",
		"a@b.example.", "a!b@b.example", "a:b@b.example", "a;b@b.example", "a\\b@b.example", "a\x00@b.example", "a@-b.example",
		strings.Repeat("a", 65) + "@b.example", "a@" + strings.Repeat("b", 64) + ".example", "a@" + strings.Repeat("b.", 130) + "example",
	} {
		if validEmail(bad) {
			t.Errorf("%q was taken", bad)
		}
	}
	for _, same := range []string{"a@bücher.example", "A@BÜCHER.example", "a@xn--bcher-kva.example", " a@bücher.example "} {
		if got := text.EmailKey(same); got != "a@xn--bcher-kva.example" {
			t.Errorf("%q is compared as %q", same, got)
		}
	}
}

func FuzzEmail(f *testing.F) {
	for _, s := range []string{"a@b.example", "a@bücher.example", `"a"@b`, "a%b@c", "@", "\x00@\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key := text.EmailKey(s)
		if !validEmail(s) {
			return
		}
		if strings.ContainsAny(s, " \t\r\n\x00\"%,;:()<>[]\\") || strings.Count(s, "@") != 1 {
			t.Errorf("%q was taken", s)
		}
		if text.EmailKey(key) != key {
			t.Errorf("%q is compared as %q and that as %q", s, key, text.EmailKey(key))
		}
	})
}

// A name that was somebody's is never another's, in whatever case; of many
// who want one name at once, one gets it.
func TestSEC46_NamesAreNeverReused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		s := newService(t, st)
		a := join(t, s, "Alice")
		if err := s.Delete(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		// The row goes, too, once the background work is done.
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.DeleteAccount(a.ID) }); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"alice", "ALICE", "@Alice"} {
			_, err := s.Create(t.Context(), SignUp{Username: name, Email: "new@example.org", Password: "prairie dogs"})
			if !domain.Is(err, domain.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}

		var wg sync.WaitGroup
		var mu sync.Mutex
		made := 0
		for i := range 20 {
			wg.Go(func() {
				_, err := s.Create(t.Context(), SignUp{Username: "bob", Email: string(rune('a'+i)) + "@example.org", Password: "prairie dogs"})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					made++
				case !domain.Is(err, domain.Invalid):
					t.Errorf("the loser of the race hears: %v", err)
				}
			})
		}
		wg.Wait()
		if made != 1 {
			t.Errorf("%d got the name", made)
		}
	})
}

// The first run makes one owner, however many ask at once.
func TestCreateOwnerOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		s := newService(t, st)
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveSettings(domain.Settings{}) }); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		made := 0
		for i := range 8 {
			wg.Go(func() {
				name := "owner" + string(rune('a'+i))
				_, err := s.CreateOwner(t.Context(), SignUp{Username: name, Password: "prairie dogs"}, func(tx *store.Tx) error {
					return tx.SaveSettings(domain.Settings{Title: name})
				})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					made++
				case !domain.Is(err, domain.Conflict):
					t.Errorf("the loser of the race hears: %v", err)
				}
			})
		}
		wg.Wait()
		set, err := st.Reader().Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		owner, err := s.ByName(t.Context(), set.Title)
		if err != nil {
			t.Fatalf("the settings are of %q, who is not there: %v", set.Title, err)
		}
		u, err := st.Reader().User(t.Context(), owner.ID)
		if err != nil || u.Role != domain.RoleOwner || u.Email != "" || !u.Active() {
			t.Errorf("%+v, %v", u, err)
		}
		if made != 1 {
			t.Errorf("%d owners", made)
		}
		if err := s.Delete(t.Context(), owner.ID); !domain.Is(err, domain.Forbidden) {
			t.Errorf("the owner was deleted: %v", err)
		}
	})
}
