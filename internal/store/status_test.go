package store_test

import (
	"context"
	"slices"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// TestARefTellsWhoIsNamedAndTheTags, and that of a post without either is not
// missing.
func TestARefTellsWhoIsNamedAndTheTags(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		var people [3]domain.ID
		rich, plain := domain.Status{Visibility: domain.Private, Local: true}, domain.Status{}
		err := st.Write(ctx, func(tx *store.Tx) error {
			for i := range people {
				a := domain.Account{Username: "r" + tx.NewID().String()}
				if err := tx.InsertAccount(&a); err != nil {
					return err
				}
				people[i] = a.ID
			}
			for _, s := range []*domain.Status{&plain, &rich} {
				s.Account = people[0]
				if plain.ID != 0 {
					s.Answer(&plain)
				}
				if err := tx.InsertStatus(s, ""); err != nil {
					return err
				}
			}
			if err := tx.Mention(rich.ID, people[1:]); err != nil {
				return err
			}
			return tx.TagStatus(rich.ID, []domain.Tag{{Name: "eins", Display: "Eins"}, {Name: "zwei", Display: "zwei"}})
		})
		if err != nil {
			t.Fatal(err)
		}
		ref, err := st.Reader().StatusRef(ctx, rich.ID)
		slices.Sort(ref.Mentions)
		slices.Sort(ref.Tags)
		if err != nil || ref.Account != people[0] || ref.Visibility != domain.Private || !ref.Local || ref.InReplyTo != plain.ID ||
			!slices.Equal(ref.Mentions, people[1:]) || !slices.Equal(ref.Tags, []string{"eins", "zwei"}) {
			t.Errorf("the reference is %+v, %v", ref, err)
		}
		if ref, err = st.Reader().StatusRef(ctx, plain.ID); err != nil || ref.Status != plain.ID || len(ref.Mentions)+len(ref.Tags) > 0 {
			t.Errorf("the reference of a plain one is %+v, %v", ref, err)
		}
		if _, err := st.Reader().StatusRef(ctx, 1); !domain.Is(err, domain.NotFound) {
			t.Errorf("the reference of no status: %v", err)
		}
	})
}
