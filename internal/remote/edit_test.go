package remote_test

import (
	"testing"
	"time"

	"coterie/internal/domain"
)

func (h *house) edit(members doc) {
	h.t.Helper()
	if err := h.s.Edit(h.t.Context(), h.note(members)); err != nil {
		h.t.Fatal(err)
	}
}

func TestEditKeepsHistory(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		bob := h.stranger("bob")
		st := h.accept(doc{"cc": []string{bob.URI}, "tag": doc{"type": "Mention", "href": bob.URI, "name": "@bob@far.test"}})
		h.events()
		first, second := h.clock.Now().Add(time.Minute), h.clock.Now().Add(2*time.Minute)
		h.clock.Add(time.Hour)
		h.edit(doc{"content": "<p>Two</p>", "updated": first.Format(time.RFC3339)})
		h.edit(doc{"content": "<p>Three</p>", "summary": "cw", "updated": second.Format(time.RFC3339), "tag": doc{"type": "Hashtag", "name": "#Tea"}})
		h.edit(doc{"content": "<p>Two</p>", "updated": first.Format(time.RFC3339)})    // late
		h.edit(doc{"content": "<p>Hello</p>"})                                         // older still
		h.edit(doc{"content": "<p>Three</p>", "updated": second.Format(time.RFC3339)}) // again
		now := h.look(st.ID)
		if now.Content != "<p>Three</p>" || now.Spoiler != "cw" || !now.Sensitive || !now.EditedAt.Equal(second) {
			t.Errorf("%+v", now)
		}
		edits, err := h.st.Reader().Edits(t.Context(), st.ID)
		if err != nil || len(edits) != 3 {
			t.Fatalf("%+v %v", edits, err)
		}
		for i, want := range []string{"<p>Hello</p>", "<p>Two</p>", "<p>Three</p>"} {
			if edits[i].Content != want {
				t.Errorf("revision %d is %q", i, edits[i].Content)
			}
		}
		mentions, err := h.st.Reader().Mentions(t.Context(), []domain.ID{st.ID})
		if err != nil || len(mentions) != 1 || !mentions[0].Silent {
			t.Errorf("%+v %v", mentions, err)
		}
		if got := h.events(); got != "status.edited status.edited" {
			t.Errorf("events %q", got)
		}
	})
}

func question(votes ...int) doc {
	names := []string{"tea", "coffee"}
	var options []doc
	total := 0
	for i, n := range votes {
		options = append(options, doc{"type": "Note", "name": names[i], "replies": doc{"type": "Collection", "totalItems": n}})
		total += n
	}
	return doc{"type": "Question", "oneOf": options, "votersCount": total, "endTime": "2026-03-02T12:00:00Z"}
}

func TestPollTalliesAreNotEdits(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		st := h.accept(question(1, 2))
		p, err := h.st.Reader().AnyPoll(t.Context(), st.Poll)
		if err != nil || p.VotesCount != 3 || p.VotersCount != 3 || p.Options[1].Votes != 2 || p.ExpiresAt.IsZero() {
			t.Fatalf("%+v %v", p, err)
		}
		h.events()
		h.edit(question(4, 5))
		if p, err = h.st.Reader().AnyPoll(t.Context(), st.Poll); err != nil || p.VotesCount != 9 || p.Options[0].Votes != 4 {
			t.Errorf("%+v %v", p, err)
		}
		now := h.look(st.ID)
		if !now.EditedAt.IsZero() || now.Rev == st.Rev {
			t.Errorf("%+v", now)
		}
		h.edit(question(4, 5)) // nothing new
		if got := h.events(); got != "status.refreshed" {
			t.Errorf("events %q", got)
		}
	})
}

func TestSEC22PollOptionsChangeByEditOnly(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		st := h.accept(question(1, 2))
		changed := question(9)
		h.edit(changed)
		p, err := h.st.Reader().AnyPoll(t.Context(), st.Poll)
		if err != nil || len(p.Options) != 2 || p.VotesCount != 3 {
			t.Fatalf("%+v %v", p, err)
		}
		h.clock.Add(time.Hour)
		changed["updated"] = h.clock.Now().Format(time.RFC3339)
		h.edit(changed)
		if p, err = h.st.Reader().AnyPoll(t.Context(), st.Poll); err != nil || len(p.Options) != 1 || p.VotesCount != 9 {
			t.Fatalf("%+v %v", p, err)
		}
		edits, err := h.st.Reader().Edits(t.Context(), st.ID)
		if err != nil || len(edits) != 2 || len(edits[0].PollOptions) != 2 || len(edits[1].PollOptions) != 1 {
			t.Errorf("%+v %v", edits, err)
		}
	})
}

func TestPollsWithoutEndOrVoters(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		endless := question(1, 1)
		endless["endTime"], endless["votersCount"] = nil, nil
		endless["anyOf"], endless["oneOf"] = endless["oneOf"], nil
		st := h.accept(endless)
		p, err := h.st.Reader().AnyPoll(t.Context(), st.Poll)
		if err != nil || !p.ExpiresAt.IsZero() || p.VotersCount != -1 || p.VotesCount != 2 || !p.Multiple {
			t.Errorf("%+v %v", p, err)
		}
		closed := question(1, 1)
		closed["id"], closed["endTime"], closed["closed"] = farHost+"/p/2", nil, true
		st = h.accept(closed)
		if p, err = h.st.Reader().AnyPoll(t.Context(), st.Poll); err != nil || !p.Expired(h.clock.Now()) {
			t.Errorf("%+v %v", p, err)
		}
	})
}
