package mastoapi_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/store"
	"coterie/internal/testkit"
	"coterie/internal/text"
)

// TestPostsAreIndexedAnew: posts whose words another preparation made are found
// as if this one had made them, once the background work is through.
func TestPostsAreIndexedAnew(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		a := newArchive(t, c)
		a.keep("said", "bob", "A weasel", "spoiler_text", "Stoats")
		a.keep("asked", "bob", "Which?", "poll[options][]", "ferret", "poll[options][]", "mink", "poll[expires_in]", "3600")
		m := c.Media("bob", testkit.PNG(t, testkit.Gradient(4, 4)), "description", "a badger")
		a.keep("shown", "bob", "Look", "media_ids[]", m.Str("id"))
		st := storeFor(t, c)
		write := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := st.Write(context.Background(), fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *store.Tx) error {
			ann := domain.Account{Username: "ann", Domain: "far.example", URI: "https://far.example/ann", Indexable: true}
			if err := tx.InsertAccount(&ann); err != nil {
				return err
			}
			p := domain.Status{Account: ann.ID, URI: "https://far.example/1", Content: "<p>otters <b>swim</b></p>"}
			err := tx.InsertStatus(&p, "")
			a.names[p.ID.String()] = "far"
			return err
		})
		for i := range 205 { // more than one batch
			c.Post("bob", fmt.Sprintf("number %d", i))
		}
		c.Settle()
		all, err := st.Reader().IndexedTexts(context.Background(), domain.MaxID, 1000)
		if err != nil || len(all) != 209 {
			t.Fatalf("%d posts, %v", len(all), err)
		}
		spoil := func(state domain.SearchIndex) {
			t.Helper()
			write(func(tx *store.Tx) error {
				for i := range all {
					if err := tx.SetWords(all[i].ID, all[i].Words, "gibberish"); err != nil {
						return err
					}
				}
				return tx.SaveSearchIndex(state)
			})
			c.Clock.Add(time.Minute) // ids are of their time
			c.Restart()
		}
		report := func() instance.SearchReport {
			t.Helper()
			r, err := c.Status(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return r.Search
		}
		found := func(newest string) {
			t.Helper()
			for query, want := range map[string]string{
				"weasel": "said", "stoats": "said", "ferret": "asked", "badger": "shown", "otters swim": "far", "has:poll mink": "asked", `"number 204"`: newest,
			} {
				a.finds("alice", query, want, "type", "statuses")
			}
		}
		a.names[all[0].ID.String()] = "newest"

		// Of an older program, or before there were versions.
		spoil(domain.SearchIndex{})
		a.finds("alice", "weasel", "")
		if got := report(); got != (instance.SearchReport{Posts: 209}) {
			t.Errorf("at first: %+v", got)
		}
		c.Settle()
		if got := report(); got != (instance.SearchReport{Current: true, Posts: 209, Done: 209}) {
			t.Errorf("in the end: %+v", got)
		}
		found("newest")
		if state, err := st.Reader().SearchIndex(context.Background()); err != nil || state.Version != text.WordsVersion {
			t.Errorf("the version kept: %+v, %v", state, err)
		}

		// In the middle of it.
		all, err = st.Reader().IndexedTexts(context.Background(), domain.MaxID, 1000)
		if err != nil {
			t.Fatal(err)
		}
		spoil(domain.SearchIndex{Target: text.WordsVersion, Before: all[0].ID, Done: 1, Posts: 209})
		c.Settle()
		if got := report(); got != (instance.SearchReport{Current: true, Posts: 209, Done: 209}) {
			t.Errorf("gone on with: %+v", got)
		}
		found("")

		// Whoever runs the community may begin again. An edit meanwhile has the
		// last word.
		if got, err := c.SearchReindex(t.Context()); err != nil || got != (instance.SearchReport{Posts: 209}) {
			t.Errorf("begun again: %+v, %v", got, err)
		}
		c.Settle()
		found("newest")
		write(func(tx *store.Tx) error { return tx.SetWords(all[0].ID, "what it was before the edit", "stale") })
		a.finds("alice", "stale", "")
	})
}
