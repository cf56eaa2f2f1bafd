package post_test

import (
	"slices"
	"testing"
	"time"

	"coterie/internal/domain"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.post("alice", "hello @bob #one", func(c *domain.Compose) { c.Language = "en" })
		w.events()
		w.must(w.Edit(w.ctx, w.id("alice"), s.ID, domain.Compose{Text: "hello @bob #one"}))
		if e, err := w.r.Edits(w.ctx, s.ID); err != nil || len(e) != 0 || !w.status(s.ID).EditedAt.IsZero() || len(w.events()) != 0 {
			w.t.Errorf("an edit that changes nothing left %d revisions, %v", len(e), err)
		}
		w.clock.Add(time.Minute)
		w.must(w.Edit(w.ctx, w.id("alice"), s.ID, domain.Compose{Text: "hello @carol #two", Spoiler: "cw"}))
		w.clock.Add(time.Minute)
		w.must(w.Edit(w.ctx, w.id("alice"), s.ID, domain.Compose{Text: "bye", Language: "de"}))
		edits, err := w.r.Edits(w.ctx, s.ID)
		w.must(err)
		var texts []string
		for _, e := range edits {
			texts = append(texts, e.Text)
		}
		if !slices.Equal(texts, []string{"hello @bob #one", "hello @carol #two", "bye"}) {
			w.t.Errorf("revisions are %q", texts)
		}
		if !edits[0].CreatedAt.Equal(s.CreatedAt) || !edits[2].CreatedAt.Equal(w.st.Now()) || !edits[1].Sensitive || edits[2].Sensitive {
			w.t.Errorf("revisions are %+v", edits)
		}
		now := w.status(s.ID)
		if now.Text != "bye" || now.Spoiler != "" || now.Language != "de" || !now.EditedAt.Equal(w.st.Now()) || now.Rev <= s.Rev {
			w.t.Errorf("it is now %+v", now)
		}
		mentions, err := w.r.Mentions(w.ctx, []domain.ID{s.ID})
		w.must(err)
		for _, m := range mentions {
			if !m.Silent {
				w.t.Errorf("it still names %d", m.Account)
			}
		}
		if len(mentions) != 2 {
			w.t.Errorf("%d people keep access, want the 2 once mentioned", len(mentions))
		}
		if tags, err := w.r.StatusTags(w.ctx, []domain.ID{s.ID}); err != nil || len(tags) != 0 {
			w.t.Errorf("tags left: %v, %v", tags, err)
		}
		if got := w.events(); !slices.Equal(got, []domain.EventKind{domain.EventStatusEdited, domain.EventStatusEdited}) {
			w.t.Errorf("events are %v", got)
		}
	})
}

func TestEditRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.post("alice", "mine")
		boost, err := w.Reblog(w.ctx, w.id("alice"), s.ID, nil, 0)
		w.must(err)
		fails(w.t, "somebody else's", w.Edit(w.ctx, w.id("bob"), s.ID, domain.Compose{Text: "x"}), domain.NotFound, "")
		fails(w.t, "a boost", w.Edit(w.ctx, w.id("alice"), boost, domain.Compose{Text: "x"}), domain.NotFound, "")
		fails(w.t, "no text", w.Edit(w.ctx, w.id("alice"), s.ID, domain.Compose{}), domain.Invalid, "blank")
		fails(w.t, "a bad poll", w.Edit(w.ctx, w.id("alice"), s.ID, domain.Compose{
			Text: "x", Poll: &domain.ComposePoll{Options: []string{"a"}, ExpiresIn: 300},
		}), domain.Invalid, "more than one")
		if got := w.status(s.ID); got.Text != "mine" || !got.EditedAt.IsZero() {
			w.t.Errorf("it is now %+v", got)
		}
		race(w, 8, func(i int) error {
			return w.Edit(w.ctx, w.ids["alice"], s.ID, domain.Compose{Text: string(rune('a' + i))})
		})
		edits, err := w.r.Edits(w.ctx, s.ID)
		w.must(err)
		if len(edits) != 9 || edits[0].Text != "mine" {
			w.t.Errorf("eight edits at once left %d revisions, the first %q", len(edits), edits[0].Text)
		}
	})
}

func TestEditPoll(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.post("alice", "which?", poll(600, "a", "b"))
		w.must(w.Vote(w.ctx, w.id("bob"), s.Poll, []int{1}))
		edit := func(change ...func(*domain.Compose)) domain.Poll {
			w.t.Helper()
			c := domain.Compose{Text: "which?"}
			for _, f := range change {
				f(&c)
			}
			w.must(w.Edit(w.ctx, w.id("alice"), s.ID, c))
			p, err := w.r.AnyPoll(w.ctx, s.Poll)
			if domain.Is(err, domain.NotFound) {
				return domain.Poll{}
			}
			w.must(err)
			return p
		}
		w.clock.Add(time.Minute)
		if p := edit(poll(600, "a", "b")); p.VotesCount != 1 || !p.ExpiresAt.Equal(w.st.Now().Add(10*time.Minute)) {
			w.t.Errorf("with the same options it became %+v", p)
		}
		if p := edit(poll(600, "a", "c")); p.VotesCount != 0 || p.VotersCount != 0 || p.Options[1].Title != "c" || p.Options[1].Votes != 0 {
			w.t.Errorf("with other options it became %+v", p)
		}
		w.must(w.Vote(w.ctx, w.id("bob"), s.Poll, []int{0}))
		w.events()
		w.clock.Add(9*time.Minute + 59*time.Second)
		w.settle()
		if got := w.events(); len(got) != 0 {
			w.t.Errorf("the end was announced by the first clock: %v", got)
		}
		w.clock.Add(time.Second)
		w.settle()
		if got := w.events(); !slices.Equal(got, []domain.EventKind{domain.EventPollEnded}) {
			w.t.Errorf("at the end: %v", got)
		}
		if p := edit(); p.ID != 0 || w.status(s.ID).Poll != 0 {
			w.t.Errorf("without a poll it kept %+v", p)
		}
		edits, err := w.r.Edits(w.ctx, s.ID)
		w.must(err)
		if len(edits) != 4 || !slices.Equal(edits[2].PollOptions, []string{"a", "c"}) || len(edits[3].PollOptions) != 0 {
			w.t.Errorf("revisions are %+v", edits)
		}
	})
}
