package store_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
	"coterie/internal/text"
)

var searchPosts = flag.Int("search.posts", 20_000, "posts that BenchmarkSearch searches; docs/performance.md tells of 1000000")

// BenchmarkSearch finds a page of twenty, as somebody whose library is 5,000
// posts. Besides the mean it reports the 95th percentile.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range []struct {
		name string
		open func(testing.TB) store.Options
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			c := newCrowd(b, dbtest.Open(b, engine.open(b)))
			for _, q := range c.questions() {
				b.Run(q.name, func(b *testing.B) { c.ask(b, q.search) })
			}
		})
	}
}

// crowd is many people with many posts. Every tenth agreed to be found, and
// the words of the posts are as frequent as those of a language, by rank.
type crowd struct {
	st     *store.Store
	people []domain.ID
	viewer domain.ID
	writes domain.ID // writes a hundredth of all posts
}

const crowdPeople = 5000

func newCrowd(b *testing.B, st *store.Store) *crowd {
	b.Helper()
	c := &crowd{st: st}
	r := rand.New(rand.NewPCG(1, 2))
	began := time.Now()
	c.write(b, func(tx *store.Tx) error {
		for i := range crowdPeople {
			a := domain.Account{Username: fmt.Sprintf("p%d", i), Domain: "far.example", URI: fmt.Sprintf("https://far.example/%d", i), Indexable: i%10 == 0}
			if i < 2 {
				a.Domain, a.URI = "", ""
			}
			if err := tx.InsertAccount(&a); err != nil {
				return err
			}
			c.people = append(c.people, a.ID)
		}
		return nil
	})
	c.writes, c.viewer = c.people[0], c.people[1]
	zipf := rand.NewZipf(r, 1.05, 8, 50_000)
	start := st.Now().Add(-time.Duration(*searchPosts) * time.Minute)
	for n := 0; n < *searchPosts; {
		c.write(b, func(tx *store.Tx) error {
			var posts, marks rowsOf
			for range min(500, *searchPosts-n) {
				c.post(tx, r, zipf, start.Add(time.Duration(n)*time.Minute), n, &posts, &marks)
				n++
			}
			if err := posts.insert(tx, `statuses (id, account_id, uri, local, visibility, content, language, conversation_id, created_at, words)`); err != nil {
				return err
			}
			return marks.insert(tx, `bookmarks (id, account_id, status_id)`)
		})
	}
	if err := store.Settle(context.Background(), st); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d posts written in %s", *searchPosts, time.Since(began).Round(time.Second))
	return c
}

func (c *crowd) write(b *testing.B, f func(tx *store.Tx) error) {
	b.Helper()
	if err := c.st.Write(context.Background(), f); err != nil {
		b.Fatal(err)
	}
}

// rowsOf are rows to be inserted at once, which is several times as fast.
type rowsOf [][]any

func (rows rowsOf) insert(tx *store.Tx, into string) error {
	if len(rows) == 0 {
		return nil
	}
	var text strings.Builder
	var args []any
	for _, row := range rows {
		for _, v := range row {
			text.WriteString(", ")
			if len(args)%len(row) == 0 {
				text.WriteString("(")
			}
			args = append(args, v)
			fmt.Fprintf(&text, "$%d", len(args))
		}
		text.WriteString(")")
	}
	_, err := tx.Exec("INSERT INTO "+into+" VALUES "+text.String()[2:], args...)
	return err
}

// post is the post number n: some twenty words by rank, "common" in 30 %,
// "rare" in one of 50,000, and a part of them in Japanese.
func (c *crowd) post(tx *store.Tx, r *rand.Rand, zipf *rand.Zipf, at time.Time, n int, posts, marks *rowsOf) {
	id, author, language, visibility := tx.NewIDAt(at), c.people[r.IntN(len(c.people))], "en", domain.Public
	if n%100 == 0 {
		author = c.writes
	}
	if r.IntN(5) == 0 {
		visibility = domain.Unlisted
	}
	var said []string
	for range 10 + r.IntN(20) {
		said = append(said, fmt.Sprintf("w%d", zipf.Uint64()))
	}
	if r.IntN(10) < 3 {
		said[r.IntN(len(said))] = "common"
	}
	if n%50_000 == 77 {
		said[0] = "rare"
	}
	if r.IntN(20) == 0 {
		language, said = "ja", append(said[:3], japanese(r))
	}
	words := strings.Join(said, " ")
	*posts = append(*posts, []any{
		id, author, fmt.Sprintf("https://far.example/posts/%d", n), author == c.writes, visibility,
		"<p>" + words + "</p>", language, id, at, strings.Join(text.Words(words), " "),
	})
	if n%max(*searchPosts/5000, 1) == 0 {
		*marks = append(*marks, []any{tx.NewID(), c.viewer, id})
	}
}

// japanese is a run of thirty characters, some of them much more frequent.
func japanese(r *rand.Rand) string {
	out := make([]rune, 30)
	for i := range out {
		out[i] = rune(0x4E00 + r.IntN(1+r.IntN(800)))
	}
	return string(out)
}

type question struct {
	name   string
	search domain.Search
}

// questions are the fixed set of issue 4 and a few that are harder.
func (c *crowd) questions() []question {
	parse := func(name, typed string) question { return question{name, text.ParseSearch(typed, time.UTC)} }
	return []question{
		parse("rare", "rare"),
		parse("common", "common"),
		parse("phrase", `"w20 w30"`),
		parse("from", "from:p0"),
		parse("pair", "一丁"),
		parse("frequentPhrase", `"w0 w1"`),
		parse("fromCommon", "from:p0 common"),
		parse("fromRare", "from:p0 rare"),
		parse("libraryCommon", "in:library common"),
		parse("libraryMiddling", "in:library w100"),
		parse("character", "一"),
		parse("everything", "language:ja has:image"),
	}
}

func (c *crowd) ask(b *testing.B, s domain.Search) {
	q := store.StatusSearch{Viewer: c.viewer, Phrases: s.Phrases, Languages: s.Languages, Traits: s.Traits, Scope: s.Scope, Before: domain.MaxID, Limit: 20}
	if len(s.Authors) > 0 {
		q.Authors = []domain.Sought[domain.ID]{{What: c.writes}}
	}
	var took []time.Duration
	found := 0
	for b.Loop() {
		began := time.Now()
		ids, err := c.st.Reader().SearchStatuses(context.Background(), q)
		if err != nil {
			b.Fatal(err)
		}
		took, found = append(took, time.Since(began)), len(ids)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(found), "found")
}
