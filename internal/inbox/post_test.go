package inbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/inbox"
	"coterie/internal/job"
	"coterie/internal/store"
)

const public = "https://www.w3.org/ns/activitystreams#Public"

// note is a public post of a stranger.
func note(by, id string) doc {
	return doc{"id": id, "type": "Note", "attributedTo": by, "content": "<p>hi</p>", "to": []string{public}, "cc": []string{by + "/followers"}}
}

func create(n doc) doc {
	return doc{"id": n.id() + "/activity", "type": "Create", "object": n, "to": n["to"], "cc": n["cc"]}
}

func TestOnlyPostsThatConcernSomebodyAreKept(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		st, uri := h.post("bob")
		h.heard()
		id := far + "/p/"
		cases := []struct {
			name string
			n    doc
			kept bool
		}{
			{"to nobody here", note(far, id+"1"), false},
			{"mentions", note(far, id+"2").with(doc{"tag": []doc{{"type": "Mention", "href": h.uri("bob")}}}), true},
			{"addresses", note(far, id+"3").with(doc{"to": []string{h.uri("carol")}, "cc": []string{}}), true},
			{"answers", note(far, id+"4").with(doc{"inReplyTo": uri}), true},
			{"quotes", note(far, id+"5").with(doc{"quoteUrl": uri}), true},
			{"names nobody we know", note(far, id+"6").with(doc{"to": []string{h.urls.Base + "/users/nobody"}}), false},
		}
		for _, c := range cases {
			h.says(far, create(c.n))
			if got := h.mirrored(c.n.id()); (got.ID != 0) != c.kept {
				t.Errorf("%s: kept %v", c.name, got.ID != 0)
			}
		}
		if got := h.mirrored(id + "4"); got.InReplyTo != st.ID {
			t.Errorf("the answer answers %d", got.InReplyTo)
		}
		h.follow("bob", ann)
		h.says(far, create(note(far, id+"7")))
		if h.mirrored(id+"7").ID == 0 {
			t.Error("a post of somebody followed was not kept")
		}
		h.stranger(third)
		h.says(third, create(note(third, third+"/p/1").with(doc{"inReplyTo": id + "7"})))
		if h.mirrored(third+"/p/1").ID == 0 {
			t.Error("an answer to somebody followed was not kept")
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.follow("bob", ann)
		first := note(far, far+"/p/1").with(doc{"published": "2020-01-01T00:00:00Z"})
		h.says(far, doc{"id": far + "#up/1", "type": "Update", "object": first.with(doc{"content": "<p>new</p>", "updated": "2020-01-02T00:00:00Z"})})
		h.says(far, create(first))
		if got := h.mirrored(far + "/p/1"); got.Content != "<p>new</p>" {
			t.Errorf("an Update before its Create gives %q", got.Content)
		}
		h.says(far, doc{"id": far + "#d/1", "type": "Delete", "object": doc{"id": far + "/p/2", "type": "Tombstone"}})
		h.says(far, create(note(far, far+"/p/2")))
		if h.mirrored(far+"/p/2").ID != 0 {
			t.Error("SEC-10: a Create after its Delete was kept")
		}
	})
}

func TestSEC16_OnlyTheOwnerChangesAnything(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.stranger(other)
		h.stranger(third)
		h.follow("bob", ann)
		_, uri := h.post("bob")
		n := note(far, far+"/p/1")
		h.says(far, create(n))
		h.says(far, doc{"id": far + "#l/1", "type": "Like", "object": uri})
		h.says(far, doc{"id": far + "#a/1", "type": "Announce", "object": uri, "to": []string{public}})
		h.says(far, doc{"id": far + "#f/1", "type": "Follow", "object": h.uri("carol")})
		h.heard()
		for _, by := range []string{other, third} {
			x := by + "#x/"
			for i, a := range []doc{
				{"type": "Update", "object": n.with(doc{"content": "<p>bad</p>", "updated": "2099-01-01T00:00:00Z"})},
				{"type": "Update", "object": n.with(doc{"attributedTo": by, "content": "<p>bad</p>", "updated": "2099-01-01T00:00:00Z"})},
				{"type": "Update", "object": actor(far).with(doc{"name": "bad"})},
				{"type": "Delete", "object": n.id()},
				{"type": "Delete", "object": far},
				{"type": "Undo", "object": far + "#l/1"},
				{"type": "Undo", "object": doc{"id": far + "#l/1", "type": "Like", "actor": far, "object": uri}},
				{"type": "Undo", "object": doc{"id": far + "#l/1", "type": "Like", "actor": by, "object": uri}},
				{"type": "Undo", "object": far + "#a/1"},
				{"type": "Undo", "object": doc{"id": far + "#a/1", "type": "Announce", "actor": far, "object": uri}},
				{"type": "Undo", "object": doc{"id": far + "#f/1", "type": "Follow", "actor": far, "object": h.uri("carol")}},
				{"type": "Remove", "object": n.id(), "target": far + "/featured"},
				{"type": "Add", "object": n.id(), "target": far + "/featured"},
				{"type": "Move", "object": far, "target": by},
				{"type": "Block", "object": far},
			} {
				h.says(by, a.with(doc{"id": x + string(rune('a'+i))}))
			}
		}
		h.wantEvents("what others said")
		got := h.mirrored(n.id())
		if got.Content != "<p>hi</p>" || h.mirrored(far+"#a/1").ID == 0 {
			t.Errorf("a stranger changed something: %+v", got)
		}
		if a, err := h.st.Reader().AccountByURI(h.ctx, far); err != nil || a.DisplayName == "bad" || a.Suspended() {
			t.Errorf("a stranger changed the account: %+v, %v", a, err)
		}
		if _, err := h.st.Reader().FavouriteByURI(h.ctx, ann.ID, far+"#l/1"); err != nil {
			t.Errorf("a stranger took back a favourite: %v", err)
		}
		if pins, err := h.st.Reader().Pins(h.ctx, ann.ID); err != nil || len(pins) > 0 {
			t.Errorf("a stranger pinned: %v, %v", pins, err)
		}
	})
}

func TestLikesBoostsAndReactions(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		st, uri := h.post("bob")
		h.heard()
		h.says(far, doc{"id": far + "#l/1", "type": "EmojiReact", "content": "🔥", "object": uri})
		h.wantEvents("a reaction", domain.EventFavourited)
		if f, err := h.st.Reader().FavouriteByURI(h.ctx, ann.ID, far+"#l/1"); err != nil || f.Reaction != "🔥" || f.Status != st.ID {
			t.Errorf("the favourite is %+v, %v", f, err)
		}
		h.says(far, doc{"id": far + "#u/1", "type": "Undo", "object": doc{"id": far + "#l/9", "type": "Like", "object": uri}})
		h.wantEvents("an undo of another id", domain.EventUnfavourited)
		h.says(far, doc{"id": far + "#a/1", "type": "Announce", "object": uri, "to": []string{public}})
		h.wantEvents("a boost", domain.EventStatusCreated)
		h.says(far, doc{"id": far + "#u/2", "type": "Undo", "object": doc{"id": far + "#a/9", "type": "Announce", "object": uri}})
		h.wantEvents("its undo by what it boosts", domain.EventStatusDeleted)
		h.says(far, doc{"id": far + "#d/1", "type": "Dislike", "object": uri})
		h.wantEvents("a dislike")
		if h.outcome(inbox.Ignored) != 1 {
			t.Error("a dislike was not ignored")
		}
	})
}

func TestSEC22_Votes(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.stranger(far)
		for _, multiple := range []bool{false, true} {
			st, uri := h.post("bob", func(c *domain.Compose) {
				c.Poll = &domain.ComposePoll{Options: []string{"red", "blue"}, ExpiresIn: 3600, Multiple: multiple}
			})
			h.heard()
			vote := func(titles ...string) {
				var objects []doc
				for _, title := range titles {
					objects = append(objects, doc{
						"id": far + "#v/" + title, "type": "Note", "name": title, "inReplyTo": uri, "attributedTo": far, "to": h.uri("bob"),
					})
				}
				h.says(far, doc{"id": far + "#v/c", "type": "Create", "object": objects, "to": h.uri("bob")})
			}
			vote("green")
			vote("red")
			vote("red")
			vote("blue")
			vote("blue", "red")
			p, err := h.st.Reader().AnyPoll(h.ctx, st.Poll)
			h.must(err)
			want := []int64{1, 0}
			if multiple {
				want[1] = 1
			}
			if p.VotersCount != 1 || p.Options[0].Votes != want[0] || p.Options[1].Votes != want[1] {
				t.Errorf("multiple %v: %d voters, %+v", multiple, p.VotersCount, p.Options)
			}
			if n := h.mirrored(far + "#v/red"); n.ID != 0 {
				t.Error("a vote became a post")
			}
		}
	})
}

func TestSEC20_PinsOfTheOwnCollectionOnly(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.follow("bob", ann)
		n := note(far, far+"/p/1")
		h.says(far, create(n))
		h.says(far, doc{"type": "Add", "object": n.id(), "target": far + "/other"})
		h.says(far, doc{"type": "Add", "object": doc{"type": "Hashtag", "name": "#x", "href": far + "/t"}, "target": far + "/featured"})
		pins := func() int {
			list, err := h.st.Reader().Pins(h.ctx, ann.ID)
			h.must(err)
			return len(list)
		}
		if pins() != 0 {
			t.Error("pinned through another collection")
		}
		h.says(far, doc{"type": "Add", "object": n.id(), "target": far + "/featured"})
		h.says(far, doc{"type": "Add", "object": n.id(), "target": far + "/featured"})
		if pins() != 1 {
			t.Error("not pinned")
		}
		h.says(far, doc{"type": "Remove", "object": n.id(), "target": far + "/featured"})
		if pins() != 0 {
			t.Error("not taken down")
		}
	})
}

func TestFlags(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.stranger(far)
		st, uri := h.post("bob")
		h.heard()
		h.says(far, doc{"id": far + "#r/1", "type": "Flag", "content": "spam", "object": []string{uri, h.uri("bob")}})
		h.wantEvents("a report", domain.EventReported)
		r, err := h.st.Reader().ReportByURI(h.ctx, far+"#r/1")
		if err != nil || r.Target != h.id("bob") || r.Comment != "spam" || len(r.Statuses) != 1 || r.Statuses[0] != st.ID {
			t.Errorf("the report is %+v, %v", r, err)
		}
		h.says(far, doc{"id": far + "#r/2", "type": "Flag", "content": "Note: " + uri + "\n-----\nbad", "object": h.uri("bob")})
		r, err = h.st.Reader().ReportByURI(h.ctx, far+"#r/2")
		if err != nil || len(r.Statuses) != 1 {
			t.Errorf("a report that names a post in its text is %+v, %v", r, err)
		}
		h.heard()
		h.says(far, doc{"id": far + "#r/1", "type": "Flag", "content": "spam again", "object": h.uri("bob")})
		h.wantEvents("a report of the same id")
		if r, err = h.st.Reader().ReportByURI(h.ctx, far+"#r/1"); err != nil || r.Comment != "spam" {
			t.Errorf("the first report is %+v, %v", r, err)
		}
		h.stranger(third)
		h.says(third, doc{"id": far + "#r/3", "type": "Flag", "content": "mine", "object": h.uri("bob")})
		h.wantEvents("a report with an id of another host")
		if _, err = h.st.Reader().ReportByURI(h.ctx, far+"#r/3"); !domain.Is(err, domain.NotFound) {
			t.Errorf("that id is taken: %v", err)
		}
		h.must(h.rules.SetPolicy(h.ctx, domain.DomainPolicy{Domain: "far.test", Severity: domain.SeverityLimit, RejectReports: true}))
		h.says(far, doc{"id": far + "#r/4", "type": "Flag", "content": "spam", "object": h.uri("bob")})
		h.wantEvents("a report of a server whose reports are not taken")
	})
}

func TestAWholeAccountGoes(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.says(far, doc{"id": far + "#d/1", "type": "Delete", "object": far})
		h.wantEvents("a deletion", domain.EventAccountDeleted)
		if a, err := h.st.Reader().Account(h.ctx, ann.ID); err != nil || !a.Suspended() {
			t.Errorf("the account is %+v, %v", a, err)
		}
	})
}

// lateLetter has a letter of ann worked off by a worker whose lease is over: it
// is told so, and others have the job by now if lost.
func (h *house) lateLetter(ann domain.Account, body doc, lost bool) error {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		return tx.InsertLetter(&store.Letter{Activity: body.id(), Signer: ann.ID, Host: "far.test", Body: encode(body)})
	})
	late, next := job.NewRunner(h.st, job.Options{Lease: time.Nanosecond}), job.NewRunner(h.st, job.Options{})
	claimed := !lost
	next.Handle(domain.JobInbox, func(context.Context, *job.Job) error {
		claimed = true
		return errors.New("not now")
	}, job.HandlerOptions{})
	var result error
	late.Handle(domain.JobInbox, func(ctx context.Context, j *job.Job) error {
		for !claimed {
			h.clock.Add(time.Second)
			_, _ = next.Step(ctx)
		}
		result = h.inbox.Handle(ctx, j)
		return result
	}, job.HandlerOptions{})
	_, _ = late.Step(h.ctx)
	return result
}

// TestAPostAndTheEndOfItsLetterAreOneWrite: whoever lost the job of a letter
// has no effect; whoever has it needs one transaction for the post and the end.
func TestAPostAndTheEndOfItsLetterAreOneWrite(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.follow("bob", ann)
		first := create(note(far, far+"/p/1")).with(doc{"actor": far})
		if err := h.lateLetter(ann, first, true); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("the late one got %v", err)
		}
		if h.mirrored(far+"/p/1").ID != 0 {
			t.Error("a worker that had lost the job stored the post")
		}
		h.clock.Add(time.Hour)
		h.settle()
		if h.mirrored(far+"/p/1").ID == 0 {
			t.Error("the worker that has the job did not store the post")
		}
		h.wantEvents("the post", domain.EventStatusCreated)

		before, err := h.st.Stats(h.ctx)
		h.must(err)
		h.must(h.lateLetter(ann, create(note(far, far+"/p/2")).with(doc{"actor": far}), false))
		after, err := h.st.Stats(h.ctx)
		h.must(err)
		if h.mirrored(far+"/p/2").ID == 0 {
			t.Error("the second post was not stored")
		}
		// The letter, the start of the worker, two claims, of which the last finds
		// nothing, and the post.
		if n := after.Writes - before.Writes; h.st.Engine() == store.SQLite && n != 5 {
			t.Errorf("%d writes", n)
		}
	})
}
