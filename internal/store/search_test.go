package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
	"coterie/internal/text"
)

// TestSearchIsBruteForce makes small worlds and asks whether a search finds
// what looking at every post finds, whichever way the store goes.
func TestSearchIsBruteForce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		rapid.Check(t, func(t *rapid.T) {
			w := newSearchWorld(t, st)
			for range 8 {
				w.compare(w.draw())
			}
			gone := rapid.IntRange(0, len(w.posts)-1).Filter(func(i int) bool { return w.posts[i].ReblogOf == 0 }).Draw(t, "deleted")
			w.write(func(tx *store.Tx) error { return tx.DeleteStatus(w.posts[gone].ID) })
			w.posts = slices.Delete(w.posts, gone, gone+1)
			for range 4 {
				w.compare(w.draw())
			}
		})
		if st.Engine() == store.SQLite {
			err := st.Write(context.Background(), func(tx *store.Tx) error {
				_, err := tx.Exec(`INSERT INTO status_words (status_words, rank) VALUES ('integrity-check', 1)`)
				return err
			})
			if err != nil {
				t.Errorf("the index of words is not that of the posts: %v", err)
			}
		}
	})
}

// searchWorld is a sightWorld whose posts say and have something.
type searchWorld struct {
	*sightWorld
	first     domain.ID // every post of this world has a larger id
	words     map[domain.ID][]string
	traits    map[domain.ID]map[domain.Trait]bool
	tagged    map[domain.ID]bool
	library   map[pair]bool // viewer, post
	indexable map[domain.ID]bool
	silenced  map[domain.ID]bool
	muted     map[pair]bool
	tag       domain.ID
}

func newSearchWorld(t *rapid.T, st *store.Store) *searchWorld {
	w := &searchWorld{
		sightWorld: newSightWorld(t, st), words: map[domain.ID][]string{}, traits: map[domain.ID]map[domain.Trait]bool{},
		tagged: map[domain.ID]bool{}, library: map[pair]bool{}, indexable: map[domain.ID]bool{}, silenced: map[domain.ID]bool{}, muted: map[pair]bool{},
	}
	w.first = w.posts[0].ID - 1
	w.write(func(tx *store.Tx) error {
		tag, err := tx.EnsureTag(domain.Tag{Name: fmt.Sprintf("t%d", w.first), Display: "T"})
		w.tag = tag.ID
		if err != nil {
			return err
		}
		for _, a := range w.people {
			if err := w.describe(tx, a); err != nil {
				return err
			}
		}
		for i := range w.posts {
			if err := w.fill(tx, &w.posts[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func (w *searchWorld) often(n int) bool { return rapid.IntRange(0, n).Draw(w.t, "draw") == 0 }

func (w *searchWorld) write(f func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.st.Write(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

// describe says what stands between an account and others.
func (w *searchWorld) describe(tx *store.Tx, a domain.ID) error {
	if w.indexable[a] = w.often(1); w.indexable[a] {
		if _, err := tx.Exec(`UPDATE accounts SET indexable = TRUE WHERE id = $1`, a); err != nil {
			return err
		}
	}
	if w.silenced[a] = w.often(4); w.silenced[a] {
		if err := tx.Silence(a, domain.ByStaff); err != nil {
			return err
		}
	}
	for _, b := range w.people {
		if w.muted[pair{a, b}] = a != b && w.often(7); w.muted[pair{a, b}] {
			if err := tx.SaveMute(&domain.Mute{Account: a, Target: b}); err != nil {
				return err
			}
		}
	}
	return nil
}

var vocabulary = []string{"red", "green", "blue", "red-green", "Café", "猫", "犬鳥", "猫犬鳥", "reds"}

// fill writes a post, which is an edit, and has people do things with it.
func (w *searchWorld) fill(tx *store.Tx, s *domain.Status) error {
	if s.ReblogOf != 0 {
		w.library[pair{s.Account, s.ReblogOf}] = true
		return nil
	}
	has := map[domain.Trait]bool{domain.IsSensitive: w.often(3), domain.HasPoll: w.often(3), domain.IsReply: w.often(3), domain.IsQuote: w.often(3)}
	w.traits[s.ID] = has
	poll := domain.Poll{Status: s.ID, Account: s.Account, Options: []domain.PollOption{{Title: "a"}, {Title: "b"}}}
	if has[domain.HasPoll] {
		if err := tx.InsertPoll(&poll); err != nil {
			return err
		}
		s.Poll = poll.ID
	}
	w.words[s.ID] = text.Words(strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 5).Draw(w.t, "words"), " "))
	s.Sensitive, s.Language = has[domain.IsSensitive], rapid.SampledFrom([]string{"", "de", "zh-TW", "zh"}).Draw(w.t, "language")
	if err := tx.UpdateStatus(s, strings.Join(w.words[s.ID], " ")); err != nil {
		return err
	}
	if has[domain.IsReply] {
		if _, err := tx.Exec(`UPDATE statuses SET in_reply_to_id = $1 WHERE id = $2`, w.first, s.ID); err != nil {
			return err
		}
	}
	if has[domain.IsQuote] {
		if err := tx.SaveQuote(domain.Quote{Status: s.ID, Account: s.Account, State: domain.QuoteAccepted}); err != nil {
			return err
		}
	}
	if err := w.attach(tx, s); err != nil {
		return err
	}
	for _, a := range w.people {
		if err := w.collect(tx, a, s); err != nil {
			return err
		}
	}
	return nil
}

func (w *searchWorld) attach(tx *store.Tx, s *domain.Status) error {
	if w.tagged[s.ID] = w.often(2); w.tagged[s.ID] {
		if _, err := tx.Exec(`INSERT INTO status_tags (tag_id, status_id) VALUES ($1, $2)`, w.tag, s.ID); err != nil {
			return err
		}
	}
	if err := w.preview(tx, s); err != nil {
		return err
	}
	kind := rapid.SampledFrom([]domain.Trait{"", "", domain.HasImage, domain.HasVideo, domain.HasAudio}).Draw(w.t, "media")
	if kind == "" {
		return nil
	}
	w.traits[s.ID][kind], w.traits[s.ID][domain.HasMedia] = true, true
	return tx.Attach(s.Account, s.ID, []domain.Attachment{{Kind: domain.AttachmentKind(kind)}})
}

// preview may give a post a card.
func (w *searchWorld) preview(tx *store.Tx, s *domain.Status) error {
	if !w.often(1) {
		return nil
	}
	state := rapid.SampledFrom([]domain.CardState{domain.CardShown, domain.CardWaiting}).Draw(w.t, "state")
	kind := rapid.SampledFrom([]domain.CardType{domain.CardLink, domain.CardVideo, domain.CardRich}).Draw(w.t, "type")
	w.traits[s.ID][domain.HasLink] = state == domain.CardShown
	w.traits[s.ID][domain.HasEmbed] = state == domain.CardShown && kind != domain.CardLink
	c, err := tx.EnsureCard(fmt.Sprintf("https://far.example/%d", s.ID))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE cards SET state = $1, type = $2 WHERE id = $3`, state, kind, c.ID); err != nil {
		return err
	}
	_, err = tx.SetCard(s.ID, c.ID)
	return err
}

// collect may put a post into somebody's library.
func (w *searchWorld) collect(tx *store.Tx, a domain.ID, s *domain.Status) error {
	p := pair{a, s.ID}
	w.library[p] = w.library[p] || s.Account == a || w.mentioned[pair{s.ID, a}]
	how := rapid.IntRange(0, 11).Draw(w.t, "collected")
	w.library[p] = w.library[p] || how < 2 || how == 2 && s.Poll != 0
	switch {
	case how == 0:
		_, err := tx.Favourite(&domain.Favourite{Account: a, Status: s.ID})
		return err
	case how == 1:
		return tx.Bookmark(a, s.ID)
	case how == 2 && s.Poll != 0:
		return tx.Vote(s.Poll, a, []int{1}, false)
	}
	return nil
}

// draw is any search.
func (w *searchWorld) draw() store.StatusSearch {
	t := w.t
	q := store.StatusSearch{
		Viewer: rapid.SampledFrom(w.people).Draw(t, "viewer"), After: w.first, Before: domain.MaxID, Limit: rapid.IntRange(1, 9).Draw(t, "limit"),
		Scope: rapid.SampledFrom([]domain.SearchScope{domain.SearchAll, domain.SearchAll, domain.SearchLibrary, domain.SearchPublic}).Draw(t, "scope"),
	}
	not := func() bool { return w.often(3) }
	for range rapid.IntRange(0, 2).Draw(t, "phrases") {
		p, _ := text.Phrase(rapid.SampledFrom([]string{"red", "green", "red green", "cafe", "猫", "犬", "鳥", "猫犬", "犬鳥", "鳥 red", "green 猫", "none"}).Draw(t, "phrase"))
		q.Phrases = append(q.Phrases, domain.Sought[domain.Phrase]{What: p, Not: not()})
	}
	if w.often(5) {
		q.Authors = append(q.Authors, domain.Sought[domain.ID]{What: rapid.SampledFrom(w.people).Draw(t, "author"), Not: not()})
	}
	if w.often(5) {
		q.Tags = append(q.Tags, domain.Sought[domain.ID]{What: w.tag, Not: not()})
	}
	if w.often(5) {
		q.Languages = append(q.Languages, domain.Sought[string]{What: rapid.SampledFrom([]string{"de", "zh", "zh-TW"}).Draw(t, "language"), Not: not()})
	}
	if w.often(2) {
		q.Traits = append(q.Traits, domain.Sought[domain.Trait]{What: rapid.SampledFrom([]domain.Trait{
			domain.HasMedia, domain.HasImage, domain.HasVideo, domain.HasAudio, domain.HasPoll, domain.HasLink, domain.HasEmbed,
			domain.IsReply, domain.IsSensitive, domain.IsQuote,
		}).Draw(t, "trait"), Not: not()})
	}
	if w.often(5) {
		q.Before = rapid.SampledFrom(w.posts).Draw(t, "before").ID
	}
	if w.often(5) {
		q.After = rapid.SampledFrom(w.posts).Draw(t, "after").ID
	}
	if w.often(3) {
		q.Offset = rapid.IntRange(0, 3).Draw(t, "offset")
	}
	return q
}

func (w *searchWorld) compare(q store.StatusSearch) {
	w.t.Helper()
	want := []domain.ID{}
	for i := len(w.posts) - 1; i >= 0; i-- {
		if w.finds(q, &w.posts[i]) {
			want = append(want, w.posts[i].ID)
		}
	}
	want = want[min(q.Offset, len(want)):]
	want = want[:min(q.Limit, len(want))]
	for _, few := range []int{0, 2, 1000} {
		got, err := store.SearchStatusesFew(context.Background(), w.st.Reader(), q, few)
		if err != nil {
			w.t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			w.t.Fatalf("%+v with %d as few:\n%v, looking at every post\n%v", q, few, got, want)
		}
	}
	for _, newest := range []int{0, 3, 6, 10} {
		got, err := store.SearchStatusesNewest(context.Background(), w.st.Reader(), q, newest)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(got) > len(want) || !slices.Equal(got, want[:len(got)]) && q.Offset == 0 || len(got) == q.Limit && !slices.Equal(got, want) {
			w.t.Fatalf("%+v among the newest %d:\n%v, looking at every post\n%v", q, newest, got, want)
		}
	}
	q.After = domain.MaxID - 1
	if got, err := store.SearchStatusesNewest(context.Background(), w.st.Reader(), q, 3); err != nil || len(got) != 0 {
		w.t.Fatalf("%+v, after which there is nothing: %v, %v", q, got, err)
	}
}

// finds is the rule, for one post.
func (w *searchWorld) finds(q store.StatusSearch, s *domain.Status) bool {
	v, by := q.Viewer, s.Account
	avoided := w.muted[pair{v, by}] || w.blocks[pair{v, by}] || w.blocks[pair{by, v}]
	if s.ReblogOf != 0 || avoided || !w.sees(v, s) || s.ID <= q.After || s.ID >= q.Before {
		return false
	}
	library := w.library[pair{v, s.ID}]
	public := s.Visibility == domain.Public && w.indexable[by] && (!w.silenced[by] || w.follows[pair{v, by}])
	switch q.Scope {
	case domain.SearchLibrary:
		public = false
	case domain.SearchPublic:
		library = false
	}
	ok := library || public
	for _, p := range q.Phrases {
		ok = ok && p.Not != hasPhrase(w.words[s.ID], p.What)
	}
	for _, a := range q.Authors {
		ok = ok && a.Not != (a.What == by)
	}
	for _, t := range q.Tags {
		ok = ok && t.Not != w.tagged[s.ID]
	}
	for _, l := range q.Languages {
		ok = ok && l.Not != (s.Language == l.What || strings.HasPrefix(s.Language, l.What+"-"))
	}
	for _, t := range q.Traits {
		ok = ok && t.Not != w.traits[s.ID][t.What]
	}
	return ok
}

func hasPhrase(words []string, p domain.Phrase) bool {
	n := len(p.Words)
	for i := 0; i+n <= len(words); i++ {
		last := words[i+n-1]
		if slices.Equal(words[i:i+n-1], p.Words[:n-1]) && (last == p.Words[n-1] || p.Open && strings.HasPrefix(last, p.Words[n-1])) {
			return true
		}
	}
	return false
}

// TestMigrationIndexesWhatIsThere opens a database whose posts are older than
// the index of words.
func TestMigrationIndexesWhatIsThere(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
		if o.PostgresURL == "" {
			o.Path = filepath.Join(t.TempDir(), "old.db")
		} else {
			o.PostgresURL = emptySchema(t, o)
		}
		o.MigrateTo = 3
		old := dbtest.Open(t, o)
		err := old.Write(bg, func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO accounts (id, username, username_key, created_at, updated_at) VALUES (1, 'a', 'a', 0, 0)`)
			if err != nil {
				return err
			}
			_, err = tx.Exec(`INSERT INTO statuses (id, account_id, local, visibility, conversation_id, created_at, words)
				VALUES (2, 1, TRUE, 0, 2, 0, 'an old post'), (3, 1, TRUE, 0, 3, 0, ''), (4, 1, TRUE, 0, 4, 0, 'another old one')`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		old.Close()
		o.MigrateTo = 0
		r := dbtest.Open(t, o).Reader()
		for typed, want := range map[string][]domain.ID{"old": {4, 2}, `"old post"`: {2}, "new": {}} {
			s := text.ParseSearch(typed, time.UTC)
			q := store.StatusSearch{Viewer: 1, Phrases: s.Phrases, Before: domain.MaxID, Limit: 9}
			if got, err := r.SearchStatuses(bg, q); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %v, %v, want %v", typed, got, err, want)
			}
		}
	})
}
