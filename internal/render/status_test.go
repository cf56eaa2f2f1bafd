package render_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/render"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
	"coterie/internal/timeline"
)

func TestStatusIsRenderedOnce(t *testing.T) {
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
		r := render.New(st.Reader(), timeline.NewFilters(st), render.URLs{URLs: domain.URLs{Base: "https://coterie.test", Host: "coterie.test"}}, st.Now)
		for _, viewer := range []domain.ID{0, alice.ID} {
			if _, err := r.Statuses(ctx, viewer, []domain.ID{boost.ID, post.ID}); err != nil {
				t.Fatal(err)
			}
			var list []json.RawMessage
			// On PostgreSQL what is kept is dropped once, when the
			// listener's connection comes up.
			fewest := int64(100)
			for range 3 {
				warm, n := store.CountStatements(ctx)
				if list, err = r.Statuses(warm, viewer, []domain.ID{boost.ID, post.ID}); err != nil || len(list) != 2 {
					t.Fatalf("%d statuses, %v", len(list), err)
				}
				fewest = min(fewest, n.Load())
			}
			if fewest != 1 {
				t.Errorf("a warm page took %d statements", fewest)
			}
			var got struct {
				Reblog struct {
					Content  string
					Mentions []struct{ URL string }
					Tags     []struct{ Name, URL string }
					Account  struct{ Note string }
				}
				Favourited, Pinned *bool
			}
			if err := json.Unmarshal(list[0], &got); err != nil {
				t.Fatalf("%v: %s", err, list[0])
			}
			o := got.Reblog
			if len(o.Mentions) != 1 || !strings.Contains(o.Content, `href="`+o.Mentions[0].URL+`"`) {
				t.Errorf("the link of the mention is not that of mentions: %s", o.Content)
			}
			if len(o.Tags) != 1 || o.Tags[0].Name != "cats" || o.Tags[0].URL != "https://coterie.test/tags/cats" {
				t.Errorf("tags are %v", o.Tags)
			}
			if want := `<a href="https://coterie.test/@bob"`; !strings.Contains(o.Account.Note, want) {
				t.Errorf("the note is %s", o.Account.Note)
			}
			if (got.Favourited != nil) != (viewer != 0) || got.Pinned != nil {
				t.Errorf("viewer %d gets %s", viewer, list[0])
			}
		}
	})
}
