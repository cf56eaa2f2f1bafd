package remote_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

const farHost = "https://far.test"

// stranger is an account elsewhere that is known and fresh.
func (h *house) stranger(name string, more ...func(*domain.Account, *domain.Actor)) domain.Account {
	h.t.Helper()
	uri := farHost + "/users/" + name
	a := domain.Account{Username: name, Domain: "far.test", URI: uri, URL: farHost + "/@" + name}
	actor := domain.Actor{Host: "far.test", Inbox: uri + "/inbox", Followers: uri + "/followers", Following: uri + "/following"}
	for _, f := range more {
		f(&a, &actor)
	}
	a = h.account(a)
	actor.Account = a.ID
	h.write(func(tx *store.Tx) error { return tx.SaveActor(actor) })
	return a
}

// doc is JSON with the given members over those of a public post of ann.
type doc map[string]any

func (h *house) note(members doc) *apub.Note {
	h.t.Helper()
	d := doc{
		"@context": "https://www.w3.org/ns/activitystreams", "type": "Note", "id": farHost + "/p/1",
		"attributedTo": farHost + "/users/ann", "content": "<p>Hello</p>", "to": apub.Public, "cc": []string{farHost + "/users/ann/followers"},
		"published": "2026-03-01T11:59:00Z",
	}
	for k, v := range members {
		d[k] = v
	}
	n := h.parse(d).Note
	if n == nil {
		h.t.Fatalf("no post: %v", d)
	}
	return n
}

func (h *house) parse(d doc) *apub.Document {
	h.t.Helper()
	body, err := json.Marshal(d)
	if err != nil {
		h.t.Fatal(err)
	}
	parsed, err := apub.Parse(body)
	if err != nil {
		h.t.Fatalf("%v\n%s", err, body)
	}
	return parsed
}

func (h *house) accept(members doc) domain.Status {
	h.t.Helper()
	st, _, err := h.s.Accept(h.t.Context(), h.note(members))
	if err != nil {
		h.t.Fatal(err)
	}
	return h.look(st.ID)
}

func (h *house) look(id domain.ID) domain.Status {
	h.t.Helper()
	st, err := h.st.Reader().AnyStatus(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return st
}

// events are the kinds of the events not worked off yet, oldest first.
func (h *house) events() string {
	h.t.Helper()
	var kinds []string
	h.write(func(tx *store.Tx) error {
		kinds = nil
		list, err := tx.ClaimJobs("test", store.Quota{domain.JobFanout: 100}, 100, time.Minute)
		for _, j := range list {
			var e domain.Event
			if err := json.Unmarshal([]byte(j.Payload), &e); err != nil {
				return err
			}
			kinds = append(kinds, string(e.Kind))
			if err := tx.FinishJob(j.ID, j.Token); err != nil {
				return err
			}
		}
		return err
	})
	return strings.Join(kinds, " ")
}

func TestAcceptKeepsEverything(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ann := h.stranger("ann")
		bob := h.stranger("bob")
		alice := h.account(domain.Account{Username: "alice"})
		at := h.clock.Now().Add(-time.Hour)
		st := h.accept(doc{
			"published": at.Format(time.RFC3339), "url": farHost + "/@ann/1", "summary": "careful", "contentMap": doc{"de": "<p>Hallo</p>"},
			"content": `<p>Hallo <script>x()</script><a href="https://coterie.test/@alice" class="mention">@alice</a> <a href="javascript:x">y</a></p>`,
			"to":      []string{apub.Public}, "cc": []string{bob.URI, ours.ActorURI(&alice)},
			"tag": []doc{
				{"type": "Mention", "href": bob.URI, "name": "@bob@far.test"},
				{"type": "Hashtag", "name": "#CoffeeTime", "href": farHost + "/tags/coffeetime"},
				{"type": "Emoji", "name": ":blob:", "icon": doc{"type": "Image", "url": farHost + "/blob.png"}},
			},
			"attachment": []doc{{"type": "Document", "mediaType": "image/png", "url": "https://media.test/a.png", "name": "alt", "width": 4, "height": 2, "focalPoint": []float64{0.5, -0.5}}},
			"replies":    farHost + "/p/1/replies", "likes": doc{"type": "Collection", "totalItems": 7}, "shares": doc{"type": "Collection", "totalItems": 3},
		})
		if st.URI != farHost+"/p/1" || st.URL != farHost+"/@ann/1" || st.Account != ann.ID || st.Local || st.Visibility != domain.Public {
			t.Errorf("%+v", st)
		}
		if !st.CreatedAt.Equal(at) || !st.ID.Time().Equal(at) {
			t.Errorf("made at %s, id of %s", st.CreatedAt, st.ID.Time())
		}
		if st.Spoiler != "careful" || !st.Sensitive || st.Language != "de" || strings.Contains(st.Content, "script") || strings.Contains(st.Content, "javascript") {
			t.Errorf("%+v", st)
		}
		if st.FavouritesCount != 7 || st.ReblogsCount != 3 || st.QuotePolicy != domain.QuoteNobody {
			t.Errorf("%+v", st)
		}
		r, ctx, ids := h.st.Reader(), t.Context(), []domain.ID{st.ID}
		mentions, err := r.Mentions(ctx, ids)
		if err != nil || len(mentions) != 2 || mentions[0].Account != bob.ID || mentions[0].Silent {
			t.Fatalf("%+v %v", mentions, err)
		}
		media, err := r.Attachments(ctx, ids)
		if err != nil || len(media) != 1 || media[0].Kind != domain.AttachmentImage || media[0].Description != "alt" || media[0].Focus.X != 0.5 {
			t.Fatalf("%+v %v", media, err)
		}
		emojis, err := r.Emojis(ctx, []string{"far.test"}, []string{"blob"})
		if err != nil || len(emojis) != 1 {
			t.Fatalf("%+v %v", emojis, err)
		}
		tags, err := r.StatusTags(ctx, ids)
		if err != nil || len(tags) != 1 || tags[0].Tag.Name != "coffeetime" || tags[0].Tag.Display != "CoffeeTime" {
			t.Fatalf("%+v %v", tags, err)
		}
		object, err := r.RemoteObject(ctx, st.ID)
		if err != nil || object.Replies != farHost+"/p/1/replies" || len(object.JSON) == 0 {
			t.Fatalf("%+v %v", object, err)
		}
		if a, err := r.Account(ctx, ann.ID); err != nil || a.StatusesCount != 1 || !a.LastStatusAt.Equal(at) {
			t.Errorf("%+v %v", a, err)
		}
		if got := h.events(); got != "status.created" {
			t.Errorf("events %q", got)
		}
	})
}

func TestAcceptReadsAddressing(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		alice := h.account(domain.Account{Username: "alice"})
		uri := ours.ActorURI(&alice)
		mention := doc{"type": "Mention", "href": uri, "name": "@alice@coterie.test"}
		for name, c := range map[string]struct {
			to, cc          []string
			tag             any
			want            domain.Visibility
			mention, silent int
		}{
			"public":           {to: []string{"as:Public"}, want: domain.Public},
			"unlisted":         {cc: []string{"Public"}, want: domain.Unlisted},
			"private":          {to: []string{farHost + "/users/ann/followers"}, want: domain.Private},
			"followers in cc":  {cc: []string{farHost + "/users/ann/followers"}, want: domain.Direct},
			"direct":           {to: []string{uri}, tag: mention, want: domain.Direct, mention: 1},
			"limited":          {to: []string{uri}, want: domain.Direct, silent: 1},
			"tag only":         {to: []string{apub.Public}, tag: mention, want: domain.Public},
			"addressed to ann": {to: []string{farHost + "/users/ann/followers"}, cc: []string{uri}, want: domain.Private, silent: 1},
		} {
			st := h.accept(doc{"id": farHost + "/p/" + strings.ReplaceAll(name, " ", "-"), "to": c.to, "cc": c.cc, "tag": c.tag})
			list, err := h.st.Reader().Mentions(t.Context(), []domain.ID{st.ID})
			if err != nil {
				t.Fatal(err)
			}
			named, silent := 0, 0
			for _, m := range list {
				if m.Silent {
					silent++
				} else {
					named++
				}
			}
			if st.Visibility != c.want || named != c.mention || silent != c.silent {
				t.Errorf("%s: %s with %d mentions and %d silent ones", name, st.Visibility, named, silent)
			}
		}
	})
}

func TestAcceptTwiceIsOneRow(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ann := h.stranger("ann")
		n := h.note(nil)
		var wg sync.WaitGroup
		ids := make([]domain.ID, 8)
		for i := range ids {
			wg.Go(func() {
				st, _, err := h.s.Accept(t.Context(), n)
				if err != nil {
					t.Error(err)
				}
				ids[i] = st.ID
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("several rows: %v", ids)
			}
		}
		if a, err := h.st.Reader().Account(t.Context(), ann.ID); err != nil || a.StatusesCount != 1 {
			t.Errorf("%d posts, %v", a.StatusesCount, err)
		}
		if got := h.events(); got != "status.created" {
			t.Errorf("events %q", got)
		}
	})
}

func TestRepliesThatCameFirstAreAttached(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ann := h.stranger("ann")
		child := h.accept(doc{"id": farHost + "/p/3", "inReplyTo": farHost + "/p/2"})
		grand := h.accept(doc{"id": farHost + "/p/4", "inReplyTo": farHost + "/p/3"})
		if child.InReplyToURI != farHost+"/p/2" || !child.Reply() || grand.InReplyTo != child.ID || grand.Conversation != child.ID {
			t.Fatalf("%+v\n%+v", child, grand)
		}
		h.events()
		root := h.accept(doc{"id": farHost + "/p/1", "published": h.clock.Now().Add(-2 * time.Hour).Format(time.RFC3339)})
		parent := h.accept(doc{"id": farHost + "/p/2", "inReplyTo": farHost + "/p/1", "published": h.clock.Now().Add(-time.Hour).Format(time.RFC3339)})
		child, grand = h.look(child.ID), h.look(grand.ID)
		if child.InReplyTo != parent.ID || child.InReplyToURI != "" || child.InReplyToAccount != ann.ID {
			t.Errorf("%+v", child)
		}
		for _, st := range []domain.Status{parent, child, grand} {
			if st.Conversation != root.ID {
				t.Errorf("%s is in conversation %s, not %s", st.URI, st.Conversation, root.ID)
			}
		}
		if parent.RepliesCount != 1 || h.look(root.ID).RepliesCount != 1 || child.RepliesCount != 1 {
			t.Errorf("replies %d, %d, %d", h.look(root.ID).RepliesCount, parent.RepliesCount, child.RepliesCount)
		}
		if got := h.events(); got != "status.created status.refreshed status.created" {
			t.Errorf("events %q", got)
		}
	})
}

func TestOldPostsTellNobody(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		h.accept(doc{"published": h.clock.Now().Add(-90 * 24 * time.Hour).Format(time.RFC3339)})
		future := h.accept(doc{"id": farHost + "/p/2", "published": h.clock.Now().Add(time.Hour).Format(time.RFC3339)})
		if !future.CreatedAt.Equal(h.clock.Now()) {
			t.Errorf("made at %s", future.CreatedAt)
		}
		if got := h.events(); got != "status.refreshed status.created" {
			t.Errorf("events %q", got)
		}
	})
}

func TestAcceptLeavesOutRejectedMedia(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		h.policies["media.test"] = domain.DomainPolicy{RejectMedia: true}
		picture := func(url string) doc { return doc{"type": "Image", "mediaType": "image/png", "url": url} }
		emoji := func(name, url string) doc { return doc{"type": "Emoji", "name": name, "icon": picture(url)} }
		st := h.accept(doc{
			"attachment": []doc{picture("https://media.test/a.png"), picture(farHost + "/b.png")},
			"content":    ":here: :there:", "tag": []doc{emoji(":here:", farHost+"/e.png"), emoji(":there:", "https://media.test/e.png")},
		})
		names := func() (out []string) {
			t.Helper()
			found, err := h.st.Reader().Emojis(t.Context(), []string{"far.test"}, []string{"here", "there"})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range found {
				out = append(out, e.Shortcode)
			}
			return out
		}
		if got := names(); len(got) != 1 || got[0] != "here" {
			t.Errorf("the emoji are %v", got)
		}
		list, err := h.st.Reader().Attachments(t.Context(), []domain.ID{st.ID})
		if err != nil || len(list) != 1 || list[0].RemoteURL != farHost+"/b.png" {
			t.Errorf("%+v %v", list, err)
		}
		h.policies["far.test"] = domain.DomainPolicy{RejectMedia: true}
		st = h.accept(doc{"id": farHost + "/p/2", "attachment": []doc{picture("https://other.test/a.png")}})
		if list, err := h.st.Reader().Attachments(t.Context(), []domain.ID{st.ID}); err != nil || len(list) != 0 {
			t.Errorf("%+v %v", list, err)
		}
	})
}
