package instance_test

import (
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// TestAnAccountMovesOnceItsNewOneAgrees moves bob from one.test to two.test.
func TestAnAccountMovesOnceItsNewOneAgrees(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	move := func() error {
		_, err := one.Instance.AccountMove(t.Context(), instance.AccountMove{Name: "bob", To: "@bob@two.test"})
		return err
	}
	if err := move(); !domain.Is(err, domain.Invalid) {
		t.Fatalf("before the other side agrees: %v", err)
	}
	alias := instance.AccountAlias{Name: "bob", Of: "bob@one.test"}
	for range 2 {
		if _, err := two.Instance.AccountAlias(t.Context(), alias); err != nil {
			t.Fatal(err)
		}
	}
	if err := move(); err != nil {
		t.Fatal(err)
	}
	got := one.Anonymous().GET("/api/v1/accounts/" + one.Person("bob").ID.String()).Object()
	if got.Obj("moved").Str("acct") != "bob@two.test" {
		t.Errorf("moved to %v", got["moved"])
	}
	if err := move(); !domain.Is(err, domain.Invalid) {
		t.Errorf("again at once: %v", err)
	}
	one.After(31 * 24 * time.Hour)
	if err := move(); err != nil {
		t.Errorf("a month later: %v", err)
	}
	if _, err := two.Instance.AccountAlias(t.Context(), instance.AccountAlias{Name: "bob", Of: "http://one.test/users/bob", Remove: true}); err != nil {
		t.Errorf("the alias is taken back: %v", err)
	}
}

// TestAnAccountMovesToANeighbour moves bob to dave, who lives here, too.
func TestAnAccountMovesToANeighbour(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		c.Follow("alice", "bob")
		c.Follow("carol", "bob")
		move := func(to string) error {
			_, err := c.AccountMove(t.Context(), instance.AccountMove{Name: "bob", To: to})
			c.Settle()
			return err
		}
		for _, to := range []string{"@dave", "@bob", "@nobody"} {
			if err := move(to); err == nil {
				t.Errorf("moved to %s, which does not agree", to)
			}
		}
		alias := func(of string) error {
			_, err := c.AccountAlias(t.Context(), instance.AccountAlias{Name: "dave", Of: of})
			return err
		}
		if err := alias("@dave"); !domain.Is(err, domain.Invalid) {
			t.Errorf("an alias of itself: %v", err)
		}
		if err := alias("bob"); err != nil { // as the API shows handles of people here
			t.Fatal(err)
		}
		c.As("dave").PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
		if err := move("dave"); err != nil {
			t.Fatal(err)
		}
		bob, dave := c.Person("bob").ID.String(), c.Person("dave").ID.String()
		for _, name := range []string{"alice", "carol"} {
			if r := c.Relation(name, dave); !r.Bool("requested") || c.Relation(name, bob).Bool("following") {
				t.Errorf("%s did not ask to go along: %v", name, r)
			}
		}
		if err := move("@dave"); !domain.Is(err, domain.Invalid) {
			t.Errorf("again at once: %v", err)
		}
	})
}
