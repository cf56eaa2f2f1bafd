package post_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"coterie/internal/domain"
)

func TestSEC22_VotesThatDoNotCount(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		one := w.post("alice", "one?", poll(300, "a", "b", "c"))
		many := w.post("alice", "many?", poll(300, "a", "b", "c"), func(c *domain.Compose) { c.Poll.Multiple = true })
		hidden := w.post("alice", "hidden?", poll(300, "a", "b"), with(domain.Private))
		tests := []struct {
			name    string
			voter   string
			poll    domain.ID
			choices []int
			kind    domain.Kind
			part    string
		}{
			{"own poll", "alice", one.Poll, []int{0}, domain.Invalid, "your own polls"},
			{"nothing", "bob", one.Poll, nil, domain.Invalid, "does not exist"},
			{"negative", "bob", one.Poll, []int{-1}, domain.Invalid, "does not exist"},
			{"too high", "bob", one.Poll, []int{3}, domain.Invalid, "does not exist"},
			{"one good, one bad", "bob", many.Poll, []int{0, 3}, domain.Invalid, "does not exist"},
			{"two of one", "bob", one.Poll, []int{0, 1}, domain.Invalid, "does not exist"},
			{"hidden", "bob", hidden.Poll, []int{0}, domain.NotFound, ""},
			{"no poll", "bob", 4711, []int{0}, domain.NotFound, ""},
		}
		for _, tt := range tests {
			fails(w.t, tt.name, w.Vote(w.ctx, w.id(tt.voter), tt.poll, tt.choices), tt.kind, tt.part)
		}
		w.must(w.Vote(w.ctx, w.id("bob"), many.Poll, []int{2, 0, 2}))
		fails(w.t, "a second vote", w.Vote(w.ctx, w.id("bob"), many.Poll, []int{1}), domain.Invalid, "already voted")
		w.must(w.Vote(w.ctx, w.id("carol"), many.Poll, []int{2}))
		w.must(w.Vote(w.ctx, w.id("carol"), one.Poll, []int{1}))
		w.clock.Add(5 * time.Minute)
		fails(w.t, "too late", w.Vote(w.ctx, w.id("bob"), one.Poll, []int{1}), domain.Invalid, "already ended")
		tally(w, one.Poll, 1, 0, 1, 0)
		tally(w, many.Poll, 2, 1, 0, 2)
		tally(w, hidden.Poll, 0, 0, 0)
	})
}

func tally(w *world, id domain.ID, voters int64, votes ...int64) {
	w.t.Helper()
	p, err := w.r.AnyPoll(w.ctx, id)
	w.must(err)
	var got []int64
	sum := int64(0)
	for i, o := range p.Options {
		got = append(got, o.Votes)
		sum += votes[i]
	}
	if !slices.Equal(got, votes) || p.VotersCount != voters || p.VotesCount != sum {
		w.t.Errorf("the poll has %v (%d votes) of %d voters, want %v of %d", got, p.VotesCount, p.VotersCount, votes, voters)
	}
}

func TestSEC22_RacingVotes(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.post("alice", "which?", poll(300, "a", "b"), func(c *domain.Compose) { c.Poll.Multiple = true })
		const voters = 10
		for i := range voters {
			w.join(fmt.Sprintf("voter%d", i), func(*domain.Account, *domain.User) {})
		}
		race(w, 3*voters, func(i int) error {
			err := w.Vote(w.ctx, w.ids[fmt.Sprintf("voter%d", i%voters)], s.Poll, []int{0, 1})
			if domain.Is(err, domain.Invalid) {
				err = nil // the second and the third of each
			}
			return err
		})
		tally(w, s.Poll, voters, voters, voters)
	})
}

func TestPollEndsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.post("alice", "which?", poll(300, "a", "b"))
		gone := w.post("alice", "gone", poll(300, "a", "b"))
		w.must(w.Delete(w.ctx, w.id("alice"), gone.ID))
		w.events()
		w.settle()
		if got := w.events(); len(got) != 0 {
			w.t.Errorf("before the end: %v", got)
		}
		w.clock.Add(5 * time.Minute)
		w.settle()
		w.settle()
		if got := w.events(); !slices.Equal(got, []domain.EventKind{domain.EventPollEnded}) {
			w.t.Errorf("after the end: %v", got)
		}
	})
}
