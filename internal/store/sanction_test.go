package store_test

import (
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func TestEachAuthorityTakesBackItsOwn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		a := domain.Account{Username: "zoe", Domain: "far.test", URI: "https://far.test/zoe"}
		steps := []struct {
			do                  func(tx *store.Tx) error
			suspended, silenced domain.Authority
		}{
			{func(tx *store.Tx) error { return tx.InsertAccount(&a) }, 0, 0},
			{func(tx *store.Tx) error { return tx.Suspend(a.ID, domain.ByOrigin) }, domain.ByOrigin, 0},
			{func(tx *store.Tx) error { return tx.Suspend(a.ID, domain.ByStaff) }, domain.ByOrigin | domain.ByStaff, 0},
			{func(tx *store.Tx) error { return tx.Silence(a.ID, domain.ByDomain) }, domain.ByOrigin | domain.ByStaff, domain.ByDomain},
			{func(tx *store.Tx) error { return tx.Unsuspend(a.ID, domain.ByOrigin) }, domain.ByStaff, domain.ByDomain},
			{func(tx *store.Tx) error { return tx.Unsuspend(a.ID, domain.ByStaff) }, 0, domain.ByDomain},
			{func(tx *store.Tx) error { return tx.Unsilence(a.ID, domain.ByStaff) }, 0, domain.ByDomain},
			{func(tx *store.Tx) error { return tx.Unsilence(a.ID, domain.ByDomain) }, 0, 0},
		}
		for i, s := range steps {
			if err := st.Write(bg, s.do); err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
			got, err := st.Reader().Account(bg, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got.SuspendedBy != s.suspended || got.Suspended() != (s.suspended != 0) || got.SilencedBy != s.silenced || got.Silenced() != (s.silenced != 0) {
				t.Errorf("step %d: suspended %v by %b, silenced %v by %b", i, got.Suspended(), got.SuspendedBy, got.Silenced(), got.SilencedBy)
			}
		}
	})
}
