package render_test

import (
	"context"
	"encoding/json"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/render"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func TestStatusOfAVisitorAndOfItsAuthor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		alice := domain.Account{Username: "alice", Note: "Hi from @bob"}
		bob := domain.Account{Username: "bob"}
		post := domain.Status{Local: true, Text: "Hello @bob, see #Cats\n\nhttps://example.org/x", Spoiler: "CW"}
		var boost domain.Status
		err := st.Write(ctx, func(tx *store.Tx) error {
			for _, a := range []*domain.Account{&alice, &bob} {
				if err := tx.InsertAccount(a); err != nil {
					return err
				}
			}
			post.Account = alice.ID
			if err := tx.InsertStatus(&post, ""); err != nil {
				return err
			}
			boost = domain.Status{Local: true, Account: bob.ID, ReblogOf: post.ID}
			if err := tx.InsertStatus(&boost, ""); err != nil {
				return err
			}
			tag, err := tx.EnsureTag(domain.Tag{Name: "cats", Display: "Cats"})
			if err != nil {
				return err
			}
			if err := tx.TagStatus(post.ID, []domain.Tag{tag}); err != nil {
				return err
			}
			return tx.Mention(post.ID, []domain.ID{bob.ID})
		})
		if err != nil {
			t.Fatal(err)
		}
		r := render.New(st.Reader(), render.URLs{Base: "https://coterie.test", Host: "coterie.test"}, st.Now)
		for _, viewer := range []domain.ID{0, alice.ID} {
			ctx, n := store.CountStatements(ctx)
			for range 2 {
				list, err := r.Statuses(ctx, viewer, []domain.ID{boost.ID, post.ID})
				if err != nil {
					t.Fatal(err)
				}
				if len(list) != 2 {
					t.Fatalf("got %d statuses", len(list))
				}
				var v any
				for _, b := range list {
					if err := json.Unmarshal(b, &v); err != nil {
						t.Errorf("%v: %s", err, b)
					}
				}
				t.Logf("%d statements, %s", n.Load(), list[0])
			}
		}
	})
}
