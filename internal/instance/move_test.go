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
	if _, err := one.Instance.AccountMove(t.Context(), instance.AccountMove{Name: "carol", To: "alice"}); err == nil {
		t.Error("moved to a neighbour")
	}
	if _, err := two.Instance.AccountAlias(t.Context(), instance.AccountAlias{Name: "bob", Of: "http://one.test/users/bob", Remove: true}); err != nil {
		t.Errorf("the alias is taken back: %v", err)
	}
}
